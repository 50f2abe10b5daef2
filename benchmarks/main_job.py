"""Measure the main job at several sizes, and compare it with two floors: reading the inputs and writing the outputs.

    uv run benchmarks/main_job.py                            5,000, 100,000 and 1,000,000 people
    uv run benchmarks/main_job.py --people 5000 --repeat 5   one size

Takes sizes and prints one table. The floor writes a table for each published view. The narrow floor writes only ids
and features by main id. Shops are generated once, under benchmarks/data. Each measurement is a process of its own, so
that peak memory is separate. Job and floors take turns, and the shortest times are printed. Compare ratios, not
seconds. On a busy machine, compare processor times.
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
import tempfile
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"
END_TIME = "2026-10-31T23:59:59Z"
WAYS = ("job", "floor", "narrow")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, nargs="+", default=[5_000, 100_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=3, help="measurements of each; the best counts")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the shops, which are generated if missing")
    parser.add_argument("--child", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.folder)
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    rows = [measure(people, arguments.repeat, arguments.data) for people in arguments.people]
    print_table(rows)
    measure_start()


# --- one size ---


def measure(people: int, repeat: int, data: Path) -> dict[str, Any]:
    """Measure job and floors on one shop, in turns."""
    shop = data / f"shop_{people}"
    if not shop.exists():
        print(f"making a shop of {people:,} people", file=sys.stderr)
        shop.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "onefold.cli.main", "insert", "--people", str(people), "--out", str(shop)],
            check=True,
        )
    with tempfile.TemporaryDirectory(dir=data if data.exists() else None) as folder:
        project = Path(folder)
        copy_project(project, shop)
        found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for _ in range(repeat):
            shutil.rmtree(project / "output", ignore_errors=True)
            for way, measured in found.items():
                measured.append(run_child(way, project))
    best = {way: min(measured, key=lambda r: float(r["seconds"])) for way, measured in found.items()}
    busy = {way: min(float(r["busy"]) for r in measured) for way, measured in found.items()}
    return {"people": people, "best": best, "busy": busy}


def copy_project(to: Path, shop: Path) -> None:
    for name in ("pb_project.yaml", "models"):
        source = REPOSITORY / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, to / name)
    settings = (REPOSITORY / "onefold.yaml").read_text(encoding="utf-8")
    (to / "onefold.yaml").write_text(settings.replace("sample_data/", f"{shop.resolve()}/"), encoding="utf-8")


def run_child(what: str, project: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--child", what, "--folder", str(project)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=warm())
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def warm() -> dict[str, str]:
    """Return an environment in which Python keeps compiled modules, as it does by default."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


# --- in a child process ---


def child(what: str, project: Path) -> None:
    result = job(project) if what == "job" else floor(project, is_narrow=what == "narrow")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**result, "peak_mib": peak / 1024}))


def job(folder: Path) -> dict[str, Any]:
    """Measure `pb run`, without the start of Python."""
    began, busy = time.perf_counter(), time.process_time()
    import onefold  # noqa: PLC0415 - measured

    result = onefold.load(folder).run(end_time=END_TIME)
    steps = {s.step.ref: s.seconds for s in result.steps}
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    return {"seconds": seconds, "busy": busy, "steps": steps, "rows": {s.step.ref: s.rows for s in result.steps}}


def floor(folder: Path, *, is_narrow: bool) -> dict[str, Any]:
    """Measure reading all columns that the job reads, and writing the job's outputs as tables."""
    import duckdb  # noqa: PLC0415 - measured

    connection = duckdb.connect()
    database = folder / "output" / "warehouse.duckdb"
    connection.execute(f"ATTACH '{database}' AS built (READ_ONLY)")
    connection.execute("SET preserve_insertion_order = false")
    shops = sorted((folder / "onefold.yaml").read_text(encoding="utf-8").split())
    root = next(Path(w).parent for w in shops if w.endswith("/WAREHOUSE"))
    named = (
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'built' AND table_schema = 'profiles'"
    )
    every = [name for (name,) in connection.execute(named).fetchall() if name.startswith(("USER_", "WITH_"))]
    views = ["USER_ID_STITCHER", "USER_FEATURE_VIEW"] if is_narrow else sorted(every)
    # The rows to write are read before the measurement starts.
    for view in views:
        connection.execute(f"CREATE TEMP TABLE {view} AS SELECT * FROM built.profiles.{view}")
    target = folder / "output" / "floor.duckdb"
    target.unlink(missing_ok=True)
    began, busy = time.perf_counter(), time.process_time()
    connection.execute(f"ATTACH '{target}' AS floor")
    for path in sorted(root.glob("*/*/*.parquet")):
        columns = COLUMNS[path.stem]
        hashed = " + ".join(f"HASH({c})::HUGEINT" for c in columns)
        connection.execute(f"SELECT SUM({hashed}) FROM read_parquet('{path}')").fetchall()
    for view in views:
        connection.execute(f"CREATE TABLE floor.{view} AS SELECT * FROM {view}")
    connection.execute("CHECKPOINT floor")
    return {"seconds": time.perf_counter() - began, "busy": time.process_time() - busy, "views": views}


COLUMNS = {
    "F_ORDERS_FILTERED_TP": (
        "order_id", "customer_id", "order_status", "order_completed_at_est", "is_manual_order", "total_revenue_usd",
        "sales_subtotal_usd", "refund_amount_usd", "coupon_code",
    ),
    "F_ORDER_ITEMS_FILTERED_TP": (
        "order_item_id", "customer_id", "designer_id", "product_id", "design_id", "order_completed_at_est",
        "was_transacted_line_item", "item_count",
    ),
    "identifies": ("anonymous_id", "user_id", "email", '"timestamp"'),
    "DIM_DESIGNS": ("design_id", "theme", "theme_genre"),
    "DIM_PRODUCTS": ("product_id", "canvas_group", "product_style", "product_color", "is_apparel"),
}  # fmt: skip


# --- the table ---


def print_table(rows: list[dict[str, Any]]) -> None:
    print(f"\n{'people':>10} {'':>7} {'seconds':>9} {'job is':>7} {'processor':>10} {'job is':>7} {'peak memory':>12}")
    for row in rows:
        for way in WAYS:
            seconds, busy = row["best"][way]["seconds"], row["busy"][way]
            times, busy_times = row["best"]["job"]["seconds"] / seconds, row["busy"]["job"] / busy
            print(
                f"{row['people']:>10,} {way:>7} {seconds:>7.2f} s {times:>6.1f}x {busy:>8.2f} s {busy_times:>6.1f}x "
                f"{row['best'][way]['peak_mib']:>8,.0f} MiB"
            )
    last, job = rows[-1], rows[-1]["best"]["job"]
    print(f"\nthe floor writes {', '.join(last['best']['floor']['views'])};")
    print(f"the narrow floor writes {', '.join(last['best']['narrow']['views'])}")
    print(f"\nshares of the job at {last['people']:,} people")
    shares = dict(job["steps"])
    shares["checks, start, publishing"] = job["seconds"] - sum(shares.values())
    for ref, seconds in shares.items():
        made = job["rows"].get(ref)
        print(f"{seconds / job['seconds']:>7.1%} {seconds:>8.2f} s  {ref}" + (f" ({made:,} rows)" if made else ""))


def measure_start() -> None:
    """Measure `pb --help` in its own process, and an empty Python program."""
    seconds = {}
    for name, command in (
        ("python -c ''", [sys.executable, "-c", ""]),
        ("pb --help", [sys.executable, "-m", "onefold.cli.main", "--help"]),
    ):
        times = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=warm())
            times.append(time.perf_counter() - began)
        seconds[name] = min(times)
    print("\n" + ", ".join(f"{name}: {s:.2f} s" for name, s in seconds.items()))


if __name__ == "__main__":
    main()
