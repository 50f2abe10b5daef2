"""Implicit conversions of the author's warehouse on columns of known types, with their results."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from sqlglot import exp

from onefold.engines.base import ColumnType, DatabaseObject, EngineError
from onefold.engines.duckdb_types import column_type
from onefold.errors import Location
from onefold.identity.read.queries import moment_of
from onefold.run.known_types import EngineTypes
from onefold.sql.author import parse_query
from onefold.sql.coercion import coerced
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., list[tuple[Any, ...]]]

_TABLE = """
CREATE TABLE t AS SELECT
    '5' AS n, 'abc' AS s, '01/05/2026' AS us, '2026-01-31 10:00:00' AS iso, '2026-01-31 10:00:00.000 +0200' AS exported,
    'yes' AS y, ' 7 ' AS blank, '1_000' AS under, NULL::VARCHAR AS nothing,
    101.0::DOUBLE AS d, 0.1::DOUBLE + 0.2::DOUBLE AS f, 2.5::DOUBLE AS h, 1.50::DECIMAL(10, 2) AS m, 7::BIGINT AS i,
    1767225600000::BIGINT AS large, TRUE AS b, TIMESTAMP '2026-01-31 10:00:00.5' AS ts, DATE '2026-01-31' AS day,
    TIMESTAMPTZ '2026-01-31 10:00:00+02' AS tz, TIME '10:00:00.5' AS clock
"""


class _Described:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection, self.asked = connection, 0

    def describe(self, sql: str) -> dict[str, ColumnType]:
        self.asked += 1
        try:
            return {name: column_type(kind) for name, kind, *_ in self.connection.execute(f"DESCRIBE {sql}").fetchall()}
        except duckdb.Error as error:
            raise EngineError("other", str(error), sql) from error

    def objects(self, name: str | None = None) -> list[DatabaseObject]:
        sql = "SELECT table_name FROM information_schema.tables WHERE lower(table_name) = lower(?)"
        found = self.connection.execute(sql, [name]).fetchall()
        return [DatabaseObject("", "", table, "table", "output") for (table,) in found]


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    for statement in (*DUCKDB.session, _TABLE):
        connection.execute(statement)
    yield connection
    connection.close()


def _sql(sql: str, author: str, database: duckdb.DuckDBPyConnection) -> str:
    text = sql if sql.startswith(("SELECT", "WITH")) else f"SELECT {sql} AS x FROM t"
    query = parse_query(text, author, DUCKDB, Location("test.sql", 1, 1))
    types = EngineTypes(_Described(database), DUCKDB)
    return render(coerced(query, author, types.inference()), DUCKDB, pretty=False)


@pytest.fixture
def run(database: duckdb.DuckDBPyConnection) -> Run:
    return lambda sql, author="snowflake": database.execute(_sql(sql, author, database)).fetchall()


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        # text to number
        ("SUM(n)", 5.0),
        ("AVG(blank)", 7.0),
        ("n + 1", Decimal(6)),
        ("n > 4.5", True),
        ("n IN (4, 5)", True),
        ("n BETWEEN 1 AND 9", True),
        ("i = '7'", True),
        ("i > '6.5'", True),
        ("COALESCE(nothing, 0)", Decimal(0)),
        ("IFF(b, n, 0)", Decimal(5)),
        ("GREATEST(n, 3)", Decimal(5)),
        ("CASE n WHEN 5 THEN 'five' END", "five"),
        ("DECODE(n, 5, 'five', 'other')", "five"),
        ("ROUND(n)", Decimal(5)),
        ("TRY_TO_NUMBER(s)", None),
        ("TRY_TO_NUMBER(under)", None),
        ("n::int", 5),
        # text to time
        ("us::date", dt.date(2026, 1, 5)),
        ("TO_DATE(us)", dt.date(2026, 1, 5)),
        ("TRY_TO_DATE(us)", dt.date(2026, 1, 5)),
        ("TRY_TO_DATE(s)", None),
        ("TRY_CAST(us AS date)", dt.date(2026, 1, 5)),
        ("TO_TIMESTAMP(us)", _time("2026-01-05 00:00:00")),
        ("exported::timestamp", _time("2026-01-31 10:00:00")),
        ("exported::timestamp_tz::timestamp_ntz", _time("2026-01-31 08:00:00")),
        ("iso <= ts", True),
        ("ts BETWEEN iso AND '2027-01-01'", True),
        ("day = '01/31/2026'", True),
        ("YEAR(us)", 2026),
        ("DATEDIFF(day, us, ts)", 26),
        ("DATE_TRUNC('month', iso)", _time("2026-01-01 00:00:00")),
        ("DATEADD(day, 1, us)", _time("2026-01-06 00:00:00")),
        # numbers and times
        ("TO_TIMESTAMP(i)", _time("1970-01-01 00:00:07")),
        ("TO_TIMESTAMP(large)", _time("57970-12-23 00:00:00") if dt.MAXYEAR > 57970 else None),
        ("TO_TIMESTAMP(large::string)", _time("2026-01-01 00:00:00")),
        ("TO_TIMESTAMP(day)", _time("2026-01-31 00:00:00")),
        ("DATEADD(day, 1, day)", dt.date(2026, 2, 1)),
        # to text
        ("d::string", "101"),
        ("f::string", "0.3"),
        ("(d + 9007199254740800)::string", "9007199254740901"),
        ("m::string", "1.50"),
        ("b::string", "true"),
        ("day::string", "2026-01-31"),
        ("ts::string", "2026-01-31 10:00:00.500"),
        ("tz::string", "2026-01-31 08:00:00.000 +0000"),
        ("clock::string", "10:00:00"),
        ("d || '!'", "101!"),
        ("LOWER(d)", "101"),
        ("TRIM(i)", "7"),
        ("LEFT(d, 2)", "10"),
        ("SPLIT_PART(d, '.', 1)", "101"),
        ("i LIKE '7%'", True),
        ("us::varchar(2)", "01"),
        ("us::char", "0"),
        # booleans, rounding
        ("y::boolean", True),
        ("b = 'true'", True),
        ("b = 1", True),
        ("IFF(b, TRUE, 0)", 1),
        ("h::int", 3),
        ("h::number(10, 0)", Decimal(3)),
    ],
)
def test_a_value_is_converted_as_snowflake_does(run: Run, expression: str, value: Any) -> None:
    """Explicit and implicit conversions give the value and the type that Snowflake gives."""
    if expression == "TO_TIMESTAMP(large)":
        # Outside of Python's range: a number is always seconds.
        assert run(f"YEAR({expression})") == [(57971,)]
        return
    [(given,)] = run(expression)
    assert (given, type(given)) == (value, type(value))


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("SUM(s)", "'abc' in column \"s\" is not a number"),
        ("s + 1", "'abc' in column \"s\" is not a number"),
        ("under::int", "'1_000' in column \"under\" is not a number"),
        ("s::date", "'abc' in column \"s\" is not a date"),
        ("s <= ts", "'abc' in column \"s\" is not a timestamp"),
        ("us::boolean", "'01/05/2026' in column \"us\" is not a boolean"),
    ],
)
def test_a_text_that_cannot_be_read_is_an_error_that_names_it(run: Run, expression: str, said: str) -> None:
    """The error of a conversion names the column and the text."""
    with pytest.raises(duckdb.Error, match=said.replace("(", r"\(")):
        run(expression)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT n AS x FROM t UNION ALL SELECT i FROM t ORDER BY x", [(Decimal(5),), (Decimal(7),)]),
        ("WITH a AS (SELECT n AS k FROM t) SELECT SUM(k) FROM a", [(5.0,)]),
        ("SELECT SUM(a.k) FROM (SELECT n AS k FROM t) a", [(5.0,)]),
        ("SELECT SUM(k) FROM (SELECT *, n AS k FROM t)", [(5.0,)]),
        ("SELECT n AS z, z + 1 AS w FROM t", [("5", Decimal(6))]),
        ("SELECT COUNT(*) FROM t a JOIN t b ON a.n = b.i - 2", [(1,)]),
        ("SELECT COUNT(*) FROM t WHERE EXISTS (SELECT 1 FROM t b WHERE b.i - 2 = t.n)", [(1,)]),
        ("SELECT us FROM t WHERE iso <= ts QUALIFY ROW_NUMBER() OVER (ORDER BY n + 1) = 1", [("01/05/2026",)]),
    ],
)
def test_types_are_found_through_queries(run: Run, sql: str, rows: list[tuple[Any, ...]]) -> None:
    """A column keeps its type in joins, subqueries, common table expressions, aliases and unions."""
    assert run(sql) == rows


def test_onefolds_own_times_are_read_in_any_dialect(database: duckdb.DuckDBPyConnection) -> None:
    """A text column of times is read as moments in UTC, in every author dialect."""
    types = EngineTypes(_Described(database), DUCKDB)
    for author in ("snowflake", "postgres", "bigquery", "duckdb"):
        query = exp.select(moment_of(exp.column("exported"))).from_("t")
        sql = render(coerced(query, author, types.inference()), DUCKDB)
        assert database.execute(sql).fetchall() == [(_time("2026-01-31 08:00:00"),)]


def test_nothing_is_done_where_a_type_is_not_known(database: duckdb.DuckDBPyConnection) -> None:
    """SQL over an unknown table keeps its translation without types."""
    sql = "SELECT SUM(x), y::string, TRY_TO_DATE(z) FROM other"
    assert _sql(sql, "snowflake", database) == ("SELECT SUM(x), CAST(y AS TEXT), TRY_CAST(z AS DATE) FROM other")


def test_a_dialect_that_is_strict_stays_strict(run: Run) -> None:
    """PostgreSQL rejects a text where a number is required, and so does the engine."""
    with pytest.raises(duckdb.BinderException):
        run("n + 1 > 5", "postgres")


def test_sql_of_the_engine_itself_is_not_touched(database: duckdb.DuckDBPyConnection) -> None:
    """SQL that is written for DuckDB is not converted."""
    assert _sql("d::text", "duckdb", database) == "SELECT CAST(d AS TEXT) AS x FROM t"


def test_conversions_are_put_in_once(database: duckdb.DuckDBPyConnection) -> None:
    """A query that already has its conversions is not changed."""
    types = EngineTypes(_Described(database), DUCKDB)
    query = parse_query(
        "SELECT d::string, SUM(n) FROM t WHERE iso < ts GROUP BY d", "snowflake", DUCKDB, Location("x", 1, 1)
    )
    once = coerced(query, "snowflake", types.inference()).copy()
    assert coerced(once.copy(), "snowflake", types.inference()) == once


def test_the_engine_is_asked_once_for_each_expression(database: duckdb.DuckDBPyConnection) -> None:
    """Types are cached across queries."""
    described = _Described(database)
    types = EngineTypes(described, DUCKDB)
    for _ in range(3):
        query = parse_query("SELECT LOWER(d), n + 1 FROM memory.main.t", "snowflake", DUCKDB, Location("x", 1, 1))
        coerced(query, "snowflake", types.inference())
        asked = described.asked
    assert described.asked == asked <= 8
