"""Which numbered nodes belong together, since when, and the check that it is so.

In: living nodes and the evidence between them, as arrays. Out: per node its component and times. Knows nothing of
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
    """Numbered nodes and what joins them.

    Attributes:
        is_kept: Per node, whether it is an id; others have no edge.
        left: One end of each edge.
        right: The other end; its own end for a row with one id.
        seen_at: When each edge was first seen: microseconds, `UNKNOWN` for null.
        first_seen: Per node, when it was first seen.
    """

    is_kept: NDArray[np.bool_]
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    seen_at: NDArray[np.int64]
    first_seen: NDArray[np.int64]


def graph_of(is_kept: NDArray[np.bool_], evidence: Edges) -> Graph:
    """The graph that evidence makes; pairs of a node with itself say when it was seen, and join nothing."""
    joins = evidence.left != evidence.right
    return Graph(
        is_kept,
        evidence.left[joins],
        evidence.right[joins],
        evidence.first_seen[joins],
        first_seen(is_kept.size, evidence),
    )


def split(graph: Graph) -> Partition:
    """The connected components, and the edges that made them, in order of time."""
    return partition(graph.is_kept.size, graph.left, graph.right, seen_at=graph.seen_at)


def earliest_nodes(graph: Graph, component: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The living nodes seen first in their component: one of them can name it."""
    return np.flatnonzero(earliest(component, graph.first_seen) & graph.is_kept)


def valid_since(graph: Graph, found: Partition, anchors: NDArray[np.int64]) -> NDArray[np.int64]:
    """Per node, the earliest moment from which it is connected to its component's anchor (format C6).

    Args:
        graph: The graph.
        found: Its components.
        anchors: The anchor of each component that has one, in any order; others are their own.
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
