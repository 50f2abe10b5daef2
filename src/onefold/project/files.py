"""Reads files that a project names, and only those.

A path must lead inside its folder (that of the project or of a package), also through links; otherwise it is rejected.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def path_within(path: str, root: Path, packages: Mapping[str, str] | None = None) -> Path:
    """The target of a project path: below ``root``, or for ``<package>:<path>`` below the folder of that package.

    Raises:
        ProjectError: If it leads elsewhere, also through a link.
        OSError: If it has cyclic links, or is not a valid path.
    """
    folders = {name: Path(folder).resolve() for name, folder in (packages or {}).items()}
    package, _, rest = path.partition(":")
    inside, within = (folders[package], rest) if package in folders else (root.resolve(), path)
    try:
        wanted = (inside / within).resolve()
    except (RuntimeError, ValueError) as error:
        raise OSError(str(error)) from error
    if not wanted.is_relative_to(inside):
        whose = f"package {package}" if package in folders else "the project"
        message, hint = f'"{within}" is outside {whose}', "copy it into the project"
        raise ProjectError(Finding("error", "outside-project", message, hint=hint))
    return wanted


def reader_of(root: Path, packages: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """A function that reads a text file by its path, resolved by `path_within`.

    It raises `ProjectError` if the path leads outside, and OSError if the file cannot be read.
    """

    def read(path: str) -> str:
        return path_within(path, root, packages).read_text(encoding="utf-8")

    return read
