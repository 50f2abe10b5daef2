"""Reads, validates and migrates the files of a project: YAML, packages, connections and id rules.

``load`` returns a ``ProjectSpec`` or every error in all files at once. Nothing here knows SQL or opens a database.
"""
