"""The id graph of an entity.

Reads ids from edge sources, applies id filters and edge constraints, finds connected components, and assigns main ids.
Builds a graph from all rows, or extends the published one by the days that changed. Publishes nothing.
"""
