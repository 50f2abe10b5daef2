"""The questions of the audit on a large graph, beside the stitch that made it.

    uv run benchmarks/audit.py                     20 million rows of two 36-character ids
    uv run benchmarks/audit.py --rows 1000000      fewer

In: a number of rows. Out: one line per question, with its time. The graph has families of devices around users, users
that share a device now and then, three devices with 50,000 users each, and ten chains of 10,000 ids. It is made and
stitched once, under benchmarks/data; `explain` and `cluster` are asked of an ordinary profile and of a chain.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

import onefold

if TYPE_CHECKING:
    from collections.abc import Callable

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
  WITH ordinary AS (
    SELECT i, hash(i) % {users} AS u, hash(i, 1) AS h FROM range({rows}) t(i)
  ),
  pairs AS (
    SELECT
      i AS id,
      'u' || u AS u,
      'd' || CASE WHEN h % 100 = 0 THEN hash(i, 2) % {users} ELSE u END || '-' || (h // 100) % 4 AS d
    FROM ordinary
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
    parser.add_argument("--data", type=Path, default=DATA, help="where the graph is, or is made")
    arguments = parser.parse_args()
    folder = arguments.data / f"audited_{arguments.rows}"
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if not (folder / "raw/main/logins.parquet").exists():
        make(folder, arguments.rows)
    project = onefold.load(folder)
    if not (folder / "output").exists():
        timed("stitch, with everything around it", lambda: project.run(end_time="2026-10-31"))
    ask(project)


def make(folder: Path, rows: int) -> None:
    """The project and its rows."""
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


def ask(project: onefold.Project) -> None:
    """Each question once."""
    audit = project.audit()

    def id_of(text: str) -> str:
        return str(duckdb.execute(f"SELECT md5('{text}')::UUID::TEXT").fetchall()[0][0])

    timed("id_stitcher", audit.health)
    timed("clusters", audit.clusters)
    timed("sample", audit.sample)
    timed("bridges", audit.bridges)
    timed("report, without thresholds", lambda: project.report(thresholds=False).html())
    timed("thresholds, both directions", lambda: audit.thresholds([("device", "user_id"), ("user_id", "device")]))
    path = project.folder / "raw/main/logins.parquet"
    rows = duckdb.execute(f"SELECT user_id, device FROM '{path}' WHERE id IN (77, 99) ORDER BY id").fetchall()
    for name, ids in (
        ("an ordinary profile", rows[0]),
        ("a chain of 10,000", (id_of("chain10"), id_of("chain4000"))),
        ("a device of 50,000", (id_of("hub7"), id_of("hub9"))),
    ):
        timed(f"cluster, {name}", partial(audit.cluster, ids[0]))
        timed(f"explain, one id of {name}", partial(audit.explain, ids[0]))
        timed(f"explain, two ids of {name}", partial(audit.explain, *ids, with_rows=False))
    timed("the same of an ordinary profile, with the rows", partial(audit.explain, *rows[0]))
    timed("explain, two ids that nothing joins", partial(audit.explain, rows[0][0], rows[1][0]))


def timed(what: str, question: Callable[[], Any]) -> None:
    began = time.perf_counter()
    question()
    print(f"{time.perf_counter() - began:8.2f} s  {what}", flush=True)


if __name__ == "__main__":
    main()
