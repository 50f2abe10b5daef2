from __future__ import annotations

import duckdb
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from onefold.identity.main_ids.generated_id import generated_id, generated_id_sql

TRICKY = [
    "u1", "", " ", "U1", "O'Brien", '"quoted"', "''", "back\\slash", "100%", "$1", "{x}", "line\nbreak", "\t",
    "é", "e\u0301", "ß", "İ", "日本語", "🦆", "\u200b", "a\u0000b", "x" * 10_000, "NULL", "0", "1e5",
]  # fmt: skip


def by_sql(value: exp.Expr, id_type: exp.Expr) -> object:
    query = exp.select(generated_id_sql(value, id_type))
    row = duckdb.execute(query.sql("duckdb")).fetchone()
    assert row is not None
    return row[0]


def test_equals_the_reference() -> None:
    """The published example gives the id that the reference command gives."""
    assert generated_id("u1", "user_id") == "rid7deb1b8ac65414960d41051cbc982d7b"


@pytest.mark.parametrize("value", TRICKY, ids=lambda value: ascii(value[:20]))
def test_sql_gives_the_same_id(value: str) -> None:
    """The SQL expression and the Python function agree on any text, as a value and as a type."""
    text = exp.Literal.string(value)

    assert by_sql(text, exp.Literal.string("email")) == generated_id(value, "email")
    assert by_sql(exp.Literal.string("v"), text) == generated_id("v", value)


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"), max_size=12))
def test_sql_agrees_on_random_text(value: str, id_type: str) -> None:
    """The two agree on random text of all Unicode planes."""
    row = duckdb.execute(
        exp.select(generated_id_sql(exp.Placeholder(), exp.Placeholder())).sql("duckdb"), [value, id_type]
    ).fetchone()

    assert row == (generated_id(value, id_type),)


@pytest.mark.parametrize(
    "value",
    [
        "'a' || 'b'",
        "CASE WHEN true THEN 'ab' ELSE 'x' END",
        "COALESCE(NULL, 'ab')",
        "CAST('ab' AS TEXT)",
        """'{"k": "ab"}' ->> 'k'""",
        "'ab' COLLATE nocase",
    ],
)
def test_any_text_expression_may_be_the_value(value: str) -> None:
    """An operator inside the value does not mix with the formula's own."""
    assert by_sql(sqlglot.parse_one(value, read="duckdb"), exp.Literal.string("t")) == generated_id("ab", "t")


def test_null_gives_no_id() -> None:
    """A null value has a null generated id, so it never becomes a profile."""
    assert by_sql(exp.Null(), exp.Literal.string("t")) is None
    assert by_sql(exp.Literal.string("v"), exp.Null()) is None


def test_leaves_the_given_expressions_free() -> None:
    """The given expressions are copied, so the caller can reuse them."""
    value, id_type = exp.column("v"), exp.column("t")

    generated_id_sql(value, id_type)

    assert value.parent is None
    assert id_type.parent is None
