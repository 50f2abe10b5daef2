"""Algorithms on a graph of numbered nodes. They know nothing of engines or projects."""
