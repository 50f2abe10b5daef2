"""The part of a graph that is solved when a run builds on the last one.

In: whom changes touch, the ids of the profiles that are solved again, what joins them. Out: a `Scope`: a graph of ids
and of deputies. A deputy is a node that stands for a whole profile of which nothing changes within; its number is the
profile's. Reads no table and writes none.
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
    from onefold.identity.incremental.affected import Links, Touched

_MERGING = 2


@dataclass(frozen=True, eq=False)
class Scope:
    """Ids and deputies, numbered from 0 in the order of their numbers in the graph, and solved.

    Attributes:
        node: Per node, its number in the graph.
        is_deputy: Whether it stands for a profile.
        is_named: Whether its component may get another main id than before, or its first.
        graph: What joins them.
        found: The components.
        ids: The ids: ``node, id_type, id``, in the order of their numbers.
        deputies: The anchors of deputies in named components, likewise, under the deputies' numbers.
    """

    node: NDArray[np.int64]
    is_deputy: NDArray[np.bool_]
    is_named: NDArray[np.bool_]
    graph: Graph
    found: Partition
    ids: pa.Table
    deputies: pa.Table

    @property
    def component(self) -> NDArray[np.int64]:
        """Per node, the smallest number in its component."""
        return self.node[self.found.component]

    @property
    def profiles(self) -> int:
        """How many profiles there are in it."""
        return int(distinct(self.found.component[self.graph.is_live]).size)

    def profile(self, anchors: NDArray[np.int64]) -> NDArray[np.int64]:
        """Per node, the number of its profile: the smallest of its ids, or its own where a deputy is the anchor.

        Args:
            anchors: The place of the anchor of each component.
        """
        number = self.node.copy()
        deputies = anchors[self.is_deputy[anchors]]
        number[self.found.component[deputies]] = self.node[deputies]
        return number[self.found.component]

    def named_ids(self) -> pa.Table:
        """The ids and deputies to name: ``node, id_type, id, component, first_seen_at``."""
        wanted = (self.graph.is_live & self.is_named)[~self.is_deputy]
        rows = pa.concat_tables([self.ids.filter(to_mask(wanted)), self.deputies])
        place = np.searchsorted(self.node, to_numpy(rows["node"]))
        return tables.with_times(rows, self.component[place], self.graph.first_seen[place])

    def solved(self, profile: NDArray[np.int64], since: NDArray[np.int64]) -> pa.Table:
        """The ids that live: ``node, id_type, id, component, first_seen_at, valid_at``.

        Args:
            profile: Per node, the number of its profile.
            since: Per node, since when it is connected to its anchor.
        """
        lives = self.graph.is_live & ~self.is_deputy
        rows = self.ids.filter(to_mask(lives[~self.is_deputy]))
        return tables.with_times(rows, profile[lives], self.graph.first_seen[lives], since[lives])


def names_change(touched: Touched, back: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Per node of what is touched, whether its component may get another main id than before, or its first.

    A single profile that only new ids come to keeps its own, unless an anchor of old is among them.

    Args:
        touched: What is touched.
        back: Numbers of new ids that are the anchors of main ids of old.
    """
    profiles = touched.count(touched.is_profile)
    is_back = touched.count(np.isin(touched.node, back) & ~touched.is_profile) > 0
    changes: NDArray[np.bool_] = touched.is_whole | (profiles == 0) | (profiles >= _MERGING) | is_back
    return changes


def scope_of(touched: Touched, is_named: NDArray[np.bool_], ids: pa.Table, deputies: pa.Table, kept: Links) -> Scope:
    """Put the graph together and solve it.

    Args:
        touched: What is touched.
        is_named: From `names_change`.
        ids: Ids of profiles to solve again, and new ones: ``node, id_type, id``, in the order of ``node``.
        deputies: The anchors of the other profiles to name, likewise, under the profiles' numbers.
        kept: What joined the ids of profiles to solve again, and still does.
    """
    stand = touched.is_profile & ~touched.is_whole & ~touched.is_idle
    ids, deputies = _numbered(ids), _numbered(deputies)
    own = to_numpy(ids["node"])
    node = np.sort(np.concatenate((own, touched.node[stand])))
    is_deputy, seen = np.zeros(node.size, dtype=np.bool_), np.full(node.size, UNKNOWN, dtype=np.int64)
    place = np.searchsorted(node, touched.node[stand])
    is_deputy[place], seen[place] = True, touched.anchor_seen[stand]
    named = np.ones(node.size, dtype=np.bool_)
    named[np.searchsorted(node, touched.node[~is_named & ~touched.is_idle])] = False
    came = touched.came
    busy = ~np.isin(came.left, touched.node[touched.is_idle])
    left, right = (
        np.searchsorted(node, np.concatenate((old, new[busy]))).astype(np.uint32)
        for old, new in ((kept.left, came.left), (kept.right, came.right))
    )
    seen_at = np.concatenate((kept.seen_at, came.seen_at[busy]))
    is_live = is_deputy.copy()
    for end in (left, right):
        np.minimum.at(seen, end, np.where(is_deputy[end], UNKNOWN, seen_at))
        is_live[end] = True
    joins = left != right
    graph = Graph(is_live, left[joins], right[joins], seen_at[joins], seen)
    return Scope(node, is_deputy, named, graph, split(graph), ids, deputies)


def _numbered(rows: pa.Table) -> pa.Table:
    return pa.table({"node": rows["node"].cast(pa.int64()), "id_type": rows["id_type"], "id": rows["id"]})
