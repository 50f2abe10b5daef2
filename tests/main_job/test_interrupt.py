"""A run that ends early, in whatever way, leaves what was published as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

import onefold
import onefold.starters

if TYPE_CHECKING:
    from pathlib import Path

    from onefold.plan.model import Step
    from onefold.run.events import RunResult, RunStarted


class StopAt:
    """An observer that raises when a model begins."""

    def __init__(self, ref: str, error: BaseException) -> None:
        self._ref, self._error = ref, error

    def step_started(self, step: Step, number: int, total: int) -> None:
        if step.ref == self._ref:
            raise self._error

    def run_started(self, event: RunStarted) -> None: ...
    def step_phase(self, words: str) -> None: ...
    def step_progress(self, share: float) -> None: ...
    def step_finished(self, result: onefold.StepResult) -> None: ...
    def noted(self, finding: onefold.Finding) -> None: ...
    def run_failed(self, error: BaseException, seq_no: int | None) -> None: ...
    def run_finished(self, result: RunResult) -> None: ...


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("the disk is full")])
def test_a_stopped_run_publishes_nothing(error: BaseException, tmp_path: Path) -> None:
    """Views stay those of the run before, and the stopped run can be resumed."""
    onefold.starters.start("minimal", tmp_path / "small")
    project = onefold.load(tmp_path / "small")
    project.run(end_time="2026-02-01")
    before = project.read("WITH_USER_ID").arrow
    with pytest.raises(type(error)):
        project.run(end_time="2026-04-01", observer=StopAt("user/var_table", error))
    assert project.read("WITH_USER_ID").arrow.equals(before)
    result = project.run(seq_no="latest")
    assert result.steps[0].is_reused
    assert result.seq_no == 2
    assert len(project.read("WITH_USER_ID")) == 3


@pytest.mark.usefixtures("heard_interrupt")
def test_ctrl_c_ends_the_process_at_once(tmp_path: Path) -> None:
    """SIGINT while a statement runs ends `pb run` with exit code 1, one line, and no traceback."""
    folder = tmp_path / "small"
    onefold.starters.start("minimal", folder)
    # Twenty billion pairs of rows: far more than can be counted before the signal comes.
    endless = "(SELECT COUNT(*) FROM GENERATE_SERIES(1, 150000) AS a, GENERATE_SERIES(1, 150000) AS b WHERE a <> b)"
    path = folder / "models/profiles.yaml"
    path.write_text(path.read_text().replace("select: SUM(amount)", f"select: SUM(amount::INTEGER) + {endless}"))
    (folder / "onefold.yaml").write_text((folder / "onefold.yaml").read_text().replace("snowflake", "duckdb"))
    process = subprocess.Popen(
        [sys.executable, "-m", "onefold.cli.main", "run"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    log = folder / "logs/pb.log"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (log.exists() and "user_id_stitcher" in log.read_text()):
        time.sleep(0.1)
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "stopped" in err
    assert "Traceback" not in err
