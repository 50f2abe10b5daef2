"""``pb discover``: lists of what a project holds and what its runs have made. In: flags. Out: a table, JSON or CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefold.cli import console
from onefold.cli.options import open_project, project_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onefold.api import Project

_Row = dict[str, Any]


@click.command()
@click.argument("what", type=click.Choice(["models", "entities", "features", "sources", "materials"]), default="models")
@project_options
@click.option("-e", "--entity", help="Only what belongs to this entity.")
@click.option("-m", "--model", "-k", "--model_key", "model", help="Only this model, or what it gives.")
@click.option("-u", "--source_url", help="Only sources whose table has this in its name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.option("-f", "--csv_file", type=click.Path(dir_okay=False), help="Write a CSV file.")
def discover(  # noqa: PLR0917
    what: str,
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    entity: str | None,
    model: str | None,
    source_url: str | None,
    csv_file: str | None,
    *,
    as_json: bool,
) -> None:
    """List models, entities, features, sources, or the materials that runs have made.

    \b
    pb discover features
    pb discover sources --json
    pb discover materials -m models/user_id_stitcher
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target)
    rows = [
        row
        for row in _LISTS[what](project)
        if (entity is None or row.get("entity", "").lower() == entity.lower())
        and (model is None or model.lower() in {str(row.get("model", "")).lower(), str(row.get("name", "")).lower()})
        and (source_url is None or source_url.lower() in str(row.get("table", "")).lower())
    ]
    if csv_file is not None:
        with Path(csv_file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else [])
            writer.writeheader()
            writer.writerows(rows)
        console.say(f"{len(rows)} rows written to {csv_file}")
    elif as_json:
        for row in rows:
            console.data(json.dumps(row))
    elif rows:
        console.data(
            console.table(tuple(rows[0]), [tuple("" if v is None else v for v in row.values()) for row in rows])
        )
    else:
        console.say(f"there are no {what} of that kind")


def _models(project: Project) -> Iterator[_Row]:
    for step in project.plan().steps.values():
        yield {
            "model": step.ref,
            "type": step.kind,
            "entity": getattr(step, "entity", ""),
            "view": project.view_name(step) or "",
            "declared": str(step.at),
        }


def _entities(project: Project) -> Iterator[_Row]:
    for entity in project.spec.file.entities:
        yield {
            "entity": entity.name,
            "main_id": entity.main_id_column,
            "id_types": ", ".join(entity.id_types),
            "id_stitcher": entity.id_stitcher or f"models/{entity.name}_default_id_stitcher",
            "description": entity.description or "",
        }


def _features(project: Project) -> Iterator[_Row]:
    for step in project.plan().steps.values():
        if step.kind == "feature_view" and not getattr(step, "id_type", None) and step.ref.endswith("/feature_view"):
            for name in getattr(step, "features", ()):
                yield {
                    "name": name,
                    "entity": getattr(step, "entity", ""),
                    "model": step.ref,
                    "description": getattr(step, "descriptions", {}).get(name, ""),
                }


def _sources(project: Project) -> Iterator[_Row]:
    for step in project.plan().steps.values():
        if step.kind == "input":
            yield {
                "model": step.ref,
                "table": getattr(step, "table", ""),
                "occurred_at": getattr(step, "occurred_at", None) or "",
                "id_types": ", ".join(i.id_type for i in getattr(step, "ids", ())),
                "declared": str(step.at),
            }


def _materials(project: Project) -> Iterator[_Row]:
    for made in project.materials():
        yield {
            "seq_no": made.seq_no,
            "model": made.ref,
            "type": made.kind,
            "name": made.name,
            "rows": made.rows,
            "made": f"{made.made_at:%Y-%m-%d %H:%M:%S}",
        }


_LISTS: dict[str, Callable[[Project], Iterator[_Row]]] = {
    "models": _models,
    "entities": _entities,
    "features": _features,
    "sources": _sources,
    "materials": _materials,
}
