"""Projects whose rows change from run to run, each with a twin that is rebuilt from all rows for comparison."""

from __future__ import annotations

import copy
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import duckdb

import onefold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Self

    import pyarrow as pa

    from onefold.run.events import StepResult
    from onefold.state.records import GraphRecord

PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - {name: user, id_stitcher: models/graph, id_types: [user_id, email, device]}
id_types:
  - {name: user_id}
  - {name: email, filters: [{type: exclude, value: e9}]}
  - {name: device}
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
  - name: mails
    app_defaults:
      table: raw.main.mails
      occurred_at_col: ts
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: email, type: email, entity: user}
        - {select: other_email, type: email, entity: user}
models:
  - name: seen_mails
    model_type: sql_template
    model_spec:
      materialization: {output_type: ephemeral}
      occurred_at_col: ts
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: email, type: email, entity: user}
        - {select: other_email, type: email, entity: user}
      single_sql: "SELECT * FROM {{ this.DeRef('inputs/mails') }}"
  - name: graph
    model_type: id_stitcher
    model_spec:
      entity_key: user
      edge_sources:
        - {from: inputs/logins}
        - {from: models/seen_mails}
"""
END = "2026-10-31T00:00:00Z"
VIEWS = ("GRAPH", "GRAPH_EDGES", "GRAPH_QUARANTINE", "GRAPH_ALIASES", "GRAPH_ID_HISTORY", "USER_FEATURE_VIEW")


def counted(rows: pa.Table) -> Counter[tuple[Any, ...]]:
    """How often each row is there."""
    return Counter(tuple(row.values()) for row in rows.to_pylist())


class Twins:
    """A project in a folder, and a twin of it that is rebuilt from all rows when the two are compared."""

    views: Sequence[str] = VIEWS

    def __init__(self, folder: Path, project: str, models: str, settings: str) -> None:
        self.place(folder)
        (self.folder / "models").mkdir(parents=True)
        (self.folder / "pb_project.yaml").write_text(project)
        (self.folder / "models/models.yaml").write_text(models)
        (self.folder / "onefold.yaml").write_text(settings)
        self.count = 0
        self.built: list[GraphRecord] = []
        self._last: StepResult | None = None
        self._last_end = ""

    def place(self, folder: Path) -> None:
        self.folder, self.twin = folder / "incremental", folder / "rebuilt"

    def copied(self, to: Path) -> Self:
        """The same in another folder, with what it has published. Its data files are others to a run."""
        shutil.copytree(self.folder.parent, to, dirs_exist_ok=True)
        made = copy.copy(self)
        made.place(to)
        made.built = [*self.built]
        return made

    @property
    def end(self) -> str:
        """The end time of the next run."""
        return END

    def run(self) -> None:
        """Run it; the twin gets the history and the rows that the run has."""
        shutil.rmtree(self.twin, ignore_errors=True)
        shutil.copytree(self.folder, self.twin)
        self._last, self._last_end = onefold.load(self.folder).run(end_time=self.end).step("models/graph"), self.end
        assert self._last.graph is not None
        self.built.append(self._last.graph)

    def rebuild(self) -> None:
        """Run the twin over all rows; the components are those of the last run."""
        assert self._last is not None
        rebuilt = onefold.load(self.twin).run(end_time=self._last_end, rebase_incremental=True).step("models/graph")
        assert self._last.certificate == rebuilt.certificate

    def rows(self, folder: Path, sql: str) -> Counter[tuple[Any, ...]]:
        return counted(onefold.load(folder).query(sql).arrow)

    def shown(self, folder: Path) -> Iterator[Counter[tuple[Any, ...]]]:
        """The rows of each view, in one go: to open a project and its database takes longer than to read them."""
        return map(counted, onefold.load(folder).queries("; ".join(f"SELECT * FROM {view}" for view in self.views)))

    def right(self) -> None:
        """Every view equals that of a run of all rows with the same history, and so does the certificate."""
        self.rebuild()
        both = zip(self.shown(self.folder), self.shown(self.twin), strict=True)
        for view, (incremental, rebuilt) in zip(self.views, both, strict=True):
            assert incremental == rebuilt, view


class Shop(Twins):
    """Two tables of a database that change."""

    def __init__(self, folder: Path, project: str = PROJECT, models: str = MODELS) -> None:
        super().__init__(folder, project, models, "catalogs: {raw: raw.duckdb}\nplaceholder_ids: drop\n")
        with self.raw() as raw:
            raw.execute("CREATE TABLE logins (n INT, key TEXT, user_id TEXT, device TEXT, ts TIMESTAMP)")
            raw.execute("CREATE TABLE mails (n INT, user_id TEXT, email TEXT, other_email TEXT, ts TIMESTAMP)")
            # So many other rows that what changes is a small part.
            calm = "1000 + i, 'k' || (1000 + i), 'c' || (i // 2), 'p' || i, TIMESTAMP '2025-01-01' + INTERVAL 1 DAY * i"
            raw.execute(f"INSERT INTO logins SELECT {calm} FROM range(200) r(i)")

    def raw(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.folder / "raw.duckdb"))

    def change(self, come: list[Any], go: set[int]) -> None:
        with self.raw() as raw:
            for n in go:
                raw.execute("DELETE FROM logins WHERE n = ?", [n])
                raw.execute("DELETE FROM mails WHERE n = ?", [n])
            for table, user, one, other, ts in come:
                self.count += 1
                if table == "logins":
                    row = [self.count, f"k{self.count}", user, one, ts]
                else:
                    row = [self.count, user, one, other, ts]
                raw.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", row)
