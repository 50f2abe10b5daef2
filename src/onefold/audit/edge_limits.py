"""``maximum_edges`` on a graph in memory: degrees of ids, and the edges that a limit excludes.

Takes numbered edges and the id type of each node. Returns one number per node or per edge. Counts like the stitcher
(``identity.rules.edge_constraints``): all included edges count, and all limits apply to the same counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Nodes = NDArray[np.integer[Any]]
    Types = Mapping[str, NDArray[np.bool_]]


def degrees(ends: tuple[Nodes, Nodes], types: Types, of: str, counts: str) -> NDArray[np.int64]:
    """Per node of one type, the number of neighbours of another type; 0 for other nodes.

    Args:
        ends: Both ends of each edge that takes part; edges are distinct.
        types: Per id type, which nodes are of it.
        of: The one type.
        counts: The other.
    """
    left, right = ends
    nodes, is_counted = types[of].size, types[counts]
    found = np.zeros(nodes, dtype=np.int64)
    for near, far in ((left, right), (right, left)):
        found += np.bincount(near[is_counted[far]], minlength=nodes)
    found[~types[of]] = 0
    return found


def least_limit(ends: tuple[Nodes, Nodes], types: Types, degree: NDArray[np.int64], counts: str) -> NDArray[np.int64]:
    """Per edge, the lowest limit that keeps it; 0 for edges to ids of other types.

    Args:
        ends: Both ends of each edge.
        types: As in `degrees`.
        degree: What `degrees` gave.
        counts: The type that is counted.
    """
    left, right = ends
    is_counted = types[counts]
    forth = np.where(is_counted[right], degree[left], 0)
    back = np.where(is_counted[left], degree[right], 0)
    return np.maximum(forth, back)
