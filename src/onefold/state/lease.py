"""The lease: one writer of an output schema at a time.

Takes the pointer's table; returns a `Lease`. A new lease invalidates the previous one: the earlier writer can no longer
publish (`onefold.state.pointer`). DuckDB, which one process locks, rejects the second writer before that. The lease of
a killed run needs no cleanup: the next writer takes it.
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
    """Take the lease. Call it in the transaction of the writer's first change.

    Args:
        engine: The engine.
        dialect: Its dialect.
        base: The published version that the writer read.
        what: The command, for the error message of the overtaken writer.

    Raises:
        RunError: If another run was published since the writer read the version.
    """
    tables = StateTables(engine, dialect)
    next_fence = exp.column("fence") + exp.Literal.number(1)
    taken = {"fence": next_fence, "holder": f"{what}, {_process()}", "taken_ts": datetime.now(UTC)}
    if tables.update(POINTER, taken, equals("version", base)) != 1:
        message = f"{what} cannot start: another run was published just now"
        raise RunError(Finding("error", "overtaken", message, hint="run the command again"))
    row = tables.rows(exp.select("fence").from_(tables.table(POINTER)))[0]
    return Lease(int(row["fence"]), base)


def _process() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"
