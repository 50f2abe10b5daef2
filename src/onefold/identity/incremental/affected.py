"""Whom evidence that came or went touches, and which profiles must be solved again by all their ids.

In: that evidence, and how the ids at its ends stand. Out: a `Touched`: the profiles and new ids as nodes, put together
by what came. Most of what comes changes nothing inside a profile, because its ids were all connected to the anchor
before: then the profile stands for its ids, whatever their number, and they are not even read.

Why that is exact: ``valid_at`` of an id is the least of the latest edge's time over all paths to the anchor, and the
times of a profile satisfy all its old edges. An edge within it after which they still do changes none of them. An edge
that leads out of it, and is not earlier than ``valid_at`` of its end, gives whoever stands behind it its own time, as
if its end were the profile. For a profile that goes into another, this must hold for each of its ids: none may have
been connected later than the profile's first edge outwards. Where any of this fails, or evidence is gone, the whole
component is solved from its evidence.
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
"""Profiles in a component from which some go into another."""


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of ids.

    Attributes:
        left: The number of one.
        right: Of the other; the same for an id that was seen by itself.
        seen_at: When first: microseconds, `UNKNOWN` for null.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    seen_at: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Standing:
    """Ids of the graph as they stand, in the order of their numbers.

    Attributes:
        node: Their numbers.
        profile: The number of the profile of each.
        first_seen: Microseconds, `UNKNOWN` for null.
        valid_at: Likewise.
    """

    node: NDArray[np.int64]
    profile: NDArray[np.int64]
    first_seen: NDArray[np.int64]
    valid_at: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Measured:
    """What profiles are like, in the order of their numbers.

    Attributes:
        profile: Their numbers.
        ids: How many ids each has.
        anchor_seen: When its anchor was first seen.
        joined: When the last of its ids was connected to the anchor; `UNKNOWN` if one has no time.
    """

    profile: NDArray[np.int64]
    ids: NDArray[np.int64]
    anchor_seen: NDArray[np.int64]
    joined: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Touched:
    """Profiles and new ids as nodes, in the order of their numbers; a profile's number is that of one of its ids.

    Attributes:
        node: The number of each.
        is_profile: Whether it is a profile.
        component: Per node, the place of the first node that it hangs together with by what came or went.
        is_whole: Per node, whether its component must be solved by all its ids.
        ids: Per node, how many ids it has; 1 where nobody asked.
        anchor_seen: Per node, when its anchor was first seen; `UNKNOWN` where nobody asked.
        came: What came, between ids by their numbers; those of profiles that stand are the profile's.
    """

    node: NDArray[np.int64]
    is_profile: NDArray[np.bool_]
    component: NDArray[np.int64]
    is_whole: NDArray[np.bool_]
    ids: NDArray[np.int64]
    anchor_seen: NDArray[np.int64]
    came: Links

    def count(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Per node, how many nodes of its component are in ``mask``."""
        counts: NDArray[np.int64] = np.bincount(self.component[mask], minlength=self.node.size)[self.component]
        return counts

    @property
    def is_idle(self) -> NDArray[np.bool_]:
        """Per node, whether it is a profile of which nothing changes."""
        is_alone: NDArray[np.bool_] = self.count(np.ones(self.node.size, dtype=np.bool_)) == 1
        return self.is_profile & ~self.is_whole & is_alone


def touched_by(
    came: Links, went: Links, standing: Standing, measure: Callable[[NDArray[np.int64]], Measured]
) -> Touched:
    """Put together what changes touch.

    Args:
        came: Evidence that is new.
        went: Evidence that is gone; both ends are in the graph.
        standing: The ids at the ends that are in the graph; others may be among them.
        measure: Tells what the profiles of these numbers are like; asked for those that others meet.
    """
    left, right = (_ends(end, standing) for end in (came.left, came.right))
    lost = _ends(went.left, standing).key
    node = distinct(np.concatenate((left.key, right.key, lost)))
    is_profile: NDArray[np.bool_] = np.isin(node, standing.profile)
    a, b = (np.searchsorted(node, end.key) for end in (left, right))
    component = components(node.size, a, b).astype(np.int64)
    is_whole = np.zeros(node.size, dtype=np.bool_)
    is_whole[component[a[_changes_profile(left, right, came.seen_at)]]] = True
    is_whole[component[np.searchsorted(node, lost)]] = True
    profiles = np.bincount(component[is_profile], minlength=node.size)
    merges = is_profile & ~is_whole[component] & (profiles[component] >= _MERGING)
    ids, anchor_seen, joined = _measured(node, merges, measure)
    leads_out = a != b
    too_early = leads_out & (came.seen_at < np.maximum(joined[a], joined[b]))
    is_whole[component[a[too_early]]] = True
    is_whole = is_whole[component]
    stands = ~is_whole[a]
    links = Links(np.where(stands, left.key, came.left), np.where(stands, right.key, came.right), came.seen_at)
    return Touched(node, is_profile, component, is_whole, ids, anchor_seen, links)


@dataclass(frozen=True, eq=False)
class _Ends:
    """Ends of links: whose they are, and how they stand; a new id is its own and was connected to nothing."""

    key: NDArray[np.int64]
    is_old: NDArray[np.bool_]
    first_seen: NDArray[np.int64]
    valid_at: NDArray[np.int64]


def _ends(numbers: NDArray[np.int64], standing: Standing) -> _Ends:
    if not standing.node.size:
        never = np.full(numbers.size, _NEVER, dtype=np.int64)
        return _Ends(numbers, np.zeros(numbers.size, dtype=np.bool_), never, never)
    place = np.minimum(np.searchsorted(standing.node, numbers), standing.node.size - 1)
    is_old = standing.node[place] == numbers
    return _Ends(
        np.where(is_old, standing.profile[place], numbers),
        is_old,
        np.where(is_old, standing.first_seen[place], _NEVER),
        np.where(is_old, standing.valid_at[place], _NEVER),
    )


def _changes_profile(left: _Ends, right: _Ends, seen_at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Per link, whether it may change times within a profile."""
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
    """Per node: how many ids it has, when its anchor was first seen, when the last of its ids was connected."""
    ids = np.ones(node.size, dtype=np.int64)
    anchor_seen = np.full(node.size, UNKNOWN, dtype=np.int64)
    joined = np.full(node.size, _NEVER, dtype=np.int64)
    if asked.any():
        found = measure(node[asked])
        place = np.searchsorted(node, found.profile)
        ids[place], anchor_seen[place], joined[place] = found.ids, found.anchor_seen, found.joined
    return ids, anchor_seen, joined
