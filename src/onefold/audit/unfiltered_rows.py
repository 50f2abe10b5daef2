"""Reads the edge sources without thresholds.

Takes an open graph. Returns an `UnfilteredStitcher`, and temporary tables of numbered nodes and edges with their
counts for each threshold. A model with declared thresholds (``audit: thresholds:``) is rendered again with all of
them out of reach; other models are read like the stitcher reads them. Id filters and id rules still apply. Counts
include filtered ids, as in the model's own SQL.

The temporary tables:

    audit_rows_<n>     distinct combinations of ids of edge source n, with its count for each declared threshold
    audit_degrees_<n>  the ids that the n-th threshold counts, each with how many it has
    audit_pairs        a view: one row per distinct (pair of ids, source, counts)
    audit_every_node   the ids that filters and rules keep, numbered, with the least level at which each takes part
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.components.threshold_sweep import NEVER
from onefold.identity.read.queries import source_query
from onefold.identity.rules import constraint_queries as constraints
from onefold.identity.rules.id_filter_queries import excluded_query
from onefold.identity.schema import NODE_RULES, NODES, RULES
from onefold.plan.graph import with_needs
from onefold.plan.model import SqlTemplate
from onefold.plan.names import names_of
from onefold.project import spec
from onefold.run.compiled import Output
from onefold.run.plan_project import plan_project
from onefold.sql.compile import relations
from onefold.template.assigned import with_values

if TYPE_CHECKING:
    from onefold.audit.declared_thresholds import DeclaredThreshold
    from onefold.audit.session import Session
    from onefold.plan.model import EdgeSource, IdStitcher, Plan
    from onefold.project.spec import ProjectSpec
    from onefold.sql.relations import Compiler, Relations

OUT_OF_REACH = 1_000_000_000
"""The threshold value that excludes nothing."""

ROWS, DEGREES, PAIRS, EVERY_NODE = "audit_rows", "audit_degrees", "audit_pairs", "audit_every_node"


@dataclass(frozen=True)
class UnfilteredStitcher:
    """The stitcher without thresholds, and the names of its tables."""

    step: IdStitcher
    compiler: Compiler


def read_rows(
    session: Session, thresholds: tuple[DeclaredThreshold, ...], wanted: exp.Query | None = None
) -> UnfilteredStitcher:
    """Create the temporary tables of rows, degrees and pairs.

    Args:
        session: The open graph.
        thresholds: All that `declared_thresholds` gave; ``count_<n>`` of the tables is the n-th one's.
        wanted: Values of ids: only rows that have one of them are read, and only their counts are right. None for all.
    """
    unfiltered = _without_thresholds(session, thresholds)
    step = unfiltered.step
    if step.id_rules is not None:
        session.temp_table(RULES, constraints.rules_query(step, session.plan.author))
        session.temp_table(NODE_RULES, constraints.node_rules_query())
    for number, source in enumerate(step.sources):
        used = relations(unfiltered.compiler)
        rows = used.complete(_rows_query(step, number, used, wanted))
        if all(threshold.source != source.source for threshold in thresholds):
            nothing = (exp.Literal.number(0).as_(name) for name in count_columns(thresholds))
            session.temp_table(f"{ROWS}_{number}", rows.select(*nothing))
            continue
        session.temp_table(f"{ROWS}_bare_{number}", rows)
        for n, threshold in enumerate(thresholds):
            if threshold.source == source.source:
                session.temp_table(f"{DEGREES}_{n}", _degrees_query(source, f"{ROWS}_bare_{number}", threshold))
        session.temp_table(f"{ROWS}_{number}", _counted_query(source, number, thresholds))
    session.temp_view(PAIRS, _pairs_query(step, thresholds))
    return unfiltered


def number_ids(session: Session, thresholds: tuple[DeclaredThreshold, ...], unfiltered: UnfilteredStitcher) -> None:
    """Create the temporary table of the ids that filters and rules include.

    Args:
        session: The open graph, after `read_rows`.
        thresholds: Those that `read_rows` got.
        unfiltered: What it gave.
    """
    step = unfiltered.step
    session.temp_table(NODES, _nodes_query(step, thresholds))
    used = relations(unfiltered.compiler)
    session.temp_table(EVERY_NODE, _kept_query(used.complete(excluded_query(step, used)), thresholds))


# --- the plan without thresholds ---


def _without_thresholds(session: Session, thresholds: tuple[DeclaredThreshold, ...]) -> UnfilteredStitcher:
    """The stitcher and a compiler of the project without effective thresholds."""
    project = _out_of_reach(session.project, thresholds)
    plan = plan_project(project, session.target, session.plan.times)
    steps = dict(plan.steps)
    # Changed models have no material, so they are inlined into the queries that read them.
    for ref in with_needs([session.step.ref], {s.ref: s.needs for s in steps.values()}):
        step = steps[ref]
        if isinstance(step, SqlTemplate) and plan.fingerprints[ref] != session.plan.fingerprints.get(ref):
            steps[ref] = replace(step, output="inline")
    changed: Plan = replace(plan, steps=steps)
    output = Output(changed, names_of(project), session.target.schema, session.snapshot.seq_no, session.target.dialect)
    output = replace(output, known=session.types.known())
    stitcher = steps[session.step.ref]
    assert isinstance(stitcher, type(session.step))  # noqa: S101 - the same ref
    return UnfilteredStitcher(stitcher, output.compiler())


def _out_of_reach(project: ProjectSpec, thresholds: tuple[DeclaredThreshold, ...]) -> ProjectSpec:
    models = []
    for record in project.models:
        values = {t.variable: OUT_OF_REACH for t in thresholds if t.source == f"models/{record.name}"}
        if values and isinstance(record, spec.SqlTemplateModel):
            body = record.model_spec
            key = "single_sql" if body.multi_sql is None else "multi_sql"
            text = with_values(body.single_sql or body.multi_sql or "", values)
            record = record.model_copy(update={"model_spec": body.model_copy(update={key: text})})  # noqa: PLW2901
        models.append(record)
    return replace(project, models=tuple(models))


# --- rows with what thresholds count at them ---


def _rows_query(step: IdStitcher, number: int, used: Relations, wanted: exp.Query | None) -> exp.Select:
    """The distinct id combinations of an edge source, with their number of rows."""
    names = [f"id_{i}" for i in range(1, len(step.sources[number].ids) + 1)]
    rows = exp.select(*names, exp.Count(this=exp.Star()).as_("row_count"))
    rows = rows.from_(source_query(step, number, used).subquery("source_rows")).group_by(*names)
    if wanted is None:
        return rows
    return rows.where(exp.or_(*(exp.In(this=exp.column(name), query=wanted.copy().subquery()) for name in names)))


def _counted_query(source: EdgeSource, number: int, thresholds: tuple[DeclaredThreshold, ...]) -> exp.Select:
    """The rows of a source. ``count_<n>`` is the degree of the id that the n-th threshold limits, or 0."""
    bare = f"{ROWS}_bare_{number}"
    query = exp.select("source_rows.*").from_(exp.alias_(exp.to_table(bare), "source_rows", table=True))
    for n, threshold in enumerate(thresholds):
        columns = [i for i, c in enumerate(source.ids, start=1) if c.id_type == threshold.of]
        if threshold.source != source.source or not columns:
            query = query.select(exp.Literal.number(0).as_(f"count_{n}"))
            continue
        counts = []
        for i in columns:
            alias = f"degrees_{n}_{i}"
            on = exp.column("id", table=alias).eq(exp.column(f"id_{i}", table="source_rows"))
            degrees = exp.alias_(exp.to_table(f"{DEGREES}_{n}"), alias, table=True)
            query = query.join(degrees, on=on, join_type="left")
            counts.append(exp.func("COALESCE", exp.column("degree", table=alias), exp.Literal.number(0)))
        most = counts[0] if len(counts) == 1 else exp.Greatest(this=counts[0], expressions=counts[1:])
        query = query.select(most.as_(f"count_{n}"))
    return query


def _degrees_query(source: EdgeSource, bare: str, threshold: DeclaredThreshold) -> exp.Select:
    """The number of distinct ids of the counted type that share rows with each id of the limited type."""
    ways: list[exp.Query] = []
    for (i, near), (j, far) in permutations(enumerate(source.ids, start=1), 2):
        if (near.id_type, far.id_type) == (threshold.of, threshold.counts):
            both = [exp.not_(exp.column(f"id_{n}").is_(exp.null())) for n in (i, j)]
            way = exp.select(exp.column(f"id_{i}").as_("id"), exp.column(f"id_{j}").as_("other"))
            ways.append(way.from_(bare).where(*both))
    every = ways[0] if len(ways) == 1 else exp.union(*ways, distinct=False)
    degree = exp.Count(this=exp.Distinct(expressions=[exp.column("other")]))
    return exp.select("id", degree.as_("degree")).from_(every.subquery("ways")).group_by("id")


def count_columns(thresholds: tuple[DeclaredThreshold, ...]) -> list[str]:
    """The columns of the counts."""
    return [f"count_{n}" for n in range(len(thresholds))]


def _pairs_query(step: IdStitcher, thresholds: tuple[DeclaredThreshold, ...]) -> exp.Query:
    """Pairs of ids of one row."""
    counts = count_columns(thresholds)
    keys = ("id1", "id1_type", "id2", "id2_type", "source", *counts)
    parts: list[exp.Query] = []
    for number, source in enumerate(step.sources):
        for (i, one), (j, other) in combinations(enumerate(source.ids, start=1), 2):
            both = [exp.not_(exp.column(f"id_{n}").is_(exp.null())) for n in (i, j)]
            pairs = exp.select(
                exp.column(f"id_{i}").as_("id1"),
                exp.Literal.string(one.id_type).as_("id1_type"),
                exp.column(f"id_{j}").as_("id2"),
                exp.Literal.string(other.id_type).as_("id2_type"),
                exp.Literal.string(source.source).as_("source"),
                *counts,
            ).from_(f"{ROWS}_{number}")
            pairs = pairs.where(*both)
            if len(source.ids) == 2:  # noqa: PLR2004 - a pair: its rows are distinct already
                parts.append(pairs.select("row_count"))
                continue
            total = exp.Sum(this=exp.column("row_count")).as_("row_count")
            every_pair = pairs.select("row_count").subquery("every_pair")
            parts.append(exp.select(*keys, total).from_(every_pair).group_by(*keys))
    if not parts:
        texts = ("id1", "id1_type", "id2", "id2_type", "source")
        columns = [exp.cast(exp.null(), "TEXT").as_(name) for name in texts]
        numbers = [exp.cast(exp.null(), "BIGINT").as_(name) for name in (*counts, "row_count")]
        return exp.select(*columns, *numbers).where(exp.false())
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


TODAY = "level_today"
"""The level at today's settings: 0 if a row is included, else `NEVER`."""


def level_columns(thresholds: tuple[DeclaredThreshold, ...]) -> dict[str, exp.Expr]:
    """The level of a row for each threshold, with all others as today, and at today's settings."""
    never = exp.Literal.number(NEVER)

    def within(but: int | None) -> list[exp.Expr]:
        return [exp.column(f"count_{n}") <= exp.Literal.number(t.value) for n, t in enumerate(thresholds) if n != but]

    found: dict[str, exp.Expr] = {}
    for n in range(len(thresholds)):
        others = exp.and_(*within(n)) if len(thresholds) > 1 else exp.true()
        found[f"level_{n}"] = exp.Case().when(others, exp.cast(exp.column(f"count_{n}"), "BIGINT")).else_(never.copy())
    today = exp.and_(*within(None)) if thresholds else exp.true()
    found[TODAY] = exp.Case().when(today, exp.cast(exp.Literal.number(0), "BIGINT")).else_(never.copy())
    return found


def _least_levels(thresholds: tuple[DeclaredThreshold, ...]) -> list[exp.Expr]:
    return [exp.Min(this=level).as_(name) for name, level in level_columns(thresholds).items()]


def _nodes_query(step: IdStitcher, thresholds: tuple[DeclaredThreshold, ...]) -> exp.Select:
    """One row per distinct id, with its number and lowest levels."""
    counts = count_columns(thresholds)
    parts: list[exp.Query] = [
        exp.select(exp.column(f"id_{i}").as_("id"), exp.Literal.string(column.id_type).as_("id_type"), *counts)
        .from_(f"{ROWS}_{number}")
        .where(exp.not_(exp.column(f"id_{i}").is_(exp.null())))
        for number, source in enumerate(step.sources)
        for i, column in enumerate(source.ids, start=1)
    ]
    if step.id_rules is not None:
        nothing = [exp.Literal.number(0).as_(name) for name in counts]
        included = constraints.included_query().subquery("included")
        parts.append(exp.select("id", "id_type", *nothing).from_(included))
    every = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    distinct = exp.select("id", "id_type", *_least_levels(thresholds)).from_(every.subquery("every_id"))
    distinct = distinct.where(exp.column("id").neq(exp.Literal.string(""))).group_by("id", "id_type")
    number = exp.Window(this=exp.RowNumber()) - exp.Literal.number(1)
    return exp.select(number.as_("node"), "distinct_ids.*").from_(distinct.subquery("distinct_ids"))


def _kept_query(refused: exp.Query, thresholds: tuple[DeclaredThreshold, ...]) -> exp.Select:
    """The ids that no filter or rule excludes, renumbered without gaps."""
    dropped = exp.select("node").from_(refused.subquery("refused"))
    dropped = dropped.where(exp.not_(exp.column("place").is_(exp.null())))
    number = (exp.Window(this=exp.RowNumber()) - exp.Literal.number(1)).as_("node")
    query = exp.select(number, "id", "id_type", *level_columns(thresholds)).from_(NODES)
    return query.where(exp.not_(exp.In(this=exp.column("node"), query=dropped.subquery())))


def edges_query(step: IdStitcher, thresholds: tuple[DeclaredThreshold, ...]) -> exp.Select:
    """One row per distinct pair of numbered ids, smaller number first, with its lowest levels."""
    a, b = exp.column("node", table="a"), exp.column("node", table="b")
    levels = list(level_columns(thresholds))
    pairs = exp.select(
        exp.Least(this=a.copy(), expressions=[b.copy()]).as_("left_node"),
        exp.Greatest(this=a.copy(), expressions=[b.copy()]).as_("right_node"),
        *(exp.column(name, table="pairs") for name in count_columns(thresholds)),
    ).from_(exp.alias_(exp.to_table(PAIRS), "pairs", table=True))
    pairs = _with_numbers(pairs, "pairs", ("id1", "id1_type"), ("id2", "id2_type")).where(a.neq(b))
    query = exp.select("left_node", "right_node", *_least_levels(thresholds)).from_(pairs.subquery("every_edge"))
    query = query.group_by("left_node", "right_node")
    if step.id_rules is None:
        return query
    rules = exp.select(
        exp.Least(this=a.copy(), expressions=[b.copy()]).as_("left_node"),
        exp.Greatest(this=a.copy(), expressions=[b.copy()]).as_("right_node"),
        exp.column("action", table="rules"),
    ).from_(exp.alias_(exp.to_table(RULES), "rules", table=True))
    rules = _with_numbers(rules, "rules", ("id_a", "type_a"), ("id_b", "type_b"))
    included = exp.column("action").eq(exp.Literal.string("INCLUDE"))
    zero = [exp.cast(exp.Literal.number(0), "BIGINT").as_(name) for name in levels]
    added = exp.select("left_node", "right_node", *zero).from_("ruled").where(included)
    taken = exp.select(exp.Tuple(expressions=[exp.column("left_node"), exp.column("right_node")])).from_("ruled")
    kept = exp.select("*").from_(query.subquery("found"))
    ends = exp.Tuple(expressions=[exp.column("left_node"), exp.column("right_node")])
    kept = kept.where(exp.not_(exp.In(this=ends, query=taken.subquery())))
    return (
        exp.select("*").from_(exp.union(kept, added, distinct=False).subquery("ruled_edges")).with_("ruled", as_=rules)
    )


def _with_numbers(query: exp.Select, rows: str, one: tuple[str, str], other: tuple[str, str]) -> exp.Select:
    """Join the numbers of both ids of each row, as ``a`` and ``b``."""
    for alias, (id_column, type_column) in (("a", one), ("b", other)):
        on = exp.and_(
            exp.column("id", table=alias).eq(exp.column(id_column, table=rows)),
            exp.column("id_type", table=alias).eq(exp.column(type_column, table=rows)),
        )
        query = query.join(exp.alias_(exp.to_table(EVERY_NODE), alias, table=True), on=on)
    return query
