"""The SQL that takes over the ids of an existing graph: another tool's table of main id, id and id type.

In: that table. Out: queries that read and check it, the two tables that stand for a published state until a run has
made them its own. The ids are checked here, never changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.schema import ANCHOR_COLUMNS
from onefold.sql.node_marks import as_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEMBER_COLUMNS = ("main_id", "other_id", "other_id_type")

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
    read = exp.select(*(as_id(exp.column(columns[name], quoted=True)).as_(name) for name in MEMBER_COLUMNS)).from_(
        graph.copy()
    )
    there = [exp.not_(exp.column(name).is_(exp.null())) for name in MEMBER_COLUMNS]
    filled = [exp.column(name).neq(exp.Literal.string("")) for name in MEMBER_COLUMNS]
    return exp.select(*MEMBER_COLUMNS).distinct().from_(read.subquery("read_rows")).where(*there, *filled)


def unknown_types_query(known: Iterable[str]) -> exp.Select:
    """id_type, ids: the types of GIVEN that are not known, with the number of their ids."""
    types = [exp.Literal.string(name) for name in known]
    count = exp.Count(this=exp.Star()).as_("ids")
    return (
        exp.select(exp.column("other_id_type").as_("id_type"), count)
        .from_(GIVEN)
        .where(exp.not_(exp.In(this=exp.column("other_id_type"), expressions=types)))
        .group_by("other_id_type")
        .order_by("other_id_type")
    )


def doubled_query() -> exp.Select:
    """other_id, other_id_type, one_main_id, other_main_id: the ids of GIVEN that several main ids claim."""
    is_doubled = exp.Count(this=exp.Star()) > exp.Literal.number(1)
    return (
        exp.select("other_id", "other_id_type")
        .select(
            exp.Min(this=exp.column("main_id")).as_("one_main_id"),
            exp.Max(this=exp.column("main_id")).as_("other_main_id"),
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
    order = exp.Order(expressions=[exp.Ordered(this=exp.column(name)) for name in ("other_id_type", "other_id")])
    rank = exp.Window(this=exp.RowNumber(), partition_by=[exp.column("main_id")], order=order)
    ranked = exp.select(*MEMBER_COLUMNS, rank.as_("rank_no")).from_(GIVEN)
    values = (
        exp.column("main_id"),
        exp.column("main_id"),
        exp.column("other_id"),
        exp.column("other_id_type"),
        exp.cast(exp.null(), "BIGINT"),
    )
    named = (value.as_(name) for value, name in zip(values, ANCHOR_COLUMNS, strict=True))
    first = exp.column("rank_no").eq(exp.Literal.number(1))
    return exp.select(*named).from_(ranked.subquery("ranked")).where(first)


def migrated_members_query() -> exp.Select:
    """The mapping of GIVEN, in the form of the state."""
    return exp.select(*MEMBER_COLUMNS).from_(GIVEN)


def count_query() -> exp.Select:
    """main_ids, ids: how many there are in GIVEN."""
    main_ids = exp.Count(this=exp.Distinct(expressions=[exp.column("main_id")]))
    return exp.select(main_ids.as_("main_ids"), exp.Count(this=exp.Star()).as_("ids")).from_(GIVEN)
