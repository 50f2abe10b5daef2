"""The log file ``logs/pb.log``: one line per event with time in UTC, level and message, separated by tabs.

Each run appends to it. Events hold no connection settings.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from onefold.environment import translate_os_errors
from onefold.errors import OnefoldError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from onefold.errors import Finding
    from onefold.plan.model import Step
    from onefold.run.events import RunResult, RunStarted, StepResult


class LogFile:
    """An observer that writes the log file; a context manager that closes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with translate_os_errors("write the log", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = path.open("a", encoding="utf-8", errors="backslashreplace")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._file.close()

    def line(self, level: str, message: str) -> None:
        """Append one line."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        # A full disk costs a line of the log. The database decides whether the run can continue.
        with suppress(OSError):
            self._file.write(f"{now}\t{level}\t{' '.join(message.split())}\n")
            self._file.flush()

    def run_started(self, event: RunStarted) -> None:
        """See ``Observer``."""
        word = "plan" if event.is_preview else "resume" if event.is_resumed else "start"
        self.line(
            "INFO",
            f"{word} sequence number {event.seq_no}, target {event.output.target}, "
            f"end time {event.times.end.isoformat()}, {len(event.steps)} models",
        )

    def step_started(self, step: Step, number: int, total: int) -> None:
        """See ``Observer``."""

    def step_phase(self, words: str) -> None:
        """See ``Observer``."""

    def step_progress(self, share: float) -> None:
        """See ``Observer``."""

    def step_finished(self, result: StepResult) -> None:
        """See ``Observer``."""
        rows = "view" if result.rows is None else f"{result.rows} rows"
        how = "reused" if result.is_reused else f"{result.seconds:.3f} s"
        self.line("INFO", f"{result.step.ref} ({result.step.kind}): {rows}, {how}, {result.material}")

    def noted(self, finding: Finding) -> None:
        """See ``Observer``."""
        self.line({"error": "ERROR", "warning": "WARN"}.get(finding.severity, "INFO"), str(finding))

    def run_failed(self, error: BaseException, seq_no: int | None) -> None:
        """See ``Observer``."""
        which = f"sequence number {seq_no} " if seq_no is not None else "run "
        if isinstance(error, OnefoldError):
            for finding in error.findings:
                self.line("ERROR", str(finding))
        elif isinstance(error, KeyboardInterrupt):
            self.line("ERROR", "interrupted")
        else:
            self.line("ERROR", f"{type(error).__name__}: {error}")
        self.line("ERROR", f"{which}failed; nothing was published")

    def run_finished(self, result: RunResult) -> None:
        """See ``Observer``."""
        seconds = (result.finished_at - result.started_at).total_seconds()
        if result.failed:
            failed = ", ".join(f.step.ref for f in result.failed)
            self.line("ERROR", f"failed: {failed}; not built (depend on them): {', '.join(result.not_built) or 'none'}")
        published = ", ".join(result.published.values()) or "nothing"
        self.line("INFO", f"published of sequence number {result.seq_no} after {seconds:.3f} s: {published}")
