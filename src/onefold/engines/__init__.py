"""Engines run statements and hand back rows. The only package that imports database drivers, and lazily."""
