"""Unpublished versions of the published graph are discarded, and the next run extends the graph."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import onefold
from onefold.state.registry import Registry

from .incremental_twins import Shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onefold.state.records import GraphRecord

FIRST = [
    ("logins", "u1", "d1", None, "2026-03-01 08:00:00"),
    ("logins", "u2", "d2", None, "2026-03-01 09:00:00"),
    ("mails", "u3", "e1", None, "2026-03-01 10:00:00"),
]
LATER = [("logins", "u2", "d1", None, "2026-03-02 08:00:00"), ("mails", "u4", "e1", None, "2026-03-02 10:00:00")]
LAST = [("mails", "u3", "e2", None, "2026-03-03 08:00:00")]
TOO_LARGE = "catalogs: {raw: raw.duckdb}\nplaceholder_ids: drop\nchecks: {largest: {fail: 2}}\n"
FEATURE = """
var_groups:
  - name: broken
    entity_key: user
    vars:
      - entity_var: {name: digits, select: "CAST(MAX(user_id) AS INT)", from: inputs/logins}
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a published graph."""
    folder = tmp_path_factory.mktemp("published")
    shop = Shop(folder)
    shop.change(FIRST, set())
    onefold.load(shop.folder).run(end_time=shop.end)
    return folder


@pytest.fixture
def shop(published: Path, tmp_path: Path) -> Shop:
    """A copy of it, with changes that merge two profiles and make another one larger."""
    made = Shop(tmp_path)
    shutil.copytree(published / "incremental", made.folder, dirs_exist_ok=True)
    made.count = len(FIRST)
    made.change(LATER, {2})
    return made


def check(shop: Shop, _: pytest.MonkeyPatch) -> None:
    """The run fails a check."""
    settings = shop.folder / "onefold.yaml"
    ordinary = settings.read_text()
    settings.write_text(TOO_LARGE)
    with pytest.raises(onefold.RunError):
        onefold.load(shop.folder).run(end_time=shop.end)
    settings.write_text(ordinary)


def feature(shop: Shop, _: pytest.MonkeyPatch) -> None:
    """The SQL of a feature fails."""
    file = shop.folder / "models/broken.yaml"
    file.write_text(FEATURE)
    with pytest.raises(onefold.RunError):
        onefold.load(shop.folder).run(end_time=shop.end)
    file.unlink()


def interrupt(shop: Shop, patch: pytest.MonkeyPatch) -> None:
    """The run is stopped once the graph is registered."""

    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with patch.context() as stopped:
        stopped.setattr(Registry, "publish_materials", stop)
        with pytest.raises(KeyboardInterrupt):
            onefold.load(shop.folder).run(end_time=shop.end)


KILLED = """
import os, signal, sys
import onefold
from onefold.state.registry import Registry
Registry.finish_material = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
onefold.load(sys.argv[1]).run(end_time=sys.argv[2])
"""


def kill(shop: Shop, _: pytest.MonkeyPatch) -> None:
    """The process is killed right after the new version was written."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(shop.folder), shop.end], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def versions(shop: Shop) -> set[int]:
    """Versions that rows of the graph begin or end with."""
    with duckdb.connect(str(shop.folder / "output/warehouse.duckdb"), read_only=True) as built:
        query = (
            "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'profiles' AND column_name = '__from_version'"
        )
        tables = [name for (name,) in built.execute(f"{query} AND NOT internal").fetchall()]
        kept = [
            t
            for t in tables
            if built.execute("SELECT COUNT(*) FROM duckdb_tables() WHERE table_name = ?", [t]).fetchone() != (0,)
        ]
        found = [
            row
            for t in kept
            for row in built.execute(
                f'SELECT __from_version FROM profiles."{t}" UNION SELECT __to_version FROM profiles."{t}"'
            ).fetchall()
        ]
        return {number for (number,) in found} - {2_147_483_647}


def graph(shop: Shop, **options: Any) -> GraphRecord:
    made = onefold.load(shop.folder).run(end_time=None if options else shop.end, **options).step("models/graph").graph
    assert made is not None
    return made


@pytest.mark.parametrize("fail", [check, feature, interrupt, kill])
def test_the_next_run_is_incremental(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, fail: Callable[[Shop, pytest.MonkeyPatch], None]
) -> None:
    """After a run that ended once the graph was written, the next run extends the published graph correctly."""
    before = shop.rows(shop.folder, "SELECT * FROM GRAPH")
    fail(shop, monkeypatch)
    assert versions(shop) == {1, 2}
    assert shop.rows(shop.folder, "SELECT * FROM GRAPH") == before

    shop.change(LAST, {1})
    shop.run()

    assert (shop.built[-1].kind, shop.built[-1].version) == ("incremental", 2)
    shop.right()


def test_rows_that_are_back_as_published_are_no_change(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the rows equal those of the published graph again, the next run changes nothing."""
    check(shop, monkeypatch)
    shop.change([FIRST[1]], {4, 5})
    with shop.raw() as raw:
        raw.execute("UPDATE logins SET key = 'k2' WHERE key = 'k6'")

    shop.run()

    assert shop.built[-1].kind == "unchanged"
    assert versions(shop) == {1}
    shop.right()


def test_a_resumed_run_uses_its_graph(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resumed run reuses the graph that it finished, unless another run discarded it."""
    feature(shop, monkeypatch)

    resumed = onefold.load(shop.folder).run(seq_no=2)

    assert resumed.step("models/graph").is_reused
    shop.run()
    assert shop.built[-1].kind == "unchanged"
    shop.right()


def test_a_resumed_run_builds_a_graph_that_was_taken_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a later run discarded its graph, a resumed run rebuilds it, with all models that read it."""
    feature(shop, monkeypatch)
    check(shop, monkeypatch)

    resumed = onefold.load(shop.folder).run(seq_no=2)

    assert not any(step.is_reused for step in resumed.steps)
    made = resumed.step("models/graph").graph
    assert made is not None
    assert (made.kind, made.version) == ("incremental", 2)
    shop.run()
    shop.right()


def test_a_plan_leaves_a_graph_that_can_be_resumed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that takes back what an interrupted run wrote puts it back when it ends."""
    feature(shop, monkeypatch)
    onefold.load(shop.folder).preview(end_time=shop.end)

    resumed = onefold.load(shop.folder).run(seq_no=2)

    assert resumed.step("models/graph").is_reused
    shop.run()
    shop.right()


def test_damaged_tables_are_built_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables without a column that they should have cannot be brought back: all rows are read, main ids stay."""
    check(shop, monkeypatch)
    with duckdb.connect(str(shop.folder / "output/warehouse.duckdb")) as built:
        (name,) = built.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%_digests'"
        ).fetchone() or ("",)
        built.execute(f'ALTER TABLE profiles."{name}" DROP COLUMN digest')

    shop.run()

    assert shop.built[-1].kind == "full"
    shop.right()
