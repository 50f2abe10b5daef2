"""``pb version``. Out: the version, and those of the parts that results rest on."""

from __future__ import annotations

from importlib.metadata import version as version_of

import click

from onefold import __version__
from onefold.cli import console


@click.command()
def version() -> None:
    """Print the version, and those of the parts that results rest on."""
    console.data(f"onefold {__version__} (duckdb {version_of('duckdb')}, sqlglot {version_of('sqlglot')})")
