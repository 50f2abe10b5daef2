"""Preview runs: build a project in a transaction, read the result, and roll it back.

Takes a project, its target and run options. Yields a `PreviewRun`, which can read everything that the run built. All of
it happens in one transaction. After the block, an interruption or a failure, the database is as it was: views, history,
registry and graphs. With ``keep`` the transaction is committed, and the run is registered but not published.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding
from onefold.plan.names import names_of
from onefold.plan.select import select
from onefold.run.checks import HealthChecks
from onefold.run.compiled import Output
from onefold.run.events import CompositeObserver, Observer
from onefold.run.logs import LogFile
from onefold.run.optional_inputs import absent_inputs, columns_of
from onefold.run.pipeline import Run
from onefold.run.plan_project import plan_project
from onefold.run.target import connect
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from onefold.engines.base import Engine
    from onefold.plan.model import Plan
    from onefold.project.spec import ProjectSpec
    from onefold.run.events import RunResult
    from onefold.run.options import RunOptions
    from onefold.run.target import Target


@dataclass(frozen=True)
class PreviewRun:
    """A run that was built and not published.

    Attributes:
        plan: Its plan.
        engine: Reads its output and the published output.
        result: Its result; ``published_end_time`` is the end time of the published run if that is later.
        checks: The findings of its checks: errors that would block publishing, and warnings.
    """

    plan: Plan
    engine: Engine
    result: RunResult
    checks: tuple[Finding, ...]

    @property
    def materials(self) -> Mapping[str, str]:
        """Name of the material of each model, by ref."""
        return {step.step.ref: step.material for step in self.result.steps}


@contextmanager
def built_preview(
    project: ProjectSpec, target: Target, options: RunOptions, observers: Sequence[Observer] = (), *, keep: bool = False
) -> Iterator[PreviewRun]:
    """Build a preview run.

    Args:
        project: The project, changed or not.
        target: Where it is published.
        options: The time window and the models; always a new run.
        observers: Observers of the run.
        keep: Keep the run after the block, unpublished. It is then a full rebuild, because another version of the
            published graph would block the next run.

    Raises:
        AccessError: If nothing is published yet, or the database cannot be opened.
        OnefoldError: As `Run.execute`; everything is rolled back.
    """
    if not target.database.exists():
        raise _nothing(target)
    with LogFile(target.root / "logs" / "pb.log") as log:
        observer: Observer = CompositeObserver((log, *observers))
        with connect(target, project, progress=observer.step_progress) as engine:
            _require_published(engine, target)
            absent = absent_inputs(project, engine, target.dialect)
            plan = plan_project(
                project, target, options.time_window(), absent, columns_of(project, engine, target.dialect)
            )
            tried = options if not keep else replace(options, rebase_incremental=True)
            run = Run(plan, names_of(project), target, engine, tried, observer, log.path, is_preview=True)
            run.check()
            with _transaction(engine, keep=keep):
                result = run.execute()
                yield PreviewRun(plan, engine, result, _checks(project, target, plan, engine, result, options))


class _Undo(Exception):  # noqa: N818 - not an error
    """Rolls back a transaction."""


@contextmanager
def _transaction(engine: Engine, *, keep: bool) -> Iterator[None]:
    """A transaction that is rolled back at the end unless ``keep`` is set."""
    with suppress(_Undo), engine.transaction():
        yield
        if not keep:
            raise _Undo


def _require_published(engine: Engine, target: Target) -> None:
    try:
        shown = Registry(engine, target.dialect).published()
    except EngineError as error:
        raise _nothing(target) from error
    if not shown:
        raise _nothing(target)


def _nothing(target: Target) -> AccessError:
    message = f"nothing is published in {target.output} yet, so there is nothing to compare with"
    return AccessError(Finding("error", "nothing-built", message, hint="build and publish the project with `pb run`"))


def _checks(  # noqa: PLR0917 - the whole of a run
    project: ProjectSpec, target: Target, plan: Plan, engine: Engine, result: RunResult, options: RunOptions
) -> tuple[Finding, ...]:
    """The findings of the checks on the steps that would be published."""
    _, chosen = select(plan, options.models)
    output = Output(plan, names_of(project), target.schema, result.seq_no, target.dialect)
    shown = [s.step for s in result.steps if s.step.ref in chosen and s.step.view is not None]
    return HealthChecks.of(project.settings).findings(shown, output, engine, Registry(engine, target.dialect))
