"""Drop materials that nothing needs any more (format B8).

In: a project and its target, an age. Out: what was dropped. Never drops what a view outside shows, directly or through
other materials, nor anything that the registry does not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.plan.durations import duration
from onefold.run.registry import Registry
from onefold.run.target import connect
from onefold.sql.dialect import to_sql
from onefold.sql.statements import drop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.engines.base import Engine
    from onefold.project.spec import Project
    from onefold.run.registry import MaterialRecord
    from onefold.run.target import Target

_VIEWS = "view"
DEFAULT_RETENTION = timedelta(days=30)
"""What ``--expired`` goes by where neither the model nor the project says (format B2.1)."""


@dataclass(frozen=True)
class CleanedUp:
    """What a clean-up dropped, or would drop.

    Attributes:
        materials: The materials.
        objects: Tables and views, those that stand beside a material too.
        kept: Materials that were old enough, and that something still shows.
    """

    materials: tuple[MaterialRecord, ...]
    objects: int
    kept: int


def clean_up(project: Project, target: Target, age: timedelta | None, *, dry_run: bool = False) -> CleanedUp:
    """Drop materials that are older than ``age`` and that nothing shows.

    Args:
        project: Says how long a model's materials are kept, where ``age`` is None.
        target: Where they lie.
        age: How old a material must be; None goes by ``retention_period`` of its model or of the project.
        dry_run: Only say what would be dropped.

    Raises:
        AccessError: If the database cannot be opened.
    """
    engine = connect(target, project)
    try:
        registry = Registry(engine, target.dialect)
        registry.prepare()
        there = _objects(engine, target)
        shown = _shown(there)
        now = datetime.now(UTC)
        old = [m for m in registry.materials() if now - m.made_at > _age(m, project, age)]
        dropped = [m for m in old if m.name not in shown]
        objects = 0
        for material in dropped:
            mine = [name for name in there if name == material.name or name.startswith(f"{material.name}_")]
            objects += len(mine)
            if not dry_run:
                with engine.transaction():
                    for name in sorted(mine):
                        table = exp.table_(name, db=target.schema, quoted=True)
                        engine.execute(to_sql(drop(table, "VIEW" if there[name] else "TABLE"), target.dialect))
                    registry.forget_material(material.name)
        return CleanedUp(tuple(dropped), objects, len(old) - len(dropped))
    finally:
        engine.close()


def _age(material: MaterialRecord, project: Project, age: timedelta | None) -> timedelta:
    if age is not None:
        return age
    model = next((m for m in project.models if f"models/{m.name}" == material.ref), None)
    own = getattr(getattr(model, "model_spec", None), "retention_period", None)
    given = own or project.file.retention_period
    return age_of(given) if given else DEFAULT_RETENTION


def age_of(text: str) -> timedelta:
    """An age, as a Go duration.

    Raises:
        ValueError: If it is none, or not above zero.
    """
    age = duration(text)
    if not age:
        raise ValueError(f'"{text}" is not above zero')
    return age


def _objects(engine: Engine, target: Target) -> dict[str, str]:
    """Tables and views of the output schema by name; for a view what it is made of, for a table nothing."""
    schema = exp.column("table_schema").eq(exp.Literal.string(target.schema))
    tables = exp.select("table_name").from_("information_schema.tables").where(schema)
    views = exp.select("table_name", "view_definition").from_("information_schema.views").where(schema.copy())
    found = {r["table_name"]: "" for r in engine.fetch(to_sql(tables, target.dialect)).to_pylist()}
    for row in engine.fetch(to_sql(views, target.dialect)).to_pylist():
        found[row["table_name"]] = row["view_definition"] or _VIEWS
    return found


def _shown(there: Mapping[str, str]) -> frozenset[str]:
    """Names of materials that a view outside reads, directly or through views of other materials."""
    shown: set[str] = set()
    waiting = [name for name in there if not name.startswith("Material_")]
    while waiting:
        text = there[waiting.pop()]
        read = {name for name in there if name.startswith("Material_") and name not in shown and name in text}
        shown |= read
        waiting += read
    return frozenset(shown)
