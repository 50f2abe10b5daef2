"""Aggregate rows into edge evidence.

Takes batches of rows as node numbers, groups, times and keys. Returns, for each distinct pair and group, the number of
rows, the first and last time, and the key of the earliest row. The result does not depend on the order or batches of
rows. Does not use id texts, profiles or tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
import pyarrow as pa

from onefold.identity.columns import to_arrow, to_mask
from onefold.identity.native.kernel import NO_NODE, UNKNOWN, choose_mode
from onefold.identity.native.ordering import distinct
from onefold.identity.read.edges import Edges
from onefold.sql.statements import DIGESTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.native.kernel import Integers

    Ends = NDArray[np.uint32]
    Ints = NDArray[np.int32]

N = TypeVar("N", bound=np.generic)


class Evidence:
    """Evidence by pair of nodes and group.

    Args:
        compiled: Whether to use numba; None starts with sorting, and switches to numba when the size pays for it.

    >>> rows = Evidence()
    >>> ends = np.array([0, 1, NO_NODE], dtype=np.uint32), np.array([1, 1, 0], dtype=np.uint32)
    >>> rows.add(*ends, np.zeros(3, dtype=np.int32), np.array([9, 7, 1]))
    >>> edges = rows.edges()
    >>> edges.left.tolist(), edges.right.tolist(), edges.first_seen.tolist()
    ([0, 1], [1, 1], [9, 7])
    """

    def __init__(self, *, compiled: bool | None = None) -> None:
        self._compiled = compiled
        self._rows = 0
        self._gathered: _Gathered = _Sorted()

    def add(
        self,
        left: Ends,
        right: Ends,
        group: Ints,
        seen_at: NDArray[np.int64],
        keys: pa.Array | None = None,
    ) -> None:
        """Add a batch of rows. Rows that lack an id (`NO_NODE`) are ignored.

        Args:
            left: Per row, a node or `NO_NODE`.
            right: Per row, the other node; (a, b) and (b, a) are different pairs.
            group: Per row, the number of its group.
            seen_at: Per row, microseconds, `UNKNOWN` for null.
            keys: Per row, its key as text, or null; None if rows have no keys.

        Raises:
            ValueError: If columns have different lengths.
        """
        for column in (right, group, seen_at, keys):
            if column is not None and len(column) != len(left):
                raise ValueError(f"{len(left)} left ends, but a column of {len(column)} values")
        self._rows += len(left)
        if isinstance(self._gathered, _Sorted) and choose_mode(self._rows, self._compiled).is_compiled:
            from onefold.identity.native.edge_table import EdgeTable  # noqa: PLC0415 - imports numba

            self._gathered = self._gathered.moved(EdgeTable())
        self._gathered.add(left, right, group, seen_at, keys)

    def edges(self) -> Edges:
        """The evidence so far."""
        return self._gathered.edges()


class _Gathered(Protocol):
    """The storage of evidence: `_Sorted`, or the compiled table."""

    def add(self, left: Ends, right: Ends, group: Ints, seen_at: NDArray[np.int64], keys: pa.Array | None) -> None: ...

    def edges(self) -> Edges: ...


class _Sorted:
    """Stores the rows, and sorts them at the end."""

    def __init__(self) -> None:
        self._ends: list[NDArray[np.int64]] = []
        self._keys: list[pa.Array] = []
        self._keyed = False

    def add(self, left: Ends, right: Ends, group: Ints, seen_at: NDArray[np.int64], keys: pa.Array | None) -> None:
        known = (left != NO_NODE) & (right != NO_NODE)
        self._ends.append(np.stack([column.astype(np.int64)[known] for column in (left, right, group, seen_at)]))
        self._keyed |= keys is not None
        count = int(np.count_nonzero(known))
        self._keys.append(pa.nulls(count, pa.string()) if keys is None else keys.filter(to_mask(known)))

    def moved(self, to: _Gathered) -> _Gathered:
        """Move the rows to another storage."""
        for (left, right, group, seen_at), keys in zip(self._ends, self._keys, strict=True):
            ends = (left.astype(np.uint32), right.astype(np.uint32), group.astype(np.int32))
            to.add(*ends, np.ascontiguousarray(seen_at), keys if self._keyed else None)
        return to

    def edges(self) -> Edges:
        left, right, group, seen_at = np.concatenate([np.empty((4, 0), dtype=np.int64), *self._ends], axis=1)
        order = np.lexsort((self._ranks(left.size), seen_at, group, right, left))
        left, right, group, seen_at = (column[order] for column in (left, right, group, seen_at))
        is_first = np.ones(order.size, dtype=np.bool_)
        is_first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1]) | (group[1:] != group[:-1])
        first = np.flatnonzero(is_first)
        ends = np.append(first[1:], order.size)
        # Unknown times sort last, so the last known time is before them.
        known = np.add.reduceat((seen_at != UNKNOWN).astype(np.int64), first) if first.size else first
        keys = (
            pa.chunked_array(self._keys, pa.string()).take(to_arrow(order[first], pa.int64())) if self._keyed else None
        )
        return Edges(
            left[first].astype(np.uint32),
            right[first].astype(np.uint32),
            group[first].astype(np.int32),
            ends - first,
            seen_at[first],
            seen_at[np.where(known > 0, first + known - 1, first)],
            keys,
        )

    def _ranks(self, rows: int) -> NDArray[np.int64]:
        """Per row, the rank of its key; null is last."""
        ranks = np.zeros(rows, dtype=np.int64)
        if self._keyed:
            keys = pa.chunked_array(self._keys, pa.string()).to_pylist()
            # Python compares texts in the order of their UTF-8 bytes.
            place = {key: n for n, key in enumerate(sorted({key for key in keys if key is not None}))}
            ranks[:] = [place.get(key, UNKNOWN) for key in keys]
        return ranks


class Digests:
    """The number of rows and the sum of their digests per group, as in `digest_total`."""

    def __init__(self) -> None:
        self._counts = np.zeros(0, dtype=np.int64)
        self._sums = np.zeros(0, dtype=np.uint64)

    def add(self, group: Integers, digest: NDArray[np.uint64]) -> None:
        """Add a batch of rows."""
        if group.size:
            groups = max(int(group.max()) + 1, self._counts.size)
            self._counts, self._sums = _padded(self._counts, groups), _padded(self._sums, groups)
            self._counts += np.bincount(group, minlength=groups)
            np.add.at(self._sums, group, digest)

    def counts(self, groups: int) -> NDArray[np.int64]:
        """Number of rows of each group."""
        return _padded(self._counts, groups)

    def sums(self, groups: int) -> NDArray[np.int64]:
        """Sum of digests of each group."""
        return (_padded(self._sums, groups) % np.uint64(DIGESTS)).astype(np.int64)


def _padded(values: NDArray[N], size: int) -> NDArray[N]:
    return np.concatenate((values, np.zeros(size - values.size, dtype=values.dtype)))


def links(edges: Edges, source: NDArray[np.int16]) -> int:
    """The number of pairs of two nodes, counted once for each edge source that has it.

    Args:
        edges: The evidence.
        source: The edge source of each group; groups below 0 count as one further source.
    """
    joins = edges.left != edges.right
    group = edges.group[joins]
    of = source[np.maximum(group, 0)] if source.size else np.zeros(group.size, dtype=np.int16)
    of = np.where(group >= 0, of + 1, 0)
    pair = (edges.left[joins].astype(np.uint64) << np.uint64(32)) | edges.right[joins]
    there = np.flatnonzero(np.bincount(of)).tolist()
    return sum(distinct(pair[of == number] if len(there) > 1 else pair).size for number in there)


def first_seen(nodes: int, edges: Edges) -> NDArray[np.int64]:
    """Per node, the earliest time of its edges; `UNKNOWN` if there is none."""
    times = np.full(nodes, UNKNOWN, dtype=np.int64)
    np.minimum.at(times, edges.left, edges.first_seen)
    np.minimum.at(times, edges.right, edges.first_seen)
    return times
