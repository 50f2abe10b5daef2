"""The SQL files of identity use a closed list of constructs; each file parses, renders and is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

import onefold.identity
from onefold.identity.schema import relation
from onefold.identity.sql_files import SqlFileError, on_relations, parsed, read, sql
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB

FOLDER = Path(onefold.identity.__path__[0])
FILES = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.sql"))
TEXTS = [path.read_text() for path in FOLDER.rglob("*.py")]


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("SELECT a FROM t QUALIFY ROW_NUMBER() OVER (ORDER BY a) = 1", "Qualify"),
        ("SELECT a FROM t LIMIT 1", "Limit"),
        ("SELECT UPPER(a) AS a FROM t", "Upper"),
        ("SELECT HASH(a) AS a FROM t", "function HASH(a)"),
        ("SELECT same(a) AS a FROM t", "function SAME(a)"),
        ("SELECT CAST(a AS DATE) AS a FROM t", "type DATE"),
        ("SELECT a FROM s.t", "table s.t, which names a schema"),
        ("SELECT a FROM t WHERE a LIKE 'x%'", "Like"),
        ("SELECT a[1] AS a FROM t", "Bracket"),
        ("SELECT a / b AS a FROM t", "Div"),
        ("DELETE FROM t", "exactly one SELECT"),
        ("CREATE TABLE t AS SELECT 1 AS a", "exactly one SELECT"),
        ("SELECT 1 AS a; SELECT 2 AS a", "exactly one SELECT"),
        ("SELECT FROM WHERE", "x.sql: "),
    ],
)
def test_anything_else_is_refused(text: str, construct: str) -> None:
    """A construct that is not allowed is an error that names the file and the construct."""
    with pytest.raises(SqlFileError) as error:
        read(text, "x.sql")

    assert str(error.value).startswith("x.sql: ")
    assert construct in str(error.value)


@pytest.mark.parametrize("file", FILES)
def test_every_file_can_be_written_and_read_again(file: str) -> None:
    """Each file renders to SQL of the engine that parses as the same query."""
    text = render(on_relations(parsed(file)), DUCKDB)

    again = sqlglot.parse_one(text, dialect="duckdb")

    assert again.sql(dialect="duckdb", pretty=True) == text


@pytest.mark.parametrize("file", FILES)
def test_every_file_says_what_it_asks(file: str) -> None:
    """The first line of a file is a comment."""
    assert (FOLDER / f"{file}.sql").read_text().startswith("-- ")


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_used(file: str) -> None:
    """Each file is used by name."""
    name = file.rpartition("/")[2]

    assert any(re.search(rf'["/]{name}"', text) for text in TEXTS)


def test_tables_are_put_in_as_expressions() -> None:
    """A table, or a query in its place, keeps its name in the file."""
    anchors = exp.table_("Material's anchors", db="out", quoted=True)
    query = exp.select("main_id").from_(anchors)

    text = render(sql("main_ids/first_events", main_ids=query).tree, DUCKDB, pretty=False)
    table = render(sql("main_ids/first_events", main_ids=anchors).tree, DUCKDB, pretty=False)

    assert text.endswith("""FROM (SELECT main_id FROM "out"."Material's anchors") AS main_ids""")
    assert table.endswith("""FROM "out"."Material's anchors" AS main_ids""")


def test_a_table_of_a_query_that_is_put_in_is_left_to_the_run() -> None:
    """A table without a replacement is a relation of the run, at any depth."""
    inner = sql("main_ids/members_now", members_before=relation("was"))
    text = render(on_relations(sql("main_ids/moves", members_now=inner).tree), DUCKDB, pretty=False)

    assert "FROM stitch_was AS members JOIN stitch_graph AS graph" in text
    assert "JOIN stitch_named AS named" in text


@pytest.mark.parametrize(
    ("given", "message"),
    [({}, "no value was given for :seq_no"), ({"seq_no": 1, "other": 2}, "has no other")],
)
def test_values_that_are_missing_or_unknown(given: dict[str, int], message: str) -> None:
    """A missing value is an error, and so is an unknown one."""
    with pytest.raises(SqlFileError, match=message):
        sql("main_ids/first_anchors", **given)
