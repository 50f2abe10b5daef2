"""Starter projects: copies the files of a runnable project into an empty folder.

``minimal`` is in this package. ``ecommerce`` is the project at the root of the repository; a wheel contains a copy of
it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from onefold.errors import Finding, UsageError

STARTERS = ("ecommerce", "minimal")

_HERE = Path(__file__).parent
_CHECKOUT = _HERE.parents[2]
_PARTS = ("pb_project.yaml", "onefold.yaml", "models", "data")
"""The files and folders of a project; everything else is not copied."""


def start(name: str, folder: Path) -> tuple[Path, ...]:
    """Write a starter into a folder; returns the written files, relative to it.

    Args:
        name: One of `STARTERS`.
        folder: The folder, created if it does not exist.

    Raises:
        UsageError: If the folder is not empty, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"{folder} is not empty"
        raise UsageError(Finding("error", "not-empty", message, hint="choose a new folder with -o"))
    source = _source(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in _PARTS:
            found = source / part
            if found.is_dir():
                shutil.copytree(found, folder / part)
            elif found.is_file():
                shutil.copy(found, folder / part)
        (folder / ".gitignore").write_text("/output/\n/logs/\n", encoding="utf-8")
    except OSError as error:
        message = f"cannot write {folder}: {error.strerror}"
        raise UsageError(Finding("error", "cannot-write", message, hint="choose another folder with -o")) from error
    return tuple(sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file()))


def _source(name: str) -> Path:
    packaged = _HERE / name
    return packaged if packaged.is_dir() else _CHECKOUT
