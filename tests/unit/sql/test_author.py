"""SQL of a project is parsed as one expression, one query or several statements, with exact error locations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onefold.errors import Location, ProjectError
from onefold.sql.author import (
    parse_expression,
    parse_query,
    parse_statements,
    read_expression,
    read_frame,
    read_order,
)
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from onefold.errors import Finding

# A block scalar: its key is on line 10, its text starts below, indented by six.
_AT = Location("models/a.yaml", 10, 5, 11, 7)


def _expression(sql: str) -> str:
    return render(parse_expression(sql, "snowflake", DUCKDB, _AT), DUCKDB, pretty=False)


def _query(sql: str) -> str:
    return render(parse_query(sql, "snowflake", DUCKDB, _AT), DUCKDB, pretty=False)


def _statements(sql: str) -> list[str]:
    return [render(tree, DUCKDB, pretty=False) for tree in parse_statements(sql, "snowflake", DUCKDB, _AT)]


def _only(error: ProjectError) -> Finding:
    (finding,) = error.findings
    return finding


# --- expressions ---


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("a + b", "a + b"),
        ("a;", "a"),
        ("-- why\na", "a"),
        ("COUNT(DISTINCT order_id)", "COUNT(DISTINCT order_id)"),
        ("(SELECT MAX(n) FROM t)", "(SELECT MAX(n) FROM t)"),
        ("NVL(a, 0)", "COALESCE(a, 0)"),
    ],
)
def test_expression_is_read(sql: str, expected: str) -> None:
    """One value expression is translated to the engine's."""
    assert _expression(sql) == expected


@pytest.mark.parametrize(
    ("sql", "message", "hint"),
    [
        ("a, b", "expected one SQL expression", "found: a, b"),
        ("a; b", "expected one SQL expression", "found: a; b"),
        ("a FROM t", "expected one SQL expression", "found: a FROM t"),
        ("a WHERE b", "expected one SQL expression", "found: a WHERE b"),
        ("DISTINCT a", "expected one SQL expression", "found: DISTINCT a"),
        ("", "expected one SQL expression", "found: "),
        ("a AS b", "expected an expression without an alias", "found: a AS b"),
        ("a b", "expected an expression without an alias", "found: a b"),
        ("*", "expected an expression without an alias", "found: *"),
    ],
)
def test_what_is_not_one_expression_is_refused(sql: str, message: str, hint: str) -> None:
    """Text that is not exactly one bare expression is rejected at the location of the text."""
    with pytest.raises(ProjectError) as caught:
        _expression(sql)

    finding = _only(caught.value)
    assert (finding.code, finding.message, finding.hint) == ("sql-syntax", message, hint)
    assert finding.where == _AT


@pytest.mark.parametrize(
    ("sql", "message", "line", "column"),
    [
        ("a b c", '"c" is not expected here', 11, 11),
        ("a)", '")" is not expected here', 11, 8),
        ("(a", "the SQL ends too early: expecting )", 11, 8),
        ("a +", "the SQL ends too early", 11, 9),
        ("a\n  + , b", 'something is missing before or after ","', 12, 11),
        ("a,, b", 'expected an item before ","', 11, 9),
        ("a,\n , b", 'expected an item before ","', 12, 8),
        ("SELECT 1", '"SELECT" is not expected here', 11, 7),
    ],
)
def test_fault_in_an_expression_has_its_place(sql: str, message: str, line: int, column: int) -> None:
    """An error has its line and column in the file."""
    with pytest.raises(ProjectError) as caught:
        _expression(sql)

    assert _only(caught.value).message == message
    assert _only(caught.value).where == Location("models/a.yaml", line, column)


def test_fault_in_a_plain_scalar_counts_from_its_quote() -> None:
    """In a text on the line of its key, columns count from the first letter of the text."""
    with pytest.raises(ProjectError) as caught:
        parse_expression("a b c", "snowflake", DUCKDB, Location("models/a.yaml", 4, 15, 4, 16))

    assert _only(caught.value).where == Location("models/a.yaml", 4, 20)


@pytest.mark.parametrize("sql", ["'abc", '"abc', "a /* b"])
def test_open_quote_is_refused(sql: str) -> None:
    """A text, name or comment that does not end is reported."""
    with pytest.raises(ProjectError, match="the SQL ends inside a quoted text, a name or a comment"):
        _expression(sql)


def test_internals_of_the_parser_are_not_shown() -> None:
    """Messages do not name classes of the parser."""
    with pytest.raises(ProjectError) as caught:
        _expression("CASE WHEN THEN 1 END")

    assert "sqlglot" not in str(caught.value)
    assert "class" not in str(caught.value)


def test_unsupported_function_is_refused_with_the_engine() -> None:
    """A function that the engine lacks is rejected, with the name of the engine."""
    with pytest.raises(ProjectError) as caught:
        _expression("ENCRYPT(a, 'key')")

    finding = _only(caught.value)
    assert finding.code == "sql-unsupported"
    assert finding.message.startswith("duckdb cannot run this SQL: the function ENCRYPT is not supported")
    assert finding.where == _AT


# --- parts that are not translated ---


def test_expression_can_stay_in_the_author_dialect() -> None:
    """An expression that is only parsed keeps the author's dialect."""
    assert read_expression("ARRAY_AGG(n)", "snowflake", _AT).sql(dialect="snowflake") == "ARRAY_AGG(n)"


@pytest.mark.parametrize(
    ("sql", "keys"),
    [
        ("seen_at", ["seen_at"]),
        ("seen_at DESC", ["seen_at DESC"]),
        ("seen_at DESC NULLS LAST, id", ["seen_at DESC NULLS LAST", "id"]),
        ("NVL(a, b) asc", ["COALESCE(a, b) ASC"]),
    ],
)
def test_sort_keys_are_read(sql: str, keys: list[str]) -> None:
    """Sort keys are read with their directions."""
    assert [key.sql(dialect="snowflake") for key in read_order(sql, "snowflake", _AT)] == keys


@pytest.mark.parametrize("sql", ["", "a; b", "a LIMIT 1"])
def test_what_is_not_a_sort_key_is_refused(sql: str) -> None:
    """Text after sort keys is rejected."""
    with pytest.raises(ProjectError) as caught:
        read_order(sql, "snowflake", _AT)

    assert _only(caught.value).code == "sql-syntax"


def test_fault_in_a_sort_key_has_its_place() -> None:
    """An error in a sort key has its location."""
    with pytest.raises(ProjectError) as caught:
        read_order("a desc b", "snowflake", _AT)

    assert _only(caught.value).where == Location("models/a.yaml", 11, 14)


def test_frame_is_read() -> None:
    """The frame of a window is parsed."""
    frame = read_frame("ROWS BETWEEN 1 PRECEDING AND CURRENT ROW", "snowflake", _AT)

    assert frame.sql(dialect="snowflake") == "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW"


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "ROWS",
        "a",
        "ORDER BY a ROWS 1 PRECEDING",
        "ROWS UNBOUNDED PRECEDING), (SELECT 1",
        "ROWS 1 PRECEDING) + (1",
        "ROWS 1 PRECEDING) FROM (t",
    ],
)
def test_what_is_not_a_frame_is_refused(sql: str) -> None:
    """Text after a frame is rejected, so that no other SQL can be injected."""
    with pytest.raises(ProjectError) as caught:
        read_frame(sql, "snowflake", _AT)

    assert _only(caught.value).code == "sql-syntax"


# --- queries ---


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1 AS x", "SELECT 1 AS x"),
        ("SELECT 1 AS x; -- the end\n", "SELECT 1 AS x"),
        ("(SELECT 1 AS x)", "(SELECT 1 AS x)"),
        ("SELECT 1 UNION ALL SELECT 2", "SELECT 1 UNION ALL SELECT 2"),
        ("WITH a AS (SELECT 1 AS x) SELECT * FROM a", "WITH a AS (SELECT 1 AS x) SELECT * FROM a"),
        (", a AS (SELECT 1 AS x) SELECT * FROM a", "WITH a AS (SELECT 1 AS x) SELECT * FROM a"),
        (
            "-- first\n, a AS (SELECT 1 AS x),\nb AS (SELECT * FROM a) SELECT * FROM b",
            "WITH a AS (SELECT 1 AS x), b AS (SELECT * FROM a) SELECT * FROM b",
        ),
        (
            ", a AS (SELECT 1 AS x) SELECT * FROM a UNION ALL SELECT * FROM a",
            "WITH a AS (SELECT 1 AS x) SELECT * FROM a UNION ALL SELECT * FROM a",
        ),
    ],
)
def test_query_is_read_however_it_begins(sql: str, expected: str) -> None:
    """A body may begin with SELECT, WITH, a parenthesis, or with a comma and further common table expressions."""
    assert _query(sql) == expected


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("", "expected a query, but there is no SQL"),
        ("-- nothing\n;", "expected a query, but there is no SQL"),
        ("SELECT 1; SELECT 2", "expected one query, found 2 statements"),
        ("DELETE FROM t", "expected a query, found DELETE"),
        ("DROP TABLE t", "expected a query, found DROP"),
        ("CALL p()", "cannot parse this statement: CALL p()"),
    ],
)
def test_what_is_not_one_query_is_refused(sql: str, message: str) -> None:
    """Text that is not a query, or several statements, is rejected at the location of the text."""
    with pytest.raises(ProjectError) as caught:
        _query(sql)

    assert _only(caught.value).message == message
    assert _only(caught.value).where == _AT


@pytest.mark.parametrize(
    ("sql", "line", "column"),
    [
        ("SELECT a,, b FROM t", 11, 16),
        ("SELECT a\nFROM t t2 t3", 12, 17),
        ("SELECT a FROM\nt WHERE", 12, 9),
        (", a AS (SELECT 1 SELECT * FROM a", 11, 24),
        (", a AS (SELECT 1)\nSELECT x y z FROM a", 12, 18),
    ],
)
def test_fault_in_a_query_has_its_place(sql: str, line: int, column: int) -> None:
    """An error has its location, also after a leading comma."""
    with pytest.raises(ProjectError) as caught:
        _query(sql)

    assert _only(caught.value).where == Location("models/a.yaml", line, column)
    assert _only(caught.value).hint == f"in: {sql.splitlines()[line - 11]}"


def test_long_line_in_a_hint_is_cut() -> None:
    """A hint shows at most 80 letters of the line."""
    with pytest.raises(ProjectError) as caught:
        _query("SELECT " + "a" * 200 + " b c FROM t")

    assert _only(caught.value).hint == f"in: SELECT {'a' * 72}…"


# --- statements ---


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"]),
        ("SELECT 1; -- c\n; SELECT 2", ["SELECT 1", "SELECT 2"]),
        ("-- c\n;", []),
        ("", []),
        ("DROP TABLE t", ["DROP TABLE t"]),
    ],
)
def test_statements_are_read_in_order(sql: str, expected: list[str]) -> None:
    """Statements are parsed in order; those that consist of comments are skipped."""
    assert _statements(sql) == expected


def test_fault_in_a_later_statement_has_its_place() -> None:
    """An error in the second statement has its location."""
    with pytest.raises(ProjectError) as caught:
        _statements("SELECT 1;\nSELECT a b c")

    assert _only(caught.value).where == Location("models/a.yaml", 12, 18)
