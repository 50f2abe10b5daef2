"""Types inferred from SQL alone: expressions with a fixed type, and the columns that other types depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from onefold.sql.fixed_types import FIXED, fixed_type
from onefold.sql.types import Inference, Shape, Typed, UnknownTypeError, by_name

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = (
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
    "DECIMAL(4,1)", "DECIMAL(9,2)", "DECIMAL(18,3)", "DECIMAL(38,10)", "FLOAT", "DOUBLE", "VARCHAR", "BLOB", "BIT",
    "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE",
    "TIME WITH TIME ZONE", "INTERVAL", "UUID", "JSON", "INTEGER[]", "VARCHAR[]", "INTEGER[3]", "STRUCT(a INTEGER)",
    "MAP(VARCHAR, INTEGER)", "ENUM('a', 'b')",
)  # fmt: skip
"""Types of every kind that the engine has."""

SAMPLES = (
    "x = x", "x IN (x)", "x IS NULL", "x LIKE x", "x BETWEEN x AND x", "REGEXP_MATCHES(x, x)", "x AND x", "NOT x", "x OR x",
    "STARTS_WITH(x, x)", "ENDS_WITH(x, x)", "CONTAINS(x, x)", "BOOL_AND(x)", "BOOL_OR(x)", "COUNT(x)", "COUNT(DISTINCT x)", "COUNT(*)",
    "APPROX_COUNT_DISTINCT(x)", "DATE_DIFF('day', x, x)", "DATEDIFF('hour', x, x)", "LENGTH(x)", "ROW_NUMBER()", "RANK()",
    "DENSE_RANK()", "NTILE(2)", "YEAR(x)", "MONTH(x)", "DAY(x)", "WEEK(x)", "WEEKOFYEAR(x)", "DAYOFWEEK(x)", "DAYOFYEAR(x)",
    "QUARTER(x)", "ARRAY_LENGTH(x)", "STRPOS(x, x)", "LEVENSHTEIN(x, x)", "COUNT_IF(x)", "PERCENT_RANK()", "CUME_DIST()",
    "STDDEV(x)", "STDDEV_POP(x)", "STDDEV_SAMP(x)", "VARIANCE(x)", "VAR_POP(x)", "UPPER(x)", "LOWER(x)", "TRIM(x)",
    "STRING_AGG(x, ',')", "LISTAGG(x, ',')", "MD5(x)", "STRFTIME(x, '%Y')", "REGEXP_REPLACE(x, x, x)", "x ->> '$.a'",
    "SPLIT_PART(x, x, 1)", "CHR(x)", "DATE_SUB('day', x, x)", "EXTRACT(YEAR FROM x)", "EXTRACT(DOW FROM x)", "EXTRACT(WEEK FROM x)",
    "EXTRACT(HOUR FROM x)", "x -> '$.a'", "JSON(x)", "TO_JSON(x)", "JSON_ARRAY(x)", "JSON_OBJECT('a', x)",
)  # fmt: skip


def parsed(sql: str) -> exp.Expr:
    found: exp.Expr = sqlglot.parse_one(f"SELECT {sql}", read="duckdb").expressions[0]
    return found


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.mark.parametrize("sample", SAMPLES)
def test_fixed(database: duckdb.DuckDBPyConnection, sample: str) -> None:
    """An expression with a fixed type has it for each argument type that the engine accepts."""
    kind = fixed_type(parsed(sample))
    assert kind is not None
    found = set()
    over = " OVER ()" if sample.endswith("()") or sample.startswith("NTILE") else ""
    for given in TYPES:
        try:
            rows = database.execute(f"DESCRIBE SELECT {sample}{over} FROM (SELECT CAST(NULL AS {given}) AS x)")
        except duckdb.Error:
            continue
        found.add(rows.fetchall()[0][1])
    assert found == {kind}


def test_each_is_sampled() -> None:
    """Every expression with a fixed type is among the samples."""
    sampled = {type(node) for sample in SAMPLES for node in parsed(sample).walk()}
    missing = [c for classes, _ in FIXED for c in classes if not any(issubclass(s, c) for s in sampled)]
    assert not missing


ORDERS = Shape(rest=frozenset({"inputs/orders"}))
VARS = Shape(
    {"n": Typed("BIGINT"), "at": Typed("TIMESTAMP"), "total": Typed(None, frozenset({"inputs/orders.amount"}))}
)
AMOUNT, OTHER = "inputs/orders.amount", "inputs/orders.other"


def columns(sql: str, more: Mapping[str, Shape] | None = None) -> Shape:
    database = duckdb.connect()

    def type_of(expression: exp.Expr) -> str:
        try:
            return str(database.execute(f"DESCRIBE SELECT {expression.sql('duckdb')} AS x").fetchall()[0][1])
        except duckdb.Error as error:
            raise UnknownTypeError(str(error)) from error

    inference = Inference(by_name({"orders": ORDERS, "vars": VARS, **(more or {})}), "duckdb", type_of)
    return inference.shape(sqlglot.parse_one(sql, read="duckdb"))


@pytest.mark.parametrize(
    ("select", "kind"),
    [
        ("COUNT(amount)", "BIGINT"),
        ("SUM(n)", "HUGEINT"),
        ("SUM(n) / 2", "DOUBLE"),
        ("SUM(total)", {AMOUNT}),
        ("SUM(total) > 5 AND at IS NULL", "BOOLEAN"),
        ("CAST(total AS DECIMAL(10, 2))", "DECIMAL(10,2)"),
        ("CASE WHEN total > 1 THEN 'a' WHEN n > 1 THEN 'b' END", "VARCHAR"),
        ("CASE WHEN n > 1 THEN total ELSE 0 END", {AMOUNT}),
        ("CASE WHEN n > 1 THEN n ELSE 0.5 END", "DECIMAL(20,1)"),
        ("COALESCE(n, 0)", "BIGINT"),
        ("COALESCE(total, 0)", {AMOUNT}),
        ("FIRST_VALUE(n) OVER (PARTITION BY total ORDER BY total)", "BIGINT"),
        ("LAST_VALUE(total) OVER (ORDER BY n)", {AMOUNT}),
        ("ARG_MAX(n, total)", "BIGINT"),
        ("ROW_NUMBER() OVER (ORDER BY total)", "BIGINT"),
        ("COUNT(*) FILTER (WHERE total > 1)", "BIGINT"),
        ("DATE_TRUNC('day', at)", "TIMESTAMP"),
        ("MAX(at)", "TIMESTAMP"),
        ("LIST(n ORDER BY total)", "BIGINT[]"),
        ("at - INTERVAL 1 DAY", "TIMESTAMP"),
        ("(SELECT MAX(n) FROM vars)", "BIGINT"),
        ("(SELECT MAX(other) FROM orders)", {OTHER}),
        ("(SELECT COUNT(*) FROM orders WHERE amount > vars.n)", "BIGINT"),
        ("EXISTS (SELECT 1 FROM orders)", "BOOLEAN"),
        ("EXTRACT(EPOCH FROM at)", "DOUBLE"),
    ],
)
def test_expression(select: str, kind: str | set[str]) -> None:
    """A type is that of the engine, or the source columns that it depends on."""
    found = columns(f"SELECT {select} AS x FROM vars").columns["x"]
    assert (found.type or set(found.because)) == kind


@pytest.mark.parametrize(
    ("sql", "known", "rest"),
    [
        ("SELECT * FROM vars", {"n": "BIGINT", "at": "TIMESTAMP", "total": {AMOUNT}}, set()),
        ("SELECT * EXCLUDE (at, total) FROM vars", {"n": "BIGINT"}, set()),
        ("SELECT * REPLACE (CAST(n AS VARCHAR) AS n) FROM vars", {"n": "VARCHAR", "at": "TIMESTAMP", "total": {AMOUNT}}, set()),
        ("SELECT *, 1 AS one FROM orders", {"one": "INTEGER"}, {"inputs/orders"}),
        ("WITH a AS (SELECT * FROM orders) SELECT amount, COUNT(*) AS c FROM a GROUP BY 1", {"amount": {AMOUNT}, "c": "BIGINT"}, set()),
        ("WITH a(b) AS (SELECT n FROM vars) SELECT b FROM a", {"b": "BIGINT"}, set()),
        ("SELECT b.c FROM (SELECT n AS c FROM vars) AS b", {"c": "BIGINT"}, set()),
        ("SELECT n FROM vars UNION ALL SELECT 0.5", {"n": "DECIMAL(20,1)"}, set()),
        ("SELECT n FROM vars UNION ALL SELECT amount FROM orders", {"n": {AMOUNT}}, set()),
        ("SELECT n + 1 AS m, m * 2 AS k FROM vars", {"m": "BIGINT", "k": "BIGINT"}, set()),
        ("SELECT v.n, o.amount FROM vars v JOIN orders o ON o.id = v.n", {"n": "BIGINT", "amount": {AMOUNT}}, set()),
        ("SELECT at, other FROM vars, orders", {"at": "TIMESTAMP", "other": {OTHER}}, set()),
        ("SELECT city FROM elsewhere.main.people", {"city": {"table elsewhere.main.people.city"}}, set()),
        ("SELECT payload.n FROM (SELECT n, total AS payload FROM vars)", {"n": {"a part of payload"}}, set()),
        ("WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT i FROM r", {"i": {"the recursive query r.i"}}, set()),
    ],
)  # fmt: skip
def test_query(sql: str, known: dict[str, str | set[str]], rest: set[str]) -> None:
    """Columns are traced through stars, common table expressions, subqueries, joins and unions."""
    found = columns(sql)
    assert {name: typed.type or set(typed.because) for name, typed in found.columns.items()} == known
    assert found.rest == rest


@pytest.mark.parametrize("kind", TYPES)
def test_goes_through(database: duckdb.DuckDBPyConnection, kind: str) -> None:
    """A column of any type keeps it through a query."""
    name = database.execute(f"DESCRIBE SELECT CAST(NULL AS {kind}) AS x").fetchall()[0][1]
    given = {"given": Shape({"x": Typed(name)})}

    assert columns("SELECT MAX(y) AS z FROM (SELECT x AS y FROM given)", given).columns["z"].type in {name, None}
    assert columns("SELECT y AS z FROM (SELECT x AS y FROM given)", given).columns["z"].type == name
