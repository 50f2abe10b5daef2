"""Rules for the width, rounding and limits of numbers."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

_ANGLES = 4
_HAVERSINE = """
2 * 6371 * ASIN(SQRT(
    POW(SIN(RADIANS(lat2 - lat1) / 2), 2)
    + COS(RADIANS(lat1)) * COS(RADIANS(lat2)) * POW(SIN(RADIANS(lon2 - lon1) / 2), 2)
))
"""
_T = exp.DataType.Type
_NARROW = frozenset({_T.TINYINT, _T.SMALLINT, _T.INT, _T.MEDIUMINT})
_WHOLE = _NARROW | {_T.BIGINT}
_FLOATING = (
    exp.Div, exp.Avg, exp.Median, exp.PercentileCont, exp.Sqrt, exp.Cbrt, exp.Exp, exp.Ln, exp.Log, exp.Pow,
    exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop, exp.SafeDivide,
)  # fmt: skip


def is_floating(node: exp.Expr) -> bool:
    """Whether the expression is known to be a floating-point number; unknown for columns."""
    if isinstance(node, exp.Cast):
        return node.to.this in {_T.DOUBLE, _T.FLOAT}
    if isinstance(node, exp.Paren | exp.Neg | exp.Filter | exp.WithinGroup | exp.Window | exp.Abs | exp.Max | exp.Min):
        return is_floating(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return is_floating(node.left) or is_floating(node.right)
    return isinstance(node, _FLOATING)


def wide_numbers(node: exp.Expr) -> exp.Expr:
    """INT and similar types hold any whole number, REAL and FLOAT are doubles; the engine's have 32 bits.

    A floating-point number is rounded half away from zero when cast to a whole one; the engine rounds half to even.
    """
    if not isinstance(node, exp.Cast):
        return node
    if node.to.this in _WHOLE and is_floating(node.this):
        node.set("this", exp.Round(this=node.this.copy()))
    if node.to.this in _NARROW:
        node.set("to", exp.DataType.build("BIGINT"))
    elif node.to.this == _T.FLOAT:
        node.set("to", exp.DataType.build("DOUBLE"))
    return node


def buckets(node: exp.Expr) -> exp.Expr:
    """WIDTH_BUCKET: the number of the bucket, 0 below the first, and n + 1 from the end of the last."""
    if not isinstance(node, exp.WidthBucket):
        return node
    value, low, high, count = (node.args[key] for key in ("this", "min_value", "max_value", "num_buckets"))
    share = exp.Div(
        this=exp.paren(exp.Sub(this=value.copy(), expression=low.copy())),
        expression=exp.paren(exp.Sub(this=high.copy(), expression=low.copy())),
    )
    inside = exp.Floor(this=exp.Mul(this=exp.paren(share), expression=exp.paren(count.copy())))
    return (
        exp.Case()
        .when(exp.LT(this=value.copy(), expression=low.copy()), exp.Literal.number(0))
        .when(exp.GTE(this=value.copy(), expression=high.copy()), exp.paren(count.copy()) + 1)
        .when(exp.not_(value.copy().is_(exp.null())), exp.cast(inside, "BIGINT") + 1)
    )


def single_bits(node: exp.Expr) -> exp.Expr:
    """GETBIT(x, n): the bit at position n, counted from the right from 0."""
    if not isinstance(node, exp.Getbit):
        return node
    number, place = exp.cast(node.this.copy(), "BIGINT"), exp.cast(node.expression.copy(), "INT")
    shifted = exp.paren(exp.BitwiseRightShift(this=number, expression=place))
    return exp.paren(exp.BitwiseAnd(this=shifted, expression=exp.Literal.number(1)))


def distances(node: exp.Expr) -> exp.Expr:
    """HAVERSINE(lat1, lon1, lat2, lon2): kilometres on a sphere with a radius of 6371 km."""
    if not isinstance(node, exp.Anonymous) or node.name.upper() != "HAVERSINE" or len(node.expressions) != _ANGLES:
        return node
    template = sqlglot.parse_one(_HAVERSINE, read="duckdb")
    given = dict(zip(("lat1", "lon1", "lat2", "lon2"), node.expressions, strict=True))
    for column in list(template.find_all(exp.Column)):
        column.replace(exp.paren(given[column.name].copy()))
    return template


def whole_places(node: exp.Expr) -> exp.Expr:
    """Lengths and positions from a column: the engine requires 32 bits."""
    if isinstance(node, exp.Pad):
        _narrow(node, "expression")
    elif isinstance(node, exp.Factorial):
        _narrow(node, "this")
    elif isinstance(node, exp.Chr):
        node.set("expressions", [_narrowed(code) for code in node.expressions])
    elif isinstance(node, exp.Trunc):
        _narrow(node, "decimals")
    elif isinstance(node, exp.Anonymous) and node.name.upper() in {"TRUNC", "TRUNCATE"} and len(node.expressions) == 2:  # noqa: PLR2004
        node.set("expressions", [node.expressions[0], _narrowed(node.expressions[1])])
    return node


def _narrow(node: exp.Expr, key: str) -> None:
    value = node.args.get(key)
    if value is not None:
        node.set(key, _narrowed(value))


def _narrowed(value: exp.Expr) -> exp.Expr:
    is_literal = isinstance(value.this if isinstance(value, exp.Neg) else value, exp.Literal)
    return value if is_literal else exp.Cast(this=value.copy(), to=exp.DataType.build("INT", dialect="duckdb"))
