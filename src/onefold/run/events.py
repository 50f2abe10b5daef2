"""What a run tells those who watch it, and what it returns. Records and one protocol; prints nothing."""

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
"""The code of the note that the copy for readers could not be written."""


@dataclass(frozen=True, repr=False)
class StepResult(Short):
    """One model of a run.

    Attributes:
        rows: Rows of its material; None for a view, which has none of its own.
        seconds: Wall-clock time it took, 0.0 if reused.
        is_reused: It was finished before in this sequence number, and was not run again.
        certificate: What was checked of an id_stitcher that ran.
        graph: Where its graph lies.
        id_events: What became of main ids, by kind of event.

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
    """Where results land.

    Attributes:
        target: Target of the connection.
        schema: The output schema.
        shown: For people: ``output/warehouse.duckdb, schema profiles``.
    """

    target: str
    schema: str
    shown: str


@dataclass(frozen=True)
class MemoryUse:
    """What a run took of the memory that it may use.

    Attributes:
        limit: Bytes that the database might use; None where none was set.
        spilled: The most bytes that were seen on disk because memory did not hold them.
    """

    limit: int | None
    spilled: int


@dataclass(frozen=True)
class RunStarted:
    """What is known before the first model runs.

    Attributes:
        seq_no: Sequence number.
        times: Its time window.
        steps: What will run, in order; inline steps are not among them.
        output: Where results land.
        is_resumed: The sequence number was there before.
        is_preview: It only builds; nothing will be published.
    """

    seq_no: int
    times: RunTimes
    steps: tuple[Step, ...]
    output: OutputPlace
    is_resumed: bool
    is_preview: bool = False


@dataclass(frozen=True)
class FailedStep:
    """A model that failed in a run that went on.

    Attributes:
        findings: Why.
    """

    step: Step
    findings: tuple[Finding, ...]


@dataclass(frozen=True, repr=False)
class RunResult(Short):
    """What a finished run leaves.

    Attributes:
        steps: Results in running order.
        published: View names that now show this run, by step ref; none after a look back.
        published_end_time: The end time of what is published, where that is later than this run's: nothing moved then.
        notes: Warnings and notes of project and data.
        sql_folder: Where the SQL that ran lies.
        log_file: Where the log lies.
        failed: The models that failed, where the run went on (``ignore_model_errors``); otherwise none, as a failure
            ends the run.
        not_built: Refs of the models that need one of them, and were not built.
        memory: What it took of the memory that it may use; None where nothing was measured.
        copy: The database file for readers that was written.

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
        """Whether the database file for readers was wanted and could not be written; a note says why."""
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
    """Someone who watches a run. Calls come in order, from the thread that called ``run``.

    >>> class Printer(Observer):
    ...     def step_started(self, step, number, total):
    ...         print(f"{number} of {total}: {step.ref}")
    >>> result = project.run(seq_no="latest", models=["models/user_id_stitcher"], observer=Printer())
    1 of 1: models/user_id_stitcher
    """

    def run_started(self, event: RunStarted) -> None:
        """The plan is checked against the warehouse; models run from here on."""

    def step_started(self, step: Step, number: int, total: int) -> None:
        """Model ``number`` (from 1) of ``total`` begins."""

    def step_phase(self, words: str) -> None:
        """What the current model does next."""

    def step_progress(self, share: float) -> None:
        """Share done of the current statement, 0 to 1."""

    def step_finished(self, result: StepResult) -> None:
        """A model is done, or was done before."""

    def noted(self, finding: Finding) -> None:
        """A warning or a note."""

    def run_failed(self, error: BaseException, seq_no: int | None) -> None:
        """The run ends here, and nothing was published; without a number, nothing of it is left either."""

    def run_finished(self, result: RunResult) -> None:
        """Everything is published."""


class CompositeObserver:
    """Several observers as one, told in order."""

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
