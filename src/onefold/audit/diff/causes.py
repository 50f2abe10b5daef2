"""Finds the edges that caused the changes between two id graphs.

Takes the tables of ``queries`` and both graphs; returns `Causes`: counts by day, and by source and cause. Also returns
the edges of single profiles. Most new edges change nothing, so only a spanning forest of a profile's new edges counts,
earliest first. Its nodes are the parts of the profile: former profiles, and ids that were in none.

    joined   a new edge between parts that were different profiles
    grew     a new edge to ids that were in no profile
    split    a deleted edge whose ends are now in different profiles
    led      a deleted edge on a path over deleted ids between two of these profiles
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
from sqlglot import exp

from onefold.audit.diff.queries import AFTER, BEFORE, column, is_there, one_of
from onefold.audit.records import Id
from onefold.identity.columns import to_arrow, to_numpy, to_texts
from onefold.identity.components.adjacency import adjacency, search
from onefold.identity.components.articulation import find_bridges
from onefold.identity.components.union_find import components, partition
from onefold.identity.native.kernel import UNKNOWN
from onefold.sql.input import timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from numpy.typing import NDArray

    from onefold.audit.diff.queries import ComparedGraph
    from onefold.audit.session import Session

Effect = Literal["joined", "grew", "split", "led"]

JOINING, PARTING = "diff_joining_edges", "diff_parting_edges"
"""Temporary tables of the candidate edges, numbered by ``n``."""

_EFFECTS = "diff_effects"

NEWER = "new rows"
EARLIER = "older rows that arrived late or were excluded before"
GONE = "rows deleted from the source"
EXCLUDED, NO_LONGER = "excluded by ", "no longer excluded by "
"""Why an edge is new, or deleted."""


@dataclass(frozen=True)
class CausingEdge:
    """An edge of one source that changed a profile.

    Attributes:
        effect: How it changed the profile.
        one: One id.
        other: The other id.
        source: Ref of the edge source, or ``id rules``.
        rows: Number of rows with both ids, in the graph that has the edge.
        first_seen_at: Time of the earliest row; None without timestamps.
        sample_key: ``row_identifier`` of that row, as text; None if the source has none.
        cause: Why the edge is new or deleted.
    """

    effect: Effect
    one: Id
    other: Id
    source: str
    rows: int
    first_seen_at: datetime | str | None
    sample_key: str | None
    cause: str


@dataclass(frozen=True)
class CauseLine:
    """The number of edges of one source with the same effect and cause."""

    effect: Effect
    source: str
    cause: str
    edges: int


@dataclass(frozen=True)
class DayLine:
    """The effects of the edges first seen on one day.

    Attributes:
        day: The day; None for edges without a timestamp.
        joined: Number of edges that joined profiles.
        grew: Number of edges that brought new ids.
        split: Number of deleted edges that split profiles.
    """

    day: date | None
    joined: int
    grew: int
    split: int


@dataclass(frozen=True)
class Causes:
    """The edges that changed profiles.

    Attributes:
        lines: By effect, source and cause; most edges first.
        days: By the day of their first row, latest first.
    """

    lines: tuple[CauseLine, ...]
    days: tuple[DayLine, ...]


def find_causes(session: Session, before: ComparedGraph, after: ComparedGraph, end_before: datetime | None) -> Causes:
    """Find the edges that changed profiles, and keep them for `edges_of`.

    Args:
        session: A connection; its tables FLOWS, BEFORE and AFTER are made.
        before: The one graph.
        after: The other.
        end_before: The end time of the rows of ``before``; None if there were none.
    """
    session.temp_table(JOINING, _joining_query(before, after, end_before))
    session.temp_table(PARTING, _parting_query(before, after))
    effects = pa.concat_tables([_joined(session), _parted(session)])
    with session.engine.upload(_EFFECTS, effects):
        session.temp_table("diff_causes", _causes_query())
    return Causes(_lines(session), _days(session))


def edges_of(session: Session, kind: str, main_ids: Sequence[str], most: int) -> dict[str, list[CausingEdge]]:
    """The edges that merged or split some profiles, by main id, earliest first; at most ``most`` per profile."""
    effects = {"merged": ("joined",), "split": ("split", "led"), "grown": ("grew",)}.get(kind, ())
    if not effects or not main_ids:
        return {}
    query = exp.select("*").from_("diff_causes").where(one_of(column("main_id"), main_ids))
    query = query.where(one_of(column("effect"), effects), column("edge_no") <= exp.Literal.number(most))
    found: dict[str, list[CausingEdge]] = {}
    for row in session.rows(query.order_by("main_id", "edge_no")):
        found.setdefault(row["main_id"], []).append(_edge(row))
    return found


def _edge(row: dict[str, Any]) -> CausingEdge:
    return CausingEdge(
        row["effect"], Id(row["id1_type"], row["id1"]), Id(row["id2_type"], row["id2"]), row["source"],
        int(row["row_count"]), row["first_seen_at"], row["sample_key"], row["cause"],
    )  # fmt: skip


# --- edges to look at ---


def _edges_query(edges_in: ComparedGraph, others: ComparedGraph, profiles: str, changed: exp.Expr) -> exp.Select:
    """Edges of changed profiles whose ends are in different profiles of the other graph, or in none of it.

    ``one`` and ``other`` are the parts that the ends are in: a profile of the other graph (+), or an id alone (-).
    """
    ends = []
    for number, alias in ((1, "a"), (2, "b")):
        alone = exp.Concat(
            expressions=[
                exp.Literal.string("-"),
                column(f"id{number}_type", "edges"),
                exp.Literal.string(" "),
                column(f"id{number}", "edges"),
            ]
        )
        main_id = exp.Concat(expressions=[exp.Literal.string("+"), column("main_id", alias)])
        ends.append(exp.Case().when(is_there("main_id", alias), main_id).else_(alone))
    names = ("id1", "id1_type", "id2", "id2_type", "source", "row_count", "first_seen_at", "sample_key")
    own = column(edges_in.main_id, "edges")
    query = (
        exp.select(*(column(name, "edges") for name in names), own.as_("main_id"))
        .select(ends[0].as_("one"), ends[1].as_("other"))
        .from_(edges_in.edge_rows().subquery("edges"))
        .join(exp.alias_(exp.to_table(profiles), "profiles", table=True), on=column("main_id", "profiles").eq(own))
        .where(changed)
    )
    for number, alias in ((1, "a"), (2, "b")):
        on = exp.and_(
            column("id", alias).eq(column(f"id{number}", "edges")),
            column("id_type", alias).eq(column(f"id{number}_type", "edges")),
        )
        query = query.join(others.rows().subquery(alias), on=on, join_type="left")
    is_apart = exp.NullSafeNEQ(this=column("main_id", "a"), expression=column("main_id", "b"))
    return query.where(exp.or_(is_apart, column("main_id", "a").is_(exp.null())))


def _numbered(edges: exp.Select, cause: exp.Expr) -> exp.Select:
    """The edges, earliest first, numbered from 0, with their causes."""
    order = exp.Order(
        expressions=[
            exp.Ordered(this=column("first_seen_at", "found"), nulls_first=False),
            *(
                exp.Ordered(this=column(name, "found"))
                for name in ("source", "id1_type", "id1", "id2_type", "id2", "main_id")
            ),
        ]
    )
    number = exp.Window(this=exp.RowNumber(), order=order) - exp.Literal.number(1)
    return exp.select("found.*", cause.as_("cause"), number.as_("n")).from_(edges.subquery("found"))


def _joining_query(before: ComparedGraph, after: ComparedGraph, end_before: datetime | None) -> exp.Select:
    """JOINING: edges of profiles that merged or grew."""
    changed = exp.and_(column("parts", "profiles") > 0, column("ids", "profiles").neq(column("largest", "profiles")))
    rule = _rule()
    is_newer = column("first_seen_at", "found") > timestamp(end_before) if end_before is not None else exp.true()
    cause = exp.Case().when(exp.not_(rule.is_(exp.null())), _words(NO_LONGER, rule))
    cause = cause.when(is_newer, exp.Literal.string(NEWER)).else_(exp.Literal.string(EARLIER))
    return _with_excluded(_numbered(_edges_query(after, before, AFTER, changed), cause), before)


def _parting_query(before: ComparedGraph, after: ComparedGraph) -> exp.Select:
    """PARTING: deleted edges of profiles that split."""
    rule = _rule()
    cause = exp.Case().when(exp.not_(rule.is_(exp.null())), _words(EXCLUDED, rule)).else_(exp.Literal.string(GONE))
    edges = _edges_query(before, after, BEFORE, column("parts", "profiles") > 1)
    return _with_excluded(_numbered(edges, cause), after)


def _rule() -> exp.Expr:
    """The rule that excluded an edge, or one of its ids."""
    return exp.func("COALESCE", *(column("rule", alias) for alias in ("pair", "first", "second")))


def _words(prefix: str, rule: exp.Expr) -> exp.Expr:
    return exp.DPipe(this=exp.Literal.string(prefix), expression=rule.copy())


def _with_excluded(query: exp.Select, graph: ComparedGraph) -> exp.Select:
    """Join the rules that excluded an edge or its ids in a graph, one row each."""
    rule = exp.Min(this=column("rule")).as_("rule")
    names = ("id1", "id1_type", "id2", "id2_type")
    every = graph.beside("quarantine").subquery("every_one")
    alone = exp.select("id1", "id1_type", rule).from_(every).where(column("id2").is_(exp.null()))
    paired = exp.select(*names).from_(every.copy()).where(is_there("id2"))
    turned = exp.select(*(column(name).as_(to) for name, to in zip(_TURNED, names, strict=True)), "rule")
    both = exp.union(paired.select("rule"), turned.from_(every.copy()).where(is_there("id2")), distinct=False)
    pairs = exp.select(*names, rule.copy()).from_(both.subquery("both_ways")).group_by(*names)

    def same(alias: str, own: int, number: int) -> exp.Expr:
        return exp.and_(
            column(f"id{own}", alias).eq(column(f"id{number}", "found")),
            column(f"id{own}_type", alias).eq(column(f"id{number}_type", "found")),
        )

    joins = (
        ("pair", pairs, exp.and_(same("pair", 1, 1), same("pair", 2, 2))),
        ("first", alone.group_by("id1", "id1_type"), same("first", 1, 1)),
        ("second", alone.copy().group_by("id1", "id1_type"), same("second", 1, 2)),
    )
    for alias, rules, on in joins:
        query = query.join(rules.subquery(alias), on=on, join_type="left")
    return query


_TURNED = ("id2", "id2_type", "id1", "id1_type")


# --- what they did ---


def _ends(session: Session, table: str) -> tuple[NDArray[np.int64], NDArray[np.int64], pa.Array]:
    """The parts of the ends of a table's edges, numbered within each profile; and the text of each part."""
    rows = session.fetch(exp.select("main_id", "one", "other").from_(table).order_by("n")).combine_chunks()
    owner = rows["main_id"].combine_chunks().dictionary_encode()
    both = pa.concat_arrays([rows["one"].combine_chunks(), rows["other"].combine_chunks()]).dictionary_encode()
    codes = to_numpy(pa.chunked_array([both.indices.cast(pa.int64())]))
    owners = np.tile(to_numpy(pa.chunked_array([owner.indices.cast(pa.int64())])), 2)
    keys, nodes = np.unique(owners * max(len(both.dictionary), 1) + codes, return_inverse=True)
    texts = both.dictionary.take(to_arrow(keys % max(len(both.dictionary), 1), pa.int64()))
    return nodes[: len(rows)], nodes[len(rows) :], texts


def _is_profile(texts: pa.Array) -> NDArray[np.int64]:
    """1 for parts that are profiles of the other graph, 0 for ids alone."""
    return np.array([text.startswith("+") for text in texts.to_pylist()], dtype=np.int64)


def _joined(session: Session) -> pa.Table:
    """The spanning edges of JOINING, by whether they joined profiles or brought new ids."""
    left, right, texts = _ends(session, JOINING)
    count = len(texts)
    forest = partition(count, left, right, seen_at=np.arange(left.size, dtype=np.int64)).forest
    assert forest is not None  # noqa: S101 - times were given
    forest = np.sort(forest)
    # Every edge of a forest is a bridge, so both of its sides are known.
    cut = find_bridges(search(adjacency(count, left[forest], right[forest])), (_is_profile(texts),))
    joins = (cut.disconnected_weight[0] > 0) & (cut.kept_weight[0] > 0)
    joined = np.sort(_pairs(cut.left[joins], cut.right[joins], count))
    own = _pairs(left[forest], right[forest], count)
    return _effects(JOINING, forest, np.where(np.isin(own, joined), "joined", "grew"))


def _pairs(left: NDArray[Any], right: NDArray[Any], count: int) -> NDArray[np.int64]:
    """One number per pair of nodes, in either order."""
    ends = np.stack([left.astype(np.int64), right.astype(np.int64)])
    return _ordered(ends.min(axis=0), ends.max(axis=0), count)


def _parted(session: Session) -> pa.Table:
    """The edges of PARTING on paths between current profiles, directly or over deleted ids."""
    left, right, texts = _ends(session, PARTING)
    is_profile = _is_profile(texts).astype(np.bool_)
    lives = is_profile[left] & is_profile[right]
    over = ~is_profile[left] & ~is_profile[right]
    group = components(len(texts), left[over], right[over])
    # The profiles to which each group of deleted ids was linked.
    mixed = ~lives & ~over
    gone = np.where(is_profile[left], right, left)[mixed]
    profile = np.where(is_profile[left], left, right)[mixed]
    links = np.unique(_ordered(group[gone], profile, len(texts)))
    touched = np.bincount(links // max(len(texts), 1), minlength=len(texts))
    led = np.flatnonzero(mixed)[touched[group[gone]] > 1]
    numbers = np.concatenate([np.flatnonzero(lives), led])
    return _effects(PARTING, numbers, np.array(["split"] * int(lives.sum()) + ["led"] * led.size, dtype=object))


def _ordered(first: NDArray[Any], second: NDArray[Any], count: int) -> NDArray[np.int64]:
    """One number per pair of nodes."""
    return np.asarray(first.astype(np.int64) * max(count, 1) + second.astype(np.int64), dtype=np.int64)


def _effects(table: str, numbers: NDArray[np.int64], effects: NDArray[Any]) -> pa.Table:
    return pa.table(
        {
            "edges_in": to_texts([table] * numbers.size),
            "n": to_arrow(numbers.astype(np.int64), pa.int64(), null=UNKNOWN),
            "effect": to_texts(effects.tolist()),
        }
    )


def _causes_query() -> exp.Query:
    """The edges with an effect, numbered within their profile by time."""
    parts = []
    for table in (JOINING, PARTING):
        on = exp.and_(
            column("n", "edges").eq(column("n", "effects")), column("edges_in", "effects").eq(exp.Literal.string(table))
        )
        edges = exp.alias_(exp.to_table(table), "edges", table=True)
        found = exp.select("edges.*", column("effect", "effects")).from_(edges)
        parts.append(found.join(exp.alias_(exp.to_table(_EFFECTS), "effects", table=True), on=on))
    order = exp.Order(expressions=[exp.Ordered(this=column("n"))])
    kind = exp.Case().when(column("effect").eq(exp.Literal.string("led")), exp.Literal.string("split"))
    keys = [column("main_id"), kind.else_(column("effect"))]
    number = exp.Window(this=exp.RowNumber(), partition_by=keys, order=order).as_("edge_no")
    return exp.select("*", number).from_(exp.union(*parts, distinct=False).subquery("every_one"))


def _lines(session: Session) -> tuple[CauseLine, ...]:
    edges = exp.Count(this=exp.Star()).as_("edges")
    query = exp.select("effect", "source", "cause", edges).from_("diff_causes").group_by("effect", "source", "cause")
    rows = session.rows(query.order_by(column("edges").desc(), "effect", "source", "cause"))
    return tuple(CauseLine(r["effect"], r["source"], r["cause"], int(r["edges"])) for r in rows)


def _days(session: Session) -> tuple[DayLine, ...]:
    day = exp.cast(column("first_seen_at"), "DATE")
    effect = column("effect")
    counts = [
        exp.CountIf(this=one_of(effect.copy(), effects)).as_(name)
        for name, effects in (("joined", ["joined"]), ("grew", ["grew"]), ("split", ["split", "led"]))
    ]
    query = exp.select(day.as_("day"), *counts).from_("diff_causes").group_by(day.copy())
    query = query.order_by(exp.Ordered(this=column("day"), desc=True, nulls_first=False))
    return tuple(DayLine(r["day"], int(r["joined"]), int(r["grew"]), int(r["split"])) for r in session.rows(query))
