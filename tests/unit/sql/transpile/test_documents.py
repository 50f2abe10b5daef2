"""JSON paths give the type that their context requires, and text without quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.sql.compiling import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

_JSON = """JSON('{"a":"x","b":{"c":"y"},"n":3,"l":[1,2]}')"""
_PARSED = """PARSE_JSON('{"a":"x","b":{"c":"y"},"n":3,"l":[1,2]}')"""
_CASES: list[tuple[str, str, Any]] = [
    (f"{_PARSED}:a::string", f"({_JSON} ->> '$.a')", "x"),
    (f"{_PARSED}:a::varchar", f"({_JSON} ->> '$.a')", "x"),
    (f"{_PARSED}['a']::string", f"({_JSON} ->> '$.a')", "x"),
    (f"{_PARSED}:b.c::text", f"({_JSON} ->> '$.b.c')", "y"),
    (f"{_PARSED}:missing::string", f"({_JSON} ->> '$.missing')", None),
    (f"{_PARSED}:a", f"({_JSON} -> '$.a')", '"x"'),
    (f"{_PARSED}:a = 'x'", f"({_JSON} ->> '$.a') = 'x'", True),
    (f"{_PARSED}:n + 1", f"CAST(({_JSON} -> '$.n') AS DOUBLE) + 1", 4.0),
    (f"UPPER({_PARSED}:a)", f"UPPER(({_JSON} ->> '$.a'))", "X"),
    (f"ARRAY_SIZE({_PARSED}:l)", f"ARRAY_LENGTH(TRY_CAST(({_JSON} -> '$.l') AS JSON[]))", 2),
]


@pytest.mark.parametrize(("author", "engine", "value"), _CASES, ids=[case[0] for case in _CASES])
def test_sql_and_value(
    author: str,
    engine: str,
    value: object,
    connection: duckdb.DuckDBPyConnection,
    typed_rows: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    """An expression has the expected SQL, value and type."""
    assert compiled(f"SELECT {author} AS v", connection) == f"SELECT {engine} AS v"
    found = typed_rows(f"SELECT {author} AS v")[0][0]
    assert (type(found), found) == (type(value), value)
