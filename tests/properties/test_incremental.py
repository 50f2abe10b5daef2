"""An incremental run gives the same graph as a full rebuild, whatever rows are inserted, deleted or late."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.examples import examples

from .incremental_twins import Shop

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


@settings(
    max_examples=examples(6),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example is several runs: shrinking would take long
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(first=st.lists(ROW, max_size=8), steps=STEPS)
def test_an_incremental_run_equals_a_rebuild(first: list[Any], steps: list[tuple[list[Any], set[int]]]) -> None:
    """After each change every view equals that of a full rebuild with the same history, and so do the components."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.change(first, set())
        shop.run()
        for come, go in steps:
            shop.change(come, go)
            shop.run()

            shop.right()
            assert components(shop) == profiles(shop)
        assert all(graph.kind != "full" for graph in shop.built[1:]), shop.built


@settings(
    max_examples=examples(6),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(st.lists(LATER, min_size=1, max_size=7), min_size=3, max_size=4), st.integers(3, 4))
def test_later_rows_alone(days: list[list[Any]], untimed: int) -> None:
    """With only new rows, day after day, where profiles become supernodes, the graph equals a full rebuild."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        for number, rows in enumerate(days):
            times = [None if m == untimed else f"2026-02-0{number + 1} 1{m}:00:00" for *_, m in rows]
            shop.change([(*row[:4], time) for row, time in zip(rows, times, strict=True)], set())
            shop.run()

            shop.right()
        assert components(shop) == profiles(shop)


def test_more_rows_of_what_is_known(shop: Shop) -> None:
    """Another row of one day with two ids of one profile changes counts, and no profile."""
    shop.change([("logins", "u1", "d1", None, "2026-01-01 11:00:00")], set())
    shop.run()

    shop.right()
    assert shop.built[-1].profiles_solved == 0


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

    shop.right()


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


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop that has run. Not to be opened, only to be copied."""
    made = Shop(tmp_path_factory.mktemp("published"))
    made.change([("logins", "u1", "d1", None, "2026-01-01 10:00:00"), ("logins", "u2", "d2", None, None)], set())
    made.run()
    return made


@pytest.fixture
def shop(published: Shop, tmp_path: Path) -> Shop:
    return published.copied(tmp_path)


def test_nothing_changed(shop: Shop) -> None:
    """A run without a change reads no rows and creates no version."""
    shop.run()

    assert (shop.built[-1].days, shop.built[-1].days_read) == (202, 0)


def test_an_earlier_run_can_still_be_read(shop: Shop) -> None:
    """The output of a run stays readable under its sequence number when later runs extend its graph."""
    shop.change([("logins", "u1", "d2", None, "2026-01-02 10:00:00")], set())
    shop.run()
    tables = shop.rows(shop.folder, "SELECT table_name FROM information_schema.tables")
    runs = [next(t for (t,) in tables if t.startswith("Material_graph_") and t.endswith(f"_{n}")) for n in (1, 2)]

    counts = [shop.rows(shop.folder, f'SELECT COUNT(DISTINCT "user_main_id") FROM "{name}"') for name in runs]

    assert [next(iter(count)) for count in counts] == [(102,), (101,)]


def test_much_changed(shop: Shop) -> None:
    """If most days changed, all rows are read."""
    with duckdb.connect(str(shop.folder / "raw.duckdb")) as raw:
        raw.execute("UPDATE logins SET device = device || 'x'")
    shop.run()

    assert shop.built[-1].kind == "full"
    assert components(shop) == profiles(shop)
