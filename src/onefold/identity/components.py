"""Find the connected components of a graph of numbered nodes, in memory.

In: the number of nodes and two columns of edge ends. Out: per node, the smallest node of its component.
The result depends on the set of edges only. Knows nothing of ids, types or tables.

The union-find hooks the larger root below the smaller one and halves paths on the way up. Every parent is
therefore smaller than its child, the root of a component is its smallest node, and one ascending
pass at the end points every node at its root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from onefold.identity.kernel import UNKNOWN, batches, check_ends, choose_mode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.kernel import Integers


@dataclass(frozen=True, eq=False)
class Partition:
    """The nodes of a graph, split into connected components.

    Attributes:
        component: Per node, the smallest node of its component.
        joins: Edges that joined two components while the partition was made; the certificate counts on it.
    """

    component: NDArray[np.uint32]
    joins: int


def partition(nodes: int, left: Integers, right: Integers, *, compiled: bool | None = None) -> Partition:
    """Split nodes 0..nodes-1 into connected components, counting the edges that joined two.

    Takes time near linear in nodes plus edges, and 4 bytes a node of memory besides one batch of edges.

    Args:
        nodes: How many nodes there are; those without an edge are components of their own.
        left: One end of each edge.
        right: The other end; an edge may lead back to its own node, or be given more than once.
        compiled: Whether numba runs it; None lets the size decide.

    Raises:
        ValueError: An end is not a node.

    >>> found = partition(5, np.array([4, 2]), np.array([2, 1]))
    >>> found.component.tolist(), found.joins
    ([0, 1, 1, 3, 1], 2)
    """
    check_ends(nodes, left, right)
    mode = choose_mode(nodes + left.size, compiled)
    parent = mode.column(np.arange(nodes, dtype=np.uint32), np.uint32)
    join = mode.load(_join, "int64(uint32[::1], uint32[::1], uint32[::1])")
    joins = 0
    for part in batches(left.size):
        joins += join(parent, mode.column(left[part], np.uint32), mode.column(right[part], np.uint32))
    mode.load(_flatten, "void(uint32[::1])")(parent)
    return Partition(np.asarray(parent, dtype=np.uint32), joins)


def components(nodes: int, left: Integers, right: Integers, *, compiled: bool | None = None) -> NDArray[np.uint32]:
    """Per node, the smallest node of its connected component; see `partition`, which also counts joins.

    >>> components(4, np.array([3]), np.array([1])).tolist()
    [0, 1, 2, 1]
    """
    return partition(nodes, left, right, compiled=compiled).component


def earliest(component: Integers, first_seen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mask of the nodes that were seen first in their component; several where times tie.

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


def _join(parent: Any, left: Any, right: Any) -> int:
    """Add edges to a union-find; the number of them that joined two components.

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
        if a < b:
            parent[b] = a
            joins += 1
        elif b < a:
            parent[a] = b
            joins += 1
    return joins


def _flatten(parent: Any) -> None:
    """Point every node at its root. Ascending, a node's parent is done before the node."""
    for node in range(len(parent)):
        parent[node] = parent[parent[node]]
