"""Rules for times of Databricks: Java formats, differences, sequences."""

from __future__ import annotations

import re

from sqlglot import exp

from onefold.sql.transpile.functions import Arguments, Functions, Meaning, filled, literal, unsupported
from onefold.sql.transpile.number_formats import written_exactly
from onefold.sql.transpile.time_formats import TimeFormats, letters

_T = exp.DataType.Type
_ZONES = ("%z", "Z")
_FORMATS = TimeFormats(
    "Databricks",
    letters,
    writes={
        "yyyy": "%Y", "y": "%Y", "yy": "%y", "MM": "%m", "M": "%-m", "MMM": "%b", "LLL": "%b", "MMMM": "%B",
        "LLLL": "%B", "dd": "%d", "d": "%-d", "E": "%a", "EE": "%a", "EEE": "%a", "EEEE": "%A", "HH": "%H", "H": "%-H",
        "hh": "%I", "h": "%-I", "mm": "%M", "m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%g", "SSSSSS": "%f", "a": "%p",
        "D": "%-j", "DDD": "%j", "Q": "CAST(QUARTER(_1) AS TEXT)", "q": "CAST(QUARTER(_1) AS TEXT)",
        "X": "Z", "XX": "Z", "XXX": "Z", "Z": "+0000", "z": "UTC",
    },
    reads={
        "yyyy": ("%Y",), "y": ("%Y",), "yy": ("%y",), "MM": ("%m",), "M": ("%m",), "MMM": ("%b",), "MMMM": ("%B",),
        "dd": ("%d",), "d": ("%d",), "EEE": ("%a",), "E": ("%a",), "EEEE": ("%A",), "HH": ("%H",), "H": ("%H",),
        "hh": ("%I",), "h": ("%I",), "mm": ("%M",), "m": ("%M",), "ss": ("%S",), "s": ("%S",), "SSS": ("%g",),
        "SSSSSS": ("%f",), "a": ("%p",), "D": ("%j",), "DDD": ("%j",), "X": _ZONES, "XX": _ZONES, "XXX": _ZONES,
        "Z": ("%z",),
    },
)  # fmt: skip


def _read(target: str, *, safe: bool) -> Meaning:
    """TO_DATE, TO_TIMESTAMP and others, with or without a format."""

    def read(arguments: Arguments) -> exp.Expr:
        if len(arguments) == 1:
            made = exp.TryCast if safe else exp.Cast
            return made(this=arguments[0], to=exp.DataType.build(target))
        return exp.cast(_FORMATS.read(arguments[0], literal(arguments[1], "the format"), safe=safe), target)

    return read


def _formatted(arguments: Arguments) -> exp.Expr:
    wanted = literal(arguments[1], "the format of DATE_FORMAT")
    return _FORMATS.written(filled("CAST(_1 AS TIMESTAMP)", arguments[0]), wanted)


def _as_text(arguments: Arguments) -> exp.Expr:
    """TO_CHAR and TO_VARCHAR of times; formats of numbers contain nines and zeros."""
    wanted = literal(arguments[1], "the format of TO_CHAR")
    return written_exactly(arguments[0], wanted) if re.search("[09]", wanted) else _formatted(arguments)


def _epoch(arguments: Arguments) -> exp.Expr:
    """UNIX_TIMESTAMP of a time, a text in the form of a time, or a text with a format."""
    if not arguments:
        return filled("CAST(EPOCH(NOW()) AS BIGINT)")
    time = arguments[0] if len(arguments) == 1 else _FORMATS.read(arguments[0], literal(arguments[1], "the format"))
    return filled("CAST(FLOOR(EPOCH(CAST(_1 AS TIMESTAMP))) AS BIGINT)", time)


def _from_epoch(arguments: Arguments) -> exp.Expr:
    wanted = literal(arguments[1], "the format") if len(arguments) > 1 else "yyyy-MM-dd HH:mm:ss"
    return _FORMATS.written(filled("MAKE_TIMESTAMP(CAST(_1 AS BIGINT) * 1000000)", arguments[0]), wanted)


_WITHIN = "STRFTIME(_{}, '%d%H%M%S%f')"
_MONTHS = (
    f"(DATE_DIFF('month', _1, _2) - CASE WHEN _2 >= _1 AND {_WITHIN.format(2)} < {_WITHIN.format(1)} THEN 1 "
    f"WHEN _2 < _1 AND {_WITHIN.format(2)} > {_WITHIN.format(1)} THEN -1 ELSE 0 END)"
)
_SEVERAL = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def _difference(arguments: Arguments) -> exp.Expr:
    """DATEDIFF(end, start) counts calendar days, DATEDIFF(unit, start, end) whole units."""
    if len(arguments) == 2:  # noqa: PLR2004
        return filled("DATE_DIFF('day', CAST(_2 AS DATE), CAST(_1 AS DATE))", *arguments)
    unit = arguments[0].name.upper()
    start, end = (filled("CAST(_1 AS TIMESTAMP)", time) for time in arguments[1:])
    if unit in _SEVERAL:
        months = filled(_MONTHS, start, end)
        return months if unit == "MONTH" else filled("CAST(TRUNC(_1 / _2) AS BIGINT)", months, _number(_SEVERAL[unit]))
    return filled("DATE_SUB(_1, _2, _3)", exp.Literal.string(unit.lower()), start, end)


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


_UNITS = {
    "YEAR": "year", "YYYY": "year", "YY": "year", "QUARTER": "quarter", "MONTH": "month", "MM": "month", "MON": "month",
    "WEEK": "week",
}  # fmt: skip


def _truncated(arguments: Arguments) -> exp.Expr:
    """TRUNC(date, unit): a date; NULL for an unknown unit."""
    unit = _UNITS.get(literal(arguments[1], "the unit of TRUNC").upper())
    if unit is None:
        return exp.cast(exp.null(), "DATE")
    return filled(f"CAST(DATE_TRUNC('{unit}', CAST(_1 AS DATE)) AS DATE)", arguments[0])


# The engine's series adds to the previous value, and would stay on the 28th after a February.
_MONTHLY = (
    "LIST_FILTER(LIST_TRANSFORM(GENERATE_SERIES(0, DATE_DIFF('month', _1, _2)), "
    "LAMBDA i: CAST_TO_TYPE(_1 + CAST(i AS INT) * _3, _1)), LAMBDA t: t <= _2)"
)

SERIES_OF_DAYS = (
    "LIST_TRANSFORM(GENERATE_SERIES(_1, _2, CASE WHEN _1 <= _2 THEN INTERVAL 1 DAY ELSE INTERVAL (-1) DAY END), "
    "LAMBDA t: CAST(t AS DATE))"
)


def _sequence(arguments: Arguments) -> exp.Expr:
    """SEQUENCE: ascending or descending, dates by days unless a step is given."""
    if len(arguments) == 3:  # noqa: PLR2004
        if not isinstance(arguments[2], exp.Interval):
            return filled("GENERATE_SERIES(_1, _2, _3)", *arguments)
        if arguments[2].text("unit").upper().rstrip("S") in _SEVERAL:
            return filled(_MONTHLY, *arguments)
        return filled("LIST_TRANSFORM(GENERATE_SERIES(_1, _2, _3), LAMBDA t: CAST_TO_TYPE(t, _1))", *arguments)
    if any(isinstance(end, exp.Cast) and end.to.this == _T.DATE for end in arguments):
        return filled(SERIES_OF_DAYS, *arguments)
    return filled("GENERATE_SERIES(_1, _2, CASE WHEN _1 <= _2 THEN 1 ELSE -1 END)", *arguments)


TIMES: Functions = {
    "DATEDIFF": _difference,
    "DATE_DIFF": _difference,
    "TIMESTAMPDIFF": _difference,
    "DATE_FORMAT": _formatted,
    "TO_CHAR": _as_text,
    "TO_VARCHAR": _as_text,
    "TO_DATE": _read("DATE", safe=False),
    "TRY_TO_DATE": _read("DATE", safe=True),
    "TO_TIMESTAMP": _read("TIMESTAMPTZ", safe=False),
    "TRY_TO_TIMESTAMP": _read("TIMESTAMPTZ", safe=True),
    "UNIX_TIMESTAMP": _epoch,
    "TO_UNIX_TIMESTAMP": _epoch,
    "FROM_UNIXTIME": _from_epoch,
    "TIMESTAMP_SECONDS": "CAST(MAKE_TIMESTAMP(CAST(CAST(_1 AS DOUBLE) * 1000000 AS BIGINT)) AS TIMESTAMPTZ)",
    "TIMESTAMP_MILLIS": "CAST(MAKE_TIMESTAMP(_1 * 1000) AS TIMESTAMPTZ)",
    "TIMESTAMP_MICROS": "CAST(MAKE_TIMESTAMP(_1) AS TIMESTAMPTZ)",
    "UNIX_SECONDS": "CAST(FLOOR(EPOCH(_1)) AS BIGINT)",
    "DATE_FROM_UNIX_DATE": "DATE '1970-01-01' + CAST(_1 AS INT)",
    "FROM_UTC_TIMESTAMP": "CAST(CAST(_1 AS TIMESTAMPTZ) AT TIME ZONE _2 AS TIMESTAMPTZ)",
    "TO_UTC_TIMESTAMP": "CAST(CAST(_1 AS TIMESTAMP) AT TIME ZONE _2 AS TIMESTAMPTZ)",
    "MAKE_TIMESTAMP": "MAKE_TIMESTAMPTZ(_1, _2, _3, _4, _5, _6)",
    "TRUNC": _truncated,
    "WEEKDAY": "ISODOW(_1) - 1",
    "DAYNAME": "STRFTIME(_1, '%a')",
    "MONTHNAME": "STRFTIME(_1, '%b')",
    "SEQUENCE": _sequence,
    "ADD_MONTHS": "CAST(CAST(_1 AS DATE) + TO_MONTHS(CAST(_2 AS INT)) AS DATE)",
    "WINDOW": unsupported("it has no WINDOW of times; use DATE_TRUNC or TIME_BUCKET"),
}
"""Functions of times, by name."""
