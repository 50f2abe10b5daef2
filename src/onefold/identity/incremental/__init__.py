"""Incremental runs: find what changed, re-solve the profiles that it affects, write another version of the graph."""
