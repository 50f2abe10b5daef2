"""A command that kills its own process, as kill -9 does, a moment after its n-th statement.

The command runs in a process that is forked from a server which has imported everything, so that it begins at once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefold.cli.main import run
from onefold.engines.duckdb import DuckDB

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_VERBS = ("execute", "fetch", "describe")
_PRELOADED = [
    "onefold.audit.preview",
    "onefold.run.run_project",
    "onefold.api",
    "onefold.cli.run",
    "onefold.cli.plan",
    "onefold.identity.stitch",
]
_REPOSITORY = str(Path(__file__).parents[2])
_LONGEST = 120
"""Seconds that a command may take."""


def run_until(
    arguments: Sequence[str], folder: Path, statement: int | None = None, delay: float = 0.0
) -> tuple[int, int]:
    """Run ``pb``; returns its exit code, -9 if it was killed, and how many statements it ran.

    Args:
        arguments: Of ``pb``, without the folder.
        folder: The project.
        statement: The number of the statement, from 1, at whose beginning the clock starts; None lets it end.
        delay: Seconds until the process is killed.
    """
    if _REPOSITORY not in sys.path:
        sys.path.append(_REPOSITORY)  # the other process finds this module there
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    counted = context.Value("i", 0)
    process = context.Process(target=_command, args=([*arguments], str(folder), statement, delay, counted))
    process.start()
    process.join(_LONGEST)
    assert process.exitcode is not None, f"pb {' '.join(arguments)} did not end"
    return process.exitcode, counted.value


def _command(arguments: list[str], folder: str, statement: int | None, delay: float, counted: Any) -> None:
    os.chdir(folder)
    with open(os.devnull, "w", encoding="utf-8") as nothing:  # noqa: PTH123
        sys.stdout = sys.stderr = nothing

        def count() -> None:
            counted.value += 1
            if counted.value == statement:
                threading.Thread(target=_kill, args=(delay,), daemon=True).start()
                if delay == 0:
                    time.sleep(_LONGEST)

        for verb in _VERBS:
            setattr(DuckDB, verb, _counting(getattr(DuckDB, verb), count))
        code = run(arguments)
    with suppress(Exception):
        os._exit(code)


def _counting(verb: Callable[..., Any], count: Callable[[], None]) -> Callable[..., Any]:
    def counting(self: DuckDB, sql: str) -> Any:
        count()
        return verb(self, sql)

    return counting


def _kill(delay: float) -> None:
    time.sleep(delay)
    os.kill(os.getpid(), signal.SIGKILL)
