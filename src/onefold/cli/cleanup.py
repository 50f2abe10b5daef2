"""``pb cleanup materials``: drops unused tables of earlier runs. Prints what it dropped."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options

DEFAULT_DAYS = 180
"""The default of the format (format B8)."""


@click.group()
def cleanup() -> None:
    """Drop materials of earlier runs that no view uses."""


@cleanup.command()
@project_options
@click.option("-r", "days", type=click.FloatRange(min=0), help=f"Days to keep materials  [default: {DEFAULT_DAYS}]")
@click.option("--retention_time_in_hours", "hours", type=click.FloatRange(min=0), help="Hours to keep materials.")
@click.option(
    "--retention_time_in_ms", "milliseconds", type=click.FloatRange(min=0), help="Milliseconds to keep materials."
)
@click.option("--expired", is_flag=True, help="Use retention_period of the project and its models, or 30 days.")
@click.option("--concurrency", type=int, help="No effect (kept for compatibility).")
@click.option(
    "--remove_latest_view_ptrs",
    is_flag=True,
    help="Also drop views whose materials are old enough. Id graphs stay.",
)
@click.option("--dry_run", is_flag=True, help="Print what would be dropped, and drop nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per dropped material.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def materials(  # noqa: PLR0917
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    days: float | None,
    hours: float | None,
    milliseconds: float | None,
    concurrency: int | None,  # noqa: ARG001 - of the format's command
    *,
    expired: bool,
    remove_latest_view_ptrs: bool,
    dry_run: bool,
    as_json: bool,
    yes: bool,
) -> None:
    """Drop old tables of earlier runs that no view uses.

    Tables that a published view reads are kept, however old, and so are tables outside the registry. Runs whose
    materials are dropped cannot be resumed. --remove_latest_view_ptrs also drops published views whose materials are
    old enough. Id graphs are always kept, because later runs take their main ids from them.

    \b
    pb cleanup materials -r 30 --dry_run
    pb cleanup materials --expired --yes
    """  # noqa: D301 - click's mark for lines to keep
    given = [t for t in (days, hours, milliseconds) if t is not None]
    if len(given) > 1 or (given and expired):
        raise click.UsageError("use only one of -r, --retention_time_in_hours, --retention_time_in_ms and --expired")
    age = None if expired else timedelta(days=DEFAULT_DAYS)
    if days is not None:
        age = timedelta(days=days)
    elif hours is not None:
        age = timedelta(hours=hours)
    elif milliseconds is not None:
        age = timedelta(milliseconds=milliseconds)
    project = open_project(pb_project_path, siteconfig_path, target)
    found = project.clean_up(age, shown_too=remove_latest_view_ptrs, dry_run=True)
    for material in found.materials:
        made = f"{material.made_at:%Y-%m-%d %H:%M}"
        fields = {"material": material.name, "model": material.ref, "seq_no": material.seq_no, "made": made}
        said = f"{material.name}  {console.dim(f'{material.ref}, made {made} UTC')}"
        console.outcome(json.dumps({**fields, "dropped": not dry_run}) if as_json else said)
    tell = console.say if as_json else console.data
    for view in found.views:
        tell(f"view {view}, which reads one of them")
    kept = f"; {found.kept} more are old enough but in use" if found.kept else ""
    said = f"{len(found.materials)} materials, {found.objects} tables and views{kept}"
    if dry_run or not found.materials:
        tell(f"would drop {said}" if dry_run else f"nothing to drop{kept}")
        return
    if not yes and sys.stdin.isatty():
        click.confirm(f"drop {said}?", abort=True, err=True)
    project.clean_up(age, shown_too=remove_latest_view_ptrs)
    tell(f"dropped {said}")
