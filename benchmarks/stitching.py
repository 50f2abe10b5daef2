"""Compare ways to stitch, from a file of rows with two ids to a file of (id, component).

Generates its graph once, under ``benchmarks/data`` (see ``graphs.py``), and runs each way in its own process. Prints
a table: seconds (ways take turns, and the fastest of ``--repeat`` runs counts), processor seconds, peak memory, and
the ratio of both to the floor. The floor is DuckDB reading the rows, numbering the ids by string joins and writing
them back, without stitching. ``onefold-model`` is the whole model as `pb run` builds it: evidence, times, main ids
with their history, certificate, views. Every result must be the same partition. Slow ways run on a smaller graph of
the same kind, as the table shows.

    uv run python benchmarks/stitching.py
    uv run --with scipy --with splink python benchmarks/stitching.py --ways floor onefold scipy splink
    uv run python benchmarks/stitching.py --distinct 100000000
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from graphs import DATA, distinct_file, rows_file
from ways import WAYS, model_result

SCALED_DOWN = {"networkx": 20, "using-key": 20}
"""Slow ways, and the factor by which their graph is smaller."""

_NOT_INSTALLED = "No module named"


def main() -> None:
    """Print the table, or run one way as a child process."""
    arguments = _arguments()
    if arguments.child:
        file = Path(arguments.file)
        out = _output(arguments.child, file)
        print(json.dumps(_run(WAYS[arguments.child], file, out)))
        if arguments.child == "onefold-model":
            model_result(out)
        return
    if arguments.distinct:
        files = {"onefold": distinct_file(arguments.distinct)}
    else:
        files = {way: rows_file(arguments.rows // SCALED_DOWN.get(way, 1)) for way in arguments.ways}
    try:
        _print_table(files, arguments.repeat, is_compared=not arguments.distinct)
    finally:
        for path in DATA.glob("out_*.parquet"):
            path.unlink()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000_000, help="rows of the graph")
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS), help="which ways to run")
    parser.add_argument("--repeat", type=int, default=1, help="runs per way; the fastest counts")
    parser.add_argument("--distinct", type=int, metavar="IDS", help="stitch so many distinct ids, with onefold only")
    parser.add_argument("--child", choices=list(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    return parser.parse_args()


def _print_table(files: dict[str, Path], repeat: int, *, is_compared: bool) -> None:
    _child("onefold-evidence", rows_file(1_000_000))  # fills the cache of compiled code
    if is_compared:
        for file in {*files.values()} - {file for way, file in files.items() if way == "onefold"}:
            _child("onefold", file)  # what the others are compared with
    runs: dict[str, list[dict[str, Any]]] = {way: [] for way in files}
    results = {}
    for number in range(repeat):
        for way, file in sorted(files.items(), key=lambda item: item[0] != "onefold"):
            runs[way].append(_child(way, file))
            if number == 0 and runs[way][0] and way != "floor":
                results[way] = _compared(way, file) if is_compared else _counted(way, file)
    names = ", ".join(sorted({file.stem for file in files.values()}))
    print(f"{names}; {os.cpu_count()} processors, DuckDB {duckdb.__version__}, fastest of {repeat}")
    print(f"{'way':<17}{'seconds':>8}{'of floor':>9}{'cpu':>7}{'GB':>6}{'of floor':>9}  {'profiles':<18} parts")
    floor = _best(runs.get("floor", []))
    for way in files:
        print(_line(way, _best(runs[way]), {} if way in SCALED_DOWN else floor, results.get(way, "-")))


def _line(way: str, best: dict[str, Any], floor: dict[str, Any], result: str) -> str:
    if not best:
        return f"{way:<17} not installed"
    parts = ", ".join(f"{part} {seconds:.1f}" for part, seconds in best["parts"].items())
    ratios = [f"{best[what] / floor[what]:.2f}" if floor else "-" for what in ("seconds", "gigabytes")]
    smaller = f" (on a graph {SCALED_DOWN[way]} times smaller)" if way in SCALED_DOWN else ""
    return (
        f"{way:<17}{best['seconds']:>8.1f}{ratios[0]:>9}{best['cpu']:>7.1f}"
        f"{best['gigabytes']:>6.2f}{ratios[1]:>9}  {result:<18} {parts}{smaller}"
    )


def _best(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fastest run, with the largest memory of all runs."""
    if not runs or not all(runs):
        return {}
    fastest = min(runs, key=lambda run: float(run["seconds"]))
    return {**fastest, "gigabytes": max(run["gigabytes"] for run in runs)}


def _child(way: str, file: Path) -> dict[str, Any]:
    """Return the measurements of a child process, or nothing if the package of the way is not installed."""
    command = [sys.executable, __file__, "--child", way, "--file", str(file)]
    # As after installation: without compiled modules, importing numba takes a second more.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if _NOT_INSTALLED in done.stderr:
        return {}
    if done.returncode:
        raise SystemExit(done.stderr)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _run(way: Any, file: Path, out: Path) -> dict[str, Any]:
    began, processor = time.perf_counter(), time.process_time()
    parts = way(file, out)
    seconds, used = time.perf_counter() - began, time.process_time() - processor
    return {"seconds": seconds, "cpu": used, "gigabytes": _peak_gigabytes(), "parts": parts}


def _peak_gigabytes() -> float:
    """Return the peak memory of this process."""
    try:
        # On Linux, `ru_maxrss` of a child includes its parent's memory; this value does not.
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 30)
    return int(status.split("VmHWM:")[1].split()[0]) / (1 << 20)


def _output(way: str, file: Path) -> Path:
    return file.with_name(f"out_{way}_{file.name}")


def _counted(way: str, file: Path) -> str:
    query = f"SELECT count(*), count(DISTINCT component) FROM '{_output(way, file)}'"
    ids, profiles = duckdb.connect().execute(query).fetchone() or (0, 0)
    return f"{profiles:,} of {ids:,}"


def _compared(way: str, file: Path) -> str:
    """Return the number of profiles, after checking that the partition equals that of onefold."""
    ours, out = _output("onefold", file), _output(way, file)
    # Texts are compared by 64-bit hashes, which takes a fifth of the time.
    wrong = (
        f"WITH found AS (SELECT hash(id) AS id, component FROM '{out}') SELECT count(*) FROM '{file}'"
        " JOIN found AS a ON a.id = hash(anonymous_id) JOIN found AS u ON u.id = hash(user_id)"
        " WHERE a.component <> u.component"
        if out == ours
        else "SELECT greatest(count(*) - count(DISTINCT a), count(*) - count(DISTINCT b)) FROM (SELECT DISTINCT"
        f" a.component AS a, b.component AS b FROM '{ours}' AS a FULL JOIN '{out}' AS b ON hash(a.id) = hash(b.id))"
    )
    (count,) = duckdb.connect().execute(wrong).fetchone() or (0,)
    if count:
        return f"{count:,} WRONG"
    (profiles,) = duckdb.connect().execute(f"SELECT count(DISTINCT component) FROM '{out}'").fetchone() or (0,)
    return f"{profiles:,}"


if __name__ == "__main__":
    main()
