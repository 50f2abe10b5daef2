"""Restore lost registry rows of published id graphs.

Takes both records of publications. Returns the restored rows, and what cannot be restored. A row is restored only if
the tables of the graph still equal the publication: main ids are never invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onefold.plan.model import RunTimes
from onefold.short_repr import Short
from onefold.state.publications import disagreements, findings, of_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from onefold.engines.base import Engine
    from onefold.errors import Finding
    from onefold.state.publications import Recorded
    from onefold.state.store import StateStore

_HINT = (
    "restore the database file from a backup, or start over with new main ids for all profiles: "
    "`pb run --reset_main_ids`"
)


@dataclass(frozen=True, repr=False)
class Repaired(Short):
    """The result of a repair.

    Attributes:
        done: Descriptions of the restored rows; of the rows to restore after a dry run.
        left: What cannot be restored.
    """

    done: tuple[str, ...]
    left: tuple[Finding, ...]


@dataclass(frozen=True)
class Repair:
    """The repair of one output schema.

    Attributes:
        histories: Name of the table of main id events, by ref of the stitcher.
        project: Name of the project.
    """

    engine: Engine
    store: StateStore
    histories: Mapping[str, str]
    project: str

    def carry_out(self, *, dry_run: bool) -> Repaired:
        """Restore all rows that can be restored.

        Args:
            dry_run: Only report what would be restored.
        """
        store, recorded = self.store, self.store.read()
        found = disagreements(self.histories, recorded, store.publications)
        if not found:
            return Repaired((), ())
        if dry_run:
            done = {ref: list(self._restored(ref, recorded, dry_run=True)) for ref in found}
            left = {ref: said for ref, said in found.items() if not done[ref]}
        else:
            with self.engine.transaction():
                store.take_lease(recorded, "a repair of the registry")
                done = {ref: list(self._restored(ref, recorded, dry_run=False)) for ref in found}
                left = disagreements(self.histories, store.read(), store.publications)
        return Repaired(tuple(line for lines in done.values() for line in lines), findings(left, _HINT))

    def _restored(self, ref: str, recorded: Recorded, *, dry_run: bool) -> Iterator[str]:
        """Restore the rows of one graph; yields a description of each."""
        registry, publications = self.store.registry, self.store.publications
        latest, shown = recorded.latest.get(ref), recorded.published.get(ref)
        if latest is None and shown is not None and not list(of_certificate(ref, shown, publications)):
            yield f"publication_registry: {ref}, of run {shown.seq_no}"
            if not dry_run:
                publications.add({ref: shown}, datetime.now(UTC))
        if latest is None or publications.faults(latest):
            return
        if latest.seq_no not in {run.seq_no for run in registry.runs()}:
            yield f"run_registry: run {latest.seq_no}"
            if not dry_run:
                begin = latest.graph.begin
                since = None if begin is None else datetime.fromisoformat(begin).replace(tzinfo=UTC)
                registry.restore_run(latest.seq_no, RunTimes(latest.end, since), latest.published_at, self.project)
        if not registry.describes(latest.record):
            yield f"material_registry: {latest.material}"
            if not dry_run:
                registry.restore_graph(ref, latest.record, latest.published_at)
        if shown is None or (shown.material, shown.seq_no, shown.end) != (latest.material, latest.seq_no, latest.end):
            yield f"published_registry: {ref}, of run {latest.seq_no}"
            if not dry_run:
                registry.publish_materials({ref: latest.record})
