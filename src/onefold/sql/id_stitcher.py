"""The SQL of a stitch: reading ids from the edge sources, numbering them, and writing the mapping.

In: the step. Out: queries over temporary tables, in the order in which ``onefold.identity.stitch`` runs them:

    rows_query(i)     one row per distinct combination of ids of edge source i, with its earliest time
    nodes_query       one row per distinct (id type, id) that the filters keep, numbered from 0
    edges_query       pairs of numbers, one row per distinct edge, with its earliest time
    anchors_query     the main id of each component, from its earliest nodes
    mapping_query     the result

Which nodes are connected is not decided here.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from onefold.plan.model import EdgeSource, IdRule, IdStitcher
    from onefold.sql.relations import Relations

ROWS, NODES, EDGES = "stitch_rows", "stitch_nodes", "stitch_edges"
FOUND_EDGES, NODE_RULES = "stitch_found_edges", "stitch_node_rules"
EARLIEST, ANCHORS, SINCE = "stitch_earliest", "stitch_anchors", "stitch_since"
"""Temporary tables; EARLIEST and SINCE are loaded from memory."""

PROFILE = "__profile"
"""The number of a profile within one run; joining and grouping by it is faster than by the main id."""


def columns_of(step: IdStitcher) -> tuple[str, ...]:
    """The columns of a stitcher's result (format A1)."""
    return (step.main_id, "other_id", "other_id_type", "valid_at", "first_seen_at")


def published_query(step: IdStitcher, numbered: exp.Table) -> exp.Select:
    """The result without what is only of use within the run."""
    return exp.select(*(exp.column(name) for name in columns_of(step))).from_(numbered.copy())


def work_table(name: str) -> exp.Table:
    """A temporary table of a stitch."""
    return exp.to_table(name)


def column(name: str) -> exp.Column:
    """A column of one."""
    return exp.column(name)


def rows_query(step: IdStitcher, number: int, used: Relations) -> exp.Select:
    """Distinct combinations of ids in one edge source; rows without any id are left out.

    Filters come later, when each id is looked at once: there are far fewer ids than rows.
    """
    source = step.sources[number]
    read = exp.select(_seen_at(source, used).as_("seen_at"))
    for i, column in enumerate(source.ids, start=1):
        read = read.select(exp.cast(used.expression(column.select), "TEXT").as_(f"id_{i}"))
    read = read.from_(used.table(source.source))
    names = [exp.column(f"id_{i}") for i in range(1, len(source.ids) + 1)]
    return (
        exp.select(*(name.copy() for name in names))
        .select(exp.Min(this=exp.column("seen_at")).as_("seen_at"))
        .select(exp.Count(this=exp.Star()).as_("row_count"))
        .from_("read_ids")
        .where(exp.or_(*(exp.not_(name.copy().is_(exp.null())) for name in names)))
        .group_by(*(name.copy() for name in names))
        .with_("read_ids", as_=read)
    )


def _seen_at(source: EdgeSource, used: Relations) -> exp.Expr:
    time = getattr(used.compiler.plan.steps[source.source], "occurred_at", None)
    return exp.cast(exp.column(time) if time else exp.null(), "TIMESTAMP")


def _is_id(step: IdStitcher, used: Relations) -> exp.Expr:
    """Whether ``id`` of type ``id_type`` is one: not blank, and kept by the filters of its type, ANDed in order."""
    kept = exp.Case(this=exp.column("id_type"))
    for id_type, rules in step.rules.items():
        conditions = []
        for rule in rules:
            matches = _matches(exp.column("id"), rule, used)
            conditions.append(matches if rule.action == "include" else exp.not_(matches))
        kept = kept.when(exp.Literal.string(id_type), exp.and_(*conditions))
    not_blank = exp.column("id").neq(exp.Literal.string(""))
    return exp.and_(not_blank, kept.else_(exp.true())) if step.rules else not_blank


def _matches(value: exp.Expr, rule: IdRule, used: Relations) -> exp.Expr:
    if rule.condition == "value":
        return value.eq(exp.Literal.string(rule.value))
    if rule.condition == "regex":
        return exp.RegexpLike(this=value, expression=exp.Literal.string(rule.value), full_match=True)
    assert rule.query is not None and rule.source is not None  # noqa: S101, PT018 - the plan made it so
    listed = used.expression(rule.query)
    query = (
        exp.select(exp.cast(listed.copy(), "TEXT"))
        .from_(used.table(rule.source))
        .where(exp.not_(listed.copy().is_(exp.null())))
    )
    return exp.In(this=value, query=query.subquery())


def nodes_query(step: IdStitcher, used: Relations) -> exp.Select:
    """Distinct ids with the time each was first seen, numbered from 0 in no particular order.

    A value that a filter drops, null and the empty text are no id; the row's other ids still count (format A1). What a
    rule of the table says of an id comes before any filter; an id that no source has can be there because of a rule.
    ``from_<i>`` says whether edge source ``i`` has the id.
    """
    parts = [
        exp.select(
            exp.Literal.string(column.id_type).as_("id_type"),
            exp.column(f"id_{i}").as_("id"),
            exp.column("seen_at"),
            exp.Literal.number(number).as_("source"),
        )
        .from_(f"{ROWS}_{number}")
        .where(exp.not_(exp.column(f"id_{i}").is_(exp.null())))
        for number, source in enumerate(step.sources)
        for i, column in enumerate(source.ids, start=1)
    ]
    if step.id_rules is not None:
        nothing = [exp.cast(exp.null(), "TIMESTAMP").as_("seen_at"), exp.cast(exp.null(), "INT").as_("source")]
        parts.append(exp.select("id_type", "id", *nothing).from_(NODE_RULES))
    every: exp.Query = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    distinct = (
        exp.select("id_type", "id", exp.Min(this=exp.column("seen_at")).as_("first_seen_at"))
        .select(
            *(
                exp.LogicalOr(this=exp.column("source").eq(exp.Literal.number(n))).as_(f"from_{n}")
                for n in range(len(step.sources))
            )
        )
        .from_(every.subquery("every_id"))
        .group_by("id_type", "id")
    )
    number = exp.Window(this=exp.RowNumber()) - exp.Literal.number(1)
    numbered = exp.select(number.as_("node"), "distinct_ids.*").from_(distinct.subquery("distinct_ids"))
    if step.id_rules is None:
        return numbered.where(_is_id(step, used))
    ruled = exp.column("action", table="ruled")
    numbered = numbered.join(
        exp.select(exp.column("id_type").as_("ruled_type"), exp.column("id").as_("ruled_id"), "action")
        .from_(NODE_RULES)
        .subquery("ruled"),
        on=exp.and_(exp.column("ruled_type").eq(exp.column("id_type")), exp.column("ruled_id").eq(exp.column("id"))),
        join_type="left",
    )
    by_rule = exp.Case().when(exp.not_(ruled.is_(exp.null())), ruled.copy().eq(exp.Literal.string("INCLUDE")))
    return numbered.where(by_rule.else_(_is_id(step, used)))


def edges_query(step: IdStitcher) -> exp.Select | None:
    """Distinct edges between numbered nodes; None if no source can give one."""
    parts = []
    for number, source in enumerate(step.sources):
        for (i, left), (j, right) in combinations(enumerate(source.ids, start=1), 2):
            parts.append(
                exp.select(
                    exp.column("node", table="a").as_("left_node"),
                    exp.column("node", table="b").as_("right_node"),
                    exp.column("seen_at", table="pairs"),
                )
                .from_(exp.alias_(exp.to_table(f"{ROWS}_{number}"), "pairs", table=True))
                .join(_numbered("a", left.id_type), on=_same("a", f"id_{i}"))
                .join(_numbered("b", right.id_type), on=_same("b", f"id_{j}"))
            )
    if not parts:
        return None
    if len(parts) == 1 and all(len(source.ids) < 3 for source in step.sources):  # noqa: PLR2004
        # The rows of one source with two ids are distinct already.
        return parts[0]
    every: exp.Query = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    return (
        exp.select("left_node", "right_node", exp.Min(this=exp.column("seen_at")).as_("seen_at"))
        .from_(every.subquery("every_edge"))
        .group_by("left_node", "right_node")
    )


def no_edges_query() -> exp.Select:
    """Edges, where no source can give one."""
    columns = (("left_node", "BIGINT"), ("right_node", "BIGINT"), ("seen_at", "TIMESTAMP"))
    return exp.select(*(exp.cast(exp.null(), kind).as_(name) for name, kind in columns)).where(exp.false())


def _numbered(alias: str, id_type: str) -> exp.Subquery:
    return (
        exp.select("node", "id")
        .from_(NODES)
        .where(exp.column("id_type").eq(exp.Literal.string(id_type)))
        .subquery(alias)
    )


def _same(alias: str, column: str) -> exp.Expr:
    return exp.column("id", table=alias).eq(exp.column(column, table="pairs"))


def anchors_query(generated: exp.Expr) -> exp.Select:
    """Per component its main id, and the node that gives it: of the earliest nodes the smallest generated id.

    Args:
        generated: The generated id of a node, over the columns ``id`` and ``id_type``.
    """
    candidates = (
        exp.select("component", exp.column("node", table="nodes"), generated.as_("generated_id"))
        .from_(exp.alias_(exp.to_table(NODES), "nodes", table=True))
        .join(exp.to_table(EARLIEST), using=["node"])
    )
    return (
        exp.select(
            "component",
            exp.Min(this=exp.column("generated_id")).as_("main_id"),
            exp.ArgMin(this=exp.column("node"), expression=exp.column("generated_id")).as_("anchor"),
        )
        .from_(candidates.subquery("candidates"))
        .group_by("component")
    )


def mapping_query(step: IdStitcher) -> exp.Select:
    """One row per id: its main id, since when it belongs there, when it was first seen, and its profile's number."""
    return (
        exp.select(
            exp.column("main_id", table="anchors").as_(step.main_id),
            exp.column("id", table="nodes").as_("other_id"),
            exp.column("id_type", table="nodes").as_("other_id_type"),
            exp.column("valid_at", table="since"),
            exp.column("first_seen_at", table="nodes"),
            exp.column("component", table="since").as_(PROFILE),
        )
        .from_(exp.alias_(exp.to_table(NODES), "nodes", table=True))
        .join(exp.alias_(exp.to_table(SINCE), "since", table=True), using=["node"])
        .join(exp.alias_(exp.to_table(ANCHORS), "anchors", table=True), using=["component"])
    )


SOURCES = "sources"
"""Key of the query that tells which edge sources gave an id."""


def memory_queries(sources: int) -> dict[str, exp.Select]:
    """What is read back into memory, by the table it is read from.

    Args:
        sources: How many edge sources there are.
    """
    flags = [exp.LogicalOr(this=exp.column(f"from_{n}")).as_(f"from_{n}") for n in range(sources)]
    return {
        NODES: exp.select("node", "first_seen_at").from_(NODES),
        EDGES: exp.select("left_node", "right_node", "seen_at").from_(EDGES),
        ANCHORS: exp.select("component", "anchor").from_(ANCHORS),
        SOURCES: exp.select(*flags).from_(NODES),
    }


def main_ids_query(step: IdStitcher, mapping: exp.Table) -> exp.Select:
    """The number of distinct main ids in a finished mapping."""
    distinct = exp.Count(this=exp.Distinct(expressions=[exp.column(step.main_id)]))
    return exp.select(distinct.as_("main_ids")).from_(mapping.copy())
