"""Compiles the window of a var to ``value OVER (...)`` for the engine.

The parts are parsed and combined in the author's dialect, and only then transpiled: the default frame and the rule for
ties depend on function, order and frame together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.errors import Finding, ProjectError
from onefold.sql.author import parse_expression, read_expression, read_frame, read_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.plan.feature_steps import InputVar, Var
    from onefold.plan.model import SqlText
    from onefold.sql.relations import Relations

_FUNCTIONS = (exp.Func, exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup, exp.Filter)


def window(
    var: Var | InputVar,
    used: Relations,
    columns: Mapping[str, exp.Expr],
    *,
    among: Sequence[exp.Expr] = (),
    where: bool = False,
) -> exp.Expr:
    """The value of a var with a window, on each row.

    Args:
        var: The var.
        used: The relations of the query.
        columns: The column of each other var, by the var's lower-case name.
        among: Expressions to partition by, before those of the author.
        where: Whether the rows that meet the var's ``where`` form their own partition.

    Raises:
        ProjectError: If a part does not parse, or ``select`` is not a single function.
    """
    assert var.window is not None  # noqa: S101 - chosen so
    compiler = used.compiler
    author = compiler.plan.author

    def read(text: SqlText) -> exp.Expr:
        return used.resolve(read_expression(text.sql, author, text.at), text, columns)

    value = read(var.select)
    if not isinstance(value, _FUNCTIONS):
        message = "select of a var with a window must be a single function"
        raise ProjectError(Finding("error", "sql-syntax", message, var.select.at, "write for example last_value(plan)"))
    partition = [*(p.copy() for p in among)]
    if where and var.where is not None:
        partition.append(exp.func("COALESCE", exp.paren(read(var.where)), exp.false()))
    partition += [read(text) for text in var.window.partition_by]
    order: list[exp.Expr] = []
    for text in var.window.order_by:
        order += [used.resolve(key, text, columns) for key in read_order(text.sql, author, text.at)]
    frame = var.window.frame
    over = exp.Window(
        this=value,
        partition_by=partition,
        order=exp.Order(expressions=order) if order else None,
        spec=read_frame(frame.sql, author, frame.at) if frame is not None else None,
        over="OVER",
    )
    return parse_expression(over.sql(dialect=author), author, compiler.engine, var.select.at)
