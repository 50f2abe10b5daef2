"""Aggregates whose answer would depend on the order in which rows are met. In: a node. Out: one that has one answer.

The authors' warehouses leave these answers open ("any of them"); each rule picks one, the same in every run.
"""

from __future__ import annotations

from sqlglot import exp

_AROUND = (exp.WithinGroup, exp.Filter, exp.Window, exp.IgnoreNulls, exp.RespectNulls)


def smallest_mode(node: exp.Expr) -> exp.Expr:
    """MODE: of equally frequent values the smallest."""
    if isinstance(node, exp.Mode) and not isinstance(node.this, exp.Order):
        return exp.Mode(this=_ordered_by_itself(node.this))
    return node


def smallest_any_value(node: exp.Expr) -> exp.Expr:
    """ANY_VALUE: the smallest value."""
    if isinstance(node, exp.AnyValue) and not isinstance(node.this, exp.HavingMax):
        return exp.Min(this=node.this)
    return node


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
    """ARRAY_AGG and ARRAY_UNIQUE_AGG: ordered by the value, where no order is given, or as a last resort."""
    if isinstance(node, exp.ArrayUniqueAgg):
        distinct = exp.ArrayAgg(this=exp.Distinct(expressions=[node.this]), nulls_excluded=True)
        return exp.WithinGroup(this=distinct, expression=exp.Order(expressions=[_last(node.this)]))
    if not isinstance(node, exp.ArrayAgg) or isinstance(node.this, exp.Order):
        return node
    outer = node.parent
    if isinstance(outer, exp.WithinGroup):
        if not isinstance(node.this, exp.Distinct):
            outer.expression.append("expressions", _last(node.this))
        return node
    # A copy: a node that stands in its own replacement cannot be replaced.
    return exp.WithinGroup(this=node.copy(), expression=exp.Order(expressions=[_last(_value(node.this))]))


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


def gathered_objects(node: exp.Expr) -> exp.Expr:
    """OBJECT_AGG: the keys in order, without those whose value is null."""
    if not isinstance(node, exp.ObjectAgg):
        return node
    key, value = node.this, node.expression
    if isinstance(value, exp.Cast) and value.to.this == exp.DataType.Type.VARIANT:
        value = value.this
    known = exp.and_(exp.not_(key.copy().is_(exp.null())), exp.not_(value.copy().is_(exp.null())))
    lists = [
        exp.Filter(
            this=exp.Anonymous(this="LIST", expressions=[exp.Order(this=part.copy(), expressions=[_last(key)])]),
            expression=exp.Where(this=known.copy()),
        )
        for part in (key, value)
    ]
    return exp.Anonymous(this="TO_JSON", expressions=[exp.Anonymous(this="MAP", expressions=lists)])


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
