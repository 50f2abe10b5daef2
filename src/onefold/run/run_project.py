"""``pb run``: open the database, plan, build and publish a project, and write the published copy.

Takes a project, its target and options. Returns a `RunResult`. A resumed run has the time window of its sequence
number, so the registry is read before the plan is made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding
from onefold.plan.names import names_of
from onefold.run.artifacts import clean
from onefold.run.checks import HealthChecks
from onefold.run.continue_on_error import run_past_failures
from onefold.run.events import COPY_FAILED, CompositeObserver, MemoryUse, Observer, RunResult
from onefold.run.failures import failure
from onefold.run.logs import LogFile
from onefold.run.optional_inputs import absent_inputs, columns_of
from onefold.run.pipeline import Run
from onefold.run.plan_project import plan_project
from onefold.run.published_copy import write_copy
from onefold.run.resume import resumed_run
from onefold.run.target import connect
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.engines.base import Engine
    from onefold.plan.model import Plan
    from onefold.project.spec import ProjectSpec
    from onefold.run.options import RunOptions
    from onefold.run.target import Target


def run_project(
    project: ProjectSpec, target: Target, options: RunOptions, observers: Sequence[Observer] = ()
) -> RunResult:
    """Run a project; see `onefold.run.pipeline` for the order of steps.

    Raises:
        OnefoldError: As `Run.execute`, and `AccessError` if the database cannot be opened.
    """
    with LogFile(target.root / "logs" / "pb.log") as log:
        observer: Observer = CompositeObserver((log, *observers))
        with connect(target, project, progress=observer.step_progress) as engine:
            times = options.time_window() if options.seq_no == "new" else None
            if times is None:
                resumed = resumed_run(Registry(engine, target.dialect), options)
                times, options = resumed.times, replace(options, seq_no=resumed.seq_no)
            absent = absent_inputs(project, engine, target.dialect)
            plan = plan_project(project, target, times, absent, columns_of(project, engine, target.dialect))
            if options.clean_output:
                clean(target.run_folders)

            def attempt(tried: RunOptions, watched: Observer) -> RunResult:
                checks = HealthChecks.of(project.settings)
                return Run(plan, names_of(project), target, engine, tried, watched, log.path, checks).execute()

            if options.ignore_model_errors:
                result = run_past_failures(plan, options, attempt, observer)
            else:
                result = attempt(options, observer)
            result = replace(result, memory=MemoryUse(target.memory, engine.spilled))
            return _copied(result, plan, target, engine, observer) if result.published else result


def _copied(result: RunResult, plan: Plan, target: Target, engine: Engine, observer: Observer) -> RunResult:
    """The result with the published copy. A failed copy is only a warning, because the views are published."""
    try:
        return replace(result, copy=write_copy(plan, target, engine, Registry(engine, target.dialect)))
    except (AccessError, EngineError) as error:
        why = error.findings[0] if isinstance(error, AccessError) else failure(error, None)
        message = f"the views are published, but the published copy was not updated: {why.message}"
        warning = Finding("warning", COPY_FAILED, message, str(target.copy), why.hint)
        observer.noted(warning)
        return replace(result, notes=(*result.notes, warning))
