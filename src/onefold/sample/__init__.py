"""A simulated shop: people, their purchases and log-ins, and the true owner of each id.

Takes a number of people and a seed; writes Parquet files in the layout of the e-commerce project, and the truth
separately. Reads no clock, network or project.
"""
