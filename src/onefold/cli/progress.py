"""Shows the progress of a run on stderr: a live display on a terminal, one line per model everywhere else."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from onefold.cli import console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onefold.errors import Finding
    from onefold.plan.model import Step
    from onefold.run.events import Observer, RunResult, RunStarted, StepResult


@contextmanager
def watcher() -> Iterator[Observer]:
    """The observer for the kind of stderr: a live display or plain lines."""
    if not console.is_terminal():
        yield QuietLines()
        return
    try:
        yield LiveDisplay()
    finally:
        console.status("")


class QuietLines:
    """Prints one line when a run starts, and one per finished model."""

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


class LiveDisplay(QuietLines):
    """The same lines, and below them a status line with the current model and the progress of the run."""

    def __init__(self) -> None:
        self._began, self._total, self._done = time.monotonic(), 1, 0.0
        self._step, self._phase = "", ""

    def run_started(self, event: RunStarted) -> None:
        """See ``Observer``."""
        console.status("")
        super().run_started(event)
        self._total = max(len(event.steps), 1)

    def step_started(self, step: Step, number: int, total: int) -> None:
        """See ``Observer``."""
        super().step_started(step, number, total)
        self._step, self._phase, self._done = step.ref, "", number - 1.0
        self._draw(0.0)

    def step_phase(self, words: str) -> None:
        """See ``Observer``."""
        self._phase = words
        self._draw(0.0)

    def step_progress(self, share: float) -> None:
        """See ``Observer``."""
        self._draw(share)

    def step_finished(self, result: StepResult) -> None:
        """See ``Observer``."""
        console.status("")
        super().step_finished(result)

    def noted(self, finding: Finding) -> None:
        """See ``Observer``."""
        console.status("")
        super().noted(finding)

    def run_failed(self, error: BaseException, seq_no: int | None) -> None:
        """See ``Observer``."""
        console.status("")
        super().run_failed(error, seq_no)

    def _draw(self, share: float) -> None:
        if self._step:
            words = [f"{self._place} {self._step}", *([self._phase] if self._phase else [])]
            console.status(_bar((self._done + share) / self._total, self._began, *words))


_BAR = 20
"""Characters of a bar."""


def _bar(share: float, began: float, *words: str) -> str:
    """A bar of what is done, the seconds so far, and words."""
    full = round(_BAR * min(max(share, 0.0), 1.0))
    return f"[{'=' * full:<{_BAR}}] {time.monotonic() - began:3.0f} s  {': '.join(words)}"


def _started(event: RunStarted) -> str:
    if event.is_preview:
        return (
            f"planning: {len(event.steps)} models, rows up to {event.times.end:%Y-%m-%d %H:%M:%S} UTC, "
            f"compared with {event.output.shown}"
        )
    word = "resuming" if event.is_resumed else "starting"
    return (
        f"{word} run {event.seq_no}: {len(event.steps)} models, rows up to {event.times.end:%Y-%m-%d %H:%M:%S} UTC, "
        f"into {event.output.shown} (to resume: pb run --seq_no {event.seq_no})"
    )


def _finished(result: StepResult) -> str:
    rows = "" if result.rows is None else f"{result.rows:,} rows, "
    how = "reused" if result.is_reused else f"{result.seconds:.2f} s"
    return f"{result.step.ref}: {rows}{how}"


def _failed(seq_no: int | None) -> None:
    if seq_no is None:
        console.say("nothing was built or published")
        return
    console.say(f"run {seq_no} stopped; the published views are unchanged (to resume: pb run --seq_no {seq_no})")


@contextmanager
def share_shown(what: str) -> Iterator[Callable[[float, str], None]]:
    """A progress bar for other work. Shows nothing outside a terminal."""
    if not console.is_terminal():
        yield lambda _share, _words: None
        return
    began = time.monotonic()
    try:
        yield lambda share, words: console.status(_bar(share, began, what, words))
    finally:
        console.status("")
