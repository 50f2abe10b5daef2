"""Compiles an input to a query for its rows within the time window."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.author import parse_expression, read_table
from onefold.sql.node_marks import MOMENT

if TYPE_CHECKING:
    from datetime import datetime

    from onefold.plan.model import InputStep, Step
    from onefold.sql.relations import Relations

_NAME = re.compile(r"[A-Za-z_][\w$]*")


def source_table(step: InputStep, author: str) -> exp.Table:
    """The source as the author names it; for a CSV file, the view that the engine creates for it."""
    if step.csv:
        return exp.to_table(csv_view(step.name), quoted=True)
    return read_table(step.table, author, step.at)


def csv_view(name: str) -> str:
    """Name of the temporary view over the CSV file of the input ``name``."""
    return f"csv_{name}"


def input_query(step: InputStep, used: Relations) -> exp.Select:
    """Rows up to the end time, including rows without a time (format A3)."""
    plan = used.compiler.plan
    query = exp.select("*").from_(source_table(step, plan.author))
    time = event_time(step, used)
    if time is not None:
        time.meta[MOMENT] = True
        within: exp.Expr = time <= timestamp(step.as_of or plan.times.end)
        if plan.times.begin is not None:
            within = exp.and_(time >= timestamp(plan.times.begin), within)
        query = query.where(exp.or_(within, time.copy().is_(exp.null())))
    if step.where is not None:
        query = query.where(exp.paren(used.expression(step.where)))
    return query


def event_time(step: Step, used: Relations) -> exp.Expr | None:
    """The time of a source's rows: a column, or an expression by the author; None if it has none.

    Raises:
        ProjectError: If it does not parse.
    """
    written = getattr(step, "occurred_at", None)
    if not written:
        return None
    if _NAME.fullmatch(written):  # may be an SQL keyword, for example timestamp
        return exp.column(written)
    compiler = used.compiler
    at = getattr(step, "occurred_at_at", step.at)
    found = parse_expression(written, compiler.plan.author, compiler.engine, at)
    return found if isinstance(found, exp.Column) else exp.paren(found)


def timestamp(moment: datetime) -> exp.Cast:
    """A timestamp literal without a time zone, in UTC."""
    return exp.cast(exp.Literal.string(moment.strftime("%Y-%m-%d %H:%M:%S.%f").removesuffix(".000000")), "TIMESTAMP")
