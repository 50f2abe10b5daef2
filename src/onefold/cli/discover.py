"""``pb discover``: lists the contents of a project and its runs, as a table, JSON or CSV."""

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
    from onefold.run.schema_catalog import SchemaContent
    from onefold.state.records import MaterialRecord

_Row = dict[str, Any]


@click.command()
@click.argument("what", type=click.Choice(["models", "entities", "features", "sources", "materials"]), default="models")
@project_options
@click.option("-e", "--entity", help="List only this entity.")
@click.option("-m", "--model", "-k", "--model_key", "model", help="List only this model, or its features.")
@click.option("-u", "--source_url", help="List only sources whose table name contains this text.")
@click.option(
    "-s",
    "--schemas",
    multiple=True,
    help="List what runs of any project wrote to these schemas; '*' for all. Repeat, or separate with commas.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.option("-f", "--csv_file", type=click.Path(dir_okay=False), help="Write the list to a CSV file.")
def discover(  # noqa: PLR0917
    what: str,
    pb_project_path: str,
    siteconfig_path: str | None,
    target: str | None,
    entity: str | None,
    model: str | None,
    source_url: str | None,
    csv_file: str | None,
    schemas: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """List models, entities, features, sources or materials.

    \b
    pb discover features
    pb discover sources --json
    pb discover materials -m models/user_id_stitcher
    pb discover features -s "*"
    """  # noqa: D301 - click's mark for lines to keep
    project = open_project(pb_project_path, siteconfig_path, target)
    rows = [
        row
        for row in (_of_schemas(what, project, schemas) if schemas else _LISTS[what](project))
        if (entity is None or row.get("entity", "").lower() == entity.lower())
        and (model is None or model.lower() in _names(row))
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
        console.say(f"no matching {what}")


def _names(row: _Row) -> set[str]:
    """The names by which a row can be selected: its path, the last part of the path, and its name."""
    path, name = str(row.get("model", "")).lower(), str(row.get("name", "")).lower()
    return {path, path.rpartition("/")[2], name}


def _of_schemas(what: str, project: Project, schemas: tuple[str, ...]) -> Iterator[_Row]:
    """The entries in the registries of some schemas."""
    if what == "sources":
        raise click.UsageError("registries do not record sources; omit -s to list those of this project")
    given = [name.strip() for names in schemas for name in names.split(",")]
    for schema in project.schemas() if "*" in given else dict.fromkeys(given):
        for row in _LEFT[what](project.content_of(schema)):
            yield {"schema": schema, **row}


def _models_left(content: SchemaContent) -> Iterator[_Row]:
    latest = {made.ref: made for made in content.materials}
    for ref, made in sorted(latest.items()):
        shown = content.published.get(ref)
        yield {"model": ref, "type": made.kind, "shows": shown.material if shown is not None else "", "rows": made.rows}


def _entities_left(content: SchemaContent) -> Iterator[_Row]:
    for ref, columns in sorted(content.columns.items()):
        entity, _, rest = ref.partition("/")
        if rest == "all/feature_view":
            yield {"entity": entity, "main_id": columns[0]}


def _features_left(content: SchemaContent) -> Iterator[_Row]:
    for ref, columns in sorted(content.columns.items()):
        for name in columns[1:]:
            yield {"name": name, "entity": ref.partition("/")[0], "model": ref}


def _materials_left(content: SchemaContent) -> Iterator[_Row]:
    return map(_material, content.materials)


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
    return map(_material, project.materials())


def _material(made: MaterialRecord) -> _Row:
    return {
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
_LEFT: dict[str, Callable[[SchemaContent], Iterator[_Row]]] = {
    "models": _models_left,
    "entities": _entities_left,
    "features": _features_left,
    "materials": _materials_left,
}
