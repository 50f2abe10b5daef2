"""The SQL of the transpile rules for columns of unknown type, with its value of Snowflake's type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


_CASES: list[tuple[str, str, Any]] = [
    # times
    ("DATE_TRUNC('month', d)", "CAST_TO_TYPE(DATE_TRUNC('MONTH', d), d)", dt.date(2026, 1, 1)),
    ("DATE_TRUNC('day', ts)", "CAST_TO_TYPE(DATE_TRUNC('DAY', ts), ts)", _time("2026-01-31 00:00:00")),
    (
        "DATE_TRUNC('month', ts::date)",
        "CAST(CAST(DATE_TRUNC('MONTH', CAST(ts AS DATE)) AS DATE) AS DATE)",
        dt.date(2026, 1, 1),
    ),
    (
        "DATE_TRUNC('hour', ts::timestamp)",
        "CAST(DATE_TRUNC('HOUR', CAST(ts AS TIMESTAMP)) AS TIMESTAMP)",
        _time("2026-01-31 10:00:00"),
    ),
    ("TRUNC(d, 'month')", "CAST_TO_TYPE(DATE_TRUNC('MONTH', d), d)", dt.date(2026, 1, 1)),
    (
        "DATE_TRUNC('quarter', '2026-05-05')",
        "CAST(DATE_TRUNC('QUARTER', CAST('2026-05-05' AS TIMESTAMP)) AS TIMESTAMP)",
        _time("2026-04-01 00:00:00"),
    ),
    ("DATEADD('day', 3, d)", "CAST_TO_TYPE(d + INTERVAL '3' DAY, d)", dt.date(2026, 2, 3)),
    ("DATEADD('day', 1, ts)", "CAST_TO_TYPE(ts + INTERVAL '1' DAY, ts)", _time("2026-02-01 10:30:15.123456")),
    ("DATEADD(month, 1, d)", "CAST_TO_TYPE(d + INTERVAL '1' MONTH, d)", dt.date(2026, 2, 28)),
    ("DATEADD('hour', 1, d)", "d + INTERVAL '1' HOUR", _time("2026-01-31 01:00:00")),
    ("DATEADD(day, 1.5, d)", "CAST_TO_TYPE(d + INTERVAL '2' DAY, d)", dt.date(2026, 2, 2)),
    ("DATEADD(day, n / 2, d)", "CAST_TO_TYPE(d + INTERVAL (CAST(ROUND(n / 2) AS BIGINT)) DAY, d)", dt.date(2026, 2, 4)),
    ("DATEADD(day, 1, CURRENT_DATE) > d", "CAST(CURRENT_DATE + INTERVAL '1' DAY AS DATE) > d", True),
    (
        "ADD_MONTHS(d, 1)",
        "CAST_TO_TYPE(CASE WHEN LAST_DAY(d) = d THEN LAST_DAY(d + INTERVAL '1' MONTH) ELSE d + INTERVAL '1' MONTH END, d)",
        dt.date(2026, 2, 28),
    ),
    ("d + INTERVAL '1 day'", "CAST_TO_TYPE(d + INTERVAL '1' DAY, d)", dt.date(2026, 2, 1)),
    ("d - INTERVAL '1 month'", "CAST_TO_TYPE(d - INTERVAL '1' MONTH, d)", dt.date(2025, 12, 31)),
    ("d + INTERVAL '1 hour'", "d + INTERVAL '1' HOUR", _time("2026-01-31 01:00:00")),
    ("ts + INTERVAL '1 day, 2 hours'", "ts + INTERVAL '1 day 2 hours'", _time("2026-02-01 12:30:15.123456")),
    (
        "CONVERT_TIMEZONE('America/New_York', ts)",
        "CAST(ts AS TIMESTAMPTZ) AT TIME ZONE 'America/New_York'",
        _time("2026-01-31 05:30:15.123456"),
    ),
    (
        "CONVERT_TIMEZONE('America/New_York', tz)",
        "CAST(tz AS TIMESTAMPTZ) AT TIME ZONE 'America/New_York'",
        _time("2026-01-31 05:30:15"),
    ),
    ("CONVERT_TIMEZONE('UTC', ts)", "CAST(ts AS TIMESTAMPTZ) AT TIME ZONE 'UTC'", _time("2026-01-31 10:30:15.123456")),
    (
        "'2026-01-31 10:00:00 +0200'::timestamp_tz::timestamp_ntz",
        "CAST(CAST('2026-01-31 10:00:00+02:00' AS TIMESTAMPTZ) AS TIMESTAMP)",
        _time("2026-01-31 08:00:00"),
    ),
    (
        "'2026-01-31T10:00:00+02:00'::timestamp_ntz",
        "CAST('2026-01-31T10:00:00+02:00' AS TIMESTAMP)",
        _time("2026-01-31 10:00:00"),
    ),
    ("DATE_PART(epoch, ts)", "CAST(FLOOR(EXTRACT(EPOCH FROM ts)) AS BIGINT)", 1769855415),
    ("YEAR('2026-01-31')", "YEAR(CAST('2026-01-31' AS TIMESTAMP))", 2026),
    ("EXTRACT(month FROM '2026-01-31')", "EXTRACT(MONTH FROM CAST('2026-01-31' AS TIMESTAMP))", 1),
    ("TO_TIMESTAMP('1767225600')", "TO_TIMESTAMP(1767225600) AT TIME ZONE 'UTC'", _time("2026-01-01 00:00:00")),
    ("TO_TIMESTAMP('1767225600000')", "EPOCH_MS(1767225600000)", _time("2026-01-01 00:00:00")),
    ("TO_DATE('1767225600')", "CAST(TO_TIMESTAMP(1767225600) AT TIME ZONE 'UTC' AS DATE)", dt.date(2026, 1, 1)),
    ("TO_TIMESTAMP(ts::date)", "CAST(CAST(ts AS DATE) AS TIMESTAMP)", _time("2026-01-31 00:00:00")),
    ("TRY_TO_TIMESTAMP('x')", "TRY_CAST('x' AS TIMESTAMP)", None),
    (
        "DATEADD('day', -1, DATE_TRUNC('month', d))",
        "CAST_TO_TYPE(CAST_TO_TYPE(DATE_TRUNC('MONTH', d), d) + INTERVAL (-1) DAY, d)",
        dt.date(2025, 12, 31),
    ),
    # numbers
    ("'3000000000'::int", "CAST('3000000000' AS BIGINT)", 3000000000),
    ("TRY_CAST('3000000000' AS INTEGER)", "TRY_CAST('3000000000' AS BIGINT)", 3000000000),
    ("n::smallint * 3000000000", "CAST(n AS BIGINT) * 3000000000", 21000000000),
    ("0.1::real", "CAST(0.1 AS DOUBLE)", 0.1),
    ("(5 / 2)::int", "CAST(ROUND((5 / 2)) AS BIGINT)", 3),
    ("(-5 / 2)::int", "CAST(ROUND((-5 / 2)) AS BIGINT)", -3),
    ("AVG(f)::int", "CAST(ROUND(AVG(f)) AS BIGINT)", 3),
    ("(n / 2)::number", "CAST((n / 2) AS DECIMAL(38, 0))", Decimal(4)),
    (
        "WIDTH_BUCKET(5, 0, 10, 5)",
        "CASE WHEN 5 < 0 THEN 0 WHEN 5 >= 10 THEN (5) + 1 WHEN NOT 5 IS NULL THEN CAST(FLOOR(((5 - 0) / (10 - 0)) * (5)) AS BIGINT) + 1 END",
        3,
    ),
    (
        "WIDTH_BUCKET(-1, 0, 10, 5)",
        "CASE WHEN -1 < 0 THEN 0 WHEN -1 >= 10 THEN (5) + 1 WHEN NOT -1 IS NULL THEN CAST(FLOOR(((-1 - 0) / (10 - 0)) * (5)) AS BIGINT) + 1 END",
        0,
    ),
    (
        "WIDTH_BUCKET(10, 0, 10, 5)",
        "CASE WHEN 10 < 0 THEN 0 WHEN 10 >= 10 THEN (5) + 1 WHEN NOT 10 IS NULL THEN CAST(FLOOR(((10 - 0) / (10 - 0)) * (5)) AS BIGINT) + 1 END",
        6,
    ),
    (
        "WIDTH_BUCKET(NULL, 0, 10, 5)",
        "CASE WHEN NULL < 0 THEN 0 WHEN NULL >= 10 THEN (5) + 1 WHEN NOT NULL IS NULL THEN CAST(FLOOR(((NULL - 0) / (10 - 0)) * (5)) AS BIGINT) + 1 END",
        None,
    ),
    # text
    ("EQUAL_NULL(n, NULL) = FALSE", "(n IS NOT DISTINCT FROM NULL) = FALSE", True),
    ("NOT EQUAL_NULL(n, 7)", "NOT (n IS NOT DISTINCT FROM 7)", False),
    (
        "REGEXP_SUBSTR('k=v', '(.)=(.)', 1, 1, 'e')",
        "ARRAY_EXTRACT(LIST_TRANSFORM(REGEXP_EXTRACT_ALL('k=v', '(.)=(.)', 1), LAMBDA x : COALESCE(x, '')), 1)",
        "k",
    ),
    (
        "REGEXP_SUBSTR('k=v', '(.)=(.)', 1, 1, 'e', 2)",
        "ARRAY_EXTRACT(LIST_TRANSFORM(REGEXP_EXTRACT_ALL('k=v', '(.)=(.)', 2), LAMBDA x : COALESCE(x, '')), 1)",
        "v",
    ),
    ("REGEXP_SUBSTR('k=v', '(.)=(.)')", "ARRAY_EXTRACT(REGEXP_EXTRACT_ALL('k=v', '(.)=(.)'), 1)", "k=v"),
]


@pytest.mark.parametrize(("author", "engine", "value"), _CASES, ids=[case[0] for case in _CASES])
def test_sql_and_value(author: str, engine: str, value: object, evaluate: Callable[[str], tuple[str, Any]]) -> None:
    """An expression has the expected SQL, value and type."""
    sql, found = evaluate(author)

    assert sql == engine
    assert (type(found), found) == (type(value), value)


_DOCUMENTS: list[tuple[str, str, Any]] = [
    ("v:type::string", "(v ->> '$.type')", "click"),
    ("v['type']::string", "(v ->> '$.type')", "click"),
    ("GET(v, 'type')::string", "(v ->> '$.type')", "click"),
    ("GET(v:tags, 0)::string", "((v -> '$.tags') ->> '$[0]')", "a"),
    ("v:items[1].p::string", "(v ->> '$.items[1].p')", "y"),
    ("v:missing::string", "(v ->> '$.missing')", None),
    ("v:z::string", "(v ->> '$.z')", None),
    (
        "v:n::int",
        "COALESCE(CASE WHEN NOT CONTAINS((v ->> '$.n'), '_') THEN TRY_CAST(TRY_CAST((v ->> '$.n') AS DECIMAL(38, 0)) AS BIGINT) END, CAST('''' || CAST((v ->> '$.n') AS TEXT) || ''' in column \"v\" is not a number' AS BIGINT))",
        10,
    ),
    (
        "v:s::number",
        "COALESCE(CASE WHEN NOT CONTAINS((v ->> '$.s'), '_') THEN TRY_CAST((v ->> '$.s') AS DECIMAL(38, 0)) END, CAST('''' || CAST((v ->> '$.s') AS TEXT) || ''' in column \"v\" is not a number' AS DECIMAL(38, 0)))",
        Decimal(12),
    ),
    (
        "v:o::object:k::int",
        "COALESCE(CASE WHEN NOT CONTAINS(((v -> '$.o') ->> '$.k'), '_') THEN TRY_CAST(TRY_CAST(((v -> '$.o') ->> '$.k') AS DECIMAL(38, 0)) AS BIGINT) END, CAST('''' || CAST(((v -> '$.o') ->> '$.k') AS TEXT) || ''' in column \"v\" is not a number' AS BIGINT))",
        1,
    ),
    (
        "v:tags::array[0]::string",
        "(CASE WHEN NOT (v -> '$.tags') IS NULL THEN CASE JSON_TYPE((v -> '$.tags')) WHEN 'ARRAY' THEN (v -> '$.tags') WHEN 'NULL' THEN NULL ELSE JSON_ARRAY((v -> '$.tags')) END END ->> '$[0]')",
        "a",
    ),
    ("v:type = 'click'", "(v ->> '$.type') = 'click'", True),
    ("v:type IN ('click', 'view')", "(v ->> '$.type') IN ('click', 'view')", True),
    (
        "v:n > 9.5",
        "COALESCE(CASE WHEN NOT CONTAINS((v ->> '$.n'), '_') THEN TRY_CAST((v ->> '$.n') AS DECIMAL(38, 10)) END, CAST('''' || CAST((v ->> '$.n') AS TEXT) || ''' in column \"v\" is not a number' AS DECIMAL(38, 10))) > 9.5",
        True,
    ),
    ("v:n + 1", "CAST((v -> '$.n') AS DOUBLE) + 1", 11.0),
    ("v:z IS NULL", "(v -> '$.z') IS NULL", False),
    ("v:missing IS NULL", "(v -> '$.missing') IS NULL", True),
    ("LOWER(v:type)", "LOWER((v ->> '$.type'))", "click"),
    ("v:type || '!'", "(v ->> '$.type') || '!'", "click!"),
    ("COALESCE(v:missing, 'none')", "COALESCE((v ->> '$.missing'), 'none')", "none"),
    ("CASE v:type WHEN 'click' THEN 1 END", "CASE (v ->> '$.type') WHEN 'click' THEN 1 END", 1),
    ("DECODE(v:type, 'click', 1, 0)", "CASE WHEN (v ->> '$.type') = 'click' THEN 1 ELSE 0 END", 1),
    ("SUM(v:n)", "SUM(CAST((v -> '$.n') AS DOUBLE))", 10.0),
    ("TRIM((v:type))", "TRIM((v ->> '$.type'), ' ')", "click"),
    ("ARRAY_SIZE(v:items)", "ARRAY_LENGTH(TRY_CAST((v -> '$.items') AS JSON[]))", 2),
    ("ARRAY_SIZE(v:type)", "ARRAY_LENGTH(TRY_CAST((v -> '$.type') AS JSON[]))", None),
    (
        "ARRAY_CONTAINS('a'::variant, v:tags)",
        "CASE WHEN TO_JSON('a') IS NULL THEN NULLIF(ARRAY_LENGTH(TRY_CAST((v -> '$.tags') AS JSON[])) <> LIST_COUNT(TRY_CAST((v -> '$.tags') AS JSON[])), FALSE) ELSE ARRAY_CONTAINS(TRY_CAST((v -> '$.tags') AS JSON[]), TO_JSON('a')) END",
        True,
    ),
    (
        "ARRAY_TO_STRING(v:tags, ',')",
        "CASE WHEN ',' IS NULL THEN NULL ELSE ARRAY_TO_STRING(LIST_TRANSFORM(TRY_CAST((v -> '$.tags') AS TEXT[]), LAMBDA x : COALESCE(CAST(x AS TEXT), '')), ',') END",
        "a,b",
    ),
    (
        "GET(SPLIT(s, ' '), 1)",
        "CASE WHEN ' ' IS NULL THEN NULL WHEN ' ' = '' THEN [s] ELSE STR_SPLIT(s, ' ') END[2]",
        "c",
    ),
    (
        "TYPEOF(v:n)",
        "CASE JSON_TYPE((v -> '$.n')) WHEN 'VARCHAR' THEN 'VARCHAR' WHEN 'BOOLEAN' THEN 'BOOLEAN' WHEN 'ARRAY' THEN 'ARRAY' WHEN 'OBJECT' THEN 'OBJECT' WHEN 'NULL' THEN 'NULL_VALUE' WHEN 'BIGINT' THEN 'INTEGER' WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'HUGEINT' THEN 'INTEGER' WHEN 'DOUBLE' THEN CASE WHEN REGEXP_MATCHES(CAST((v -> '$.n') AS TEXT), '[eE]') THEN 'DOUBLE' ELSE 'DECIMAL' END END",
        "INTEGER",
    ),
    ("IS_OBJECT(v:o)", "(JSON_TYPE((v -> '$.o')) = 'OBJECT')", True),
    (
        "AS_VARCHAR(v:type)",
        "CASE WHEN (JSON_TYPE((v -> '$.type')) = 'VARCHAR') THEN (v ->> '$.type') END",
        "click",
    ),
    ("OBJECT_CONSTRUCT('b', 2, 'a', 'x')", "JSON_OBJECT('a', 'x', 'b', 2)", '{"a":"x","b":2}'),
    (
        "OBJECT_CONSTRUCT('a', s):a::string",
        "(TO_JSON(MAP_FROM_ENTRIES(LIST_SORT(LIST_FILTER([{'key': CAST('a' AS TEXT), 'value': TO_JSON(s)}], LAMBDA pair : NOT pair.key IS NULL AND NOT pair.value IS NULL)))) ->> '$.a')",
        "Ab c",
    ),
]


@pytest.mark.parametrize(("author", "engine", "value"), _DOCUMENTS, ids=[case[0] for case in _DOCUMENTS])
def test_sql_and_value_of_a_document(
    author: str, engine: str, value: object, evaluate_typed: Callable[[str], tuple[str, Any]]
) -> None:
    """A document among other values has the expected SQL, value and type."""
    sql, found = evaluate_typed(author)

    assert sql == engine
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("author", "moment"),
    [
        ("TO_TIMESTAMP(n)", "1970-01-01 00:00:07"),
        ("TO_TIMESTAMP(n * 1000, 3)", "1970-01-01 00:00:07"),
        ("TO_TIMESTAMP_NTZ(f)", "1970-01-01 00:00:02.500000"),
        ("TO_TIMESTAMP(d)", "2026-01-31 00:00:00"),
        ("TO_TIMESTAMP(ts)", "2026-01-31 10:30:15.123456"),
        ("TO_TIMESTAMP_NTZ(tz)", "2026-01-31 10:30:15"),
        ("TO_TIMESTAMP(millis)", "2026-01-01 00:00:00"),
        ("TO_TIMESTAMP(v:n)", "1970-01-01 00:00:10"),
        ("TRY_TO_TIMESTAMP(millis)", "2026-01-01 00:00:00"),
    ],
)
def test_column_of_any_type_is_read_as_a_timestamp(
    author: str, moment: str, evaluate: Callable[[str], tuple[str, Any]]
) -> None:
    """TO_TIMESTAMP reads times, texts, and numbers since 1970, although the column's type is unknown."""
    assert evaluate(author)[1] == _time(moment)


def test_text_that_is_no_time_is_an_error(evaluate: Callable[[str], tuple[str, Any]]) -> None:
    """TO_TIMESTAMP of another text fails; TRY_TO_TIMESTAMP gives NULL."""
    assert evaluate("TRY_TO_TIMESTAMP(junk)")[1] is None
    with pytest.raises(duckdb.ConversionException, match='"x"'):
        evaluate("TO_TIMESTAMP(junk)")


@pytest.mark.parametrize("part", ["day", "week", "month", "quarter", "year"])
@pytest.mark.parametrize(("column", "kind"), [("d", "DATE"), ("ts", "TIMESTAMP"), ("tz", "TIMESTAMP WITH TIME ZONE")])
def test_truncating_and_adding_keep_the_type(
    part: str, column: str, kind: str, evaluate: Callable[[str], tuple[str, Any]]
) -> None:
    """DATE_TRUNC and DATEADD of whole days keep the type of their argument."""
    assert evaluate(f"TYPEOF(DATE_TRUNC('{part}', {column}))")[1] == kind
    assert evaluate(f"TYPEOF(DATEADD({part}, 1, {column}))")[1] == kind
