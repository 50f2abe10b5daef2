"""Measure audit questions on a large graph, and compare them with the stitch that built it.

    uv run benchmarks/audit.py                     20 million rows of two 36-character ids
    uv run benchmarks/audit.py --rows 1000000      fewer rows

Takes a number of rows. Prints a Markdown table with one line per question: seconds, processor seconds, the ratio of
both to the stitcher's model, and peak memory. The stitch and each question run in their own processes, one after the
other. The graph has families of devices around users, some shared devices, three devices with 50,000 users each, and
ten chains of 10,000 ids. It is generated once, under benchmarks/data. `explain` and `cluster` are measured on a typical
profile and on the largest ones.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

import onefold
from onefold.run.events import CompositeObserver

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.plan.model import Step
    from onefold.run.events import StepResult

DATA = Path(__file__).parent / "data"

PROJECT = """
name: audited
schema_version: 99
connection: local
model_folders: [models]
entities: [{name: user, id_types: [user_id, device]}]
id_types: [{name: user_id}, {name: device}]
"""
INPUTS = """
inputs:
  - name: logins
    app_defaults:
      table: raw.main.logins
      occurred_at_col: ts
      row_identifier: [id]
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: device, type: device, entity: user}
"""
HUBS, PER_HUB, CHAINS, PER_CHAIN = 3, 50_000, 10, 5_000

ROWS = """
COPY (
  WITH typical AS (
    SELECT i, hash(i) % {users} AS u, hash(i, 1) AS h FROM range({rows}) t(i)
  ),
  pairs AS (
    SELECT
      i AS id,
      'u' || u AS u,
      'd' || CASE WHEN h % 100 = 0 THEN hash(i, 2) % {users} ELSE u END || '-' || (h // 100) % 4 AS d
    FROM typical
    UNION ALL
    SELECT {rows} + i, 'hub' || i, 'hub' || i // {per_hub}
    FROM range({hubs} * {per_hub}) t(i)
    UNION ALL
    SELECT 2 * {rows} + i, 'chain' || i // 2, 'chain' || (i + 1) // 2 || '/' || i // 2 // {per_chain}
    FROM range({chains} * {per_chain} * 2) t(i)
  )
  SELECT
    id,
    md5(u)::UUID::TEXT AS user_id,
    md5(d)::UUID::TEXT AS device,
    TIMESTAMP '2025-01-01' + INTERVAL 1 SECOND * (id % 30000000) AS ts
  FROM pairs
) TO '{path}' (FORMAT parquet)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the graph, which is generated if missing")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    folder = arguments.data / f"audited_{arguments.rows}"
    if arguments.one is not None:
        print(json.dumps(measured(arguments.one, folder)))
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    if not (folder / "raw/main/logins.parquet").exists():
        make(folder, arguments.rows)
    shutil.rmtree(folder / "output", ignore_errors=True)
    print("| question | seconds | of the stitch | processor seconds | of the stitch | peak GB |")
    print("|---|---:|---:|---:|---:|---:|")
    stitch = None
    for what in (STITCH, *questions(folder)):
        command = [sys.executable, __file__, "--rows", str(arguments.rows), "--data", str(arguments.data)]
        done = subprocess.run([*command, "--one", what], check=True, capture_output=True, text=True)
        found = json.loads(done.stdout.splitlines()[-1])
        stitch = stitch or found
        wall, cpu = (found[name] / stitch[name] for name in ("seconds", "processor"))
        numbers = (f"{found['seconds']:.2f}", f"{wall:.2f}", f"{found['processor']:.2f}", f"{cpu:.2f}")
        print(f"| {' | '.join((what, *numbers, format(found['memory'], '.1f')))} |", flush=True)


STITCH = "the stitch"


def measured(what: str, folder: Path) -> dict[str, float]:
    """Return seconds, processor seconds and peak gigabytes of one question, or of the stitch within a run."""
    if what == STITCH:
        seconds = stitched(folder)
    else:
        question = questions(folder)[what]
        began = (time.perf_counter(), time.process_time())
        question()
        seconds = (time.perf_counter() - began[0], time.process_time() - began[1])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"seconds": seconds[0], "processor": seconds[1], "memory": memory}


def stitched(folder: Path) -> tuple[float, float]:
    """Run the project, and return the seconds and processor seconds of the stitcher's model."""
    watch = Watch()
    onefold.load(folder).run(end_time="2026-10-31", observer=watch)
    return watch.seconds[0], watch.seconds[1]


class Watch(CompositeObserver):
    """Measures the time of the stitcher's model."""

    def __init__(self) -> None:
        super().__init__(())
        self._began = self.seconds = (0.0, 0.0)

    def step_started(self, step: Step, number: int, total: int) -> None:  # noqa: ARG002 - as `Observer` has it
        """Store the start time."""
        self._began = (time.perf_counter(), time.process_time())

    def step_finished(self, result: StepResult) -> None:
        """Store the elapsed time, if the step is the stitcher."""
        if result.certificate is not None:
            self.seconds = (time.perf_counter() - self._began[0], time.process_time() - self._began[1])


def make(folder: Path, rows: int) -> None:
    """Write the project and its rows."""
    for name, text in (
        ("pb_project.yaml", PROJECT),
        ("models/inputs.yaml", INPUTS),
        ("onefold.yaml", "catalogs: {raw: raw}\n"),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    path = folder / "raw/main/logins.parquet"
    path.parent.mkdir(parents=True)
    duckdb.sql(
        ROWS.format(
            rows=rows, users=rows // 7, hubs=HUBS, per_hub=PER_HUB, chains=CHAINS, per_chain=PER_CHAIN, path=path
        )
    )


def questions(folder: Path) -> dict[str, Callable[[], Any]]:
    """Return the questions by name."""
    project = onefold.load(folder)
    audit = project.audit()
    path = folder / "raw/main/logins.parquet"
    typical, other = duckdb.execute(f"SELECT user_id, device FROM '{path}' WHERE id IN (77, 99) ORDER BY id").fetchall()
    asked: dict[str, Callable[[], Any]] = {
        "id_stitcher": audit.health,
        "clusters": audit.clusters,
        "sample": audit.sample,
        "bridges": audit.bridges,
        "thresholds, both directions": lambda: audit.thresholds(BOTH),
        "report, with thresholds of all pairs of types": lambda: project.report(thresholds=True).html(),
    }
    for name, ids in (
        ("a typical profile", typical),
        ("a chain of 10,000", (id_of("chain10"), id_of("chain4000"))),
        ("a device of 50,000", (id_of("hub7"), id_of("hub9"))),
    ):
        asked[f"cluster, {name}"] = partial(audit.cluster, ids[0])
        asked[f"explain, one id of {name}"] = partial(audit.explain, ids[0])
        asked[f"explain, two ids of {name}"] = partial(audit.explain, *ids, with_rows=False)
    asked["explain, two ids of a typical profile, with their rows"] = partial(audit.explain, *typical)
    asked["explain, two ids of different profiles"] = partial(audit.explain, typical[0], other[0])
    return asked


BOTH = [("device", "user_id"), ("user_id", "device")]


def id_of(text: str) -> str:
    """Return the id that `ROWS` generates from a text."""
    return str(duckdb.execute(f"SELECT md5('{text}')::UUID::TEXT").fetchall()[0][0])


def timed(what: str, question: Callable[[], Any]) -> None:
    """Run a question, and print its time."""
    began, cpu = time.perf_counter(), time.process_time()
    question()
    took = (time.perf_counter() - began, time.process_time() - cpu)
    print(f"{took[0]:8.2f} s, {took[1]:8.2f} s of a processor  {what}", flush=True)


if __name__ == "__main__":
    main()
