"""The shipped project on the shipped sample shop, and copies of what a run of it published.

A run of the shop takes seconds, and most tests only need what it leaves. So it is run once for each end time in a run
of the tests, whichever worker needs it first, and each test takes a copy of its own.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import onefold

if TYPE_CHECKING:
    import pytest

REPOSITORY = Path(__file__).parents[1]
END_TIME = "2026-10-31T00:00:00Z"
EARLIER = "2026-09-30T00:00:00Z"


def copy_project(to: Path) -> Path:
    """The project and its sample shop, in another folder."""
    for name in ("pb_project.yaml", "onefold.yaml"):
        shutil.copy(REPOSITORY / name, to / name)
    for name in ("models", "sample_data"):
        shutil.copytree(REPOSITORY / name, to / name)
    return to


def copy_published(to: Path, temporary: pytest.TempPathFactory, end_time: str = END_TIME) -> Path:
    """The same after a run up to ``end_time``."""
    return shutil.copytree(_published(temporary, end_time), to, dirs_exist_ok=True)


def _published(temporary: pytest.TempPathFactory, end_time: str) -> Path:
    """The folder that every worker copies. Nobody opens its database but the worker that makes it."""
    base = temporary.getbasetemp()
    # Workers have folders of their own beside each other.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / f"shop_{end_time[:10]}"
    with (shared / f"{folder.name}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another worker may have written since the file was opened.
        if not lock.seek(0, os.SEEK_END):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            onefold.load(copy_project(folder)).run(end_time=end_time)
            lock.write("made")
    return folder
