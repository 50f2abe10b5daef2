"""``--ignore_model_errors``: build and publish the models that do not depend on a failed model.

Takes the plan, and a function that runs a set of models under one sequence number. Returns a `RunResult` that names
the failed models. Models that depend on a failed model are not built, and their views stay as they were; the views of
the other models move together. Errors outside models, such as a missing table or duplicate rows, still end the run.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onefold.errors import RunError
from onefold.plan.graph import with_needs
from onefold.plan.select import select
from onefold.run.events import FailedStep, RunResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.errors import Finding
    from onefold.plan.model import Plan, Step
    from onefold.run.events import Observer, RunStarted, StepResult
    from onefold.run.options import RunOptions

    Attempt = Callable[[RunOptions, Observer], RunResult]


def run_past_failures(plan: Plan, options: RunOptions, attempt: Attempt, observer: Observer) -> RunResult:
    """Run without the models that fail, and without those that depend on them.

    Args:
        plan: The plan.
        options: What was asked for.
        attempt: Runs the given options, watched by the given observer.
        observer: Observes the attempts as one run.

    Raises:
        OnefoldError: If nothing can be built, or the fault is no model's own.
    """
    began = datetime.now(UTC)
    _, chosen = select(plan, options.models)
    watch = _RetryObserver(observer)
    failed: list[FailedStep] = []
    tried = options
    while True:
        try:
            result = attempt(tried, watch)
        except RunError as error:
            step = watch.current
            left = _without(plan, chosen, (*(f.step.ref for f in failed), step.ref)) if step is not None else ()
            if step is None or all(plan.steps[ref].output == "inline" for ref in left):
                observer.run_failed(error, watch.seq_no)
                raise
            for finding in error.findings:
                observer.noted(finding)
            failed.append(FailedStep(step, error.findings))
            tried = replace(tried, models=left)
            if watch.seq_no is not None and options.seq_no == "new":
                # What an earlier attempt of this very run has built is not built again.
                tried = replace(tried, seq_no=watch.seq_no, force=False)
        except BaseException as error:
            observer.run_failed(error, watch.seq_no)
            raise
        else:
            excluded = (
                tuple(ref for ref in plan.steps if ref in chosen and ref not in {*tried.models}) if failed else ()
            )
            whole = replace(
                result,
                steps=tuple(watch.done.get(s.step.ref, s) for s in result.steps),
                started_at=began,
                failed=tuple(failed),
                not_built=tuple(ref for ref in excluded if ref not in {f.step.ref for f in failed}),
            )
            observer.run_finished(whole)
            return whole


def _without(plan: Plan, chosen: frozenset[str], failed: tuple[str, ...]) -> tuple[str, ...]:
    """What was asked for and needs nothing that failed, in running order."""
    needs = {ref: step.needs for ref, step in plan.steps.items()}
    return tuple(ref for ref in plan.steps if ref in chosen and not with_needs((ref,), needs) & {*failed})


class _RetryObserver:
    """Forwards the events of all attempts to an observer as those of one run."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self.current: Step | None = None
        self.seq_no: int | None = None
        self.done: dict[str, StepResult] = {}
        self._said: set[Finding] = set()

    def run_started(self, event: RunStarted) -> None:
        """See ``Observer``; forwarded once."""
        self.current = None
        if self.seq_no is None:
            self._observer.run_started(event)
        self.seq_no = event.seq_no

    def step_started(self, step: Step, number: int, total: int) -> None:
        """See ``Observer``."""
        self.current = step
        if step.ref not in self.done:
            self._observer.step_started(step, number, total)

    def step_phase(self, words: str) -> None:
        """See ``Observer``."""
        self._observer.step_phase(words)

    def step_progress(self, share: float) -> None:
        """See ``Observer``."""
        self._observer.step_progress(share)

    def step_finished(self, result: StepResult) -> None:
        """See ``Observer``; forwarded once per model."""
        self.current = None
        if result.step.ref not in self.done:
            self.done[result.step.ref] = result
            self._observer.step_finished(result)

    def noted(self, finding: Finding) -> None:
        """See ``Observer``; forwarded once."""
        if finding not in self._said:
            self._said.add(finding)
            self._observer.noted(finding)

    def run_failed(self, error: BaseException, seq_no: int | None) -> None:  # noqa: ARG002
        """See ``Observer``; the caller reports the failure."""
        self.seq_no = seq_no if seq_no is not None else self.seq_no

    def run_finished(self, result: RunResult) -> None:
        """See ``Observer``; the caller reports the end."""
