"""Compiles a step of the plan to the query for its rows, by a table of model kinds.

Takes a ``Compiler`` and the ref of a step; returns one sqlglot query that includes the inline steps it reads. An
id_stitcher has no single query: ``onefold.identity.stitch`` combines those of ``identity.schema``. Runs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.plan.feature_steps import Cohort, EntityVars, FeatureView, InputRows, VarRows, VarTable
from onefold.plan.model import InputStep, SqlTemplate
from onefold.sql.cohort import cohort_query
from onefold.sql.entity_vars import entity_vars_query
from onefold.sql.feature_view import feature_view_query
from onefold.sql.input import input_query
from onefold.sql.relations import Compiler, Relations
from onefold.sql.sql_template import sql_template_query
from onefold.sql.var_rows import input_rows_query, var_rows_query
from onefold.sql.var_table import var_table_query

if TYPE_CHECKING:
    from sqlglot import exp

    from onefold.plan.model import Step


def relations(compiler: Compiler) -> Relations:
    """An empty set of relations for one query."""
    return Relations(compiler, _inline)


def step_query(compiler: Compiler, ref: str) -> exp.Query:
    """The query of one step.

    Raises:
        ProjectError: If the author's SQL does not parse.
    """
    used = relations(compiler)
    return used.complete(_inline(ref, used))


def _inline(ref: str, used: Relations) -> exp.Query:
    step = used.compiler.plan.steps[ref]
    outer, used.grain = used.grain, step.grain
    try:
        return _query(step, used)
    finally:
        used.grain = outer


def _query(step: Step, used: Relations) -> exp.Query:
    if isinstance(step, InputStep):
        return input_query(step, used)
    if isinstance(step, SqlTemplate):
        return sql_template_query(step, used)
    if isinstance(step, Cohort):
        return cohort_query(step, used)
    if isinstance(step, EntityVars):
        return entity_vars_query(step, used)
    if isinstance(step, VarTable):
        return var_table_query(step, used)
    if isinstance(step, VarRows):
        return var_rows_query(step, used)
    if isinstance(step, InputRows):
        return input_rows_query(step, used)
    assert isinstance(step, FeatureView)  # noqa: S101 - stitchers are handled by the runner
    return feature_view_query(step, used)
