"""Questions to the rows of the sources, asked before a model reads them.

In: inputs of a plan and an engine. Out: warnings where there is nothing to read; errors where rows that must be unique
are not, since every one of their numbers would count double.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.engines.values import records
from onefold.errors import Finding
from onefold.plan.grains import plain_ref
from onefold.plan.model import IdStitcher, InputStep
from onefold.sql.compile import step_query
from onefold.sql.dialects import render

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from onefold.engines.base import Engine
    from onefold.identity.built_graph import Stitched
    from onefold.plan.model import Plan
    from onefold.sql.dialects import EngineDialect
    from onefold.sql.relations import Compiler


def inputs_of(plan: Plan, refs: Collection[str]) -> tuple[InputStep, ...]:
    """The inputs among ``refs``, each at the latest time that it is read at."""
    found = {
        s.name: s for ref, s in plan.steps.items() if ref in refs and isinstance(s, InputStep) and s.as_of is not None
    }
    found |= {
        s.name: s for ref, s in plan.steps.items() if ref in refs and isinstance(s, InputStep) and s.as_of is None
    }
    return tuple(found.values())


def duplicates(step: InputStep, compiler: Compiler, engine: Engine) -> Iterator[Finding]:
    """An error if rows of an input share its ``row_identifier``. Rows where a part of it is null are not compared."""
    if not step.row_identifier:
        return
    rows = step_query(compiler, step.ref).subquery("input_rows")
    keys = [exp.column(name) for name in step.row_identifier]
    known = exp.and_(*(exp.not_(key.copy().is_(exp.null())) for key in keys))
    if _all_hashes_differ(keys, known, rows, compiler.engine, engine):
        return
    count = exp.Count(this=exp.Star())
    doubled = (
        exp.select(*(key.copy() for key in keys), count.copy().as_("row_count"))
        .from_(rows)
        .where(known)
        .group_by(*(key.copy() for key in keys))
        .having(count.copy() > 1)
    )
    total = exp.select(exp.Count(this=exp.Star()).as_("n"), exp.Sum(this=exp.column("row_count")).as_("row_count"))
    first = doubled.copy().order_by(exp.column("row_count").desc(), *(key.copy() for key in keys)).limit(3)
    found = engine.fetch(render(total.from_(doubled.subquery("doubled")), compiler.engine)).to_pylist()[0]
    if not found["n"]:
        return
    examples = records(engine.fetch(render(first, compiler.engine)))
    shown = ", ".join(str(tuple(e.values())[:-1][0] if len(e) == 2 else tuple(e.values())[:-1]) for e in examples)  # noqa: PLR2004
    names = ", ".join(step.row_identifier)
    yield Finding(
        "error",
        "duplicate-rows",
        f"{step.table}: {found['row_count']} rows share {found['n']} values of {names}, for example {shown}",
        step.row_identifier_at,
        f"remove the duplicates from the source, or take row_identifier out of input {step.name} to count them all",
    )


def _all_hashes_differ(
    keys: list[exp.Column], known: exp.Expr, rows: exp.Subquery, dialect: EngineDialect, engine: Engine
) -> bool:
    """A cheap proof of uniqueness: as many distinct 64-bit hashes as rows. Equal hashes prove nothing."""
    if dialect.row_hash is None:
        return False
    hashed = exp.Anonymous(this=dialect.row_hash, expressions=[key.copy() for key in keys])
    query = exp.select(
        exp.Count(this=exp.Star()).as_("row_count"),
        exp.Count(this=exp.Distinct(expressions=[hashed])).as_("hashes"),
    )
    counted = engine.fetch(render(query.from_(rows.copy()).where(known.copy()), dialect)).to_pylist()[0]
    return bool(counted["row_count"] == counted["hashes"])


def empty_inputs(inputs: Collection[InputStep], compiler: Compiler, engine: Engine) -> tuple[Finding, ...]:
    """A warning for each input without a row in the run's time window."""
    found = []
    for step in inputs:
        # One column of nothing: the time and the filter are read, and no more.
        rows = step_query(compiler, step.ref).subquery("input_rows")
        query = exp.select(exp.true().as_("is_there")).from_(rows).limit(1)
        if engine.fetch(render(query, compiler.engine)).num_rows == 0:
            found.append(
                Finding(
                    "warning",
                    "empty-source",
                    _no_rows(step),
                    step.at,
                    "check the table, and --end_time",
                )
            )
    return tuple(found)


def _no_rows(step: InputStep) -> str:
    if step.grain is not None:
        return f"{step.table} had no rows when the {step.grain} of the run began"
    return f"{step.table} has no rows in the time window; what is built on it will be empty"


def sources_without_ids(step: IdStitcher, stitched: Stitched, empty: Collection[str]) -> tuple[Finding, ...]:
    """A warning for each edge source that has rows but no id among them.

    Args:
        step: The stitcher.
        stitched: What it found.
        empty: Refs of inputs already known to be empty.
    """
    return tuple(
        Finding(
            "warning",
            "no-ids",
            f"{_shown(count.source)} gave no id: every one is null, blank or filtered out",
            step.at,
            f"look at the ids of {plain_ref(count.source)} and at the filters of its id types",
        )
        for count in stitched.sources
        if not count.has_ids and count.source not in empty
    )


def _shown(source: str) -> str:
    """What a source is called in a sentence."""
    name, _, grain = source.partition("@")
    return f"{name}, as of the beginning of the {grain}," if grain else name


def kept_placeholders(step: IdStitcher, stitched: Stitched) -> tuple[Finding, ...]:
    """A warning per id type with ids that look like a value for nothing, and that were kept."""
    return tuple(
        Finding(
            "warning",
            "placeholder-ids",
            f'{count} ids of type "{id_type}" are a word for nothing (null, undefined, 0) and stitch all the same',
            step.at,
            "drop them with placeholder_ids: drop in onefold.yaml, or say placeholder_ids: keep",
        )
        for id_type, count in sorted(stitched.placeholders.items())
    )
