"""Computes how much memory the database may use, from the limits of the machine, the container and the process.

The database gets a share; the rest is for stitching, which happens outside of it. Data beyond the database's share
spills to disk.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHARE = 0.6
"""The default share of the memory for the database."""

LEAST = 128 << 20
"""The minimum that the database needs."""

VARIABLE = "PB_MEMORY_LIMIT"
"""Environment variable that sets the database's memory."""

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(%|[KMGT]i?B)", re.IGNORECASE)
_UNITS: Mapping[str, int] = {
    **{f"{letter}B": 1000**n for n, letter in enumerate("KMGT", start=1)},
    **{f"{letter}IB": 1024**n for n, letter in enumerate("KMGT", start=1)},
}


def machine_memory(root: Path = Path("/")) -> int:
    """Bytes that this process may use: the memory of the machine, or the lowest limit of a container or of the process.

    Args:
        root: Folder that contains ``proc`` and ``sys``.
    """
    return min([_physical(), *_of_groups(root), *_of_process()])


def database_memory(given: str | None, all_of_it: int) -> int:
    """Bytes for the database.

    Args:
        given: ``8GB``, ``512MiB`` or ``50%``; None for the default share.
        all_of_it: Bytes that the process may use.

    Raises:
        ValueError: If the text is not a size.
    """
    if given is None:
        return max(int(all_of_it * SHARE), LEAST)
    found = _SIZE.fullmatch(given.strip())
    if found is None:
        raise ValueError(f'"{given}" is not a size; write for example 8GB, 512MiB or 50%')
    number, unit = float(found[1]), found[2].upper()
    if unit == "%" and not 0 < number <= 100:  # noqa: PLR2004 - percent
        raise ValueError(f'"{given}" is not a valid share of the memory; write 1% to 100%')
    return max(int(all_of_it * number / 100 if unit == "%" else number * _UNITS[unit]), LEAST)


def in_words(size: float) -> str:
    """A number of bytes in a readable unit.

    >>> in_words(2_415_919_104)
    '2.4 GB'
    """
    units = ["bytes", "kB", "MB", "GB", "TB"]
    while size >= 1000 and len(units) > 1:  # noqa: PLR2004 - the next unit
        size /= 1000
        units.pop(0)
    return f"{size:.0f} bytes" if units[0] == "bytes" else f"{size:.1f} {units[0]}"


def _physical() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return 8 << 30


def _of_groups(root: Path) -> Iterator[int]:
    """The control group limits of this process, version 1 and 2, from its own group up to the outermost."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", maxsplit=2)
        if controllers and "memory" not in controllers.split(","):
            continue
        base = root / "sys/fs/cgroup" / ("memory" if controllers else "")
        name = "memory.limit_in_bytes" if controllers else "memory.max"
        own = Path(path.lstrip("/"))
        # In a container, its own group is mounted as the outermost.
        for folder in (own, *own.parents):
            try:
                text = (base / folder / name).read_text().strip()
            except OSError:
                continue
            if text.isdecimal():
                yield int(text)


def _of_process() -> Iterator[int]:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        soft = resource.getrlimit(limit)[0]
        if soft != resource.RLIM_INFINITY:
            # The program's own memory, and address space that it maps but does not use, count too.
            yield soft // 2
