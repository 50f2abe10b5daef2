"""SQL that gives different results from run to run is found."""

from __future__ import annotations

import pytest

from onefold.errors import Location
from onefold.sql.author import parse_query
from onefold.sql.determinism import nondeterministic_function
from onefold.sql.dialects.duckdb import DUCKDB


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT CURRENT_TIMESTAMP()", "CURRENT_TIMESTAMP"),
        ("SELECT CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
        ("SELECT * FROM t WHERE d > CURRENT_DATE", "CURRENT_DATE"),
        ("SELECT CURRENT_TIME()", "LOCALTIME"),
        ("SELECT * FROM (SELECT RANDOM() AS r)", "RAND"),
        ("SELECT UUID_STRING()", "UUID"),
        ("SELECT DATEDIFF('day', d, GETDATE()) FROM t", "CURRENT_TIMESTAMP"),
        ("SELECT SYSDATE()", "CURRENT_TIMESTAMP"),
    ],
)
def test_function_is_found_wherever_it_stands(sql: str, name: str) -> None:
    """A function that reads the clock or is random is named, by its name in the engine."""
    assert nondeterministic_function(parse_query(sql, "snowflake", DUCKDB, Location("model.yaml", 1, 1))) == name


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT current_date_of_order FROM t",
        "SELECT 'CURRENT_DATE' AS text",
        "SELECT DATEADD('day', 1, d), MD5(s) FROM t",
    ],
)
def test_repeatable_sql_has_no_such_function(sql: str) -> None:
    """Names and texts that only look like such a function are not taken for one."""
    assert nondeterministic_function(parse_query(sql, "snowflake", DUCKDB, Location("model.yaml", 1, 1))) is None
