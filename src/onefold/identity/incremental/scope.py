"""The re-solve scope: the part of a graph that an incremental run solves.

Takes the affected nodes, the ids of the profiles to re-solve, and the edges between them. Returns a `Scope`: a graph of
ids and supernodes. A supernode stands for a whole profile whose inside does not change, and has the profile's number.
Reads and writes no table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.identity import arrow_tables as tables
from onefold.identity.columns import to_mask, to_numpy
from onefold.identity.components.connected_components import Graph, split
from onefold.identity.native.kernel import UNKNOWN
from onefold.identity.native.ordering import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.components.union_find import Partition
    from onefold.identity.incremental.affected import Affected, Links

_MERGING = 2


@dataclass(frozen=True, eq=False)
class Scope:
    """Ids and supernodes, solved. They are numbered from 0, in the order of their numbers in the graph.

    Attributes:
        node: Per node, its number in the graph.
        is_supernode: Per node, whether it stands for a profile.
        is_named: Per node, whether its component can get a new or another main id.
        graph: The nodes and their edges.
        found: The components.
        ids: The ids, ordered by number: ``node, id_type, id``.
        supernodes: The anchors of the supernodes in named components, with the same columns; ``node`` is the supernode.
    """

    node: NDArray[np.int64]
    is_supernode: NDArray[np.bool_]
    is_named: NDArray[np.bool_]
    graph: Graph
    found: Partition
    ids: pa.Table
    supernodes: pa.Table

    @property
    def component(self) -> NDArray[np.int64]:
        """Per node, the smallest number in its component."""
        return self.node[self.found.component]

    @property
    def profiles(self) -> int:
        """Number of profiles in the scope."""
        return int(distinct(self.found.component[self.graph.is_kept]).size)

    def profile(self, anchors: NDArray[np.int64]) -> NDArray[np.int64]:
        """Per node, the number of its profile: the smallest of its ids, or the supernode that is the anchor.

        Args:
            anchors: The position of the anchor of each component.
        """
        number = self.node.copy()
        supernodes = anchors[self.is_supernode[anchors]]
        number[self.found.component[supernodes]] = self.node[supernodes]
        return number[self.found.component]

    def named_ids(self) -> pa.Table:
        """The ids and supernodes to name: ``node, id_type, id, component, first_seen_at``."""
        wanted = (self.graph.is_kept & self.is_named)[~self.is_supernode]
        rows = pa.concat_tables([self.ids.filter(to_mask(wanted)), self.supernodes])
        place = np.searchsorted(self.node, to_numpy(rows["node"]))
        return tables.with_times(rows, self.component[place], self.graph.first_seen[place])

    def solved(self, profile: NDArray[np.int64], since: NDArray[np.int64]) -> pa.Table:
        """The kept ids: ``node, id_type, id, component, first_seen_at, valid_at``.

        Args:
            profile: Per node, the number of its profile.
            since: Per node, when it was first connected to its anchor.
        """
        is_kept_id = self.graph.is_kept & ~self.is_supernode
        rows = self.ids.filter(to_mask(is_kept_id[~self.is_supernode]))
        return tables.with_times(rows, profile[is_kept_id], self.graph.first_seen[is_kept_id], since[is_kept_id])


def names_change(affected: Affected, restored: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Per affected node, whether its component can get a new or another main id.

    A single profile that only gains new ids keeps its main id, unless one of them is a restored anchor.

    Args:
        affected: The affected nodes.
        restored: Numbers of the new ids that are anchors of earlier main ids.
    """
    profiles = affected.count(affected.is_profile)
    is_restored = affected.count(np.isin(affected.node, restored) & ~affected.is_profile) > 0
    changes: NDArray[np.bool_] = affected.is_whole | (profiles == 0) | (profiles >= _MERGING) | is_restored
    return changes


def scope_of(
    affected: Affected, is_named: NDArray[np.bool_], ids: pa.Table, supernodes: pa.Table, kept: Links
) -> Scope:
    """Build the graph of the scope and solve it.

    Args:
        affected: The affected nodes.
        is_named: From `names_change`.
        ids: The ids of the profiles to re-solve, and the new ids, ordered by ``node``: ``node, id_type, id``.
        supernodes: The anchors of the other profiles to name, with the same columns; ``node`` is the profile.
        kept: The remaining edges between the ids of the profiles to re-solve.
    """
    stands_for_ids = affected.is_profile & ~affected.is_whole & ~affected.is_unchanged
    ids, supernodes = _numbered(ids), _numbered(supernodes)
    own = to_numpy(ids["node"])
    node = np.sort(np.concatenate((own, affected.node[stands_for_ids])))
    is_supernode, seen = np.zeros(node.size, dtype=np.bool_), np.full(node.size, UNKNOWN, dtype=np.int64)
    place = np.searchsorted(node, affected.node[stands_for_ids])
    is_supernode[place], seen[place] = True, affected.anchor_seen[stands_for_ids]
    named = np.ones(node.size, dtype=np.bool_)
    named[np.searchsorted(node, affected.node[~is_named & ~affected.is_unchanged])] = False
    inserted = affected.inserted
    busy = ~np.isin(inserted.left, affected.node[affected.is_unchanged])
    left, right = (
        np.searchsorted(node, np.concatenate((old, new[busy]))).astype(np.uint32)
        for old, new in ((kept.left, inserted.left), (kept.right, inserted.right))
    )
    seen_at = np.concatenate((kept.seen_at, inserted.seen_at[busy]))
    is_kept = is_supernode.copy()
    for end in (left, right):
        np.minimum.at(seen, end, np.where(is_supernode[end], UNKNOWN, seen_at))
        is_kept[end] = True
    joins = left != right
    graph = Graph(is_kept, left[joins], right[joins], seen_at[joins], seen)
    return Scope(node, is_supernode, named, graph, split(graph), ids, supernodes)


def _numbered(rows: pa.Table) -> pa.Table:
    return pa.table({"node": rows["node"].cast(pa.int64()), "id_type": rows["id_type"], "id": rows["id"]})
