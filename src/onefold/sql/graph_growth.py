"""The SQL by which a run builds on the graph of the last one: what changed, whom it touches, and the new version.

In: the tables of a graph (``sql.id_stitcher``), their version, what memory lends. Out: queries and statements, in the
order in which ``onefold.identity.growth`` runs them:

    days_query          what each day's rows came to when they were read last
    known_query         the numbers of ids that were met before
    came_query          evidence that is new, in temporary table CAME
    went_query          evidence that is gone, in WENT
    touched_query       the ids at the ends of both, in TOUCHED
    scope_query         the members of all profiles that have such an id, in SCOPE
    scope_ids_query     their ids and the new ones
    scope_edges_query   all that joins them now
    ...                 and statements that end rows at a version and begin others with it

A row that ends is kept: an earlier version still shows it. Nothing here depends on the number of rows that did not
change, except for one look at the columns of numbers.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.id_stitcher import (
    DAY,
    FIRST,
    LAST,
    LEFT,
    NAMED,
    NODE,
    OPEN,
    PROFILE,
    RIGHT,
    SOLVED,
    SOURCE,
    in_version,
)  # fmt: skip
from onefold.sql.main_id_history import ANCHOR_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHANGED, LOCAL, NEW = "stitch_changed", "stitch_local", "stitch_new"
"""Relations lent by memory: the days to read again, their ids, their evidence."""

CAME, WENT, TOUCHED, SCOPE = "stitch_came", "stitch_went", "stitch_touched", "stitch_scope"
MEMBERS_CAME, MEMBERS_WENT = "stitch_members_came", "stitch_members_went"
NAMES_CAME, NAMES_WENT = "stitch_names_came", "stitch_names_went"
TOUCHED_MAIN_IDS, TOUCHED_ANCHORS = "stitch_touched_ids", "stitch_touched_anchors"
TOUCHED_MEMBERS = "stitch_was_members"
NEW_ANCHORS, CHANGED_ANCHORS, NEW_EVENTS = "stitch_new_anchors", "stitch_changed_anchors", "stitch_new_events"
"""Temporary tables."""

EVIDENCE_COLUMNS = (LEFT, RIGHT, SOURCE, DAY, "row_count", "first_seen_at", "last_seen_at", "sample_key")
MEMBER_COLUMNS = ("other_id", "other_id_type", "valid_at", "first_seen_at", PROFILE, NODE)


def _columns(names: Iterable[str], table: str | None = None) -> list[exp.Column]:
    return [exp.column(name, table=table) for name in names]


# --- what changed ---


def days_query(digests: exp.Table, version: int) -> exp.Select:
    """What the rows of each edge source and day came to."""
    return exp.select(SOURCE, DAY, "row_count", "digest").from_(digests.copy()).where(in_version(version))


def latest_query(digests: exp.Table) -> exp.Select:
    """The latest version that anything began or ended with."""
    ended = exp.Case().when(exp.column(LAST) < exp.Literal.number(OPEN), exp.column(LAST)).else_(exp.column(FIRST))
    later = exp.Greatest(this=exp.column(FIRST), expressions=[ended])
    return exp.select(exp.Max(this=later).as_("version")).from_(digests.copy())


def of_changed_days(rows: exp.Select, source: int, days: Sequence[int | None]) -> exp.Select:
    """The rows of an edge source (``seen_at``) on days that changed.

    Args:
        rows: All of them.
        source: The number of the edge source.
        days: The days since 1970, None for rows without a time. Their span is said as well as the days themselves: a
            file whose rows lie outside it is not opened.
    """
    seen_at = exp.column("seen_at", table="every_row")
    same = exp.and_(
        exp.column(SOURCE, table="changed").eq(exp.Literal.number(source)),
        exp.NullSafeEQ(this=exp.column(DAY, table="changed"), expression=exp.cast(seen_at.copy(), "DATE")),
    )
    changed = exp.select(exp.Literal.number(1)).from_(exp.alias_(exp.to_table(CHANGED), "changed", table=True))
    query = exp.select("every_row.*").from_(rows.subquery("every_row"))
    known = [day for day in days if day is not None]
    if known and None not in days and _FIRST_DAY <= min(known) <= max(known) < _LAST_DAY:
        query = query.where(seen_at.copy() >= _midnight(min(known)), seen_at.copy() < _midnight(max(known) + 1))
    return query.where(exp.Exists(this=changed.where(same)) if days else exp.false())


_EPOCH = date(1970, 1, 1)
_FIRST_DAY, _LAST_DAY = (date.min - _EPOCH).days, (date.max - _EPOCH).days


def _midnight(day: int) -> exp.Cast:
    """The beginning of a day."""
    return exp.cast(exp.Literal.string((_EPOCH + timedelta(days=day)).isoformat()), "TIMESTAMP")


def known_query(members: exp.Table) -> exp.Select:
    """Per id of the rows that were read: its number there, and that of the graph, if it was ever met."""
    same = exp.and_(
        exp.column("other_id", table="members").eq(exp.column("id", table="local")),
        exp.column("other_id_type", table="members").eq(exp.column("id_type", table="local")),
    )
    return (
        exp.select(exp.column("node", table="local"))
        .select(exp.cast(exp.Min(this=exp.column(NODE, table="members")), "BIGINT").as_("known"))
        .from_(exp.alias_(exp.to_table(LOCAL), "local", table=True))
        .join(exp.alias_(members.copy(), "members", table=True), on=same, join_type="left")
        .group_by(exp.column("node", table="local"))
    )


def most_query(members: exp.Table) -> exp.Select:
    """The largest number that an id of the graph ever had."""
    return exp.select(exp.Max(this=exp.column(NODE)).as_("node")).from_(members.copy())


def came_query(evidence: exp.Table, version: int) -> exp.Query:
    """Evidence that is new."""
    new = exp.select(*_columns(EVIDENCE_COLUMNS)).from_(NEW)
    return exp.except_(new, _of_days(evidence, version, EVIDENCE_COLUMNS), distinct=True)


def went_query(evidence: exp.Table, version: int) -> exp.Query:
    """Evidence that is gone."""
    new = exp.select(*_columns(EVIDENCE_COLUMNS)).from_(NEW)
    return exp.except_(_of_days(evidence, version, EVIDENCE_COLUMNS), new, distinct=True)


def _of_days(table: exp.Table, version: int, names: Iterable[str]) -> exp.Select:
    """The rows of a table on the days that changed."""
    query = exp.select(*_columns(names, "kept")).from_(exp.alias_(table.copy(), "kept", table=True))
    return query.where(in_version(version, "kept"), _on_changed_day("kept"))


def _on_changed_day(table: str) -> exp.Exists:
    same = exp.and_(
        exp.column(SOURCE, table="changed").eq(exp.column(SOURCE, table=table)),
        exp.NullSafeEQ(this=exp.column(DAY, table="changed"), expression=exp.column(DAY, table=table)),
    )
    changed = exp.select(exp.Literal.number(1)).from_(exp.alias_(exp.to_table(CHANGED), "changed", table=True))
    return exp.Exists(this=changed.where(same))


# --- whom it touches ---


def touched_query() -> exp.Query:
    """The ids at the ends of evidence that came or went."""
    ends = [exp.select(exp.column(end).as_(NODE)).from_(table) for table in (CAME, WENT) for end in (LEFT, RIGHT)]
    return exp.union(*ends, distinct=True)


def scope_query(members: exp.Table, version: int) -> exp.Select:
    """The members of every profile that has a touched id."""
    every = exp.alias_(members.copy(), "members", table=True)
    touched = exp.select(exp.column(NODE)).from_(TOUCHED)
    profiles = (
        exp.select(exp.column(PROFILE))
        .from_(members.copy())
        .where(in_version(version), exp.column(NODE).isin(query=touched))
    )
    query = exp.select(*_columns(MEMBER_COLUMNS, "members")).from_(every)
    return query.where(in_version(version, "members"), exp.column(PROFILE, table="members").isin(query=profiles))


def scope_ids_query() -> exp.Query:
    """The ids to look at, in the order of their numbers: ``node, id_type, id``. LOCAL has the graph's numbers here."""
    was = exp.select(exp.column(NODE).as_("node"), exp.column("other_id_type").as_("id_type"))
    was = was.select(exp.column("other_id").as_("id")).from_(SCOPE)
    touched, there = (exp.select(exp.column(NODE)).from_(name) for name in (TOUCHED, SCOPE))
    new = exp.select("node", "id_type", "id").from_(LOCAL)
    new = new.where(exp.column("node").isin(query=touched), exp.not_(exp.column("node").isin(query=there)))
    return exp.select("*").from_(exp.union(was, new, distinct=False).subquery("ids")).order_by("node")


def scope_edges_query(evidence: exp.Table, version: int) -> exp.Query:
    """All evidence between the ids to look at, as it is now: ``left_node, right_node, seen_at``."""
    there = exp.select(exp.column(NODE)).from_(SCOPE)
    kept = exp.select(*_columns(EVIDENCE_COLUMNS)).from_(evidence.copy())
    kept = kept.where(in_version(version), exp.column(LEFT).isin(query=there))
    gone = exp.select(*_columns(EVIDENCE_COLUMNS)).from_(WENT)
    came = exp.select(*_columns(EVIDENCE_COLUMNS)).from_(CAME)
    now = exp.union(exp.except_(kept, gone, distinct=True), came, distinct=False)
    ends = (exp.column(LEFT).as_("left_node"), exp.column(RIGHT).as_("right_node"))
    return exp.select(*ends, exp.column("first_seen_at").as_("seen_at")).from_(now.subquery("now"))


def touched_main_ids_query(names: exp.Table, version: int) -> exp.Select:
    """The main ids of the profiles to look at."""
    there = exp.select(exp.column(PROFILE)).from_(SCOPE)
    query = exp.select("main_id").distinct().from_(names.copy())
    return query.where(in_version(version), exp.column(PROFILE).isin(query=there))


def was_members_query(names: exp.Table, version: int) -> exp.Select:
    """The members of the profiles to look at, as they were: ``main_id, other_id, other_id_type``."""
    on = exp.and_(
        exp.column(PROFILE, table="names").eq(exp.column(PROFILE, table="scope")), in_version(version, "names")
    )
    return (
        exp.select(exp.column("main_id", table="names"), *_columns(("other_id", "other_id_type"), "scope"))
        .from_(exp.alias_(exp.to_table(SCOPE), "scope", table=True))
        .join(exp.alias_(names.copy(), "names", table=True), on=on)
    )


# --- the new version ---


def members_came_query() -> exp.Query:
    """Members as memory solved them that were not there just so."""
    return exp.except_(_solved(), exp.select(*_columns(MEMBER_COLUMNS)).from_(SCOPE), distinct=True)


def members_went_query() -> exp.Query:
    """Members that are not there any more just so."""
    return exp.except_(exp.select(*_columns(MEMBER_COLUMNS)).from_(SCOPE), _solved(), distinct=True)


def _solved() -> exp.Select:
    renamed = {"other_id": "id", "other_id_type": "id_type", PROFILE: "component", NODE: "node"}
    kinds = {PROFILE: "BIGINT", NODE: "BIGINT"}
    columns = []
    for name in MEMBER_COLUMNS:
        value: exp.Expr = exp.column(renamed.get(name, name))
        columns.append((exp.cast(value, kinds[name]) if name in kinds else value).as_(name))
    return exp.select(*columns).from_(SOLVED)


def names_came_query(names: exp.Table, version: int) -> exp.Query:
    """Names of profiles that are new."""
    return exp.except_(_named(), _was_named(names, version), distinct=True)


def names_went_query(names: exp.Table, version: int) -> exp.Query:
    """Names of profiles that are gone."""
    return exp.except_(_was_named(names, version), _named(), distinct=True)


def _named() -> exp.Select:
    return exp.select(exp.cast(exp.column("component"), "BIGINT").as_(PROFILE), "main_id").from_(NAMED)


def _was_named(names: exp.Table, version: int) -> exp.Select:
    there = exp.select(exp.column(PROFILE)).from_(SCOPE)
    query = exp.select(exp.column(PROFILE), "main_id").from_(names.copy())
    return query.where(in_version(version), exp.column(PROFILE).isin(query=there))


def end_evidence(evidence: exp.Table, version: int) -> exp.Update:
    """End the evidence that is gone."""
    key: list[exp.Expr] = [
        exp.column(name, table="gone").eq(exp.column(name, table=evidence.name)) for name in (LEFT, RIGHT, SOURCE)
    ]
    key.append(exp.NullSafeEQ(this=exp.column(DAY, table="gone"), expression=exp.column(DAY, table=evidence.name)))
    gone = exp.select(exp.Literal.number(1)).from_(exp.alias_(exp.to_table(WENT), "gone", table=True))
    return _ended(evidence, exp.Exists(this=gone.where(exp.and_(*key))), version)


def end_of_days(table: exp.Table, version: int) -> exp.Update:
    """End what is kept by day, for the days that changed."""
    return _ended(table, _on_changed_day(table.name), version)


def end_keyed(table: exp.Table, key: str, gone: str, version: int) -> exp.Update:
    """End the rows whose key is in a temporary table."""
    return _ended(table, exp.column(key).isin(query=exp.select(exp.column(key)).from_(gone)), version)


def _ended(table: exp.Table, condition: exp.Expr, version: int) -> exp.Update:
    is_open = exp.column(LAST).eq(exp.Literal.number(OPEN))
    return exp.Update(
        this=table.copy(),
        expressions=[exp.column(LAST).eq(exp.Literal.number(version))],
        where=exp.Where(this=exp.and_(is_open, condition)),
    )


def begin(table: exp.Table, names: Iterable[str], rows: str, version: int) -> exp.Insert:
    """Add rows of a relation with a version."""
    columns = [*names]
    values = exp.select(*_columns(columns), exp.Literal.number(version), exp.Literal.number(OPEN)).from_(rows)
    into = exp.Schema(this=table.copy(), expressions=[exp.to_identifier(c) for c in (*columns, FIRST, LAST)])
    return exp.Insert(this=into, expression=values)


def anchors_changed_query(anchors: exp.Table, version: int) -> exp.Query:
    """Main ids that are new, or that stand otherwise than before."""
    columns = _columns(ANCHOR_COLUMNS)
    new = exp.select(*columns).from_(NEW_ANCHORS)
    was = exp.select(*(c.copy() for c in columns)).from_(anchors.copy()).where(in_version(version))
    return exp.except_(new, was, distinct=True)


# --- the check ---


def was_query() -> exp.Select:
    """What the part that was looked at held before, and how many links went and came."""
    profiles = exp.Count(this=exp.Distinct(expressions=[exp.column(PROFILE)]))
    members = exp.select(exp.Count(this=exp.Star()).as_("ids"), profiles.as_("profiles")).from_(SCOPE)
    query = exp.select("*").from_(members.subquery("was"))
    for name, table in (("gone", WENT), ("came", CAME)):
        links = exp.select(exp.Count(this=exp.Star()).as_(name)).from_(table)
        query = query.join(links.where(exp.column(LEFT).neq(exp.column(RIGHT))).subquery(name), join_type="cross")
    return query


def totals_query(members: exp.Table, anchors: exp.Table, version: int) -> exp.Select:
    """What the new version holds in all: ids, profiles, and living main ids."""
    counted = exp.Count(this=exp.Distinct(expressions=[exp.column(PROFILE)]))
    of_members = exp.select(exp.Count(this=exp.Star()).as_("ids"), counted.as_("profiles")).from_(members.copy())
    living = exp.column("main_id").eq(exp.column("current_main_id"))
    of_anchors = exp.select(exp.Count(this=exp.Star()).as_("main_ids")).from_(anchors.copy())
    return (
        exp.select("*")
        .from_(of_members.where(in_version(version)).subquery("members"))
        .join(of_anchors.where(in_version(version), living).subquery("anchors"), join_type="cross")
    )
