"""Threshold sweep: the figures of a graph at each value of a threshold.

Takes nodes and edges, each with the smallest threshold at which it is part of the graph. Returns a `SweepPoint` per
threshold. Edges are added to an incremental union-find in the order of their thresholds, and counters follow each join.
So any number of thresholds takes one pass over the edges. Does not use ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from onefold.identity.native.kernel import batches, check_ends, choose_mode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from onefold.identity.native.kernel import Integers

NEVER = int(np.iinfo(np.int64).max)
"""The threshold of nodes and edges that are never part of the graph."""

_FIGURES = 3
_JOINS, _LARGEST, _SEVERAL = range(_FIGURES)


@dataclass(frozen=True)
class SweepPoint:
    """The graph at one threshold.

    Attributes:
        threshold: The threshold.
        nodes: Number of nodes.
        edges: Number of edges, as given.
        components: Number of components.
        largest: Number of nodes in the largest component.
        several: Number of components with more than one marked node.
    """

    threshold: int
    nodes: int
    edges: int
    components: int
    largest: int
    several: int


@dataclass(frozen=True, eq=False)
class SweepGraph:
    """A graph with the threshold at which each node and edge is added.

    Attributes:
        node_threshold: Per node, the smallest threshold at which it is part of the graph; `NEVER` for none.
        left: One end of each edge.
        right: The other end.
        edge_threshold: Per edge, the same; not below that of its ends.
        marked: Per node, whether components with several such nodes are counted.
    """

    node_threshold: NDArray[np.int64]
    left: Integers
    right: Integers
    edge_threshold: NDArray[np.int64]
    marked: NDArray[np.bool_]


def sweep_thresholds(
    graph: SweepGraph,
    thresholds: Sequence[int],
    *,
    look: Callable[[int, NDArray[np.int64]], None] | None = None,
    compiled: bool | None = None,
) -> tuple[SweepPoint, ...]:
    """The graph at each threshold, from the strictest to the loosest.

    Args:
        graph: The graph.
        thresholds: The thresholds, ascending.
        look: Called with each threshold and, per node, a node that represents its component.
        compiled: Whether to use numba; None decides by size.

    Raises:
        ValueError: If thresholds do not ascend, or an end is not a node.
    """
    if any(a >= b for a, b in pairwise(thresholds)):
        raise ValueError("thresholds must ascend")
    nodes = graph.node_threshold.size
    check_ends(nodes, graph.left, graph.right)
    order, ends = _by_threshold(graph.edge_threshold, thresholds)
    _, present = _by_threshold(graph.node_threshold, thresholds)
    mode = choose_mode(nodes + graph.left.size, compiled)
    parent = mode.column(np.arange(nodes), np.uint32)
    size = mode.column(np.ones(nodes), np.uint32)
    marks = mode.column(graph.marked, np.uint32)
    figures = mode.column(np.zeros(_FIGURES), np.int64)
    join = mode.load(_join, _JOIN)
    points, done = [], 0
    for threshold, end, there in zip(thresholds, ends, present, strict=True):
        new = order[done:end]
        for part in batches(new.size):
            one, other = (mode.column(side[new[part]], np.uint32) for side in (graph.left, graph.right))
            join(parent, size, marks, figures, one, other)
        done = end
        largest = max(int(figures[_LARGEST]), 1 if there else 0)
        points.append(SweepPoint(threshold, there, end, there - int(figures[_JOINS]), largest, int(figures[_SEVERAL])))
        if look is not None:
            look(threshold, _roots(np.array(parent, dtype=np.int64)))
    return tuple(points)


def _by_threshold(level: NDArray[np.int64], thresholds: Sequence[int]) -> tuple[NDArray[np.int64], list[int]]:
    """The positions of values, ordered by the first threshold that reaches them, and the number reached by each."""
    place = np.searchsorted(np.array(thresholds, dtype=np.int64), level).astype(np.uint16)
    reached = np.cumsum(np.bincount(place, minlength=len(thresholds) + 1))[: len(thresholds)]
    # A stable sort of 16-bit numbers is a counting sort.
    return np.argsort(place, kind="stable"), reached.tolist()


def _roots(parent: NDArray[np.int64]) -> NDArray[np.int64]:
    """Per node, the root of its component."""
    while True:
        above = parent[parent]
        if np.array_equal(above, parent):
            return parent
        parent = above


_JOIN = "void(uint32[::1], uint32[::1], uint32[::1], int64[::1], uint32[::1], uint32[::1])"


def _join(  # noqa: PLR0917 - numba passes by position
    parent: Any, size: Any, marks: Any, figures: Any, left: Any, right: Any
) -> None:
    """Join the ends of edges, the smaller component under the larger; keep joins, largest and several."""
    for i in range(len(left)):
        a = left[i]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        b = right[i]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a == b:
            continue
        if size[a] < size[b]:
            a, b = b, a
        parent[b] = a
        size[a] += size[b]
        figures[_JOINS] += 1
        figures[_LARGEST] = max(figures[_LARGEST], size[a])
        if marks[a] > 1:
            figures[_SEVERAL] -= 1
        if marks[b] > 1:
            figures[_SEVERAL] -= 1
        marks[a] += marks[b]
        if marks[a] > 1:
            figures[_SEVERAL] += 1
