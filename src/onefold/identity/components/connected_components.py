"""Connected components of numbered nodes, and the time from which each node is connected.

Takes the included nodes and their edge evidence, as arrays. Returns the component and times of each node. Does not use
texts, tables or main ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onefold.identity.components.connected_since import connected_since
from onefold.identity.components.union_find import earliest, partition
from onefold.identity.read.edge_evidence import first_seen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.components.union_find import Partition
    from onefold.identity.read.edges import Edges


@dataclass(frozen=True, eq=False)
class Graph:
    """Numbered nodes and their edges.

    Attributes:
        is_kept: Per node, whether it is kept; excluded nodes have no edges.
        left: One end of each edge.
        right: The other end.
        seen_at: When each edge was first seen: microseconds, `UNKNOWN` for null.
        first_seen: Per node, when it was first seen.
    """

    is_kept: NDArray[np.bool_]
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    seen_at: NDArray[np.int64]
    first_seen: NDArray[np.int64]


def graph_of(is_kept: NDArray[np.bool_], evidence: Edges) -> Graph:
    """The graph of the evidence. Pairs of a node with itself only contribute their time."""
    joins = evidence.left != evidence.right
    return Graph(
        is_kept,
        evidence.left[joins],
        evidence.right[joins],
        evidence.first_seen[joins],
        first_seen(is_kept.size, evidence),
    )


def split(graph: Graph) -> Partition:
    """The connected components, joined along edges in order of time."""
    return partition(graph.is_kept.size, graph.left, graph.right, seen_at=graph.seen_at)


def earliest_nodes(graph: Graph, component: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The kept nodes that were seen first in their component, which are the candidates for its initial main id."""
    return np.flatnonzero(earliest(component, graph.first_seen) & graph.is_kept)


def valid_since(graph: Graph, found: Partition, anchors: NDArray[np.int64]) -> NDArray[np.int64]:
    """Per node, the earliest time from which it is connected to the anchor of its component (format C6).

    Args:
        graph: The graph.
        found: Its components.
        anchors: The anchor of each component that has one, in any order. Other components use their smallest node.
    """
    component = found.component
    anchor = np.arange(component.size, dtype=np.int64)
    anchor[component[anchors]] = anchors
    return connected_since(
        component.size,
        graph.left,
        graph.right,
        seen_at=graph.seen_at,
        component=component,
        anchor=anchor,
        first_seen=graph.first_seen,
        forest=found.forest,
    )
