"""A condition reaches every aggregate of an expression, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onefold.errors import Location
from onefold.sql.author import parse_expression
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB
from onefold.sql.transpile import filtered

if TYPE_CHECKING:
    import duckdb
    from sqlglot import exp

_AT = Location("model.yaml", 1, 1)
# Values over group 1 (s = b, a, c with n = 10, 20, NULL), restricted to n > 15.
_CASES = [
    ("COUNT(*)", "COUNT(*) FILTER(WHERE n > 15)", 1),
    ("SUM(n) + 1", "SUM(n) FILTER(WHERE n > 15) + 1", 21),
    ("SUM(n) / COUNT(s)", "SUM(n) FILTER(WHERE n > 15) / COUNT(s) FILTER(WHERE n > 15)", 20.0),
    ("COALESCE(MAX(s), 'none')", "COALESCE(MAX(s) FILTER(WHERE n > 15), 'none')", "a"),
    ("MODE(s)", "MODE(s ORDER BY s) FILTER(WHERE n > 15)", "a"),
    ("LISTAGG(s, ',')", "COALESCE(LISTAGG(s, ',' ORDER BY s) FILTER(WHERE n > 15), '')", "a"),
    ("MAX_BY(s, f)", "ARG_MAX_NULL(s, ROW(f, s)) FILTER(WHERE NOT f IS NULL AND n > 15)", None),
    ("ARRAY_AGG(n)", "COALESCE(ARRAY_AGG(n ORDER BY n) FILTER(WHERE NOT n IS NULL AND n > 15), [])", [20]),
    ("KURTOSIS(n)", "KURTOSIS(n) FILTER(WHERE n > 15)", None),
    (
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY n)",
        "QUANTILE_CONT(n, 0.5 ORDER BY n) FILTER(WHERE n > 15)",
        20.0,
    ),
    ("UPPER('x')", "UPPER('x')", "X"),
    ("COUNT(*) + (SELECT COUNT(*) FROM t)", "COUNT(*) FILTER(WHERE n > 15) + (SELECT COUNT(*) FROM t)", 6),
]


def _read(sql: str) -> exp.Expr:
    return parse_expression(sql, "snowflake", DUCKDB, _AT)


@pytest.mark.parametrize(("author", "engine", "value"), _CASES, ids=[case[0] for case in _CASES])
def test_sql_and_value_of_a_filtered_expression(
    author: str, engine: str, value: object, connection: duckdb.DuckDBPyConnection
) -> None:
    """Each aggregate gets the condition, in addition to its own filter; the value is that of the remaining rows."""
    sql = render(filtered(_read(author), _read("n > 15"), DUCKDB.aggregates), DUCKDB, pretty=False)

    assert sql == engine
    assert connection.execute(f"SELECT {sql} FROM t WHERE g = 1").fetchone() == (value,)


def test_given_expression_is_not_changed() -> None:
    """Filtering creates a new expression."""
    value = _read("SUM(n) + COUNT(*)")
    before = value.sql()

    filtered(value, _read("n > 15"))

    assert value.sql() == before
