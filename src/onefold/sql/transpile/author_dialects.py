"""Rules that several of BigQuery, Redshift, Databricks and PostgreSQL share.

``dialect_pairs.py`` lists which author dialect uses which rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.functions import filled
from onefold.sql.transpile.numbers import is_floating
from onefold.sql.transpile.variants import is_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_T = exp.DataType.Type
_WHOLE_TYPES = frozenset({_T.TINYINT, _T.SMALLINT, _T.INT, _T.BIGINT})
_WHOLE_NAMES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_TEXTS = frozenset({_T.TEXT, _T.VARCHAR, _T.CHAR, _T.NVARCHAR, _T.NCHAR})
_SHORT = frozenset({_T.VARCHAR, _T.CHAR, _T.NVARCHAR, _T.NCHAR, _T.BPCHAR})
_SHORT_UNITS = {"MM": "MONTH", "MON": "MONTH", "YYYY": "YEAR", "YY": "YEAR", "Q": "QUARTER", "DD": "DAY"}
_RENAMED = {
    "EVERY": "BOOL_AND",
    "FUNC_SHA1": "SHA1",
    "JSONB_BUILD_OBJECT": "JSON_OBJECT",
    "JSON_BUILD_OBJECT": "JSON_OBJECT",
}

CHECKED = (
    "CASE WHEN LEN(_1) < _2 OR _2 < 1 THEN ERROR('the position is beyond the end of the list') "
    "ELSE LIST_EXTRACT(_1, _2) END"
)
"""An item of the list ``_1``; a position ``_2`` out of range is an error, not NULL."""


def other_names(node: exp.Expr) -> exp.Expr:
    """Functions that have another name in the engine."""
    if isinstance(node, exp.Anonymous) and node.name.upper() in _RENAMED:
        return exp.Anonymous(this=_RENAMED[node.name.upper()], expressions=[e.copy() for e in node.expressions])
    return node


# --- lists ---


def chosen_items(node: exp.Expr) -> exp.Expr:
    """ARRAY_AGG(x IGNORE NULLS ORDER BY y LIMIT n): the first n rows with a value, in order."""
    outer = node if isinstance(node, exp.IgnoreNulls) and isinstance(node.this, exp.ArrayAgg) else None
    gathered = outer.this if outer is not None else node
    if not isinstance(gathered, exp.ArrayAgg) or (outer is None and isinstance(node.parent, exp.IgnoreNulls)):
        return node
    limit = gathered.this if isinstance(gathered.this, exp.Limit) else None
    if outer is None and limit is None:
        return node
    inner = limit.this if limit is not None else gathered.this
    value = inner.this if isinstance(inner, exp.Order) else inner
    made: exp.Expr = exp.ArrayAgg(this=inner.copy())
    if outer is not None:
        plain = value.expressions[0] if isinstance(value, exp.Distinct) else value
        if isinstance(value, exp.Distinct) and not isinstance(inner, exp.Order):
            by_value = exp.Ordered(this=plain.copy(), nulls_first=False)
            made = exp.ArrayAgg(this=exp.Order(this=value.copy(), expressions=[by_value]))
        made = exp.Filter(this=made, expression=exp.Where(this=exp.not_(plain.copy().is_(exp.null()))))
    if limit is not None:
        made = exp.Anonymous(this="LIST_SLICE", expressions=[made, exp.Literal.number(1), limit.expression.copy()])
    return made


def lists_within_group(node: exp.Expr) -> exp.Expr:
    """LISTAGG(x, ',') WITHIN GROUP (ORDER BY y), as one ordered aggregate; with DISTINCT, ordered by x alone."""
    if not isinstance(node, exp.WithinGroup) or not isinstance(node.this, exp.GroupConcat):
        return node
    listed, order = node.this, node.expression
    value, separator = listed.this, listed.args.get("separator")
    if isinstance(value, exp.Distinct) and len(value.expressions) > 1:
        separator = value.expressions[1]
        value = exp.Distinct(expressions=[value.expressions[0].copy()])
    made = exp.GroupConcat(this=exp.Order(this=value.copy(), expressions=[e.copy() for e in order.expressions]))
    made.set("separator", separator.copy() if separator is not None else exp.Literal.string(""))
    return made


def mode_within_group(node: exp.Expr) -> exp.Expr:
    """MODE() WITHIN GROUP (ORDER BY x): the smallest of equally frequent values, as for MODE(x)."""
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.Mode) and node.this.this is None:
        return exp.Mode(this=node.expression.expressions[0].this.copy())
    return node


def middle_values(node: exp.Expr) -> exp.Expr:
    """APPROX_QUANTILES(x, n): the exact bounds of n parts of equal size, including minimum and maximum."""
    if not isinstance(node, exp.ApproxQuantiles) or not node.expression.is_int:
        return node
    parts = int(node.expression.name)
    shares = [exp.Literal.number(repr(number / parts)) for number in range(parts + 1)]
    return exp.Anonymous(this="QUANTILE_DISC", expressions=[node.this.copy(), exp.Array(expressions=shares)])


def counted_rows(node: exp.Expr) -> exp.Expr:
    """COUNTIF: 0 if the condition is NULL for every row; the engine's would give NULL."""
    if not isinstance(node, exp.CountIf):
        return node
    return exp.Count(this=exp.Case().when(node.this.copy(), exp.Literal.number(1)))


def counted_pairs(node: exp.Expr) -> exp.Expr:
    """COUNT(a, b): rows in which no column is NULL."""
    if not isinstance(node, exp.Count) or not node.expressions or isinstance(node.this, exp.Distinct):
        return node
    known = exp.and_(*(exp.not_(value.copy().is_(exp.null())) for value in (node.this, *node.expressions)))
    return exp.Count(this=exp.Case().when(known, exp.Literal.number(1)))


# --- numbers ---


def whole_division(node: exp.Expr) -> exp.Expr:
    """``a / b`` of whole numbers is truncated; unknown types are checked at run time."""
    if not isinstance(node, exp.Div) or not node.args.get("typed"):
        return node
    left, right = node.left, node.right
    if any(is_floating(side) or _is_fraction(side) for side in (left, right)):
        return node
    whole = exp.IntDiv(this=_wrapped(left), expression=_wrapped(right))
    tests = [_is_whole_type(side) for side in (left, right) if not _is_whole(side)]
    if not tests:
        return exp.paren(whole)
    plain = exp.Div(this=_wrapped(left), expression=_wrapped(right), safe=node.args.get("safe"))
    return exp.Case().when(exp.and_(*tests), whole).else_(plain)


def _is_whole_type(side: exp.Expr) -> exp.Expr:
    """Whether the engine knows that it is whole. A sum of 64-bit numbers is a decimal there, and divides as one."""
    if isinstance(side, exp.Sum) and not isinstance(side.parent, exp.Window):
        value = side.this.expressions[0] if isinstance(side.this, exp.Distinct) else side.this
        return _is_of_type(exp.Min(this=value.copy()), _WHOLE_NAMES[:3])
    return _is_of_type(side, _WHOLE_NAMES)


def _is_of_type(asked: exp.Expr, names: Sequence[str]) -> exp.Expr:
    kind = exp.Anonymous(this="TYPEOF", expressions=[asked.copy()])
    return exp.In(this=kind, expressions=[exp.Literal.string(name) for name in names])


def _wrapped(side: exp.Expr) -> exp.Expr:
    return exp.paren(side.copy()) if isinstance(side, exp.Binary) else side.copy()


def _is_fraction(node: exp.Expr) -> bool:
    """Whether its SQL shows that it has a fraction."""
    if isinstance(node, exp.Literal):
        return not node.is_int
    if isinstance(node, exp.Cast):
        return bool(node.to.this == _T.DECIMAL)
    if isinstance(node, exp.Paren | exp.Neg):
        return _is_fraction(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return _is_fraction(node.left) or _is_fraction(node.right)
    return False


def _is_whole(node: exp.Expr) -> bool:
    """Whether its SQL shows that it is a whole number."""
    if isinstance(node, exp.Cast):
        return node.to.this in _WHOLE_TYPES
    if isinstance(node, exp.Paren | exp.Neg):
        return _is_whole(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return _is_whole(node.left) and _is_whole(node.right)
    return isinstance(node, exp.Count | exp.CountIf) or (isinstance(node, exp.Literal) and node.is_int)


# --- times ---


def week_from_one(node: exp.Expr) -> exp.Expr:
    """DAYOFWEEK is 1 on Sunday and 7 on Saturday; the engine counts from 0."""
    counts = isinstance(node, exp.DayOfWeek) or (isinstance(node, exp.Extract) and node.name.upper() == "DAYOFWEEK")
    if not counts or (isinstance(node.parent, exp.Add) and node.parent.args.get("from_one")):
        return node
    return exp.paren(exp.Add(this=node.copy(), expression=exp.Literal.number(1), from_one=True))


def days_are_dates(node: exp.Expr) -> exp.Expr:
    """DATE_ADD, DATE_SUB and DATE_TRUNC of a date give a date; the engine's give a timestamp."""
    shifted = isinstance(node, exp.DateAdd | exp.DateSub | exp.DateTrunc) and isinstance(
        node.this, exp.Date | exp.TsOrDsToDate | exp.CurrentDate
    )
    if shifted or isinstance(node, exp.TsOrDsAdd):
        return exp.cast(node.copy(), "DATE")
    return node


def day_of_a_time(node: exp.Expr) -> exp.Expr:
    """TRUNC of an expression that is known to be a time is its date; otherwise the number is truncated."""
    seen = (exp.Cast, exp.TimestampTrunc, exp.DateTrunc, exp.CurrentTimestamp)
    if isinstance(node, exp.Trunc) and isinstance(node.this, seen) and node.args.get("decimals") is None:
        is_number = isinstance(node.this, exp.Cast) and node.this.to.this not in {_T.TIMESTAMP, _T.TIMESTAMPTZ, _T.DATE}
        return node if is_number else exp.cast(node.this.copy(), "DATE")
    return node


def epoch_of_a_time(node: exp.Expr) -> exp.Expr:
    """UNIX_TIMESTAMP of a time, or of a text in the form of a time."""
    if isinstance(node, exp.StrToUnix) and not node.this.is_string:
        return exp.cast(exp.Anonymous(this="EPOCH", expressions=[exp.cast(node.this.copy(), "TIMESTAMP")]), "BIGINT")
    return node


def short_units(node: exp.Expr) -> exp.Expr:
    """TRUNC(d, 'MM') and others, with the engine's names of units; a date."""
    if isinstance(node, exp.DateTrunc) and node.text("unit").upper() in _SHORT_UNITS:
        unit = exp.Literal.string(_SHORT_UNITS[node.text("unit").upper()])
        return exp.cast(exp.TimestampTrunc(this=node.this.copy(), unit=unit), "DATE")
    return node


def short_texts(node: exp.Expr) -> exp.Expr:
    """``x::varchar(n)``: the first n characters; the engine keeps all of them."""
    if not isinstance(node, exp.Cast) or node.to.this not in _SHORT or len(node.to.expressions) != 1:
        return node
    plain = node.copy()
    plain.set("to", exp.DataType.build("TEXT"))
    return exp.Left(this=plain, expression=node.to.expressions[0].this.copy())


def decimals(precision: int, scale: int) -> Callable[[exp.Expr], exp.Expr]:
    """``x::numeric`` without precision: that of the author's dialect; the engine's default has three decimal places.

    Args:
        precision: Total number of digits.
        scale: Number of digits after the decimal point.
    """

    def wide(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Cast) and node.to.this == _T.DECIMAL and not node.to.expressions:
            node.set("to", exp.DataType.build(f"DECIMAL({precision}, {scale})"))
        return node

    return wide


# --- JSON ---


def fields_of_json(node: exp.Expr) -> exp.Expr:
    """``PARSE_JSON(x).a[0]``: parts of an expression that is known to be JSON are paths."""
    if isinstance(node, exp.Dot) and is_document(node.this) and isinstance(node.expression, exp.Identifier):
        step = f'$."{node.expression.name}"'
    elif isinstance(node, exp.Bracket) and is_document(node.this) and len(node.expressions) == 1:
        key = node.expressions[0]
        if not isinstance(key, exp.Literal):
            raise UnsupportedError("a subscript of JSON must be a number or a text")
        step = f'$."{key.name}"' if key.is_string else f"$[{int(key.name) - node.args.get('offset', 0)}]"
    else:
        return node
    return filled("JSON_EXTRACT(_1, _2)", node.this, exp.Literal.string(step))


def texts_of_json(node: exp.Expr) -> exp.Expr:
    """``path::varchar`` of an expression that is known to be JSON is the text itself, without quotes."""
    if isinstance(node, exp.Cast) and node.to.this in _TEXTS and is_document(node.this):
        return filled("_1 ->> '$'", node.this)
    return node


# --- texts ---


def escaped_patterns(node: exp.Expr) -> exp.Expr:
    """LIKE: a backslash escapes the next character; the engine has no default escape character."""
    if not isinstance(node, exp.Like | exp.ILike) or isinstance(node.parent, exp.Escape):
        return node
    pattern = node.expression
    plain = isinstance(pattern, exp.Literal) and "\\" not in pattern.name
    if plain or isinstance(pattern, exp.Any | exp.All | exp.Tuple):
        return node
    return exp.Escape(this=node.copy(), expression=exp.Literal.string("\\"))


def patterns_of_similar(node: exp.Expr) -> exp.Expr:
    """SIMILAR TO: ``%`` is any text and ``_`` any character; in the engine's patterns these are ``.*`` and ``.``."""
    if not isinstance(node, exp.SimilarTo) or not node.expression.is_string:
        return node
    pattern = node.expression.name.replace(".", r"\.").replace("%", ".*").replace("_", ".")
    return exp.Anonymous(this="REGEXP_FULL_MATCH", expressions=[node.this.copy(), exp.Literal.string(pattern)])


def before_the_nth(node: exp.Expr) -> exp.Expr:
    """SUBSTRING_INDEX(x, d, n): the text before the nth d; for a negative n, after it, from the end."""
    if not isinstance(node, exp.SubstringIndex):
        return node
    count = node.args["count"]
    parts = exp.Anonymous(this="STRING_SPLIT", expressions=[node.this.copy(), node.args["delimiter"].copy()])
    is_negative = isinstance(count, exp.Neg)
    bounds = [count.copy(), exp.Literal.number(-1)] if is_negative else [exp.Literal.number(1), count.copy()]
    chosen = exp.Anonymous(this="LIST_SLICE", expressions=[parts, *bounds])
    return exp.Anonymous(this="ARRAY_TO_STRING", expressions=[chosen, node.args["delimiter"].copy()])
