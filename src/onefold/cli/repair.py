"""``pb repair registry``: put back what the registry lost. In: flags. Out: what was put back, and what cannot be."""

from __future__ import annotations

import json

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options
from onefold.errors import RunError


@click.group()
def repair() -> None:
    """Put back what was lost of the records of a run."""


@repair.command()
@project_options
@click.option("--dry_run", is_flag=True, help="Only say what would be put back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def registry(
    pb_project_path: str, siteconfig_path: str | None, target: str | None, *, dry_run: bool, as_json: bool
) -> None:
    """Put back rows of the registry that were lost or changed, and say which cannot be.

    Which id graph is published stands in two records. A run refuses to go on where they, or the tables of the graph,
    disagree, because customers would get other main ids. This puts rows back where the tables are still those that
    were published. Exit code 1 if something cannot be put back.

    \b
    pb repair registry --dry_run
    pb repair registry
    """  # noqa: D301 - click's mark for lines to keep
    found = open_project(pb_project_path, siteconfig_path, target).repair_registry(dry_run=dry_run)
    for line in found.done:
        said = f"would put back {line}" if dry_run else f"put back {line}"
        console.data(json.dumps({"row": line, "put_back": not dry_run}) if as_json else said)
    if found.left:
        raise RunError(found.left)
    if not found.done:
        tell = console.say if as_json else console.data
        tell("nothing is lost")
