"""``pb repair registry``: restores registry records. Prints what it restored and what it cannot."""

from __future__ import annotations

import json

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options
from onefold.errors import RunError


@click.group()
def repair() -> None:
    """Restore lost or changed registry records."""


@repair.command()
@project_options
@click.option("--dry_run", is_flag=True, help="Print what would be restored, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per record.")
def registry(
    pb_project_path: str, siteconfig_path: str | None, target: str | None, *, dry_run: bool, as_json: bool
) -> None:
    """Restore lost or changed registry records.

    Two records say which id graph is published. If they disagree with each other or with the tables, `pb run` stops,
    because profiles would get new main ids. This command restores the records if the published tables still exist.
    Exits with 1 if a record cannot be restored.

    \b
    pb repair registry --dry_run
    pb repair registry
    """  # noqa: D301 - click's mark for lines to keep
    found = open_project(pb_project_path, siteconfig_path, target).repair_registry(dry_run=dry_run)
    for line in found.done:
        said = f"would restore {line}" if dry_run else f"restored {line}"
        console.data(json.dumps({"row": line, "restored": not dry_run}) if as_json else said)
    if found.left:
        raise RunError(found.left)
    if not found.done:
        tell = console.say if as_json else console.data
        tell("nothing to restore")
