"""The pointer: the last publication, and the writer that can publish next.

Takes an engine; keeps one row in the table ``publish_pointer``.

    publish_pointer    fence, version, seq_no, holder, taken_ts

``fence`` counts the writers that took the lease (`onefold.state.lease`), ``version`` counts the publications, and
``seq_no`` is the last published run. A run moves the pointer in the transaction that moves its views. It moves it from
the version that it read at its start, and only if its fence is the newest. This is one UPDATE that must change exactly
one row. Two runs based on the same version can therefore not both be published, whatever locks the engine has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.errors import Finding, RunError
from onefold.state.tables import StateTables, equals

if TYPE_CHECKING:
    from collections.abc import Collection

    from onefold.engines.base import Engine
    from onefold.sql.dialects import EngineDialect

POINTER = "publish_pointer"
COLUMNS = {"fence": "BIGINT", "version": "BIGINT", "seq_no": "BIGINT", "holder": "TEXT", "taken_ts": "TIMESTAMP"}


@dataclass(frozen=True)
class Position:
    """The current values of the pointer.

    Attributes:
        fence: The newest fence.
        version: Number of publications.
        seq_no: The last published run; None if there is none.
        holder: Description of the writer with the newest fence; None if there is none.
    """

    fence: int
    version: int
    seq_no: int | None
    holder: str | None


@dataclass(frozen=True)
class Lease:
    """The lease of a writer.

    Attributes:
        fence: Its number; the writer can publish while no other writer has a higher one.
        base: The published version when the writer started.
    """

    fence: int
    base: int


class Pointer:
    """The pointer of one output schema."""

    def __init__(self, engine: Engine, dialect: EngineDialect) -> None:
        self._tables = StateTables(engine, dialect)

    def prepare(self, there: Collection[str]) -> Position:
        """Create the table with its row if it does not exist; returns the current position.

        A damaged table, with no row or several, gets one row with the highest values it had.

        Args:
            there: Names of the tables that exist.
        """
        if POINTER not in there:
            self._tables.create(POINTER, COLUMNS)
        rows = self._rows()
        if len(rows) == 1:
            return rows[0]
        fence, version = (max((getattr(row, name) for row in rows), default=0) for name in ("fence", "version"))
        with self._tables.engine.transaction():
            self._tables.execute(exp.Delete(this=self._tables.table(POINTER)))
            self._tables.insert(POINTER, COLUMNS, [(fence, version, None, None, None)])
        return Position(fence, version, None, None)

    def move(self, lease: Lease, seq_no: int) -> None:
        """Move the pointer to the next version. Call it in the transaction that repoints the views.

        Raises:
            RunError: If another run was published, or another writer took the lease. Roll back the transaction.
        """
        moved = {"version": lease.base + 1, "seq_no": seq_no}
        still = (equals("fence", lease.fence), equals("version", lease.base))
        if self._tables.update(POINTER, moved, *still) != 1:
            raise RunError(self._overtaken(lease, seq_no))

    def _overtaken(self, lease: Lease, seq_no: int) -> Finding:
        rows = self._rows()
        now = rows[0] if len(rows) == 1 else None
        if now is None:
            why = f"table {POINTER} was changed during the run"
        elif now.version != lease.base:
            why = f"run {now.seq_no} was published after it started"
        else:
            why = f"another command started to write after it: {now.holder}"
        message = f"run {seq_no} was not published: {why}"
        hint = "the published output is unchanged; start a new run with `pb run`"
        return Finding("error", "overtaken", message, hint=hint)

    def _rows(self) -> list[Position]:
        rows = self._tables.rows(exp.select(*COLUMNS).from_(self._tables.table(POINTER)))
        return [Position(int(r["fence"] or 0), int(r["version"] or 0), r["seq_no"], r["holder"]) for r in rows]
