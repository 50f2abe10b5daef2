"""SQL of a project as a run compiles it: translated, with the conversions that follow from types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from onefold.engines.base import EngineError
from onefold.errors import Location
from onefold.run.known_types import EngineTypes
from onefold.sql.author import parse_query
from onefold.sql.coercion import coerced
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    import pyarrow as pa


class _Described:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def describe(self, sql: str) -> dict[str, str]:
        try:
            return {name: kind for name, kind, *_ in self.connection.execute(f"DESCRIBE {sql}").fetchall()}
        except duckdb.Error as error:
            raise EngineError("other", str(error), sql) from error

    def fetch(self, sql: str) -> pa.Table:
        return self.connection.sql(sql).to_arrow_table()


def compiled(sql: str, connection: duckdb.DuckDBPyConnection, author: str = "snowflake") -> str:
    """The SQL of the engine for one query of the author's, whose tables are those of a connection."""
    query = parse_query(sql, author, DUCKDB, Location("model.yaml", 1, 1))
    types = EngineTypes(_Described(connection), DUCKDB)
    return render(coerced(query, author, types.inference()), DUCKDB, pretty=False)
