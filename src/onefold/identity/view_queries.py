"""The queries of a graph's views: profiles, ids, edges and the quarantine.

Takes the step, the tables of a graph and a version. Returns queries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.schema import LEFT, NODE, RIGHT, SOURCE, columns_of, in_version
from onefold.sql.id_graph import PROFILE

if TYPE_CHECKING:
    from onefold.plan.model import IdStitcher
    from onefold.sql.relations import GraphViews


def edges_query(  # noqa: PLR0917
    step: IdStitcher,
    numbered: exp.Table,
    members: exp.Table,
    evidence: exp.Table,
    version: int,
    dropped: exp.Table | None = None,
) -> exp.Select:
    """The edges of a graph: one row per pair of ids and edge source, with their main id.

    Edges are undirected. The id type that the edge sources name first is on the left; for two ids of one type, the
    smaller text. Pairs in ``dropped`` are not edges.
    """
    ids = [exp.column("other_id", table=alias) for alias in "ab"]
    types = [exp.column("other_id_type", table=alias) for alias in "ab"]
    is_swapped = exp.and_(types[0].eq(types[1]), ids[0] > ids[1])
    query = exp.select(
        exp.Case().when(is_swapped, ids[1].copy()).else_(ids[0].copy()).as_("id1"),
        types[0].copy().as_("id1_type"),
        exp.Case().when(is_swapped.copy(), ids[0].copy()).else_(ids[1].copy()).as_("id2"),
        types[1].copy().as_("id2_type"),
        _source_name(step, "evidence").as_("source"),
        exp.cast(exp.Sum(this=exp.column("row_count", table="evidence")), "BIGINT").as_("row_count"),
        exp.Min(this=exp.column("first_seen_at", table="evidence")).as_("first_seen_at"),
        exp.Max(this=exp.column("last_seen_at", table="evidence")).as_("last_seen_at"),
        _earliest_key("evidence").as_("sample_key"),
        exp.column(step.main_id, table="a").as_(step.main_id),
    ).from_(exp.alias_(evidence.copy(), "evidence", table=True))
    for alias, end, table in (("a", LEFT, numbered), ("b", RIGHT, members)):
        on = exp.column(NODE, table=alias).eq(exp.column(end, table="evidence"))
        query = query.join(exp.alias_(table.copy(), alias, table=True), on=on)
    joined = exp.column(LEFT, table="evidence").neq(exp.column(RIGHT, table="evidence"))
    groups = [*ids, *types, exp.column(SOURCE, table="evidence"), exp.column(step.main_id, table="a")]
    in_force = [in_version(version, "evidence"), in_version(version, "b")]
    if dropped is not None:
        in_force.append(is_free(dropped, version, "evidence"))
    return query.where(joined, *in_force).group_by(*(column.copy() for column in groups))


def is_free(dropped: exp.Table, version: int, table: str | None = None) -> exp.Expr:
    """The condition that edge constraints keep a pair of the evidence. The evidence holds dropped pairs too."""
    ends = [exp.column(end, table=table) for end in (LEFT, RIGHT)]
    same = (
        exp.column("left_node", table="gone").eq(exp.Least(this=ends[0], expressions=[ends[1]])),
        exp.column("right_node", table="gone").eq(exp.Greatest(this=ends[0].copy(), expressions=[ends[1].copy()])),
    )
    gone = exp.select(exp.Literal.number(1)).from_(exp.alias_(dropped.copy(), "gone", table=True))
    return exp.not_(exp.Exists(this=gone.where(*same, in_version(version, "gone"))))


def _source_name(step: IdStitcher, table: str) -> exp.Case:
    name = exp.Case(this=exp.column(SOURCE, table=table))
    for number, edge_source in enumerate(step.sources):
        name = name.when(exp.Literal.number(number), exp.Literal.string(edge_source.source))
    return name.else_(exp.Literal.string("id rules"))


def _earliest_key(table: str) -> exp.Expr:
    """The key of the earliest row; if no row has a time, the smallest key."""
    key, time = exp.column("sample_key", table=table), exp.column("first_seen_at", table=table)
    return exp.func("COALESCE", exp.ArgMin(this=key, expression=time), exp.Min(this=key.copy()))


def quarantine_query(step: IdStitcher, excluded: exp.Table, version: int) -> exp.Select:
    """The quarantine: one row per excluded id or pair of ids, and edge source."""
    names = ("rule", "id1", "id1_type", "id2", "id2_type")
    one = [exp.column(name, table="excluded") for name in names]
    return (
        exp.select(*one, _source_name(step, "excluded").as_("source"))
        .select(
            exp.cast(exp.Sum(this=exp.column("row_count", table="excluded")), "BIGINT").as_("row_count"),
            _earliest_key("excluded").as_("sample_key"),
            *(exp.Max(this=exp.column(name, table="excluded")).as_(name) for name in ("found", "allowed", "reason")),
        )
        .from_(exp.alias_(excluded.copy(), "excluded", table=True))
        .where(in_version(version, "excluded"))
        .group_by(*(column.copy() for column in one), exp.column(SOURCE, table="excluded"))
    )


def profiles_query(step: IdStitcher, names: exp.Query) -> exp.Select:
    """The profiles of a version, with number and main id."""
    columns = (exp.column(PROFILE), exp.column("main_id").as_(step.main_id))
    return exp.select(*columns).from_(names.subquery("names"))


def numbered_query(step: IdStitcher, graph: GraphViews) -> exp.Select:
    """The id graph with the numbers of profiles and ids."""
    own = (exp.column(name, table="members") for name in (*columns_of(step)[1:], PROFILE, NODE))
    on = exp.column(PROFILE, table="profiles").eq(exp.column(PROFILE, table="members"))
    return (
        exp.select(exp.column(step.main_id, table="profiles"), *own)
        .from_(exp.alias_(graph.members.copy(), "members", table=True))
        .join(exp.alias_(graph.profiles.copy(), "profiles", table=True), on=on)
    )


def published_query(step: IdStitcher, numbered: exp.Table) -> exp.Select:
    """The published columns of the graph."""
    return exp.select(*(exp.column(name) for name in columns_of(step))).from_(numbered.copy())
