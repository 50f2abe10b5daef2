"""SQL that sqlglot translates correctly: values that Snowflake documents, computed by DuckDB.

The rules of ``onefold.sql.transpile`` have their own tests. This table covers what they leave to sqlglot, so that a new
version of sqlglot or DuckDB cannot change a result unnoticed.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from onefold.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


_VALUES: list[tuple[str, Any]] = [
    ("DATEDIFF('day', '2026-01-01 23:59:59'::timestamp, '2026-01-02 00:00:01'::timestamp)", 1),
    ("DATEDIFF(day, '2026-01-01'::date, '2026-01-05'::date)", 4),
    ("DATEDIFF('week', '2026-01-04'::date, '2026-01-05'::date)", 1),
    ("DATEDIFF('week', '2026-01-05'::date, '2026-01-11'::date)", 0),
    ("DATEDIFF('month', '2026-01-31'::date, '2026-02-01'::date)", 1),
    ("DATEDIFF('quarter', '2026-03-31'::date, '2026-04-01'::date)", 1),
    ("DATEDIFF('year', '2025-12-31'::date, '2026-01-01'::date)", 1),
    ("DATEDIFF('hour', '2026-01-01 00:59:00'::timestamp, '2026-01-01 01:00:00'::timestamp)", 1),
    ("DATEDIFF('minute', '2026-01-01 00:59:59'::timestamp, '2026-01-01 01:00:00'::timestamp)", 1),
    ("DATEDIFF('second', '2026-01-01 00:59:59.9'::timestamp, '2026-01-01 01:00:00.1'::timestamp)", 1),
    ("TIMESTAMPDIFF('day', '2026-01-01'::date, '2026-01-05'::date)", 4),
    ("DATEADD('day', 3, '2026-01-01'::date)", dt.date(2026, 1, 4)),
    ("DATEADD(month, 1, '2026-01-31'::date)", dt.date(2026, 2, 28)),
    ("DATEADD('hour', 1, '2026-01-01'::date)", _time("2026-01-01 01:00:00")),
    ("DATEADD('day', -1, '2026-01-01 10:00:00'::timestamp)", _time("2025-12-31 10:00:00")),
    ("DATE_TRUNC('month', '2026-01-31'::date)", dt.date(2026, 1, 1)),
    ("DATE_TRUNC('week', '2026-01-04'::date)", dt.date(2025, 12, 29)),
    ("DATE_TRUNC('hour', '2026-01-31 10:30:00'::timestamp)", _time("2026-01-31 10:00:00")),
    ("TRUNC(1.789, 2)", Decimal("1.78")),
    ("TO_DATE('2026-01-31')", dt.date(2026, 1, 31)),
    ("'2026-01-31 10:00:00'::timestamp_ntz", _time("2026-01-31 10:00:00")),
    ("TO_TIMESTAMP(1767225600)", _time("2026-01-01 00:00:00")),
    ("TO_TIMESTAMP('2026-01-01 00:00:00')", _time("2026-01-01 00:00:00")),
    ("TO_TIMESTAMP_NTZ(1767225600000, 3)", _time("2026-01-01 00:00:00")),
    ("TRY_TO_TIMESTAMP('x')", None),
    ("TRY_TO_DATE('x')", None),
    ("TRY_TO_NUMBER('x')", None),
    ("TRY_CAST('12' AS INT)", 12),
    ("TO_NUMBER('12')", 12),
    ("TRY_TO_DATE('2026-01-02')", dt.date(2026, 1, 2)),
    ("CONVERT_TIMEZONE('America/New_York', 'UTC', '2026-01-01 10:00:00'::timestamp_ntz)", _time("2026-01-01 15:00:00")),
    ("CONVERT_TIMEZONE('UTC', 'America/New_York', '2026-01-01 10:00:00'::timestamp_ntz)", _time("2026-01-01 05:00:00")),
    ("1/2", 0.5),
    ("7/2", 3.5),
    ("DIV0(1,0)", 0),
    ("DIV0NULL(1,NULL)", 0),
    ("MOD(7,3)", 1),
    ("-7 % 3", -1),
    ("5::int / 2::int", 2.5),
    ("'abc' RLIKE 'b'", False),
    ("REGEXP_LIKE('abc','a.*')", True),
    ("REGEXP_LIKE('abc','b')", False),
    ("RLIKE('ABC','a.*','i')", True),
    ("'abc' REGEXP 'b'", False),
    ("REGEXP_SUBSTR('xabcx','b.')", "bc"),
    ("REGEXP_SUBSTR('a1b22','[0-9]+',1,2)", "22"),
    ("REGEXP_SUBSTR('abc','z')", None),
    ("REGEXP_REPLACE('aaa','a','b')", "bbb"),
    ("REGEXP_COUNT('abab','a')", 2),
    ("REGEXP_INSTR('xxab','a')", 3),
    ("REGEXP_SUBSTR('key=val','key=(.*)',1,1,'e',1)", "val"),
    ("SHA1('a')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
    ("SHA1_HEX('a')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
    ("MD5('a')", "0cc175b9c0f1b6a831c399e269772661"),
    ("SHA2('a')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
    ("SHA2('a',256)", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
    ("IFF(1=1,'y','n')", "y"),
    ("NVL(NULL,2)", 2),
    ("NVL2(NULL,1,2)", 2),
    ("ZEROIFNULL(NULL)", 0),
    ("NULLIFZERO(0)", None),
    ("DECODE(1,1,'a',2,'b','c')", "a"),
    ("DECODE(NULL,NULL,'n','x')", "n"),
    ("EQUAL_NULL(NULL,NULL)", True),
    ("'ABC' ILIKE 'a%'", True),
    ("'abc' LIKE ANY ('x%','a%')", True),
    ("'ABC' ILIKE ANY ('x%','a%')", True),
    ("CONTAINS('abc','b')", True),
    ("STARTSWITH('abc','a')", True),
    ("ENDSWITH('abc','c')", True),
    ("SPLIT_PART('a-b-c','-',2)", "b"),
    ("SPLIT_PART('a-b-c','-',-1)", "c"),
    ("SPLIT_PART('a-b-c','-',0)", "a"),
    ("ARRAY_SIZE(SPLIT('a,b',','))", 2),
    ("SPLIT('a,b',',')[0]::string", "a"),
    ("""PARSE_JSON('{"a":{"b":[1,2]}}'):a.b[1]::int""", 2),
    ("""PARSE_JSON('{"a":"x"}'):a::string""", "x"),
    ("""GET_PATH(PARSE_JSON('{"a":"x"}'),'a')::string""", "x"),
    ("""PARSE_JSON('{"a":"x"}')['a']::string""", "x"),
    ("ROUND(2.5)", 3),
    ("ROUND(-2.5)", -3),
    ("ROUND(1.005,2)", Decimal("1.01")),
    ("FLOOR(-1.5)", -2),
    ("CEIL(1.2)", 2),
    ("LEFT('abc',2)", "ab"),
    ("RIGHT('abc',2)", "bc"),
    ("SUBSTR('abc',0,2)", "ab"),
    ("SUBSTR('abc',2)", "bc"),
    ("SUBSTRING('abc',-2)", "bc"),
    ("CONCAT('a',NULL)", None),
    ("'a' || NULL", None),
    ("CONCAT_WS('-','a',NULL)", None),
    ("GREATEST(1,NULL)", None),
    ("LEAST(1,2)", 1),
    ("GREATEST_IGNORE_NULLS(1,NULL)", 1),
    ("LENGTH('é')", 1),
    ("LPAD('7',3,'0')", "007"),
    ("INITCAP('ab cd')", "Ab Cd"),
    ("CHARINDEX('b','abc')", 2),
    ("POSITION('b' IN 'abc')", 2),
    ("TRIM('  a ')", "a"),
    ("LTRIM('xxa','x')", "a"),
    ("REPLACE('aba','a')", "b"),
    ("UPPER('a')", "A"),
    ("TO_VARCHAR(1)", "1"),
    ("TO_CHAR('2026-01-31'::date,'YYYY-MM-DD')", "2026-01-31"),
    ("TO_CHAR('2026-01-31 14:05:00'::timestamp,'YYYY-MM-DD HH24:MI:SS')", "2026-01-31 14:05:00"),
    ("DAYOFWEEK('2026-01-04'::date)", 0),
    ("DAYOFWEEKISO('2026-01-04'::date)", 7),
    ("WEEK('2026-01-04'::date)", 1),
    ("WEEKISO('2026-01-05'::date)", 2),
    ("YEAR('2026-01-04'::date)", 2026),
    ("DATE_PART('epoch_second','2026-01-01'::timestamp)", 1767225600),
    ("EXTRACT(epoch FROM '2026-01-01'::timestamp)", 1767225600),
    ("DATE_PART('dayofweek','2026-01-04'::date)", 0),
    ("QUARTER('2026-04-01'::date)", 2),
    ("LAST_DAY('2026-02-03'::date)", dt.date(2026, 2, 28)),
    ("MONTHNAME('2026-02-03'::date)", "Feb"),
    ("DAYNAME('2026-01-04'::date)", "Sun"),
    ("MONTHS_BETWEEN('2026-03-01'::date,'2026-01-01'::date)", 2.0),
    ("ADD_MONTHS('2026-01-31'::date,1)", dt.date(2026, 2, 28)),
    ("TRUE AND NULL", None),
    ("BOOLAND(1,0)", False),
    ("BASE64_ENCODE('a')", "YQ=="),
    ("HEX_ENCODE('a')", "61"),
    ("SQUARE(3)", 9),
    ("SIGN(-2)", -1),
    ("ABS(-2)", 2),
    ("POWER(2,3)", 8),
    ("LN(1)", 0),
    ("LOG(10,100)", 2),
    ("BITAND(6,3)", 2),
    ("TO_BOOLEAN('yes')", True),
    ("'2026-01-01'::date + 1", dt.date(2026, 1, 2)),
    ("'2026-01-05'::date - '2026-01-01'::date", 4),
    ("DATE_FROM_PARTS(2026,1,2)", dt.date(2026, 1, 2)),
    ("ARRAY_CONTAINS('a'::variant, ARRAY_CONSTRUCT('a','b'))", True),
    ("ARRAY_TO_STRING(ARRAY_CONSTRUCT('a','b'),',')", "a,b"),
    ("OBJECT_CONSTRUCT('a',1):a::int", 1),
    ("CURRENT_DATE() IS NOT NULL", True),
    ("NULL IN (1)", None),
    ("TIMEADD('hour',1,'2026-01-01'::timestamp)", _time("2026-01-01 01:00:00")),
    ("COALESCE(NULL,1)", 1),
    ("""IS_NULL_VALUE(PARSE_JSON('{"a":null}'):a)""", True),
    ("INSERT('abc',1,1,'x')", "xbc"),
    ("EDITDISTANCE('a','b')", 1),
    ("JAROWINKLER_SIMILARITY('a','a')", 100),
    ("TO_DECIMAL('1.25',10,2)", Decimal("1.25")),
    ("'1.5'::number", 2),
    ("1.5::int", 2),
    ("2.5::int", 3),
    ("TO_NUMBER('1.5',10,1)", Decimal("1.5")),
    ("NOT NULL", None),
    ("DATE('2026-01-02')", dt.date(2026, 1, 2)),
    ("TO_TIME('10:00:00')", dt.time(10)),
    ("TO_TIMESTAMP('01/31/2026','MM/DD/YYYY')", _time("2026-01-31 00:00:00")),
    ("STRTOK('a b',' ',2)", "b"),
    ("REVERSE('ab')", "ba"),
    ("REPEAT('a',3)", "aaa"),
    ("ASCII('a')", 97),
    ("TRANSLATE('abc','ab','xy')", "xyc"),
]
_AGGREGATES: list[tuple[str, list[Any]]] = [
    ("COUNT(DISTINCT s)", [3, 1]),
    ("COUNT(DISTINCT s, n)", [2, 2]),
    ("COUNT_IF(n > 5)", [2, 1]),
    ("BOOLOR_AGG(n > 15)", [True, False]),
    ("BOOLAND_AGG(n > 5)", [True, False]),
    ("MEDIAN(n)", [15, 5.5]),
    ("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY n)", [15, 5.5]),
    ("PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY n)", [10, 5]),
    ("APPROX_COUNT_DISTINCT(s)", [3, 1]),
    ("SUM(n)/COUNT(*)", [10.0, 5.5]),
    ("AVG(n)", [15.0, 5.5]),
    ("STDDEV(n)", [7.0710678118654755, 0.7071067811865476]),
    ("VARIANCE(n)", [50.0, 0.5]),
    ("SUM(IFF(n>5,1,0))", [2, 1]),
    ("MIN(ts)::date", [dt.date(2026, 1, 1), dt.date(2026, 1, 4)]),
    ("BITOR_AGG(n)", [30, 7]),
]


@pytest.mark.parametrize(("author", "value"), _VALUES, ids=[case[0] for case in _VALUES])
def test_value_of_an_expression(author: str, value: object, typed_rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """An expression has the same value on DuckDB as on Snowflake."""
    found = typed_rows(f"SELECT {author}")[0][0]

    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)
    assert isinstance(found, dt.datetime) == isinstance(value, dt.datetime)


@pytest.mark.parametrize(("author", "values"), _AGGREGATES, ids=[case[0] for case in _AGGREGATES])
def test_values_of_an_aggregate(author: str, values: list[Any], rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """An aggregate has the same value on DuckDB as on Snowflake, for each group."""
    found = [row[0] for row in rows(f"SELECT {author} FROM t GROUP BY g ORDER BY g")]

    if isinstance(values[0], float):
        assert found == pytest.approx(values, abs=1e-12)
    else:
        assert found == values


@pytest.mark.parametrize("author", ["1/0", "1.0/0", "SUM(n) / 0"])
def test_division_by_zero_is_an_error(author: str, rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """A division by zero fails, as in Snowflake, and gives neither an infinity nor NULL."""
    with pytest.raises(duckdb.InvalidInputException, match="Division by zero"):
        rows(f"SELECT {author} FROM t WHERE g = 2")


def test_hash_that_the_engine_lacks_is_refused(translate: Callable[[str], str]) -> None:
    """SHA2 of another width than 256 is rejected, because a shorter hash would be another value."""
    with pytest.raises(ProjectError, match="only supports SHA256"):
        translate("SELECT SHA2('a', 512)")
