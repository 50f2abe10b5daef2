"""Watch a run: a live display on a terminal, one quiet line per model everywhere else. Writes to stderr.

In: events of a run. Out: text. Knows nothing of SQL.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from onefold.cli import console
from onefold.printable import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, TaskID

    from onefold.errors import Finding
    from onefold.plan.model import Step
    from onefold.run.events import Observer, RunResult, RunStarted, StepResult


@contextmanager
def watcher() -> Iterator[Observer]:
    """The observer that fits where stderr goes."""
    if not console.is_terminal():
        yield QuietLines()
        return
    from rich.console import Console  # noqa: PLC0415 - a fifth of a short run's time, and a pipe needs none of it
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    display = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[phase]}", style="dim"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with display:
        yield LiveDisplay(display)


class QuietLines:
    """One line when a run begins, and one per finished model."""

    def run_started(self, event: RunStarted) -> None:
        """See ``Observer``."""
        console.say(_started(event))

    def step_started(self, step: Step, number: int, total: int) -> None:  # noqa: ARG002
        """See ``Observer``."""
        self._place = f"{number}/{total}"

    def step_phase(self, words: str) -> None:
        """See ``Observer``."""

    def step_progress(self, share: float) -> None:
        """See ``Observer``."""

    def step_finished(self, result: StepResult) -> None:
        """See ``Observer``."""
        console.say(f"{self._place} {_finished(result)}")

    def noted(self, finding: Finding) -> None:
        """See ``Observer``."""
        console.finding_lines(finding)

    def run_failed(self, error: BaseException, seq_no: int | None) -> None:  # noqa: ARG002
        """See ``Observer``."""
        _failed(seq_no)

    def run_finished(self, result: RunResult) -> None:
        """See ``Observer``."""


class LiveDisplay:
    """A bar for the run and the phase of the model under way."""

    def __init__(self, display: Progress) -> None:
        self._display = display
        self._task: TaskID | None = None
        self._done = 0

    def run_started(self, event: RunStarted) -> None:
        """See ``Observer``."""
        self._display.console.print(console.as_typed(_started(event)), markup=False, highlight=False)
        self._task = self._display.add_task("starting", total=float(len(event.steps)), phase="")

    def step_started(self, step: Step, number: int, total: int) -> None:
        """See ``Observer``."""
        self._done = number - 1
        self._update(float(self._done), description=f"{number}/{total} {step.ref}", phase="")

    def step_phase(self, words: str) -> None:
        """See ``Observer``."""
        self._update(float(self._done), phase=words)

    def step_progress(self, share: float) -> None:
        """See ``Observer``."""
        self._update(self._done + share)

    def step_finished(self, result: StepResult) -> None:
        """See ``Observer``."""
        self._update(self._done + 1.0)
        self._display.console.print(f"  {_finished(result)}", markup=False, highlight=False)

    def noted(self, finding: Finding) -> None:
        """See ``Observer``."""
        self._display.console.print(
            console.as_typed(shown(str(finding))), style="yellow", markup=False, highlight=False
        )

    def run_failed(self, error: BaseException, seq_no: int | None) -> None:  # noqa: ARG002
        """See ``Observer``."""
        self._display.stop()
        _failed(seq_no)

    def run_finished(self, result: RunResult) -> None:
        """See ``Observer``."""

    def _update(self, completed: float, **fields: str) -> None:
        if self._task is None:
            return
        description = fields.pop("description", None)
        self._display.update(self._task, completed=completed, description=description)
        if "phase" in fields:
            self._display.update(self._task, phase=fields["phase"])


def _started(event: RunStarted) -> str:
    if event.is_preview:
        return (
            f"planning: {len(event.steps)} models, rows up to {event.times.end:%Y-%m-%d %H:%M:%S} UTC, "
            f"beside what is published in {event.output.shown}"
        )
    word = "resuming" if event.is_resumed else "starting"
    return (
        f"{word} run {event.seq_no}: {len(event.steps)} models, rows up to {event.times.end:%Y-%m-%d %H:%M:%S} UTC, "
        f"into {event.output.shown} (to resume: pb run --seq_no {event.seq_no})"
    )


def _finished(result: StepResult) -> str:
    rows = "" if result.rows is None else f"{result.rows:,} rows, "
    how = "finished before" if result.is_reused else f"{result.seconds:.2f} s"
    return f"{result.step.ref}: {rows}{how}"


def _failed(seq_no: int | None) -> None:
    if seq_no is None:
        console.say("nothing was built or published")
        return
    console.say(f"run {seq_no} stopped; what was published before is unchanged (to resume: pb run --seq_no {seq_no})")


@contextmanager
def share_shown(what: str) -> Iterator[Callable[[float, str], None]]:
    """A bar for work that reports its share done and a few words; nothing outside a terminal."""
    if not console.is_terminal():
        yield lambda _share, _words: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as display:
        task = display.add_task(what, total=1.0)
        yield lambda share, words: display.update(task, completed=share, description=f"{what}: {words}")
