"""Check the access that a run needs: open the database, read every source, write to the output schema.

Takes a project and its target. Returns one line per successful check, or raises an `AccessError` with all failures.
Leaves nothing behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.errors import AccessError
from onefold.plan.names import names_of
from onefold.run.data_checks import inputs_of
from onefold.run.failures import failure
from onefold.run.known_types import EngineTypes
from onefold.run.optional_inputs import absent_inputs, columns_of
from onefold.run.options import RunOptions
from onefold.run.plan_project import plan_project
from onefold.run.preflight import Preflight
from onefold.run.target import connect
from onefold.sql.dialects import render
from onefold.sql.statements import create_table, create_view, drop

if TYPE_CHECKING:
    from onefold.engines.base import Engine
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target

_TRIAL = "onefold_access_trial"


def validate_access(project: ProjectSpec, target: Target) -> tuple[str, ...]:
    """Check the access that a run needs.

    Returns:
        One line per successful check.

    Raises:
        ProjectError: If the project has mistakes.
        AccessError: With every failed check.
    """
    with connect(target, project) as engine:
        absent = absent_inputs(project, engine, target.dialect)
        columns = columns_of(project, engine, target.dialect)
        plan = plan_project(project, target, RunOptions().time_window(), absent, columns)
        done = [f"opened {target.shown_database}"]
        inputs = inputs_of(plan, frozenset(plan.steps))
        types = EngineTypes(engine, target.dialect)
        Preflight(plan, names_of(project), engine, target.dialect, types).check([i.ref for i in inputs])
        done += [f"read {step.table}" for step in inputs]
        done += [f"{ref} is disabled: {reason}" for ref, reason in absent.items()]
        _try_to_write(engine, target)
        done.append(f"created and dropped a table and a view in schema {target.schema}")
        return tuple(done)


def _try_to_write(engine: Engine, target: Target) -> None:
    table, view = (exp.table_(f"{_TRIAL}_{kind}", db=target.schema, quoted=True) for kind in ("table", "view"))
    statements = (
        create_table(table, exp.select(exp.Literal.number(1).as_("one"))),
        create_view(view, exp.select("*").from_(table)),
        drop(view, "VIEW"),
        drop(table, "TABLE"),
    )
    try:
        for statement in statements:
            engine.execute(render(statement, target.dialect))
    except EngineError as error:
        raise AccessError(failure(error, None)) from error
