"""Run one plain function over edges, as ordinary Python or compiled by numba, by the amount of work.

In: a function over columns, its numba signature, and the columns. Out: the function ready to call, and the
columns in the form that suits it: lists for the interpreter, which indexes them several times as fast as
numpy arrays, and arrays for compiled code. numba is imported here only, and only when a kernel is compiled,
since the import alone takes longer than stitching a small shop. Knows nothing of graphs beyond node numbers.

Edges go to a kernel in batches, so that Ctrl-C is served between two of them; compiled kernels
release the interpreter lock while they run, so that progress keeps moving.
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
"""A column of whole numbers of any width."""

UNKNOWN = int(np.iinfo(np.int64).max)
"""The time of a row without a time, in microseconds. Sorts after every known time, as nulls must."""

MOST_NODES = (1 << 32) - 1
"""Nodes are numbered in 32 bits: 4 bytes a node in the union-find, room for 4 billion ids, and a number for no node."""

NO_NODE = MOST_NODES
"""The node number of a row without an id: null, or the empty text."""

BATCH_ROWS = 1 << 17
BATCH_BYTES = 1 << 26
"""Rows and bytes of texts per batch of a finished table of texts; a text longer than that is a batch of its own."""

COMPILED_FROM = 1_000_000
"""Nodes plus edges from which compiling pays: the interpreter needs about as long for a million as
importing numba and loading its cached code takes. ``benchmarks/kernel.py`` measures both."""

LOADED_FROM = 20_000
"""The same once any kernel has run compiled in this process: numba is there, and another kernel loads in an instant."""

BATCH = 1 << 21
"""Edges per call of a kernel: a fraction of a second even where each edge misses the processor's caches."""


@dataclass(frozen=True)
class Mode:
    """How kernels run.

    Attributes:
        is_compiled: By numba's machine code; otherwise by the interpreter.
    """

    is_compiled: bool

    def load(self, function: Callable[..., Any], signature: str) -> Callable[..., Any]:
        """The function ready to call on columns of this mode; ``signature`` is numba's."""
        return _compile(function, signature) if self.is_compiled else function

    def column(self, values: NDArray[Any], dtype: type[np.generic]) -> Any:
        """A copy of ``values`` that a kernel of this mode may read and write.

        A copy, because arrays that come from Arrow are read-only, which is another type to numba.
        """
        copy = np.array(values, dtype=dtype)
        return copy if self.is_compiled else copy.tolist()


def choose_mode(work: int, compiled: bool | None = None) -> Mode:  # noqa: FBT001
    """The faster mode for ``work`` nodes plus edges, unless ``compiled`` says which."""
    pays_from = LOADED_FROM if _compile.cache_info().currsize else COMPILED_FROM
    return Mode(work >= pays_from if compiled is None else compiled)


def batches(count: int) -> Iterator[slice]:
    """Slices of at most `BATCH` that cover ``count`` edges.

    >>> list(batches(3))
    [slice(0, 2097152, None)]
    """
    return (slice(start, start + BATCH) for start in range(0, count, BATCH))


def check_ends(nodes: int, left: Integers, right: Integers) -> None:
    """Refuse edges that compiled code, which checks no bounds, must not see.

    Raises:
        ValueError: More nodes than 32 bits can number, ends of unequal number, or an end outside 0..nodes-1.
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
        # No folder for the cache can be written, the disk is full, or a cached file is damaged.
        kernel = numba.njit(signature, nogil=True)(function)
    return kernel
