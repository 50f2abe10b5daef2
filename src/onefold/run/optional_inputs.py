"""Find missing optional inputs (``contract.is_optional``). Takes a project and an engine; returns reasons by ref."""

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
    """The reason why an optional input is missing, by ref: its table, its file or a contract column does not exist.

    Inputs that can be read are not in the result.
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
    """A function from an input's ref to its columns in lower case; None if they are unknown."""
    records = {f"inputs/{record.name}": record for record in project.inputs}

    def columns(ref: str) -> frozenset[str] | None:
        record = records.get(ref)
        if record is None:
            return None
        table, _ = _source(record, project.settings.sql_dialect)
        try:
            found = engine.describe(render(exp.select("*").from_(table), dialect, pretty=False))
        except EngineError:  # the preflight check reports it with its location
            return None
        return frozenset(name.lower() for name in found)

    return columns


def _source(record: spec.Input, author: str) -> tuple[exp.Table, str]:
    """The table of an input, and its name in messages."""
    app = record.app_defaults
    if app.csv:
        return exp.to_table(csv_view(record.name), quoted=True), f"file {app.csv}"
    return read_table(app.table or app.view or "", author, app.at.start), f"table {app.table or app.view}"
