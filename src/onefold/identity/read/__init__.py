"""Read edge sources into distinct ids and edge evidence, in the memory of the client.

Numbers the ids, aggregates the rows by pair of ids, edge source and day, and computes a digest of each day.
"""
