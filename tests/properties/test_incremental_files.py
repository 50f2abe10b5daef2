"""What changed in a folder of data files is found from new files and rows that the end time had hidden."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.examples import examples

import onefold
from onefold.engines import data_files

from .incremental_twins import Twins

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - {name: user, id_stitcher: models/graph, id_types: [user_id, device]}
id_types: [{name: user_id}, {name: device}]
"""
MODELS = """
inputs:
  - name: logins
    app_defaults:
      table: raw.main.logins
      occurred_at_col: ts
      row_identifier: [key]
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: device, type: device, entity: user}
models:
  - name: graph
    model_type: id_stitcher
    model_spec: {entity_key: user, edge_sources: [{from: inputs/logins}]}
"""
DAYS = ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04")

ROW = st.tuples(
    st.sampled_from(["u1", "u2", "u3", "u4"]),
    st.sampled_from([None, "d1", "d2", "d3", "d4", "d5"]),
    st.sampled_from([None, *(f"{day} {time}" for day in DAYS for time in ("08:00:00", "20:00:00"))]),
)
FILE = st.lists(ROW, min_size=1, max_size=5)
STEP: st.SearchStrategy[tuple[str, list[Any]]] = st.one_of(
    st.tuples(st.just("add"), FILE),
    st.tuples(st.just("add"), FILE),
    st.tuples(st.just("add and rewrite"), FILE),
    st.tuples(st.just("remove"), st.just([])),
    st.tuples(st.just("wait"), st.just([])),
)


class Folder(Twins):
    """A project over a folder of files, and a twin of it that is rebuilt from all rows."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, PROJECT, MODELS, "catalogs: {raw: data}\n")
        (self.folder / "data/main/logins").mkdir(parents=True)
        self.day = 0
        calm = "'k' || i, 'c' || (i // 2), 'p' || i, TIMESTAMP '2025-01-01' + INTERVAL 1 DAY * i"
        self._write("file_000", f"SELECT {calm} FROM range(300) r(i)")

    def _write(self, name: str, query: str) -> None:
        columns = f"SELECT * FROM ({query}) t(key, user_id, device, ts)"
        path = self.folder / f"data/main/logins/{name}.parquet"
        duckdb.connect().execute(f"COPY ({columns}) TO '{path}'")

    def step(self, kind: str, rows: list[Any]) -> None:
        """Change the files; the end time moves on by a day."""
        self.day += 1
        files = sorted((self.folder / "data/main/logins").glob("file_0*[1-9].parquet"))
        if kind == "remove" and files:
            files[0].unlink()
        if kind == "add and rewrite" and files:
            self._rows(files[-1].stem, rows[:1])
        if rows:
            self.count += 1
            self._rows(f"file_{self.count:03}", rows)

    def _rows(self, name: str, rows: list[Any]) -> None:
        values = ", ".join(
            f"('k{name}{n}', {_text(user)}, {_text(device)}, {_text(ts)}::TIMESTAMP)"
            for n, (user, device, ts) in enumerate(rows)
        )
        self._write(name, f"VALUES {values}")

    @property
    def end(self) -> str:
        """The end time of the next run."""
        return f"{DAYS[min(self.day, len(DAYS) - 1)]}T12:00:00Z"


def _text(value: str | None) -> str:
    return "NULL" if value is None else f"'{value}'"


@pytest.fixture(autouse=True, scope="module")
def settled() -> Iterator[None]:
    """Files of these tests are written between runs only, each at a time of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_files, "SETTLED_NS", 0)
        yield


@settings(
    max_examples=examples(6),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example is several runs: shrinking would take long
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(first=FILE, steps=st.lists(STEP, min_size=1, max_size=3))
def test_files_that_come_go_and_change(first: list[Any], steps: list[tuple[str, list[Any]]]) -> None:
    """After each change of files, and of the end time, every view equals that of a run of all rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name))
        folder.step("add", first)
        folder.run()
        for kind, rows in steps:
            folder.step(kind, rows)
            folder.run()

            folder.right()
        assert all(graph.kind != "full" for graph in folder.built[1:]), folder.built


def test_unchanged_files_are_not_read_again(tmp_path: Path) -> None:
    """A run reads new files and rows that the end time had hidden, and computes no digests of unchanged files."""
    folder = Folder(tmp_path)
    folder.step("add", [("u1", "d1", "2026-03-01 08:00:00"), ("u2", "d1", "2026-03-02 20:00:00")])
    folder.run()
    folder.step("add", [("u1", "d2", "2026-03-02 08:00:00")])
    folder.day += 1
    run = onefold.load(folder.folder).run(end_time=folder.end).step("models/graph")

    assert run.graph is not None
    assert (run.graph.days, run.graph.days_read) == (302, 1)
    statements = {path.stem.split("_", 1)[1] for path in folder.folder.glob("output/*/seq_no/*/run/graph/*.sql")}
    assert "digests_before" in statements
    assert "digests_of_source_1" not in statements
    ids = folder.rows(folder.folder, "SELECT user_main_id, COUNT(*) FROM GRAPH GROUP BY 1")
    assert max(count for _, count in ids) == len({"u1", "u2", "d1", "d2"})


def test_a_file_just_written_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file so new that it might be written again under the same time has its source looked through again."""
    monkeypatch.setattr(data_files, "SETTLED_NS", 10**18)
    folder = Folder(tmp_path)
    folder.run()
    with duckdb.connect(str(folder.folder / "output/warehouse.duckdb"), read_only=True) as built:
        (table,) = built.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'Material_graph%_files'"
        ).fetchone() or ("",)
        kept = built.execute(f'SELECT COUNT(*) FROM profiles."{table}"').fetchall()

    assert kept == [(0,)]
