"""Build on the graph of the last run: read the days that changed, and solve the profiles that they touch.

In: the stitcher's step, an engine, the statements. Out: another version of the graph, and a `Grown` that says what was
done; None where too much changed, or the tables are not as they were left: a graph is then built anew. Exact: the
graph is that of all rows, late ones and vanished ones included, because a day is skipped only if as many rows with the
same sum of hashes are there as before. Publishes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.errors import Finding, RunError
from onefold.identity import tables
from onefold.identity.certificate import Certificate, certify
from onefold.identity.columns import to_arrow, to_mask, to_numpy
from onefold.identity.judging import judge
from onefold.identity.kernel import UNKNOWN
from onefold.identity.main_id_history import assign_main_ids
from onefold.identity.reading import NO_DAY, read_sources, types_of
from onefold.identity.solving import Graph, namesakes, split, valid_since
from onefold.sql import graph_growth as growth
from onefold.sql import id_stitcher as sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from onefold.engines.base import Engine
    from onefold.identity.components import Partition
    from onefold.identity.evidence import Edges
    from onefold.identity.growth_sql import GrowthSql
    from onefold.identity.judging import Judged
    from onefold.identity.reading import Read
    from onefold.plan.model import IdStitcher

    Phase = Callable[[str], None]

MOST_CHANGED = 0.3
"""Share of rows on days that changed from which a graph is rather built anew."""


@dataclass(frozen=True)
class Grown:
    """What building on a graph came to.

    Attributes:
        version: The version that holds the graph now.
        ids: Ids that it has.
        days: Days of edge sources that changed, of all days.
        profiles: Profiles that were solved again.
        certificate: What was checked: all of what was solved again, and the totals of the whole.
        junk: Ids that look like a value for nothing and were kept, by id type, on the days that changed.
        events: What became of main ids, by kind of event.
    """

    version: int
    ids: int
    days: tuple[int, int]
    profiles: int
    certificate: Certificate
    junk: Mapping[str, int]
    events: Mapping[str, int]


@dataclass(frozen=True)
class _Changes:
    """What changed.

    Attributes:
        found: Edge source and day (days since 1970, `NO_DAY` for rows without a time) whose rows are not as before.
        all: How many such days there are.
    """

    found: tuple[tuple[int, int], ...]
    all: int

    def table(self) -> pa.Table:
        """The days, as a relation to lend."""
        source, day = (np.array([key[place] for key in self.found], dtype=np.int32) for place in (0, 1))
        kinds = (to_arrow(source.astype(np.int16), pa.int16()), to_arrow(day, pa.date32(), null=NO_DAY))
        return pa.table(dict(zip((sql.SOURCE, sql.DAY), kinds, strict=True)))

    def of_source(self, number: int) -> list[int | None]:
        """The days of one edge source."""
        return [None if day == NO_DAY else day for source, day in self.found if source == number]


def grow(  # noqa: PLR0917
    step: IdStitcher, statements: GrowthSql, refused: str | None, before: Certificate, engine: Engine, phase: Phase
) -> Grown | None:
    """Build on the published graph; None if it is better built anew.

    Args:
        step: The stitcher.
        statements: From `growth_sql`.
        refused: Judges each distinct id; None if nothing can be refused.
        before: The certificate of the published version.
        engine: Where to run them.
        phase: Told what happens next, in a few words.

    Raises:
        EngineError: If a statement fails; the published version stays as it was.
        RunError: If the new version fails its certificate; likewise.
    """
    if engine.fetch(statements.latest)["version"][0].as_py() != statements.before:
        return None
    changes = _changes(step, statements, engine, phase)
    if changes is None:
        return None
    if not changes.found:
        engine.execute(statements.no_events)
        _clean_up(statements, engine)
        days = (0, changes.all)
        return Grown(statements.before, before.nodes, days, 0, before, {}, {})
    with engine.lend(growth.CHANGED, changes.table()):
        return _grown(step, statements, refused, before, changes, engine, phase)


def _changes(step: IdStitcher, statements: GrowthSql, engine: Engine, phase: Phase) -> _Changes | None:
    """The days whose rows are not those of last time; None if they are too many."""
    was = _by_day(engine.fetch(statements.days))
    now: dict[tuple[int, int], tuple[int, int]] = {}
    for number, source in enumerate(step.sources):
        phase(f"looking for changes in {source.source}")
        asked = statements.sources[number]
        if asked.keep is not None:
            engine.execute(asked.keep)
        now |= _by_day(engine.fetch(asked.digests), number)
    changed = [key for key in was | now if was.get(key) != now.get(key)]
    rows = sum(count for count, _ in now.values())
    if sum(now.get(key, (0, 0))[0] for key in changed) > MOST_CHANGED * rows:
        _clean_up(statements, engine)
        return None
    return _Changes(tuple(changed), len(was | now))


def _by_day(rows: pa.Table, source: int | None = None) -> dict[tuple[int, int], tuple[int, int]]:
    """How many rows and the sum of their digests, by edge source and day."""
    days = to_numpy(rows[sql.DAY].cast(pa.int32()), null=NO_DAY).tolist()
    sources = rows[sql.SOURCE].to_pylist() if source is None else [source] * len(days)
    facts = zip(rows["row_count"].to_pylist(), rows["digest"].to_pylist(), strict=True)
    return dict(zip(zip(sources, days, strict=True), facts, strict=True))


def _grown(  # noqa: PLR0917
    step: IdStitcher,
    statements: GrowthSql,
    refused: str | None,
    before: Certificate,
    changes: _Changes,
    engine: Engine,
    phase: Phase,
) -> Grown:
    rows = [s.changed(changes.of_source(s.number)) for s in statements.sources]
    read = read_sources(step, rows, engine, phase, types_of(step))
    local = tables.nodes(read)
    judged = judge(step, read, refused, local, engine)
    phase("finding whom the changes touch")
    numbers = _numbers(statements, judged, local, engine)
    kept = tables.evidence(_renumbered(judged, numbers, read), read.groups)
    lent = local.set_column(0, "node", to_arrow(numbers, pa.int64())).filter(to_mask(judged.is_live))
    with engine.lend(growth.LOCAL, lent), engine.lend(growth.NEW, kept):
        for statement in statements.find:
            engine.execute(statement)
        ids = engine.fetch(statements.ids)
    phase("solving what they touch")
    graph, nodes = _scope(ids, engine.fetch(statements.edges))
    found = split(graph)
    # A profile's number is the smallest number of its ids.
    component = nodes[found.component]
    live = ids.filter(to_mask(graph.is_live))
    events = _name(statements, live, graph, found, component, engine)
    anchors = np.searchsorted(nodes, to_numpy(engine.fetch(statements.names)["anchor"].cast(pa.int64())))
    since = valid_since(graph, found, anchors)
    phase("writing the new version")
    solved = tables.with_times(live, component, graph, since)
    left_out, days = judged.left_out, tables.days(read)
    with engine.lend(sql.SOLVED, solved), engine.lend(sql.DAYS, days), engine.lend(sql.LEFT_OUT, left_out):
        for statement in statements.compare:
            engine.execute(statement)
        with engine.transaction():
            for statement in statements.apply:
                engine.execute(statement)
            certificate = _certified(step, statements, before, graph, found, engine)
    engine.execute(statements.events)
    _clean_up(statements, engine)
    profiles = int(np.unique(component[graph.is_live]).size)
    return Grown(
        statements.version,
        certificate.nodes,
        (len(changes.found), changes.all),
        profiles,
        certificate,
        judged.junk,
        events,
    )


def _numbers(statements: GrowthSql, judged: Judged, local: pa.Table, engine: Engine) -> NDArray[np.int64]:
    """The number of each id in the graph: its own if it was ever met, else the next free one."""
    with engine.lend(growth.LOCAL, local.filter(to_mask(judged.is_live))):
        rows = engine.fetch(statements.known)
    most = engine.fetch(statements.most)["node"][0].as_py()
    node, known = (to_numpy(rows[name].cast(pa.int64()), null=UNKNOWN) for name in ("node", "known"))
    numbers = np.full(judged.is_live.size, UNKNOWN, dtype=np.int64)
    numbers[node] = known
    is_new = judged.is_live & (numbers == UNKNOWN)
    numbers[is_new] = (-1 if most is None else most) + 1 + np.arange(int(np.count_nonzero(is_new)))
    numbers[~judged.is_live] = 0  # no evidence has them any more
    return numbers


def _renumbered(judged: Judged, numbers: NDArray[np.int64], read: Read) -> Edges:
    """The evidence with the graph's numbers; of two ids of one type the smaller number stands left, as ever."""
    edges, codes = judged.evidence, read.ids.id_types()
    left, right = (numbers[end].astype(np.uint32) for end in (edges.left, edges.right))
    swap = (codes[edges.left] == codes[edges.right]) & (left > right)
    return replace(edges, left=np.where(swap, right, left), right=np.where(swap, left, right))


def _scope(ids: pa.Table, edges: pa.Table) -> tuple[Graph, NDArray[np.int64]]:
    """The graph of the ids to look at, numbered from 0 in the order of their numbers, and those numbers."""
    nodes = to_numpy(ids["node"].cast(pa.int64()))
    left, right = (
        np.searchsorted(nodes, to_numpy(edges[name].cast(pa.int64()))).astype(np.uint32)
        for name in ("left_node", "right_node")
    )
    seen_at = to_numpy(edges["seen_at"].cast(pa.timestamp("us")), null=UNKNOWN)
    first_seen = np.full(nodes.size, UNKNOWN, dtype=np.int64)
    is_live = np.zeros(nodes.size, dtype=np.bool_)
    for end in (left, right):
        np.minimum.at(first_seen, end, seen_at)
        is_live[end] = True
    joins = left != right
    return Graph(is_live, left[joins], right[joins], seen_at[joins], first_seen), nodes


def _name(  # noqa: PLR0917
    statements: GrowthSql,
    live: pa.Table,
    graph: Graph,
    found: Partition,
    component: NDArray[np.int64],
    engine: Engine,
) -> Mapping[str, int]:
    nodes = np.flatnonzero(graph.is_live)
    numbers = to_numpy(live["node"].cast(pa.int64()))
    first = namesakes(graph, found.component)
    earliest = pa.table(
        {
            "node": to_arrow(numbers[np.searchsorted(nodes, first)], pa.int64()),
            "component": to_arrow(component[first], pa.int64()),
        }
    )
    with engine.lend(sql.GRAPH, tables.with_times(live, component, graph)), engine.lend(sql.EARLIEST, earliest):
        for statement in statements.touched:
            engine.execute(statement)
        return assign_main_ids(statements.main_ids, engine)


def _certified(  # noqa: PLR0917
    step: IdStitcher, statements: GrowthSql, before: Certificate, graph: Graph, found: Partition, engine: Engine
) -> Certificate:
    """Check what was solved again, whole, and that the totals of the new version follow from those of the old one."""
    live = int(np.count_nonzero(graph.is_live))
    was, named = (engine.fetch(query).to_pylist()[0] for query in (statements.was, statements.named))
    totals = engine.fetch(statements.totals).to_pylist()[0]
    solved = certify(
        graph.is_live.size, graph.left, graph.right, found.component,
        joins=found.joins, main_ids=named["main_ids"], refused=graph.is_live.size - live,
    )  # fmt: skip
    whole = Certificate(
        nodes=before.nodes - was["ids"] + solved.nodes,
        edges=before.edges - was["gone"] + was["came"],
        profiles=before.profiles - was["profiles"] + solved.profiles,
        joins=before.joins - (was["ids"] - was["profiles"]) + solved.joins,
    )
    found_totals = (totals["ids"], totals["profiles"], totals["main_ids"], whole.nodes - whole.joins)
    if found_totals != (whole.nodes, whole.profiles, whole.profiles, whole.profiles):
        message = (
            f"the new version has {totals['ids']} ids in {totals['profiles']} profiles with {totals['main_ids']} main "
            f"ids; it should have {whole.nodes} ids in {whole.profiles} profiles"
        )
        hint = "nothing was published; build the graph anew with --rebase_incremental, and please report this"
        raise RunError(Finding("error", "certificate-broken", message, step.at, hint))
    return whole


def _clean_up(statements: GrowthSql, engine: Engine) -> None:
    for statement in statements.clean_up:
        engine.execute(statement)
