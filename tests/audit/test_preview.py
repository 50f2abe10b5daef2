"""A plan equals the run that comes after it, row for row, and leaves the database as it was, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from tests.audit.test_threshold_sweep import replaced
from tests.main_job.test_interrupt import StopAt
from tests.sample_shop import EARLIER, END_TIME

import onefold
import onefold.starters
from onefold.run.options import RunOptions, moment
from onefold.run.preview import built_preview

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BESIDE = ("", "_edges", "_aliases", "_quarantine", "_numbered", "_events")
"""Suffixes of what a stitcher's material consists of, as far as people read it."""

Rows = Counter[tuple[Any, ...]]


def snapshot(folder: Path, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Everything in the database file: rows of tables, and what views are made of."""
    with duckdb.connect(str(folder / "output/warehouse.duckdb"), read_only=True) as base:
        tables = base.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        found: dict[str, Any] = {
            name: Counter(base.execute(f'SELECT * FROM "{schema}"."{name}"').fetchall())
            for schema, name in tables
            if name not in without
        }
        views = "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal"
        return found | dict(base.execute(views).fetchall())


def made(materials: dict[str, str], ask: Callable[[str], Any]) -> dict[str, Rows]:
    """The rows of what a run made, by the ref of the model."""
    found = {}
    for ref, material in materials.items():
        for suffix in BESIDE if ref == "models/user_id_stitcher" else ("",):
            rows = ask(f'SELECT * FROM profiles."{material}{suffix}"').to_pylist()
            # Profiles and ids are numbered as they come, which may differ from run to run.
            named = [{k: v for k, v in row.items() if not k.startswith("__")} for row in rows]
            found[ref + suffix] = Counter(tuple(row.values()) for row in named)
    return found


def nothing(folder: Path) -> None:
    """Only newer rows."""


def threshold(folder: Path) -> None:
    replaced(
        folder,
        "models/sql_models.yaml",
        "{% set max_users_per_anonymous_id = 5 ",
        "{% set max_users_per_anonymous_id = 2 ",
    )


def filtered(folder: Path) -> None:
    replaced(
        folder, "pb_project.yaml", "  - name: user_id\n", "  - name: user_id\n    maximum_edges: [anonymous_id: 4]\n"
    )


def feature(folder: Path) -> None:
    replaced(folder, "models/profiles.yaml", "select: COUNT(DISTINCT order_id)", "select: COUNT(DISTINCT order_id) + 1")


@pytest.mark.parametrize(
    ("change", "keep"),
    [(nothing, False), (nothing, True), (threshold, False), (filtered, True), (feature, False)],
)
def test_a_plan_equals_the_later_run(own_earlier: Path, change: Callable[[Path], None], *, keep: bool) -> None:
    """Ids, main ids, evidence, quarantined ids, main id events, and features; with newer rows besides."""
    change(own_earlier)
    project = onefold.load(own_earlier)

    with built_preview(project.spec, project.target, RunOptions(end_time=moment(END_TIME)), keep=keep) as ahead:
        planned = made(dict(ahead.materials), ahead.engine.fetch)
    result = project.run(end_time=END_TIME)

    assert result.seq_no == (3 if keep else 2)
    ran = made({step.step.ref: step.material for step in result.steps}, lambda sql: project.query(sql).arrow)
    assert planned.keys() == ran.keys()
    for name, rows in planned.items():
        if not (keep and name.endswith("_aliases")):
            assert rows == ran[name], name


@pytest.mark.parametrize("change", [nothing, threshold])
def test_nothing_is_left_behind(own_earlier: Path, change: Callable[[Path], None]) -> None:
    """After a plan the database holds what it held, and the next run builds on the published graph if it could."""
    before = snapshot(own_earlier)
    change(own_earlier)

    found = onefold.load(own_earlier).preview(end_time=END_TIME)

    assert snapshot(own_earlier) == before
    assert found.changes[0].count("grown")
    graph = onefold.load(own_earlier).run(end_time=END_TIME).step("models/user_id_stitcher").graph
    assert graph is not None
    assert (graph.kind == "full") == (change is threshold)


def test_what_is_kept(own_earlier: Path) -> None:
    """It is a run that was not published: views and history stay, and it can be asked, compared and published."""
    registry = ("run_registry", "material_registry", "publish_pointer")
    before = snapshot(own_earlier, without=registry)
    threshold(own_earlier)
    project = onefold.load(own_earlier)

    found = project.preview(end_time=END_TIME, keep=True)

    after = snapshot(own_earlier, without=registry)
    assert {name: after[name] for name in before} == before
    assert [(run.seq_no, run.published_at is not None) for run in project.runs()] == [(1, True), (2, False)]
    again = project.audit().diff(1, 2)
    assert (again.kinds, again.main_ids, again.causes) == (
        found.changes[0].kinds, found.changes[0].main_ids, found.changes[0].causes,
    )  # fmt: skip
    assert project.audit(seq_no=2).health().seq_no == 2
    result = project.run(seq_no=2)
    assert all(step.is_reused for step in result.steps)
    assert result.published


def test_a_run_beside_what_was_kept(own_earlier: Path) -> None:
    """A run after a kept plan still builds on the published graph, and equals one without the plan."""
    project = onefold.load(own_earlier)
    project.preview(end_time=END_TIME, keep=True)

    graph = project.run(end_time=END_TIME).step("models/user_id_stitcher").graph

    assert graph is not None
    assert graph.base.endswith("_1")
    assert graph.version == 2


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("the disk is full")])
@pytest.mark.parametrize("keep", [False, True])
def test_a_stopped_plan(own_earlier: Path, error: BaseException, *, keep: bool) -> None:
    """Stopped by hand or by a fault half way, it leaves what was there, also if it was to be kept."""
    project = onefold.load(own_earlier)
    before = snapshot(own_earlier)

    with pytest.raises(type(error)):
        project.preview(end_time=END_TIME, keep=keep, observer=StopAt("user/var_table", error))

    assert snapshot(own_earlier) == before


def test_a_killed_plan(tmp_path: Path) -> None:
    """Killed while a statement runs, it leaves what was there, and the next run goes through."""
    folder = tmp_path / "small"
    onefold.starters.start("minimal", folder)
    onefold.load(folder).run()
    before = snapshot(folder)
    path = folder / "models/profiles.yaml"
    text = path.read_text()
    endless = "(SELECT COUNT(*) FROM GENERATE_SERIES(1, 150000) AS a, GENERATE_SERIES(1, 150000) AS b WHERE a <> b)"
    path.write_text(text.replace("select: SUM(amount)", f"select: SUM(amount::INTEGER) + {endless}"))
    settings = folder / "onefold.yaml"
    in_snowflake = settings.read_text()
    settings.write_text(in_snowflake.replace("snowflake", "duckdb"))
    with subprocess.Popen(
        [sys.executable, "-m", "onefold.cli.main", "plan", "--keep"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        # The stitcher is done when its line is there; the statement that never ends comes next.
        next(line for line in process.stderr if "user_id_stitcher" in line)
        time.sleep(1)
        os.kill(process.pid, signal.SIGKILL)

    assert snapshot(folder) == before
    path.write_text(text)
    settings.write_text(in_snowflake)
    assert onefold.load(folder).run().published


def test_a_failing_model(own_earlier: Path) -> None:
    """A statement that fails is told as in a run, and nothing is left."""
    before = snapshot(own_earlier)
    replaced(
        own_earlier, "models/profiles.yaml", "select: SUM(total_revenue_usd)", "select: SUM(CAST(order_id AS INTEGER))"
    )

    with pytest.raises(
        onefold.RunError, match=r'models/profiles.yaml:20:11: .* the text "O00000000000" cannot be read as a number'
    ):
        onefold.load(own_earlier).preview(end_time=END_TIME)

    assert snapshot(own_earlier) == before


def test_what_a_threshold_would_change(own_published: Path) -> None:
    """A value that is tried changes what its edit in the file would, and says where to make it."""
    project = onefold.load(own_published)
    tried = [
        f"{place}max_users_per_anonymous_id=2"
        for place in ("models/sql_models.yaml:", "models/filtered_identifies:", "")
    ]

    answers = [project.preview(end_time=END_TIME, settings=[text]) for text in tried]
    threshold(own_published)
    edited = onefold.load(own_published).preview(end_time=END_TIME)

    assert all(answer.changes[0].kinds == edited.changes[0].kinds for answer in answers)
    assert edited.changes[0].count("split")
    assert not edited.tried
    own = answers[0].tried[0]
    assert (own.name, own.before, own.after) == ("models/filtered_identifies:max_users_per_anonymous_id", 5, 2)
    assert own.at.startswith("models/sql_models.yaml:")
    assert {edge.cause for c in edited.changes[0].changes for edge in c.edges} == {"rows deleted from the source"}


def test_what_a_limit_would_change(own_published: Path) -> None:
    """A limit of an id type that is tried names itself as the cause of what splits."""
    project = onefold.load(own_published)
    tried = project.preview(end_time=END_TIME, settings=["user_id.maximum_edges.anonymous_id=4"])
    filtered(own_published)

    edited = onefold.load(own_published).preview(end_time=END_TIME)

    assert tried.changes[0].kinds == edited.changes[0].kinds
    assert {line.cause for line in edited.changes[0].causes} == {"excluded by maximum_edges"}


def test_features_that_differ(own_published: Path) -> None:
    """A feature that is counted otherwise, one that is new and one that is gone, each by its profiles."""
    project = onefold.load(own_published)
    feature(own_published)
    replaced(own_published, "models/profiles.yaml", "name: total_order_items\n", "name: total_items\n")

    found = onefold.load(own_published).preview(end_time=END_TIME)

    assert found.verdict == "warn"  # the checks warn of the planted faults
    told = found.changes[0].features
    assert told is not None
    assert [name.lower() for name in (*told.new, *told.removed)] == ["total_items", "total_order_items"]
    line = next(line for line in told.lines if line.feature.lower() == "total_orders")
    with_orders = (
        project.query("SELECT COUNT(*) AS n FROM USER_FEATURE_VIEW WHERE total_orders > 0").arrow["n"][0].as_py()
    )
    assert (line.changed, line.largest, told.compared) == (with_orders, 1, found.changes[0].after.profiles)
    assert all(example.after == example.before + 1 for example in line.examples)
    assert found.changes[0].count("unchanged") == found.changes[0].after.profiles


def test_another_checkout(own_published: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A changed checkout without data or a database of its own is held against what this project published."""
    project = onefold.load(own_published)
    before = snapshot(own_published)
    other = tmp_path_factory.mktemp("checkout")
    for name in ("pb_project.yaml", "onefold.yaml"):
        (other / name).write_bytes((own_published / name).read_bytes())
    (other / "models").mkdir()
    for path in (own_published / "models").iterdir():
        (other / "models" / path.name).write_bytes(path.read_bytes())
    threshold(other)

    found = onefold.load(other).preview(end_time=END_TIME, against=project)

    assert found.changes[0].before.seq_no == 1
    assert found.changes[0].count("split")
    assert snapshot(own_published) == before
    assert not (other / "output/warehouse.duckdb").exists()
    assert (other / "output/dev/plan/run").is_dir()


def test_an_as_of_run(own_published: Path) -> None:
    """A plan of an earlier time says that such a run would publish nothing."""
    project = onefold.load(own_published)

    found = project.preview(end_time=EARLIER)

    assert found.published_end_time == moment(END_TIME)
    assert found.changes[0].count("retired")
    assert not any((step.command or "").startswith("pb run") for step in found.steps)
