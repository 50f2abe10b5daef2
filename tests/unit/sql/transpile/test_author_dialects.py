"""Each author dialect keeps its own meaning, and all are deterministic."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pytest

from onefold.errors import Location, ProjectError
from onefold.sql.author import parse_expression
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB


def _written(sql: str, author: str) -> str:
    return render(parse_expression(sql, author, DUCKDB, Location("model.yaml", 1, 1)), DUCKDB, pretty=False)


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("CAST(n AS INT)", "CAST(n AS INT)"),
        ("DATE_TRUNC('month', d)", "DATE_TRUNC('MONTH', d)"),
        ("LISTAGG(s, ',')", "LISTAGG(s, ',' ORDER BY s)"),
        ("ARG_MAX(a, b)", "ARG_MAX(a, b)"),
    ],
)
def test_meaning_of_snowflake_is_not_put_on_others(sql: str, written: str) -> None:
    """SQL that is written for DuckDB keeps its meaning."""
    assert _written(sql, "duckdb") == written


@pytest.mark.parametrize(
    ("sql", "author", "written"),
    [
        ("MODE(s)", "duckdb", "MODE(s ORDER BY s)"),
        ("ANY_VALUE(s)", "bigquery", "MIN(s)"),
        ("STRING_AGG(s, ',')", "postgres", "LISTAGG(s, ',' ORDER BY s)"),
    ],
)
def test_one_answer_is_picked_for_every_author(sql: str, author: str, written: str) -> None:
    """Results that depend on the order of rows are made deterministic in every author dialect."""
    assert _written(sql, author) == written


ROWS = """
    CREATE TABLE o AS SELECT * FROM (VALUES
        (1, 3, 2.5, 'DE', 'a.b@x',  TIMESTAMP '2026-01-10 12:00:00', '{"a": {"b": "x"}}'),
        (1, 2, 4.0, 'FR', NULL,     TIMESTAMP '2026-03-01 08:00:00', NULL),
        (1, 9, 7.5, 'DE', 'c@y',    TIMESTAMP '2026-03-02 10:00:00', NULL)
    ) v(one, n, f, country, email, ts, js)
"""


@pytest.mark.parametrize(
    ("author", "sql", "value"),
    [
        ("bigquery", "ARRAY_AGG(country ORDER BY ts LIMIT 1)[OFFSET(0)]", "DE"),
        ("bigquery", "ARRAY_AGG(email IGNORE NULLS ORDER BY ts DESC LIMIT 2)", ["c@y", "a.b@x"]),
        ("bigquery", "ARRAY_AGG(DISTINCT country IGNORE NULLS)", ["DE", "FR"]),
        ("bigquery", "APPROX_QUANTILES(n, 2)[OFFSET(1)]", 3),
        ("bigquery", "MAX(EXTRACT(DAYOFWEEK FROM ts))", 7),
        ("bigquery", "MAX(DATE_TRUNC(DATE(ts), MONTH))", dt.date(2026, 3, 1)),
        ("bigquery", "DATE_SUB(DATE(MAX(ts)), INTERVAL 1 MONTH)", dt.date(2026, 2, 2)),
        ("bigquery", "SUM(n) / COUNT(*)", 14 / 3),
        ("redshift", "LISTAGG(DISTINCT country, ',') WITHIN GROUP (ORDER BY country)", "DE,FR"),
        ("redshift", "LISTAGG(country, '|') WITHIN GROUP (ORDER BY ts DESC)", "DE|FR|DE"),
        ("redshift", "SUM(n) / COUNT(*)", 4),
        ("redshift", "(0 - SUM(n)) / 3", -4),
        ("redshift", "SUM(f) / COUNT(*)", 14 / 3),
        ("redshift", "SUM(n) * 1.0 / COUNT(*)", 14 / 3),
        ("redshift", "MAX(email SIMILAR TO '_.%@%')", True),
        ("redshift", "MAX(FUNC_SHA1('a'))", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("redshift", "MAX(TRUNC(ts::timestamp))", dt.date(2026, 3, 2)),
        ("redshift", "MAX(TRUNC(f))", 7),
        ("databricks", "MAX(DAYOFWEEK(ts))", 7),
        ("databricks", "MAX(DATE_SUB(ts, 1))", dt.date(2026, 3, 1)),
        ("databricks", "MAX(UNIX_TIMESTAMP(ts))", 1772445600),
        ("databricks", "MAX(TRUNC(ts, 'MM'))", dt.date(2026, 3, 1)),
        ("databricks", "MAX(SUBSTRING_INDEX(email, '@', 1))", "c"),
        ("databricks", "MAX(SUBSTRING_INDEX('a.b.c', '.', -2))", "b.c"),
        ("databricks", "EVERY(n > 2)", False),
        ("databricks", "SUM(n) / COUNT(*)", 14 / 3),
        ("postgres", "SUM(n) / COUNT(*)", 4),
        ("postgres", "COUNT(*) / 2", 1),
        ("postgres", "MAX(n / f)", 1.2),
        ("postgres", "MODE() WITHIN GROUP (ORDER BY country)", "DE"),
        ("postgres", "JSON_AGG(country ORDER BY ts)", '["DE","FR","DE"]'),
        ("postgres", "JSONB_BUILD_OBJECT('n', MAX(n))", '{"n":9}'),
        ("postgres", "MAX(js::jsonb #>> '{a,b}')", "x"),
        ("postgres", "MAX(SUBSTRING(email FROM '[a-z]+'))", "c"),
        ("postgres", "MAX(ENCODE(DIGEST('a', 'sha1'), 'hex'))", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("postgres", "WIDTH_BUCKET(MAX(n), 0, 10, 10)", 10),
        ("postgres", "BOOL_OR(email SIMILAR TO '%@x')", True),
    ],
)
def test_meaning_of_each_author(author: str, sql: str, value: Any) -> None:
    """SQL gives the same result as in its own warehouse."""
    with duckdb.connect() as connection:
        for statement in DUCKDB.session:
            connection.execute(statement)
        connection.execute(ROWS)
        found = connection.execute(f"SELECT {_written(sql, author)} FROM o GROUP BY one").fetchall()

    assert found[0][0] == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("author", "sql", "name"),
    [
        ("bigquery", "FARM_FINGERPRINT(s)", "FARM_FINGERPRINT"),
        ("bigquery", "NET.HOST(s)", "HOST"),
        ("databricks", "LIST_SORT(xs)", "LIST_SORT"),
        ("redshift", "CHECKSUM(s)", "CHECKSUM"),
        ("postgres", "TS_RANK(a, b)", "TS_RANK"),
        ("databricks", "TRY_SUM(n) OVER (ORDER BY n)", "TRY_SUM"),
        ("databricks", "TRY_SUM(n) FILTER (WHERE n > 1)", "TRY_SUM"),
    ],
)
def test_unknown_function_is_refused_by_name(author: str, sql: str, name: str) -> None:
    """An unknown function is not passed to the engine, whose function may have another meaning."""
    with pytest.raises(ProjectError, match=name) as refused:
        _written(sql, author)

    assert refused.value.findings[0].code == "sql-unsupported"


@pytest.mark.parametrize("author", ["snowflake", "redshift", "postgres", "databricks"])
def test_cast_of_a_typed_literal_is_of_the_literal(author: str) -> None:
    """``TIMESTAMP '...'::date`` is the day of the timestamp, not the timestamp of a day."""
    written = _written("TIMESTAMP '2026-01-31 10:30:15'::date", author)

    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {written}").fetchall()

    assert found == [(dt.date(2026, 1, 31),)]


def test_lambda_of_postgres_is_a_path() -> None:
    """``column -> 'key'`` in arguments is a JSON path, as elsewhere."""
    written = _written("COALESCE(js -> 'a', js -> 0)", "postgres")

    assert written == "COALESCE((js -> '$.a'), (js -> '$[0]'))"
