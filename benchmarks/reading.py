"""Compare reading data files with DuckDB's type detection and with onefold.

The files hold orders: two ids, a time, an amount, a count and a page. Each variant reads three columns, and all six.
Prints seconds and processor seconds of each, and the ratio. Variants take turns, and the fastest of ``--repeat`` runs
is printed. Listing files, detecting types and collecting keys are included. Opening the database is not.

    uv run python benchmarks/reading.py
"""

from __future__ import annotations

import argparse
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from onefold.engines.duckdb import DuckDB

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS = """
    'user-' || i AS user_id, md5(i::VARCHAR) AS device, TIMESTAMP '2026-01-01' + INTERVAL (i) SECOND AS ts,
    (i % 10000) / 100.0 AS amount, i % 7 AS items, '/page/' || (i % 100) AS page
"""
PARTS = {"three": ("user_id", "device", "ts"), "six": ("user_id", "device", "ts", "amount", "items", "page")}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{arguments.rows:,} rows, DuckDB {duckdb.__version__}, fastest of {arguments.repeat}")
    print(f"{'files':<18}{'columns':<9}{'guessed':>9}{'cpu':>7}{'onefold':>9}{'cpu':>7}{'ratio':>8}{'cpu':>7}")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        opened = partial(DuckDB, Path(folder, "out.duckdb"), "main", catalogs={"raw": data})
        for name, source in written(Path(folder), arguments.rows).items():
            for part, columns in PARTS.items():
                best = {way: (float("inf"), float("inf")) for way in ("guessed", "onefold")}
                for _ in range(arguments.repeat):
                    used = f"SELECT {_used(columns)} FROM"
                    best["guessed"] = min(best["guessed"], timed(duckdb.connect, f"{used} {source}"))
                    best["onefold"] = min(best["onefold"], timed(opened, f"{used} raw.app.{name}"))
                (old, old_cpu), (new, new_cpu) = best.values()
                figures = (
                    f"{old:>9.2f}{old_cpu:>7.2f}{new:>9.2f}{new_cpu:>7.2f}{new / old:>8.2f}{new_cpu / old_cpu:>7.2f}"
                )
                print(f"{name:<18}{part:<9}{figures}")


def written(folder: Path, rows: int) -> dict[str, str]:
    """Write the files, and return the SQL that reads each one with DuckDB's type detection, by table name."""
    found = {}
    for name, suffix, options, parts in (
        ("csv", "csv", "FORMAT csv", 1), ("csv_folder", "csv", "FORMAT csv", 8),
        ("ndjson", "ndjson", "FORMAT json", 1), ("parquet", "parquet", "FORMAT parquet", 1),
        ("parquet_folder", "parquet", "FORMAT parquet", 64),
    ):  # fmt: skip
        for part in range(parts):
            path = folder / f"data/app/{name}.{suffix}" if parts == 1 else folder / f"data/app/{name}/{part}.{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            ids = f"range({part * rows // parts}, {(part + 1) * rows // parts}) r(i)"
            duckdb.execute(f"COPY (SELECT {COLUMNS} FROM {ids}) TO '{path}' ({options})")
        pattern = folder / f"data/app/{name}.{suffix}" if parts == 1 else folder / f"data/app/{name}/*.{suffix}"
        found[name] = f"read_{'json' if suffix == 'ndjson' else suffix}('{pattern}')"
    return found


def timed(connect: Callable[[], duckdb.DuckDBPyConnection | DuckDB], sql: str) -> tuple[float, float]:
    """Return seconds and processor seconds of a query on a new connection."""
    connection = connect()
    began, processor = time.perf_counter(), time.process_time()
    if isinstance(connection, DuckDB):
        connection.fetch(sql)
    else:
        connection.sql(sql).to_arrow_table()
    found = time.perf_counter() - began, time.process_time() - processor
    connection.close()
    return found


def _used(columns: tuple[str, ...]) -> str:
    # Hash the values: the statistics of a Parquet file would answer MAX without reading it.
    return ", ".join(f"max(hash({name}))" for name in columns)


if __name__ == "__main__":
    main()
