"""Database engines: they run SQL statements and return Arrow tables.

``base`` defines the interface, ``duckdb`` implements it. The only package that imports database drivers, which it does
lazily.
"""
