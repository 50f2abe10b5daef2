"""Begin a run: read the registries, refuse damaged ones, take the lease and a sequence number.

Takes a plan, an engine and options. Returns a `BegunRun` with the state that the run was based on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onefold.errors import Finding, RunError, UsageError
from onefold.run.graphs import outdated
from onefold.run.published_graphs import histories_of, state_of
from onefold.state.publications import disagreements, findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from onefold.engines.base import Engine
    from onefold.plan.model import Plan
    from onefold.run.compiled import CompiledStep, Output
    from onefold.run.options import RunOptions
    from onefold.sql.dialects import EngineDialect
    from onefold.state.pointer import Lease
    from onefold.state.publications import Recorded
    from onefold.state.records import PublishedRecord
    from onefold.state.store import StateStore


@dataclass(frozen=True)
class BegunRun:
    """A run that has begun.

    Attributes:
        is_resumed: Whether the sequence number existed before.
        store: Reads and writes the state of the output schema.
        recorded: The state when the run began.
        lease: Lets the run publish.
        published: The published materials, by ref. Damaged id graphs are not among them if main ids are reset.
    """

    seq_no: int
    is_resumed: bool
    started_at: datetime
    store: StateStore
    recorded: Recorded
    lease: Lease
    published: Mapping[str, PublishedRecord]

    def usable(self, plan: Plan, output: Output) -> dict[str, int | None]:
        """Row counts of the materials that an earlier attempt finished and that can be reused, by name."""
        if not self.is_resumed:
            return {}
        found = dict(self.store.registry.finished(self.seq_no, self.recorded.there))
        for ref in outdated(found, plan, self.store.registry, self.recorded.published, output):
            found.pop(output.material(ref), None)
        return found

    def refuse_to_repeat(self, compiled: Sequence[CompiledStep], output: Output) -> None:
        """Refuse to resume a run that is finished and published, and that a later run has replaced.

        Raises:
            UsageError: If it is such a run.
        """
        published_at = self.recorded.runs[self.seq_no]
        done = self.store.registry.finished(self.seq_no, self.recorded.there)
        if published_at is None or any(c.material not in done for c in compiled):
            return
        usable = self.usable(output.plan, output)
        if any(c.material not in usable for c in compiled):
            message = (
                f"run {self.seq_no} was finished and published at {published_at:%Y-%m-%d %H:%M:%S} UTC, and a later "
                "run was published after it: nothing is left to resume"
            )
            hint = f"start a new run with `pb run`, or rebuild this one with `pb run --seq_no {self.seq_no} --force`"
            raise UsageError(Finding("error", "finished-run", message, hint=hint))

    def notes_of_times(self, end: datetime, later: datetime | None) -> Iterator[Finding]:
        """Warn if the end time is in the future, and if the run will not be published.

        Args:
            end: The end time of the run.
            later: The end time of the published run, if it is later and prevents publishing.
        """
        if end > self.started_at:
            message = f"the end time {end:%Y-%m-%d %H:%M:%S} UTC is in the future: rows with future times are read too"
            hint = "omit --end_time to read the rows up to now"
            yield Finding("warning", "future-end-time", message, hint=hint)
        if later is not None:
            message = (
                f"this run will not be published: its end time is {end:%Y-%m-%d %H:%M:%S} UTC, and rows up to "
                f"{later:%Y-%m-%d %H:%M:%S} UTC are already published"
            )
            yield Finding("warning", "not-published", message, hint="publish it anyway with `--publish_as_of`")


def begin_run(plan: Plan, options: RunOptions, engine: Engine, dialect: EngineDialect) -> BegunRun:
    """Begin a new run, or resume one.

    Raises:
        RunError: If the state of a published graph is damaged and main ids are not reset, or if another run was
            published while this one began.
    """
    now, store = datetime.now(UTC), state_of(engine, dialect)
    recorded = store.read()
    damaged = disagreements(histories_of(plan), recorded, store.publications)
    if damaged and not options.reset_main_ids:
        raise RunError(findings(damaged))
    published = {ref: record for ref, record in recorded.published.items() if ref not in damaged}
    if isinstance(options.seq_no, int):
        seq_no, lease = options.seq_no, store.take_lease(recorded, f"run {options.seq_no}")
    else:
        seq_no, lease = store.begin_run(recorded, plan.times, plan.project, now)
    return BegunRun(seq_no, options.seq_no != "new", now, store, recorded, lease, published)
