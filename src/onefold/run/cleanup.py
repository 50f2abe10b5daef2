"""Drop materials that are no longer needed (format B8).

Takes a project, its target and an age; returns what was dropped. By default it keeps materials that a view uses,
directly or through other materials; on request it drops them together with the view. It never drops a published id
graph, because later runs inherit its main ids, nor anything that is not in the registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.plan.durations import duration
from onefold.run.published_graphs import state_of
from onefold.run.target import connect
from onefold.short_repr import Short
from onefold.sql.dialects import render
from onefold.sql.statements import drop

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from onefold.engines.base import Engine
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target
    from onefold.state.records import MaterialRecord, PublishedRecord

_VIEWS = "view"
_MATERIAL = "Material_"
DEFAULT_RETENTION = timedelta(days=30)
"""Retention period for ``--expired`` if neither the model nor the project sets one (format B2.1)."""


@dataclass(frozen=True, repr=False)
class CleanedUp(Short):
    """What a cleanup dropped, or would drop.

    Attributes:
        materials: The dropped materials.
        objects: Number of dropped tables and views, including the companions of a material.
        kept: Number of expired materials that are still in use.
        views: Views that were dropped together with their materials.
    """

    materials: tuple[MaterialRecord, ...]
    objects: int
    kept: int
    views: tuple[str, ...] = ()


def clean_up(
    project: ProjectSpec, target: Target, age: timedelta | None, *, shown_too: bool = False, dry_run: bool = False
) -> CleanedUp:
    """Drop materials that are older than ``age`` and not in use.

    Args:
        project: Sets how long a model's materials are kept if ``age`` is None.
        target: Where the materials are stored.
        age: Minimum age of a dropped material; None uses ``retention_period`` of its model or of the project.
        shown_too: Also drop materials that views use, and these views. Id graphs and sources of younger materials stay.
        dry_run: Only report what would be dropped.

    Raises:
        AccessError: If the database cannot be opened.
    """
    with connect(target, project) as engine:
        store = state_of(engine, target.dialect)
        registry, recorded = store.registry, store.read()
        there = _objects(engine)
        now = datetime.now(UTC)
        known = registry.materials()
        old = [m for m in known if now - m.made_at > _age(m, project, age)]
        kept = _read_by(_reasons_to_keep(there, known, old, recorded.published, shown_too=shown_too), there)
        dropped = [m for m in old if m.name not in kept]
        views = _views_of({m.name for m in dropped}, there)
        if not dry_run:
            with engine.transaction():
                store.take_lease(recorded, "a cleanup")
                for name in views:
                    _drop(name, there, engine, target)
        objects = len(views)
        for material in dropped:
            mine = [name for name in there if name == material.name or name.startswith(f"{material.name}_")]
            objects += len(mine)
            if not dry_run:
                with engine.transaction():
                    for name in sorted(mine):
                        _drop(name, there, engine, target)
                    registry.forget_material(material.name)
        return CleanedUp(tuple(dropped), objects, len(old) - len(dropped), views)


def _age(material: MaterialRecord, project: ProjectSpec, age: timedelta | None) -> timedelta:
    if age is not None:
        return age
    model = next((m for m in project.models if f"models/{m.name}" == material.ref), None)
    own = getattr(getattr(model, "model_spec", None), "retention_period", None)
    given = own or project.file.retention_period
    return age_of(given) if given else DEFAULT_RETENTION


def age_of(text: str) -> timedelta:
    """An age from a Go duration.

    Raises:
        ValueError: If it is not a duration, or not positive.
    """
    age = duration(text)
    if not age:
        raise ValueError(f'"{text}" is not positive')
    return age


def _objects(engine: Engine) -> dict[str, str]:
    """Tables and views of the output schema: the definition of each view by name, and an empty text for each table."""
    made = [each for each in engine.objects() if each.place == "output"]
    return {each.name: (each.definition or _VIEWS) if each.kind == "view" else "" for each in made}


def _drop(name: str, there: Mapping[str, str], engine: Engine, target: Target) -> None:
    table = exp.table_(name, db=target.schema, quoted=True)
    engine.execute(render(drop(table, "VIEW" if there[name] else "TABLE"), target.dialect))


def _reasons_to_keep(
    there: Mapping[str, str],
    known: Sequence[MaterialRecord],
    old: Sequence[MaterialRecord],
    published: Mapping[str, PublishedRecord],
    *,
    shown_too: bool,
) -> list[str]:
    """Names of objects whose sources are kept: views; or, if views may go, id graphs and young materials."""
    outside = [name for name in there if not name.startswith(_MATERIAL)]
    if not shown_too:
        return outside
    graphs = {record.material for record in published.values() if record.graph is not None}
    of_graphs = [name for name in outside if any(graph in there[name] for graph in graphs)]
    young = {m.name for m in known} - {m.name for m in old}
    # Other tables, such as the history of main ids, read nothing.
    return [*of_graphs, *graphs, *(n for n in there if any(n == y or n.startswith(f"{y}_") for y in young))]


def _read_by(names: Iterable[str], there: Mapping[str, str]) -> frozenset[str]:
    """Names of the materials among some objects, and of those that they read directly or indirectly."""
    found: set[str] = set()
    waiting = list(names)
    found |= {name for name in waiting if name.startswith(_MATERIAL)}
    while waiting:
        text = there.get(waiting.pop(), "")
        read = {name for name in there if name.startswith(_MATERIAL) and name not in found and name in text}
        found |= read
        waiting += read
    return frozenset(found)


def _views_of(materials: Collection[str], there: Mapping[str, str]) -> tuple[str, ...]:
    """Views that read one of some materials, directly or indirectly."""
    outside = sorted(name for name in there if not name.startswith(_MATERIAL) and there[name])
    return tuple(name for name in outside if _read_by([name], there) & set(materials))
