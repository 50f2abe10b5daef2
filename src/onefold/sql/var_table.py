"""Compiles all vars of an entity up to one stage to one query with one row per profile.

Profiles are left joined to the scans of the stage. Defaults are applied, then the derived vars are added in layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.plan.model import IdStitcher
from onefold.sql.id_graph import PROFILE
from onefold.sql.window import window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.plan.feature_steps import InputVar, Var, VarTable
    from onefold.sql.relations import Relations


def var_table_query(step: VarTable, used: Relations) -> exp.Select:
    """One row per profile."""
    query = _joined(step, used)
    scanned = (v.name for part in step.parts for v in step.parted[part])
    have = {*step.carried, *scanned, *(name for names in step.earlier.values() for name in names)}
    columns: dict[str, exp.Expr] = {name.lower(): exp.column(name.lower()) for name in have}
    for number, layer in enumerate(step.derived, start=1):
        name = f"layer_{number}"
        query = (
            exp.select("*")
            .from_(name)
            .select(*(_derived(var, used, columns).as_(var.name.lower()) for var in layer))
            .with_(name, as_=query, copy=False)
        )
        columns |= {var.name.lower(): exp.column(var.name.lower()) for var in layer}
    return query


def _joined(step: VarTable, used: Relations) -> exp.Select:
    """Profiles with the vars of the previous stage and of this stage's scans."""
    if isinstance(used.compiler.plan.steps[step.base], IdStitcher):
        profiles = exp.alias_(used.graph(step.base).profiles, "profiles", table=True)
        query = exp.select(*(exp.column(name, table="profiles") for name in (PROFILE, step.main_id))).from_(profiles)
    else:
        kept: list[exp.Expr] = [exp.column(name, table="profiles") for name in (PROFILE, step.main_id)]
        for name in step.carried:
            column = exp.column(step.renamed.get(name, name).lower(), table="profiles")
            kept.append(column.as_(name.lower()) if name in step.renamed else column)
        query = exp.select(*kept).from_(exp.alias_(used.table(step.base), "profiles", table=True))
    if step.members is not None:
        members = exp.select(exp.column(step.main_id)).from_(used.table(step.members))
        query = query.where(exp.In(this=exp.column(step.main_id, table="profiles"), query=members.subquery()))
    for number, part in enumerate(step.parts, start=1):
        alias = f"vars_{number}"
        on = exp.column(PROFILE, table=alias).eq(exp.column(PROFILE, table="profiles"))
        query.join(exp.alias_(used.table(part), alias, table=True), on=on, join_type="left", copy=False)
        for var in step.parted[part]:
            column = exp.column(var.name.lower(), table=alias)
            query.select(finished(column, var, used, {}).as_(var.name.lower()), copy=False)
    return _with_earlier(query, step, used)


def _with_earlier(query: exp.Select, step: VarTable, used: Relations) -> exp.Select:
    """The query with the values that profiles of the same main id had at the start of a period; null for others."""
    for number, (table, names) in enumerate(step.earlier.items(), start=1):
        alias = f"earlier_{number}"
        on = exp.column(step.main_id, table=alias).eq(exp.column(step.main_id, table="profiles"))
        query.join(exp.alias_(used.table(table), alias, table=True), on=on, join_type="left", copy=False)
        query.select(*(exp.column(name.lower(), table=alias).as_(name.lower()) for name in names), copy=False)
    return query


def _derived(var: Var, used: Relations, columns: Mapping[str, exp.Expr]) -> exp.Expr:
    """The value of a var that is computed from other vars."""
    value = used.expression(var.select, columns) if var.window is None else window(var, used, columns)
    if var.where is not None:
        value = exp.Case().when(used.expression(var.where, columns), value)
    return finished(value, var, used, columns)


def finished(value: exp.Expr, var: Var | InputVar, used: Relations, columns: Mapping[str, exp.Expr]) -> exp.Expr:
    """The value with its default and its type."""
    if var.default is not None:
        value = exp.func("COALESCE", value, used.expression(var.default, columns))
    if var.data_type is not None:
        author = used.compiler.plan.author
        value = exp.cast(value, exp.DataType.build(var.data_type.sql.strip(), dialect=author))
    return value
