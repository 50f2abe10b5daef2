"""Articulation points and bridges of every component, and the nodes that each disconnects.

Takes a search of a graph, and weights of its nodes. Returns columns with one row per cut. Removing an articulation
point, or a bridge, splits its component into several parts. The part with the most nodes counts as the component; all
other parts are disconnected. Does not use ids.
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
"""Columns of node weights. Of parts with equally many nodes, the heaviest by the first column stays, and so on."""


@dataclass(frozen=True, eq=False)
class ArticulationNodes:
    """The articulation points of a graph, ascending.

    Attributes:
        node: The articulation points.
        parts: Per articulation point, the number of parts without it.
        disconnected: Per articulation point, the number of disconnected nodes.
        disconnected_weight: Per weight and articulation point, the weight of the disconnected nodes.
        heavy_parts: Per weight and articulation point, the number of parts with a weight above zero.
    """

    node: NDArray[np.uint32]
    parts: NDArray[np.int64]
    disconnected: NDArray[np.int64]
    disconnected_weight: Weights
    heavy_parts: Weights


@dataclass(frozen=True, eq=False)
class BridgeEdges:
    """The bridges of a graph, in search order of their far ends.

    Attributes:
        left: The end nearer to the first node of the search.
        right: The other end.
        disconnected: Per bridge, the number of disconnected nodes, which are those on the smaller side.
        disconnected_weight: The weights of that side.
        kept_weight: The weights of the other side.
    """

    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    disconnected: NDArray[np.int64]
    disconnected_weight: Weights
    kept_weight: Weights


def find_articulation_points(found: Search, weights: Weights = ()) -> ArticulationNodes:
    """Find the articulation points, and the nodes that each disconnects.

    Args:
        found: A search of the graph.
        weights: Columns of node weights, none negative.

    >>> from onefold.identity.components.adjacency import adjacency, search
    >>> cut = find_articulation_points(search(adjacency(4, np.array([0, 1, 1]), np.array([1, 2, 3]))))
    >>> cut.node.tolist(), cut.parts.tolist(), cut.disconnected.tolist()
    ([1], [3], [2])
    """
    columns = (np.ones(found.order.size, dtype=np.int64), *weights)
    below = [found.below(column) for column in columns]
    # Removing the parent disconnects a child if no edge of the child's subtree leads above the parent.
    child = np.flatnonzero(found.parent != np.arange(found.parent.size))
    child = child[found.low[child] >= found.place[found.parent[child]]]
    above = found.parent[child]
    # The nodes above form another part, except for the first node of a search.
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
    # The last part of each owner is the one that stays.
    order = order_by(owner, *parted)
    return _articulation_nodes(owner[order], tuple(values[order] for values in parted))


def _articulation_nodes(owner: NDArray[np.uint32], parted: Weights) -> ArticulationNodes:
    """Sums over the contiguous parts of each owner; owners with one part are not articulation points."""
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
    """Find the bridges, and the nodes that each disconnects.

    Args:
        found: A search of the graph.
        weights: Columns of node weights, none negative.

    >>> from onefold.identity.components.adjacency import adjacency, search
    >>> cut = find_bridges(search(adjacency(4, np.array([0, 1, 1]), np.array([1, 2, 3]))))
    >>> cut.left.tolist(), cut.right.tolist(), cut.disconnected.tolist()
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
    # The side with fewer nodes is disconnected; of equal sides, the lighter by the first weight that differs.
    falls = np.zeros(child.size, dtype=np.int8)
    for one, other in zip(lower, upper, strict=True):
        falls = np.where(falls == 0, np.sign(one - other), falls).astype(np.int8)
    is_lower = falls <= 0
    off = [np.where(is_lower, one, other) for one, other in zip(lower, upper, strict=True)]
    kept = [np.where(is_lower, other, one) for one, other in zip(lower, upper, strict=True)]
    return BridgeEdges(found.parent[child], child, off[0], tuple(off[1:]), tuple(kept[1:]))
