"""Maps DuckDB's types to neutral kinds. Takes the name of a type; returns a `ColumnType`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.engines.base import ColumnType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.engines.base import Kind

_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("VARCHAR", "ENUM"), "text"),
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "BIGNUM"), "integer"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "float"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "timestamp"),
    **dict.fromkeys(("TIME", "TIME_NS", "TIME WITH TIME ZONE"), "time"),
    **dict.fromkeys(("BLOB", "BIT"), "binary"),
    **dict.fromkeys(("JSON", "VARIANT"), "json"),
    "DECIMAL": "decimal",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamp_tz",
    "INTERVAL": "interval",
    "STRUCT": "struct",
    "MAP": "map",
    "UUID": "uuid",
}


def column_type(name: str) -> ColumnType:
    """The type of a column, by its name in DuckDB."""
    if name.endswith("]"):
        return ColumnType("array", name)
    return ColumnType(_KINDS.get(name.partition("(")[0].upper(), "other"), name)
