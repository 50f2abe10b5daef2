"""``pb show idstitcher-report``: the format's name and options for ``pb report``. Prints the path of the HTML file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.options import SEQ_NO, Command, no_effect, open_project, project_options

if TYPE_CHECKING:
    from onefold.api import Project

_MOST = 10
"""The most rows that a seed file may have (format B7)."""


@click.command("idstitcher-report", cls=Command)
@project_options
@click.option("--id_stitcher_model", help="Id stitcher, models/x  [default: that of the first entity]")
@click.option("--seq_no", type=SEQ_NO, default="latest", show_default=True, help="Run; only the published one.")
@click.option(
    "--seed_clusters_csv",
    type=click.Path(exists=True, dir_okay=False),
    help=f"CSV file with columns id and id_type, up to {_MOST} rows. Their profiles are drawn first.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Output file  [default: output/report.html]")
@no_effect("--migrate_on_load", "Old projects load unchanged.")
def idstitcher_report(  # noqa: PLR0917 - click passes by name
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    id_stitcher_model: str | None,
    seq_no: int | str,
    seed_clusters_csv: str | None,
    output: str | None,
) -> None:
    """Write an HTML report on the published id graph. Same as `pb report`, which has more options.

    \b
    pb show idstitcher-report --id_stitcher_model models/user_id_stitcher
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target)
    entity = _entity(project, id_stitcher_model) if id_stitcher_model is not None else None
    seeds = _seeds(Path(seed_clusters_csv)) if seed_clusters_csv is not None else ()
    made = project.report(entity=entity, also=seeds)
    if isinstance(seq_no, int) and seq_no != made.content.about.seq_no:
        hint = f"`pb audit id_stitcher --seq_no {seq_no}` reads other runs"
        raise click.UsageError(f"the report shows only the published run, {made.content.about.seq_no}; {hint}")
    path = Path(output) if output is not None else project.folder / "output" / "report.html"
    made.write(path)
    console.outcome(str(path))
    console.say(f"{made.content.conclusion.verdict}: {made.content.conclusion.headline}")


def _entity(project: Project, path: str) -> str:
    """The entity of an id stitcher."""
    stitchers = {s.ref: getattr(s, "entity", "") for s in project.plan().steps.values() if s.kind == "id_stitcher"}
    folded = {ref.lower().rpartition("/")[2]: entity for ref, entity in stitchers.items()}
    found = folded.get(path.strip().lower().rpartition("/")[2])
    if found is None:
        raise click.UsageError(f'"{path}" is not an id stitcher of this project; available: {", ".join(stitchers)}')
    return str(found)


def _seeds(path: Path) -> tuple[str, ...]:
    """The ids of a seed file, each as ``type:id``."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    if any(not row.get("id") or not row.get("id_type") for row in rows) or not rows:
        raise click.UsageError(f"{path}: expected rows with two columns, id and id_type")
    if len(rows) > _MOST:
        raise click.UsageError(f"{path}: {len(rows)} rows (at most {_MOST} allowed)")
    return tuple(f"{row['id_type'].strip()}:{row['id'].strip()}" for row in rows)
