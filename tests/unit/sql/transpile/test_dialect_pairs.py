"""Transpile rules belong to a pair of author dialect and engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onefold.errors import Location, ProjectError
from onefold.sql.author import parse_expression
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB
from onefold.sql.transpile import rules_for

AT = Location("model.yaml", 1, 1)


def test_equal_dialects_have_no_rules() -> None:
    """SQL that is written for the engine is not rewritten, except by the rules for deterministic results."""
    assert rules_for("duckdb", DUCKDB) == ()
    assert render(parse_expression("COUNT_IF(a > 1)", "duckdb", DUCKDB, AT), DUCKDB) == "COUNT_IF(a > 1)"
    assert render(parse_expression("ANY_VALUE(a)", "duckdb", DUCKDB, AT), DUCKDB) == "MIN(a)"


@pytest.mark.parametrize("author", ["snowflake", "bigquery", "redshift", "databricks", "postgres"])
def test_every_author_dialect_has_rules(author: str) -> None:
    """Each author dialect that a project may name has rules for the engine of this version."""
    assert rules_for(author, DUCKDB)


def test_a_pair_without_tested_rules_is_refused() -> None:
    """SQL is not translated to an engine without tested rules: the error names both."""
    other = replace(DUCKDB, name="spark", sqlglot="spark")
    with pytest.raises(ProjectError, match="no transpile rules from snowflake to spark"):
        parse_expression("a + 1", "snowflake", other, AT)
