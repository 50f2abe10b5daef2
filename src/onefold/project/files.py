"""Read a file that a project names, and no other.

In: the project's folder. Out: text. A path leads inside the folder, also through links, or it is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def reader_of(root: Path) -> Callable[[str], str]:
    """A function that reads a text file by its path within ``root``.

    It raises `ProjectError` if the path leads outside, and OSError if the file cannot be read.
    """
    inside = root.resolve()

    def read(path: str) -> str:
        wanted = (inside / path).resolve()
        if not wanted.is_relative_to(inside):
            raise ProjectError(
                Finding(
                    "error",
                    "outside-project",
                    f'"{path}" lies outside the project',
                    hint="copy it into the project",
                )
            )
        return wanted.read_text(encoding="utf-8")

    return read
