"""The SQL that compares two id graphs, profile by profile.

Takes the ids of both graphs. Returns queries over temporary tables, in execution order:

    flows_query     FLOWS: the number of ids per pair of earlier and later profile; null if there is none
    after_query     AFTER: the earlier profiles of the ids of each later profile
    before_query    BEFORE: the later profiles of the ids of each earlier profile
    totals_query    one row of counts over these

Two ids are the same if their value and type are equal. Main ids are compared separately.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.statements import beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.identity.metrics import GraphTables

FLOWS, AFTER, BEFORE = "diff_flows", "diff_after", "diff_before"

FROM, TO = "from_main_id", "to_main_id"


@dataclass(frozen=True)
class ComparedGraph:
    """A graph to compare.

    Attributes:
        graph: Its table of ids; what stands beside it is found by name.
        main_id: Name of its main id column.
        is_empty: It stands for a graph without any id.
        tables: Where it is stored; None where that is not known.
        sources: Refs of its edge sources, in their order; None where they are not known.
        rows_in: The ids to look at, where not all have to be: of the profiles that can differ.
        edges: Their edges; None reads the view of all.
    """

    graph: exp.Table
    main_id: str
    is_empty: bool = False
    tables: GraphTables | None = None
    sources: tuple[str, ...] | None = None
    rows_in: exp.Table | None = None
    edges: exp.Select | None = None

    def rows(self) -> exp.Select:
        """main_id, id, id_type."""
        columns = (exp.column("other_id").as_("id"), exp.column("other_id_type").as_("id_type"))
        table = self.rows_in if self.rows_in is not None else self.graph
        query = exp.select(exp.column(self.main_id).as_("main_id"), *columns).from_(table.copy())
        return query.where(exp.false()) if self.is_empty else query

    def edge_rows(self) -> exp.Select:
        """The edges between these ids, or more."""
        return self.edges if self.edges is not None else self.beside("edges")

    def beside(self, suffix: str) -> exp.Select:
        """All rows of a companion view, with its main id column under its own name."""
        query = exp.select("*").from_(beside(self.graph, suffix))
        return query.where(exp.false()) if self.is_empty else query


def column(name: str, table: str | None = None) -> exp.Column:
    """A column of a table's alias."""
    return exp.column(name, table=table)


def is_there(name: str, table: str | None = None) -> exp.Expr:
    """``name IS NOT NULL``."""
    return exp.not_(column(name, table).is_(exp.null()))


def same_id(one: str, other: str) -> exp.Expr:
    """Whether two rows have the same id."""
    same = column("id", one).eq(column("id", other))
    return exp.and_(same, column("id_type", one).eq(column("id_type", other)))


def flows_query(before: ComparedGraph, after: ComparedGraph, person: str) -> exp.Select:
    """FLOWS: from_main_id, to_main_id, number of ids, and number of person ids."""
    id_type = exp.func("COALESCE", column("id_type", "was"), column("id_type", "now"))
    return (
        exp.select(
            column("main_id", "was").as_(FROM),
            column("main_id", "now").as_(TO),
            exp.Count(this=exp.Star()).as_("ids"),
            exp.CountIf(this=id_type.eq(exp.Literal.string(person))).as_("persons"),
        )
        .from_(before.rows().subquery("was"))
        .join(after.rows().subquery("now"), on=same_id("was", "now"), join_type="full")
        .group_by(column("main_id", "was"), column("main_id", "now"))
    )


def after_query() -> exp.Select:
    """AFTER: main_id, ids, parts (profiles of before), new_ids, largest (part), person_parts, kept."""
    return _sides_query(TO, FROM, "new_ids")


def before_query() -> exp.Select:
    """BEFORE: main_id, ids, parts (profiles of after), lost_ids, largest (part), person_parts, kept."""
    return _sides_query(FROM, TO, "lost_ids")


def _sides_query(own: str, other: str, alone: str) -> exp.Select:
    has_other, none = is_there(other), column(other).is_(exp.null())
    ids = column("ids")
    return (
        exp.select(
            column(own).as_("main_id"),
            total(ids).as_("ids"),
            exp.Count(this=column(other)).as_("parts"),
            total(exp.Case().when(none, ids.copy()).else_(exp.Literal.number(0))).as_(alone),
            exp.func("COALESCE", exp.Max(this=exp.Case().when(has_other, ids.copy())), exp.Literal.number(0)).as_(
                "largest"
            ),
            exp.CountIf(this=exp.and_(has_other.copy(), column("persons") > 0)).as_("person_parts"),
            total(exp.Case().when(column(own).eq(column(other)), ids.copy()).else_(exp.Literal.number(0))).as_("kept"),
        )
        .from_(FLOWS)
        .where(is_there(own))
        .group_by(column(own))
    )


def count_if(condition: exp.Expr) -> exp.Expr:
    """The number of rows that meet a condition; 0 for no rows."""
    return exp.func("COALESCE", exp.CountIf(this=condition), exp.Literal.number(0))


def total(values: exp.Expr) -> exp.Expr:
    """The sum of whole numbers; 0 for no rows."""
    return exp.cast(exp.func("COALESCE", exp.Sum(this=values), exp.Literal.number(0)), "BIGINT")


CONDITIONS: dict[str, exp.Expr] = {
    "created": column("parts").eq(exp.Literal.number(0)),
    "grown": exp.and_(column("parts") > 0, column("new_ids") > 0),
    "merged": column("parts") > 1,
    "split": column("parts") > 1,
    "shrunk": exp.and_(column("parts") > 0, column("lost_ids") > 0),
    "retired": column("parts").eq(exp.Literal.number(0)),
}
"""The condition for each kind of change, on the table that `of_kind` reads."""

_OUT_OF = {"split", "shrunk", "retired"}

_MOVED: dict[str, exp.Expr] = {
    "created": column("ids"),
    "grown": column("new_ids"),
    "merged": column("ids") - column("new_ids") - column("largest"),
    "split": column("ids") - column("lost_ids") - column("largest"),
    "shrunk": column("lost_ids"),
    "retired": column("ids"),
}
"""The number of moved ids: new ids, deleted ids, and ids outside the largest part."""


def is_of_before(kind: str) -> bool:
    """Whether a kind of change concerns a profile of the earlier run."""
    return kind in _OUT_OF


def of_kind(kind: str) -> exp.Select:
    """The profiles with one kind of change: main_id, ids, moved."""
    query = exp.select("main_id", "ids", _MOVED[kind].copy().as_("moved"))
    return query.from_(BEFORE if is_of_before(kind) else AFTER).where(CONDITIONS[kind].copy())


def kinds_query() -> exp.Query:
    """Per kind of change: kind, profiles, moved ids. ``unchanged`` has the same ids in one profile."""
    parts: list[exp.Query] = [_unchanged_query()]
    parts += [
        exp.select(
            exp.Literal.string(kind).as_("kind"),
            exp.Count(this=exp.Star()).as_("profiles"),
            total(column("moved")).as_("ids"),
        ).from_(of_kind(kind).subquery("changed"))
        for kind in CONDITIONS
    ]
    return exp.union(*parts, distinct=False)


def differing_query(table: str) -> exp.Select:
    """The main ids of one side's profiles that differ from every profile of the other side."""
    same = exp.select(column(TO if table == AFTER else FROM, "flows")).from_(_flows())
    same = _with_sides(same)
    return exp.select("main_id").from_(table).where(exp.not_(exp.In(this=column("main_id"), query=same.subquery())))


def _unchanged_query() -> exp.Select:
    query = exp.select(
        exp.Literal.string("unchanged").as_("kind"),
        exp.Count(this=exp.Star()).as_("profiles"),
        total(column("ids", "flows")).as_("ids"),
    )
    return _with_sides(query.from_(_flows()))


def _flows() -> exp.Expr:
    return exp.alias_(exp.to_table(FLOWS), "flows", table=True)


def _with_sides(query: exp.Select) -> exp.Select:
    """A query of the flows that cover a whole profile on both sides."""
    for alias, table, end in (("now", AFTER, TO), ("was", BEFORE, FROM)):
        on = column("main_id", alias).eq(column(end, "flows"))
        query = query.join(exp.alias_(exp.to_table(table), alias, table=True), on=on)
    return query.where(column("ids", "now").eq(column("ids", "flows")), column("ids", "was").eq(column("ids", "flows")))


def totals_query() -> exp.Select:
    """One row: profiles and ids of both runs; main ids kept, created, retired; moved ids; merged persons."""
    both = exp.and_(is_there(FROM), is_there(TO), column(FROM).neq(column(TO)))
    other = exp.Case().when(both, column("ids")).else_(exp.Literal.number(0))
    sides = [
        exp.select(
            exp.Count(this=exp.Star()).as_(f"profiles_{name}"),
            total(column("ids")).as_(f"ids_{name}"),
            count_if(column("parts").eq(exp.Literal.number(0))).as_(f"alone_{name}"),
            count_if(exp.and_(column("parts") > 1, column("person_parts") > 1)).as_(f"persons_{name}"),
        ).from_(table)
        for name, table in (("before", BEFORE), ("after", AFTER))
    ]
    kept = (
        exp.select(exp.Count(this=exp.Star()).as_("kept"))
        .from_(exp.alias_(exp.to_table(BEFORE), "was", table=True))
        .join(
            exp.alias_(exp.to_table(AFTER), "now", table=True), on=column("main_id", "was").eq(column("main_id", "now"))
        )
    )
    query = exp.select("*").from_(sides[0].subquery("was")).join(sides[1].subquery("now"), join_type="cross")
    query = query.join(kept.subquery("of_both"), join_type="cross")
    moved = exp.select(total(other).as_("ids_moved")).from_(FLOWS)
    query = query.join(moved.subquery("moved"), join_type="cross")
    for name, table, others in (("created", AFTER, BEFORE), ("retired", BEFORE, AFTER)):
        query = query.join(_named_query(name, table, others).subquery(f"of_{name}"), join_type="cross")
    return query


def _named_query(name: str, table: str, others: str) -> exp.Select:
    """The number of main ids on one side only that share no id with the other side."""
    on = column("main_id", "own").eq(column("main_id", "other"))
    return (
        exp.select(exp.Count(this=exp.Star()).as_(f"main_ids_{name}"))
        .from_(exp.alias_(exp.to_table(table), "own", table=True))
        .join(exp.alias_(exp.to_table(others), "other", table=True), on=on, join_type="left")
        .where(column("main_id", "other").is_(exp.null()), column("parts", "own").eq(exp.Literal.number(0)))
    )


# --- a few profiles, closely ---


def largest_query(kind: str, most: int) -> exp.Select:
    """The profiles with one kind of change and the most moved ids."""
    order = (column("moved").desc(), column("ids").desc(), column("main_id"))
    return exp.select("*").from_(of_kind(kind).subquery("changed")).order_by(*order).limit(most)


def parts_query(kind: str, main_ids: Sequence[str], most: int) -> exp.Select:
    """The parts of some profiles, largest first: main_id, part (null for no profile), ids, part_no, parts."""
    own, other = (FROM, TO) if is_of_before(kind) else (TO, FROM)
    order = exp.Order(expressions=[exp.Ordered(this=column("ids"), desc=True), exp.Ordered(this=column(other))])
    number = exp.Window(this=exp.RowNumber(), partition_by=[column(own)], order=order)
    query = exp.select(column(own).as_("main_id"), column(other).as_("part"), "ids", number.as_("part_no")).from_(FLOWS)
    query = query.where(one_of(column(own), main_ids))
    parts = exp.select("*").from_(query.subquery("numbered"))
    return parts.where(column("part_no") <= exp.Literal.number(most)).order_by("main_id", "part_no")


def some_ids_query(  # noqa: PLR0917 - both graphs, and which part of them
    kind: str, before: ComparedGraph, after: ComparedGraph, main_ids: Sequence[str], id_types: Sequence[str], most: int
) -> exp.Select:
    """Some ids of each part of some profiles: main_id, part, id, id_type."""
    own, other = (before, after) if is_of_before(kind) else (after, before)
    rank = exp.Case(this=column("id_type", "own"))
    for number, name in enumerate(id_types):
        rank = rank.when(exp.Literal.string(name), exp.Literal.number(number))
    order = exp.Order(
        expressions=[
            exp.Ordered(this=rank.else_(exp.Literal.number(len(id_types)))),
            exp.Ordered(this=column("id", "own")),
        ]
    )
    key = [column("main_id", "own"), column("main_id", "other")]
    query = (
        exp.select(key[0].as_("main_id"), key[1].as_("part"), column("id", "own"), column("id_type", "own"))
        .select(exp.Window(this=exp.RowNumber(), partition_by=[k.copy() for k in key], order=order).as_("id_no"))
        .from_(own.rows().subquery("own"))
        .join(other.rows().subquery("other"), on=same_id("own", "other"), join_type="left")
        .where(one_of(column("main_id", "own"), main_ids))
    )
    numbered = exp.select("*").from_(query.subquery("numbered"))
    return numbered.where(column("id_no") <= exp.Literal.number(most)).order_by("main_id", "part", "id_no")


def one_of(name: exp.Expr, values: Sequence[str]) -> exp.Expr:
    """Whether a text is one of several."""
    return exp.In(this=name, expressions=[exp.Literal.string(value) for value in values])
