"""The state of one output schema: the registry, the publications, the pointer and the lease of a writer.

Takes an engine. Reads the state with one query per table, and writes the changes of a run in their transactions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.state.lease import take_lease
from onefold.state.pointer import Pointer
from onefold.state.publications import Publications, Recorded
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from onefold.engines.base import Engine
    from onefold.plan.model import RunTimes
    from onefold.sql.dialects import EngineDialect
    from onefold.state.pointer import Lease
    from onefold.state.publications import CheckedTables
    from onefold.state.records import PublishedRecord


class StateStore:
    """The state of one output schema."""

    def __init__(self, engine: Engine, dialect: EngineDialect, checked: CheckedTables) -> None:
        self._engine, self._dialect = engine, dialect
        self.registry = Registry(engine, dialect)
        self.publications = Publications(engine, dialect, checked)
        self._pointer = Pointer(engine, dialect)

    def read(self) -> Recorded:
        """Read the state; missing tables are created.

        The pointer is read first, so that a later publication makes the lease fail.
        """
        there = self.registry.tables()
        version = self._pointer.prepare(there).version
        self.registry.prepare(there)
        self.publications.prepare(there)
        runs = {run.seq_no: run.published_at for run in self.registry.runs()}
        return Recorded(there, version, runs, self.registry.published(), self.publications.latest())

    def take_lease(self, recorded: Recorded, what: str) -> Lease:
        """Take the lease; see `onefold.state.lease`.

        Raises:
            RunError: If another run was published since ``recorded`` was read.
        """
        return take_lease(self._engine, self._dialect, recorded.version, what)

    def begin_run(self, recorded: Recorded, times: RunTimes, project: str, now: datetime) -> tuple[int, Lease]:
        """Register a new run and take its lease; returns its sequence number and the lease.

        Raises:
            RunError: As `take_lease`.
        """
        with self._engine.transaction():
            lease = self.take_lease(recorded, "a run")
            return self.registry.begin_run(times, project, now, recorded.there), lease

    def publish(self, lease: Lease, seq_no: int, published: Mapping[str, PublishedRecord], now: datetime) -> None:
        """Record a publication. Call it in the transaction that repoints the views.

        Args:
            lease: The lease of the run.
            seq_no: Its sequence number.
            published: The published materials, by ref.
            now: The time of publication.

        Raises:
            RunError: If another run was published in the meantime, or another writer took the lease.
        """
        self._pointer.move(lease, seq_no)
        self.registry.publish_materials(published)
        self.registry.publish_run(seq_no, now)
        self.publications.add({ref: shown for ref, shown in published.items() if shown.graph is not None}, now)
