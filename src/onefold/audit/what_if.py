"""Simulates a change on the graph in memory: excluding ids, or removing an edge.

Takes an open graph and the profiles to change. Returns a `SimulatedChange`: the metrics before and after, equal to
those of the next run over the same rows. With limits (``maximum_edges``) or rules, excluding an id may restore edges
that a limit excluded, so the whole graph is simulated. Otherwise these profiles are enough, because the change
affects no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from sqlglot import exp

from onefold.audit.edge_limits import degrees, least_limit
from onefold.audit.records import GraphSize, SimulatedChange, Split
from onefold.audit.subgraph import ASKED, type_number
from onefold.identity.columns import as_mask, to_arrow, to_numpy
from onefold.identity.components.union_find import components
from onefold.identity.schema import LEFT, NODE, RIGHT, SOURCE, in_version, part
from onefold.sql.id_graph import DROPPED, EVIDENCE, PROFILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from onefold.audit.records import Id
    from onefold.audit.session import Session
    from onefold.audit.subgraph import Subgraph


@dataclass(frozen=True, eq=False)
class _Region:
    """The part of a graph that a change can affect.

    Attributes:
        number: Per node, the number of its id in the published graph.
        types: Per id type, which nodes are of it.
        left: One end of each edge that the sources give; edges are distinct.
        right: The other end.
        is_ruled: Per edge, 1 if a rule makes it, -1 if a rule takes it, 0 if none does.
        outside: The figures of the rest of the graph.
    """

    number: NDArray[np.int64]
    types: dict[str, NDArray[np.bool_]]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    is_ruled: NDArray[np.int8]
    outside: GraphSize


class WhatIf:
    """Simulates changes on one graph.

    Args:
        session: The open graph.
        found: Some profiles of it, in which all changes will be.
    """

    def __init__(self, session: Session, found: Subgraph) -> None:
        self._session, self._part = session, found

    @cached_property
    def _region(self) -> _Region:
        step = self._session.step
        is_whole = bool(step.limits) or step.id_rules is not None
        return _whole_graph(self._session) if is_whole else _of_part(self._session, self._part)

    @cached_property
    def _today(self) -> NDArray[np.int64]:
        return self._solved(np.zeros(0, dtype=np.int64))

    def without(self, ids: Sequence[Id]) -> SimulatedChange:
        """Simulate excluding ids by rules or filters."""
        nodes = self._nodes(ids)
        return self._outcome(self._solved(nodes), nodes, nodes)

    def apart(self, one: Id, other: Id) -> SimulatedChange:
        """Simulate removing the edge between two ids by a rule."""
        ends = self._nodes((one, other))
        return self._outcome(self._solved(ends[:0], ends), ends[:1], ends[:0])

    def are_joined(self, one: Id, other: Id, without: Sequence[Id]) -> bool:
        """Whether two ids share a profile without some other ids."""
        gone, ends = self._nodes(without), self._nodes((one, other))
        component = self._solved(gone)
        return not np.isin(ends, gone).any() and bool(component[ends[0]] == component[ends[1]])

    # --- implementation ---

    def _nodes(self, ids: Sequence[Id]) -> NDArray[np.int64]:
        """The nodes of some ids of the graph."""
        tables = self._session.tables
        numbers = []
        for found in ids:
            is_it = (
                exp.column("other_id").eq(exp.Literal.string(found.value)),
                exp.column("other_id_type").eq(exp.Literal.string(found.type)),
            )
            query = exp.select(NODE).from_(tables.members).where(*is_it, in_version(tables.version))
            numbers.append(self._session.rows(query)[0][NODE])
        return np.searchsorted(self._region.number, np.array(numbers, dtype=np.int64)).astype(np.int64)

    def _solved(self, gone: NDArray[np.int64], cut: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Per node, the representative of its profile, without some nodes and the edge between two others."""
        region = self._region
        left, right = region.left, region.right
        is_kept = ~(np.isin(left, gone) | np.isin(right, gone))
        is_over = _over_limits(self._session, region, is_kept)
        in_force = is_kept & ((region.is_ruled == _MADE) | ((region.is_ruled != _TAKEN) & ~is_over))
        if cut is not None:
            in_force &= ~(np.isin(left, cut) & np.isin(right, cut))
        return components(region.number.size, left[in_force], right[in_force]).astype(np.int64)

    def _figures(self, component: NDArray[np.int64], gone: NDArray[np.int64]) -> GraphSize:
        region = self._region
        is_there = np.ones(component.size, dtype=np.bool_)
        is_there[gone] = False
        sizes = np.bincount(component[is_there], minlength=component.size)
        is_person = region.types[self._session.person] & is_there
        persons = np.bincount(component[is_person], minlength=component.size)
        outside = region.outside
        return GraphSize(
            ids=outside.ids + int(is_there.sum()),
            profiles=outside.profiles + int(np.count_nonzero(sizes)),
            largest=max(outside.largest, int(sizes.max(initial=0))),
            several=outside.several + int(np.count_nonzero(persons > 1)),
        )

    def _outcome(
        self, after: NDArray[np.int64], touched: NDArray[np.int64], gone: NDArray[np.int64]
    ) -> SimulatedChange:
        """The effect on the graph, and on the profiles of some nodes."""
        person = self._region.types[self._session.person]
        is_inside = np.isin(self._today, self._today[touched]) & person
        left = is_inside.copy()
        left[gone] = False
        split = Split(int(is_inside.sum()), int(np.unique(after[left]).size))
        before = self._figures(self._today, self._today[:0])
        return SimulatedChange(before, self._figures(after, gone), self._session.person, split)


_MADE, _TAKEN = 1, -1
"""The effect of a rule on an edge."""


def _over_limits(session: Session, region: _Region, is_kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The edges that limits exclude if only some edges exist."""
    is_over = np.zeros(region.left.size, dtype=np.bool_)
    kept = (region.left[is_kept], region.right[is_kept])
    for limit in session.step.limits:
        degree = degrees(kept, region.types, limit.id_type, limit.other_type)
        every = (region.left, region.right)
        is_over |= least_limit(every, region.types, degree, limit.other_type) > limit.maximum
    return is_over


# --- the affected region ---


def _of_part(session: Session, found: Subgraph) -> _Region:
    """The given profiles, and only figures of all others."""
    order = np.argsort(found.number)
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    graph = found.graph
    asked = exp.select("number").from_(ASKED)
    is_outside = exp.not_(exp.In(this=exp.column(PROFILE), query=asked.subquery()))
    persons = exp.column(f"ids_{session.id_types.index(session.person)}")
    query = exp.select(
        exp.Count(this=exp.Star()).as_("profiles"),
        exp.Sum(this=exp.column("ids")).as_("ids"),
        exp.Max(this=exp.column("ids")).as_("largest"),
        exp.CountIf(this=persons > 1).as_("several"),
    )
    query = query.from_(session.sizes).where(is_outside)
    with session.engine.upload(ASKED, pa.table({"number": to_arrow(found.profiles, pa.int64())})):
        row = session.rows(query)[0]
    return _Region(
        number=found.number[order],
        types={name: found.of_type(name)[order] for name in found.types},
        left=place[graph.left].astype(np.int64),
        right=place[graph.right].astype(np.int64),
        is_ruled=np.zeros(graph.left.size, dtype=np.int8),
        outside=GraphSize(**{key: int(value or 0) for key, value in row.items()}),
    )


def _whole_graph(session: Session) -> _Region:
    """All ids and edges of the sources, including those that limits and rules exclude."""
    tables = session.tables
    members = exp.select(NODE, type_number(session)).from_(tables.members).where(in_version(tables.version))
    nodes = session.fetch(members.order_by(NODE))
    number, id_type = to_numpy(nodes[NODE]).astype(np.int64), to_numpy(nodes["type_number"])
    known = [exp.Literal.number(n) for n in range(len(session.step.sources))]
    is_made = exp.not_(exp.In(this=exp.column(SOURCE), expressions=known))
    ends = (exp.Least(this=exp.column(LEFT), expressions=[exp.column(RIGHT)]),
            exp.Greatest(this=exp.column(LEFT), expressions=[exp.column(RIGHT)]))  # fmt: skip
    query = exp.select(ends[0].as_("one"), ends[1].as_("other"), exp.LogicalOr(this=is_made).as_("is_made"))
    query = query.from_(part(tables.base, EVIDENCE))
    query = query.where(in_version(tables.version), exp.column(LEFT).neq(exp.column(RIGHT)))
    edges = session.fetch(query.group_by(ends[0].copy(), ends[1].copy()))
    left, right = (np.searchsorted(number, to_numpy(edges[end]).astype(np.int64)) for end in ("one", "other"))
    region = _Region(
        number=number,
        types={name: id_type == n for n, name in enumerate(session.id_types)},
        left=left,
        right=right,
        is_ruled=np.where(as_mask(edges["is_made"]), _MADE, 0).astype(np.int8),
        outside=GraphSize(0, 0, 0, 0),
    )
    _note_rules(session, region)
    return region


def _note_rules(session: Session, region: _Region) -> None:
    """Find the edges that rules remove, and those that they keep beyond a limit."""
    packed = (region.left << 32) | region.right
    dropped = exp.select(exp.column("left_node").as_("one"), exp.column("right_node").as_("other"))
    dropped = dropped.from_(part(session.tables.base, DROPPED)).where(in_version(session.tables.version))
    is_dropped = np.isin(packed, _packed(region, session.fetch(dropped)))
    is_over = _over_limits(session, region, np.ones(packed.size, dtype=np.bool_))
    region.is_ruled[is_dropped & ~is_over] = _TAKEN
    region.is_ruled[is_over & ~is_dropped] = _MADE
    if session.step.id_rules is not None:
        region.is_ruled[np.isin(packed, _packed(region, session.fetch(_excluded_pairs(session))))] = _TAKEN


def _packed(region: _Region, pairs: pa.Table) -> NDArray[np.int64]:
    """Pairs of id numbers as pairs of nodes, each packed into one number."""
    ends = [np.searchsorted(region.number, to_numpy(pairs[end]).astype(np.int64)) for end in ("one", "other")]
    return (np.minimum(*ends) << 32) | np.maximum(*ends)


def _excluded_pairs(session: Session) -> exp.Select:
    """The edges that rules exclude, as numbers of ids."""
    tables = session.tables
    query = exp.select(exp.column(NODE, table="a").as_("one"), exp.column(NODE, table="b").as_("other"))
    query = query.from_(exp.alias_(session.beside("QUARANTINE"), "gone", table=True))
    for n, alias in ((1, "a"), (2, "b")):
        on = exp.and_(
            exp.column("other_id", table=alias).eq(exp.column(f"id{n}", table="gone")),
            exp.column("other_id_type", table=alias).eq(exp.column(f"id{n}_type", table="gone")),
            in_version(tables.version, alias),
        )
        query = query.join(exp.alias_(tables.members, alias, table=True), on=on)
    return query.where(exp.column("rule", table="gone").eq(exp.Literal.string("id_rule")))
