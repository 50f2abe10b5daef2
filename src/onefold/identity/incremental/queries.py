"""The SQL by which a run builds on the graph of the last one: what changed, and whom it touches.

In: the tables of a graph (``identity.schema``), their version, what memory lends. Out: queries, in the order in which
``onefold.identity.incremental.run`` runs them:

    days_query          what each day's rows came to when they were read last
    known_query         the numbers of ids that were met before
    came_query          evidence that is new, in temporary table CAME
    went_query          evidence that is gone, in WENT
    changes_query       of one of these what is not in the other under another count
    standing_query      the ids at the ends of both, as they stand
    merging_query       what the profiles are like that others meet
    lying_query         main ids that live no more and whose anchor is among new ids, in LYING
    scope_query         the members of all profiles that are solved again, in SCOPE
    scope_ids_query     their ids and the new ones
    scope_edges_query   all that joined them
    ...                 and what of the main ids there are is looked at

Nothing here depends on the number of rows that did not change, except for looks at columns of numbers, one at the texts
of ids and one or two at those of main ids. ``identity.incremental.versions`` writes what comes of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.main_ids.inherit import ANCHOR_COLUMNS
from onefold.identity.schema import DAY, FIRST, GRAPH, LAST, LEFT, NODE, OPEN, RIGHT, SOURCE, in_version
from onefold.sql.id_graph import PROFILE
from onefold.sql.input import timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

CHANGED, LOCAL, NEW = "stitch_changed", "stitch_local", "stitch_new"
"""Relations lent by memory: the days to read again, their ids, their evidence."""

NEW_IDS, MERGING, LOOKED = "stitch_new_ids", "stitch_merging", "stitch_looked"
"""Relations lent by memory: ids that no profile has (``node, id_type, id``), profiles that others meet, profiles whose
main id is looked at (``__profile``, ``is_whole`` if by all its ids, ``ids``: how many it has)."""

CAME, WENT, TOUCHED, SCOPE = "stitch_came", "stitch_went", "stitch_touched", "stitch_scope"
LYING, TOUCHED_MAIN_IDS, TOUCHED_MEMBERS = "stitch_lying", "stitch_touched_ids", "stitch_was_members"
RESOLVING, TOUCHED_ANCHORS = "stitch_resolving", "stitch_touched_anchors"
"""Temporary tables; what each holds is said at its query."""

EVIDENCE_COLUMNS = (LEFT, RIGHT, SOURCE, DAY, "row_count", "first_seen_at", "last_seen_at", "sample_key")
MEMBER_COLUMNS = ("other_id", "other_id_type", "valid_at", "first_seen_at", PROFILE, NODE)


def columns(names: Iterable[str], table: str | None = None) -> list[exp.Column]:
    """Columns of a table's alias."""
    return [exp.column(name, table=table) for name in names]


def named_as(table: str | exp.Table, alias: str) -> exp.Expr:
    """A table under an alias."""
    return exp.alias_(exp.to_table(table) if isinstance(table, str) else table.copy(), alias, table=True)


def listed(column: str, alias: str | None, table: str, *conditions: exp.Expr) -> exp.In:
    """Whether a column's value is in the column of that name of ``table``."""
    return exp.column(column, table=alias).isin(query=exp.select(column).from_(table).where(*conditions))


# --- what changed ---


def days_query(digests: exp.Table, version: int) -> exp.Select:
    """What the rows of each edge source and day came to."""
    return exp.select(SOURCE, DAY, "row_count", "digest").from_(digests.copy()).where(in_version(version))


def latest_query(digests: exp.Table) -> exp.Select:
    """The latest version that anything began or ended with."""
    ended = exp.Case().when(exp.column(LAST) < exp.Literal.number(OPEN), exp.column(LAST)).else_(exp.column(FIRST))
    later = exp.Greatest(this=exp.column(FIRST), expressions=[ended])
    return exp.select(exp.Max(this=later).as_("version")).from_(digests.copy())


def since_query(rows: exp.Select, since: datetime) -> exp.Select:
    """The rows of an edge source from a moment on, and those without a time."""
    seen_at = exp.column("seen_at", table="every_row")
    query = exp.select("every_row.*").from_(rows.subquery("every_row"))
    return query.where(exp.or_(seen_at >= timestamp(since), seen_at.copy().is_(exp.null())))


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
    new = exp.select(*columns(EVIDENCE_COLUMNS)).from_(NEW)
    return exp.except_(new, _of_days(evidence, version, EVIDENCE_COLUMNS), distinct=True)


def went_query(evidence: exp.Table, version: int) -> exp.Query:
    """Evidence that is gone."""
    new = exp.select(*columns(EVIDENCE_COLUMNS)).from_(NEW)
    return exp.except_(_of_days(evidence, version, EVIDENCE_COLUMNS), new, distinct=True)


def _of_days(table: exp.Table, version: int, names: Iterable[str]) -> exp.Select:
    """The rows of a table on the days that changed."""
    query = exp.select(*columns(names, "kept")).from_(exp.alias_(table.copy(), "kept", table=True))
    return query.where(in_version(version, "kept"), on_changed_day("kept"))


def on_changed_day(table: str) -> exp.Exists:
    """Whether a row of ``table`` is of an edge source and day that changed."""
    same = exp.and_(
        exp.column(SOURCE, table="changed").eq(exp.column(SOURCE, table=table)),
        exp.NullSafeEQ(this=exp.column(DAY, table="changed"), expression=exp.column(DAY, table=table)),
    )
    changed = exp.select(exp.Literal.number(1)).from_(exp.alias_(exp.to_table(CHANGED), "changed", table=True))
    return exp.Exists(this=changed.where(same))


# --- whom it touches ---


def changes_query(table: str, other: str) -> exp.Select:
    """What of CAME, or WENT, changes who belongs to whom since when: ``left_node, right_node, seen_at``.

    Evidence of a day that has other rows than before, and the same first one, is in both and changes nothing of that.

    Args:
        table: CAME or WENT.
        other: The other one.
    """
    return _ends(_changes(table, other).subquery("changes"))


def _changes(table: str, other: str) -> exp.Select:
    key: list[exp.Expr] = [exp.column(name, table="here").eq(exp.column(name, table="there")) for name in _KEY]
    for name in (DAY, "first_seen_at"):
        here, there = (exp.column(name, table=alias) for alias in ("here", "there"))
        key.append(exp.NullSafeEQ(this=here, expression=there))
    same = exp.select(exp.Literal.number(1)).from_(named_as(other, "there")).where(*key)
    query = exp.select(*columns(EVIDENCE_COLUMNS, "here")).from_(named_as(table, "here"))
    return query.where(exp.not_(exp.Exists(this=same)))


def _ends(evidence: exp.Subquery) -> exp.Select:
    ends = (exp.column(LEFT).as_("left_node"), exp.column(RIGHT).as_("right_node"))
    return exp.select(*ends, exp.column("first_seen_at").as_("seen_at")).from_(evidence)


_KEY = (LEFT, RIGHT, SOURCE)


def touched_query() -> exp.Query:
    """TOUCHED: the ids at the ends of evidence that came or went."""
    ends = [exp.select(exp.column(end).as_(NODE)).from_(table) for table in (CAME, WENT) for end in (LEFT, RIGHT)]
    return exp.union(*ends, distinct=True)


def standing_query(members: exp.Table, version: int) -> exp.Select:
    """Those of them that are in the graph, as they stand: their profile and times."""
    query = exp.select(NODE, PROFILE, "first_seen_at", "valid_at").from_(members.copy())
    return query.where(in_version(version), listed(NODE, None, TOUCHED))


def merging_query(members: exp.Table, version: int) -> exp.Select:
    """Of each profile in MERGING: how many ids it has, the earliest and the latest ``valid_at``, how many have none.

    The earliest is when its anchor was first seen: no id is connected to it before.
    """
    valid_at = exp.column("valid_at")
    return (
        exp.select(PROFILE, exp.Count(this=exp.Star()).as_("ids"))
        .select(exp.Min(this=valid_at).as_("anchor_seen_at"), exp.Max(this=valid_at.copy()).as_("joined_at"))
        .select((exp.Count(this=exp.Star()) - exp.Count(this=valid_at.copy())).as_("untimed"))
        .from_(members.copy())
        .where(in_version(version), listed(PROFILE, None, MERGING))
        .group_by(PROFILE)
    )


def lying_query(anchors: exp.Table) -> exp.Select:
    """LYING: the main ids that live no more and whose anchor is among the new ids, with its number: ``anchor_node``."""
    same = [
        exp.column(f"anchor_{name}", table="anchors").eq(exp.column(name, table="newcomers"))
        for name in ("id", "id_type")
    ]
    gone = exp.NullSafeNEQ(
        this=exp.column("current_main_id", table="anchors"), expression=exp.column("main_id", table="anchors")
    )
    return (
        exp.select(*columns(ANCHOR_COLUMNS, "anchors"), exp.column("node", table="newcomers").as_("anchor_node"))
        .from_(named_as(anchors, "anchors"))
        .join(named_as(NEW_IDS, "newcomers"), on=exp.and_(*same))
        .where(gone)
    )


def scope_query(members: exp.Table, version: int) -> exp.Select:
    """SCOPE: the members of every profile that is looked at by all its ids."""
    query = exp.select(*columns(MEMBER_COLUMNS)).from_(members.copy())
    return query.where(in_version(version), listed(PROFILE, None, LOOKED, exp.column("is_whole")))


def scope_ids_query() -> exp.Query:
    """Their ids and the new ones, in the order of their numbers: ``node, id_type, id``."""
    was = exp.select(exp.column(NODE).as_("node"), exp.column("other_id_type").as_("id_type"))
    was = was.select(exp.column("other_id").as_("id")).from_(SCOPE)
    new = exp.select("node", "id_type", "id").from_(NEW_IDS)
    return exp.select("*").from_(exp.union(was, new, distinct=False).subquery("ids")).order_by("node")


def scope_edges_query(evidence: exp.Table, version: int) -> exp.Query:
    """What joined the members in SCOPE and did not go: ``left_node, right_node, seen_at``."""
    there = listed(NODE, None, SCOPE)
    there.set("this", exp.column(LEFT))
    kept = exp.select(*columns(EVIDENCE_COLUMNS)).from_(evidence.copy()).where(in_version(version), there)
    return _ends(exp.except_(kept, _changes(WENT, CAME), distinct=True).subquery("now"))


# --- the main ids to look at ---


def touched_main_ids_query(names: exp.Table, version: int) -> exp.Select:
    """TOUCHED_MAIN_IDS: those of the profiles in LOOKED."""
    own = columns((PROFILE, "is_whole", "ids"), "looked")
    same = exp.column(PROFILE, table="names").eq(exp.column(PROFILE, table="looked"))
    return (
        exp.select(exp.column("main_id", table="names"), *own)
        .from_(named_as(names, "names"))
        .join(named_as(LOOKED, "looked"), on=same)
        .where(in_version(version, "names"))
    )


def resolving_query(anchors: exp.Table) -> exp.Select:
    """RESOLVING: these main ids and all that resolve to them."""
    same = exp.column("current_main_id", table="anchors").eq(exp.column("main_id", table="touched"))
    return (
        exp.select(*columns(ANCHOR_COLUMNS, "anchors"))
        .from_(named_as(anchors, "anchors"))
        .join(named_as(TOUCHED_MAIN_IDS, "touched"), on=same)
    )


def deputies_query() -> exp.Select:
    """Of profiles that are not looked at by all their ids, their number and anchor: ``node, id_type, id``."""
    same = exp.column("main_id", table="anchors").eq(exp.column("main_id", table="touched"))
    return (
        exp.select(exp.column(PROFILE, table="touched").as_("node"))
        .select(exp.column("anchor_id_type", table="anchors").as_("id_type"))
        .select(exp.column("anchor_id", table="anchors").as_("id"))
        .from_(named_as(TOUCHED_MAIN_IDS, "touched"))
        .join(named_as(RESOLVING, "anchors"), on=same)
        .where(exp.not_(exp.column("is_whole", table="touched")))
    )


def touched_anchors_query() -> exp.Select:
    """TOUCHED_ANCHORS: the main ids to look at, with the number of their anchor where it is among the ids at hand."""
    found = [exp.select(*columns(ANCHOR_COLUMNS)).from_(table) for table in (RESOLVING, LYING)]
    same = [
        exp.column(f"anchor_{name}", table="found").eq(exp.column(name, table="nodes")) for name in ("id", "id_type")
    ]
    return (
        exp.select("found.*", exp.column("node", table="nodes").as_("anchor_node"))
        .from_(exp.union(*found, distinct=True).subquery("found"))
        .join(named_as(GRAPH, "nodes"), on=exp.and_(*same), join_type="left")
    )


def was_members_query() -> exp.Query:
    """TOUCHED_MEMBERS: how many ids of which main id each node stands for."""
    one = exp.cast(exp.Literal.number(1), "BIGINT").as_("ids")
    same = exp.column(PROFILE, table="scope").eq(exp.column(PROFILE, table="touched"))
    each = exp.select(exp.column("main_id", table="touched"), exp.column(NODE, table="scope").as_("node"), one)
    each = each.from_(named_as(SCOPE, "scope")).join(named_as(TOUCHED_MAIN_IDS, "touched"), on=same)
    all_in_one = exp.select("main_id", exp.column(PROFILE).as_("node"), "ids").from_(TOUCHED_MAIN_IDS)
    return exp.union(each, all_in_one.where(exp.not_(exp.column("is_whole"))), distinct=False)
