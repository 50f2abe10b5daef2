"""Rules for window functions."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError


def counted_from_last(node: exp.Expr) -> exp.Expr:
    """NTH_VALUE(x, n) FROM LAST: the window in reverse order."""
    if not isinstance(node, exp.Window):
        return node
    function = node.this.this if isinstance(node.this, exp.IgnoreNulls | exp.RespectNulls) else node.this
    if not isinstance(function, exp.NthValue) or function.args.get("from_first") is not False:
        return node
    spec, order = node.args.get("spec"), node.args.get("order")
    whole = spec is not None and spec.args.get("start") == spec.args.get("end") == "UNBOUNDED"
    if not whole or order is None:
        raise UnsupportedError("NTH_VALUE FROM LAST with a frame is not supported; reverse the ORDER BY")
    function.set("from_first", None)
    for key in order.expressions:
        key.set("nulls_first", not key.args.get("nulls_first"))
        key.set("desc", not key.args.get("desc"))
    return node


def share_of_sum(node: exp.Expr) -> exp.Expr:
    """RATIO_TO_REPORT(x) OVER w: x / SUM(x) OVER w."""
    if not isinstance(node, exp.Window) or not isinstance(node.this, exp.Anonymous):
        return node
    if node.this.name.upper() != "RATIO_TO_REPORT":
        return node
    value = node.this.expressions[0]
    total = node.copy()
    total.set("this", exp.Sum(this=value.copy()))
    return exp.paren(
        exp.Div(this=exp.cast(value.copy(), "DOUBLE"), expression=exp.func("NULLIF", total, exp.Literal.number(0)))
    )


def counted_events(node: exp.Expr) -> exp.Expr:
    """CONDITIONAL_TRUE_EVENT(c) OVER w: the number of rows so far, including this one, in which ``c`` is true."""
    if not isinstance(node, exp.Window) or not isinstance(node.this, exp.Anonymous):
        return node
    if node.this.name.upper() != "CONDITIONAL_TRUE_EVENT":
        return node
    counted = node.copy()
    counted.set("this", exp.CountIf(this=node.this.expressions[0].copy()))
    spec = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
    counted.set("spec", spec)
    return counted
