"""``pb query``: run SQL in the project's dialect against the output of runs. Returns Arrow tables; changes nothing.

``<your_output_schema>`` in the text is replaced by the output schema, as in the published guides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.engines.values import distinct_names
from onefold.errors import AccessError, Finding, Location, ProjectError, RunError, UsageError
from onefold.plan.names import column_of, names_of, var_table_of
from onefold.plan.render_context import RenderContext
from onefold.run.failures import failure
from onefold.run.known_types import EngineTypes
from onefold.run.options import RunOptions
from onefold.run.plan_project import plan_project
from onefold.run.target import connect
from onefold.sql.author import parse_statements
from onefold.sql.coercion import coerced
from onefold.sql.compile import relations
from onefold.sql.dialects import render
from onefold.sql.relations import Compiler, graph_views_of
from onefold.state.registry import Registry
from onefold.template.references import ModelReference

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target
    from onefold.state.records import MaterialRecord, RunRecord

_SCHEMA = re.compile(r"<your_output_schema>", re.IGNORECASE)

QUESTION = Location("<query>", 1, 1, 1, 1)
"""The location of errors in the text of a query."""


def ask(
    project: ProjectSpec, target: Target, sql: str, seq_no: int | None = None, *, only_one: bool = False
) -> Iterator[pa.Table]:
    """The rows of each statement, in order. Of two columns ``a`` the second is named ``a_2``.

    Args:
        project: The project.
        target: Where to run the statements.
        sql: The statements, which can refer to models with ``{{this.DeRef('models/x')}}``.
        seq_no: The run whose materials such a reference names; None uses the latest material of each model.
        only_one: Raise an error for several statements, before any of them runs.

    Raises:
        ProjectError: If a statement does not parse.
        UsageError: If there is no statement, one that is not a query, or more than one with ``only_one``.
        AccessError: If nothing has been built yet.
        RunError: If a statement fails.
    """
    text = _SCHEMA.sub(target.schema, sql)
    asked = _Asked(project, target, seq_no, text) if "{{" in text or "{%" in text else None
    text = text if asked is None else asked.text.sql
    statements = parse_statements(text, project.settings.sql_dialect, target.dialect, QUESTION)
    if not statements:
        raise UsageError(Finding("error", "no-sql", "the query is empty"))
    if only_one and len(statements) > 1:
        message = f"there are {len(statements)} statements; one is expected"
        raise UsageError(Finding("error", "several-statements", message, QUESTION, "run several with `queries`"))
    for statement in statements:
        if not isinstance(statement, exp.Query | exp.Describe | exp.Show):
            message = f"{statement.key.upper()} would change the database; only queries are allowed here"
            raise UsageError(Finding("error", "not-a-question", message, QUESTION, "start with SELECT or WITH"))
    with connect(target, project, read_only=True) as engine:
        types = EngineTypes(engine, target.dialect)
        for statement in statements:
            try:
                resolved = statement if asked is None else asked.resolved(statement, Registry(engine, target.dialect))
                coerced(resolved, project.settings.sql_dialect, types.inference())
                yield distinct_names(engine.fetch(render(resolved, target.dialect)))
            except EngineError as error:
                found = failure(error, QUESTION)
                hint = found.hint
                if error.kind == "missing":
                    hint = "list the outputs with `pb show models`; build them with `pb run`"
                raise RunError(Finding("error", found.code, found.message, QUESTION, hint), sql=error.sql) from error


class _Asked:
    """A query that contains templates."""

    def __init__(self, project: ProjectSpec, target: Target, seq_no: int | None, text: str) -> None:
        self._target, self._seq_no, self._names = target, seq_no, names_of(project)
        times = RunOptions().time_window()
        context = RenderContext(project, times, target.schema)
        self.text = context.render(text, QUESTION)
        for reference in self.text.references.values():
            if isinstance(reference, ModelReference) and self._names.ref(reference.path) is None:
                message = f'there is no model "{reference.path}"'
                context.add_error("unknown-model", message, QUESTION, self._names.nearest(reference.path))
        if context.findings:
            raise ProjectError(context.findings)
        self._plan = plan_project(project, target, times)
        for reference in self.text.references.values():
            ref = self._names.ref(reference.path) if isinstance(reference, ModelReference) else None
            if ref is not None and (column_of(ref) or var_table_of(ref)):
                message = f"{ref} has no table: it is inlined into the queries that read it"
                raise ProjectError(Finding("error", "not-a-material", message, QUESTION, "query a feature view"))

    def resolved(self, statement: exp.Expr, registry: Registry) -> exp.Expr:
        """The statement with tables in place of its template references."""
        made = {m.ref: m.name for m in registry.materials() if self._seq_no in {None, m.seq_no}}

        def material(ref: str) -> exp.Table:
            if ref not in made:
                when = "no run has" if self._seq_no is None else f"run {self._seq_no} has not"
                hint = "list the materials of a run with `pb show plan`"
                raise RunError(Finding("error", "unknown-name", f"{when} built {ref}", QUESTION, hint))
            return exp.table_(made[ref], db=self._target.schema, quoted=True)

        compiler = Compiler(
            self._plan, self._names, self._target.dialect, material, lambda ref: graph_views_of(material(ref))
        )
        used = relations(compiler)
        return used.complete(used.resolve(statement, self.text, {}))


def read_registry(project: ProjectSpec, target: Target) -> tuple[tuple[RunRecord, ...], tuple[MaterialRecord, ...]]:
    """All runs and materials.

    Raises:
        AccessError: If nothing has been built yet.
    """
    try:
        with connect(target, project, read_only=True) as engine:
            registry = Registry(engine, target.dialect)
            return registry.runs(), registry.materials()
    except EngineError as error:
        if error.kind != "missing":
            raise RunError(failure(error, None), sql=error.sql) from error
        hint = "build the project with `pb run`"
        raise AccessError(Finding("error", "nothing-built", "nothing has been built yet", hint=hint)) from error


def read_view(project: ProjectSpec, target: Target, view: str) -> pa.Table:
    """All rows of an object of the output schema, ignoring case.

    Raises:
        AccessError: If nothing has been built yet.
        RunError: If there is no such object.
    """
    try:
        with connect(target, project, read_only=True) as engine:
            return engine.fetch(
                render(exp.select("*").from_(exp.table_(view, db=target.schema, quoted=True)), target.dialect)
            )
    except EngineError as error:
        if error.kind != "missing":
            raise RunError(failure(error, None), sql=error.sql) from error
        message = f'there is no view "{view}" in {target.output}'
        hint = "list the outputs with `pb show models`; build them with `pb run`"
        raise RunError(Finding("error", "unknown-name", message, hint=hint), sql=error.sql) from error
