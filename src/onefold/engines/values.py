"""Converts values of Arrow tables to Python values and text, including values that Python cannot represent.

Takes Arrow tables; returns records, and texts for messages, CSV and JSON. A date outside of the years 1 to 9999, or an
infinite one, becomes text: ``11026-01-01``, ``0044-03-15 (BC)``, ``infinity``.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GIVEN_NAME = b"given_name"
"""Metadata key of a field: the name of a column before it was made distinct."""

_DAYS_OF_400_YEARS = 146_097
_MONTHS_OF_YEAR = 12
_EPOCH = dt.date(1970, 1, 1)
_UNITS: Mapping[str, int] = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_INFINITE = frozenset({2**31 - 1, 2**63 - 1})
"""The values for infinity, and negated for -infinity, in DATE and in TIMESTAMP."""


def distinct_names(rows: pa.Table) -> pa.Table:
    """The table with distinct column names: the second column ``a`` becomes ``a_2``.

    A renamed field keeps its old name in its metadata; see `renamed`.
    """
    names = rows.column_names
    if len(set(names)) == len(names):
        return rows
    taken, fields, seen = set(names), [], set()
    for field in rows.schema:
        name, number = field.name, 2
        if name in seen:
            while (name := f"{field.name}_{number}") in taken:
                number += 1
            field = field.with_name(name).with_metadata({GIVEN_NAME: field.name.encode()})  # noqa: PLW2901
            taken.add(name)
        seen.add(name)
        fields.append(field)
    return pa.Table.from_arrays(rows.columns, schema=pa.schema(fields, rows.schema.metadata))


def renamed(rows: pa.Table) -> dict[str, str]:
    """The old names, by name, of the columns that `distinct_names` renamed."""
    return {f.name: f.metadata[GIVEN_NAME].decode() for f in rows.schema if f.metadata and GIVEN_NAME in f.metadata}


def records(rows: pa.Table) -> list[dict[str, Any]]:
    """The rows as dictionaries; column names must be distinct.

    Keys of maps become text; the last of equal keys wins.
    """
    columns = [values(column) for column in rows.columns]
    names = rows.column_names
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def values(column: pa.ChunkedArray) -> list[Any]:
    """The values of a column, None for NULL."""
    try:
        return column.to_pylist(maps_as_pydicts="lossy")  # type: ignore[no-any-return]
    except (OverflowError, ValueError, TypeError):
        return [_value(scalar) for scalar in column]


def text(value: object) -> str:
    """A value as text: lists, objects and maps as JSON, intervals as ISO 8601 durations, binary as hexadecimal."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | list | dict):
        return json_text(value)
    if isinstance(value, bytes):
        return value.hex().upper()
    if isinstance(value, pa.MonthDayNano):
        return _duration(value)
    return str(value)


def json_text(value: object) -> str:
    """A value as strict JSON: values without a JSON form, including NaN and infinity, become text."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if isinstance(value, dict):
        return {text(key): _plain(part) for key, part in value.items()}
    # A MonthDayNano is also a tuple.
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return text(value)


def _duration(value: pa.MonthDayNano) -> str:
    years, months = _split(value.months, _MONTHS_OF_YEAR)
    seconds, nanos = _split(value.nanoseconds, 10**9)
    minutes, seconds = _split(seconds, 60)
    hours, minutes = _split(minutes, 60)
    fraction = f".{abs(nanos):09d}".rstrip("0") if nanos else ""
    sign = "-" if nanos < 0 and not seconds else ""
    exact = f"{sign}{seconds}{fraction}" if seconds or nanos else ""
    date = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (value.days, "D")) if n)
    time = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (exact, "S")) if n)
    return f"P{date}T{time}" if time else f"P{date or 'T0S'}"


def _split(number: int, size: int) -> tuple[int, int]:
    """Quotient and remainder, both with the sign of the number."""
    whole, rest = divmod(abs(number), size)
    return (whole, rest) if number >= 0 else (-whole, -rest)


def _value(scalar: Any) -> Any:
    """A value, with text for everything that Python cannot represent, at any depth."""
    if not scalar.is_valid:
        return None
    if isinstance(scalar, pa.MapScalar):
        pairs = scalar.values
        return {text(_value(pair["key"])): _value(pair["value"]) for pair in pairs}
    if isinstance(scalar, pa.StructScalar):
        return {name: _value(part) for name, part in scalar.items()}
    if isinstance(scalar, pa.ListScalar | pa.LargeListScalar | pa.FixedSizeListScalar):
        return [_value(part) for part in scalar.values]
    if isinstance(scalar, pa.UnionScalar):
        return _value(scalar.value)
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return _far(scalar)


def _far(scalar: Any) -> str:
    """A date or time that Python cannot represent, as DuckDB writes it."""
    number = int(scalar.value)
    if abs(number) in _INFINITE:
        return "infinity" if number > 0 else "-infinity"
    if pa.types.is_date(scalar.type):
        days = number if pa.types.is_date32(scalar.type) else number // 86_400_000
        return _far_date(days)
    unit = _UNITS[scalar.type.unit]
    seconds, fraction = divmod(number, unit)
    days, seconds = divmod(seconds, 86_400)
    digits = f".{fraction:0{len(str(unit)) - 1}d}".rstrip("0") if fraction else ""
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{digits}"
    zone = "+00:00" if scalar.type.tz is not None else ""
    return f"{_far_date(days)} {clock}{zone}"


def _far_date(days: int) -> str:
    """The date some days after 1970-01-01. The calendar repeats every 400 years."""
    cycles, rest = divmod(days, _DAYS_OF_400_YEARS)
    near = _EPOCH + dt.timedelta(days=rest)
    year = near.year + 400 * cycles
    return f"{year:04d}-{near:%m-%d}" if year > 0 else f"{1 - year:04d}-{near:%m-%d} (BC)"


def as_text_columns(rows: pa.Table) -> pa.Table:
    """The table with text in place of every column that has no CSV form: nested values, out-of-range dates."""
    fields, columns = [], []
    for field, column in zip(rows.schema, rows.columns, strict=True):
        if pa.types.is_dictionary(column.type):
            fields.append(pa.field(field.name, column.type.value_type))
            columns.append(column.cast(column.type.value_type))
        elif _has_csv_form(column):
            fields.append(field)
            columns.append(column)
        else:
            fields.append(pa.field(field.name, pa.large_string()))
            columns.append(pa.chunked_array(_texts(column), pa.large_string()))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _texts(column: pa.ChunkedArray) -> Iterator[pa.Array]:
    for chunk in column.chunks:
        found = (None if value is None else text(value) for value in values(pa.chunked_array([chunk])))
        yield pa.array(found, pa.large_string())


def _has_csv_form(column: pa.ChunkedArray) -> bool:
    kind = column.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _is_near(column)
    return bool(
        pa.types.is_null(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_time(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
    )


def _is_near(column: pa.ChunkedArray) -> bool:
    """Whether all dates of a column are in the years 1 to 9999."""
    import pyarrow.compute as pc  # noqa: PLC0415 - takes long to load

    ends = pc.min_max(column)
    day = ends.type[0].type
    per_day = 1 if pa.types.is_date32(day) else 86_400 * (1000 if pa.types.is_date64(day) else _UNITS[day.unit])
    first = (dt.date.min - _EPOCH).days * per_day
    last = ((dt.date.max - _EPOCH).days + 1) * per_day
    low, high = ends["min"], ends["max"]
    return not low.is_valid or (first <= low.value and high.value < last)
