"""The SQL of ``pb migrate_ids``: migrate main ids from another tool's table of main id, id and id type.

Takes that table. Returns queries that read and check it, and that create the two tables from which the next run
inherits main ids. Ids are checked and never changed.
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
"""The temporary table of the given graph."""

MIGRATED_ANCHORS, MIGRATED_MEMBERS = "MIGRATED_ANCHORS", "MIGRATED_MEMBERS"
"""Suffixes of the created tables, next to the stitcher's view."""


def given_query(graph: exp.Table, columns: Mapping[str, str]) -> exp.Select:
    """GIVEN: the distinct rows of the graph as text, without rows that lack a main id, an id or a type.

    Args:
        graph: The table.
        columns: Its columns by the names in `MEMBER_COLUMNS`.
    """
    read = exp.select(*(as_id(exp.column(columns[name], quoted=True)).as_(name) for name in MEMBER_COLUMNS)).from_(
        graph.copy()
    )
    there = [exp.not_(exp.column(name).is_(exp.null())) for name in MEMBER_COLUMNS]
    filled = [exp.column(name).neq(exp.Literal.string("")) for name in MEMBER_COLUMNS]
    return exp.select(*MEMBER_COLUMNS).distinct().from_(read.subquery("read_rows")).where(*there, *filled)


def unknown_types_query(known: Iterable[str]) -> exp.Select:
    """id_type, ids: the unknown types in GIVEN with their number of ids."""
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
    """other_id, other_id_type, one_main_id, other_main_id: the ids in GIVEN with several main ids."""
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
    """The first few of these ids, with their total number in ``doubled``."""
    count = exp.Window(this=exp.Count(this=exp.Star())).as_("doubled")
    return (
        exp.select("*", count).from_(doubled.subquery("doubled_ids")).order_by("other_id_type", "other_id").limit(limit)
    )


def migrated_anchors_query() -> exp.Select:
    """One row per main id of GIVEN, as a current main id, in the form of the anchors table.

    ``since_seq_no`` is null: the first run sets the anchor to the id that was seen first. Until then, or if none of its
    ids is in the data, the anchor is its smallest id.
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
    """The members of GIVEN, in the form of the members table."""
    return exp.select(*MEMBER_COLUMNS).from_(GIVEN)


def count_query() -> exp.Select:
    """main_ids, ids: their numbers in GIVEN."""
    main_ids = exp.Count(this=exp.Distinct(expressions=[exp.column("main_id")]))
    return exp.select(main_ids.as_("main_ids"), exp.Count(this=exp.Star()).as_("ids")).from_(GIVEN)
