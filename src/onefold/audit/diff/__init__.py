"""Comparison of two runs: which profiles and features changed, and which edges caused it."""
