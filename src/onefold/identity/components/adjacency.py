"""A graph of numbered nodes as rows of neighbours, and what hangs together only by one node or one edge.

In: the number of nodes and two columns of edge ends. Out: `Adjacency`, and of it a `Search`: one walk through every
component from which articulation points, bridges and the sizes of what they hold are read. An edge that is given
several times, by several sources or in both directions, is one edge. Knows nothing of ids, types or tables.

The walk goes depth first (Tarjan, 1972; Hopcroft and Tarjan, 1973), with a stack of its own instead of recursion, so
that a chain of any length is no deeper than a star. Nodes below a node of the walk follow it without a gap, so the
weight of a subtree is the difference of two running sums.
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
"""A walk takes about so many steps for each that a union-find takes, by which ``choose_mode`` counts."""


@dataclass(frozen=True, eq=False)
class Adjacency:
    """The neighbours of each node.

    Attributes:
        start: Where the neighbours of each node begin; one more than nodes.
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
        """How many nodes there are."""
        return self.start.size - 1


def adjacency(nodes: int, left: Integers, right: Integers, *, compiled: bool | None = None) -> Adjacency:
    """The graph of a list of edges; double ones and those from a node to itself are left out.

    Args:
        nodes: How many nodes there are.
        left: One end of each edge.
        right: The other end.
        compiled: Whether numba runs it; None lets the size decide.

    Raises:
        ValueError: An end is not a node.

    >>> adjacency(3, np.array([2, 0, 1]), np.array([0, 2, 1])).neighbour.tolist()
    [2, 0]
    """
    check_ends(nodes, left, right)
    return _of_distinct(nodes, *_distinct(left, right), compiled=compiled)


def thinned(graph: Adjacency, kept: NDArray[np.bool_], *, compiled: bool | None = None) -> Adjacency:
    """The graph without the edges of some nodes, which stay as nodes.

    Args:
        graph: The graph.
        kept: Per node, whether its edges stay.
        compiled: Whether numba runs it; None lets the size decide.

    >>> line = adjacency(3, np.array([0, 1]), np.array([1, 2]))
    >>> thinned(line, np.array([False, True, True])).neighbour.tolist()
    [2, 1]
    """
    is_kept = kept[graph.left] & kept[graph.right]
    return _of_distinct(graph.nodes, graph.left[is_kept], graph.right[is_kept], compiled=compiled)


def _of_distinct(nodes: int, low: NDArray[np.uint32], high: NDArray[np.uint32], *, compiled: bool | None) -> Adjacency:
    """The graph of edges that are there once, the smaller end first, ascending."""
    degree = np.bincount(low, minlength=nodes) + np.bincount(high, minlength=nodes)
    start = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(degree, out=start[1:])
    mode = choose_mode(_STEPS * (nodes + low.size), compiled)
    fill = mode.load(_fill, "void(int64[::1], uint32[::1], uint32[::1], uint32[::1])")
    free = mode.column(start[:-1], np.int64)
    neighbour = mode.column(np.zeros(2 * low.size, dtype=np.uint32), np.uint32)
    # Smaller neighbours first, then larger ones: each node's come out ascending, as the edges are.
    for near, far in ((high, low), (low, high)):
        for part in batches(low.size):
            fill(free, neighbour, mode.column(near[part], np.uint32), mode.column(far[part], np.uint32))
    return Adjacency(start, np.asarray(neighbour, dtype=np.uint32), low, high)


def _distinct(left: Integers, right: Integers) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The edges with the smaller end first, each once, ascending."""
    low = np.minimum(left, right).astype(np.uint64)
    high = np.maximum(left, right).astype(np.uint64)
    kept = low != high
    both = distinct((low[kept] << np.uint64(32)) | high[kept])
    return (both >> np.uint64(32)).astype(np.uint32), (both & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def _fill(free: Any, neighbour: Any, near: Any, far: Any) -> None:
    """Put one end of each edge among the neighbours of the other."""
    for i in range(len(near)):
        node = near[i]
        neighbour[free[node]] = far[i]
        free[node] += 1


@dataclass(frozen=True, eq=False)
class Search:
    """One walk through every component, depth first.

    Attributes:
        order: The nodes as the walk met them; those below a node follow it without a gap.
        place: Per node, where it is in ``order``.
        parent: Per node, the node that the walk came from; itself for the first of a component.
        low: Per node, the earliest place that an edge leads to from it or from below it.
        size: Per node, how many nodes there are from it downwards, itself among them.
        root: Per node, the first node of its component.
    """

    order: NDArray[np.uint32]
    place: NDArray[np.int64]
    parent: NDArray[np.uint32]
    low: NDArray[np.int64]
    size: NDArray[np.int64]
    root: NDArray[np.uint32]

    def below(self, weight: NDArray[np.int64]) -> NDArray[np.int64]:
        """Per node, the weight of all nodes from it downwards.

        Args:
            weight: Per node.
        """
        running = np.zeros(weight.size + 1, dtype=np.int64)
        np.cumsum(weight[self.order], out=running[1:])
        total: NDArray[np.int64] = running[self.place + self.size] - running[self.place]
        return total


def search(graph: Adjacency, *, compiled: bool | None = None) -> Search:
    """Walk through a graph, in time and memory linear in nodes plus edges.

    Args:
        graph: The graph.
        compiled: Whether numba runs it; None lets the size decide.
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
    """Meet every node once; the way back is the chain of parents, so no stack is needed besides."""
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
    """From the last node met to the first: what is below a node is done before it."""
    for back in range(len(order)):
        node = order[len(order) - 1 - back]
        above = parent[node]
        for i in range(start[node], start[node + 1]):
            other = neighbour[i]
            # An edge is there once, so the one to the parent is the one that the walk came by.
            if other != above and place[other] < low[node]:
                low[node] = place[other]
        if above != node:
            size[above] += size[node]
            low[above] = min(low[above], low[node])
