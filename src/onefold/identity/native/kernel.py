"""Run a function over edges in the interpreter or compiled by numba, depending on the amount of work.

Takes a function over columns, its numba signature, and the columns. Returns the function to call, and the columns in
the form that it needs: lists for the interpreter, which indexes them several times as fast as numpy arrays, and arrays
for compiled code. numba is imported only when a kernel is compiled, because the import takes longer than stitching a
small shop.

A kernel gets edges in batches, so that Ctrl-C takes effect between two of them. Compiled kernels release the
interpreter lock, so that the progress display keeps running.
"""

from __future__ import annotations

import functools
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Integers = NDArray[np.integer[Any]]
"""A column of integers of any width."""

UNKNOWN = int(np.iinfo(np.int64).max)
"""Stands for a missing time, in microseconds. Sorts after every known time, as nulls must."""

MOST_NODES = (1 << 32) - 1
"""Nodes have 32-bit numbers: 4 bytes per node in the union-find, up to 4 billion ids, and a number for no node."""

NO_NODE = MOST_NODES
"""The node number of a row without an id: null, or the empty text."""

BATCH_ROWS = 1 << 17
BATCH_BYTES = 1 << 26
"""Rows and bytes of text per batch of a table of texts; a longer text is a batch of its own."""

COMPILED_FROM = 1_000_000
"""Nodes plus edges from which compiling pays: the interpreter needs about as long for a million as numba needs to
import and to load its cached code. ``benchmarks/kernel.py`` measures both."""

LOADED_FROM = 20_000
"""The same once a kernel was compiled in this process, because numba is imported and other kernels load quickly."""

BATCH = 1 << 21
"""Edges per call of a kernel: a fraction of a second, even if each edge misses the processor caches."""


@dataclass(frozen=True)
class Mode:
    """How kernels run.

    Attributes:
        is_compiled: Whether numba compiles them; otherwise the interpreter runs them.
    """

    is_compiled: bool

    def load(self, function: Callable[..., Any], signature: str) -> Callable[..., Any]:
        """The function to call with columns of this mode; ``signature`` is for numba."""
        return _compile(function, signature) if self.is_compiled else function

    def column(self, values: NDArray[Any], dtype: type[np.generic]) -> Any:
        """A copy of ``values`` that a kernel of this mode can read and write.

        It is a copy because arrays from Arrow are read-only, which is another type in numba.
        """
        copy = np.array(values, dtype=dtype)
        return copy if self.is_compiled else copy.tolist()


def choose_mode(work: int, compiled: bool | None = None) -> Mode:  # noqa: FBT001
    """The faster mode for ``work`` nodes plus edges, unless ``compiled`` decides."""
    pays_from = LOADED_FROM if _compile.cache_info().currsize else COMPILED_FROM
    return Mode(work >= pays_from if compiled is None else compiled)


def batches(count: int) -> Iterator[slice]:
    """Slices of at most `BATCH` that cover ``count`` edges.

    >>> list(batches(3))
    [slice(0, 2097152, None)]
    """
    return (slice(start, start + BATCH) for start in range(0, count, BATCH))


def check_ends(nodes: int, left: Integers, right: Integers) -> None:
    """Raise an error for invalid edges, because compiled code checks no bounds.

    Raises:
        ValueError: If there are more nodes than 32 bits can number, the columns have different lengths, or an end is
            outside 0..nodes-1.
    """
    if not 0 <= nodes <= MOST_NODES:
        raise ValueError(f"{nodes} nodes cannot be numbered in 32 bits")
    if left.shape != right.shape:
        raise ValueError(f"{left.size} left ends but {right.size} right ends")
    for ends in (left, right):
        if ends.size and not 0 <= int(ends.min()) <= int(ends.max()) < nodes:
            raise ValueError(f"an edge ends outside the nodes 0..{nodes - 1}")


@functools.cache
def _compile(function: Callable[..., Any], signature: str) -> Callable[..., Any]:
    import numba  # noqa: PLC0415  # see the module's first paragraph

    kernel: Callable[..., Any]
    try:
        kernel = numba.njit(signature, cache=True, nogil=True)(function)
    except (RuntimeError, OSError, EOFError, pickle.UnpicklingError):
        # The cache folder is not writable, the disk is full, or a cached file is damaged.
        kernel = numba.njit(signature, nogil=True)(function)
    return kernel
