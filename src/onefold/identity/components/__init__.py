"""Graph algorithms over numbered nodes, without engines or projects.

Connected components, ``valid_at``, shortest paths, articulation points, bridges and threshold sweeps.
"""
