"""``incremental_timedelta``: rows of its window are looked at, and nothing is left open where none but these change."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.cli.conftest import call
from tests.examples import examples

import onefold
from onefold.plan.durations import duration

from .incremental_twins import MODELS, PROJECT, Shop

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOW = 48
FIRST_END = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - in UTC, as all

ROW = st.tuples(
    st.sampled_from(["logins", "mails"]),
    st.sampled_from([None, "u1", "u2", "u3", "u4"]),
    st.sampled_from([None, "d1", "d2", "d3", "e9"]),
    st.sampled_from([None, "d1", "d4"]),
    st.sampled_from([None, -WINDOW, -40, -20, -1, 0, 5, 23, 24, 30]),
)
"""A row as that of `test_incremental`, with its time in hours from the end time of the last run."""


class Windowed(Shop):
    """A shop whose stitcher has a window, and whose end time moves on by a day with each run."""

    def __init__(self, folder: Path, window: str = f"{WINDOW}h") -> None:
        models = MODELS.replace("entity_key: user\n", f"entity_key: user\n      incremental_timedelta: {window}\n")
        super().__init__(folder, PROJECT, models)
        self.at = FIRST_END
        self.times: dict[int, datetime | None] = {}

    @property
    def end(self) -> str:
        """The end time of the next run."""
        return f"{self.at.isoformat()}Z"

    def day(self, come: Iterable[Any], go: set[int]) -> None:
        """Rows come, and those of numbers in ``go`` that are in the window, or have no time, are gone."""
        last = self.at
        since = last - timedelta(hours=WINDOW)
        gone = {n for n in go & self.times.keys() if (at := self.times[n]) is None or at > since}
        rows = [(*row[:4], None if row[4] is None else last + timedelta(hours=row[4])) for row in come]
        self.times = {n: at for n, at in self.times.items() if n not in gone}
        self.times |= {self.count + n: row[4] for n, row in enumerate(rows, start=1)}
        self.change(rows, gone)
        self.at += timedelta(days=1)


@settings(
    max_examples=examples(8),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example is several runs: shrinking would take long
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    st.lists(st.tuples(st.lists(ROW, max_size=5), st.sets(st.integers(1, 20), max_size=3)), min_size=2, max_size=4),
)
def test_a_window_that_holds_all_that_changes(days: list[tuple[list[Any], set[int]]]) -> None:
    """Where rows come and go within the window only, every view equals that of a run of all rows."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Windowed(Path(folder))
        shop.run()
        for come, go in days:
            shop.day(come, go)
            shop.run()

            shop.right()
        assert all(graph.kind != "full" for graph in shop.built[1:]), shop.built


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Windowed:
    """A shop that has run. Not to be opened, only to be copied."""
    made = Windowed(tmp_path_factory.mktemp("published"))
    made.day([("logins", "u1", "d1", None, -20), ("logins", "u2", "d2", None, -20)], set())
    made.run()
    return made


@pytest.fixture
def shop(published: Windowed, tmp_path: Path) -> Windowed:
    return published.copied(tmp_path)


def together(shop: Windowed) -> set[frozenset[str]]:
    rows = shop.rows(shop.folder, "SELECT user_main_id, other_id FROM GRAPH WHERE SUBSTR(other_id, 1, 1) IN ('u', 'd')")
    found: dict[str, set[str]] = {}
    for main_id, other_id in rows:
        found.setdefault(main_id, set()).add(other_id)
    return {frozenset(ids) for ids in found.values()}


def test_rows_before_the_window_count_from_the_next_rebase(shop: Windowed) -> None:
    """A late row before the window, and one that is gone from there, are seen by a run of all rows only."""
    for _ in range(4):
        shop.day([], set())
        shop.run()
    shop.day([("logins", "u1", "d2", None, -24 * 4)], {1})
    shop.change([], {1})
    shop.run()
    before = together(shop)
    done = onefold.load(shop.folder).run(end_time=shop.end, rebase_incremental=True).step("models/graph")

    assert before == {frozenset({"u1", "d1"}), frozenset({"u2", "d2"})}
    assert together(shop) == {frozenset({"u1", "u2", "d2"})}
    assert done.graph is not None
    assert done.graph.since is None


def test_a_row_without_a_time_is_always_in_the_window(shop: Windowed) -> None:
    """A row without a time that comes, and one that goes, is seen whatever the window."""
    for _ in range(4):
        shop.day([], set())
        shop.run()
    shop.day([("logins", "u1", "d2", None, None)], set())
    shop.run()
    assert together(shop) == {frozenset({"u1", "u2", "d1", "d2"})}

    shop.day([], {3})
    shop.run()
    assert together(shop) == {frozenset({"u1", "d1"}), frozenset({"u2", "d2"})}


def test_the_window_is_named(shop: Windowed) -> None:
    """The registry has the day from which rows were compared, and the summary says what that leaves out."""
    shop.day([], set())
    said = call(shop.folder, "run", "--end_time", shop.end[:10]).out
    with duckdb.connect(str(shop.folder / "output/warehouse.duckdb"), read_only=True) as built:
        query = "SELECT metadata::JSON->'graph'->>'since' FROM profiles.material_registry WHERE model_name = 'graph'"
        found = [row[0] for row in built.execute(query).fetchall()]

    assert "incremental_timedelta: rows before 2026-02-28 were not checked for changes" in said
    assert "--rebase_incremental" in said
    assert found == [None, "2026-02-28T00:00:00"]


def test_a_discrete_stitcher_has_no_window(tmp_path: Path) -> None:
    """A stitcher that the project calls discrete is of all rows, whatever its window."""
    shop = Windowed(tmp_path, "48h\n      materialization: {run_type: discrete}")
    shop.day([("logins", "u1", "d1", None, -20), ("logins", "u2", "d2", None, -20)], set())
    shop.run()
    for _ in range(4):
        shop.day([], set())
        shop.run()
    shop.day([("logins", "u1", "d2", None, -24 * 4)], set())
    shop.run()

    assert together(shop) == {frozenset({"u1", "u2", "d1", "d2"})}


@pytest.mark.parametrize("given", ["4 days", "-1h", "1.2.3h", '""', "9e9h", "99999999999999h"])
def test_a_window_that_is_no_duration(tmp_path: Path, given: str) -> None:
    """A window that cannot be read is told with its place."""
    shop = Windowed(tmp_path, given)

    with pytest.raises(onefold.ProjectError) as refused:
        onefold.load(shop.folder).run(end_time=shop.end)

    assert "models/models.yaml:" in str(refused.value)
    assert "incremental_timedelta" in str(refused.value)


@pytest.mark.parametrize(("text", "hours"), [("96h", 96), ("0s", 0), ("1h30m", 1.5), ("500ms", 0.5 / 3600)])
def test_a_window_as_the_format_writes_it(text: str, hours: float) -> None:
    """Hours, minutes, seconds and milliseconds, one after the other."""
    assert duration(text) == timedelta(hours=hours)
