"""Deterministic results where SQL leaves a choice to the engine, and the functions that are never deterministic.

Some results are undefined in warehouses ("any of them"). Each rule of ``UNIQUE_ANSWER`` picks one, the same in every
run. The rules hold for every author dialect and engine, even if both are the same, so they are not transpile rules.
Takes trees; returns trees or a name. Touches no database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

_VALUES = (exp.FirstValue, exp.LastValue, exp.NthValue)
_NEIGHBOURS = (exp.Lag, exp.Lead)
_CLOCK_AND_CHANCE = (
    exp.CurrentDate,
    exp.CurrentDatetime,
    exp.CurrentTime,
    exp.CurrentTimestamp,
    exp.Localtime,
    exp.Localtimestamp,
    exp.Rand,
    exp.Randn,
    exp.Uuid,
)
_CLOCK_AND_CHANCE_NAMES = frozenset(
    {
        "NOW", "GETDATE", "SYSDATE", "TODAY", "SYSTIMESTAMP",
        "RANDOM", "UUID_STRING", "GEN_RANDOM_UUID", "RANDSTR", "UNIFORM", "NORMAL",
    }
)  # fmt: skip


def nondeterministic_function(tree: exp.Expr) -> str | None:
    """The function that reads the clock or is random, or None."""
    for node in tree.walk():
        if isinstance(node, exp.TableSample) and node.args.get("seed") is None:
            return "SAMPLE"
        if isinstance(node, _CLOCK_AND_CHANCE):
            return node.sql_name()
        if isinstance(node, exp.Anonymous) and node.name.upper() in _CLOCK_AND_CHANCE_NAMES:
            return node.name.upper()
    return None


def smallest_mode(node: exp.Expr) -> exp.Expr:
    """MODE: the smallest of equally frequent values."""
    if isinstance(node, exp.Mode) and not isinstance(node.this, exp.Order):
        return exp.Mode(this=_ordered_by_itself(node.this))
    return node


def smallest_any_value(node: exp.Expr) -> exp.Expr:
    """ANY_VALUE, with or without IGNORE NULLS: the smallest value."""
    found = node.this if isinstance(node, exp.IgnoreNulls) else node
    if not isinstance(found, exp.AnyValue) or isinstance(found.this, exp.HavingMax):
        return node
    return node if isinstance(node.parent, exp.IgnoreNulls) else exp.Min(this=found.this)


def ordered_lists(node: exp.Expr) -> exp.Expr:
    """LISTAGG: ordered by the value if there is no order, or if the order has ties."""
    if not isinstance(node, exp.GroupConcat):
        return node
    if not isinstance(node.this, exp.Order):
        node.set("this", _ordered_by_itself(node.this))
    elif not isinstance(node.this.this, exp.Distinct):
        node.this.append("expressions", _last(node.this.this))
    return node


def ordered_arrays(node: exp.Expr) -> exp.Expr:
    """ARRAY_AGG and ARRAY_UNIQUE_AGG: ordered by the value if there is no order, or as the last sort key.

    In dialects that skip NULLs, a FILTER does so. sqlglot would wrap the function, which repeats its argument and the
    order several times.
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


def exact_percentile(node: exp.Expr) -> exp.Expr:
    """APPROX_PERCENTILE: the exact percentile; the engine's estimate depends on the order of rows."""
    if not isinstance(node, exp.ApproxQuantile):
        return node
    return exp.Anonymous(this="QUANTILE_CONT", expressions=[node.this.copy(), node.args["quantile"].copy()])


def values_without_ties(node: exp.Expr) -> exp.Expr:
    """FIRST_VALUE, LAST_VALUE, NTH_VALUE, LAG, LEAD: rows with equal sort keys are ordered by the value.

    A RANGE frame is left unchanged: it treats peers as equal on purpose.
    """
    if not isinstance(node, exp.Window) or not isinstance(node.args.get("order"), exp.Order):
        return node
    function = node.this.this if isinstance(node.this, exp.IgnoreNulls | exp.RespectNulls) else node.this
    spec = node.args.get("spec")
    by_rows = spec is not None and str(spec.args.get("kind", "")).upper() == "ROWS"
    if (isinstance(function, _VALUES) and by_rows) or isinstance(function, _NEIGHBOURS):
        node.args["order"].append("expressions", exp.Ordered(this=function.this.copy(), nulls_first=False))
    return node


def _gathered(value: exp.Expr, order: list[exp.Expr], *, without_nulls: bool) -> exp.Expr:
    made = exp.ArrayAgg(this=exp.Order(this=value.copy(), expressions=order))
    if not without_nulls:
        return made
    known = exp.not_(_value(value).copy().is_(exp.null()))
    return exp.Filter(this=made, expression=exp.Where(this=known))


def _ordered_by_itself(value: exp.Expr) -> exp.Order:
    return exp.Order(this=value, expressions=[_last(_value(value))])


def _value(value: exp.Expr) -> exp.Expr:
    """The value without DISTINCT."""
    return value.expressions[0] if isinstance(value, exp.Distinct) else value


def _last(value: exp.Expr) -> exp.Ordered:
    return exp.Ordered(this=value.copy(), nulls_first=False)


UNIQUE_ANSWER: tuple[Callable[[exp.Expr], exp.Expr], ...] = (
    smallest_mode,
    smallest_any_value,
    ordered_lists,
    ordered_arrays,
    exact_percentile,
    values_without_ties,
)
"""Each rule sees every node of a tree once, inner nodes first."""
