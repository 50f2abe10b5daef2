"""Generate the graphs for `stitching.py`: rows of two ids each, as Parquet files, once under ``data/``.

Takes a number of rows and a seed. Returns the path of a file of rows (anonymous_id, user_id, seen_at), in random order.
The ids are UUIDs of 36 characters. The graph has typical and pathological shapes: many profiles of a few ids, ten giant
random components, twenty chains, and one user with very many devices.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

DATA = Path(__file__).parent / "data"

PROFILES_PER_ROW = 0.145
GIANTS, GIANT_PER_ROW = 10, 0.0025
CHAINS, CHAIN_PER_ROW = 20, 0.0005
STAR_PER_ROW = 0.05

_UUID = "md5({0}).regexp_replace('(.{{8}})(.{{4}})(.{{4}})(.{{4}})(.{{12}})', '\\1-\\2-\\3-\\4-\\5')"


def rows_file(rows: int, seed: int = 7) -> Path:
    """Return a file of ``rows`` rows with 0.6 ids per row; 20 million have giants of 50,000 ids, chains of 10,000."""
    path = DATA / f"rows_{rows}_{seed}.parquet"
    if not path.exists():
        anonymous, user = _links(rows, np.random.default_rng(seed))
        links = pa.table({"a": anonymous, "u": user})
        _write(path, "links", seed, links=links)
    return path


def distinct_file(ids: int, seed: int = 7) -> Path:
    """Return a file with exactly ``ids`` distinct ids, in 0.8 rows per id: a device per row, four devices per user."""
    path = DATA / f"distinct_{ids}_{seed}.parquet"
    if not path.exists():
        rows = ids * 4 // 5
        # A step coprime to the number of rows visits each row once, in an order far from sorted.
        step = next(n for n in range(int(rows * 0.618), rows) if np.gcd(n, rows) == 1)
        _write(
            path, f"(SELECT r AS a, r // 4 AS u FROM (SELECT (range * {step}) % {rows} AS r FROM range({rows})))", seed
        )
    return path


def _write(path: Path, source: str, seed: int, **tables: Any) -> None:
    DATA.mkdir(exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order=false")
    for name, table in tables.items():
        connection.register(name, table)
    anonymous, user = (_UUID.format(f"'{seed}{kind}' || {kind}") for kind in "au")
    half_made = path.with_suffix(".part")
    connection.execute(
        f"COPY (SELECT {anonymous} AS anonymous_id, {user} AS user_id,"
        f" TIMESTAMP '2024-01-01' + to_seconds(hash(a, u, {seed}) % 40000000) AS seen_at FROM {source})"
        f" TO '{half_made}' (FORMAT parquet, COMPRESSION zstd)"
    )
    half_made.rename(path)


def _links(rows: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return the two numbers of each row: all edges of the shapes, some of them repeated, in random order."""
    shapes = [_small(round(rows * PROFILES_PER_ROW), rng)]
    shapes += [_giant(round(rows * GIANT_PER_ROW / 2), rng) for _ in range(GIANTS)]
    shapes += [_chain(round(rows * CHAIN_PER_ROW / 2)) for _ in range(CHAINS)]
    star = round(rows * STAR_PER_ROW)
    shapes.append((np.arange(star), np.zeros(star, dtype=np.int64)))
    columns: tuple[list[Any], list[Any]] = ([], [])
    first = [0, 0]
    for ends in shapes:
        for side in (0, 1):
            columns[side].append(ends[side] + first[side])
            first[side] += int(ends[side].max()) + 1
    anonymous, user = (np.concatenate(column) for column in columns)
    chosen = np.concatenate((np.arange(anonymous.size), rng.integers(0, anonymous.size, rows - anonymous.size)))
    rng.shuffle(chosen)
    return anonymous[chosen], user[chosen]


def _small(profiles: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return profiles of one user and some devices; every seventh has a second user on its first device."""
    devices = rng.geometric(0.42, profiles)
    user = np.repeat(np.arange(profiles), devices)
    first_device = np.cumsum(devices) - devices
    seconds = np.arange(0, profiles, 7)
    anonymous = np.concatenate((np.arange(user.size), first_device[seconds]))
    return anonymous, np.concatenate((user, profiles + np.arange(seconds.size)))


def _giant(half: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return a random tree of devices and users: each node is linked to a random earlier one of the other type."""
    n = np.arange(1, half)
    anonymous = np.concatenate((np.arange(half), (rng.random(half - 1) * n).astype(np.int64)))
    user = np.concatenate((np.zeros(1, dtype=np.int64), (rng.random(half - 1) * n).astype(np.int64), n))
    return anonymous, user


def _chain(half: int) -> tuple[Any, Any]:
    """Return a chain of devices and users, each linked to the previous one."""
    n = np.arange(half)
    return np.concatenate((n, n[1:])), np.concatenate((n, n[:-1]))
