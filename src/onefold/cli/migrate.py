"""``pb migrate``: rewrites an old project with current keys, as a copy or in place.

``migrate ids`` has its own module.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.migrate_ids import ids
from onefold.cli.options import NO_EFFECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.project.migrate import Migrated

_NOT_COPIED = shutil.ignore_patterns("output", "logs", ".git", ".venv", "__pycache__")
_PROJECT = click.option(
    "-p", "--pb_project_path", default=".", show_default=True, type=click.Path(), help="Project folder."
)
_VERSION = click.option(
    "-v",
    "--version",
    type=click.IntRange(min=1, max=99),
    default=99,
    show_default=True,
    help="Schema version to write.",
)
_NO_EFFECT = (
    click.option("-c", "--siteconfig_path", type=click.Path(), help=NO_EFFECT),
    click.option("-t", "--target", help=NO_EFFECT),
)


@click.group()
def migrate() -> None:
    """Migrate an old project, or import main ids from another tool."""


migrate.add_command(ids)


@migrate.command()
@_PROJECT
@_VERSION
@click.option(
    "-d", "--folder", type=click.Path(), help="Output folder  [default: <project>_migrated beside the project]"
)
@click.option("--inplace", is_flag=True, help="Change the project files in place.")
@click.option("--force", is_flag=True, help="Write into an existing folder.")
@_NO_EFFECT[0]
@_NO_EFFECT[1]
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
    """Rewrite a project with the current keys of the format.

    Keeps comments, order and layout. Removes keys that have no effect any more, with the comment on their line. The
    output rows of the project stay the same. Files of packages are unchanged, because packages are separate projects.

    \b
    pb migrate auto                     write a migrated copy beside the project
    pb migrate auto -d ../new           write a migrated copy to a folder
    pb migrate auto --inplace           change the project files in place
    """  # noqa: D301 - click's mark for lines to keep
    if inplace and (folder is not None or force):
        raise click.UsageError("--inplace cannot be combined with -d or --force")
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
        raise click.UsageError(f"{made} overlaps with the project folder; choose another folder with -d")
    if made.exists() and any(made.iterdir()) and not force:
        raise click.UsageError(f"{made} already exists; use --force to overwrite its files")
    shutil.copytree(source, made, symlinks=True, ignore=_NOT_COPIED, dirs_exist_ok=True)
    for file in changed:
        _replace(made / file.file, file.content)
    console.outcome(f"{len(changed)} files changed, written to {made}")


@migrate.command()
@_PROJECT
@_VERSION
def manual(pb_project_path: str, version: int) -> None:
    """Show what `pb migrate auto` would change, so that you can make the changes by hand."""
    changed = _changed(Path(pb_project_path).resolve(), version)
    _tell(changed)
    if not changed:
        console.outcome("nothing to change")


def _changed(source: Path, version: int) -> tuple[Migrated, ...]:
    from onefold.project.load import load_project  # noqa: PLC0415 - keeps help fast
    from onefold.project.migrate import migrated  # noqa: PLC0415

    load_project(source)  # reports errors of the project first
    return migrated(source, version)


def _tell(changed: Sequence[Migrated]) -> None:
    for file in changed:
        for note in file.notes:
            console.outcome(f"{note.where}: {note.message}")


def _replace(path: Path, content: bytes) -> None:
    """Replace a file atomically."""
    beside = path.with_name(f".{path.name}.migrated")
    beside.write_bytes(content)
    shutil.copymode(path, beside)
    beside.replace(path)
