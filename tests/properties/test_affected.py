"""The re-solve scope of an incremental run against a full solution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from onefold.identity.columns import to_arrow, to_texts
from onefold.identity.components.connected_components import Graph, split, valid_since
from onefold.identity.incremental.affected import Links, Measured, Membership, find_affected
from onefold.identity.incremental.scope import names_change, scope_of
from onefold.identity.native.kernel import UNKNOWN

MOST = 14
TIME = st.sampled_from([1, 2, 2, 3, 4, 5, 5, 6, UNKNOWN])
LINK = st.tuples(st.integers(0, MOST - 1), st.integers(0, MOST - 1), TIME)


class Solved:
    """A full solution: the profile (the number of its anchor) and the times of each id."""

    def __init__(self, links: list[tuple[int, int, int]], before: Solved | None = None) -> None:
        left, right, seen_at = (np.array([link[place] for link in links], dtype=np.int64) for place in range(3))
        first = np.full(MOST, UNKNOWN, dtype=np.int64)
        live = np.zeros(MOST, dtype=np.bool_)
        for end in (left, right):
            np.minimum.at(first, end, seen_at)
            live[end] = True
        joins = left != right
        ends = (left[joins].astype(np.uint32), right[joins].astype(np.uint32))
        graph = Graph(live, *ends, seen_at[joins], first)
        found = split(graph)
        self.anchors: dict[int, int] = {}
        for component in np.unique(found.component[live]).tolist():
            ids = np.flatnonzero((found.component == component) & live).tolist()
            kept = [a for a in (before.anchors.values() if before else ()) if a in ids]
            self.anchors[component] = min(kept or ids, key=lambda n: (first[n], n))
        since = valid_since(graph, found, np.array(list(self.anchors.values()), dtype=np.int64))
        self.rows = {
            n: (self.anchors[int(found.component[n])], int(first[n]), int(since[n]))
            for n in np.flatnonzero(live).tolist()
        }


def links(rows: list[tuple[int, int, int]]) -> Links:
    return Links(*(np.array([row[place] for row in rows], dtype=np.int64) for place in range(3)))


def incremental(before: Solved, kept: list[Any], inserted: list[Any], deleted: list[Any]) -> tuple[dict[int, Any], int]:
    """All rows after an incremental solution, and the number of supernodes in it."""
    was = before.rows
    ends = sorted(was)
    membership = Membership(
        *(np.array(column, dtype=np.int64) for column in (ends, *([was[n][place] for n in ends] for place in range(3))))
    )

    def measure(profiles: Any) -> Measured:
        members = [[row for row in was.values() if row[0] == p] for p in profiles.tolist()]
        times = [[row[2] for row in rows] for rows in members]
        columns = ([len(rows) for rows in members], [min(t) for t in times], [max(t) for t in times])
        return Measured(profiles, *(np.array(column, dtype=np.int64) for column in columns))

    affected = find_affected(links(inserted), links(deleted), membership, measure)
    is_named = names_change(affected, np.empty(0, dtype=np.int64))
    whole = {n for n, row in was.items() if row[0] in affected.node[affected.is_profile & affected.is_whole].tolist()}
    ids = table(sorted(whole | set(affected.node[~affected.is_profile].tolist())))
    supernodes = table(affected.node[affected.is_profile & ~affected.is_whole & is_named].tolist())
    scope = scope_of(affected, is_named, ids, supernodes, links([row for row in kept if row[0] in whole]))
    anchors = []
    for component in np.unique(scope.found.component[scope.graph.is_kept]):
        here = np.flatnonzero((scope.found.component == component) & scope.graph.is_kept).tolist()
        old = [n for n in here if scope.is_supernode[n] or int(scope.node[n]) in before.anchors.values()]
        anchors.append(min(old or here, key=lambda n: (scope.graph.first_seen[n], scope.node[n])))
    places = np.array(anchors, dtype=np.int64)
    since = valid_since(scope.graph, scope.found, places)
    anchor_of = {int(scope.found.component[a]): int(scope.node[a]) for a in anchors}
    rows: dict[int, Any] = dict(was)
    for n, number in enumerate(scope.node.tolist()):
        profile, time = anchor_of.get(int(scope.found.component[n])), int(since[n])
        if scope.is_supernode[n] and profile != number:
            rows |= {i: (profile, row[1], time) for i, row in was.items() if row[0] == number}
        elif not scope.is_supernode[n]:
            rows.pop(number, None)
            if scope.graph.is_kept[n]:
                rows[number] = (profile, int(scope.graph.first_seen[n]), time)
    return rows, int(np.count_nonzero(scope.is_supernode))


def table(nodes: list[int]) -> pa.Table:
    texts = to_texts([str(n) for n in nodes])
    return pa.table({"node": to_arrow(np.array(nodes, dtype=np.int64), pa.int64()), "id_type": texts, "id": texts})


@settings(max_examples=examples(1500))
@given(st.lists(LINK, min_size=1, max_size=14), st.lists(LINK, max_size=8), st.sets(st.integers(0, 13), max_size=2))
def test_what_is_solved_is_as_if_all_were(stored: list[Any], inserted: list[Any], gone: set[int]) -> None:
    """After any change, profiles and times equal those of a full solution."""
    before = Solved(stored)
    deleted = [row for n, row in enumerate(stored) if n in gone]
    kept = [row for n, row in enumerate(stored) if n not in gone]

    rows, _ = incremental(before, kept, inserted, deleted)

    assert rows == Solved([*kept, *inserted], before).rows if kept or inserted else rows == {}


@settings(max_examples=examples(1500))
@given(st.lists(LINK, min_size=4, max_size=14), st.lists(LINK, min_size=1, max_size=8))
def test_later_links_are_solved_exactly(stored: list[Any], inserted: list[Any]) -> None:
    """With only later links, where profiles become supernodes, profiles and times equal those of a full solution."""
    before = Solved([(a, b, t % 5) for a, b, t in stored])
    later = [(a, b, t if t == UNKNOWN else t + 4) for a, b, t in inserted]

    rows, _ = incremental(before, stored, later, [])

    assert rows == Solved([*((a, b, t % 5) for a, b, t in stored), *later], before).rows


def test_a_profile_stands_for_its_ids() -> None:
    """A profile that gains a later id becomes a supernode; one that gains an earlier id is re-solved."""
    stored = [(0, 1, 1), (1, 2, 2)]

    _, stood = incremental(Solved(stored), stored, [(2, 5, 3)], [])
    _, stood_for_late = incremental(Solved(stored), stored, [(2, 5, 1)], [])

    assert (stood, stood_for_late) == (1, 0)


@pytest.mark.parametrize("time", [2, 9, UNKNOWN])
def test_two_profiles_merge(time: int) -> None:
    """The ids of a merged profile are connected from the time of the link, if none of them was connected later."""
    stored = [(0, 1, 1), (2, 3, 2)]

    rows, stood = incremental(Solved(stored), stored, [(1, 3, time)], [])

    assert stood == 2
    assert rows[2] == (0, 2, time)
    assert rows[1] == (0, 1, 1)
