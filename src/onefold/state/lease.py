"""The lease: one writer of an output schema at a time.

In: the pointer's table. Out: a `Lease`. Taking the lease invalidates the previous one: the earlier writer can no longer
publish (`onefold.state.pointer`). An engine whose database one process holds alone, as DuckDB, refuses the
second writer before that. The lease of a run that was killed needs no clearing up: the next writer takes it.
"""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.errors import Finding, RunError
from onefold.state.pointer import POINTER, Lease
from onefold.state.tables import StateTables, equals

if TYPE_CHECKING:
    from onefold.engines.base import Engine
    from onefold.sql.dialects import EngineDialect


def take_lease(engine: Engine, dialect: EngineDialect, base: int, what: str) -> Lease:
    """Take the lease. Belongs into the transaction of the first thing that the writer writes.

    Args:
        engine: Where.
        dialect: The engine's.
        base: The version that was published when the writer read what is published.
        what: The command, for the error message of the overtaken writer.

    Raises:
        RunError: Something was published between the two.
    """
    tables = StateTables(engine, dialect)
    next_fence = exp.column("fence") + exp.Literal.number(1)
    taken = {"fence": next_fence, "holder": f"{what}, {_process()}", "taken_ts": datetime.now(UTC)}
    if tables.update(POINTER, taken, equals("version", base)) != 1:
        message = f"{what} cannot begin: another run has just been published"
        raise RunError(Finding("error", "overtaken", message, hint="start it again"))
    row = tables.rows(exp.select("fence").from_(tables.table(POINTER)))[0]
    return Lease(int(row["fence"]), base)


def _process() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"
