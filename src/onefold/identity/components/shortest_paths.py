"""The shortest path between two nodes.

Takes a graph and two of its nodes. Returns the nodes of the path, found by a breadth-first search. Of several shortest
paths it takes the one through the smallest node numbers, so that the result is deterministic. Does not use ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from onefold.identity.native.kernel import choose_mode

if TYPE_CHECKING:
    from onefold.identity.components.adjacency import Adjacency


def shortest_path(graph: Adjacency, start: int, end: int, *, compiled: bool | None = None) -> list[int] | None:
    """The nodes from ``start`` to ``end``, inclusive; None if they are not connected.

    Args:
        graph: The graph.
        start: The first node.
        end: The last node, or the same one.
        compiled: Whether to use numba; None decides by size.

    Raises:
        ValueError: If one of the two is not a node.

    >>> from onefold.identity.components.adjacency import adjacency
    >>> shortest_path(adjacency(4, np.array([0, 1]), np.array([1, 2])), 0, 2)
    [0, 1, 2]
    """
    nodes = graph.nodes
    if not (0 <= start < nodes and 0 <= end < nodes):
        raise ValueError(f"a path from {start} to {end}, but nodes are 0..{nodes - 1}")
    mode = choose_mode(nodes + graph.left.size, compiled)
    # Search from the end, so that each node points to the next one towards it.
    towards = mode.column(np.full(nodes, -1), np.int64)
    queue = mode.column(np.zeros(nodes), np.int64)
    spread = mode.load(_spread, "boolean(int64[::1], uint32[::1], int64[::1], int64[::1], int64, int64)")
    first, neighbour = mode.column(graph.start, np.int64), mode.column(graph.neighbour, np.uint32)
    if not spread(first, neighbour, towards, queue, end, start):
        return None
    path = [start]
    while path[-1] != end:
        path.append(int(towards[path[-1]]))
    return path


def _spread(  # noqa: PLR0917 - numba passes by position
    first: Any, neighbour: Any, towards: Any, queue: Any, source: int, wanted: int
) -> bool:
    """Point nodes towards ``source``, nearest first, until ``wanted`` is reached."""
    towards[source] = source
    queue[0] = source
    done, met = 0, 1
    while done < met:
        node = queue[done]
        if node == wanted:
            return True
        done += 1
        for i in range(first[node], first[node + 1]):
            other = neighbour[i]
            if towards[other] < 0:
                towards[other] = node
                queue[met] = other
                met += 1
    return False
