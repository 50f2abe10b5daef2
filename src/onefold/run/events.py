"""Events and results of a run: records, and the protocol of observers. Prints nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from onefold.errors import Finding, UsageError, suggest
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from onefold.plan.model import RunTimes, Step
    from onefold.state.records import Certificate, GraphRecord


COPY_FAILED = "copy-failed"
"""The code of the warning that the published copy could not be written."""


@dataclass(frozen=True, repr=False)
class StepResult(Short):
    """One model of a run.

    Attributes:
        rows: Number of rows of its material; None for a view.
        seconds: Wall-clock time; 0.0 if reused.
        is_reused: Whether an earlier attempt of this sequence number had finished it, so that it was not run again.
        certificate: The certificate of an id stitcher that ran.
        graph: The location of its graph.
        id_events: Number of main id events, by kind.

    >>> result = project.run(seq_no="latest", models=["models/user_id_stitcher"])
    >>> [(done.step.ref, done.rows, done.is_reused) for done in result.steps]
    [('models/user_id_stitcher', 13230, True)]
    """

    step: Step
    material: str
    rows: int | None
    seconds: float
    is_reused: bool = False
    certificate: Certificate | None = None
    graph: GraphRecord | None = None
    id_events: Mapping[str, int] = field(default_factory=dict)

    def _facts(self) -> Mapping[str, object]:
        """See `Short`."""
        return {"ref": self.step.ref, **super()._facts()}


@dataclass(frozen=True)
class OutputPlace:
    """Where a run writes its results.

    Attributes:
        target: Target of the connection.
        schema: The output schema.
        shown: The same for display: ``output/warehouse.duckdb, schema profiles``.
    """

    target: str
    schema: str
    shown: str


@dataclass(frozen=True)
class MemoryUse:
    """The memory use of a run.

    Attributes:
        limit: Bytes that the database was allowed to use; None without a limit.
        spilled: The most bytes that were spilled to disk at one time.
    """

    limit: int | None
    spilled: int


@dataclass(frozen=True)
class RunStarted:
    """The start of a run, before its first model.

    Attributes:
        seq_no: Sequence number.
        times: Its time window.
        steps: The steps that will run, in order, without inline steps.
        output: Where results are written.
        is_resumed: Whether the sequence number existed before.
        is_preview: Whether the run only builds and publishes nothing.
    """

    seq_no: int
    times: RunTimes
    steps: tuple[Step, ...]
    output: OutputPlace
    is_resumed: bool
    is_preview: bool = False


@dataclass(frozen=True)
class FailedStep:
    """A model that failed in a run that continued.

    Attributes:
        findings: The errors.
    """

    step: Step
    findings: tuple[Finding, ...]


@dataclass(frozen=True, repr=False)
class RunResult(Short):
    """The result of a finished run.

    Attributes:
        steps: Results in running order.
        published: Names of the views that now show this run, by step ref; empty after an as-of run.
        published_end_time: The end time of the published run if it is later, in which case nothing was published.
        notes: Warnings and notes about the project and its data.
        sql_folder: The folder of the SQL that ran.
        log_file: The log file.
        failed: The models that failed, if the run continued (``ignore_model_errors``); otherwise empty, because a
            failure ends the run.
        not_built: Refs of the models that depend on a failed model and were not built.
        memory: The memory use; None if it was not measured.
        copy: The published copy, if one was written.

    >>> result = project.run(seq_no="latest", models=["models/user_id_stitcher"])
    >>> result.published
    {'models/user_id_stitcher': 'USER_ID_STITCHER'}
    >>> result.failed
    ()
    """

    seq_no: int
    times: RunTimes
    output: OutputPlace
    started_at: datetime
    finished_at: datetime
    steps: tuple[StepResult, ...]
    published: dict[str, str]
    notes: tuple[Finding, ...]
    sql_folder: Path
    log_file: Path
    published_end_time: datetime | None = None
    failed: tuple[FailedStep, ...] = ()
    not_built: tuple[str, ...] = ()
    memory: MemoryUse | None = None
    copy: Path | None = None

    def _facts(self) -> Mapping[str, object]:
        """See `Short`."""
        return {**super()._facts(), "output": self.output.shown}

    @property
    def copy_failed(self) -> bool:
        """Whether the published copy could not be written; a warning in ``notes`` tells the reason."""
        return any(note.code == COPY_FAILED for note in self.notes)

    def step(self, ref: str) -> StepResult:
        """The result of one step.

        Raises:
            UsageError: If the run did not have it.

        >>> project.run(seq_no="latest").step("models/user_id_stitcher").rows
        13230
        """
        by_ref = {result.step.ref: result for result in self.steps}
        if ref not in by_ref:
            hint = suggest(ref, by_ref) or f"available: {', '.join(by_ref)}"
            raise UsageError(Finding("error", "unknown-step", f'run {self.seq_no} has no step "{ref}"', hint=hint))
        return by_ref[ref]


class Observer(Protocol):
    """Watches a run. Calls come in order, from the thread that called ``run``.

    >>> class Printer(Observer):
    ...     def step_started(self, step, number, total):
    ...         print(f"{number} of {total}: {step.ref}")
    >>> result = project.run(seq_no="latest", models=["models/user_id_stitcher"], observer=Printer())
    1 of 1: models/user_id_stitcher
    """

    def run_started(self, event: RunStarted) -> None:
        """The plan was checked against the warehouse, and the first model is about to run."""

    def step_started(self, step: Step, number: int, total: int) -> None:
        """Model ``number`` (from 1) of ``total`` starts."""

    def step_phase(self, words: str) -> None:
        """The current model enters a phase, described in a few words."""

    def step_progress(self, share: float) -> None:
        """Progress of the current statement, 0 to 1."""

    def step_finished(self, result: StepResult) -> None:
        """A model is finished, now or by an earlier attempt."""

    def noted(self, finding: Finding) -> None:
        """A warning or a note was raised."""

    def run_failed(self, error: BaseException, seq_no: int | None) -> None:
        """The run failed and published nothing. Without a number it was not registered either."""

    def run_finished(self, result: RunResult) -> None:
        """The run finished, and published what it had to publish."""


class CompositeObserver:
    """Several observers as one, called in order."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)

    def run_started(self, event: RunStarted) -> None:
        """See ``Observer``."""
        for observer in self._observers:
            observer.run_started(event)

    def step_started(self, step: Step, number: int, total: int) -> None:
        """See ``Observer``."""
        for observer in self._observers:
            observer.step_started(step, number, total)

    def step_phase(self, words: str) -> None:
        """See ``Observer``."""
        for observer in self._observers:
            observer.step_phase(words)

    def step_progress(self, share: float) -> None:
        """See ``Observer``."""
        for observer in self._observers:
            observer.step_progress(share)

    def step_finished(self, result: StepResult) -> None:
        """See ``Observer``."""
        for observer in self._observers:
            observer.step_finished(result)

    def noted(self, finding: Finding) -> None:
        """See ``Observer``."""
        for observer in self._observers:
            observer.noted(finding)

    def run_failed(self, error: BaseException, seq_no: int | None) -> None:
        """See ``Observer``."""
        for observer in self._observers:
            observer.run_failed(error, seq_no)

    def run_finished(self, result: RunResult) -> None:
        """See ``Observer``."""
        for observer in self._observers:
            observer.run_finished(result)
