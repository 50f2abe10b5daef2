"""Values of Arrow tables as Python values, as text and as JSON. The oracle is the database's own text of a value."""

from __future__ import annotations

import json

import duckdb
import pyarrow as pa
import pytest

from onefold.engines.values import distinct_names, json_text, records, renamed, text

FAR = [
    "DATE 'infinity'",
    "DATE '-infinity'",
    "DATE '9999-12-31'",
    "DATE '10000-01-01'",
    "DATE '11026-02-28'",
    "DATE '0001-01-01'",
    "DATE '0044-03-15 (BC)'",
    "DATE '4713-02-28 (BC)'",
    "TIMESTAMP 'infinity'",
    "TIMESTAMP '-infinity'",
    "TIMESTAMP '11026-01-01 10:00:00.5'",
    "TIMESTAMP '0044-03-15 (BC) 01:02:03'",
]


def arrow(sql: str) -> pa.Table:
    rows = duckdb.connect().sql(sql)
    assert rows is not None
    return rows.to_arrow_table()


@pytest.mark.parametrize("sql", FAR)
def test_far_dates_read_as_the_database_writes_them(sql: str) -> None:
    """A date or time without a Python value is the text that DuckDB has for it, alone, in a list and in an object."""
    found = records(
        arrow(f"SELECT {sql} AS one, [{sql}] AS many, {{'x': {sql}}} AS object, ({sql})::VARCHAR AS words")
    )[0]
    assert found["words"] == str(found["one"]) == str(found["many"][0]) == str(found["object"]["x"])


def test_a_near_value_beside_a_far_one_keeps_its_type() -> None:
    """One infinite date in a column does not turn the other dates into text."""
    rows = arrow("SELECT * FROM (VALUES (DATE '2026-01-01'), (DATE 'infinity'), (NULL)) AS t(d)")
    found = [row["d"] for row in records(rows)]
    assert [str(d) for d in found] == ["2026-01-01", "infinity", "None"]
    assert not isinstance(found[0], str)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("'nan'::DOUBLE", "NaN"),
        ("'-infinity'::DOUBLE", "-Infinity"),
        ("1.50::DECIMAL(10,2)", "1.50"),
        ("'\\xAA\\x01'::BLOB", "AA01"),
        ("INTERVAL '14 months 3 days'", "P1Y2M3D"),
        ("INTERVAL '90 minutes 1.5 seconds'", "PT1H30M1.5S"),
        ("INTERVAL '0 days'", "PT0S"),
        ("['a', NULL]", ["a", None]),
        ("MAP {DATE '2026-01-01': 1}", {"2026-01-01": 1}),
        ("{'a': [DATE 'infinity'], 'b': 'nan'::DOUBLE}", {"a": ["infinity"], "b": "NaN"}),
        ("true", True),
        ("NULL", None),
    ],
)
def test_json_is_strict(sql: str, expected: object) -> None:
    """Every value has a form in strict JSON; what JSON cannot say is text."""
    row = records(arrow(f"SELECT {sql} AS x"))[0]

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    assert json.loads(json_text(row), parse_constant=refuse)["x"] == expected


def test_lists_read_as_json() -> None:
    """In a table a list or an object is JSON, as Snowflake shows it, not Python."""
    assert text(["it's", None, True]) == '["it\'s", null, true]'


def test_names_become_distinct_without_taking_another_ones() -> None:
    """The second column ``a`` is ``a_2``, unless a column is called that already; the former names are known."""
    table = pa.Table.from_arrays([pa.array([n]) for n in range(4)], names=["a", "a", "a_2", "a"])
    found = distinct_names(table)
    assert records(found) == [{"a": 0, "a_3": 1, "a_2": 2, "a_4": 3}]
    assert renamed(found) == {"a_3": "a", "a_4": "a"}
