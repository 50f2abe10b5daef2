"""The SQL that writes another version of a graph, and that counts what it holds.

In: the tables of a graph, what memory solved again, the temporary tables of ``identity.incremental.queries``. Out:
queries that compare the two, statements that end rows at a version and begin others with it, and queries for the
certificate. A row that ends is kept: an earlier version still shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.incremental.queries import (
    CAME,
    MEMBER_COLUMNS,
    SCOPE,
    TOUCHED_ANCHORS,
    TOUCHED_MAIN_IDS,
    WENT,
    columns,
    listed,
    named_as,
    on_changed_day,
)
from onefold.identity.main_ids.inherit import ANCHOR_COLUMNS
from onefold.identity.schema import FIRST, LAST, LEFT, NAMED, NODE, OPEN, RIGHT, SOLVED, SOURCE, in_version
from onefold.sql.id_graph import PROFILE
from onefold.sql.statements import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

LOST, NUMBERED = "stitch_lost", "stitch_numbered"
"""Relations lent by memory: profiles that went into another whole (``__profile, profile, valid_at``), and the number of
the profile of each component that was named (``component, profile``)."""

MEMBERS_CAME, MEMBERS_WENT = "stitch_members_came", "stitch_members_went"
NAMES_CAME, NAMES_WENT = "stitch_names_came", "stitch_names_went"
ANCHORS_CAME, ANCHORS_WENT = "stitch_anchors_came", "stitch_anchors_went"
NEW_ANCHORS, NEW_EVENTS = "stitch_new_anchors", "stitch_new_events"
"""Temporary tables; what each holds is said at its query."""


# --- what is new, and what is gone ---


def members_came_query(members: exp.Table, version: int) -> exp.Query:
    """MEMBERS_CAME: members as memory solved them that were not there just so, and those of profiles that went away."""
    changed = exp.except_(_solved(), exp.select(*columns(MEMBER_COLUMNS)).from_(SCOPE), distinct=True)
    same = exp.column(PROFILE, table="members").eq(exp.column(PROFILE, table="lost"))
    new = {"valid_at": exp.column("valid_at", table="lost"), PROFILE: exp.column("profile", table="lost")}
    moved = (
        exp.select(*(new.get(name, exp.column(name, table="members")).as_(name) for name in MEMBER_COLUMNS))
        .from_(named_as(members, "members"))
        .join(named_as(LOST, "lost"), on=same)
        .where(in_version(version, "members"))
    )
    return exp.union(changed, moved, distinct=False)


def members_went_query(members: exp.Table, version: int) -> exp.Query:
    """MEMBERS_WENT: the numbers of ids that are not members any more just so."""
    changed = exp.except_(exp.select(*columns(MEMBER_COLUMNS)).from_(SCOPE), _solved(), distinct=True)
    moved = exp.select(NODE).from_(members.copy()).where(in_version(version), listed(PROFILE, None, LOST))
    return exp.union(exp.select(NODE).from_(changed.subquery("changed")), moved, distinct=False)


def _solved() -> exp.Select:
    renamed = {"other_id": "id", "other_id_type": "id_type", PROFILE: "component", NODE: "node"}
    kinds = {PROFILE: "BIGINT", NODE: "BIGINT"}
    found = []
    for name in MEMBER_COLUMNS:
        value: exp.Expr = exp.column(renamed.get(name, name))
        found.append((exp.cast(value, kinds[name]) if name in kinds else value).as_(name))
    return exp.select(*found).from_(SOLVED)


def names_came_query() -> exp.Query:
    """NAMES_CAME: names of profiles that are new."""
    return exp.except_(_named(), _was_named(), distinct=True)


def names_went_query() -> exp.Query:
    """NAMES_WENT: names of profiles that are gone."""
    return exp.except_(_was_named(), _named(), distinct=True)


def _named() -> exp.Select:
    same = exp.column("component", table="named").eq(exp.column("component", table="numbered"))
    profile = exp.cast(exp.column("profile", table="numbered"), "BIGINT").as_(PROFILE)
    return (
        exp.select(profile, exp.column("main_id", table="named"))
        .from_(named_as(NAMED, "named"))
        .join(named_as(NUMBERED, "numbered"), on=same)
    )


def _was_named() -> exp.Select:
    return exp.select(exp.column(PROFILE), "main_id").from_(TOUCHED_MAIN_IDS)


def anchors_came_query() -> exp.Query:
    """ANCHORS_CAME: main ids that are new, or that stand otherwise than before."""
    new, was = (exp.select(*columns(ANCHOR_COLUMNS)).from_(table) for table in (NEW_ANCHORS, TOUCHED_ANCHORS))
    return exp.except_(new, was, distinct=True)


def anchors_went_query() -> exp.Query:
    """ANCHORS_WENT: main ids that do not stand any more as before."""
    new, was = (exp.select(*columns(ANCHOR_COLUMNS)).from_(table) for table in (NEW_ANCHORS, TOUCHED_ANCHORS))
    return exp.except_(was, new, distinct=True)


# --- writing ---


def end_same(table: exp.Table, names: Iterable[str], gone: str, version: int) -> exp.Update:
    """End the rows that are, in some columns, in a temporary table."""
    same = [
        exp.NullSafeEQ(this=exp.column(name, table="gone"), expression=exp.column(name, table=table.name))
        for name in names
    ]
    there = exp.select(exp.Literal.number(1)).from_(named_as(gone, "gone")).where(*same)
    return _ended(table, exp.Exists(this=there), version)


def end_of_days(table: exp.Table, version: int, *also: exp.Expr) -> exp.Update:
    """End what is kept by day, for the days that changed."""
    return _ended(table, exp.and_(on_changed_day(table.name), *also), version)


def end_keyed(table: exp.Table, key: str, gone: str, version: int) -> exp.Update:
    """End the rows whose key is in a temporary table."""
    return _ended(table, listed(key, None, gone), version)


def _ended(table: exp.Table, condition: exp.Expr, version: int) -> exp.Update:
    is_open = exp.column(LAST).eq(exp.Literal.number(OPEN))
    return exp.Update(
        this=table.copy(),
        expressions=[exp.column(LAST).eq(exp.Literal.number(version))],
        where=exp.Where(this=exp.and_(is_open, condition)),
    )


def begin(table: exp.Table, names: Iterable[str], rows: str, version: int) -> exp.Insert:
    """Add rows of a relation with a version."""
    own = [*names]
    values = exp.select(*columns(own), exp.Literal.number(version), exp.Literal.number(OPEN)).from_(rows)
    return insert_rows(table, [*own, FIRST, LAST], values)


# --- the check ---


def was_query(came: exp.Query, gone: exp.Query) -> exp.Select:
    """What the profiles that were solved again held before, and how many links came and went.

    Args:
        came: Links that are new: pairs of ids and edge source.
        gone: Links that are gone.
    """
    profiles = exp.Count(this=exp.Distinct(expressions=[exp.column(PROFILE)]))
    members = exp.select(exp.Count(this=exp.Star()).as_("ids"), profiles.as_("profiles")).from_(SCOPE)
    query = exp.select("*").from_(members.subquery("was"))
    for name, links in (("gone", gone), ("came", came)):
        counted = exp.select(exp.Count(this=exp.Star()).as_(name)).from_(links.subquery("links"))
        query = query.join(counted.subquery(name), join_type="cross")
    return query


def link_changes(evidence: exp.Table, version: int) -> tuple[exp.Query, exp.Query]:
    """The links that are new with the version after this one, and those that are gone, once that is written.

    Evidence that came makes a new link only where no other day had the two before.
    """
    return _no_others(CAME, evidence, version), _no_others(WENT, evidence, version + 1)


def _no_others(table: str, evidence: exp.Table, version: int) -> exp.Query:
    link, pairs = (LEFT, RIGHT, SOURCE), exp.column(LEFT).neq(exp.column(RIGHT))
    own = exp.select(*link).from_(table).where(pairs)
    near = listed(LEFT, None, table, pairs.copy())
    others = exp.select(*link).from_(evidence.copy()).where(in_version(version), pairs.copy(), near)
    return exp.except_(own, others, distinct=True)


def totals_query(members: exp.Table, names: exp.Table, anchors: exp.Table, version: int) -> exp.Select:
    """What the new version holds in all: ids, profiles that have a name, and living main ids."""
    living = exp.column("main_id").eq(exp.column("current_main_id"))
    query = exp.Select().select("*")
    for n, (name, table, also) in enumerate(
        (("ids", members, ()), ("profiles", names, ()), ("main_ids", anchors, (living,)))
    ):
        counted = exp.select(exp.Count(this=exp.Star()).as_(name)).from_(table.copy())
        part = counted.where(in_version(version), *also).subquery(f"of_{name}")
        query = query.from_(part) if n == 0 else query.join(part, join_type="cross")
    return query
