"""Expressions whose type does not depend on their arguments.

Takes a node of the engine's dialect; returns the engine's name of the type.
"""

from __future__ import annotations

from functools import cache

from sqlglot import exp

_TRUTHS = (
    exp.Predicate,
    exp.Connector,
    exp.Not,
    exp.StartsWith,
    exp.EndsWith,
    exp.Contains,
    exp.LogicalAnd,
    exp.LogicalOr,
)
FIXED: tuple[tuple[tuple[type[exp.Expr], ...], str], ...] = (
    (_TRUTHS, "BOOLEAN"),
    (
        (
            exp.Count, exp.ApproxDistinct, exp.DateDiff, exp.Length, exp.RowNumber, exp.Rank,
            exp.DenseRank, exp.Ntile, exp.Year, exp.Month, exp.Day, exp.Week, exp.WeekOfYear, exp.DayOfWeek,
            exp.DayOfYear, exp.Quarter, exp.ArraySize, exp.StrPosition, exp.Levenshtein,
        ),
        "BIGINT",
    ),
    ((exp.CountIf,), "HUGEINT"),
    ((exp.PercentRank, exp.CumeDist, exp.Stddev, exp.StddevPop, exp.StddevSamp), "DOUBLE"),
    ((exp.Variance, exp.VariancePop), "DOUBLE"),
    (
        (
            exp.Upper, exp.Lower, exp.Trim, exp.GroupConcat, exp.MD5, exp.TimeToStr, exp.RegexpReplace,
            exp.JSONExtractScalar, exp.SplitPart, exp.Chr,
        ),
        "VARCHAR",
    ),
    ((exp.JSONExtract, exp.ParseJSON, exp.JSONArray, exp.JSONObject), "JSON"),
)  # fmt: skip
"""Expressions with a fixed type. A test compares each of them with the engine's own list of functions."""

_FIXED_BY_NAME = {"DATE_DIFF": "BIGINT", "DATE_SUB": "BIGINT", "LISTAGG": "VARCHAR", "STRING_AGG": "VARCHAR",
                  "TO_JSON": "JSON"}  # fmt: skip
_NO_WHOLE_NUMBER = {"EPOCH", "JULIAN"}
"""Date parts that are not whole numbers."""


def fixed_type(node: exp.Expr) -> str | None:
    """The type of an expression whose type does not depend on its arguments; otherwise None."""
    if isinstance(node, exp.Extract):
        return None if node.this.name.upper() in _NO_WHOLE_NUMBER else "BIGINT"
    if isinstance(node, exp.Anonymous):
        return _FIXED_BY_NAME.get(node.name.upper())
    return _fixed_type_of(type(node))  # type: ignore[arg-type] # classes are hashable; sqlglot declares otherwise


@cache
def _fixed_type_of(kind: type[exp.Expr]) -> str | None:
    return next((name for classes, name in FIXED if issubclass(kind, classes)), None)
