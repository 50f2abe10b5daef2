"""Questions in the project's SQL dialect to what was built. In: SQL. Out: Arrow tables. Changes nothing.

``<your_output_schema>`` in the text stands for the output schema, as in the guides people copy queries from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding, Location, RunError, UsageError
from onefold.run.failures import failure
from onefold.run.registry import Registry
from onefold.run.target import connect
from onefold.sql.author import parse_statements
from onefold.sql.dialect import to_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from onefold.project.spec import Project
    from onefold.run.registry import MaterialRecord, RunRecord
    from onefold.run.target import Target

_SCHEMA = re.compile(r"<your_output_schema>", re.IGNORECASE)

QUESTION = Location("<query>", 1, 1, 1, 1)
"""Where errors in the text of a query are."""


def ask(project: Project, target: Target, sql: str) -> Iterator[pa.Table]:
    """The rows of each statement, one after the other.

    Raises:
        ProjectError: If a statement does not parse.
        UsageError: If there is no statement, or one that is no question.
        AccessError: If nothing has been built yet.
        RunError: If a statement fails.
    """
    text = _SCHEMA.sub(target.schema, sql)
    statements = parse_statements(text, project.settings.sql_dialect, target.dialect, QUESTION)
    if not statements:
        raise UsageError(Finding("error", "no-sql", "there is no SQL to run"))
    for statement in statements:
        if not isinstance(statement, exp.Query | exp.Describe | exp.Show):
            message = f"{statement.key.upper()} would change the database; only questions are answered here"
            raise UsageError(Finding("error", "not-a-question", message, QUESTION, "begin with SELECT or WITH"))
    engine = connect(target, project, read_only=True)
    try:
        for statement in statements:
            try:
                yield engine.fetch(to_sql(statement, target.dialect))
            except EngineError as error:
                found = failure(error, QUESTION)
                hint = found.hint
                if error.kind == "missing":
                    hint = "`pb show models` names the outputs; `pb run` builds them"
                raise RunError(Finding("error", found.code, found.message, QUESTION, hint), sql=error.sql) from error
    finally:
        engine.close()


def read_registry(project: Project, target: Target) -> tuple[tuple[RunRecord, ...], tuple[MaterialRecord, ...]]:
    """The runs and the materials so far.

    Raises:
        AccessError: If nothing has been built yet.
    """
    engine = connect(target, project, read_only=True)
    try:
        registry = Registry(engine, target.dialect)
        return registry.runs(), registry.materials()
    except EngineError as error:
        hint = "`pb run` builds the project"
        raise AccessError(Finding("error", "nothing-built", "nothing has been built yet", hint=hint)) from error
    finally:
        engine.close()


def read_view(project: Project, target: Target, view: str) -> pa.Table:
    """All rows of an object of the output schema, without regard to case.

    Raises:
        AccessError: If nothing has been built yet.
        RunError: If there is no such object.
    """
    engine = connect(target, project, read_only=True)
    try:
        return engine.fetch(
            to_sql(exp.select("*").from_(exp.table_(view, db=target.schema, quoted=True)), target.dialect)
        )
    except EngineError as error:
        message = f'there is no view "{view}" in {target.output}'
        hint = "`pb show models` names the outputs; `pb run` builds them"
        raise RunError(Finding("error", "unknown-name", message, hint=hint), sql=error.sql) from error
    finally:
        engine.close()
