"""Opens the two runs of a comparison.

Takes a project, its target and two sequence numbers; gives an open session and a snapshot of each run. A run's graph
stays readable after later runs, whether it was published or not, until `pb cleanup materials` drops it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.audit.diff.queries import ComparedGraph
from onefold.audit.session import RunSnapshot, open_session, other_version, stitcher_of
from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding, UsageError
from onefold.identity.metrics import GraphTables
from onefold.plan.feature_steps import FeatureView
from onefold.run.optional_inputs import absent_inputs
from onefold.run.plan_project import plan_project
from onefold.run.target import connect
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from onefold.audit.session import Session
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target


@dataclass(frozen=True)
class ComparedRun:
    """One of the two runs, for one entity.

    Attributes:
        snapshot: The run; None where there is nothing to compare with.
        graph: Its graph.
        features: Its features by main id; None if it has none.
    """

    snapshot: RunSnapshot | None
    graph: ComparedGraph
    features: exp.Table | None


@contextmanager
def two_runs(
    project: ProjectSpec, target: Target, entity: str | None, before: int | None, after: int | None
) -> Iterator[tuple[Session, RunSnapshot, RunSnapshot]]:
    """Open two runs for a ``with`` block.

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
    with open_session(project, target, entity, last) as session:
        yield session, snapshot_of(session, first), snapshot_of(session, last)


def _built(project: ProjectSpec, target: Target, entity: str | None) -> list[int]:
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


def snapshot_of(session: Session, seq_no: int) -> RunSnapshot:
    """The output of one run."""
    registry = Registry(session.engine, session.target.dialect)
    materials = {m.ref: m.name for m in registry.materials() if m.seq_no == seq_no}
    shown = registry.published().get(session.step.ref)
    end = next(run.times.end for run in registry.runs() if run.seq_no == seq_no)
    is_published = shown is not None and shown.material == materials[session.step.ref]
    return RunSnapshot(seq_no, end, materials, is_published)


def published_snapshot(session: Session) -> RunSnapshot | None:
    """The published output; None if no graph of the entity is published."""
    shown = Registry(session.engine, session.target.dialect).published()
    own = shown.get(session.step.ref)
    if own is None or own.graph is None:
        return None
    materials = {ref: found.material for ref, found in shown.items()}
    return RunSnapshot(own.seq_no, own.end, materials, is_published=True)


def compared_run(session: Session, snapshot: RunSnapshot | None) -> ComparedRun:
    """The graph and the features of a run; an empty graph for no run.

    Raises:
        AccessError: If its graph is not registered as an id graph.
    """
    ref = session.step.ref
    if snapshot is None:
        table = session.in_output(session.snapshot.materials[ref])
        return ComparedRun(None, ComparedGraph(table, session.step.main_id, is_empty=True), None)
    material = snapshot.materials[ref]
    graph = Registry(session.engine, session.target.dialect).graph(material)
    if graph is None:
        raise other_version(snapshot.seq_no)
    features = next((snapshot.materials[ref] for ref in _feature_views(session) if ref in snapshot.materials), None)
    return ComparedRun(
        snapshot,
        ComparedGraph(
            session.in_output(material),
            graph.main_id,
            tables=GraphTables(session.in_output(graph.base), graph.version),
            sources=_sources(session, material),
        ),
        None if features is None else session.in_output(features),
    )


def _sources(session: Session, material: str) -> tuple[str, ...] | None:
    """The edge sources of a graph: those of the plan, or the recorded ones if an earlier project built it."""
    planned = f"Material_{session.step.name}_{session.plan.fingerprints[session.step.ref]}_"
    if material.startswith(planned):
        return tuple(source.source for source in session.step.sources)
    return session.figures.sources(material)


def _feature_views(session: Session) -> list[str]:
    """Refs of the features by main id."""
    entity = session.step.entity
    return [
        ref
        for ref, step in session.plan.steps.items()
        if isinstance(step, FeatureView) and step.cohort == entity and step.id_type is None
    ]
