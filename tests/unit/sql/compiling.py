"""Compiles SQL as a run does: translated, with type-dependent conversions."""

from __future__ import annotations

import duckdb

from onefold.engines.base import ColumnType, DatabaseObject, EngineError
from onefold.engines.duckdb_types import column_type
from onefold.errors import Location
from onefold.run.known_types import EngineTypes
from onefold.sql.author import parse_query
from onefold.sql.coercion import coerced
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB


class _Described:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def describe(self, sql: str) -> dict[str, ColumnType]:
        try:
            return {name: column_type(kind) for name, kind, *_ in self.connection.execute(f"DESCRIBE {sql}").fetchall()}
        except duckdb.Error as error:
            raise EngineError("other", str(error), sql) from error

    def objects(self, name: str | None = None) -> list[DatabaseObject]:
        sql = "SELECT table_name FROM information_schema.tables WHERE lower(table_name) = lower(?)"
        found = self.connection.execute(sql, [name]).fetchall()
        return [DatabaseObject("", "", table, "table", "output") for (table,) in found]


def compiled(sql: str, connection: duckdb.DuckDBPyConnection, author: str = "snowflake") -> str:
    """The engine's SQL for one query by the author, over the tables of a connection."""
    query = parse_query(sql, author, DUCKDB, Location("model.yaml", 1, 1))
    types = EngineTypes(_Described(connection), DUCKDB)
    return render(coerced(query, author, types.inference()), DUCKDB, pretty=False)
