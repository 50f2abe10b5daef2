"""``pb show idstitcher-report``: the page of ``pb report``, by the name and the flags that the format has for it.

In: flags. Out: an HTML file, its path on stdout. Gathers nothing and draws nothing itself.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefold.cli import console
from onefold.cli.options import SEQ_NO, Command, open_project, project_options

if TYPE_CHECKING:
    from onefold.api import Project

_MOST = 10
"""Rows that a file of seeds may have (format B7)."""


@click.command("idstitcher-report", cls=Command)
@project_options
@click.option("--id_stitcher_model", help="Which id stitcher, models/x  [default: that of the first entity]")
@click.option("--seq_no", type=SEQ_NO, default="latest", show_default=True, help="The run; the one that is published.")
@click.option(
    "--seed_clusters_csv",
    type=click.Path(exists=True, dir_okay=False),
    help=f"Columns id and id_type, up to {_MOST} rows: the profiles of these ids are drawn first.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="The file  [default: output/report.html]")
@click.option("--migrate_on_load", is_flag=True, expose_value=False, help="Accepted: old projects load as they are.")
def idstitcher_report(  # noqa: PLR0917 - click passes by name
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    id_stitcher_model: str | None,
    seq_no: int | str,
    seed_clusters_csv: str | None,
    output: str | None,
) -> None:
    """Write the id graph that was published last as one HTML page. The same as `pb report`, which has more flags.

    \b
    pb show idstitcher-report --id_stitcher_model models/user_id_stitcher
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target)
    entity = _entity(project, id_stitcher_model) if id_stitcher_model is not None else None
    seeds = _seeds(Path(seed_clusters_csv)) if seed_clusters_csv is not None else ()
    made = project.report(entity=entity, also=seeds)
    if isinstance(seq_no, int) and seq_no != made.content.about.seq_no:
        hint = f"`pb audit id_stitcher --seq_no {seq_no}` asks another run"
        raise click.UsageError(f"the report shows what is published, run {made.content.about.seq_no}; {hint}")
    path = Path(output) if output is not None else project.folder / "output" / "report.html"
    made.write(path)
    console.outcome(str(path))
    console.say(f"{made.content.conclusion.verdict}: {made.content.conclusion.headline}")


def _entity(project: Project, path: str) -> str:
    """The entity that an id stitcher is of."""
    stitchers = {s.ref: getattr(s, "entity", "") for s in project.plan().steps.values() if s.kind == "id_stitcher"}
    folded = {ref.lower().rpartition("/")[2]: entity for ref, entity in stitchers.items()}
    found = folded.get(path.strip().lower().rpartition("/")[2])
    if found is None:
        raise click.UsageError(f'"{path}" is no id stitcher of this project; available: {", ".join(stitchers)}')
    return str(found)


def _seeds(path: Path) -> tuple[str, ...]:
    """The ids of a file of seeds, each as ``type:id``."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    if any(not row.get("id") or not row.get("id_type") for row in rows) or not rows:
        raise click.UsageError(f"{path}: rows of two columns are wanted, id and id_type")
    if len(rows) > _MOST:
        raise click.UsageError(f"{path}: {len(rows)} rows, and {_MOST} may be drawn")
    return tuple(f"{row['id_type'].strip()}:{row['id'].strip()}" for row in rows)
