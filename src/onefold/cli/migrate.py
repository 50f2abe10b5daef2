"""``pb migrate``: bring over what another tool has made. Each of its commands has a module of its own."""

from __future__ import annotations

import click

from onefold.cli.migrate_ids import ids


@click.group()
def migrate() -> None:
    """Bring over what another tool has made."""


migrate.add_command(ids)
