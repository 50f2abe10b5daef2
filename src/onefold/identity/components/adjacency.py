"""The adjacency of a graph of numbered nodes, and a depth-first search for articulation points and bridges.

Takes the number of nodes and two columns of edge ends. Returns an `Adjacency`, and a `Search` of it: one traversal of
every component, from which articulation points, bridges and subtree sizes follow. Duplicate edges, in one or both
directions, count as one edge. Does not use ids, types or tables.

The search is depth first (Tarjan, 1972; Hopcroft and Tarjan, 1973). It uses no recursion, so the length of a chain does
not matter. The nodes of a subtree are contiguous in search order, so the weight of a subtree is the difference of two
running sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from onefold.identity.native.kernel import batches, check_ends, choose_mode
from onefold.identity.native.ordering import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.native.kernel import Integers


_STEPS = 4
"""Steps of a search per step of a union-find, for ``choose_mode``."""


@dataclass(frozen=True, eq=False)
class Adjacency:
    """The neighbours of each node.

    Attributes:
        start: The offset of the neighbours of each node, with one more entry than nodes.
        neighbour: The neighbours, ascending for each node.
        left: The smaller end of each distinct edge, ascending.
        right: Its larger end.
    """

    start: NDArray[np.int64]
    neighbour: NDArray[np.uint32]
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return self.start.size - 1


def adjacency(nodes: int, left: Integers, right: Integers, *, compiled: bool | None = None) -> Adjacency:
    """The graph of a list of edges, without duplicates and loops.

    Args:
        nodes: Number of nodes.
        left: One end of each edge.
        right: The other end.
        compiled: Whether to use numba; None decides by size.

    Raises:
        ValueError: If an end is not a node.

    >>> adjacency(3, np.array([2, 0, 1]), np.array([0, 2, 1])).neighbour.tolist()
    [2, 0]
    """
    check_ends(nodes, left, right)
    return _of_distinct(nodes, *_distinct(left, right), compiled=compiled)


def thinned(graph: Adjacency, kept: NDArray[np.bool_], *, compiled: bool | None = None) -> Adjacency:
    """The graph without the edges of some nodes. The nodes stay.

    Args:
        graph: The graph.
        kept: Per node, whether its edges are kept.
        compiled: Whether to use numba; None decides by size.

    >>> line = adjacency(3, np.array([0, 1]), np.array([1, 2]))
    >>> thinned(line, np.array([False, True, True])).neighbour.tolist()
    [2, 1]
    """
    is_kept = kept[graph.left] & kept[graph.right]
    return _of_distinct(graph.nodes, graph.left[is_kept], graph.right[is_kept], compiled=compiled)


def _of_distinct(nodes: int, low: NDArray[np.uint32], high: NDArray[np.uint32], *, compiled: bool | None) -> Adjacency:
    """The graph of distinct edges, with the smaller end first, ascending."""
    degree = np.bincount(low, minlength=nodes) + np.bincount(high, minlength=nodes)
    start = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(degree, out=start[1:])
    mode = choose_mode(_STEPS * (nodes + low.size), compiled)
    fill = mode.load(_fill, "void(int64[::1], uint32[::1], uint32[::1], uint32[::1])")
    free = mode.column(start[:-1], np.int64)
    neighbour = mode.column(np.zeros(2 * low.size, dtype=np.uint32), np.uint32)
    # Smaller neighbours first, then larger ones: the neighbours of each node are ascending, because the edges are.
    for near, far in ((high, low), (low, high)):
        for part in batches(low.size):
            fill(free, neighbour, mode.column(near[part], np.uint32), mode.column(far[part], np.uint32))
    return Adjacency(start, np.asarray(neighbour, dtype=np.uint32), low, high)


def _distinct(left: Integers, right: Integers) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The distinct edges with the smaller end first, ascending."""
    low = np.minimum(left, right).astype(np.uint64)
    high = np.maximum(left, right).astype(np.uint64)
    kept = low != high
    both = distinct((low[kept] << np.uint64(32)) | high[kept])
    return (both >> np.uint64(32)).astype(np.uint32), (both & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def _fill(free: Any, neighbour: Any, near: Any, far: Any) -> None:
    """Add one end of each edge to the neighbours of the other."""
    for i in range(len(near)):
        node = near[i]
        neighbour[free[node]] = far[i]
        free[node] += 1


@dataclass(frozen=True, eq=False)
class Search:
    """A depth-first search of every component.

    Attributes:
        order: The nodes in search order; the nodes of a subtree are contiguous.
        place: Per node, its position in ``order``.
        parent: Per node, its parent in the search; itself for the first node of a component.
        low: Per node, the earliest position that an edge of its subtree leads to.
        size: Per node, the number of nodes in its subtree, with itself.
        root: Per node, the first node of its component.
    """

    order: NDArray[np.uint32]
    place: NDArray[np.int64]
    parent: NDArray[np.uint32]
    low: NDArray[np.int64]
    size: NDArray[np.int64]
    root: NDArray[np.uint32]

    def below(self, weight: NDArray[np.int64]) -> NDArray[np.int64]:
        """Per node, the weight of its subtree.

        Args:
            weight: The weight of each node.
        """
        running = np.zeros(weight.size + 1, dtype=np.int64)
        np.cumsum(weight[self.order], out=running[1:])
        total: NDArray[np.int64] = running[self.place + self.size] - running[self.place]
        return total


def search(graph: Adjacency, *, compiled: bool | None = None) -> Search:
    """Search a graph, in linear time and memory in nodes plus edges.

    Args:
        graph: The graph.
        compiled: Whether to use numba; None decides by size.
    """
    nodes = graph.nodes
    mode = choose_mode(_STEPS * (nodes + graph.left.size), compiled)
    numbers = np.arange(nodes, dtype=np.uint32)
    start, neighbour = mode.column(graph.start, np.int64), mode.column(graph.neighbour, np.uint32)
    following = mode.column(graph.start[:-1], np.int64)
    order, parent = mode.column(numbers, np.uint32), mode.column(numbers, np.uint32)
    root = mode.column(numbers, np.uint32)
    place = mode.column(np.full(nodes, -1), np.int64)
    walk = mode.load(_walk, _WALK)
    walk(start, neighbour, following, order, place, parent, root)
    low, size = mode.column(np.asarray(place), np.int64), mode.column(np.ones(nodes), np.int64)
    mode.load(_climb, _CLIMB)(start, neighbour, order, place, parent, low, size)
    return Search(
        order=np.asarray(order, dtype=np.uint32),
        place=np.asarray(place, dtype=np.int64),
        parent=np.asarray(parent, dtype=np.uint32),
        low=np.asarray(low, dtype=np.int64),
        size=np.asarray(size, dtype=np.int64),
        root=np.asarray(root, dtype=np.uint32),
    )


_WALK = "void(int64[::1], uint32[::1], int64[::1], uint32[::1], int64[::1], uint32[::1], uint32[::1])"
_CLIMB = "void(int64[::1], uint32[::1], uint32[::1], int64[::1], uint32[::1], int64[::1], int64[::1])"


def _walk(  # noqa: PLR0917 - numba passes by position
    start: Any, neighbour: Any, following: Any, order: Any, place: Any, parent: Any, root: Any
) -> None:
    """Visit every node once. The parents are the way back, so no stack is needed."""
    met = 0
    for first in range(len(place)):
        if place[first] >= 0:
            continue
        place[first] = met
        order[met] = first
        met += 1
        node = first
        while True:
            if following[node] < start[node + 1]:
                other = neighbour[following[node]]
                following[node] += 1
                if place[other] < 0:
                    place[other] = met
                    order[met] = other
                    met += 1
                    parent[other] = node
                    root[other] = first
                    node = other
            elif node == first:
                break
            else:
                node = parent[node]


def _climb(  # noqa: PLR0917 - numba passes by position
    start: Any, neighbour: Any, order: Any, place: Any, parent: Any, low: Any, size: Any
) -> None:
    """Compute ``low`` and ``size`` in reverse search order, so that a subtree is done before its root."""
    for back in range(len(order)):
        node = order[len(order) - 1 - back]
        above = parent[node]
        for i in range(start[node], start[node + 1]):
            other = neighbour[i]
            # Edges are distinct, so the edge to the parent is the one that the search used.
            if other != above and place[other] < low[node]:
                low[node] = place[other]
        if above != node:
            size[above] += size[node]
            low[above] = min(low[above], low[node])
