"""Window functions keep Snowflake's frames, and ties do not affect their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

_ALL = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
_BY_S = "OVER (PARTITION BY g ORDER BY s)"
_WHOLE = f"OVER (PARTITION BY g ORDER BY s, n {_ALL})"
# Values of the rows with s = a, b, c of group 1.
_CASES: list[tuple[str, str, list[Any]]] = [
    (f"LAST_VALUE(n) {_BY_S}", f"LAST_VALUE(n) {_WHOLE}", [None, None, None]),
    (f"FIRST_VALUE(n) {_BY_S}", f"FIRST_VALUE(n) {_WHOLE}", [20, 20, 20]),
    (f"LAST_VALUE(n IGNORE NULLS) {_BY_S}", f"LAST_VALUE(n IGNORE NULLS) {_WHOLE}", [10, 10, 10]),
    (f"LAST_VALUE(n) IGNORE NULLS {_BY_S}", f"LAST_VALUE(n IGNORE NULLS) {_WHOLE}", [10, 10, 10]),
    (f"NTH_VALUE(n, 2) {_BY_S}", f"NTH_VALUE(n, 2) {_WHOLE}", [10, 10, 10]),
    (
        "FIRST_VALUE(n) OVER (PARTITION BY g ORDER BY s ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
        "FIRST_VALUE(n) OVER (PARTITION BY g ORDER BY s, n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
        [20, 20, 10],
    ),
    (
        "LAST_VALUE(s) OVER (PARTITION BY g ORDER BY g RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
        "LAST_VALUE(s) OVER (PARTITION BY g ORDER BY g RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
        ["c", "c", "c"],
    ),
    (
        "RATIO_TO_REPORT(n) OVER (PARTITION BY g)",
        "(CAST(n AS DOUBLE) / NULLIF(SUM(n) OVER (PARTITION BY g), 0))",
        [20 / 30, 10 / 30, None],
    ),
    (f"SUM(n) {_BY_S}", f"SUM(n) {_BY_S}", [20, 30, 30]),
    (f"LAG(n) {_BY_S}", "LAG(n) OVER (PARTITION BY g ORDER BY s, n)", [None, 20, 10]),
    # NULLs sort last upwards and first downwards, as in Snowflake
    (
        "ROW_NUMBER() OVER (PARTITION BY g ORDER BY n)",
        "ROW_NUMBER() OVER (PARTITION BY g ORDER BY n)",
        [2, 1, 3],
    ),
    (
        "ROW_NUMBER() OVER (PARTITION BY g ORDER BY n DESC)",
        "ROW_NUMBER() OVER (PARTITION BY g ORDER BY n DESC NULLS FIRST)",
        [2, 3, 1],
    ),
    ("COUNT(DISTINCT s) OVER (PARTITION BY g)", "COUNT(DISTINCT s) OVER (PARTITION BY g)", [3, 3, 3]),
    ("MODE(s) OVER (PARTITION BY g)", "MODE(s ORDER BY s) OVER (PARTITION BY g)", ["a", "a", "a"]),
    (
        "ARRAY_AGG(n) OVER (PARTITION BY g)",
        "COALESCE(ARRAY_AGG(n ORDER BY n) FILTER(WHERE NOT n IS NULL) OVER (PARTITION BY g), [])",
        [[10, 20], [10, 20], [10, 20]],
    ),
]


@pytest.mark.parametrize(("author", "engine", "values"), _CASES, ids=[case[0] for case in _CASES])
def test_sql_and_values_of_a_window_function(
    author: str,
    engine: str,
    values: list[Any],
    translate: Callable[[str], str],
    rows: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    """A window function has the expected SQL and the expected value on each row."""
    query = f"SELECT {author} AS v FROM t WHERE g = 1 ORDER BY s"

    assert translate(query) == f"SELECT {engine} AS v FROM t WHERE g = 1 ORDER BY s"
    assert [row[0] for row in rows(query)] == values


def test_share_of_a_sum_of_zero_is_null(rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """RATIO_TO_REPORT over values that sum to 0 is NULL, not an error."""
    assert rows("SELECT RATIO_TO_REPORT(n - n) OVER () FROM t WHERE n IS NOT NULL AND g = 2") == [(None,), (None,)]


@pytest.mark.parametrize(("function", "value"), [("FIRST_VALUE(v)", "w"), ("LAST_VALUE(v)", "z")])
def test_ties_are_broken_by_the_value(
    function: str, value: str, translate: Callable[[str], str], connection: duckdb.DuckDBPyConnection
) -> None:
    """Rows with equal sort keys are ordered by their values, in whatever order they are read."""
    for given in ("(1, 'w'), (1, 'z'), (1, 'x')", "(1, 'z'), (1, 'x'), (1, 'w')"):
        query = f"SELECT DISTINCT {function} OVER (ORDER BY k) FROM (SELECT * FROM (VALUES {given}) AS r(k, v))"

        assert connection.execute(translate(query)).fetchall() == [(value,)]
