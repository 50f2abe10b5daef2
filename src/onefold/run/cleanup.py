"""Drop materials that nothing needs any more (format B8).

In: a project and its target, an age. Out: what was dropped. Does not drop what a view outside shows, directly or
through other materials, unless that is asked for; then the view goes too. Never drops a published id graph, from which
later runs inherit main ids, nor anything that the registry does not have.
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
"""What ``--expired`` goes by where neither the model nor the project says (format B2.1)."""


@dataclass(frozen=True, repr=False)
class CleanedUp(Short):
    """What a clean-up dropped, or would drop.

    Attributes:
        materials: The materials.
        objects: Tables and views, those that stand beside a material too.
        kept: Materials that were old enough, and that something still shows.
        views: Views that went with what they showed.
    """

    materials: tuple[MaterialRecord, ...]
    objects: int
    kept: int
    views: tuple[str, ...] = ()


def clean_up(
    project: ProjectSpec, target: Target, age: timedelta | None, *, shown_too: bool = False, dry_run: bool = False
) -> CleanedUp:
    """Drop materials that are older than ``age`` and that nothing shows.

    Args:
        project: Says how long a model's materials are kept, where ``age`` is None.
        target: Where they lie.
        age: How old a material must be; None goes by ``retention_period`` of its model or of the project.
        shown_too: Also what views show, and these views; id graphs stay, and what younger materials read.
        dry_run: Only say what would be dropped.

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
                store.take_lease(recorded, "a clean-up")
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
    """An age, as a Go duration.

    Raises:
        ValueError: If it is none, or not above zero.
    """
    age = duration(text)
    if not age:
        raise ValueError(f'"{text}" is not above zero')
    return age


def _objects(engine: Engine) -> dict[str, str]:
    """Tables and views of the output schema by name; for a view what it is made of, for a table nothing."""
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
    """Names of what keeps what it reads: views outside; or, if these may go, published id graphs and what is young."""
    outside = [name for name in there if not name.startswith(_MATERIAL)]
    if not shown_too:
        return outside
    graphs = {record.material for record in published.values() if record.graph is not None}
    of_graphs = [name for name in outside if any(graph in there[name] for graph in graphs)]
    young = {m.name for m in known} - {m.name for m in old}
    # Tables outside, such as the history of main ids, read nothing.
    return [*of_graphs, *graphs, *(n for n in there if any(n == y or n.startswith(f"{y}_") for y in young))]


def _read_by(names: Iterable[str], there: Mapping[str, str]) -> frozenset[str]:
    """Names of materials that some views and materials are or read, directly or through other ones."""
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
    """Views outside that show one of some materials, directly or through others."""
    outside = sorted(name for name in there if not name.startswith(_MATERIAL) and there[name])
    return tuple(name for name in outside if _read_by([name], there) & set(materials))
