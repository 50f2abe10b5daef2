"""Rules for aggregates that have another meaning in the engine."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.functions import filled

_AROUND = (exp.WithinGroup, exp.Filter, exp.Window, exp.IgnoreNulls, exp.RespectNulls)


def counted_conditions(node: exp.Expr) -> exp.Expr:
    """COUNT_IF: 0 if no row meets the condition, also without rows, for which the engine gives NULL."""
    if isinstance(node, exp.CountIf):
        held = exp.Case().when(node.this.copy(), exp.Literal.number(1))
        return exp.Count(this=held, big_int=True)
    return node


_COUNTED = "LIST_TRANSFORM(MAP_ENTRIES(HISTOGRAM(_1)), LAMBDA e: {'n': -CAST(e.value AS BIGINT), 'v': e.key})"


def frequent_values(node: exp.Expr) -> exp.Expr:
    """APPROX_TOP_K(x, k): the exact most frequent values and their counts; of equally frequent ones the smallest."""
    if not isinstance(node, exp.ApproxTopK):
        return node
    if isinstance(node.parent, exp.Window | exp.Filter):
        raise UnsupportedError("APPROX_TOP_K OVER is not supported; count with GROUP BY")
    count = node.expression or exp.Literal.number(1)
    first = f"LIST_SLICE(LIST_SORT({_COUNTED}), 1, _2)"
    return filled(f"TO_JSON(LIST_TRANSFORM({first}, LAMBDA e: JSON_ARRAY(e.v, -e.n)))", node.this, count)


def estimated_counts(node: exp.Expr) -> exp.Expr:
    """HLL_ESTIMATE(HLL_ACCUMULATE(x)) is HLL(x); a sketch on its own is not supported."""
    if not isinstance(node, exp.Anonymous) or node.name.upper() != "HLL_ESTIMATE" or not node.expressions:
        return node
    sketch = node.expressions[0]
    if not isinstance(sketch, exp.Anonymous) or sketch.name.upper() != "HLL_ACCUMULATE":
        return node
    return exp.ApproxDistinct(this=sketch.expressions[0].copy())


def max_by_without_ties(node: exp.Expr) -> exp.Expr:
    """MAX_BY and MIN_BY: of rows with equal keys, the one with the greatest (smallest) value; null keys are ignored.

    The key and the value are compared together, so that the result comes from a single row.
    """
    if not isinstance(node, exp.ArgMax | exp.ArgMin):
        return node
    name = "ARG_MAX" if isinstance(node, exp.ArgMax) else "ARG_MIN"
    value, key, count = node.this, node.expression, node.args.get("count")
    both = exp.Anonymous(this="ROW", expressions=[key.copy(), value.copy()])
    known = exp.not_(key.copy().is_(exp.null()))
    if count is None:
        found = exp.Anonymous(this=f"{name}_NULL", expressions=[value.copy(), both])
    else:
        found = exp.Anonymous(this=name, expressions=[value.copy(), both, count.copy()])
    return exp.Filter(this=found, expression=exp.Where(this=known))


def counted_columns(node: exp.Expr) -> exp.Expr:
    """COUNT(t.*) and COUNT(a, b): rows in which no column is NULL."""
    if not isinstance(node, exp.Count):
        return node
    if isinstance(node.this, exp.Column) and isinstance(node.this.this, exp.Star):
        known = exp.not_(exp.Columns(this=node.this.copy()).is_(exp.null()))
        return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=known))
    if isinstance(node.this, exp.Distinct) and any(e.is_star for e in node.this.expressions):
        raise UnsupportedError("COUNT(DISTINCT t.*) is not supported; name the columns")
    if node.expressions:
        values = [node.this, *node.expressions]
        all_known = exp.and_(*(exp.not_(value.copy().is_(exp.null())) for value in values))
        return exp.Count(this=exp.Case().when(all_known, exp.Literal.number(1)))
    return node


def empty_not_null(node: exp.Expr) -> exp.Expr:
    """LISTAGG and ARRAY_AGG of no rows: an empty text or list; the engine gives NULL."""
    if isinstance(node.parent, _AROUND) and node.arg_key == "this":
        return node
    core: exp.Expr = node
    while isinstance(core, _AROUND):
        core = core.this
    if isinstance(core, exp.GroupConcat):
        return exp.func("COALESCE", node.copy(), exp.Literal.string(""))
    if isinstance(core, exp.ArrayAgg | exp.ArrayUniqueAgg):
        return exp.func("COALESCE", node.copy(), exp.Array(expressions=[]))
    return node


def exact_distinct(node: exp.Expr) -> exp.Expr:
    """HLL: the same estimate under its other name."""
    return exp.ApproxDistinct(this=node.this) if isinstance(node, exp.Hll) else node
