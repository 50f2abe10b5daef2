"""Rewrites MODE and COUNT(DISTINCT) vars so that each value is counted once per profile.

Takes the aggregates of a step's vars; returns common table expressions and the columns that replace the aggregates.

    counts_<i>   one row per profile and value that is not null, with the number of its rows
    values_<i>   one row per profile: how many values there are, and the most frequent one

MODE alone keeps and sorts every row of a profile. Counting first keeps each value once, and also answers
COUNT(DISTINCT) of the same value. Over many rows this saves a third of the time. A value with only COUNT(DISTINCT) is
left to the engine, which does the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.id_graph import PROFILE

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUE, _TIMES = "__value", "__times"
_DISTINCT, _MOST_FREQUENT = "__distinct_values", "__most_frequent"
_SOME = "__some_"


@dataclass(frozen=True)
class Counted:
    """A value that is counted per profile.

    Attributes:
        value: The value of a row.
        condition: Which rows count; None for all.
        distinct: Names of the vars that count its distinct values.
        modes: Names of the vars that are its most frequent value; the smallest of equally frequent ones.
    """

    value: exp.Expr
    condition: exp.Expr | None
    distinct: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()


def counted_values(values: Mapping[str, exp.Expr], wheres: Mapping[str, exp.Expr]) -> tuple[Counted, ...]:
    """The values for which a MODE is needed.

    Args:
        values: The aggregate of each var, by name. Only those that are MODE or COUNT(DISTINCT) as a whole are
            considered.
        wheres: The condition of each var that has one.
    """
    found: dict[tuple[str, str], Counted] = {}
    for name, aggregate in values.items():
        mode, distinct = _mode_of(aggregate), _distinct_of(aggregate)
        value = mode or distinct
        if value is None or not _is_of_a_row(value):
            continue
        where = wheres.get(name)
        key = (value.sql(), where.sql() if where is not None else "")
        known = found.get(key, Counted(value, where))
        if mode is not None:
            found[key] = replace(known, modes=(*known.modes, name))
        else:
            found[key] = replace(known, distinct=(*known.distinct, name))
    return tuple(each for each in found.values() if each.modes)


def with_counts(query: exp.Select, counted: Counted, number: int, rows: exp.Expr) -> exp.Select:
    """The query with the two relations of a counted value.

    Args:
        query: The query that will join them.
        counted: The value.
        number: Its number, which is part of the relations' names.
        rows: The relation of the rows, under the name by which the author may qualify columns.
    """
    value = counted.value
    condition: exp.Expr = exp.not_(value.copy().is_(exp.null()))
    if counted.condition is not None:
        condition = exp.and_(counted.condition.copy(), condition)
    counts = (
        exp.select(exp.column(PROFILE), value.copy().as_(_VALUE), exp.Count(this=exp.Star()).as_(_TIMES))
        .from_(rows.copy())
        .where(condition)
        .group_by(exp.column(PROFILE), value.copy())
    )
    answers = exp.select(exp.column(PROFILE)).from_(f"counts_{number}").group_by(exp.column(PROFILE))
    if counted.distinct:
        answers = answers.select(exp.Count(this=exp.Star()).as_(_DISTINCT))
    rarest_last = exp.Anonymous(this="ROW", expressions=[exp.Neg(this=exp.column(_TIMES)), exp.column(_VALUE)])
    most_frequent = exp.ArgMin(this=exp.column(_VALUE), expression=rarest_last)
    answers = answers.select(most_frequent.as_(_MOST_FREQUENT))
    query = query.with_(f"counts_{number}", as_=counts, copy=False)
    return query.with_(f"values_{number}", as_=answers, copy=False)


def joined_values(query: exp.Select, number: int, grouped: str) -> exp.Select:
    """The query over the profiles of ``grouped`` joined to the results for a counted value."""
    on = exp.column(PROFILE, table=f"values_{number}").eq(exp.column(PROFILE, table=grouped))
    return query.join(exp.to_table(f"values_{number}"), on=on, join_type="left", copy=False)


def some_rows(number: int) -> str:
    """The column of ``grouped`` with the number of a profile's rows that meet the condition of a counted value."""
    return f"{_SOME}{number}"


def answer(counted: Counted, number: int, name: str, grouped: str) -> exp.Expr:
    """The value of the var ``name``.

    A profile without a value has no row here; one without a row that counts has no count either.
    """
    if name in counted.modes:
        return exp.column(_MOST_FREQUENT, table=f"values_{number}")
    distinct = exp.column(_DISTINCT, table=f"values_{number}")
    distinct_or_none = exp.func("COALESCE", distinct, exp.Literal.number(0))
    if counted.condition is None:
        return distinct_or_none
    return exp.Case().when(exp.column(some_rows(number), table=grouped) > 0, distinct_or_none)


def _mode_of(aggregate: exp.Expr) -> exp.Expr | None:
    """The value of a MODE aggregate that takes the smallest of equally frequent values."""
    if not isinstance(aggregate, exp.Mode) or not isinstance(aggregate.this, exp.Order):
        return None
    order, value = aggregate.this.expressions, aggregate.this.this
    by_itself = len(order) == 1 and order[0].this == value and not order[0].args.get("desc")
    return value if by_itself else None


def _distinct_of(aggregate: exp.Expr) -> exp.Expr | None:
    """The value of a COUNT(DISTINCT) aggregate."""
    if not isinstance(aggregate, exp.Count) or not isinstance(aggregate.this, exp.Distinct):
        return None
    values = aggregate.this.expressions
    return values[0] if len(values) == 1 else None


def _is_of_a_row(value: exp.Expr) -> bool:
    """Whether rows can be grouped by it: it has a column, and needs no other rows."""
    other = (exp.AggFunc, exp.Window, exp.Query, exp.Subquery)
    return value.find(exp.Column) is not None and value.find(*other) is None
