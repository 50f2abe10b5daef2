"""``pb schema``: prints JSON Schemas for editors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from onefold.cli import console

if TYPE_CHECKING:
    from onefold.project.schema import Which


@click.command()
@click.argument("which", type=click.Choice(["project", "models", "siteconfig", "onefold"]), default="project")
def schema(which: Which) -> None:
    """Print the JSON Schema of a project file, for completion and validation in editors.

    \b
    pb schema project      pb_project.yaml
    pb schema models       the files in the model folders
    pb schema siteconfig   ~/.pb/siteconfig.yaml
    pb schema onefold      onefold.yaml
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.project.schema import json_schema  # noqa: PLC0415

    console.data(json.dumps(json_schema(which), indent=2))
