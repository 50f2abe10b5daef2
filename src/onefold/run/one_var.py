"""Find the var that makes a statement fail. All vars of one input are one statement, whose error names no var.

Takes a step with vars and a compiler. Returns the step with one var at a time, or the var whose select fails.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.engines.base import EngineError
from onefold.plan.feature_steps import EntityVars, VarTable
from onefold.sql.compile import step_query
from onefold.sql.dialects import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from onefold.engines.base import Engine
    from onefold.plan.feature_steps import Var
    from onefold.plan.model import Step
    from onefold.sql.relations import Compiler


def has_vars(step: Step) -> bool:
    """Whether a step is one statement for several vars."""
    return isinstance(step, EntityVars | VarTable)


def one_by_one(step: Step) -> Iterator[tuple[Var, Step]]:
    """The vars of a step, each with the step reduced to this var and the derived vars that it can use."""
    if isinstance(step, EntityVars):
        yield from ((var, replace(step, vars=(var,))) for var in step.vars)
    elif isinstance(step, VarTable):
        for depth, layer in enumerate(step.derived):
            yield from ((var, replace(step, derived=(*step.derived[:depth], (var,)))) for var in layer)


def query_of(alone: Step, compiler: Compiler) -> exp.Query:
    """The query of a step from `one_by_one`, used in place of the whole step."""
    plan = replace(compiler.plan, steps={**compiler.plan.steps, alone.ref: alone})
    return step_query(replace(compiler, plan=plan), alone.ref)


def var_at_fault(step: Step, compiler: Compiler, engine: Engine) -> tuple[Var, EngineError] | None:
    """The first var of a step whose select alone fails because of a value; None if no select does.

    Reads the source once per var, so it is called only after the whole statement has failed.
    """
    for var, alone in one_by_one(step):
        try:
            engine.execute(render(query_of(alone, compiler), compiler.engine))
        except EngineError as error:
            if error.kind == "value":
                return var, error
    return None
