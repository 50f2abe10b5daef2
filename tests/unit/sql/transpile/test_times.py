"""Dates stay dates, and texts and numbers become the times that Snowflake reads."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_DATE = "CAST('2026-01-31' AS DATE)"
_TIME = "CAST('2026-01-31 10:00:00' AS TIMESTAMP)"


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


_CASES: list[tuple[str, str, Any]] = [
    ("DATEADD('day', 3, '2026-01-31'::date)", f"CAST({_DATE} + INTERVAL '3' DAY AS DATE)", dt.date(2026, 2, 3)),
    ("DATEADD(month, 1, '2026-01-31'::date)", f"CAST({_DATE} + INTERVAL '1' MONTH AS DATE)", dt.date(2026, 2, 28)),
    (
        "DATEADD('day', 1, '2026-01-31 10:00:00'::timestamp)",
        f"{_TIME} + INTERVAL '1' DAY",
        _time("2026-02-01 10:00:00"),
    ),
    ("DATEADD('hour', 3, '2026-01-31'::date)", f"{_DATE} + INTERVAL '3' HOUR", _time("2026-01-31 03:00:00")),
]


@pytest.mark.parametrize(("author", "engine", "value"), _CASES, ids=[case[0] for case in _CASES])
def test_sql_and_value(
    author: str,
    engine: str,
    value: object,
    translate: Callable[[str], str],
    rows: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    """An expression has the expected SQL, value and type."""
    assert translate(f"SELECT {author} AS v") == f"SELECT {engine} AS v"
    found = rows(f"SELECT {author} AS v")[0][0]
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("author", "value"),
    [
        ("DATEADD('day', 1, d)", dt.date(2026, 2, 1)),
        ("DATEADD('day', 1, ts)", _time("2026-02-01 10:00:00")),
        ("DATE_TRUNC('month', d)", dt.date(2026, 1, 1)),
        ("DATE_TRUNC('month', ts)", _time("2026-01-01")),
    ],
)
def test_type_of_a_column_is_kept(author: str, value: object, rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """A date stays a date and a timestamp a timestamp, also where only the engine knows the column's type."""
    source = "(SELECT '2026-01-31'::date AS d, '2026-01-31 10:00:00'::timestamp AS ts)"
    found = rows(f"SELECT {author} FROM {source}")[0][0]

    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("author", "value"),
    [
        ("TO_TIMESTAMP('1767225600')", _time("2026-01-01")),
        ("TO_TIMESTAMP(s) FROM (SELECT '2026-01-01 10:00:00' AS s)", _time("2026-01-01 10:00:00")),
        ("TO_TIMESTAMP(n) FROM (SELECT 1767225600000 AS n)", _time("2026-01-01")),
        ("TRY_TO_TIMESTAMP(s) FROM (SELECT 'x' AS s)", None),
        ("YEAR('2026-01-31')", 2026),
        ("DATEADD('day', 1.5, '2026-01-01'::date)", dt.date(2026, 1, 3)),
        ("DATE_PART(epoch, '2026-01-01 00:00:00.9'::timestamp)", 1767225600),
        (
            "CONVERT_TIMEZONE('UTC', '2026-01-01 10:00:00 +02:00'::timestamp_tz)::timestamp_ntz",
            _time("2026-01-01 08:00:00"),
        ),
    ],
)
def test_time_is_read(author: str, value: object, rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """Texts, numbers and offsets are read as Snowflake reads them."""
    assert rows(f"SELECT {author}") == [(value,)]
