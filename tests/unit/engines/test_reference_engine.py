"""The reference engine rejects everything that another engine may not support."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from tests.reference_engine import Asked, PromiseError, ReferenceEngine, open_engine

from onefold.engines.base import ConnectionSettings, CopyWriter, FileReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = pa.table({"a": [1, 2]})


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[ReferenceEngine]:
    """One that holds its lock and has a table ``t``."""
    opened = open_engine(ConnectionSettings(tmp_path / "out.duckdb", "main"), read_only=False)
    with opened.lock():
        opened.execute("CREATE TABLE main.t AS SELECT 1 AS a")
        yield opened
    opened.close()


def test_statements_are_remembered(engine: ReferenceEngine) -> None:
    """Each statement is recorded with the method that ran it."""
    engine.fetch("SELECT a FROM main.t")
    assert engine.asked[-1] == Asked("fetch", "SELECT a FROM main.t")


def test_it_has_no_files_and_no_copies(engine: ReferenceEngine) -> None:
    """Features that not every database has are not part of it."""
    assert not isinstance(engine, FileReader)
    assert not isinstance(engine, CopyWriter)


def test_no_statement_within_a_stream(engine: ReferenceEngine) -> None:
    """While rows are streamed no other statement may run; afterwards it may."""
    stream = engine.stream("SELECT a FROM main.t")
    next(stream)
    with pytest.raises(PromiseError, match="while a stream is open"):
        engine.fetch("SELECT a FROM main.t")
    stream.close()  # type: ignore[attr-defined]
    assert engine.fetch("SELECT a FROM main.t").num_rows == 1


def test_no_uploaded_rows_after_their_block(engine: ReferenceEngine) -> None:
    """Uploaded rows are gone after their block, and a relation created under the name can be read."""
    with engine.upload("given", ROWS):
        engine.fetch("SELECT a FROM given")
    with pytest.raises(PromiseError, match="a block that has ended"):
        engine.fetch("SELECT a FROM given")
    engine.execute("CREATE TEMP TABLE given AS SELECT 1 AS a")
    assert engine.fetch("SELECT a FROM given").num_rows == 1


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT 1 AS a; SELECT 2 AS a", "2 statements"),
        ("DELETE FROM main.t", "no query"),
        ("SELECT a FROM main.t AS rows", "reserved"),
        ("SELECT a AS both FROM main.t", "reserved"),
        ('SELECT Mixed.a FROM main."Mixed"', "quotes"),
    ],
)
def test_what_other_engines_cannot_run(engine: ReferenceEngine, sql: str, why: str) -> None:
    """Rows come from one query, whose names are not reserved in any engine."""
    with pytest.raises(PromiseError, match=why):
        engine.fetch(sql)


def test_quoted_words_are_names(engine: ReferenceEngine) -> None:
    """A reserved word in quotes is an ordinary name."""
    assert engine.fetch('SELECT a AS "rows" FROM main.t').num_rows == 1


def test_no_change_without_the_lock(tmp_path: Path) -> None:
    """Changes of the output schema need the lock; temporary tables do not."""
    engine = open_engine(ConnectionSettings(tmp_path / "out.duckdb", "main"), read_only=False)
    engine.execute("CREATE TEMP TABLE passing AS SELECT 1 AS a")
    with pytest.raises(PromiseError, match="without the lock"):
        engine.execute("CREATE TABLE main.t AS SELECT 1 AS a")
    engine.close()
    with pytest.raises(PromiseError, match="after close"):
        engine.fetch("SELECT 1 AS a")
