"""Which optional inputs are not there (``contract.is_optional``). In: a project and an engine. Out: reasons by ref."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.sql.author import read_table
from onefold.sql.dialects import render
from onefold.sql.input import csv_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.engines.base import Engine
    from onefold.project import spec
    from onefold.sql.dialects import EngineDialect


def absent_inputs(project: spec.ProjectSpec, engine: Engine, dialect: EngineDialect) -> dict[str, str]:
    """Why an optional input cannot be read, by its ref; those that can be are not in it.

    A table that is not there, a file that is not there, or a promised column that is not there.
    """
    found = {}
    for record in project.inputs:
        if record.contract.is_optional:
            reason = _reason(record, project.settings.sql_dialect, engine, dialect)
            if reason is not None:
                found[f"inputs/{record.name}"] = reason
    return found


def _reason(record: spec.Input, author: str, engine: Engine, dialect: EngineDialect) -> str | None:
    app = record.app_defaults
    if app.csv:
        table, name = exp.to_table(csv_view(record.name), quoted=True), f"file {app.csv}"
    else:
        table, name = read_table(app.table or app.view or "", author, app.at.start), f"table {app.table or app.view}"
    try:
        columns = engine.describe(render(exp.select("*").from_(table), dialect, pretty=False))
    except EngineError as error:
        if error.kind in {"missing", "file"}:
            return f"its {name} does not exist, and it is optional"
        raise
    there = {column.lower() for column in columns}
    missing = [c.name for c in record.contract.with_columns if c.name.strip('"').lower() not in there]
    return f"its {name} has no column {missing[0]}, and it is optional" if missing else None


def columns_of(
    project: spec.ProjectSpec, engine: Engine, dialect: EngineDialect
) -> Callable[[str], frozenset[str] | None]:
    """A function that gives the columns of an input by its ref, in lower case; None where they cannot be had."""
    records = {f"inputs/{record.name}": record for record in project.inputs}

    def columns(ref: str) -> frozenset[str] | None:
        record = records.get(ref)
        if record is None:
            return None
        table, _ = _source(record, project.settings.sql_dialect)
        try:
            found = engine.describe(render(exp.select("*").from_(table), dialect, pretty=False))
        except EngineError:  # told by the check of the plan, with its place
            return None
        return frozenset(name.lower() for name in found)

    return columns


def _source(record: spec.Input, author: str) -> tuple[exp.Table, str]:
    """The table of an input, and what to call it."""
    app = record.app_defaults
    if app.csv:
        return exp.to_table(csv_view(record.name), quoted=True), f"file {app.csv}"
    return read_table(app.table or app.view or "", author, app.at.start), f"table {app.table or app.view}"
