"""Rules for dates and timestamps that keep the author's types, counts and zones, in UTC.

The types of columns are unknown here: if the type matters, the SQL checks it (``CAST_TO_TYPE``).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import sqlglot
from sqlglot import exp

from onefold.sql.transpile.deferred import later
from onefold.sql.transpile.numbers import is_floating

_WHOLE_DAYS = frozenset({"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"})
_TIMESTAMPS = frozenset(
    {
        exp.DataType.Type.TIMESTAMP,
        exp.DataType.Type.TIMESTAMPNTZ,
        exp.DataType.Type.TIMESTAMPTZ,
        exp.DataType.Type.TIMESTAMPLTZ,
        exp.DataType.Type.DATETIME,
    }
)
_ZONED = frozenset({exp.DataType.Type.TIMESTAMPTZ, exp.DataType.Type.TIMESTAMPLTZ})
_DATES = (exp.CurrentDate, exp.DateFromParts, exp.LastDay, exp.Date, exp.TsOrDsToDate)
_PARTS = (
    exp.TimestampTrunc, exp.DateTrunc, exp.Year, exp.Quarter, exp.Month, exp.Week, exp.Day, exp.DayOfMonth,
    exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear, exp.WeekOfYear, exp.Hour, exp.Minute, exp.Second, exp.LastDay,
)  # fmt: skip
_READERS = {"TO_TIMESTAMP": False, "TO_TIMESTAMP_NTZ": False, "TRY_TO_TIMESTAMP": True, "TRY_TO_TIMESTAMP_NTZ": True}
_TYPED = "CAST_TO_TYPE"
"""The engine's function that casts its first argument to the type of the second."""
_SPACED_OFFSET = re.compile(r"^(.*\d)\s+([+-]\d\d):?(\d\d)$")
# A whole number of seconds, milliseconds, microseconds or nanoseconds since 1970, distinguished by its size.
_SCALES = ((31_536_000_000, 0), (31_536_000_000_000, 3), (31_536_000_000_000_000, 6))


def literals_are_times(node: exp.Expr) -> exp.Expr:
    """``YEAR('2026-01-31')``: a text in place of a time is parsed; an offset may follow a space."""
    if isinstance(node, (*_PARTS, exp.Extract)):
        key = "expression" if isinstance(node, exp.Extract) else "this"
        if _is_text(node.args.get(key)):
            node.set(key, exp.cast(node.args[key].copy(), "TIMESTAMP"))
    elif isinstance(node, exp.Cast) and _is_text(node.this) and node.to.this in _ZONED:
        found = _SPACED_OFFSET.match(node.this.name)
        if found:
            node.set("this", exp.Literal.string("{}{}:{}".format(*found.groups())))
    elif isinstance(node, exp.Interval) and _is_text(node.this) and "," in node.this.name:
        node.set("this", exp.Literal.string(node.this.name.replace(",", "")))
    return node


def whole_amounts(node: exp.Expr) -> exp.Expr:
    """DATEADD of a fraction: rounded half away from zero to a whole number."""
    if not isinstance(node, exp.DateAdd):
        return node
    amount = node.expression
    if isinstance(amount, exp.Literal) and not amount.is_int:
        whole = Decimal(amount.name).quantize(Decimal(1), ROUND_HALF_UP)
        node.set("expression", exp.Literal.number(int(whole)))
    elif is_floating(amount):
        node.set("expression", exp.cast(exp.Round(this=amount.copy()), "BIGINT"))
    return node


def dates_stay_dates(node: exp.Expr) -> exp.Expr:
    """Truncating a DATE, or adding whole days to it, gives a DATE; the engine gives a timestamp."""
    operand = _operand(node)
    if operand is None or isinstance(operand, exp.Literal) or _is_timestamp(operand):
        return node
    if _is_date(operand):
        return exp.cast(node.copy(), "DATE")
    if isinstance(operand, exp.Anonymous) and operand.name == _TYPED:
        operand = operand.expressions[1]
    return exp.Anonymous(this=_TYPED, expressions=[node.copy(), operand.copy()])


def _operand(node: exp.Expr) -> exp.Expr | None:
    """The operand that the node truncates, or adds whole days to."""
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc | exp.AddMonths):
        return node.this  # type: ignore[no-any-return]
    if isinstance(node, exp.DateAdd):
        unit = node.args.get("unit")
    elif isinstance(node, exp.Add | exp.Sub) and isinstance(node.expression, exp.Interval):
        unit = node.expression.args.get("unit")
    else:
        return None
    return node.this if unit is not None and unit.name.upper().rstrip("S") in _WHOLE_DAYS else None


def zones_of_timestamps(node: exp.Expr) -> exp.Expr:
    """CONVERT_TIMEZONE with one zone: a timestamp without a zone is in UTC, the zone of the session."""
    if not isinstance(node, exp.ConvertTimezone) or node.args.get("source_tz") is not None:
        return node
    moment = exp.cast(node.args["timestamp"].copy(), "TIMESTAMPTZ")
    return exp.AtTimeZone(this=moment, zone=node.args["target_tz"].copy())


def times_of_day(node: exp.Expr) -> exp.Expr:
    """TIME is TO_TIME; sqlglot takes its format for a time zone."""
    if type(node) is not exp.Time:
        return node
    called = exp.Anonymous(this="TO_TIME", expressions=[part for part in (node.this, node.args.get("zone")) if part])
    return sqlglot.parse_one(called.sql("snowflake"), read="snowflake")


def moments_from_parts(node: exp.Expr) -> exp.Expr:
    """TIMESTAMP_TZ_FROM_PARTS: local time in a zone; without one, UTC, the zone of the session."""
    is_zoned = isinstance(node, exp.TimestampTzFromParts | exp.TimestampLtzFromParts)
    if not is_zoned:
        return node
    parts = {key: part.copy() for key, part in node.args.items() if key != "zone" and isinstance(part, exp.Expr)}
    clock, zone = exp.TimestampFromParts(**parts), node.args.get("zone")
    if zone is None:
        return exp.cast(clock, "TIMESTAMPTZ")
    return exp.paren(exp.AtTimeZone(this=clock, zone=zone.copy()), copy=False)


def whole_epoch(node: exp.Expr) -> exp.Expr:
    """DATE_PART(epoch, x): whole seconds, rounded down."""
    if not isinstance(node, exp.Extract) or node.this.name.upper() not in {"EPOCH", "EPOCH_SECOND"}:
        return node
    seconds = exp.Extract(this=exp.var("EPOCH"), expression=node.expression.copy())
    return exp.cast(exp.Floor(this=seconds), "BIGINT")


def timestamps_read(node: exp.Expr) -> exp.Expr:
    """TO_TIMESTAMP and others of one value: a time, a text, or a number since 1970."""
    if isinstance(node, exp.TryCast) and node.args.get("probe_date_format"):
        node.set("probe_date_format", None)  # for literals sqlglot tries only a few formats
    if isinstance(node, exp.UnixToTime) and _is_text(node.this):
        return _since_1970(int(node.this.name))
    if not isinstance(node, exp.Anonymous) or len(node.expressions) != 1:
        return node
    name, value = node.name.upper(), node.expressions[0]
    if name in {"TO_DATE", "DATE"} and _is_text(value) and value.name.isdigit():
        return exp.cast(_since_1970(int(value.name)), "DATE")
    if name in {"TRY_TO_TIMESTAMP_TZ", "TRY_TO_TIMESTAMP_LTZ"}:
        return exp.TryCast(this=value.copy(), to=exp.DataType.build("TIMESTAMPTZ"))
    if name in {"TO_TIMESTAMP_TZ", "TO_TIMESTAMP_LTZ"}:
        return exp.cast(value.copy(), "TIMESTAMPTZ")
    if name not in _READERS:
        return node
    if _is_timestamp(value) or _is_date(value):
        return exp.cast(value.copy(), "TIMESTAMP")
    if _is_text(value):
        return exp.TryCast(this=value.copy(), to=exp.DataType.build("TIMESTAMP"))
    return later("TRY_TO_TIMESTAMP" if _READERS[name] else "TO_TIMESTAMP", value)


def called_with(node: exp.Expr) -> exp.Expr:
    """The argument of a call in ``FALLBACKS``, inside of its fallback."""
    argument: exp.Expr = node.args["ifs"][0].this.this.this
    return argument


def _read(value: exp.Expr, *, safe: bool) -> exp.Expr:
    number = exp.TryCast(this=value.copy(), to=exp.DataType.build("DOUBLE"))
    read: exp.Expr = exp.TryCast(this=value.copy(), to=exp.DataType.build("TIMESTAMP"))
    if not safe:
        # Only a text that is not a time is left for the second cast, which reports it.
        read = exp.func("COALESCE", read, exp.cast(exp.cast(value.copy(), "TEXT"), "TIMESTAMP"))
    case = exp.Case().when(number.copy().is_(exp.null()), read)
    for limit, scale in _SCALES:
        case = case.when(number.copy() < limit, _moment(number, scale))
    return case.else_(_moment(number, 9))


FALLBACKS = {
    "TO_TIMESTAMP": lambda value: _read(value, safe=False),
    "TRY_TO_TIMESTAMP": lambda value: _read(value, safe=True),
}
"""The fallback of a call whose argument has an unknown type; see ``deferred``."""


def _moment(number: exp.Expr, scale: int) -> exp.Expr:
    factor = exp.Literal.number(f"1e{6 - scale}")
    micros = exp.cast(exp.Round(this=exp.Mul(this=number.copy(), expression=factor)), "BIGINT")
    return exp.Anonymous(this="MAKE_TIMESTAMP", expressions=[micros])


def _since_1970(number: int) -> exp.UnixToTime:
    scale = next((scale for limit, scale in _SCALES if number < limit), 9)
    return exp.UnixToTime(
        this=exp.Literal.number(number),
        scale=exp.Literal.number(scale),
        target_type=exp.DataType.build("TIMESTAMP"),
    )


def _is_text(node: object) -> bool:
    return isinstance(node, exp.Literal) and node.is_string


def _is_date(node: exp.Expr) -> bool:
    if isinstance(node, exp.Paren | exp.Min | exp.Max):
        return _is_date(node.this)
    return isinstance(node, _DATES) or (isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DATE)


def _is_timestamp(node: exp.Expr) -> bool:
    if isinstance(node, exp.Paren | exp.Min | exp.Max):
        return _is_timestamp(node.this)
    return isinstance(node, exp.CurrentTimestamp | exp.UnixToTime) or (
        isinstance(node, exp.Cast) and node.to.this in _TIMESTAMPS
    )
