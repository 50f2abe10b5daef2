"""State between runs, in tables of the output schema.

Holds the registry of runs and materials, the publications of id graphs, and the pointer and lease that let one writer
publish at a time. Two records of each publication make damage visible.
"""
