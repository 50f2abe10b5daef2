"""Aggregates are deterministic, in whatever order rows are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from onefold.errors import Location
from onefold.sql.author import parse_query
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

_CASES: list[tuple[str, str, list[Any]]] = [
    # MODE and ANY_VALUE
    ("MODE(s)", "MODE(s ORDER BY s)", ["a", "a"]),
    ("ANY_VALUE(s)", "MIN(s)", ["a", "a"]),
    # LISTAGG: of nothing an empty text
    ("LISTAGG(s, ',')", "COALESCE(LISTAGG(s, ',' ORDER BY s), '')", ["a,b,c", "a,a"]),
    ("LISTAGG(DISTINCT s)", "COALESCE(LISTAGG(DISTINCT s, '' ORDER BY s), '')", ["abc", "a"]),
    (
        "LISTAGG(n, ',') WITHIN GROUP (ORDER BY s)",
        "COALESCE(LISTAGG(n, ',' ORDER BY s, n), '')",
        ["20,10", "5,6"],
    ),
    (
        "LISTAGG(DISTINCT s, ',') WITHIN GROUP (ORDER BY s DESC)",
        "COALESCE(LISTAGG(DISTINCT s, ',' ORDER BY s DESC NULLS FIRST), '')",
        ["c,b,a", "a"],
    ),
    ("LISTAGG(NULLIF(s, 'a'))", "COALESCE(LISTAGG(NULLIF(s, 'a'), '' ORDER BY NULLIF(s, 'a')), '')", ["bc", ""]),
    # ARRAY_AGG: nulls are left out, and of nothing an empty list
    (
        "ARRAY_AGG(n)",
        "COALESCE(ARRAY_AGG(n ORDER BY n) FILTER(WHERE NOT n IS NULL), [])",
        [[10, 20], [5, 6]],
    ),
    (
        "ARRAY_AGG(n) WITHIN GROUP (ORDER BY s DESC)",
        "COALESCE(ARRAY_AGG(n ORDER BY s DESC NULLS FIRST, n) FILTER(WHERE NOT n IS NULL), [])",
        [[10, 20], [5, 6]],
    ),
    (
        "ARRAY_AGG(DISTINCT s)",
        "COALESCE(ARRAY_AGG(DISTINCT s ORDER BY s) FILTER(WHERE NOT s IS NULL), [])",
        [["a", "b", "c"], ["a"]],
    ),
    (
        "ARRAY_AGG(DISTINCT s) WITHIN GROUP (ORDER BY s DESC)",
        "COALESCE(ARRAY_AGG(DISTINCT s ORDER BY s DESC NULLS FIRST) FILTER(WHERE NOT s IS NULL), [])",
        [["c", "b", "a"], ["a"]],
    ),
    (
        "ARRAY_UNIQUE_AGG(s)",
        "COALESCE(ARRAY_AGG(DISTINCT s ORDER BY s) FILTER(WHERE NOT s IS NULL), [])",
        [["a", "b", "c"], ["a"]],
    ),
    # MAX_BY and MIN_BY: null keys do not count, null values do
    ("MAX_BY(s, n)", "ARG_MAX_NULL(s, ROW(n, s)) FILTER(WHERE NOT n IS NULL)", ["a", "a"]),
    ("MIN_BY(s, n)", "ARG_MIN_NULL(s, ROW(n, s)) FILTER(WHERE NOT n IS NULL)", ["b", "a"]),
    ("MAX_BY(n, s)", "ARG_MAX_NULL(n, ROW(s, n)) FILTER(WHERE NOT s IS NULL)", [None, 6]),
    ("MIN_BY(n, s)", "ARG_MIN_NULL(n, ROW(s, n)) FILTER(WHERE NOT s IS NULL)", [20, 5]),
    ("MAX_BY(s, n, 2)", "ARG_MAX(s, ROW(n, s), 2) FILTER(WHERE NOT n IS NULL)", [["a", "b"], ["a", "a"]]),
    ("APPROX_PERCENTILE(n, 0.5)", "QUANTILE_CONT(n, 0.5)", [15.0, 5.5]),
    ("HLL(s)", "APPROX_COUNT_DISTINCT(s)", [3, 1]),
]


@pytest.mark.parametrize(("author", "engine", "values"), _CASES, ids=[case[0] for case in _CASES])
def test_sql_and_values_of_an_aggregate(
    author: str,
    engine: str,
    values: list[Any],
    translate: Callable[[str], str],
    rows: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    """An aggregate has the expected SQL and the expected value for each group."""
    query = f"SELECT {author} AS v FROM t GROUP BY g ORDER BY g"

    assert translate(query) == f"SELECT {engine} AS v FROM t GROUP BY g ORDER BY g"
    assert [row[0] for row in rows(query)] == values


@pytest.mark.parametrize(
    "aggregate",
    [
        "MODE(v)",
        "ANY_VALUE(v)",
        "LISTAGG(v, ',')",
        "LISTAGG(v, ',') WITHIN GROUP (ORDER BY k)",
        "ARRAY_AGG(v)",
        "ARRAY_AGG(v) WITHIN GROUP (ORDER BY k)",
        "ARRAY_UNIQUE_AGG(v)",
        "MAX_BY(v, k)",
        "MIN_BY(v, k)",
    ],
)
def test_answer_does_not_depend_on_the_order_of_rows(aggregate: str, connection: duckdb.DuckDBPyConnection) -> None:
    """The same rows with ties, read in three orders, give the same result."""
    values = ["(1, 'x'), (1, 'y'), (2, 'w'), (2, 'z')", "(2, 'z'), (1, 'y'), (2, 'w'), (1, 'x')"]
    values.append("(1, 'y'), (2, 'w'), (1, 'x'), (2, 'z')")

    answers = set()
    for given in values:
        query = f"SELECT {aggregate} FROM (SELECT * FROM (VALUES {given}) AS r(k, v))"
        tree = parse_query(query, "snowflake", DUCKDB, Location("model.yaml", 1, 1))
        answers.add(str(connection.execute(render(tree, DUCKDB)).fetchall()))

    assert len(answers) == 1


def test_object_of_rows(rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """OBJECT_AGG collects keys in order and skips pairs with a null value."""
    assert rows("SELECT OBJECT_AGG(s, n::variant) FROM t WHERE g = 1") == [('{"a":20,"b":10}',)]
