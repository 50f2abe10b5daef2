"""Dates and times as Snowflake reads and writes them.

A text is parsed by the formats that Snowflake detects (AUTO): ISO 8601, MM/DD/YYYY, DD-MON-YYYY, RFC 2822, the form of
Twitter, and whole numbers since 1970 with a unit that depends on their size. ISO comes first, because it is the most
frequent and the cheapest. A failed format costs the engine more than a successful one, so the shape of a text decides
which formats are tried.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion.conversion import Conversion, call, case, cast, contains, literal_text, matches

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLOCK = r"([ T]\d{1,2}:\d{1,2}(:\d{1,2}(\.\d{0,9})?)?"
_OFFSET = r" ?(Z|[+-]\d{2}(:?\d{2})?)"
_ISO = rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}{_CLOCK}({_OFFSET})?)?"
_WHOLE = r"-?\d+"
_SLASHED = (
    "%m/%d/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S.%f", "%m/%d/%Y %I:%M:%S %p",
)  # fmt: skip
_WORDED = (
    "%d-%b-%Y", "%a, %d %b %Y %H:%M:%S", "%a, %d %b %Y %H:%M:%S.%f", "%a, %d %b %Y %I:%M:%S %p", "%a, %d %b %Y",
    "%a %b %d %H:%M:%S %Y", "%Y-%m-%dT%H", "%Y-%m-%d %H", "%d-%b-%Y %H:%M:%S",
)  # fmt: skip
_WORDED_WITH_OFFSET = (
    "%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S.%f %z", "%a, %d %b %Y %I:%M:%S %p %z", "%a %b %d %H:%M:%S %z %Y",
)  # fmt: skip
_WORD_OFFSET = r" [+-]\d{4}"
_SCALES = ((31_536_000_000, 6), (31_536_000_000_000, 3), (31_536_000_000_000_000, 0))
"""Whole numbers below the first bound are seconds, then milliseconds, then microseconds; all others are nanoseconds."""

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?")


def date_of_text(conversion: Conversion) -> exp.Expr:
    """A text as a date."""
    if _is_iso(conversion.value):
        return conversion.plain()
    return conversion.read(cast(_wall_clock(conversion.value), "DATE"), "date")


def timestamp_of_text(conversion: Conversion) -> exp.Expr:
    """A text as a timestamp: the local time as written; for onefold's own time columns, the moment in UTC."""
    if _is_iso(conversion.value):
        return conversion.plain()
    read = cast(_moment(conversion.value), "TIMESTAMP") if conversion.is_moment else _wall_clock(conversion.value)
    return conversion.read(read, "timestamp")


def timestamptz_of_text(conversion: Conversion) -> exp.Expr:
    """A text as a moment; without an offset it is in UTC."""
    return conversion.read(_moment(conversion.value), "timestamp")


def timestamp_of_number(conversion: Conversion) -> exp.Expr:
    """A number as a timestamp: seconds since 1970, whatever its size."""
    micros = exp.Mul(this=exp.paren(conversion.value.copy()), expression=exp.Literal.number(1_000_000))
    made = call("MAKE_TIMESTAMP", cast(micros, "BIGINT"))
    return made if conversion.target.this == exp.DataType.Type.TIMESTAMP else cast(made, conversion.target)


def timestamp_as_text(conversion: Conversion) -> exp.Expr:
    """A timestamp as text: ``2026-01-31 10:00:00.000``."""
    return _formatted(conversion.value, "%Y-%m-%d %H:%M:%S.%g")


def timestamptz_as_text(conversion: Conversion) -> exp.Expr:
    """A moment as text: ``2026-01-31 10:00:00.000 +0000``; the session is in UTC."""
    return _formatted(conversion.value, "%Y-%m-%d %H:%M:%S.%g +0000")


def time_as_text(conversion: Conversion) -> exp.Expr:
    """A time of day as text, without fractions of a second."""
    return call("LEFT", cast(conversion.value, "TEXT"), exp.Literal.number(8))


def _wall_clock(value: exp.Expr) -> exp.Case:
    """The text as a TIMESTAMP ignoring its offset; NULL if it cannot be parsed."""
    without = call("REGEXP_REPLACE", value, exp.Literal.string(_WORD_OFFSET), exp.Literal.string(""))
    return case(
        (matches(value, _ISO), _engines(value, "TIMESTAMP")),
        (contains(value, "/"), _parsed(value, _SLASHED)),
        (matches(value, _WHOLE), _since_1970(value)),
        (_has_digit(value), _parsed(without, _WORDED)),
    )


def _moment(value: exp.Expr) -> exp.Case:
    """The text as a TIMESTAMPTZ; NULL if it cannot be parsed."""
    # In a timestamp with a zone, the engine accepts no offset after a space, and none without a colon.
    offset = r" ?([+-]\d{2}):?(\d{2})$"
    tidied = call(
        "REGEXP_REPLACE", call("REPLACE", value, exp.Literal.string(" Z"), exp.Literal.string("Z")),
        exp.Literal.string(offset), exp.Literal.string(r"\1:\2"),
    )  # fmt: skip
    plain = rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}{_CLOCK})?"
    has_offset = call("REGEXP_MATCHES", value, exp.Literal.string(_WORD_OFFSET))
    return case(
        (matches(value, plain), _engines(value, "TIMESTAMPTZ")),
        (matches(value, _ISO), _engines(tidied, "TIMESTAMPTZ")),
        (contains(value, "/"), cast(_parsed(value, _SLASHED), "TIMESTAMPTZ")),
        (matches(value, _WHOLE), cast(_since_1970(value), "TIMESTAMPTZ")),
        (has_offset, _parsed(value, _WORDED_WITH_OFFSET)),
        (_has_digit(value), cast(_parsed(value, _WORDED), "TIMESTAMPTZ")),
    )


def _has_digit(value: exp.Expr) -> exp.Expr:
    """Whether there is a digit: the engine accepts ``infinity`` and ``epoch`` in every format."""
    return call("REGEXP_MATCHES", value, exp.Literal.string(r"\d"))


def _engines(value: exp.Expr, target: str) -> exp.Cast:
    return cast(value, target, is_safe=True)


def _since_1970(value: exp.Expr) -> exp.Case:
    number = cast(value, "DECIMAL(38, 0)", is_safe=True)
    branches = []
    for limit, digits in _SCALES:
        micros = exp.Mul(this=number.copy(), expression=exp.Literal.number(10**digits))
        below = exp.LT(this=exp.Abs(this=number.copy()), expression=exp.Literal.number(limit))
        branches.append((below, call("MAKE_TIMESTAMP", cast(micros, "BIGINT"))))
    nanos = exp.IntDiv(this=number.copy(), expression=exp.Literal.number(1000))
    return case(*branches, otherwise=call("MAKE_TIMESTAMP", cast(nanos, "BIGINT", is_safe=True)))


def _parsed(value: exp.Expr, formats: Iterable[str]) -> exp.Expr:
    # Formats with an offset are never mixed with others: the engine would keep an offset from one row to the next.
    return call("TRY_STRPTIME", value, exp.Array(expressions=[exp.Literal.string(f) for f in formats]))


def _formatted(value: exp.Expr, layout: str) -> exp.Expr:
    return call("STRFTIME", value, exp.Literal.string(layout))


def is_iso(text: str) -> bool:
    """Whether the engine and the author dialect parse a text to the same time."""
    return _ISO_DATE.fullmatch(text) is not None


def _is_iso(value: exp.Expr) -> bool:
    text = literal_text(value)
    return text is not None and is_iso(text)
