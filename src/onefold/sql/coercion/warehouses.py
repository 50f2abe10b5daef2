"""Conversions of BigQuery, Databricks, Redshift and PostgreSQL, and their type-dependent functions.

Takes a conversion, or a node with the types of its parts; returns an expression of the engine.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion.conversion import call, case, cast, conversion_error, literal_text, matches
from onefold.sql.coercion.kinds import MOMENTS, NUMBERS, Kind
from onefold.sql.coercion.times import is_iso
from onefold.sql.transpile.databricks_times import SERIES_OF_DAYS
from onefold.sql.transpile.functions import filled
from onefold.sql.transpile.postgres import MERGED

if TYPE_CHECKING:
    from onefold.sql.coercion.conversion import Conversion
    from onefold.sql.coercion.typing import Types

# A document with sorted keys and normalized numbers, because 1, 1.0 and 1e0 are equal; texts are unchanged.
_ALIKE = (
    r"COALESCE(REGEXP_REPLACE(CAST(CAST(CAST(_1 AS VARIANT) AS JSON) AS TEXT), "
    r"'(\"(?:[^\"\\]|\\.)*\")|\.0\b', '\1', 'g'), CASE WHEN NOT _1 IS NULL THEN 'null' END)"
)
_ITEMS = NUMBERS | MOMENTS | {Kind.TEXT, Kind.BOOLEAN, Kind.TIME}
_WHOLE_TYPES = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"})
_DIGITS = r"\s*[+-]?([0-9]+|0[xX][0-9a-fA-F]+)\s*"


# --- conversions ---


def whole_of_text(conversion: Conversion) -> exp.Expr:
    """A text as a whole number: digits only. The engine would also accept 1.5, rounded, and 1e3."""
    text = literal_text(conversion.value)
    if text is not None and re.fullmatch(_DIGITS, text):
        return conversion.plain()
    number = cast(conversion.value, conversion.target, is_safe=True)
    return conversion.read(case((matches(conversion.value, _DIGITS), number)), "whole number")


def boolean_of_text(conversion: Conversion) -> exp.Expr:
    """A text as a boolean of BigQuery: true or false, in any case."""
    word = exp.Lower(this=conversion.value.copy())
    return case(
        (exp.EQ(this=word.copy(), expression=exp.Literal.string("true")), exp.true()),
        (exp.EQ(this=word, expression=exp.Literal.string("false")), exp.false()),
        otherwise=None if conversion.is_safe else conversion_error(conversion.value, "boolean", conversion.target),
    )


def cut_off(conversion: Conversion) -> exp.Expr:
    """A number as a whole number of Databricks: truncated."""
    return cast(call("TRUNC", conversion.value), conversion.target, is_safe=conversion.is_safe)


def decimal_as_text(conversion: Conversion) -> exp.Expr:
    """A NUMERIC as text of BigQuery: without trailing zeros."""
    return filled("RTRIM(RTRIM(CAST(_1 AS TEXT), '0'), '.')", conversion.value)


_TIME = (
    "STRFTIME(CAST(_1 AS TIMESTAMP), '%Y-%m-%d %H:%M:%S') || CASE WHEN MICROSECOND(_1) % 1000000 = 0 THEN '' "
    "WHEN MICROSECOND(_1) % 1000 = 0 THEN STRFTIME(CAST(_1 AS TIMESTAMP), '.%g') "
    "ELSE STRFTIME(CAST(_1 AS TIMESTAMP), '.%f') END"
)


def datetime_as_text(conversion: Conversion) -> exp.Expr:
    """A DATETIME as text of BigQuery: no fraction, or three or six digits."""
    return filled(_TIME, conversion.value)


def moment_as_text(conversion: Conversion) -> exp.Expr:
    """A TIMESTAMP as text of BigQuery: with its offset."""
    return filled(f"{_TIME} || '+00'", conversion.value)


def moment_without_zone(conversion: Conversion) -> exp.Expr:
    """A TIMESTAMP as text of Databricks: in local time."""
    return cast(cast(conversion.value, "TIMESTAMP"), conversion.target)


def moment_of_text(conversion: Conversion) -> exp.Expr:
    """A text as a moment. The engine accepts no offset after a space (``10:00:00 +0000``)."""
    if (text := literal_text(conversion.value)) is not None and is_iso(text):
        return conversion.plain()
    offset, without = exp.Literal.string(r" ([+-]\d|Z$)"), exp.Literal.string(r"\1")
    tidied = call("REGEXP_REPLACE", conversion.value, offset, without)
    return cast(tidied, conversion.target, is_safe=conversion.is_safe)


def moment_of_seconds(conversion: Conversion) -> exp.Expr:
    """A number as a TIMESTAMP of Databricks: seconds since 1970."""
    micros = filled("MAKE_TIMESTAMP(CAST(CAST(_1 AS DOUBLE) * 1000000 AS BIGINT))", conversion.value)
    return cast(micros, conversion.target)


def seconds_of_moment(conversion: Conversion) -> exp.Expr:
    """A TIMESTAMP as a whole number of Databricks: seconds since 1970."""
    return cast(filled("FLOOR(EPOCH(_1))", conversion.value), conversion.target)


# --- type-dependent functions ---


def days_added(node: exp.Expr, types: Types) -> exp.Expr:
    """``date + n``: the engine only adds 32-bit numbers."""
    is_literal = isinstance(node.expression, exp.Literal)
    if not is_literal and types.kind(node.this) is Kind.DATE and types.kind(node.expression) is Kind.WHOLE:
        node.set("expression", cast(node.expression, "INT"))
    return node


def day_of_time(node: exp.Expr, types: Types) -> exp.Expr:
    """TRUNC of a time in Redshift is its date."""
    if node.args.get("decimals") is None and types.kind(node.this) in MOMENTS:
        return cast(node.this, "DATE")
    return node


def rounded_to_even(node: exp.Expr, types: Types) -> exp.Expr:
    """ROUND of a double in PostgreSQL: half to even."""
    if node.args.get("decimals") is None and types.kind(node.this) is Kind.FLOAT:
        return call("ROUND_EVEN", node.this, exp.Literal.number(0))
    return node


def without_key(node: exp.Expr, types: Types) -> exp.Expr:
    """``document - 'key'`` in PostgreSQL; also ``date - days``."""
    if types.kind(node.this) is Kind.DOCUMENT and types.kind(node.expression) is Kind.TEXT:
        return filled("JSON_MERGE_PATCH(_1, JSON_OBJECT(_2, NULL))", node.this, node.expression)
    return days_added(node, types)


def contained(node: exp.Expr, types: Types) -> exp.Expr:
    """``document @> document`` in PostgreSQL."""
    if types.kind(node.this) is Kind.DOCUMENT:
        return filled("JSON_CONTAINS(_1, _2)", node.this, node.expression)
    return node


def merged(node: exp.Expr, types: Types) -> exp.Expr:
    """``||`` in PostgreSQL of documents, of lists, and of a list and an item. A NULL list adds nothing."""
    kinds = (types.kind(node.this), types.kind(node.expression))
    if kinds == (Kind.DOCUMENT, Kind.DOCUMENT):
        return filled(MERGED, node.this, node.expression)
    if kinds == (Kind.LIST, Kind.LIST):
        return filled("COALESCE(_1 || _2, _1, _2)", node.this, node.expression)
    if Kind.LIST in kinds and Kind.NULL in kinds:  # NULL without a type is a list too
        listed: exp.Expr = node.this if kinds[0] is Kind.LIST else node.expression
        return listed
    if literal_text(node.this) is not None or literal_text(node.expression) is not None:
        return node  # it would be parsed as a list
    if kinds[0] is Kind.LIST and kinds[1] in _ITEMS:
        return filled("LIST_APPEND(_1, _2)", node.this, node.expression)
    if kinds[1] is Kind.LIST and kinds[0] in _ITEMS:
        return filled("LIST_PREPEND(_1, _2)", node.this, node.expression)
    return node


def equal_documents(node: exp.Expr, types: Types) -> exp.Expr:
    """``document = document`` in PostgreSQL, and IN: neither spaces nor the order of keys matter."""
    sides = [node.this, *(node.expressions if isinstance(node, exp.In) else [node.expression])]
    is_text = [literal_text(side) is not None for side in sides]
    if all(is_text) or not all(text or types.of(side) == "JSON" for side, text in zip(sides, is_text, strict=True)):
        return node
    for side in sides:
        side.replace(filled(_ALIKE, cast(side, "JSON")))
    return node


def moments_of_dates(node: exp.Expr, types: Types) -> exp.Expr:
    """DATE_TRUNC and DATEADD of a date in Databricks give a timestamp; ``date + INTERVAL`` stays a date."""
    if isinstance(node, exp.Add | exp.Sub):
        if not isinstance(node.expression, exp.Interval):
            return days_added(node, types)
        around = node.parent
        if isinstance(around, exp.Anonymous | exp.Cast | exp.Paren):
            return node
    if types.kind(node.this) is Kind.DATE:
        node.set("this", cast(node.this, "TIMESTAMPTZ"))
    return node


def series_of_days(node: exp.Expr, types: Types) -> exp.Expr:
    """SEQUENCE of dates in Databricks: by days, ascending or descending."""
    first, last = node.args["start"], node.args["end"]
    if types.kind(first) is not Kind.DATE or not isinstance(node.args.get("step"), exp.Case):
        return node
    return filled(SERIES_OF_DAYS, first, last)


def sharp_s_kept(node: exp.Expr, types: Types) -> exp.Expr:
    """UPPER in PostgreSQL leaves ``ß`` unchanged; the engine has a capital for it."""
    if types.kind(node.this) not in {Kind.TEXT, None}:
        return node
    return filled(_UPPER, node.this)


_UPPER = (
    "CASE WHEN CONTAINS(_1, 'ß') THEN ARRAY_TO_STRING(LIST_TRANSFORM(STR_SPLIT(_1, 'ß'), LAMBDA s: UPPER(s)), 'ß') "
    "ELSE UPPER(_1) END"
)


def averaged(node: exp.Expr, types: Types) -> exp.Expr:
    """AVG of whole numbers in Redshift is a whole number, truncated."""
    core = node
    while isinstance(core, exp.Filter | exp.Window):
        core = core.this
    inside = isinstance(node.parent, exp.Filter | exp.Window) and node.arg_key == "this"
    if inside or not isinstance(core, exp.Avg):
        return node
    value = core.this.expressions[0] if isinstance(core.this, exp.Distinct) else core.this
    return cast(call("TRUNC", node), "BIGINT") if _is_whole(value, types) else node


def _is_whole(value: exp.Expr, types: Types) -> bool:
    """Whether a value is a whole number, or a division that is one because its operands are."""
    if types.of(value) in _WHOLE_TYPES:
        return True
    asking = value.unnest()
    division = asking.args["ifs"][0].args["true"].unnest() if isinstance(asking, exp.Case) else None
    if not isinstance(division, exp.IntDiv) or not isinstance(asking.args.get("default"), exp.Div):
        return False
    return all(types.of(side) in _WHOLE_TYPES for side in (division.left, division.right))


def long_dates(conversion: Conversion) -> exp.Expr:
    """A text as a date of Databricks: the month and the day may be missing."""
    text = literal_text(conversion.value)
    if text is not None and is_iso(text):
        return conversion.plain()
    first = filled("TRIM(_1) || CASE WHEN CONTAINS(TRIM(_1), '-') THEN '-01' ELSE '-01-01' END", conversion.value)
    return case(
        (matches(conversion.value, r"\s*\d{4}(-\d{1,2})?\s*"), cast(first, "DATE", is_safe=conversion.is_safe)),
        otherwise=conversion.plain(),
    )


_PLACE = (
    "CASE WHEN CONTAINS(_1, 'e') THEN CAST(SPLIT_PART(_1, 'e', 2) AS INT) "
    "WHEN _1 >= '1' THEN LENGTH(SPLIT_PART(_1, '.', 1)) - 1 "
    "ELSE LENGTH(LTRIM(SPLIT_PART(_1, '.', 2), '0')) - LENGTH(SPLIT_PART(_1, '.', 2)) - 1 END"
)
_FIGURES = "TRIM(REPLACE(SPLIT_PART(_1, 'e', 1), '.', ''), '0')"


def float_as_text(conversion: Conversion) -> exp.Expr:
    """A floating-point number as text of Databricks: ``1.0E7`` from ten million on, and below a thousandth."""
    value = conversion.value
    size = exp.Abs(this=value.copy())
    digits = cast(size, "TEXT")
    figures, place = filled(_FIGURES, digits), filled(_PLACE, digits)
    scientific = filled(
        "CASE WHEN _1 < 0 THEN '-' ELSE '' END || LEFT(_2, 1) || '.' || "
        "CASE WHEN LENGTH(_2) > 1 THEN SUBSTRING(_2, 2) ELSE '0' END || 'E' || CAST(_3 AS TEXT)",
        value, figures, place,
    )  # fmt: skip
    is_plain = filled("_1 = 0 OR (_2 >= 0.001 AND _2 < 10000000)", value, size)
    return case(
        (call("ISNAN", value), exp.Literal.string("NaN")),
        (call("ISINF", value), filled("CASE WHEN _1 < 0 THEN '-Infinity' ELSE 'Infinity' END", value)),
        (is_plain, conversion.plain()),
        otherwise=scientific,
    )
