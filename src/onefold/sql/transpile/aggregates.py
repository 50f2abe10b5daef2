"""Aggregates whose answer would depend on the order in which rows are met. In: a node. Out: one that has one answer.

The authors' warehouses leave these answers open ("any of them"); each rule picks one, the same in every run.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.functions import filled

_AROUND = (exp.WithinGroup, exp.Filter, exp.Window, exp.IgnoreNulls, exp.RespectNulls)


def smallest_mode(node: exp.Expr) -> exp.Expr:
    """MODE: of equally frequent values the smallest."""
    if isinstance(node, exp.Mode) and not isinstance(node.this, exp.Order):
        return exp.Mode(this=_ordered_by_itself(node.this))
    return node


def counted_conditions(node: exp.Expr) -> exp.Expr:
    """COUNT_IF: 0 where no row holds, where all are null, and where there is none; the engine gives NULL for none."""
    if isinstance(node, exp.CountIf):
        held = exp.Case().when(node.this.copy(), exp.Literal.number(1))
        return exp.Count(this=held, big_int=True)
    return node


def smallest_any_value(node: exp.Expr) -> exp.Expr:
    """ANY_VALUE: the smallest value."""
    if isinstance(node, exp.AnyValue) and not isinstance(node.this, exp.HavingMax):
        return exp.Min(this=node.this)
    return node


_COUNTED = "LIST_TRANSFORM(MAP_ENTRIES(HISTOGRAM(_1)), LAMBDA e: {'n': -CAST(e.value AS BIGINT), 'v': e.key})"


def frequent_values(node: exp.Expr) -> exp.Expr:
    """APPROX_TOP_K(x, k): the most frequent values and their counts, exactly; of equally frequent ones the smallest."""
    if not isinstance(node, exp.ApproxTopK):
        return node
    if isinstance(node.parent, exp.Window | exp.Filter):
        raise UnsupportedError("APPROX_TOP_K OVER is not supported; count with GROUP BY")
    count = node.expression or exp.Literal.number(1)
    first = f"LIST_SLICE(LIST_SORT({_COUNTED}), 1, _2)"
    return filled(f"TO_JSON(LIST_TRANSFORM({first}, LAMBDA e: JSON_ARRAY(e.v, -e.n)))", node.this, count)


def estimated_counts(node: exp.Expr) -> exp.Expr:
    """HLL_ESTIMATE(HLL_ACCUMULATE(x)) is HLL(x); a sketch by itself is refused."""
    if not isinstance(node, exp.Anonymous) or node.name.upper() != "HLL_ESTIMATE" or not node.expressions:
        return node
    sketch = node.expressions[0]
    if not isinstance(sketch, exp.Anonymous) or sketch.name.upper() != "HLL_ACCUMULATE":
        return node
    return exp.ApproxDistinct(this=sketch.expressions[0].copy())


def ordered_lists(node: exp.Expr) -> exp.Expr:
    """LISTAGG: ordered by the value, where no order is given, and where the order given leaves ties."""
    if not isinstance(node, exp.GroupConcat):
        return node
    if not isinstance(node.this, exp.Order):
        node.set("this", _ordered_by_itself(node.this))
    elif not isinstance(node.this.this, exp.Distinct):
        node.this.append("expressions", _last(node.this.this))
    return node


def ordered_arrays(node: exp.Expr) -> exp.Expr:
    """ARRAY_AGG and ARRAY_UNIQUE_AGG: ordered by the value, where no order is given, or as a last resort.

    Where the author's dialect leaves NULLs out, a FILTER says so: sqlglot would write the whole of a function around
    it, which names its argument several times, with the order in it each time.
    """
    if isinstance(node, exp.ArrayUniqueAgg):
        distinct = exp.Distinct(expressions=[node.this.copy()])
        return _gathered(distinct, [_last(node.this)], without_nulls=True)
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.ArrayAgg):
        value, order = node.this.this, [key.copy() for key in node.expression.expressions]
        if not isinstance(value, exp.Distinct):
            order.append(_last(value))
        return _gathered(value, order, without_nulls=bool(node.this.args.get("nulls_excluded")))
    if not isinstance(node, exp.ArrayAgg) or isinstance(node.parent, exp.WithinGroup):
        return node
    excluded = bool(node.args.get("nulls_excluded"))
    if isinstance(node.this, exp.Order | exp.Limit):
        return node
    if isinstance(node.parent, exp.Filter) and excluded:
        known = exp.not_(_value(node.this).copy().is_(exp.null()))
        node.parent.expression.set("this", exp.and_(node.parent.expression.this.copy(), known))
        excluded = False
    return _gathered(node.this, [_last(_value(node.this))], without_nulls=excluded)


def _gathered(value: exp.Expr, order: list[exp.Expr], *, without_nulls: bool) -> exp.Expr:
    made = exp.ArrayAgg(this=exp.Order(this=value.copy(), expressions=order))
    if not without_nulls:
        return made
    known = exp.not_(_value(value).copy().is_(exp.null()))
    return exp.Filter(this=made, expression=exp.Where(this=known))


def max_by_without_ties(node: exp.Expr) -> exp.Expr:
    """MAX_BY and MIN_BY: of rows with the same key the one with the greatest (smallest) value; null keys do not count.

    The key and the value are compared together, so that one of the rows is the greatest.
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


def exact_percentile(node: exp.Expr) -> exp.Expr:
    """APPROX_PERCENTILE: the exact one; the engine's estimate depends on the order in which rows are met."""
    if not isinstance(node, exp.ApproxQuantile):
        return node
    return exp.Anonymous(this="QUANTILE_CONT", expressions=[node.this.copy(), node.args["quantile"].copy()])


def counted_columns(node: exp.Expr) -> exp.Expr:
    """COUNT(t.*) and COUNT(a, b): the rows in which none of the columns is NULL."""
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
    """LISTAGG and ARRAY_AGG of nothing: an empty text, an empty list; the engine gives NULL."""
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
    """HLL: the estimate under its other name."""
    return exp.ApproxDistinct(this=node.this) if isinstance(node, exp.Hll) else node


def _ordered_by_itself(value: exp.Expr) -> exp.Order:
    return exp.Order(this=value, expressions=[_last(_value(value))])


def _value(value: exp.Expr) -> exp.Expr:
    """The value itself, without DISTINCT."""
    return value.expressions[0] if isinstance(value, exp.Distinct) else value


def _last(value: exp.Expr) -> exp.Ordered:
    return exp.Ordered(this=value.copy(), nulls_first=False)
