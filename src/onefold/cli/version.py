"""``pb version``: prints the versions of onefold and of the libraries that affect results."""

from __future__ import annotations

from importlib.metadata import version as version_of

import click

from onefold import __version__
from onefold.cli import console


@click.command()
def version() -> None:
    """Print the versions of onefold, DuckDB and SQLGlot."""
    console.data(f"onefold {__version__} (duckdb {version_of('duckdb')}, sqlglot {version_of('sqlglot')})")
