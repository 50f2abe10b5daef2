"""Incremental runs: build on the published graph by the days that changed and the profiles that they affect."""
