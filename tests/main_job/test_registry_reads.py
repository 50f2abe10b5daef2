"""How often a run asks the registry: each question is a round trip to a warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import onefold
import onefold.starters
from onefold.engines.duckdb import DuckDB

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TABLES = ("run_registry", "material_registry", "published_registry", "publication_registry", "publish_pointer")


def test_a_run_reads_each_table_of_the_registry_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run asks what is recorded once, then for the next number and its lease; models and views add nothing."""
    onefold.starters.start("minimal", tmp_path / "small")
    project = onefold.load(tmp_path / "small")
    project.run(end_time="2026-02-01")
    asked: list[str] = []
    fetch = DuckDB.fetch

    def counting(engine: DuckDB, sql: str) -> Any:
        asked.append(sql)
        return fetch(engine, sql)

    monkeypatch.setattr(DuckDB, "fetch", counting)
    assert project.run(end_time="2026-04-01").published
    reads = [[table for table in TABLES if table in sql] for sql in asked]
    assert sum(bool(tables) for tables in reads) <= 9
    assert reads.count(["run_registry"]) == reads.count(["publication_registry"]) == 1
