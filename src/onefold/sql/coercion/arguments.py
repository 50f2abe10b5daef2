"""The kinds of values that functions require as arguments.

To add a function, put its class, or its name in the engine, under the kind that it requires. Only a value of another
kind that the author dialect would convert is changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion.common import EXACT_SCALE
from onefold.sql.coercion.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Wanted:
    """A required kind and type of an argument.

    Attributes:
        type: The engine's type that it is converted to.
    """

    value: exp.Expr
    kind: Kind
    type: str


_EXACT = f"DECIMAL(38, {EXACT_SCALE})"

_TEXTS = (
    exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Substring, exp.Left, exp.Right, exp.Pad, exp.Replace,
    exp.RegexpLike, exp.RegexpFullMatch, exp.RegexpILike, exp.RegexpReplace, exp.RegexpExtract, exp.Like, exp.ILike,
    exp.SplitPart, exp.Split, exp.StrPosition, exp.StartsWith, exp.EndsWith, exp.Contains, exp.MD5, exp.SHA, exp.SHA2,
    exp.Initcap, exp.Reverse, exp.GroupConcat, exp.Levenshtein, exp.SimilarTo, exp.Translate, exp.ToBase64,
    exp.Unicode, exp.Repeat,
)  # fmt: skip
_BOTH_TEXTS = (exp.DPipe,)
_TEXTS_BY_NAME = {
    "SHA1": 1, "MD5": 1, "SHA256": 1, "CONTAINS": 2, "REGEXP_FULL_MATCH": 1, "REGEXP_MATCHES": 1, "REGEXP_EXTRACT": 1,
    "REGEXP_EXTRACT_ALL": 1, "LISTAGG": 1, "STRING_AGG": 1, "LTRIM": 1, "RTRIM": 1, "STRING_SPLIT": 1, "STRLEN": 1,
    "PREFIX": 2, "SUFFIX": 2, "LPAD": 1, "RPAD": 1, "LEFT": 1, "RIGHT": 1, "STRIP_ACCENTS": 1, "URL_DECODE": 1,
    "URL_ENCODE": 1,
}  # fmt: skip
_FLOATS = (
    exp.Sum, exp.Avg, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop, exp.Median, exp.Sqrt,
    exp.Cbrt, exp.Exp, exp.Ln, exp.Log, exp.Pow, exp.Corr, exp.CovarSamp, exp.CovarPop,
)  # fmt: skip
_FLOATS_BY_NAME = {"QUANTILE_CONT": 1, "QUANTILE_DISC": 1, "SKEWNESS": 1, "KURTOSIS": 1}
_NUMBERS = (exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.Sign, exp.Neg, exp.Trunc)
_MOMENTS = (
    exp.TimestampTrunc, exp.DateTrunc, exp.Year, exp.Quarter, exp.Month, exp.Week, exp.WeekOfYear, exp.Day,
    exp.DayOfMonth, exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear, exp.Hour, exp.Minute, exp.Second, exp.LastDay,
    exp.TimeToStr, exp.TimestampDiff, exp.DateDiff, exp.MonthsBetween, exp.Dayname, exp.Monthname, exp.AtTimeZone,
)  # fmt: skip
_MOMENTS_BY_NAME = {"EPOCH": 1, "EPOCH_MS": 0, "DATE_SUB": 0, "STRFTIME": 1, "ISOYEAR": 1, "YEARWEEK": 1}
_SECOND_TOO = (
    exp.Like, exp.ILike, exp.DPipe, exp.StartsWith, exp.EndsWith, exp.Contains, exp.Levenshtein, exp.TimestampDiff,
    exp.DateDiff, exp.MonthsBetween, exp.Pow, exp.Corr, exp.CovarSamp, exp.CovarPop,
)  # fmt: skip

_CLASSES: dict[type[exp.Expr], tuple[Kind, str]] = {
    **dict.fromkeys((*_TEXTS, *_BOTH_TEXTS), (Kind.TEXT, "TEXT")),
    **dict.fromkeys(_FLOATS, (Kind.FLOAT, "DOUBLE")),
    **dict.fromkeys(_NUMBERS, (Kind.DECIMAL, _EXACT)),
    **dict.fromkeys(_MOMENTS, (Kind.TIMESTAMP, "TIMESTAMP")),
}
_NAMES: dict[str, tuple[Kind, str, int]] = {
    **{name: (Kind.TEXT, "TEXT", count) for name, count in _TEXTS_BY_NAME.items()},
    **{name: (Kind.FLOAT, "DOUBLE", count) for name, count in _FLOATS_BY_NAME.items()},
    **{name: (Kind.TIMESTAMP, "TIMESTAMP", count) for name, count in _MOMENTS_BY_NAME.items()},
}


def of(node: exp.Expr) -> Iterator[Wanted]:
    """The arguments of a function that must have a certain kind."""
    if isinstance(node, exp.Anonymous):
        kind, name, count = _NAMES.get(node.name.upper(), (Kind.OTHER, "", 0))
        for value in node.expressions[:count]:
            yield Wanted(_inner(value), kind, name)
        return
    if isinstance(node, exp.Extract):
        yield Wanted(node.expression, Kind.TIMESTAMP, "TIMESTAMP")
        return
    found = _CLASSES.get(type(node))
    if found is None:
        return
    keys = ("this", "expression") if isinstance(node, _SECOND_TOO) else ("this",)
    for key in keys:
        value = node.args.get(key)
        if isinstance(value, exp.Expr):
            yield Wanted(_inner(value), *found)


def _inner(value: exp.Expr) -> exp.Expr:
    """The value itself, without the ORDER BY and DISTINCT of an aggregate."""
    if isinstance(value, exp.Order):
        return _inner(value.this)
    if isinstance(value, exp.Distinct) and len(value.expressions) == 1:
        only: exp.Expr = value.expressions[0]
        return only
    return value
