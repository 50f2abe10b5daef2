"""``pb cleanup materials``: drop what earlier runs left and nothing shows. In: an age. Out: what was dropped."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options

DEFAULT_DAYS = 180
"""What the format's command goes by (format B8)."""


@click.group()
def cleanup() -> None:
    """Drop what is no longer needed."""


@cleanup.command()
@project_options
@click.option("-r", "days", type=click.FloatRange(min=0), help=f"Days to keep materials.  [default: {DEFAULT_DAYS}]")
@click.option("--retention_time_in_hours", "hours", type=click.FloatRange(min=0), help="The same in hours.")
@click.option("--retention_time_in_ms", "milliseconds", type=click.FloatRange(min=0), help="The same in milliseconds.")
@click.option("--expired", is_flag=True, help="Go by retention_period of the project and its models, or 30 days.")
@click.option("--concurrency", type=int, help="Accepted; one after the other is as fast here.")
@click.option(
    "--remove_latest_view_ptrs",
    is_flag=True,
    help="Also what views show, if it is old enough, with these views; id graphs stay.",
)
@click.option("--dry_run", is_flag=True, help="Only say what would be dropped.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per material that is dropped.")
@click.option("--yes", is_flag=True, help="Do not ask.")
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
    """Drop the tables of earlier runs that are old enough and that no view shows.

    What a published view reads stays, however old, and so does everything that is not in the registry. Runs whose
    materials are gone cannot be resumed any more. With --remove_latest_view_ptrs published views go as well, if what
    they show is old enough; the id graph stays, as later runs inherit their main ids from it.

    \b
    pb cleanup materials -r 30 --dry_run
    pb cleanup materials --expired --yes
    """  # noqa: D301 - click's mark for lines to keep
    given = [t for t in (days, hours, milliseconds) if t is not None]
    if len(given) > 1 or (given and expired):
        raise click.UsageError("give one of -r, --retention_time_in_hours, --retention_time_in_ms, --expired")
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
        tell(f"view {view}, which shows one of them")
    kept = f"; {found.kept} more are old enough, and still shown" if found.kept else ""
    said = f"{len(found.materials)} materials, {found.objects} tables and views{kept}"
    if dry_run or not found.materials:
        tell(f"would drop {said}" if dry_run else f"nothing to drop{kept}")
        return
    if not yes and sys.stdin.isatty():
        click.confirm(f"drop {said}?", abort=True, err=True)
    project.clean_up(age, shown_too=remove_latest_view_ptrs)
    tell(f"dropped {said}")
