"""Each author dialect keeps its own meaning; one answer is picked for all."""

from __future__ import annotations

import pytest

from onefold.errors import Location
from onefold.sql.author import parse_expression
from onefold.sql.dialect import DUCKDB, to_sql


def _written(sql: str, author: str) -> str:
    return to_sql(parse_expression(sql, author, DUCKDB, Location("model.yaml", 1, 1)), DUCKDB, pretty=False)


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("CAST(n AS INT)", "CAST(n AS INT)"),
        ("DATE_TRUNC('month', d)", "DATE_TRUNC('MONTH', d)"),
        ("LISTAGG(s, ',')", "LISTAGG(s, ',' ORDER BY s)"),
        ("ARG_MAX(a, b)", "ARG_MAX(a, b)"),
    ],
)
def test_meaning_of_snowflake_is_not_put_on_others(sql: str, written: str) -> None:
    """SQL that was written for DuckDB keeps what it means there."""
    assert _written(sql, "duckdb") == written


@pytest.mark.parametrize(
    ("sql", "author", "written"),
    [
        ("MODE(s)", "duckdb", "MODE(s ORDER BY s)"),
        ("ANY_VALUE(s)", "bigquery", "MIN(s)"),
        ("STRING_AGG(s, ',')", "postgres", "LISTAGG(s, ',' ORDER BY s)"),
    ],
)
def test_one_answer_is_picked_for_every_author(sql: str, author: str, written: str) -> None:
    """What depends on the order of rows is settled in every author dialect."""
    assert _written(sql, author) == written
