"""The queries that write a graph and read it back: members, names, and the counts of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.main_ids.inherit import ANCHOR_COLUMNS
from onefold.identity.schema import FIRST, LAST, NAMED, NODE, OPEN, SOLVED, columns_of, in_version
from onefold.sql.id_graph import PROFILE

if TYPE_CHECKING:
    from onefold.plan.model import IdStitcher
    from onefold.sql.relations import GraphViews


def members_query(version: int) -> exp.Select:
    """One row per id: since when it belongs to its profile, when it was first seen, and its numbers."""
    return exp.select(
        exp.column("id").as_("other_id"),
        exp.column("id_type").as_("other_id_type"),
        exp.column("valid_at"),
        exp.column("first_seen_at"),
        exp.column("component").as_(PROFILE),
        exp.column("node").as_(NODE),
        *_in_force(version),
    ).from_(SOLVED)


def names_query(version: int) -> exp.Select:
    """The main id of each profile. Kept apart from the ids: a third of the room, and a new name touches one row."""
    return exp.select(exp.column("component").as_(PROFILE), "main_id", *_in_force(version)).from_(NAMED)


def in_force_query(lent: str, version: int) -> exp.Select:
    """What memory lends, as it is kept."""
    return exp.select("*", *_in_force(version)).from_(lent)


def _in_force(version: int) -> tuple[exp.Expr, exp.Expr]:
    return tuple(
        exp.cast(exp.Literal.number(number), "INT").as_(name) for number, name in ((version, FIRST), (OPEN, LAST))
    )  # type: ignore[return-value]


def current_members_query(step: IdStitcher, members: exp.Table, version: int) -> exp.Select:
    """The ids of a version, with their numbers and those of their profiles."""
    own = (exp.column(name) for name in (*columns_of(step)[1:], PROFILE, NODE))
    return exp.select(*own).from_(members.copy()).where(in_version(version))


def profiles_query(step: IdStitcher, names: exp.Table, version: int) -> exp.Select:
    """The profiles of a version: number and main id."""
    columns = (exp.column(PROFILE), exp.column("main_id").as_(step.main_id))
    return exp.select(*columns).from_(names.copy()).where(in_version(version))


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
    """The result without what is only of use within the run."""
    return exp.select(*(exp.column(name) for name in columns_of(step))).from_(numbered.copy())


# --- naming ---


def anchors_query(anchors: exp.Table, version: int) -> exp.Select:
    """Every main id ever published, with its anchor, as of a version."""
    columns = (exp.column(name) for name in ANCHOR_COLUMNS)
    return exp.select(*columns).from_(anchors.copy()).where(in_version(version))


def members_before_query(numbered: exp.Table, main_id: str) -> exp.Select:
    """Which ids the published main ids have."""
    names = (exp.column(main_id).as_("main_id"), exp.column("other_id"), exp.column("other_id_type"))
    return exp.select(*names).from_(numbered.copy())


def named_count_query() -> exp.Select:
    """How many profiles were named, and how many different names they have."""
    distinct = exp.Count(this=exp.Distinct(expressions=[exp.column("main_id")]))
    return exp.select(exp.Count(this=exp.Star()).as_("profiles"), distinct.as_("main_ids")).from_(NAMED)


def members_count_query(members: exp.Table, version: int) -> exp.Select:
    """How many ids were written, and in how many profiles."""
    distinct = exp.Count(this=exp.Distinct(expressions=[exp.column(PROFILE)]))
    query = exp.select(exp.Count(this=exp.Star()).as_("ids"), distinct.as_("profiles")).from_(members.copy())
    return query.where(in_version(version))
