"""Restricts the aggregates of an expression to rows that meet a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Collection

_UNFILTERED = (
    exp.FirstValue, exp.LastValue, exp.NthValue, exp.Lag, exp.Lead,
    exp.Rank, exp.DenseRank, exp.Ntile, exp.PercentRank, exp.CumeDist,
)  # fmt: skip
"""Window functions that sqlglot counts as aggregates, and that accept no FILTER."""


def filtered(value: exp.Expr, condition: exp.Expr, aggregates: Collection[str] = ()) -> exp.Expr:
    """The expression with ``FILTER (WHERE condition)`` on each of its aggregates, except in subqueries.

    An existing filter of an aggregate is combined with it. Window functions that accept no filter, for example
    FIRST_VALUE and RANK, are unchanged.

    Args:
        value: The expression; it is not modified.
        condition: The condition.
        aggregates: Names, in capitals, of aggregates of the engine that sqlglot does not recognize.
    """

    def restrict(node: exp.Expr) -> exp.Expr:
        if isinstance(node, (exp.Subquery, exp.Select, *_UNFILTERED)):
            return node
        if isinstance(node, exp.Filter):
            both = exp.and_(node.expression.this.copy(), condition.copy())
            return exp.Filter(this=node.this, expression=exp.Where(this=both))
        unknown = isinstance(node, exp.Anonymous | exp.AnonymousAggFunc) and node.name.upper() in aggregates
        if unknown or isinstance(node, exp.AggFunc | exp.WithinGroup):
            return exp.Filter(this=node, expression=exp.Where(this=condition.copy()))
        for key, child in list(node.args.items()):
            if isinstance(child, exp.Expr):
                node.set(key, restrict(child))
            elif isinstance(child, list):
                node.set(key, [restrict(c) if isinstance(c, exp.Expr) else c for c in child])
        return node

    return restrict(value.copy())
