"""Shared fixtures of the transpile tests: one row of every type, and the SQL and value of an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from tests.unit.sql.compiling import compiled

from onefold.errors import Location
from onefold.sql.author import parse_query
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROW = """
CREATE TABLE c AS SELECT
    7 AS n, 2.5::DOUBLE AS f, 'Ab c' AS s, '1767225600000' AS millis, 'x' AS junk,
    DATE '2026-01-31' AS d,
    TIMESTAMP '2026-01-31 10:30:15.123456' AS ts,
    TIMESTAMPTZ '2026-01-31 10:30:15+00' AS tz,
    '{"type":"click","n":10,"s":"12","z":null,"tags":["a","b"],"items":[{"id":1,"p":"x"},{"id":2,"p":"y"}],"o":{"k":1}}'
        ::JSON AS v
"""
_BEFORE, _AFTER = "SELECT ", " AS v_ FROM c"


@pytest.fixture(scope="session")
def one_row() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB set up as a run sets it up, with the table ``c`` of one row."""
    with duckdb.connect() as made:
        for statement in DUCKDB.session:
            made.execute(statement)
        made.execute(_ROW)
        yield made


@pytest.fixture(scope="session")
def run(one_row: duckdb.DuckDBPyConnection) -> Callable[[str], list[tuple[Any, ...]]]:
    """Runs one Snowflake query on ``c``, compiled as a run compiles it."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return one_row.execute(compiled(sql, one_row)).fetchall()

    return rows


@pytest.fixture(scope="session")
def evaluate(one_row: duckdb.DuckDBPyConnection) -> Callable[[str], tuple[str, Any]]:
    """The SQL of a Snowflake expression, translated without types, and its value on the row of ``c``."""

    def translated(sql: str) -> str:
        return render(parse_query(sql, "snowflake", DUCKDB, Location("model.yaml", 1, 1)), DUCKDB, pretty=False)

    return _evaluated(one_row, translated)


@pytest.fixture(scope="session")
def evaluate_typed(one_row: duckdb.DuckDBPyConnection) -> Callable[[str], tuple[str, Any]]:
    """The SQL of a Snowflake expression, compiled as a run compiles it, and its value on the row of ``c``."""
    return _evaluated(one_row, lambda sql: compiled(sql, one_row))


def _evaluated(one_row: duckdb.DuckDBPyConnection, written: Callable[[str], str]) -> Callable[[str], tuple[str, Any]]:
    def sql_and_value(expression: str) -> tuple[str, Any]:
        sql = written(_BEFORE + expression + _AFTER)
        found = one_row.execute(sql).fetchall()
        return sql.removeprefix(_BEFORE).removesuffix(_AFTER), found[0][0]

    return sql_and_value
