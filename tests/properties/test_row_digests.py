"""Days whose rows changed are found by digests, whatever changed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np

from .incremental_twins import Twins

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - {name: user, id_stitcher: models/graph, id_types: [user_id, device]}
id_types: [{name: user_id}, {name: device}]
"""
MODELS = """
inputs:
  - name: logins
    app_defaults:
      table: raw.main.logins
      occurred_at_col: ts
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: device, type: device, entity: user}
models:
  - name: graph
    model_type: id_stitcher
    model_spec: {entity_key: user, edge_sources: [{from: inputs/logins}]}
"""


def swappable() -> tuple[tuple[str, str], tuple[str, str]]:
    """Two people and two moments whose hashes differ in no bit in common.

    Rows (person, device, moment) of them have the same sum of hashes when the moments are swapped.
    """
    connection = duckdb.connect()
    people = "SELECT 'u' || i, HASH('u' || i, 'd' || i, TIMESTAMP '2026-03-01') FROM range(4000) r(i)"
    moments = "SELECT t, HASH(t) FROM range(TIMESTAMP '2026-03-01', TIMESTAMP '2026-03-02', INTERVAL 2 SECOND) r(t)"
    names, of_people = zip(*connection.execute(people).fetchall(), strict=True)
    hashes = np.array(of_people, dtype=np.uint64)
    times, of_times = zip(*connection.execute(moments).fetchall(), strict=True)
    pairs = ((one, int(np.bitwise_count(hashes ^ h).argsort()[1])) for one, h in enumerate(hashes))
    differing, first, second = min(
        ((int(hashes[one] ^ hashes[other]), one, other) for one, other in pairs), key=lambda found: found[0].bit_count()
    )
    met: dict[int, str] = {}
    for time, hashed in zip(times, of_times, strict=True):
        other = met.setdefault(hashed & differing, str(time))
        if other != str(time):
            return (names[first], names[second]), (other, str(time))
    raise AssertionError("no such moments")


class Logins(Twins):
    """Two rows, whose moments are swapped, among calm ones of other days."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, PROJECT, MODELS, "catalogs: {raw: raw.duckdb}\n")
        self.people, self.moments = swappable()

    @property
    def end(self) -> str:
        return "2026-03-05T00:00:00Z"

    def write(self, moments: tuple[str, str]) -> None:
        with duckdb.connect(str(self.folder / "raw.duckdb")) as raw:
            calm = "SELECT 'c' || i, 'x' || i, TIMESTAMP '2025-01-01' + INTERVAL 1 DAY * i FROM range(50) r(i)"
            raw.execute(f"CREATE OR REPLACE TABLE logins AS SELECT * FROM ({calm}) t(user_id, device, ts)")
            for person, moment in zip(self.people, moments, strict=True):
                raw.execute("INSERT INTO logins VALUES (?, ?, ?)", [person, person.replace("u", "d"), moment])

    def sums(self) -> tuple[int, ...]:
        with duckdb.connect(str(self.folder / "raw.duckdb"), read_only=True) as raw:
            found = raw.execute("SELECT SUM(HASH(user_id, device, ts)) FROM logins").fetchone()
            assert found is not None
            return found


def test_two_rows_that_swap_their_last_values(tmp_path: Path) -> None:
    """A day on which two rows swapped their times is read again, also where plain hashes have the same sum."""
    logins = Logins(tmp_path)
    logins.write(logins.moments)
    logins.run()
    before = logins.sums()
    logins.write((logins.moments[1], logins.moments[0]))
    assert logins.sums() == before
    logins.run()

    logins.right()
