"""Incremental runs: extend the published graph.

Reads the days that changed, finds the profiles that they affect, re-solves these, and writes a new version of the
graph. The result equals a full rebuild.
"""
