"""Measure an incremental run after a day's change, and compare it with a full stitch.

The first change adds 1 % of rows on a new day; half of them have a new id. The second change adds as many late rows
on 30 existing days, and deletes half of the 1 % of rows that those days had in a separate file.

    uv run python benchmarks/daily_delta.py
    uv run python benchmarks/daily_delta.py --rows 1000000
    uv run python benchmarks/daily_delta.py --limits   # with maximum_edges, which hundreds of ids exceed

Takes a number of rows and prints one table. Generates the graph of ``graphs.py`` once, under ``benchmarks/data``.
Runs a stitcher on it, changes the rows, and runs it again: incrementally, and as a full rebuild with the same
history. Each run is a process of its own. Both must give the same graph.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from graphs import DATA, rows_file

PROJECT = """
name: delta
schema_version: 99
connection: local
model_folders: [models]
entities: [{name: user, id_stitcher: models/graph, id_types: [anonymous_id, user_id]}]
id_types: [{name: anonymous_id}, {name: user_id}]
"""
MODELS = """
inputs:
  - name: events
    app_defaults:
      table: raw.main.events
      occurred_at_col: seen_at
      ids:
        - {select: anonymous_id, type: anonymous_id, entity: user}
        - {select: user_id, type: user_id, entity: user}
models:
  - name: graph
    model_type: id_stitcher
    model_spec: {entity_key: user, edge_sources: [{from: inputs/events}]}
"""
END = "2027-01-01"
LIMITS = ", maximum_edges: [{anonymous_id: 20}]"
SETTLE_SECONDS = 4
"""onefold re-reads files that were written within two seconds. The files of a real day are older."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--limits", action="store_true", help="limit the number of anonymous ids per user id")
    parser.add_argument("--child", choices=["incremental", "full"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.folder)
        return
    rows = rows_file(arguments.rows)
    with tempfile.TemporaryDirectory(dir=DATA) as name:
        folder = Path(name)
        make_project(folder, rows, LIMITS if arguments.limits else "")
        copy(of_old_days(rows, arguments.rows // 100, 9), folder / "data/main/events/some.parquet")
        full = run(folder, "incremental")
        print(f"{arguments.rows:,} rows, 1 % more on a new day; {os.cpu_count()} processors")
        print(f"{'run':<36}{'seconds':>9}{'of the full':>12}{'processor':>11}{'of the full':>12}")
        print_line("all rows", full, full)
        add_day(folder, rows, arguments.rows // 100)
        measure_change("the day", folder, full)
        change_past(folder, rows, arguments.rows // 100)
        measure_change("late and deleted rows", folder, full)


def measure_change(label: str, folder: Path, full: dict[str, Any]) -> None:
    """Run incrementally, and as a full rebuild with the same history in a copy."""
    twin = folder.with_name(f"{folder.name}_twin")
    shutil.copytree(folder, twin)
    incremental, rebuilt = run(folder, "incremental"), run(twin, "full")
    shutil.rmtree(twin)
    print_line(f"{label}, incremental", incremental, full)
    print_line(f"{label}, full rebuild", rebuilt, full)
    print(f"  {incremental['how']}; equal to the full rebuild: {incremental['graph'] == rebuilt['graph']}")


def print_line(label: str, found: dict[str, Any], full: dict[str, Any]) -> None:
    ratios = [found[what] / full[what] for what in ("seconds", "processor")]
    print(f"{label:<36}{found['seconds']:>9.2f}{ratios[0]:>12.2f}{found['processor']:>11.2f}{ratios[1]:>12.2f}")


def make_project(folder: Path, rows: Path, limits: str = "") -> None:
    events = folder / "data/main/events"
    events.mkdir(parents=True)
    (folder / "models").mkdir()
    os.link(rows, events / "all.parquet")
    (folder / "pb_project.yaml").write_text(PROJECT.replace("{name: user_id}", f"{{name: user_id{limits}}}"))
    (folder / "models/models.yaml").write_text(MODELS)
    (folder / "onefold.yaml").write_text("catalogs: {raw: data}\nplaceholder_ids: keep\n")


def add_day(folder: Path, rows: Path, count: int) -> None:
    """Add rows of a new day: half with two known ids, half with a known and a new id."""
    day = (
        "SELECT CASE WHEN i % 2 = 0 THEN anonymous_id ELSE md5(i::VARCHAR) END AS anonymous_id, user_id, "
        "TIMESTAMP '2026-12-01' + INTERVAL 1 SECOND * (i % 80000) AS seen_at "
        "FROM (SELECT *, row_number() OVER () AS i "
        f"FROM {sample(rows, count, 7)})"
    )
    copy(day, folder / "data/main/events/day.parquet")


def change_past(folder: Path, rows: Path, count: int) -> None:
    """Add late rows on 30 existing days, and delete half of the rows of a file."""
    events = folder / "data/main/events"
    copy(of_old_days(rows, count, 8), events / "late.parquet")
    copy(f"SELECT * FROM '{events}/some.parquet' WHERE hash(user_id) % 2 = 0", events / "fewer.parquet")
    (events / "fewer.parquet").replace(events / "some.parquet")


def of_old_days(rows: Path, count: int, seed: int) -> str:
    return (
        f"SELECT CASE WHEN i % 2 = 0 THEN anonymous_id ELSE md5(concat(i, ' {seed}')) END AS anonymous_id, user_id, "
        "TIMESTAMP '2025-02-01' + INTERVAL 13 SECOND * (i % 199000) AS seen_at "
        f"FROM (SELECT *, row_number() OVER () AS i FROM {sample(rows, count, seed)})"
    )


def sample(rows: Path, count: int, seed: int) -> str:
    return f"(FROM '{rows}' USING SAMPLE reservoir({count} ROWS) REPEATABLE ({seed}))"


def copy(query: str, to: Path) -> None:
    duckdb.connect().execute(f"COPY ({query}) TO '{to}'")


def run(folder: Path, how: str) -> dict[str, Any]:
    time.sleep(SETTLE_SECONDS)
    command = [sys.executable, __file__, "--child", how, "--folder", str(folder)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def child(how: str, folder: Path) -> None:
    """Run once, and print the seconds of the stitcher's model."""
    import onefold  # noqa: PLC0415

    project = onefold.load(folder)
    watch = Watch()
    step = project.run(end_time=END, models=["models/graph"], rebase_incremental=how == "full", observer=watch).step(
        "models/graph"
    )
    question = "SELECT bit_xor(hash(t)) AS h, COUNT(*) AS n FROM (SELECT user_main_id, other_id, valid_at FROM GRAPH) t"
    view = "profiles.GRAPH"
    with duckdb.connect(str(folder / "output/warehouse.duckdb"), read_only=True) as built:
        graph = built.execute(question.replace("GRAPH", view)).fetchall()
    how_built = step.graph.kind if step.graph is not None else ""
    print(json.dumps({"seconds": step.seconds, "processor": watch.used, "how": how_built, "graph": graph}))


class Watch:
    """Measures the processor time of the stitcher's model."""

    def __init__(self) -> None:
        self.began, self.used = 0.0, 0.0

    def step_started(self, *_: object) -> None:
        """Store the start time."""
        self.began = time.process_time()

    def step_finished(self, *_: object) -> None:
        """Store the elapsed time."""
        self.used = time.process_time() - self.began

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


if __name__ == "__main__":
    main()
