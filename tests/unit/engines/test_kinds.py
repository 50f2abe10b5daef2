"""Column types are mapped to kinds that every engine has."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from onefold.engines.base import ColumnType, Kind
from onefold.engines.duckdb import DuckDB
from onefold.engines.duckdb_types import column_type

if TYPE_CHECKING:
    from pathlib import Path

VALUES = {
    "'a'": "text",
    "'a'::ENUM('a', 'b')": "text",
    "1::TINYINT": "integer",
    "1::UBIGINT": "integer",
    "1::HUGEINT": "integer",
    "1.5": "decimal",
    "1.5::FLOAT": "float",
    "true": "boolean",
    "DATE '2026-01-01'": "date",
    "TIMESTAMP '2026-01-01'": "timestamp",
    "TIMESTAMP_NS '2026-01-01'": "timestamp",
    "TIMESTAMPTZ '2026-01-01'": "timestamp_tz",
    "TIME '10:00'": "time",
    "INTERVAL 1 DAY": "interval",
    "'{}'::JSON": "json",
    "[1]": "array",
    "[1, 2, 3]::INTEGER[3]": "array",
    "{'a': 1}": "struct",
    "[{'a': 1}]": "array",
    "MAP {'a': 1}": "map",
    "'a'::BLOB": "binary",
    "uuid()": "uuid",
    "NULL": "other",
}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> list[ColumnType]:
    """The types of all values, as the engine describes them."""
    folder: Path = tmp_path_factory.mktemp("kinds")
    engine = DuckDB(folder / "out.duckdb", "main")
    columns = ", ".join(f"{value} AS v{n}" for n, value in enumerate(VALUES))
    found = [*engine.describe(f"SELECT {columns}").values()]
    engine.close()
    return found


def test_kinds_of_values(described: list[ColumnType]) -> None:
    """Each type of the database is one of the kinds, lists of numbers are no numbers."""
    assert [found.kind for found in described] == list(VALUES.values())
    assert {found.kind for found in described} == set(get_args(Kind))


def test_the_name_is_that_of_the_engine() -> None:
    """Messages and SQL use the engine's own name."""
    assert str(column_type("DECIMAL(18,2)")) == "DECIMAL(18,2)"
    assert column_type("DECIMAL(18,2)").is_number
    assert not column_type("INTEGER[]").is_number
