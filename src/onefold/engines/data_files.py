"""Whether data files are as they were, as the file system tells.

In: paths. Out: a text for each that changes whenever its file does, or None where the times of the file system cannot
be relied on for that. Opens no file.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SETTLED_NS = 2_000_000_000
"""A file written so long ago gets another time when it is written again, however coarse the clock of its disk."""


def states(paths: Iterable[str]) -> Mapping[str, str] | None:
    """What files, or folders, are like: size, number on the disk, times of the last writing and of the last change.

    The last of these cannot be set by programs, so what is written in place, replaced by a file with the times of
    another, or put back, is told from what was there. A folder changes when a file of it comes or goes.

    Returns:
        None if one of them was written so short a time ago, or lies so far in the future, that its times may not tell
        of the next writing; if one vanished meanwhile; on Windows, which keeps no time of the last change.
    """
    if sys.platform == "win32":
        return None
    found, now = {}, time.time_ns()
    for path in paths:
        try:
            stat = Path(path).stat()
        except OSError:
            return None
        if now - max(stat.st_mtime_ns, stat.st_ctime_ns) < SETTLED_NS:
            return None
        found[path] = f"{stat.st_size} {stat.st_ino} {stat.st_mtime_ns} {stat.st_ctime_ns}"
    return found
