"""Run a plugin: pass it tables, and check that its result has the columns that it declared.

Takes the plugin's step, its statements and an engine. Writes the rows to the material. Any exception of a plugin
becomes an error that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from onefold.errors import Finding, RunError
from onefold.plugins import Context, model_types

if TYPE_CHECKING:
    from onefold.engines.base import Engine
    from onefold.plan.model import PluginStep, RunTimes
    from onefold.run.compiled import PluginSql


def run_plugin(step: PluginStep, statements: PluginSql, times: RunTimes, engine: Engine) -> int:
    """Create the material of a plugin's model; returns its number of rows.

    Raises:
        EngineError: If a statement fails.
        RunError: If the plugin fails, or returns other columns than it declared.
    """
    plugin = model_types()[step.plugin]
    tables = {path: engine.fetch(query) for path, query in statements.reads.items()}
    try:
        made = plugin.run(step.spec, tables, Context(times.end, times.begin, step.name))
    except Exception as error:
        message = f'the plugin for model type "{step.plugin}" failed: {type(error).__name__}: {error}'
        raise RunError(
            Finding("error", "plugin-failed", message, step.at, "fix the plugin, or its settings in the model")
        ) from error
    with engine.upload(statements.uploaded, _promised(step, made, plugin.columns(step.spec))):
        return engine.execute(statements.create)


def _promised(step: PluginStep, made: object, columns: pa.Schema) -> pa.Table:
    """The table, cast to the declared types."""
    found = ", ".join(made.column_names) if isinstance(made, pa.Table) else type(made).__name__
    try:
        if isinstance(made, pa.Table):
            return made.select(columns.names).cast(columns)
        problem = "the result is not a table"
    except (KeyError, ValueError, pa.ArrowInvalid) as error:
        problem = str(error)
    message = (
        f'the plugin for model type "{step.plugin}" declared {", ".join(columns.names)} and returned {found}: {problem}'
    )
    raise RunError(Finding("error", "plugin-failed", message, step.at, "fix the plugin"))
