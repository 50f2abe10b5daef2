"""Measure a comparison of two runs, and a plan, on a large graph.

    uv run benchmarks/diff.py                     20 million rows of two 36-character ids
    uv run benchmarks/diff.py --rows 1000000      fewer rows

Takes a number of rows. Prints one line per step: seconds, processor seconds, and peak memory so far. The rows are those
of benchmarks/audit.py. The last hundredth of them arrives after the first run.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import onefold
from audit import DATA, make, timed

FEATURES = """
var_groups:
  - name: vars
    entity_key: user
    vars:
      - entity_var: {name: logins, from: inputs/logins, select: COUNT(*), default_value: 0}
      - entity_var: {name: last_seen, from: inputs/logins, select: MAX(ts)}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the rows, which are generated if missing")
    arguments = parser.parse_args()
    folder = arguments.data / f"compared_{arguments.rows}"
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if not (folder / "raw/main/logins.parquet").exists():
        make(folder, arguments.rows)
        (folder / "models/profiles.yaml").write_text(FEATURES)
    shutil.rmtree(folder / "output", ignore_errors=True)
    project = onefold.load(folder)
    # One row per second, in the order of their numbers.
    early = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=int(arguments.rows * 0.99))
    limit = ["device.maximum_edges.user_id=5"]
    for what, step in (
        ("the first run, of 99 in 100 rows", lambda: project.run(end_time=early)),
        ("a plan of all rows, built upon it", lambda: project.preview(end_time="2026-10-31")),
        ("the run of all rows, built upon it", lambda: project.run(end_time="2026-10-31")),
        ("comparison of the two runs", lambda: project.audit().diff(1, 2)),
        ("a plan of a limit, full rebuild", lambda: project.preview(end_time="2026-10-31", settings=limit)),
    ):
        timed(what, step)
        print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:8.1f} GB so far")


if __name__ == "__main__":
    main()
