"""``pb validate``: can this connection do what a run needs? In: flags. Out: one line per thing tried."""

from __future__ import annotations

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options


@click.group()
def validate() -> None:
    """Check that the connection works and every source can be read."""


@validate.command()
@project_options
def access(pb_project_path: str, siteconfig_path: str | None, target: str | None) -> None:
    """Check that the database opens, every source can be read, and the output schema can be written.

    Leaves nothing behind; exit code 1 if anything is missing.
    """
    project = open_project(pb_project_path, siteconfig_path, target)
    for line in project.validate_access():
        console.data(f"ok  {line}")
