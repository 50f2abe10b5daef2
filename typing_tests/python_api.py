"""How the Python interface looks to the type checker of those who use it. Checked by mypy, never run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, assert_type

import pandas as pd
import polars as pl

import onefold
from onefold.audit.bridges import Bridges
from onefold.audit.clusters import Clusters
from onefold.audit.diff.compare import Diff
from onefold.audit.health import Overview
from onefold.audit.preview import Preview
from onefold.audit.questions import Audit
from onefold.plan.model import Plan, Step
from onefold.project.spec import IdRule
from onefold.rules import Rules
from onefold.run.cleanup import CleanedUp
from onefold.run.compile_project import Compiled
from onefold.state.records import MaterialRecord, RunRecord

project = onefold.load("path", target="dev")
assert_type(project, onefold.Project)
assert_type(onefold.load(Path(), siteconfig=Path("siteconfig.yaml"), compile_only=True).name, str)
assert_type(project.folder, Path)
assert_type(project.waiting(timedelta(minutes=1)), onefold.Project)

# Planning and SQL.
plan = project.plan(end_time=date(2026, 10, 31))
assert_type(plan, Plan)
assert_type(plan.steps, Mapping[str, Step])
assert_type(project.sql("models/user_id_stitcher", end_time="2026-10-31"), str)
assert_type(project.compile(models=["models/user_id_stitcher"], clean_output=True), Compiled)

# Running.
result = project.run(end_time=datetime(2026, 10, 31, tzinfo=UTC), models=("models/user_id_stitcher",), force=True)
assert_type(result, onefold.RunResult)
assert_type(result.step("models/user_id_stitcher"), onefold.StepResult)
assert_type(result.step("models/user_id_stitcher").rows, int | None)
assert_type(result.published, dict[str, str])
assert_type(project.run(onefold.RunOptions(force=True)), onefold.RunResult)
assert_type(project.run(seq_no="latest"), onefold.RunResult)
assert_type(project.preview(settings=["models/x:y=3"], against=project), Preview)
assert_type(project.clean_up(timedelta(days=7), dry_run=True), CleanedUp)
assert_type(project.runs(), tuple[RunRecord, ...])
assert_type(project.materials(), tuple[MaterialRecord, ...])

project.run(endtime="2026-10-31")  # type: ignore[call-arg]
project.run(end_time=3.5)  # type: ignore[arg-type]
project.run(seq_no="last")  # type: ignore[arg-type]
project.compile(force=True)  # type: ignore[call-arg]
project.report(mask="email")  # type: ignore[arg-type]
result.published = {}  # type: ignore[misc]

# Reading.
rows = project.read("WITH_USER_ID")
assert_type(rows, onefold.Rows)
assert_type(len(rows), int)
assert_type(rows.polars(), pl.DataFrame)
assert_type(rows.pandas(), pd.DataFrame)
for table in project.queries("SELECT 1; SELECT 2"):
    print(table.num_rows)
assert_type(project.query("SELECT 1"), onefold.Rows)
assert_type(project.lookup("user", "ada"), list[dict[str, Any]])

# Asking the graph, and its rules.
assert_type(project.audit("user", seq_no=3), Audit)
assert_type(project.audit().health(), Overview)
assert_type(project.audit().clusters(top=5), Clusters)
assert_type(project.audit().bridges(), Bridges)
assert_type(project.audit().diff(1, 2), Diff)
assert_type(project.report().write(Path("report.html")), int)
assert_type(project.rules, Rules)
assert_type(project.rules.in_file, tuple[IdRule, ...])
assert_type(project.rules.add([IdRule("user", "kiosk-1", "anonymous_id")]), tuple[IdRule, ...])


class Printer:
    """Watches a run without a base class: the methods are enough."""

    def run_started(self, event: object) -> None:
        """The run starts."""

    def step_started(self, step: Step, number: int, total: int) -> None:
        """A model starts."""

    def step_phase(self, words: str) -> None:
        """A model goes on."""

    def step_progress(self, share: float) -> None:
        """A statement goes on."""

    def step_finished(self, result: onefold.StepResult) -> None:
        """A model is done."""

    def noted(self, finding: onefold.Finding) -> None:
        """A warning or a note."""

    def run_failed(self, error: BaseException, seq_no: int | None) -> None:
        """The run failed."""

    def run_finished(self, result: onefold.RunResult) -> None:
        """The run is published."""


project.run(observer=Printer())
project.run(observer=object())  # type: ignore[arg-type]

# Errors.
try:
    project.run()
except onefold.RunError as error:
    assert_type(error.sql, str | None)
    assert_type(error.findings, tuple[onefold.Finding, ...])
except onefold.OnefoldError as error:
    assert_type(error.exit_code, int)
    assert_type(error.findings[0].hint, str | None)
