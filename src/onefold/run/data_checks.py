"""Checks of source rows before a model reads them.

Takes the inputs of a plan and an engine. Returns warnings for empty inputs, and errors for rows that must be unique and
are not, because features would count them twice.
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
    """The inputs among ``refs``, each as of the latest time at which it is read."""
    found = {
        s.name: s for ref, s in plan.steps.items() if ref in refs and isinstance(s, InputStep) and s.as_of is not None
    }
    found |= {
        s.name: s for ref, s in plan.steps.items() if ref in refs and isinstance(s, InputStep) and s.as_of is None
    }
    return tuple(found.values())


def duplicates(step: InputStep, compiler: Compiler, engine: Engine) -> Iterator[Finding]:
    """An error if rows of an input share a ``row_identifier``. Rows with a null in it are not compared."""
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
        f"remove the duplicates from the source, or remove row_identifier from input {step.name} to count them all",
    )


def _all_hashes_differ(
    keys: list[exp.Column], known: exp.Expr, rows: exp.Subquery, dialect: EngineDialect, engine: Engine
) -> bool:
    """Whether all 64-bit hashes differ: a cheap proof of uniqueness. Equal hashes prove nothing."""
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
        # A constant column: the query reads only the time and the filter.
        rows = step_query(compiler, step.ref).subquery("input_rows")
        query = exp.select(exp.true().as_("is_there")).from_(rows).limit(1)
        if engine.fetch(render(query, compiler.engine)).num_rows == 0:
            found.append(
                Finding(
                    "warning",
                    "empty-source",
                    _no_rows(step),
                    step.at,
                    "check the table and --end_time",
                )
            )
    return tuple(found)


def _no_rows(step: InputStep) -> str:
    if step.grain is not None:
        return f"{step.table} had no rows at the beginning of the {step.grain}"
    return f"{step.table} has no rows in the time window: the models that read it will be empty"


def sources_without_ids(step: IdStitcher, stitched: Stitched, empty: Collection[str]) -> tuple[Finding, ...]:
    """A warning for each edge source that has rows but no ids.

    Args:
        step: The stitcher.
        stitched: The result of the stitcher.
        empty: Refs of inputs that are known to be empty.
    """
    return tuple(
        Finding(
            "warning",
            "no-ids",
            f"{_shown(count.source)} has no ids: all are null, blank or excluded by a filter",
            step.at,
            f"check the ids of {plain_ref(count.source)} and the filters of its id types",
        )
        for count in stitched.sources
        if not count.has_ids and count.source not in empty
    )


def _shown(source: str) -> str:
    """The name of a source in a sentence."""
    name, _, grain = source.partition("@")
    return f"{name}, as of the beginning of the {grain}," if grain else name


def kept_placeholders(step: IdStitcher, stitched: Stitched) -> tuple[Finding, ...]:
    """A warning for each id type with placeholder ids in the graph."""
    return tuple(
        Finding(
            "warning",
            "placeholder-ids",
            f'{count} ids of type "{id_type}" look like placeholders (null, undefined, 0) (expected 0)',
            step.at,
            "set placeholder_ids in onefold.yaml: `drop` excludes them, `keep` silences this warning",
        )
        for id_type, count in sorted(stitched.placeholders.items())
    )
