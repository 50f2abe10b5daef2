"""``pb discover -s``: the output of runs in other schemas of the same database.

Takes a project and its target. Returns names of schemas and the content of their registries. Changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.errors import Finding, UsageError, suggest
from onefold.run.target import connect
from onefold.short_repr import Short
from onefold.sql.dialects import render
from onefold.state.registry import MATERIALS, Registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target
    from onefold.state.records import MaterialRecord, PublishedRecord


@dataclass(frozen=True, repr=False)
class SchemaContent(Short):
    """The output of runs in a schema.

    Attributes:
        materials: The materials, in order of creation.
        published: The published material of each model, by ref.
        columns: The columns of each published feature view by main id, by ref.
    """

    schema: str
    materials: tuple[MaterialRecord, ...]
    published: Mapping[str, PublishedRecord]
    columns: Mapping[str, tuple[str, ...]]


def schemas_with_runs(project: ProjectSpec, target: Target) -> tuple[str, ...]:
    """Names of the schemas of the database that have a registry, sorted.

    Raises:
        AccessError: If nothing has been built yet.
    """
    with connect(target, project, read_only=True) as engine:
        found = engine.objects(MATERIALS, everywhere=True)
        return tuple(sorted(each.schema for each in found if each.place == "output"))


def content_of(project: ProjectSpec, target: Target, schema: str) -> SchemaContent:
    """The output of runs in a schema.

    Raises:
        AccessError: If nothing has been built yet.
        UsageError: If no run has written to it.
    """
    known = schemas_with_runs(project, target)
    if schema not in known:
        hint = suggest(schema, known) or f"available: {', '.join(known) or 'none'}"
        raise UsageError(Finding("error", "unknown-schema", f'no run has written to schema "{schema}"', hint=hint))
    with connect(replace(target, schema=schema), project, read_only=True) as engine:
        registry = Registry(engine, target.dialect)
        published = registry.published()
        columns = {}
        for ref, record in published.items():
            if ref.endswith("/feature_view"):
                view = exp.select("*").from_(exp.table_(record.material, db=schema, quoted=True))
                columns[ref] = tuple(engine.describe(render(view, target.dialect)))
        return SchemaContent(schema, registry.materials(), published, columns)
