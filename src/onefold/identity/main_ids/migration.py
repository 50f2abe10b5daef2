"""The SQL that takes over the ids of an existing graph: another tool's table of main id, id and id type.

In: that table. Out: queries that read and check it, the two tables that stand for a published state until a run has
made them its own, and the state with them in it. The ids are checked here, never changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.main_ids.created import column, joined
from onefold.identity.main_ids.inherit import ANCHOR_COLUMNS, MEMBER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GIVEN = "main_ids_given"
"""The temporary table of what the graph says."""

MIGRATED_ANCHORS, MIGRATED_MEMBERS = "MIGRATED_ANCHORS", "MIGRATED_MEMBERS"
"""Suffixes of the tables that are kept, beside the stitcher's view."""


def given_query(graph: exp.Table, columns: Mapping[str, str]) -> exp.Select:
    """GIVEN: the distinct rows of the graph, as text, without those that lack a main id, an id or a type.

    Args:
        graph: Where it lies.
        columns: Its column by the name of ours (`MEMBER_COLUMNS`).
    """
    read = exp.select(
        *(exp.cast(exp.column(columns[name], quoted=True), "TEXT").as_(name) for name in MEMBER_COLUMNS)
    ).from_(graph.copy())
    there = [exp.not_(column(name).is_(exp.null())) for name in MEMBER_COLUMNS]
    filled = [column(name).neq(exp.Literal.string("")) for name in MEMBER_COLUMNS]
    return exp.select(*MEMBER_COLUMNS).distinct().from_(read.subquery("read_rows")).where(*there, *filled)


def unknown_types_query(known: Iterable[str]) -> exp.Select:
    """id_type, ids: the types of GIVEN that are not known, with the number of their ids."""
    types = [exp.Literal.string(name) for name in known]
    count = exp.Count(this=exp.Star()).as_("ids")
    return (
        exp.select(column("other_id_type").as_("id_type"), count)
        .from_(GIVEN)
        .where(exp.not_(exp.In(this=column("other_id_type"), expressions=types)))
        .group_by("other_id_type")
        .order_by("other_id_type")
    )


def doubled_query() -> exp.Select:
    """other_id, other_id_type, one_main_id, other_main_id: the ids of GIVEN that several main ids claim."""
    is_doubled = exp.Count(this=exp.Star()) > exp.Literal.number(1)
    return (
        exp.select("other_id", "other_id_type")
        .select(
            exp.Min(this=column("main_id")).as_("one_main_id"), exp.Max(this=column("main_id")).as_("other_main_id")
        )
        .from_(GIVEN)
        .group_by("other_id", "other_id_type")
        .having(is_doubled)
    )


def examples_query(doubled: exp.Select, limit: int) -> exp.Select:
    """The first few of them, with how many there are in ``doubled``."""
    count = exp.Window(this=exp.Count(this=exp.Star())).as_("doubled")
    return (
        exp.select("*", count).from_(doubled.subquery("doubled_ids")).order_by("other_id_type", "other_id").limit(limit)
    )


def migrated_anchors_query() -> exp.Select:
    """One row per main id of GIVEN, living, in the form of the state.

    ``since_seq_no`` is null: the first run gives it the anchor that the data tells, its id seen first. Until then, and
    for good if none of its ids is in the data, its anchor is the smallest of its ids.
    """
    order = exp.Order(expressions=[exp.Ordered(this=column(name)) for name in ("other_id_type", "other_id")])
    rank = exp.Window(this=exp.RowNumber(), partition_by=[column("main_id")], order=order)
    ranked = exp.select(*MEMBER_COLUMNS, rank.as_("rank_no")).from_(GIVEN)
    values = (
        column("main_id"),
        column("main_id"),
        column("other_id"),
        column("other_id_type"),
        exp.cast(exp.null(), "BIGINT"),
    )
    named = (value.as_(name) for value, name in zip(values, ANCHOR_COLUMNS, strict=True))
    first = column("rank_no").eq(exp.Literal.number(1))
    return exp.select(*named).from_(ranked.subquery("ranked")).where(first)


def migrated_members_query() -> exp.Select:
    """The mapping of GIVEN, in the form of the state."""
    return exp.select(*MEMBER_COLUMNS).from_(GIVEN)


def count_query() -> exp.Select:
    """main_ids, ids: how many there are in GIVEN."""
    main_ids = exp.Count(this=exp.Distinct(expressions=[column("main_id")]))
    return exp.select(main_ids.as_("main_ids"), exp.Count(this=exp.Star()).as_("ids")).from_(GIVEN)


def anchors_with_migrated_query(anchors: exp.Table, migrated: exp.Table) -> exp.Query:
    """The state's anchors and those taken over.

    A main id that was published already is not taken over again, so this adds nothing once a run has published them.
    """
    return _with_migrated(anchors, migrated, anchors, ANCHOR_COLUMNS)


def members_with_migrated_query(members: exp.Table, migrated: exp.Table, anchors: exp.Table) -> exp.Query:
    """The published mapping and that of the main ids that `anchors_with_migrated_query` adds to ``anchors``."""
    return _with_migrated(members, migrated, anchors, MEMBER_COLUMNS)


def _with_migrated(
    published: exp.Table, migrated: exp.Table, anchors: exp.Table, columns: tuple[str, ...]
) -> exp.Query:
    own = exp.select(*columns).from_(published.copy())
    new = exp.select(*(column(name, "migrated") for name in columns))
    new = new.from_(exp.alias_(migrated.copy(), "migrated", table=True)).join(
        exp.alias_(anchors.copy(), "known", table=True), on=joined("main_id", "migrated", "known"), join_type="left"
    )
    return exp.union(own, new.where(column("main_id", "known").is_(exp.null())), distinct=False)
