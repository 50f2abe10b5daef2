"""Stitch the ids of one entity: read and number them, judge them, join them in memory, write the graph.

In: the stitcher's step, an engine, the statements. Out: the tables and views of the graph, and a `Stitched` that says
what was found. Publishes nothing. Raises `RunError` if the graph fails its certificate, before anyone can read it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.errors import Finding, RunError
from onefold.identity import schema
from onefold.identity import uploads as tables
from onefold.identity.certificate import certify
from onefold.identity.columns import to_mask, to_numpy
from onefold.identity.components.solve import Graph, graph_of, namesakes, split, valid_since
from onefold.identity.incremental.run import Grown, grow
from onefold.identity.main_ids.assign import assign_main_ids
from onefold.identity.main_ids.initial import firstborn
from onefold.identity.read.edge_evidence import links
from onefold.identity.read.file_states import files_now, unmoved
from onefold.identity.read.text import Read, read_sources, types_of
from onefold.identity.rules.edge_constraints import Guarded, guard
from onefold.identity.rules.id_filters import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from onefold.engines.base import Engine
    from onefold.identity.components.union_find import Partition
    from onefold.identity.rules.id_filters import Judged
    from onefold.identity.statements import StitchSql
    from onefold.plan.model import IdStitcher
    from onefold.state.records import Certificate

    Phase = Callable[[str], None]


@dataclass(frozen=True)
class SourceIds:
    """What one edge source gave.

    Attributes:
        source: Its ref.
        has_ids: Whether there is any id in it that the filters keep.
    """

    source: str
    has_ids: bool


@dataclass(frozen=True)
class Stitched:
    """What a stitch found.

    Attributes:
        rows: Rows of the mapping, one per id.
        sources: What each edge source gave.
        certificate: What was checked.
        junk: Ids that look like a value for nothing and were kept, by id type.
        events: What became of main ids: how many were born, merged and so on.
        grown: How it was built on the published graph; None if it was built anew.
    """

    rows: int
    sources: tuple[SourceIds, ...]
    certificate: Certificate
    junk: Mapping[str, int]
    events: Mapping[str, int]
    grown: Grown | None = None


def stitch(
    step: IdStitcher, statements: StitchSql, before: Certificate | None, engine: Engine, phase: Phase
) -> Stitched:
    """Stitch, and leave the graph in its tables: on top of the published one where that can be, else anew.

    Args:
        step: The stitcher.
        statements: Its statements, from `stitch_sql`.
        before: The certificate of the published graph, if there is one.
        engine: Where to run them.
        phase: Told what happens next, in a few words.

    Raises:
        EngineError: If a statement fails.
        RunError: If the graph fails its certificate.
    """
    if statements.growth is not None and before is not None:
        grown = grow(step, statements.growth, statements.refused, before, engine, phase)
        if grown is not None:
            for statement in statements.growth.views[grown.version]:
                engine.execute(statement)
            return Stitched(grown.ids, (), grown.certificate, grown.junk, grown.events, grown)
    return _anew(step, statements, engine, phase)


def _anew(step: IdStitcher, statements: StitchSql, engine: Engine, phase: Phase) -> Stitched:
    """Stitch all rows."""
    for statement in statements.id_rules:
        engine.execute(statement)
    files = files_now(statements.files, engine)
    read, included = _read(step, statements, engine, phase)
    kept_files = unmoved(files, statements.files, engine)
    # Compiled code keeps one processor busy, and the database all of them, but seldom: each fills the other's gaps.
    with ThreadPoolExecutor(_THREADS) as beside:
        nodes = beside.submit(tables.nodes, read).result
        phase("judging ids")
        judged = judge(step, read, statements.refused, nodes, engine)
        guarded = guard(read, included, judged, statements.guards, nodes, engine)
        phase("joining ids, and writing the evidence")
        solving = beside.submit(_solve, guarded.judged, nodes)
        counting = beside.submit(links, guarded.judged.evidence, read.groups.source)
        _write_evidence(read, guarded, statements, engine)
        solved = solving.result()
        phase("naming profiles")
        events, since = _name(statements, nodes(), solved, beside, engine)
        certificate = replace(_certified(step, statements, engine, solved), edges=counting.result())
    phase("writing the graph")
    with engine.upload(schema.SOLVED, tables.solved(nodes(), solved.graph, solved.found.component, since)):
        rows = _write(statements.members, engine)
    _check_written(step, statements, engine, certificate, rows)
    with engine.upload(schema.FILES, kept_files):
        engine.execute(statements.kept_files)
    for statement in (statements.lists, *statements.views, *statements.clean_up):
        engine.execute(statement)
    judged = guarded.judged
    return Stitched(rows, _sources(step, read, judged), certificate, judged.junk, events)


_THREADS = 3
"""What can be done at the same time: listing the ids, solving, counting links."""


@dataclass(frozen=True, eq=False)
class _Solved:
    """What hangs together.

    Attributes:
        graph: What was solved.
        found: Its components.
        earliest: What names each component if nothing has named it before, from `firstborn`.
    """

    graph: Graph
    found: Partition
    earliest: pa.Table


def _solve(judged: Judged, nodes: Callable[[], pa.Table]) -> _Solved:
    graph = graph_of(judged.is_live, judged.evidence)
    found = split(graph)
    first = namesakes(graph, found.component)
    return _Solved(graph, found, firstborn(nodes(), first, first, found.component[first].astype(np.int64)))


def _name(
    statements: StitchSql, nodes: pa.Table, solved: _Solved, beside: Executor, engine: Engine
) -> tuple[Mapping[str, int], NDArray[np.int64]]:
    """Give each component its main id; what became of main ids, by kind of event, and ``valid_at`` of each id."""
    if not statements.before:  # nothing was named yet: what is seen first names it
        finding = beside.submit(valid_since, solved.graph, solved.found, to_numpy(solved.earliest["node"]))
        with engine.upload(schema.EARLIEST, solved.earliest):
            events = assign_main_ids(statements.main_ids, engine)
        _write(statements.named, engine)
        return events, finding.result()
    ids = tables.graph(nodes, solved.graph, solved.found.component)
    with engine.upload(schema.GRAPH, ids), engine.upload(schema.EARLIEST, solved.earliest):
        for statement in statements.before:
            engine.execute(statement)
        events = assign_main_ids(statements.main_ids, engine)
    _write(statements.named, engine)
    anchors = to_numpy(engine.fetch(statements.names)["anchor"].cast(pa.int64()))
    return events, valid_since(solved.graph, solved.found, anchors)


def _read(step: IdStitcher, statements: StitchSql, engine: Engine, phase: Phase) -> tuple[Read, NDArray[np.uint32]]:
    """What the edge sources hold, and the nodes that rules want to be there."""
    types = types_of(step)
    nodes = [np.empty(0, dtype=np.uint32)]
    if statements.included is None:
        return read_sources(step, statements.rows, engine, phase, types), nodes[0]
    wanted = engine.fetch(statements.included)
    names = wanted["id_type"].to_pylist()
    read = read_sources(step, statements.rows, engine, phase, tuple(dict.fromkeys((*types, *names))))
    for name in dict.fromkeys(names):
        of_type = wanted["id"].filter(to_mask(np.array([n == name for n in names], dtype=np.bool_)))
        nodes.append(read.ids.encode(read.types.index(name), of_type))
    return read, np.concatenate(nodes)


def _sources(step: IdStitcher, read: Read, judged: Judged) -> tuple[SourceIds, ...]:
    """Which edge sources gave an id."""
    group = judged.evidence.group
    has = np.bincount(read.groups.source[group[group >= 0]], minlength=len(step.sources)) > 0
    return tuple(SourceIds(s.source, bool(has[n])) for n, s in enumerate(step.sources))


def _write(statements: tuple[str, ...], engine: Engine) -> int:
    """Make a table and fill it; returns its rows."""
    rows = 0
    for statement in statements:
        rows = engine.execute(statement)
    return rows


def _write_evidence(read: Read, guarded: Guarded, statements: StitchSql, engine: Engine) -> None:
    for name, rows, statement in (
        (schema.READ, tables.evidence(guarded.kept, read.groups), statements.evidence),
        (schema.DAYS, tables.days(read), (statements.digests,)),
        (schema.LEFT_OUT, guarded.judged.left_out, (statements.left_out,)),
        (schema.DROPPED_PAIRS, guarded.dropped, (statements.dropped,)),
        (schema.CROWDED_IDS, guarded.crowded, (statements.crowded,)),
    ):
        with engine.upload(name, rows):
            _write(statement, engine)


def _certified(step: IdStitcher, statements: StitchSql, engine: Engine, solved: _Solved) -> Certificate:
    """Check components and names."""
    named = engine.fetch(statements.named_count).to_pylist()[0]
    graph, found = solved.graph, solved.found
    live = int(np.count_nonzero(graph.is_live))
    certificate = certify(
        graph.is_live.size, graph.left, graph.right, found.component,
        joins=found.joins, main_ids=int(named["main_ids"]), refused=graph.is_live.size - live,
    )  # fmt: skip
    if certificate.profiles != named["profiles"]:
        message = f"{named['profiles']} profiles were named; there are {certificate.profiles}"
        raise RunError(Finding("error", "certificate-broken", message, step.at, _REPORT))
    return certificate


_REPORT = "nothing was published; please report this with the run's SQL"


def _check_written(
    step: IdStitcher, statements: StitchSql, engine: Engine, certificate: Certificate, rows: int
) -> None:
    """Check the graph as it was written."""
    written = engine.fetch(statements.members_count).to_pylist()[0]
    if rows == written["ids"] == certificate.nodes and written["profiles"] == certificate.profiles:
        return
    message = (
        f"{written['ids']} ids were written in {written['profiles']} profiles; "
        f"there are {certificate.nodes} ids and {certificate.profiles} profiles"
    )
    raise RunError(Finding("error", "certificate-broken", message, step.at, _REPORT))
