"""The two runs that a comparison is about.

In: a project, its target, two sequence numbers. Out: an open connection, and each run as a `Side`. A run's graph stays
readable after later runs, whether it was published or not, until `pb cleanup materials` drops it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.diff_sql import Ids
from onefold.audit.published import opened, stitcher_of
from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding, UsageError
from onefold.identity.metrics import GraphTables
from onefold.plan.model import FeatureView
from onefold.run.optional_inputs import absent_inputs
from onefold.run.plan_project import plan_project
from onefold.run.target import connect
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from onefold.audit.published import Published
    from onefold.project.spec import Project
    from onefold.run.target import Target
    from onefold.state.records import GraphRecord


@dataclass(frozen=True)
class Side:
    """One of two runs, as far as one entity goes.

    Attributes:
        seq_no: Its sequence number; None of one that will not be kept, and where there is nothing to compare with.
        end: The end time of its rows; None likewise.
        is_published: Whether the views show it.
        ids: Its graph.
        features: Its features by main id; None if it has none.
    """

    seq_no: int | None
    end: datetime | None
    is_published: bool
    ids: Ids
    features: exp.Table | None


@contextmanager
def two_runs(
    project: Project, target: Target, entity: str | None, before: int | None, after: int | None
) -> Iterator[tuple[Published, Side, Side]]:
    """Open two runs; closed with the block.

    Args:
        project: The project.
        target: Where it lies.
        entity: Whose graph; None for the first of the project.
        before: The one run; None for the last but one that built the graph, or the last before ``after``.
        after: The other; None for the last that built the graph.

    Raises:
        UsageError: If there is no such entity, or one of the runs has not built its graph.
        AccessError: If nothing has been built yet.
    """
    built = _built(project, target, entity)
    last = after if after is not None else max(built, default=0)
    first = before if before is not None else max((n for n in built if n < last), default=0)
    for asked, number in ((after, last), (before, first)):
        if number not in built:
            raise _unbuilt(asked, built)
    if first == last:
        message = f"run {first} is compared with itself"
        raise UsageError(Finding("error", "one-run", message, hint=f"these have built the graph: {_list(built)}"))
    with opened(project, target, entity, last) as published:
        yield published, side_of(published, first), side_of(published, last)


def _built(project: Project, target: Target, entity: str | None) -> list[int]:
    """The runs that built the graph of an entity."""
    name = entity or project.file.entities[0].name
    try:
        with connect(target, project, read_only=True) as engine:
            registry = Registry(engine, target.dialect)
            runs, materials = registry.runs(), registry.materials()
            if not runs:
                raise _nothing()
            plan = plan_project(project, target, runs[-1].times, absent_inputs(project, engine, target.dialect))
            step = stitcher_of(plan, project, name)
            return [m.seq_no for m in materials if m.ref == step.ref]
    except EngineError as error:
        raise _nothing() from error


def _nothing() -> AccessError:
    return AccessError(Finding("error", "nothing-built", "nothing has been built yet", hint="build it with `pb run`"))


def _unbuilt(asked: int | None, built: list[int]) -> UsageError:
    if asked is None:
        message = f"only run {built[0]} has built the graph; it takes two to compare" if built else "no run is built"
        hint = "`pb plan` shows what a change would do; after the next `pb run` there are two"
        return UsageError(Finding("error", "one-run", message, hint=hint))
    hint = f"these have: {_list(built)}"
    return UsageError(Finding("error", "unknown-seq-no", f"run {asked} has not built the graph", hint=hint))


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, sorted(set(numbers))))


def side_of(published: Published, seq_no: int) -> Side:
    """What one run made of the entity's models.

    Raises:
        AccessError: If its graph is not registered as an id graph.
    """
    registry = Registry(published.engine, published.target.dialect)
    made = {m.ref: m.name for m in registry.materials() if m.seq_no == seq_no}
    graph = registry.graph(made[published.step.ref])
    if graph is None:
        message = f"the graph of run {seq_no} was built by an earlier version"
        raise AccessError(Finding("error", "other-version", message, hint="build it again with `pb run`"))
    shown = registry.published().get(published.step.ref)
    end = next(run.times.end for run in registry.runs() if run.seq_no == seq_no)
    material = made[published.step.ref]
    features = next((made[ref] for ref in _feature_views(published) if ref in made), None)
    return Side(
        seq_no,
        end,
        shown is not None and shown.material == material,
        _ids(published, material, graph),
        None if features is None else _table(published, features),
    )


def published_side(published: Published) -> Side:
    """What the views show now, beside a run that is not published; an empty side if they show nothing of it.

    Args:
        published: The run's graph.
    """
    shown = Registry(published.engine, published.target.dialect).published()
    own = shown.get(published.step.ref)
    if own is None or own.graph is None:
        nothing = Ids(_table(published, published.materials[published.step.ref]), published.step.main_id, is_empty=True)
        return Side(None, None, is_published=True, ids=nothing, features=None)
    features = next((shown[ref].material for ref in _feature_views(published) if ref in shown), None)
    return Side(
        own.seq_no,
        own.end,
        is_published=True,
        ids=_ids(published, own.material, own.graph),
        features=None if features is None else _table(published, features),
    )


def planned_side(published: Published, *, is_kept: bool) -> Side:
    """A run that was built ahead.

    Args:
        published: The run's graph.
        is_kept: Whether it can still be asked afterwards.
    """
    made = published.materials
    material = made[published.step.ref]
    graph = Registry(published.engine, published.target.dialect).graph(material)
    assert graph is not None  # noqa: S101 - what was just built is registered
    features = next((made[ref] for ref in _feature_views(published) if ref in made), None)
    return Side(
        published.seq_no if is_kept else None,
        published.plan.times.end,
        is_published=False,
        ids=_ids(published, material, graph),
        features=None if features is None else _table(published, features),
    )


def _ids(published: Published, material: str, graph: GraphRecord) -> Ids:
    """The graph of a material."""
    step = published.step
    planned = f"Material_{step.name}_{published.plan.fingerprints[step.ref]}_"
    sources: tuple[str, ...] | None = tuple(source.source for source in step.sources)
    if not material.startswith(planned):
        sources = published.figures.sources(material)
    return Ids(
        _table(published, material),
        graph.main_id,
        kept=GraphTables(_table(published, graph.base), graph.version),
        sources=sources,
    )


def _feature_views(published: Published) -> list[str]:
    """Refs of the features by main id."""
    entity = published.step.entity
    return [
        ref
        for ref, step in published.plan.steps.items()
        if isinstance(step, FeatureView) and step.population == entity and step.id_type is None
    ]


def _table(published: Published, name: str) -> exp.Table:
    return exp.table_(name, db=published.target.schema, quoted=True)
