"""Read a file that a project names, and no other.

In: the folders of the project and its packages. Out: text. A path leads inside its folder, also through links, or it
is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def reader_of(root: Path, packages: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """A function that reads a text file by its path within ``root``, or ``<package>:<path>`` within that of a package.

    It raises `ProjectError` if the path leads outside, and OSError if the file cannot be read.
    """
    folders = {name: Path(folder).resolve() for name, folder in (packages or {}).items()}

    def read(path: str) -> str:
        package, _, rest = path.partition(":")
        inside, path = (folders[package], rest) if package in folders else (root.resolve(), path)
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
