"""Find the components that inserted and deleted evidence affects, and decide which of them to re-solve by all ids.

Takes that evidence and the current membership of the ids at its ends. Returns an `Affected`: profiles and new ids as
nodes, grouped by the inserted and deleted links. Most inserted evidence changes nothing inside a profile, because all
its ids were already connected to the anchor. Such a profile becomes a single supernode: its ids are not even read.

This is exact. The ``valid_at`` of an id is the least, over all paths to the anchor, of the latest edge time on the
path. The times of a profile satisfy all its old edges, so:

- An edge inside the profile that its times still satisfy changes none of them.
- An edge that leads out of the profile, and is not earlier than ``valid_at`` of its end, gives the ids behind it its
  own time. The result is the same as if the end were the profile.
- A profile that merges into another needs this for each of its ids: none may have been connected later than the first
  edge that leads out of the profile.

Where one of these fails, or evidence was deleted, the whole component is re-solved from its evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onefold.identity.components.union_find import components
from onefold.identity.native.kernel import UNKNOWN
from onefold.identity.native.ordering import distinct

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_NEVER = int(np.iinfo(np.int64).min)
_MERGING = 2
"""Number of profiles in a component from which profiles merge."""


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of ids.

    Attributes:
        left: The number of one id.
        right: The number of the other id; the same for an id that was seen alone.
        seen_at: When the pair was first seen: microseconds, `UNKNOWN` for null.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    seen_at: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Membership:
    """The current membership of some ids, ordered by number.

    Attributes:
        node: Number of each id.
        profile: Number of the profile of each id.
        first_seen: Microseconds, `UNKNOWN` for null.
        valid_at: Microseconds, `UNKNOWN` for null.
    """

    node: NDArray[np.int64]
    profile: NDArray[np.int64]
    first_seen: NDArray[np.int64]
    valid_at: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Measured:
    """Measurements of profiles, ordered by number.

    Attributes:
        profile: Number of each profile.
        ids: Number of ids in each profile.
        anchor_seen: When its anchor was first seen.
        joined: When the last of its ids was connected to the anchor; `UNKNOWN` if one has no time.
    """

    profile: NDArray[np.int64]
    ids: NDArray[np.int64]
    anchor_seen: NDArray[np.int64]
    joined: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Affected:
    """The affected profiles and new ids as nodes, ordered by number. The number of a profile is that of one of its ids.

    Attributes:
        node: Number of each node.
        is_profile: Per node, whether it is a profile.
        component: Per node, the position of the first node that changed links connect it to.
        is_whole: Per node, whether its component must be re-solved by all ids.
        ids: Per node, how many ids it has; 1 if it was not measured.
        anchor_seen: Per node, when its anchor was first seen; `UNKNOWN` if it was not measured.
        inserted: The inserted links between ids, by number. An id of a supernode has the number of its profile.
    """

    node: NDArray[np.int64]
    is_profile: NDArray[np.bool_]
    component: NDArray[np.int64]
    is_whole: NDArray[np.bool_]
    ids: NDArray[np.int64]
    anchor_seen: NDArray[np.int64]
    inserted: Links

    def count(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Per node, how many nodes of its component ``mask`` selects."""
        counts: NDArray[np.int64] = np.bincount(self.component[mask], minlength=self.node.size)[self.component]
        return counts

    @property
    def is_unchanged(self) -> NDArray[np.bool_]:
        """Per node, whether it is a profile that does not change."""
        is_alone: NDArray[np.bool_] = self.count(np.ones(self.node.size, dtype=np.bool_)) == 1
        return self.is_profile & ~self.is_whole & is_alone


def find_affected(
    inserted: Links, deleted: Links, membership: Membership, measure: Callable[[NDArray[np.int64]], Measured]
) -> Affected:
    """Find the components that changed evidence affects.

    Args:
        inserted: The inserted evidence.
        deleted: The deleted evidence; both ends are in the graph.
        membership: The current membership of the ids at the ends that are in the graph, and possibly of others.
        measure: Measures the profiles with these numbers; called for the merging profiles.
    """
    left, right = (_ends(end, membership) for end in (inserted.left, inserted.right))
    deleted_ends = _ends(deleted.left, membership).key
    node = distinct(np.concatenate((left.key, right.key, deleted_ends)))
    is_profile: NDArray[np.bool_] = np.isin(node, membership.profile)
    a, b = (np.searchsorted(node, end.key) for end in (left, right))
    component = components(node.size, a, b).astype(np.int64)
    is_whole = np.zeros(node.size, dtype=np.bool_)
    is_whole[component[a[_changes_profile(left, right, inserted.seen_at)]]] = True
    is_whole[component[np.searchsorted(node, deleted_ends)]] = True
    profiles = np.bincount(component[is_profile], minlength=node.size)
    merges = is_profile & ~is_whole[component] & (profiles[component] >= _MERGING)
    ids, anchor_seen, joined = _measured(node, merges, measure)
    leads_out = a != b
    too_early = leads_out & (inserted.seen_at < np.maximum(joined[a], joined[b]))
    is_whole[component[a[too_early]]] = True
    is_whole = is_whole[component]
    is_supernode = ~is_whole[a]
    links = Links(
        np.where(is_supernode, left.key, inserted.left),
        np.where(is_supernode, right.key, inserted.right),
        inserted.seen_at,
    )
    return Affected(node, is_profile, component, is_whole, ids, anchor_seen, links)


@dataclass(frozen=True, eq=False)
class _Ends:
    """Ends of links with their current membership. A new id is its own profile and was connected to nothing."""

    key: NDArray[np.int64]
    is_old: NDArray[np.bool_]
    first_seen: NDArray[np.int64]
    valid_at: NDArray[np.int64]


def _ends(numbers: NDArray[np.int64], membership: Membership) -> _Ends:
    if not membership.node.size:
        never = np.full(numbers.size, _NEVER, dtype=np.int64)
        return _Ends(numbers, np.zeros(numbers.size, dtype=np.bool_), never, never)
    place = np.minimum(np.searchsorted(membership.node, numbers), membership.node.size - 1)
    is_old = membership.node[place] == numbers
    return _Ends(
        np.where(is_old, membership.profile[place], numbers),
        is_old,
        np.where(is_old, membership.first_seen[place], _NEVER),
        np.where(is_old, membership.valid_at[place], _NEVER),
    )


def _changes_profile(left: _Ends, right: _Ends, seen_at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Per link, whether it can change times inside a profile."""
    is_within = left.is_old & right.is_old & (left.key == right.key)
    seen_earlier = seen_at < np.maximum(left.first_seen, right.first_seen)
    shortens = (np.maximum(seen_at, left.valid_at) < right.valid_at) | (
        np.maximum(seen_at, right.valid_at) < left.valid_at
    )
    joined_earlier = seen_at < np.maximum(left.valid_at, right.valid_at)
    changes: NDArray[np.bool_] = np.where(is_within, seen_earlier | shortens, joined_earlier)
    return changes


def _measured(
    node: NDArray[np.int64], asked: NDArray[np.bool_], measure: Callable[[NDArray[np.int64]], Measured]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Per node: its number of ids, when its anchor was first seen, and when the last of its ids was connected."""
    ids = np.ones(node.size, dtype=np.int64)
    anchor_seen = np.full(node.size, UNKNOWN, dtype=np.int64)
    joined = np.full(node.size, _NEVER, dtype=np.int64)
    if asked.any():
        found = measure(node[asked])
        place = np.searchsorted(node, found.profile)
        ids[place], anchor_seen[place], joined[place] = found.ids, found.anchor_seen, found.joined
    return ids, anchor_seen, joined
