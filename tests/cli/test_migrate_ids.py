"""``pb migrate ids``: what it takes over, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest

import onefold
from onefold.errors import AccessError, OnefoldError, UsageError
from onefold.run.migrate_ids import GivenGraph, migrate_ids

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb

GRAPH = """user_main_id,other_id,other_id_type
p1,007,user_id
p1,a-1,anonymous_id
p1,a-1,anonymous_id
p2,u2,user_id
p2,,user_id
,u3,user_id
"""


def kept(small: Path, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(small / "output/warehouse.duckdb"), read_only=True) as con:
        return con.sql(f'FROM profiles."USER_ID_STITCHER_{table}" ORDER BY ALL').fetchall()


def write(small: Path, text: str) -> None:
    (small / "graph.csv").write_text(text)


def migrate(small: Path, source: str, entity: str | None = None) -> None:
    project = onefold.load(small)
    migrate_ids(project.spec, project.target, GivenGraph(source, entity))


def test_from_csv(pb: Pb, small: Path) -> None:
    """Rows of a file become a published state, ids to the letter; rows that say nothing are counted."""
    write(small, GRAPH)

    done = pb("migrate", "ids", "--from", "graph.csv")

    assert done.code == 0, done.err
    assert done.out == "imported 2 main ids with 3 ids for models/user_id_stitcher\n"
    assert "skipped 3 rows" in done.err
    assert kept(small, "MIGRATED_MEMBERS") == [
        ("p1", "007", "user_id"),
        ("p1", "a-1", "anonymous_id"),
        ("p2", "u2", "user_id"),
    ]
    assert kept(small, "MIGRATED_ANCHORS") == [
        ("p1", "p1", "a-1", "anonymous_id", None),
        ("p2", "p2", "u2", "user_id", None),
    ]


def test_from_parquet_and_table(pb: Pb, small: Path) -> None:
    """A Parquet file and a table of the warehouse serve as well; the column of main ids can be named."""
    rows = pa.table({"CUSTOMER": [7, 7], "OTHER_ID": ["u1", "a-1"], "Other_Id_Type": ["user_id", "anonymous_id"]})
    pa_parquet.write_table(rows, small / "graph.parquet")
    done = pb("migrate", "ids", "--from", "graph.parquet", "--main_id", "customer")
    assert done.code == 0, done.err
    expected = kept(small, "MIGRATED_ANCHORS")
    assert expected == [("7", "7", "a-1", "anonymous_id", None)]

    with duckdb.connect(str(small / "output/warehouse.duckdb")) as con:
        con.execute("CREATE TABLE profiles.old_graph AS SELECT * RENAME (CUSTOMER AS main_id) FROM rows")
    done = pb("migrate", "ids", "--from", "profiles.old_graph")

    assert done.code == 0, done.err
    assert kept(small, "MIGRATED_ANCHORS") == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "main_id,other_id,other_id_type\np1,u1,user_id\np2,u1,user_id\n",
            ["1 ids with several main ids", "user_id u1 (p1, p2)"],
        ),
        ("main_id,other_id,other_id_type\np1,u1,userid\n", ['unknown type "userid"', 'did you mean "user_id"']),
        ("main_id,other_id\np1,u1\n", ["no column other_id_type", "available: main_id, other_id"]),
        ("customer,other_id,other_id_type\np1,u1,user_id\n", ["no column user_main_id or main_id", "--main_id"]),
        ("main_id,other_id,other_id_type\np1,,user_id\n", ["no row with a main id"]),
        ("main_id,other_id,other_id_type\np1,u1\n", ["cannot be read"]),
    ],
)
def test_unfit_graph(small: Path, text: str, parts: list[str]) -> None:
    """A graph that cannot stand for a published one is refused with the reason, and nothing is kept."""
    write(small, text)

    with pytest.raises(UsageError) as refused:
        migrate(small, str(small / "graph.csv"))

    for part in parts:
        assert part in str(refused.value)
    with duckdb.connect(str(small / "output/warehouse.duckdb"), read_only=True) as con:
        query = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE '%MIGRATED%'"
        assert con.sql(query).fetchall() == []


@pytest.mark.parametrize(
    ("source", "entity", "error", "part"),
    [
        ("nowhere.csv", None, UsageError, "there is no file nowhere.csv"),
        ('"a', None, UsageError, "is not a table"),
        ("profiles.nothing", None, AccessError, "profiles.nothing cannot be migrated"),
        ("profiles.nothing", "usr", UsageError, 'did you mean "user"'),
    ],
)
def test_unfit_arguments(small: Path, source: str, entity: str | None, error: type[OnefoldError], part: str) -> None:
    """What is not there is named."""
    with pytest.raises(error, match=part):
        migrate(small, source, entity)


def test_published_ids(pb: Pb, small: Path) -> None:
    """Where main ids were published the graph is added on request only."""
    write(small, GRAPH)
    pb("migrate", "ids", "--from", "graph.csv")
    with duckdb.connect(str(small / "output/warehouse.duckdb")) as con:
        con.execute('CREATE OR REPLACE VIEW profiles."USER_ID_STITCHER_ALIASES" AS SELECT 1 AS main_id')

    refused = pb("migrate", "ids", "--from", "graph.csv")

    assert refused.code == 2
    assert "--add" in refused.err
    assert pb("migrate", "ids", "--from", "graph.csv", "--add").code == 0
