"""FROM clauses give the author's rows: FLATTEN, SPLIT_TO_TABLE, ASOF JOIN, VALUES."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.sql.compiling import compiled

from onefold.errors import Location, ProjectError
from onefold.sql.author import parse_query
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

_CASES: list[tuple[str, list[tuple[Any, ...]]]] = [
    (
        "SELECT f.index, f.value:id::int, f.value:p::string FROM c, LATERAL FLATTEN(input => c.v:items) f ORDER BY 1",
        [(0, 1, "x"), (1, 2, "y")],
    ),
    ("SELECT f.value::string FROM c, LATERAL FLATTEN(c.v:tags) f ORDER BY f.index", [("a",), ("b",)]),
    ("SELECT value::string FROM c, TABLE(FLATTEN(input => v:tags)) ORDER BY index", [("a",), ("b",)]),
    ("SELECT f.key, f.path, f.index, f.value::int FROM c, LATERAL FLATTEN(v:o) f", [("k", "k", None, 1)]),
    ("SELECT f.key, f.path FROM c, LATERAL FLATTEN(v:tags) f ORDER BY f.index", [(None, "[0]"), (None, "[1]")]),
    ("SELECT f.value::string FROM c, LATERAL FLATTEN(SPLIT(s, ' ')) f ORDER BY f.index", [("Ab",), ("c",)]),
    ("SELECT f.value:p::string FROM c, LATERAL FLATTEN(input => v, path => 'items') f ORDER BY 1", [("x",), ("y",)]),
    ("SELECT n, f.value FROM c, LATERAL FLATTEN(input => v:missing) f", []),
    ("SELECT n, f.value FROM c, LATERAL FLATTEN(input => v:type) f", []),
    ("SELECT n, f.value FROM c, LATERAL FLATTEN(input => v:missing, outer => TRUE) f", [(7, None)]),
    ("SELECT n, f.value FROM c, LATERAL FLATTEN(input => v:missing, outer => FALSE) f", []),
    ("SELECT n, f.value FROM c LEFT JOIN LATERAL FLATTEN(input => v:missing) f", [(7, None)]),
    ("SELECT COUNT(*) FROM c INNER JOIN LATERAL FLATTEN(input => v:tags) f", [(2,)]),
    ("SELECT COUNT(*) FROM c, LATERAL FLATTEN(input => v:tags, mode => 'OBJECT') f", [(0,)]),
    (
        "SELECT COUNT(*) FROM c, LATERAL FLATTEN(v:items) f, LATERAL FLATTEN(f.value) g WHERE g.key = 'id'",
        [(2,)],
    ),
    ("SELECT f.value::int FROM TABLE(FLATTEN(PARSE_JSON('[3, 4]'))) f ORDER BY f.index", [(3,), (4,)]),
    ("SELECT p.index, p.value FROM c, LATERAL SPLIT_TO_TABLE(c.s, ' ') p ORDER BY 1", [(1, "Ab"), (2, "c")]),
    ("SELECT value FROM TABLE(SPLIT_TO_TABLE('a-b', '-')) ORDER BY index", [("a",), ("b",)]),
    ("SELECT column2 FROM VALUES (1, 'x'), (2, 'y') ORDER BY column1", [("x",), ("y",)]),
    (
        "SELECT a.k, b.k FROM (SELECT 5 AS k) a ASOF JOIN (SELECT 1 AS k UNION SELECT 4) b MATCH_CONDITION (a.k >= b.k)",
        [(5, 4)],
    ),
]


@pytest.mark.parametrize(("author", "expected"), _CASES, ids=[case[0] for case in _CASES])
def test_rows(author: str, expected: list[tuple[Any, ...]], run: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """A query gives the rows that Snowflake documents."""
    assert run(author) == expected


def test_sql_of_flatten(one_row: duckdb.DuckDBPyConnection) -> None:
    """FLATTEN is a lateral query over the elements of the document."""
    sql = compiled("SELECT f.value::string FROM c, LATERAL FLATTEN(input => v:tags) f", one_row)

    assert sql.startswith("SELECT (f.value ->> '$') FROM c CROSS JOIN LATERAL (SELECT ")
    assert sql.endswith("FROM JSON_EACH((v -> '$.tags')) AS element WHERE element.fullkey <> '$' AND TRUE) AS f")


@pytest.mark.parametrize(
    "author",
    [
        "SELECT * FROM c, LATERAL FLATTEN(input => v, recursive => TRUE, mode => 'KEYS') f",
        "SELECT f.seq FROM c, LATERAL FLATTEN(input => v) f",
        "SELECT * FROM c START WITH n = 1 CONNECT BY PRIOR n = f",
        "SELECT CONDITIONAL_CHANGE_EVENT(n) OVER (ORDER BY s) FROM c",
        "SELECT a.n, b.n FROM c AS b, c AS a WHERE a.n = b.n (+)",
        "SELECT a.n FROM c AS a, c AS b, c AS d WHERE a.n = d.n AND d.n = b.n (+)",
        "SELECT REGEXP_INSTR(s, '([0-9]*)', 1, 2, 0, 'e') FROM c",
    ],
)
def test_what_cannot_be_said_is_refused(author: str) -> None:
    """What cannot be expressed in the engine is an error with its location."""
    with pytest.raises(ProjectError) as caught:
        parse_query(author, "snowflake", DUCKDB, Location("model.yaml", 3, 1))

    (finding,) = caught.value.findings
    assert (finding.code, finding.where) == ("sql-unsupported", Location("model.yaml", 3, 1))
