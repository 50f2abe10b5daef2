"""``pb validate``: checks what a run needs of the connection. Prints one line per check."""

from __future__ import annotations

import json

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options
from onefold.errors import AccessError


@click.group()
def validate() -> None:
    """Check the connection and access to every source."""


@validate.command()
@project_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per check.")
def access(pb_project_path: str, siteconfig_path: str | None, target: str | None, *, as_json: bool) -> None:
    """Check that the database opens, every source is readable and the output schema is writable.

    Leaves nothing behind. Exits with 1 if a check fails.
    """
    project = open_project(pb_project_path, siteconfig_path, target)
    try:
        done = project.validate_access()
    except AccessError as error:
        if as_json:
            for finding in error.findings:
                where = None if finding.where is None else str(finding.where)
                said = {
                    "ok": False,
                    "what": finding.message,
                    "code": finding.code,
                    "where": where,
                    "hint": finding.hint,
                }
                console.data(json.dumps(said))
        raise
    for line in done:
        console.data(json.dumps({"ok": True, "what": line}) if as_json else f"ok  {line}")
