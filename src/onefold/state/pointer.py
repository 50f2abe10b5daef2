"""The pointer: which publication is the last one, and which writer may publish the next.

In: an engine. Out: one row, in the table ``publish_pointer``.

    publish_pointer    fence, version, seq_no, holder, taken_ts

``fence`` counts the writers that took the lease (`onefold.state.lease`), ``version`` the publications, and ``seq_no``
is the run that published last. A run moves the pointer in the transaction that moves its views: from the version that
it saw when it began, and only while its fence is the newest. That is one UPDATE, which must change exactly one row. So
two runs that began from the same version cannot both be published, whatever the engine's locks are.
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
    """Where the pointer stands.

    Attributes:
        fence: The newest fence.
        version: How often something was published.
        seq_no: The run that published last; None if none has.
        holder: Who took the newest fence, in words; None if nobody has.
    """

    fence: int
    version: int
    seq_no: int | None
    holder: str | None


@dataclass(frozen=True)
class Lease:
    """What a writer holds.

    Attributes:
        fence: Its number; it may publish while no other writer has a higher one.
        base: The version that was published when it began.
    """

    fence: int
    base: int


class Pointer:
    """The pointer of one output schema."""

    def __init__(self, engine: Engine, dialect: EngineDialect) -> None:
        self._tables = StateTables(engine, dialect)

    def prepare(self, there: Collection[str]) -> Position:
        """Make the table where it does not exist, with its one row; returns where the pointer stands.

        A table with no row, or with several, decides nothing: it gets one row, above all that there were.

        Args:
            there: Names of tables that are known to exist.
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
        """Publish: move the pointer to the next version. Belongs into the transaction that moves the views.

        Raises:
            RunError: Another run has published since, or another writer took the lease. Undo the transaction.
        """
        moved = {"version": lease.base + 1, "seq_no": seq_no}
        still = (equals("fence", lease.fence), equals("version", lease.base))
        if self._tables.update(POINTER, moved, *still) != 1:
            raise RunError(self._overtaken(lease, seq_no))

    def _overtaken(self, lease: Lease, seq_no: int) -> Finding:
        rows = self._rows()
        now = rows[0] if len(rows) == 1 else None
        if now is None:
            why = f"table {POINTER} was changed while it ran"
        elif now.version != lease.base:
            why = f"run {now.seq_no} has been published since it began"
        else:
            why = f"another command began to write after it: {now.holder}"
        message = f"run {seq_no} was not published: {why}"
        hint = "what was published before stays; `pb run` makes a new run, over what is published now"
        return Finding("error", "overtaken", message, hint=hint)

    def _rows(self) -> list[Position]:
        rows = self._tables.rows(exp.select(*COLUMNS).from_(self._tables.table(POINTER)))
        return [Position(int(r["fence"] or 0), int(r["version"] or 0), r["seq_no"], r["holder"]) for r in rows]
