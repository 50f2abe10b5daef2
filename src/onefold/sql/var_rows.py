"""Compiles tables of vars that models read: vars by main id, or rows with their main ids.

vars of an entity   one row per profile: its main id and its vars
rows of an input    each with its own number, its columns, its main id per entity (null if it belongs to no profile),
                    and its input vars (their default if it belongs to no profile)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.identity_join import first_known, ids_named, ids_of, joined_by_ids, main_id_of, of_source
from onefold.sql.node_marks import as_id
from onefold.sql.var_table import finished
from onefold.sql.window import window

if TYPE_CHECKING:
    from onefold.plan.feature_steps import InputRows, InputVar, RowOwner, VarRows
    from onefold.sql.relations import Relations

ROW = "input_row_id"
"""A unique number of a row, without further meaning."""


def var_rows_query(step: VarRows, used: Relations) -> exp.Select:
    """One row per profile."""
    return exp.select(*(exp.column(name) for name in (step.main_id, *step.columns))).from_(used.table(step.var_table))


def input_rows_query(step: InputRows, used: Relations) -> exp.Select:
    """One row per row of the input."""
    number = exp.Window(this=exp.RowNumber(), over="OVER").as_(ROW)
    query = exp.select(number, exp.Star()).from_(used.table(step.source))
    layers = 0
    for owner in step.owners:
        layers += 1
        query = _with_owner(query, f"rows_{layers}", owner, step, used)
        named = ids_named(step.source, owner.entity, (t for var in owner.input_vars for t in var.texts()), used)
        named |= {var.name.lower(): exp.column(var.name) for var in owner.input_vars}
        among = replace(used, row_values=named)
        for var in owner.input_vars:
            layers += 1
            query = _with_var(query, f"rows_{layers}", var, owner, step, among)
    return query


def _with_owner(rows: exp.Select, name: str, owner: RowOwner, step: InputRows, used: Relations) -> exp.Select:
    """The rows with the main id of their first id that is in the graph (format A2)."""
    query = exp.select(exp.Star(), copy=False).with_(name, as_=rows, copy=False)
    query.set("expressions", [exp.Column(this=exp.Star(), table=exp.to_identifier("source"))])
    query = query.from_(exp.alias_(exp.to_table(name), "source", table=True))
    ids, main_id = ids_of(step.source, owner.entity, used), owner.main_id
    own = main_id_of(step.source, owner.entity, used)
    if own is not None:
        profiles = exp.alias_(used.graph(owner.stitcher).profiles, "profiles", table=True)
        on = exp.column(main_id, table="profiles").eq(as_id(of_source(used.expression(own.select))))
        return query.join(profiles, on=on, join_type="left").select(exp.column(main_id, table="profiles"), copy=False)
    query = joined_by_ids(query, ids, used.graph(owner.stitcher).numbered, [main_id], used, join="left")
    return query.select(first_known(main_id, ids).as_(main_id), copy=False)


def _with_var(  # noqa: PLR0917 - the parts of a column
    rows: exp.Select, name: str, var: InputVar, owner: RowOwner, step: InputRows, used: Relations
) -> exp.Select:
    """The rows with an input var, which is computed over the rows that belong to a profile."""
    owned = exp.not_(exp.column(owner.main_id).is_(exp.null()))
    if var.window is None:
        value = used.expression(var.select)
    else:
        value = window(var, used, {}, among=[exp.paren(owned.copy())], where=True)
    counted = owned if var.where is None else exp.and_(owned, exp.paren(used.expression(var.where)))
    column = finished(exp.Case().when(counted, value), var, used, {}).as_(var.name.lower())
    # The author may qualify columns by the name of the source.
    source = exp.alias_(exp.to_table(name), step.source.rpartition("/")[2], table=True)
    return exp.select("*", column).from_(source).with_(name, as_=rows, copy=False)
