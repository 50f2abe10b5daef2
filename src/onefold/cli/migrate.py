"""``pb migrate``: an old project in today's spelling, and the main ids of another tool.

In: flags. Out: files, beside the project or in place. ``migrate ids`` is in a module of its own.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.migrate_ids import ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.project.migrate import Migrated

_NOT_COPIED = shutil.ignore_patterns("output", "logs", ".git", ".venv", "__pycache__")
_PROJECT = click.option(
    "-p", "--pb_project_path", default=".", show_default=True, type=click.Path(), help="Folder of the project."
)
_VERSION = click.option(
    "-v",
    "--version",
    type=click.IntRange(min=1, max=99),
    default=99,
    show_default=True,
    help="Schema version to write.",
)
_ACCEPTED = (
    click.option("-c", "--siteconfig_path", type=click.Path(), help="Accepted: no connection is needed."),
    click.option("-t", "--target", help="Accepted: no connection is needed."),
)


@click.group()
def migrate() -> None:
    """Bring over an old project, or the main ids of another tool."""


migrate.add_command(ids)


@migrate.command()
@_PROJECT
@_VERSION
@click.option("-d", "--folder", type=click.Path(), help="Where to write  [default: beside it, <project>_migrated]")
@click.option("--inplace", is_flag=True, help="Change the files of the project itself.")
@click.option("--force", is_flag=True, help="Write into a folder that is there already.")
@_ACCEPTED[0]
@_ACCEPTED[1]
def auto(
    pb_project_path: str,
    version: int,
    folder: str | None,
    siteconfig_path: str | None,  # noqa: ARG001 - of the format's command
    target: str | None,  # noqa: ARG001 - of the format's command
    *,
    inplace: bool,
    force: bool,
) -> None:
    """Write today's spelling in place of each old one; comments, order and layout stay.

    A key that has no effect any more goes, with the comment on its line. The rows of the project stay the same. Files
    of packages are their own projects', and stay as they are.

    \b
    pb migrate auto                     a copy of the project beside it
    pb migrate auto -d ../new           a copy there
    pb migrate auto --inplace           the project itself
    """  # noqa: D301 - click's mark for lines to keep
    if inplace and (folder is not None or force):
        raise click.UsageError("--inplace goes with neither -d nor --force")
    source = Path(pb_project_path).resolve()
    changed = _changed(source, version)
    _tell(changed)
    if inplace:
        for file in changed:
            _replace(source / file.file, file.content)
        console.outcome(f"{len(changed)} files changed" if changed else "nothing to change")
        return
    made = Path(folder).resolve() if folder is not None else source.with_name(f"{source.name}_migrated")
    if made.is_relative_to(source) or source.is_relative_to(made):
        raise click.UsageError(f"{made} lies inside the project, or the project in it; name another folder with -d")
    if made.exists() and any(made.iterdir()) and not force:
        raise click.UsageError(f"{made} is there already; --force writes over its files")
    shutil.copytree(source, made, symlinks=True, ignore=_NOT_COPIED, dirs_exist_ok=True)
    for file in changed:
        _replace(made / file.file, file.content)
    console.outcome(f"{len(changed)} files changed, written to {made}")


@migrate.command()
@_PROJECT
@_VERSION
def manual(pb_project_path: str, version: int) -> None:
    """Show what `pb migrate auto` would change, for those who write it by hand."""
    changed = _changed(Path(pb_project_path).resolve(), version)
    _tell(changed)
    if not changed:
        console.outcome("nothing to change")


def _changed(source: Path, version: int) -> tuple[Migrated, ...]:
    from onefold.project.load import load_project  # noqa: PLC0415 - keeps help fast
    from onefold.project.migrate import migrated  # noqa: PLC0415

    load_project(source)  # a project with mistakes is told so first
    return migrated(source, version)


def _tell(changed: Sequence[Migrated]) -> None:
    for file in changed:
        for note in file.notes:
            console.outcome(f"{note.where}: {note.message}")


def _replace(path: Path, content: bytes) -> None:
    """Write a file at once: a stop in between leaves the old one."""
    beside = path.with_name(f".{path.name}.migrated")
    beside.write_bytes(content)
    shutil.copymode(path, beside)
    beside.replace(path)
