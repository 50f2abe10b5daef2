"""Rules that exclude ids and edges: id filters, placeholder ids, ``maximum_edges`` and the table of id rules.

Takes the ids and edges of the sources. Returns those that are kept, and the excluded ones for the quarantine.
"""
