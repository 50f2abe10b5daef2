"""Listing objects, locking and uploading through an engine, and finding it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from onefold.engines.base import ConnectionSettings, CopyWriter, EngineError, FileReader
from onefold.engines.duckdb import DuckDB
from onefold.engines.registry import ENGINES, engine_module
from onefold.errors import AccessError
from onefold.sql.dialects import DIALECTS, dialect_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDB]:
    """An engine with a table, a view, a temporary table and a table of another schema."""
    (tmp_path / "raw/main").mkdir(parents=True)
    (tmp_path / "raw/main/visits.csv").write_text("a\n1\n")
    opened = DuckDB(tmp_path / "out.duckdb", "profiles", catalogs={"raw": tmp_path / "raw"})
    for statement in (
        'CREATE TABLE "Orders" AS SELECT 1 AS a',
        "CREATE VIEW shown AS SELECT * FROM Orders",
        "CREATE TEMP TABLE passing AS SELECT 1 AS a",
        "CREATE SCHEMA other",
        "CREATE TABLE other.orders AS SELECT 1 AS a",
    ):
        opened.execute(statement)
    yield opened
    opened.close()


def test_objects_are_those_of_the_output_schema(engine: DuckDB) -> None:
    """Tables and views of the output schema are listed with the temporary ones, and nothing else."""
    found = {(o.name, o.kind, o.place) for o in engine.objects()}
    assert found == {
        ("Orders", "table", "output"), ("shown", "view", "output"), ("passing", "table", "temporary"),
    }  # fmt: skip


def test_objects_are_found_in_any_case(engine: DuckDB) -> None:
    """A name is found in any case, and returned as it is stored."""
    assert [(o.name, o.key) for o in engine.objects("ORDERS")] == [("Orders", "orders")]


def test_objects_of_other_schemas_and_catalogs(engine: DuckDB) -> None:
    """On request, all readable objects are listed, by the project's names."""
    found = {(o.catalog, o.schema, o.name, o.place) for o in engine.objects(everywhere=True)}
    assert ("raw", "main", "visits", "source") in found
    assert ("onefold", "other", "orders", "output") in found


def test_a_view_tells_its_query(engine: DuckDB) -> None:
    """The definition of a view names its sources; a table has none."""
    definitions = {o.name: o.definition for o in engine.objects()}
    assert "Orders" in definitions["shown"]
    assert definitions["Orders"] == ""


def test_an_upload_is_gone_after_its_block(engine: DuckDB) -> None:
    """Uploaded rows can be read within the block, in place of an earlier relation, and not after it."""
    with engine.upload("rows", pa.table({"a": [1, 2]})):
        assert engine.fetch("SELECT sum(a) AS s FROM rows").to_pylist() == [{"s": 3}]
    with pytest.raises(EngineError):
        engine.fetch("SELECT * FROM rows")


def test_a_reader_cannot_lock(engine: DuckDB, tmp_path: Path) -> None:
    """A read-only connection cannot take a writer's lock."""
    engine.close()
    reader = DuckDB(tmp_path / "out.duckdb", "profiles", read_only=True)
    try:
        with pytest.raises(AccessError, match="opened read-only"), reader.lock():
            pass
    finally:
        reader.close()


def test_two_writers_in_one_process(engine: DuckDB, tmp_path: Path) -> None:
    """A second writer in the same process gets an error that the file is in use, as one in another process does."""
    with engine.lock(), pytest.raises(AccessError, match="in use by this process") as caught:
        DuckDB(tmp_path / "out.duckdb", "profiles")
    assert caught.value.findings[0].code == "locked"


def test_each_engine_is_found_by_its_connection_type(tmp_path: Path) -> None:
    """Each supported connection type has a module and a dialect."""
    assert set(ENGINES) == set(DIALECTS)
    for kind in ENGINES:
        assert dialect_of(kind).name == kind
        opened = engine_module(kind).open_engine(ConnectionSettings(tmp_path / "x", "profiles"), read_only=False)
        assert opened.fetch("SELECT 1 AS a").to_pylist() == [{"a": 1}]
        opened.close()


def test_duckdb_reads_files_and_writes_copies(engine: DuckDB) -> None:
    """Features that not every database has are separate protocols."""
    assert isinstance(engine, FileReader)
    assert isinstance(engine, CopyWriter)
