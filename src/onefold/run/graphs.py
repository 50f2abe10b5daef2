"""The published id graphs of a run, and the history of their main ids.

Takes the registry. Returns the graph from which each stitcher inherits main ids, the outdated materials, and the
statements that add events to ``<STITCHER>_ID_HISTORY``.
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
"""Suffix of the table of main id events: ``<STITCHER>_ID_HISTORY``."""

_HISTORY_COLUMNS = {"seq_no": "BIGINT", "at": "TIMESTAMP", **EVENT_COLUMNS}


def graphs_before(
    output: Output,
    published: Mapping[str, PublishedRecord],
    there: Collection[str],
    *,
    reset_main_ids: bool,
    rebuild: bool,
) -> dict[str, InheritedMainIds]:
    """The inherited main ids of each stitcher that has some, by ref.

    Args:
        output: Names the graphs.
        published: The published materials, by ref.
        there: Names of the tables in the output schema.
        reset_main_ids: Whether main ids are reset.
        rebuild: Whether graphs are rebuilt in any case.
    """
    found = {}
    for ref, step in output.plan.steps.items():
        if not isinstance(step, IdStitcher):
            continue
        # A graph as of a time grain inherits the main ids of the published graph, as in an as-of run.
        shown = output.plan.steps.get(plain_ref(ref), step)
        record, view = published.get(shown.ref), output.table(view_name(shown, output.plan.author))
        migrated = None if beside(view, MIGRATED_ANCHORS).name not in there or reset_main_ids else view
        is_rebuilt = rebuild or reset_main_ids or record is None or not _is_whole(record, there)
        before = (
            _published_graph(ref, record, output, reset_main_ids=reset_main_ids, rebuild=is_rebuilt)
            if record is not None
            else None
        )
        if before is not None or migrated is not None:
            found[ref] = InheritedMainIds(before, migrated)
    return found


def _published_graph(
    ref: str, record: PublishedRecord, output: Output, *, reset_main_ids: bool, rebuild: bool
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
        resets_main_ids=reset_main_ids,
    )


def _is_whole(record: PublishedRecord, there: Collection[str]) -> bool:
    """Whether all tables of a graph exist: an earlier version of the program may have created fewer."""
    return record.graph is not None and all(f"{record.graph.base}_{part}" in there for part in PARTS)


def _can_extend(ref: str, record: PublishedRecord, graph: GraphRecord, output: Output) -> bool:
    """Whether a graph has the definition and time window of this run, and no later end time."""
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
    """Refs of steps whose finished material is based on main ids that are no longer published.

    The main ids of an unpublished graph were assigned relative to the graph published at that time. If another graph
    was published since, they may contradict it. So the graph is rebuilt, with all steps that read it.
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
    """The latest end time of the published materials of ``refs``, if it is later than that of this run (an as-of run).

    A material published with an end time in the future counts as of its publication. Otherwise no run could be
    published before that end time.

    Args:
        refs: The steps that this run would publish.
        published: The published materials, by ref.
        published_at: When each run was published, by sequence number.
        times: The time window of this run.
    """
    mine = [record for ref, record in published.items() if ref in refs]
    ends = [min(record.end, published_at.get(record.seq_no) or record.end) for record in mine]
    latest = max(ends, default=times.end)
    return latest if latest > times.end else None


def history_statements(step: Step, graph: GraphRecord, output: Output, end: datetime) -> tuple[str, ...]:
    """The statements that add the events of a stitcher's material to its history; ``graph`` locates its graph."""
    view = output.table(view_name(step, output.plan.author))
    history, material = beside(view, HISTORY), output.table(output.material(step.ref))
    # A first run only creates main ids, which are in the anchors.
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
    # Migrated main ids are part of the history now.
    spent = [drop(beside(view, name), "TABLE") for name in (MIGRATED_ANCHORS, MIGRATED_MEMBERS)]
    return tuple(output.sql(statement) for statement in (make, add, *spent))


def graph_record(step: IdStitcher, output: Output, stitched: Stitched) -> GraphRecord:
    """The record of a new graph."""
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
    """Remove the materials of unpublished later versions of the published graph, and drop their views.

    Call it in the transaction that discards the rows of these versions. A resumed run builds its graph again.

    Args:
        ref: Ref of the stitcher.
        snapshot: The published version.
        registry: The registry.
        engine: Drops the views.
        output: Names the views.
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
    """The table name for a new generation of a graph: that of the material, unless another graph uses its tables.

    A later run may have extended the graph of this material in its tables. The new generation then gets another name.

    Args:
        ref: Ref of the stitcher.
        registry: The registry.
        output: Names the material.
    """
    mine = output.material(ref)
    used = {graph.base for name, graph in _graphs(ref, registry) if name != mine}
    names = (mine, *(f"{mine}_g{number}" for number in range(2, len(used) + 3)))
    return output.table(next(name for name in names if name not in used))


def _graphs(ref: str, registry: Registry) -> list[tuple[str, GraphRecord]]:
    """The materials of a stitcher, with their graph records."""
    graphs = ((made.name, registry.graph(made.name)) for made in registry.materials() if made.ref == ref)
    return [(name, graph) for name, graph in graphs if graph is not None]


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
