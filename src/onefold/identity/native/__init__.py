"""Compiled kernels for large graphs: string codec, hash tables, SHA-1.

Most modules import numba, so they are imported only when the amount of work pays for it (``kernel.choose_mode``).
"""
