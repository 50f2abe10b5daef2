"""The folders for data that does not fit into memory, one per connection.

Two connections must not share a folder, because they use the same file names. DuckDB removes the folder when it closes.
The folder of a killed process is removed by the next process that writes to the database.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

_NUMBERS = itertools.count(1)
_PREFIX = "duckdb_spill_"


def spill_folder(folder: Path) -> Path:
    """A separate folder for a connection, not created yet; a temporary one if ``folder`` is not writable."""
    base = folder if not folder.exists() or os.access(folder, os.W_OK) else Path(tempfile.gettempdir())
    return base / f"{_prefix()}{os.getpid()}_{next(_NUMBERS)}"


def remove_abandoned(folder: Path) -> None:
    """Remove the folders of processes of this machine that have ended."""
    for found in folder.glob(f"{_prefix()}*"):
        pid = found.name.removeprefix(_prefix()).partition("_")[0]
        if pid.isdecimal() and not _runs(int(pid)):
            shutil.rmtree(found, ignore_errors=True)


def size_of(folder: Path) -> int:
    """Bytes of the files in a folder; 0 if it does not exist."""
    total = 0
    with suppress(OSError):  # files come and go meanwhile
        for entry in os.scandir(folder):
            total += entry.stat().st_size
    return total


def _prefix() -> str:
    return f"{_PREFIX}{re.sub(r'[^A-Za-z0-9-]+', '-', socket.gethostname())}_"


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it runs as someone else
        return True
    return True
