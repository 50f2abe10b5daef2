"""Detects whether data files have changed, from file system metadata.

Takes paths; returns a text for each that changes whenever its file does. None means that the file system's times are
not reliable for that. Opens no file.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SETTLED_NS = 2_000_000_000
"""A file older than this gets another time when it is rewritten, even if the file system's clock is coarse."""


def states(paths: Iterable[str]) -> Mapping[str, str] | None:
    """The metadata of files or folders: size, inode, time of the last write and of the last metadata change.

    Programs cannot set the time of the last metadata change. It therefore reveals files that were rewritten in place,
    replaced by a file with the same times, or restored. The metadata of a folder changes when files are added or
    removed.

    Returns:
        None if a file was written so recently, or has a time so far in the future, that the next write may not change
            its times. Also None if a file disappeared, and on Windows, which has no such time.
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
