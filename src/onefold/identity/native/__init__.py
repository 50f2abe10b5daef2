"""Compiled kernels of the text strategy: string codec, hash tables, SHA-1."""
