"""Compare DuckDB's time to write compressed and uncompressed columns.

The columns are those of an id graph: ids as UUIDs, main ids, and times of a year to the microsecond. Prints seconds,
processor seconds and megabytes of each, and the ratio. Both variants take turns. Of ``--repeat`` runs, the one with the
fewest processor seconds is printed.

    uv run python benchmarks/packing.py
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import duckdb

COLUMNS = {
    "ids": ("VARCHAR", "uuid()::VARCHAR"),
    "main ids": ("VARCHAR", "'rid' || md5(range::VARCHAR)"),
    "times": ("TIMESTAMP", "make_timestamp(1735689600000000 + (random() * 31536000000000)::BIGINT)"),
}
WAYS = {"packed": "", "as they are": " USING COMPRESSION UNCOMPRESSED"}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=6_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{arguments.rows:,} rows, DuckDB {duckdb.__version__}, fastest of {arguments.repeat}")
    print(f"{'column':<10}{'way':<13}{'seconds':>8}{'cpu':>7}{'MB':>6}{'of packed: cpu':>16}{'MB':>6}")
    for name, (kind, made) in COLUMNS.items():
        with duckdb.connect() as connection:
            query = f"SELECT {made} AS value FROM range({arguments.rows})"
            rows = connection.sql(query).to_arrow_table()
        best: dict[str, tuple[float, float, float]] = {}
        for _ in range(arguments.repeat):
            for way, storage in WAYS.items():
                found = written(rows, kind + storage)
                best[way] = min(best.get(way, found), found, key=lambda run: run[1])
        for way, (seconds, cpu, size) in best.items():
            ratios = f"{cpu / best['packed'][1]:>16.2f}{size / best['packed'][2]:>6.2f}"
            print(f"{name:<10}{way:<13}{seconds:>8.2f}{cpu:>7.2f}{size:>6.0f}{ratios}")


def written(rows: object, declared: str) -> tuple[float, float, float]:
    """Return seconds, processor seconds and megabytes of writing ``rows`` to a column declared in this way."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "written.duckdb")
        with duckdb.connect(file) as connection:
            connection.execute("SET preserve_insertion_order = false")
            connection.register("source", rows)
            connection.execute(f"CREATE TABLE written (value {declared})")
            began, processor = time.perf_counter(), time.process_time()
            connection.execute("INSERT INTO written SELECT value FROM source")
            connection.execute("CHECKPOINT")
            seconds, cpu = time.perf_counter() - began, time.process_time() - processor
        return seconds, cpu, file.stat().st_size / 1e6


if __name__ == "__main__":
    main()
