"""Find the connected components of a graph of numbered nodes, in memory.

Takes the number of nodes, two columns of edge ends and, optionally, edge times. Returns the smallest node of each
node's component, and the forest of the edges that joined two components, earliest first. `connected_since` needs only
this forest. The components depend only on the set of edges. Does not use ids, types or tables.

The union-find attaches the larger root to the smaller one, and halves paths on the way up. So every parent is smaller
than its child, the root of a component is its smallest node, and one ascending pass at the end points every node at its
root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from onefold.identity.native.kernel import UNKNOWN, Mode, batches, check_ends, choose_mode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.native.kernel import Integers


@dataclass(frozen=True, eq=False)
class Partition:
    """The nodes of a graph, split into connected components.

    Attributes:
        component: Per node, the smallest node of its component.
        joins: Number of edges that joined two components; the certificate checks it.
        forest: The numbers of these edges in order of time, edges without a time last; None if no times were given.
            At any time, the edges of the forest seen so far connect the same nodes as all edges seen so far.
    """

    component: NDArray[np.uint32]
    joins: int
    forest: NDArray[np.int64] | None


class UnionFind:
    """The components of a graph whose nodes and edges are added in batches; 4 bytes per node.

    Args:
        compiled: Whether to use numba.

    >>> sets = UnionFind(compiled=False)
    >>> sets.grow(3)
    >>> sets.join(np.array([2, 2, 0]), np.array([0, 0, 1])).tolist()
    [0, 2]
    >>> sets.grow(4)
    >>> sets.partition().component.tolist()
    [0, 0, 0, 3]
    """

    def __init__(self, *, compiled: bool) -> None:
        self._mode = Mode(compiled)
        self._parent = self._mode.column(np.empty(0, dtype=np.uint32), np.uint32)
        self._joins = 0

    def grow(self, nodes: int) -> None:
        """Add nodes up to a total of ``nodes``; new ones are components of their own."""
        before = len(self._parent)
        if nodes <= before:
            return
        if self._mode.is_compiled:
            # Resizes in place if possible, because nothing else refers to this array.
            self._parent.resize(nodes, refcheck=False)
            self._parent[before:] = np.arange(before, nodes, dtype=np.uint32)
        else:
            self._parent.extend(range(before, nodes))

    def join(self, left: Integers, right: Integers) -> NDArray[np.intp]:
        """Add a batch of edges; returns which of them joined two components.

        A batch should have at most ``BATCH`` edges, so that Ctrl-C takes effect quickly.

        Raises:
            ValueError: If an end is not a node.
        """
        check_ends(len(self._parent), left, right)
        kernel = self._mode.load(_join, "int64(uint32[::1], uint32[::1], uint32[::1], uint32[::1])")
        ends = (self._mode.column(column, np.uint32) for column in (left, right))
        joined = self._mode.column(np.zeros(left.size, dtype=np.uint32), np.uint32)
        joins = kernel(self._parent, *ends, joined)
        self._joins += joins
        return np.asarray(joined[:joins], dtype=np.intp)

    def partition(self, forest: NDArray[np.int64] | None = None) -> Partition:
        """The result, after which nothing can be added. ``forest``: the joining edges that the caller collected."""
        parent, self._parent = self._parent, []
        self._mode.load(_flatten, "void(uint32[::1])")(parent)
        return Partition(np.asarray(parent, dtype=np.uint32), self._joins, forest)


def partition(
    nodes: int,
    left: Integers,
    right: Integers,
    *,
    seen_at: NDArray[np.int64] | None = None,
    compiled: bool | None = None,
) -> Partition:
    """Split nodes 0..nodes-1 into connected components, and count the edges that joined two.

    Takes near linear time in nodes plus edges, and 4 bytes of memory per node plus one batch of edges. With times,
    edges are sorted first: 8 more bytes per edge, and 8 per joining edge.

    Args:
        nodes: Number of nodes; those without an edge are components of their own.
        left: One end of each edge.
        right: The other end; loops and duplicate edges are allowed.
        seen_at: Per edge, when it was first seen: microseconds, `UNKNOWN` for null. Required for the forest.
        compiled: Whether to use numba; None decides by size.

    Raises:
        ValueError: If an end is not a node, or there is not one time per edge.

    >>> found = partition(5, np.array([4, 2, 4]), np.array([2, 1, 1]), seen_at=np.array([8, 5, 9]))
    >>> found.component.tolist(), found.joins, found.forest.tolist()
    ([0, 1, 1, 3, 1], 2, [1, 0])
    """
    check_ends(nodes, left, right)
    if seen_at is not None and seen_at.size != left.size:
        raise ValueError(f"{left.size} edges but {seen_at.size} times")
    sets = UnionFind(compiled=choose_mode(nodes + left.size, compiled).is_compiled)
    sets.grow(nodes)
    if seen_at is None:
        for part in batches(left.size):
            sets.join(left[part], right[part])
        return sets.partition()
    order = np.argsort(seen_at)
    forest = [order[:0]]
    for part in batches(order.size):
        edges = order[part]
        forest.append(edges[sets.join(left[edges], right[edges])])
    return sets.partition(np.concatenate(forest))


def components(nodes: int, left: Integers, right: Integers, *, compiled: bool | None = None) -> NDArray[np.uint32]:
    """Per node, the smallest node of its connected component; `partition` also counts joins.

    >>> components(4, np.array([3]), np.array([1])).tolist()
    [0, 1, 2, 1]
    """
    return partition(nodes, left, right, compiled=compiled).component


def earliest(component: Integers, first_seen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mask of the nodes that were seen first in their component; several if times are equal.

    Args:
        component: Per node, a node that names its component.
        first_seen: Per node, microseconds; `UNKNOWN` comes after every known time.

    >>> earliest(np.array([0, 0, 0]), np.array([UNKNOWN, 5, 5])).tolist()
    [False, True, True]
    """
    first = np.full(component.size, UNKNOWN, dtype=np.int64)
    np.minimum.at(first, component, first_seen)
    is_first: NDArray[np.bool_] = first_seen == first[component]
    return is_first


def _join(parent: Any, left: Any, right: Any, joined: Any) -> int:
    """Add edges to a union-find; returns how many joined two components, and writes which ones to ``joined``.

    Path halving is spelled out for both ends, since numba cannot call a plain function.
    """
    joins = 0
    for i in range(len(left)):
        a = left[i]
        up = parent[a]
        while up != a:
            above = parent[up]
            parent[a] = above
            a = above
            up = parent[a]
        b = right[i]
        up = parent[b]
        while up != b:
            above = parent[up]
            parent[b] = above
            b = above
            up = parent[b]
        if a == b:
            continue
        if a < b:
            parent[b] = a
        else:
            parent[a] = b
        joined[joins] = i
        joins += 1
    return joins


def _flatten(parent: Any) -> None:
    """Point every node at its root. In ascending order, a parent is done before its children."""
    for node in range(len(parent)):
        parent[node] = parent[parent[node]]
