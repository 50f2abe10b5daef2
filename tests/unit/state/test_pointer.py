"""Two writers of one output schema cannot publish over each other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from onefold.engines.duckdb import DuckDB
from onefold.errors import RunError
from onefold.identity.checked_tables import CHECKED_TABLES
from onefold.plan.model import RunTimes
from onefold.sql.dialects.duckdb import DUCKDB
from onefold.state.pointer import POINTER
from onefold.state.records import PublishedRecord
from onefold.state.store import StateStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onefold.state.pointer import Lease

NOW = datetime(2026, 10, 31, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDB]:
    engine = DuckDB(tmp_path / "warehouse.duckdb", "profiles")
    yield engine
    engine.close()


@pytest.fixture
def store(engine: DuckDB) -> StateStore:
    return StateStore(engine, DUCKDB, CHECKED_TABLES)


def begin(store: StateStore) -> tuple[int, Lease]:
    return store.begin_run(store.read(), RunTimes(NOW), "shop", NOW)


def publish(store: StateStore, run: tuple[int, Lease]) -> None:
    seq_no, lease = run
    shown = PublishedRecord(f"Material_features_x_{seq_no}", seq_no, NOW, None, None)
    with store.registry._tables.engine.transaction():
        store.publish(lease, seq_no, {"models/features": shown}, NOW)


def test_the_later_of_two_runs_is_published_and_the_earlier_is_refused(store: StateStore) -> None:
    """A run that another writer overtook names that writer and changes nothing."""
    earlier, later = begin(store), begin(store)
    with pytest.raises(
        RunError, match="run 1 was not published: another command started to write after it: a run, proc"
    ):
        publish(store, earlier)
    assert store.registry.published() == {}
    publish(store, later)
    assert store.registry.published()["models/features"].seq_no == 2


def test_a_run_is_refused_once_another_has_been_published(store: StateStore) -> None:
    """The run that was published first stays complete, without views of the other run."""
    earlier, later = begin(store), begin(store)
    publish(store, later)
    with pytest.raises(RunError, match="run 1 was not published: run 2 was published after it started") as caught:
        publish(store, earlier)
    assert "start a new run with `pb run`" in (caught.value.findings[0].hint or "")
    assert store.registry.published()["models/features"].seq_no == 2
    assert [run.seq_no for run in store.registry.runs() if run.published_at] == [2]


def test_a_run_cannot_begin_from_what_is_published_no_more(store: StateStore) -> None:
    """A run cannot start from a state that was read before another publication, and gets no sequence number."""
    stale = store.read()
    publish(store, begin(store))
    with pytest.raises(RunError, match="a run cannot start: another run was published just now"):
        store.begin_run(stale, RunTimes(NOW), "shop", NOW)
    assert [run.seq_no for run in store.registry.runs()] == [1]


@pytest.mark.parametrize("damage", ["DELETE FROM", "INSERT INTO", "DROP TABLE"])
def test_a_damaged_pointer_refuses_the_run_under_way_and_serves_the_next(
    damage: str, store: StateStore, engine: DuckDB
) -> None:
    """The pointer only decides who can publish, so the next writer replaces a lost or duplicate row."""
    publish(store, begin(store))
    under_way = begin(store)
    more = f" SELECT * FROM profiles.{POINTER}" if damage == "INSERT INTO" else ""
    engine.execute(f"{damage} profiles.{POINTER}{more}")
    publish(store, begin(store))
    with pytest.raises(RunError, match="run 2 was not published"):
        publish(store, under_way)
    assert store.registry.published()["models/features"].seq_no == 3
