"""Articulation points and bridges of every component, and what falls off without each.

In: a graph, a search of it, weights of its nodes. Out: columns, one row per cut. An articulation point is a node
without which its component falls into several parts; a bridge is such an edge. The part with the most nodes
stays what it was; all others fall off. Knows nothing of ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onefold.identity.native.kernel import MOST_NODES
from onefold.identity.native.ordering import order_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.components.adjacency import Search

Weights = tuple["NDArray[np.int64]", ...]
"""Columns of weights, per node. Of parts with equally many nodes the heavier by the first column stays, and so on."""


@dataclass(frozen=True, eq=False)
class ArticulationNodes:
    """The articulation points of a graph, ascending.

    Attributes:
        node: The articulation points.
        parts: Per articulation point, how many parts its component falls into without it.
        falls_off: Per articulation point, nodes in all of those parts but the largest.
        weight_off: The same by each weight.
        heavy_parts: Per articulation point and weight, how many of the parts weigh anything.
    """

    node: NDArray[np.uint32]
    parts: NDArray[np.int64]
    falls_off: NDArray[np.int64]
    weight_off: Weights
    heavy_parts: Weights


@dataclass(frozen=True, eq=False)
class BridgeEdges:
    """The bridges of a graph, by the place of the end that the search met later.

    Attributes:
        left: The end nearer to the first node of the search.
        right: The other end.
        falls_off: Per bridge, nodes on the smaller side.
        weight_off: The weights of that side.
        weight_kept: The weights of the other side.
    """

    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    falls_off: NDArray[np.int64]
    weight_off: Weights
    weight_kept: Weights


def find_articulation_points(found: Search, weights: Weights = ()) -> ArticulationNodes:
    """The articulation points, with what falls off without each.

    Args:
        found: A search of the graph.
        weights: Columns of node weights, none negative.

    >>> from onefold.identity.components.adjacency import adjacency, search
    >>> cut = find_articulation_points(search(adjacency(4, np.array([0, 1, 1]), np.array([1, 2, 3]))))
    >>> cut.node.tolist(), cut.parts.tolist(), cut.falls_off.tolist()
    ([1], [3], [2])
    """
    columns = (np.ones(found.order.size, dtype=np.int64), *weights)
    below = [found.below(column) for column in columns]
    # A child is cut off with its parent if nothing below it leads past the parent.
    child = np.flatnonzero(found.parent != np.arange(found.parent.size))
    child = child[found.low[child] >= found.place[found.parent[child]]]
    above = found.parent[child]
    # Besides those there is what lies above the node; nothing does at the first node of a search.
    is_above = np.zeros(found.parent.size, dtype=np.bool_)
    is_above[above] = True
    inner = np.flatnonzero(is_above).astype(np.uint32)
    inner = inner[found.root[inner] != inner]
    owner = np.concatenate([above, inner])
    parted = []
    for column, sums in zip(columns, below, strict=True):
        beneath = np.bincount(above, weights=sums[child], minlength=column.size).astype(np.int64)
        rest = sums[found.root[inner]] - column[inner] - beneath[inner]
        parted.append(np.concatenate([sums[child], rest]))
    # By owner, the part that stays is the last one.
    order = order_by(owner, *parted)
    return _articulation_nodes(owner[order], tuple(values[order] for values in parted))


def _articulation_nodes(owner: NDArray[np.uint32], parted: Weights) -> ArticulationNodes:
    """Sums over the parts of each owner, whose parts follow each other; owners of one part are none."""
    first = np.flatnonzero(np.diff(owner, prepend=np.uint32(MOST_NODES)))
    node, parts = owner[first], np.diff(first, append=owner.size)
    is_cut = parts > 1
    if not node.size:
        none = np.empty(0, dtype=np.int64)
        return ArticulationNodes(node, none, none, tuple(none for _ in parted[1:]), tuple(none for _ in parted[1:]))
    last = first + parts - 1
    off = [(np.add.reduceat(values, first) - values[last])[is_cut] for values in parted]
    heavy = [np.add.reduceat((values > 0).astype(np.int64), first)[is_cut] for values in parted[1:]]
    return ArticulationNodes(node[is_cut], parts[is_cut].astype(np.int64), off[0], tuple(off[1:]), tuple(heavy))


def find_bridges(found: Search, weights: Weights = ()) -> BridgeEdges:
    """The bridges, with what falls off without each.

    Args:
        found: A search of the graph.
        weights: Columns of node weights, none negative.

    >>> from onefold.identity.components.adjacency import adjacency, search
    >>> cut = find_bridges(search(adjacency(4, np.array([0, 1, 1]), np.array([1, 2, 3]))))
    >>> cut.left.tolist(), cut.right.tolist(), cut.falls_off.tolist()
    ([0, 1, 1], [1, 2, 3], [1, 1, 1])
    """
    child = found.order[found.low[found.order] == found.place[found.order]]
    child = child[found.root[child] != child]
    root = found.root[child]
    lower, upper = [], []
    for column in (np.ones(found.order.size, dtype=np.int64), *weights):
        below = found.below(column)
        lower.append(below[child])
        upper.append(below[root] - below[child])
    # The side with fewer nodes falls off; of equal ones the lighter by the first weight that differs.
    falls = np.zeros(child.size, dtype=np.int8)
    for one, other in zip(lower, upper, strict=True):
        falls = np.where(falls == 0, np.sign(one - other), falls).astype(np.int8)
    is_lower = falls <= 0
    off = [np.where(is_lower, one, other) for one, other in zip(lower, upper, strict=True)]
    kept = [np.where(is_lower, other, one) for one, other in zip(lower, upper, strict=True)]
    return BridgeEdges(found.parent[child], child, off[0], tuple(off[1:]), tuple(kept[1:]))
