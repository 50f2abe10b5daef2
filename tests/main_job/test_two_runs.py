"""Two runs at the same time: one is published, and the other waits or is refused; rows are never mixed."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

import onefold
import onefold.starters
from onefold.cli.main import run as pb
from onefold.errors import AccessError, RunError
from onefold.run.migrate_ids import GivenGraph, migrate_ids
from onefold.run.target import connect
from onefold.state.lease import take_lease
from onefold.state.pointer import Pointer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from onefold.engines.base import Engine
    from onefold.plan.model import Step

VIEWS = ("WITH_USER_ID", "USER_ID_STITCHER")


class AtModel:
    """An observer that does something when a model begins."""

    def __init__(self, ref: str, work: Any) -> None:
        self._ref, self._work = ref, work

    def step_started(self, step: Step, number: int, total: int) -> None:
        if step.ref == self._ref:
            self._work()

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


@pytest.fixture
def project(tmp_path: Path) -> onefold.Project:
    onefold.starters.start("minimal", tmp_path / "small")
    project = onefold.load(tmp_path / "small")
    project.run(end_time="2026-02-01")
    return project


def test_a_second_run_in_the_same_process_is_refused_or_waits(project: onefold.Project) -> None:
    """The error names this process; with `waiting` the second run is made after the first one."""
    said: list[onefold.OnefoldError] = []
    second: list[onefold.RunResult] = []
    told: list[str] = []

    def begin_others() -> None:
        with pytest.raises(AccessError) as caught:
            project.run(end_time="2026-03-01")
        said.append(caught.value)
        patient = project.waiting(timedelta(minutes=5), tell=told.append)
        thread.append(threading.Thread(target=lambda: second.append(patient.run(end_time="2026-04-01"))))
        thread[0].start()

    thread: list[threading.Thread] = []
    first = project.run(end_time="2026-03-01", observer=AtModel("user/var_table", begin_others))
    thread[0].join()
    finding = said[0].findings[0]
    assert finding.code == "locked"
    assert "in use by this process" in finding.message
    assert "--wait" in (finding.hint or "")
    assert [first.seq_no, second[0].seq_no] == [2, 3]
    assert first.published == second[0].published != {}
    assert len(told) <= 1


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    """The engines that runs of the test open, in order."""
    opened: list[Engine] = []

    @contextmanager
    def watched(*args: Any, **options: Any) -> Iterator[Engine]:
        with connect(*args, **options) as engine:
            opened.append(engine)
            yield engine

    monkeypatch.setattr("onefold.run.run_project.connect", watched)
    return opened


def test_a_run_that_was_overtaken_publishes_nothing(project: onefold.Project, engines: list[Engine]) -> None:
    """On an engine that does not lock its database, another writer may come: the run ends, and every view stays."""

    def overtake() -> None:
        version = Pointer(engines[-1], project.target.dialect).prepare(()).version
        take_lease(engines[-1], project.target.dialect, version, "another run")

    before = {view: project.read(view).arrow for view in VIEWS}
    with pytest.raises(
        RunError, match="run 2 was not published: another command started to write after it: another run"
    ):
        project.run(end_time="2026-04-01", observer=AtModel("user/var_table", overtake))
    assert {view: project.read(view).arrow for view in VIEWS} == before
    assert [run.published_at is not None for run in project.runs()] == [True, False]
    assert project.run(end_time="2026-04-01").published


def test_a_run_does_not_publish_over_migrated_main_ids(
    project: onefold.Project, engines: list[Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run during which main ids are migrated has not inherited them, so it is not published; the next one does."""
    given = project.folder / "old.csv"
    given.write_text("main_id,other_id,other_id_type\nanna,u1,user_id\n")

    def migrate() -> None:
        @contextmanager
        def same(*_: Any, **__: Any) -> Iterator[Engine]:
            yield engines[-1]

        monkeypatch.setattr("onefold.run.migrate_ids.connect", same)
        migrate_ids(project.spec, project.target, GivenGraph(str(given), is_added=True))

    with pytest.raises(RunError, match="another command started to write after it: a migration of main ids"):
        project.run(end_time="2026-04-01", observer=AtModel("user/var_table", migrate))
    assert [run.published_at is not None for run in project.runs()] == [True, False]


COMMANDS = {
    "run": ("run",),
    "plan": ("plan",),
    "cleanup": ("cleanup", "materials", "--yes"),
    "repair": ("repair", "registry"),
    "audit": ("audit", "id_stitcher"),
    "query": ("query", "SELECT 1"),
    "show": ("show", "plan"),
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[onefold.Project, int]]:
    """A project whose database another process writes to, and the number of that process."""
    folder = tmp_path_factory.mktemp("busy") / "small"
    onefold.starters.start("minimal", folder)
    project = onefold.load(folder)
    project.run(end_time="2026-02-01")
    program = (
        "import duckdb, sys; c = duckdb.connect('output/warehouse.duckdb'); print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield project, process.pid
        process.kill()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_beside_a_run_says_who_holds_the_database(
    command: str, busy: tuple[onefold.Project, int], capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is asked while another process writes: one error with its number and what to do, and exit code 1."""
    project, process = busy
    verb, *arguments = COMMANDS[command]
    first = [verb, arguments.pop(0)] if verb in {"cleanup", "repair", "audit", "show"} else [verb]
    code = pb([*first, "-p", str(project.folder), *arguments])
    said = capsys.readouterr().err
    assert code == 1
    assert f"process {process}" in said
    assert "--wait 10m" in said
    assert len(said.splitlines()) < 12
