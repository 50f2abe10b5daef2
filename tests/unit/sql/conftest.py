"""Shared fixtures of the SQL tests: a DuckDB with a small table, and running an author's SQL on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import pytest
from tests.unit.sql.compiling import compiled

from onefold.errors import Location
from onefold.sql.author import parse_query
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROWS = """
CREATE TABLE t AS SELECT * FROM (VALUES
    (1, 'b', 10,   1.5,  TIMESTAMP '2026-01-01 10:00:00'),
    (1, 'a', 20,   NULL, TIMESTAMP '2026-01-02'),
    (1, 'c', NULL, 2.5,  TIMESTAMP '2026-01-03'),
    (2, 'a', 5,    1.0,  TIMESTAMP '2026-01-04'),
    (2, 'a', 6,    2.0,  NULL)
) v(g, s, n, f, ts)
"""


class Translate(Protocol):
    """Snowflake SQL -> SQL of DuckDB."""

    def __call__(self, sql: str) -> str: ...


class Rows(Protocol):
    """Snowflake SQL -> its rows on DuckDB."""

    def __call__(self, sql: str) -> list[tuple[Any, ...]]: ...


@pytest.fixture(scope="session")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB configured as in a run, with the table ``t``."""
    with duckdb.connect() as made:
        for statement in DUCKDB.session:
            made.execute(statement)
        made.execute(_ROWS)
        yield made


@pytest.fixture(scope="session")
def translate() -> Translate:
    """Translates one Snowflake query."""

    def to_duckdb(sql: str) -> str:
        return render(parse_query(sql, "snowflake", DUCKDB, Location("model.yaml", 1, 1)), DUCKDB, pretty=False)

    return to_duckdb


@pytest.fixture(scope="session")
def rows(connection: duckdb.DuckDBPyConnection, translate: Translate) -> Rows:
    """Runs one Snowflake query on DuckDB, translated without types."""
    return lambda sql: connection.execute(translate(sql)).fetchall()


@pytest.fixture(scope="session")
def typed_rows(connection: duckdb.DuckDBPyConnection) -> Rows:
    """Runs one Snowflake query on DuckDB, compiled as a run compiles it."""
    return lambda sql: connection.execute(compiled(sql, connection)).fetchall()
