"""What a run knows of the published id graphs, and what publishing another one does to their history.

In: the registry. Out: the graph that each stitcher's main ids come from, materials that can no longer be used,
statements that add to ``<STITCHER>_ID_HISTORY``. Runs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.main_ids.inherited import InheritedMainIds, PublishedGraph
from onefold.identity.main_ids.migration import MIGRATED_ANCHORS, MIGRATED_MEMBERS
from onefold.identity.schema import EVENT_COLUMNS, EVENT_IDS
from onefold.identity.sql_files import sql
from onefold.identity.store import Snapshot
from onefold.identity.views import views_of
from onefold.plan.grains import plain_ref
from onefold.plan.model import IdStitcher
from onefold.plan.names import view_name
from onefold.sql.id_graph import ANCHORS, EVENTS, PARTS
from onefold.sql.input import timestamp
from onefold.sql.statements import beside, create_plain, drop, insert_rows
from onefold.state.records import GraphRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from onefold.engines.base import Engine
    from onefold.identity.built_graph import Stitched
    from onefold.plan.model import Plan, RunTimes, Step
    from onefold.run.compiled import Output
    from onefold.state.records import PublishedRecord
    from onefold.state.registry import Registry

HISTORY = "ID_HISTORY"
"""Suffix of the table of what became of main ids: ``<STITCHER>_ID_HISTORY``."""

_HISTORY_COLUMNS = {"seq_no": "BIGINT", "at": "TIMESTAMP", **EVENT_COLUMNS}


def graphs_before(
    output: Output, published: Mapping[str, PublishedRecord], there: Collection[str], *, fresh: bool, rebuild: bool
) -> dict[str, InheritedMainIds]:
    """The main ids of each stitcher that has some already, by ref.

    Args:
        output: Where the graphs lie.
        published: What is published, by ref.
        there: Names of the tables in the output schema.
        fresh: Whether their main ids are to be forgotten.
        rebuild: Whether graphs are rebuilt in any case.
    """
    found = {}
    for ref, step in output.plan.steps.items():
        if not isinstance(step, IdStitcher):
            continue
        # A graph as of an earlier moment takes its main ids from the published one, as a look back does.
        shown = output.plan.steps.get(plain_ref(ref), step)
        record, view = published.get(shown.ref), output.table(view_name(shown, output.plan.author))
        migrated = None if beside(view, MIGRATED_ANCHORS).name not in there or fresh else view
        is_rebuilt = rebuild or fresh or record is None or not _is_whole(record, there)
        before = _published_graph(ref, record, output, fresh=fresh, rebuild=is_rebuilt) if record is not None else None
        if before is not None or migrated is not None:
            found[ref] = InheritedMainIds(before, migrated)
    return found


def _published_graph(
    ref: str, record: PublishedRecord, output: Output, *, fresh: bool, rebuild: bool
) -> PublishedGraph | None:
    if record.graph is None or record.certificate is None:
        return None
    return PublishedGraph(
        material=output.table(record.material),
        snapshot=Snapshot(output.table(record.graph.base), record.graph.version),
        main_id=record.graph.main_id,
        certificate=record.certificate,
        end=record.end,
        can_extend=not rebuild and _can_extend(ref, record, record.graph, output),
        resets_main_ids=fresh,
    )


def _is_whole(record: PublishedRecord, there: Collection[str]) -> bool:
    """Whether all tables of a graph are there: an earlier version of the program may have kept fewer."""
    return record.graph is not None and all(f"{record.graph.base}_{part}" in there for part in PARTS)


def _can_extend(ref: str, record: PublishedRecord, graph: GraphRecord, output: Output) -> bool:
    """Whether a graph is of the same definition and time window as this run, and not of a later time."""
    plan, name = output.plan, output.plan.steps[ref].name
    mine = f"Material_{name}_{plan.fingerprints[ref]}_"
    return (
        record.material != output.material(ref)
        and record.material.startswith(mine)
        and graph.base.startswith(mine)
        and record.end <= plan.times.end
        and graph.begin == _text(plan.times.begin)
    )


def outdated(
    finished: Iterable[str], plan: Plan, registry: Registry, published: Mapping[str, PublishedRecord], output: Output
) -> frozenset[str]:
    """Refs of steps whose finished material rests on main ids that are no longer the published ones.

    The main ids of a graph that never was published were given with regard to what was published then. If another
    graph was published since, they may contradict it, so the graph is rebuilt, and with it all that reads it.
    """
    names = set(finished)
    stale: set[str] = set()
    for ref, step in plan.steps.items():
        if any(need in stale for need in step.needs) or (
            isinstance(step, IdStitcher) and output.material(ref) not in names
        ):
            stale.add(ref)
        elif isinstance(step, IdStitcher):
            graph, shown = registry.graph(output.material(ref)), published.get(plain_ref(ref))
            now = shown.material if shown is not None else None
            mine = {output.material(r) for r in (ref, plain_ref(ref)) if r in plan.steps}
            if graph is None or now not in {graph.previous, *mine}:
                stale.add(ref)
    return frozenset(stale)


def later_end(
    refs: Collection[str],
    published: Mapping[str, PublishedRecord],
    published_at: Mapping[int, datetime | None],
    times: RunTimes,
) -> datetime | None:
    """The end time of what is published of ``refs``, if it is later than that of this run: which then looks back.

    What was published with an end time in the future has the rows up to its publication: otherwise no run would be
    published until that future.

    Args:
        refs: What this run would publish.
        published: What is published, by ref.
        published_at: When runs were published, by sequence number.
        times: The time window of this run.
    """
    mine = [record for ref, record in published.items() if ref in refs]
    ends = [min(record.end, published_at.get(record.seq_no) or record.end) for record in mine]
    latest = max(ends, default=times.end)
    return latest if latest > times.end else None


def history_statements(step: Step, graph: GraphRecord, output: Output, end: datetime) -> tuple[str, ...]:
    """Add the events of a stitcher's material to its history; ``graph`` says where its graph lies."""
    view = output.table(view_name(step, output.plan.author))
    history, material = beside(view, HISTORY), output.table(output.material(step.ref))
    # Of a first run there are births only, and the state says them already.
    is_first = step.ref not in output.graphs
    first = sql("main_ids/first_events", main_ids=beside(output.table(graph.base), ANCHORS)).tree
    events = first if is_first else exp.select("*").from_(beside(material, EVENTS))
    make = create_plain(history, _HISTORY_COLUMNS, EVENT_IDS, output.dialect, keep=True)
    rows = exp.select(
        exp.cast(exp.Literal.number(output.seq_no), "BIGINT").as_("seq_no"),
        timestamp(end).as_("at"),
        *(exp.column(name) for name in EVENT_COLUMNS),
    ).from_(events.subquery("events"))
    add = insert_rows(history, [*_HISTORY_COLUMNS], rows)
    # What was taken over from elsewhere is part of the history now.
    spent = [drop(beside(view, name), "TABLE") for name in (MIGRATED_ANCHORS, MIGRATED_MEMBERS)]
    return tuple(output.sql(statement) for statement in (make, add, *spent))


def graph_record(step: IdStitcher, output: Output, stitched: Stitched) -> GraphRecord:
    """Where a graph lies that was just made, and how it was built."""
    inherited, how = output.graphs.get(step.ref), stitched.how
    before = inherited.published if inherited is not None else None
    return GraphRecord(
        base=stitched.snapshot.base.name,
        version=stitched.snapshot.version,
        main_id=step.main_id,
        previous=before.material.name if before is not None else None,
        begin=_text(output.plan.times.begin),
        kind=how.kind,
        days_read=how.days_read,
        days=how.days,
        profiles_solved=how.profiles_solved,
        since=_text(how.since),
    )


def forget_unpublished(ref: str, snapshot: Snapshot, registry: Registry, engine: Engine, output: Output) -> None:
    """Forget the materials of a stitcher that are later versions of the published graph, and drop their views.

    Belongs into the transaction that takes the rows of these versions back: who resumes such a run builds it again.

    Args:
        ref: Of the stitcher.
        snapshot: The published version.
        registry: Has the materials.
        engine: Drops the views.
        output: Names them.
    """
    for name, graph in _graphs(ref, registry):
        if graph.base != snapshot.base.name or graph.version <= snapshot.version:
            continue
        registry.forget_material(name)
        material = output.table(name)
        for view in views_of(material):
            engine.execute(output.sql(drop(view, "VIEW")))
        engine.execute(output.sql(drop(beside(material, EVENTS), "TABLE")))


def tables_of_generation(ref: str, registry: Registry, output: Output) -> exp.Table:
    """The name of the tables for a new generation of a graph: the material's own, unless others need what lies there.

    A later run may have extended the graph of this material in its tables. Then there is a new name beside it.

    Args:
        ref: Of the stitcher.
        registry: Has the materials.
        output: Names them.
    """
    mine = output.material(ref)
    used = {graph.base for name, graph in _graphs(ref, registry) if name != mine}
    names = (mine, *(f"{mine}_g{number}" for number in range(2, len(used) + 3)))
    return output.table(next(name for name in names if name not in used))


def _graphs(ref: str, registry: Registry) -> list[tuple[str, GraphRecord]]:
    """The materials of a stitcher, with where the graph of each lies."""
    graphs = ((made.name, registry.graph(made.name)) for made in registry.materials() if made.ref == ref)
    return [(name, graph) for name, graph in graphs if graph is not None]


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
