"""A run that builds on the last one gives what a run of all rows gives, whatever comes, goes, or comes late."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import onefold

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - {name: user, id_stitcher: models/graph, id_types: [user_id, email, device]}
id_types:
  - {name: user_id}
  - {name: email, filters: [{type: exclude, value: e9}]}
  - {name: device}
"""
MODELS = """
inputs:
  - name: logins
    app_defaults:
      table: raw.main.logins
      occurred_at_col: ts
      row_identifier: [key]
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: device, type: device, entity: user}
  - name: mails
    app_defaults:
      table: raw.main.mails
      occurred_at_col: ts
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: email, type: email, entity: user}
        - {select: other_email, type: email, entity: user}
models:
  - name: seen_mails
    model_type: sql_template
    model_spec:
      materialization: {output_type: ephemeral}
      occurred_at_col: ts
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: email, type: email, entity: user}
        - {select: other_email, type: email, entity: user}
      single_sql: "SELECT * FROM {{ this.DeRef('inputs/mails') }}"
  - name: graph
    model_type: id_stitcher
    model_spec:
      entity_key: user
      edge_sources:
        - {from: inputs/logins}
        - {from: models/seen_mails}
"""
END = "2026-10-31T00:00:00Z"

ROW = st.tuples(
    st.sampled_from(["logins", "mails"]),
    st.sampled_from([None, "", "u1", "u2", "u3", "u4"]),
    st.sampled_from([None, "d1", "d2", "d3", "e9", "null"]),
    st.sampled_from([None, "d1", "d4"]),
    st.sampled_from([None, "2026-01-01 10:00:00", "2026-01-01 11:00:00", "2026-03-05 00:00:00", "2026-06-01 23:59:59"]),
)
"""A row of either table: user id, device or email, other email, time. Many more days stand behind them unchanged."""

STEPS = st.lists(st.tuples(st.lists(ROW, max_size=4), st.sets(st.integers(0, 30), max_size=3)), min_size=1, max_size=3)
"""Per run: rows that come, and numbers of rows that go."""


USERS, DEVICES = [f"u{n}" for n in range(8)], [f"d{n}" for n in range(6)]
LATER = st.tuples(
    st.sampled_from(["logins", "logins", "mails"]),
    st.sampled_from([None, *USERS]),
    st.sampled_from([None, "e9", *DEVICES]),
    st.sampled_from([None, *DEVICES]),
    st.integers(0, 3),
)
"""A row as `ROW`, at one of four moments of its run's day."""


class Shop:
    """A project over two tables that change, and a copy of it that is built anew each time."""

    @property
    def end(self) -> str:
        """The end time of each run."""
        return END

    def __init__(self, folder: Path) -> None:
        self.folder, self.twin = folder / "grown", folder / "anew"
        (self.folder / "models").mkdir(parents=True)
        (self.folder / "pb_project.yaml").write_text(PROJECT)
        (self.folder / "models/models.yaml").write_text(MODELS)
        (self.folder / "onefold.yaml").write_text("catalogs: {raw: raw.duckdb}\njunk_ids: drop\n")
        self.count = 0
        self.how: list[str] = []
        self.certified: list[bool] = []
        with self._raw() as raw:
            raw.execute("CREATE TABLE logins (n INT, key TEXT, user_id TEXT, device TEXT, ts TIMESTAMP)")
            raw.execute("CREATE TABLE mails (n INT, user_id TEXT, email TEXT, other_email TEXT, ts TIMESTAMP)")
            # So many other rows that what changes is a small part.
            calm = "1000 + i, 'k' || (1000 + i), 'c' || (i // 2), 'p' || i, TIMESTAMP '2025-01-01' + INTERVAL 1 DAY * i"
            raw.execute(f"INSERT INTO logins SELECT {calm} FROM range(200) r(i)")

    def _raw(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.folder / "raw.duckdb"))

    def change(self, come: list[Any], go: set[int]) -> None:
        with self._raw() as raw:
            for n in go:
                raw.execute("DELETE FROM logins WHERE n = ?", [n])
                raw.execute("DELETE FROM mails WHERE n = ?", [n])
            for table, user, one, other, ts in come:
                self.count += 1
                if table == "logins":
                    row = [self.count, f"k{self.count}", user, one, ts]
                else:
                    row = [self.count, user, one, other, ts]
                raw.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", row)

    def run(self) -> None:
        """Run both, from the same history."""
        shutil.rmtree(self.twin, ignore_errors=True)
        shutil.copytree(self.folder, self.twin)
        done = onefold.load(self.folder).run(end_time=self.end).step("models/graph")
        anew = onefold.load(self.twin).run(end_time=self.end, rebase_incremental=True).step("models/graph")
        assert done.graph is not None
        self.certified.append(done.certificate == anew.certificate)
        self.how.append(done.graph.how)

    def rows(self, folder: Path, sql: str) -> Counter[tuple[Any, ...]]:
        return Counter(tuple(r.values()) for r in onefold.load(folder).query(sql).arrow.to_pylist())

    def both(self, sql: str) -> Iterator[Counter[tuple[Any, ...]]]:
        return (self.rows(folder, sql) for folder in (self.folder, self.twin))


VIEWS = ("GRAPH", "GRAPH_EDGES", "GRAPH_QUARANTINE", "GRAPH_ALIASES", "GRAPH_ID_HISTORY", "USER_FEATURE_VIEW")


@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example is several runs: shrinking would take long
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(first=st.lists(ROW, max_size=8), steps=STEPS)
def test_a_grown_graph_is_that_of_all_rows(first: list[Any], steps: list[tuple[list[Any], set[int]]]) -> None:
    """After each change every view equals that of a run of all rows with the same history; so do the components."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.change(first, set())
        shop.run()
        for come, go in steps:
            shop.change(come, go)
            shop.run()

            for view in VIEWS:
                grown, anew = shop.both(f"SELECT * FROM {view}")
                assert grown == anew, view
            assert components(shop) == profiles(shop)
        assert all("were read" in how and "all rows" not in how for how in shop.how[1:]), shop.how
        assert all(shop.certified)


@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(st.lists(LATER, min_size=1, max_size=7), min_size=3, max_size=4), st.integers(3, 4))
def test_a_graph_grown_by_later_rows(days: list[list[Any]], untimed: int) -> None:
    """Where rows only come, day after day, and profiles stand for their ids, all is as in a run of all rows."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        for number, rows in enumerate(days):
            times = [None if m == untimed else f"2026-02-0{number + 1} 1{m}:00:00" for *_, m in rows]
            shop.change([(*row[:4], time) for row, time in zip(rows, times, strict=True)], set())
            shop.run()

            for view in VIEWS:
                grown, anew = shop.both(f"SELECT * FROM {view}")
                assert grown == anew, view
        assert components(shop) == profiles(shop)


def test_more_rows_of_what_is_known(shop: Shop) -> None:
    """Another row of a day and two ids that are together already changes counts, and no profile."""
    shop.change([("logins", "u1", "d1", None, "2026-01-01 11:00:00")], set())
    shop.run()

    for view in VIEWS:
        grown, anew = shop.both(f"SELECT * FROM {view}")
        assert grown == anew, view
    assert shop.how[-1].endswith("0 profiles were solved again")


def test_rows_of_an_id_with_several_that_are_none(shop: Shop) -> None:
    """Rows that say only that an id was seen are kept one by one, though other rows of the same day change."""
    day = [("logins", "u7", "null", None, "2026-02-01 10:00:00"), ("logins", "u7", "0", None, "2026-02-01 09:00:00")]
    shop.change(day, set())
    shop.run()
    again = ("logins", "u7", "null", None, "2026-02-01 11:00:00")
    shop.change([again, ("logins", "u7", "d7", None, "2026-03-01 10:00:00")], set())
    shop.run()
    shop.change([], {6})
    shop.run()

    for view in VIEWS:
        grown, anew = shop.both(f"SELECT * FROM {view}")
        assert grown == anew, view


def profiles(shop: Shop) -> set[frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for main_id, other_id, kind in shop.rows(shop.folder, "SELECT user_main_id, other_id, other_id_type FROM GRAPH"):
        found.setdefault(main_id, set()).add((other_id, kind))
    return {frozenset(ids) for ids in found.values()}


def components(shop: Shop) -> set[frozenset[tuple[str, str]]]:
    """What networkx makes of the rows."""
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    with duckdb.connect(str(shop.folder / "raw.duckdb"), read_only=True) as raw:
        rows = [
            *(((u, "user_id"), (d, "device")) for u, d in raw.execute("SELECT user_id, device FROM logins").fetchall()),
            *(
                ((u, "user_id"), (e, "email"), (o, "email"))
                for u, e, o in raw.execute("SELECT user_id, email, other_email FROM mails").fetchall()
            ),
        ]
    for row in rows:
        ids = [(i, kind) for i, kind in row if i not in {None, "", "null"} and not (kind == "email" and i == "e9")]
        graph.add_nodes_from(ids)
        graph.add_edges_from((ids[0], other) for other in ids[1:])
    return {frozenset(ids) for ids in nx.connected_components(graph)}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.change([("logins", "u1", "d1", None, "2026-01-01 10:00:00"), ("logins", "u2", "d2", None, None)], set())
    made.run()
    return made


def test_nothing_changed(shop: Shop) -> None:
    """A run without a change reads no row and makes no version."""
    shop.run()

    assert shop.how[-1].startswith("of 202 days of rows, 0 had changed")


def test_an_earlier_run_can_still_be_read(shop: Shop) -> None:
    """What a run made stays readable under its sequence number when later ones build on it."""
    shop.change([("logins", "u1", "d2", None, "2026-01-02 10:00:00")], set())
    shop.run()
    tables = shop.rows(shop.folder, "SELECT table_name FROM information_schema.tables")
    runs = [next(t for (t,) in tables if t.startswith("Material_graph_") and t.endswith(f"_{n}")) for n in (1, 2)]

    counts = [shop.rows(shop.folder, f'SELECT COUNT(DISTINCT "user_main_id") FROM "{name}"') for name in runs]

    assert [next(iter(count)) for count in counts] == [(102,), (101,)]


def test_much_changed(shop: Shop) -> None:
    """Where most days changed, all rows are read."""
    with duckdb.connect(str(shop.folder / "raw.duckdb")) as raw:
        raw.execute("UPDATE logins SET device = device || 'x'")
    shop.run()

    assert shop.how[-1] == "all rows were read"
    assert components(shop) == profiles(shop)
