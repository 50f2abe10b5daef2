"""Build on the graph of the last run: read the days that changed, and solve the profiles that they touch.

In: the stitcher's step, an engine, the statements. Out: another version of the graph, and a `Grown` that says what was
done; None where too much changed, or the tables are not as they were left: a graph is then built anew. Exact: the
graph is that of all rows, late ones and vanished ones included, because a day is skipped only if as many rows with the
same sum of hashes are there as before, or if ``incremental_timedelta`` leaves it aside. Publishes nothing.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.errors import Finding, RunError
from onefold.identity import schema
from onefold.identity import uploads as tables
from onefold.identity.certificate import certify
from onefold.identity.columns import to_arrow, to_mask, to_numpy
from onefold.identity.components.solve import namesakes, valid_since
from onefold.identity.incremental import constraint_queries as guards
from onefold.identity.incremental import queries as growth
from onefold.identity.incremental import versions as version
from onefold.identity.incremental.affected import Links, Measured, Standing, Touched, touched_by
from onefold.identity.incremental.changed_days import Changes, Days, days_of, find_changes
from onefold.identity.incremental.scope import Scope, names_change, scope_of
from onefold.identity.main_ids.assign import assign_main_ids
from onefold.identity.main_ids.initial import firstborn
from onefold.identity.native.kernel import UNKNOWN
from onefold.identity.read.file_states import unmoved
from onefold.identity.read.text import read_sources, types_of
from onefold.identity.rules.id_filters import judge
from onefold.sql.id_graph import PROFILE
from onefold.state.records import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from numpy.typing import NDArray

    from onefold.engines.base import Engine
    from onefold.identity.incremental.statements import GrowthSql
    from onefold.identity.read.edge_evidence import Edges
    from onefold.identity.read.text import Read
    from onefold.identity.rules.id_filters import Judged
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
        since: The moment from which rows were looked at, in UTC; None for all.
    """

    version: int
    ids: int
    days: tuple[int, int]
    profiles: int
    certificate: Certificate
    junk: Mapping[str, int]
    events: Mapping[str, int]
    since: datetime | None = None


def grow(  # noqa: PLR0917
    step: IdStitcher, statements: GrowthSql, refused: str, before: Certificate, engine: Engine, phase: Phase
) -> Grown | None:
    """Build on the published graph; None if it is better built anew.

    Args:
        step: The stitcher.
        statements: From `growth_sql`.
        refused: Judges each distinct id.
        before: The certificate of the published version.
        engine: Where to run them.
        phase: Told what happens next, in a few words.

    Raises:
        EngineError: If a statement fails; the published version stays as it was.
        RunError: If the new version fails its certificate; likewise.
    """
    if engine.fetch(statements.latest)["version"][0].as_py() != statements.before:
        return None
    listed = _listed(statements, engine)
    changes = find_changes(step, statements, listed, engine, phase) if listed is not None else None
    if changes is None or changes.share > MOST_CHANGED:
        _clean_up(statements, engine)
        return None
    if not changes.found:
        engine.execute(statements.no_events)
        with engine.upload(schema.FILES, _files(statements, changes, engine)), engine.transaction():
            for statement in _kept(statements):
                engine.execute(statement)
        _clean_up(statements, engine)
        days = (0, changes.all)
        return Grown(statements.before, before.nodes, days, 0, before, {}, {}, statements.since)
    with engine.upload(growth.CHANGED, changes.table()):
        return _grown(step, statements, refused, before, changes, engine, phase)


def _listed(statements: GrowthSql, engine: Engine) -> Days | None:
    """The days that have an id of which lists say something else; None where the table of rules is another one."""
    if statements.lists is None:
        return ()
    for statement in statements.lists.make:
        engine.execute(statement)
    if engine.fetch(statements.lists.rules_changed)["changed"][0].as_py():
        return None
    return days_of(engine.fetch(statements.lists.days))


def _kept(statements: GrowthSql) -> tuple[str, ...]:
    """What is kept beside the graph of what it was made of."""
    return (*statements.keep_files, *(statements.lists.keep if statements.lists is not None else ()))


def _grown(  # noqa: PLR0917
    step: IdStitcher,
    statements: GrowthSql,
    refused: str,
    before: Certificate,
    changes: Changes,
    engine: Engine,
    phase: Phase,
) -> Grown:
    rows = [s.changed(changes.of_source(s.number)) for s in statements.sources]
    read = read_sources(step, rows, engine, phase, types_of(step))
    files = _files(statements, changes, engine)
    local = tables.nodes(read)
    judged = judge(step, read, refused, lambda: local, engine)
    phase("finding whom the changes touch")
    numbers = _numbers(statements, judged, local, engine)
    kept = tables.evidence(_renumbered(judged, numbers, read), read.groups)
    local = local.set_column(0, "node", to_arrow(numbers, pa.int64()))
    with engine.upload(growth.NEW, kept):
        for statement in statements.find:
            engine.execute(statement)
    if statements.guards is not None:
        phase("letting guards decide")
        with engine.upload(guards.NUMBERED_LOCAL, local.filter(to_mask(judged.is_live))):
            for statement in statements.guards.make:
                engine.execute(statement)
    touched = _touched(statements, engine)
    phase("solving what they touch")
    is_new = judged.is_live & np.isin(numbers, touched.node[~touched.is_profile])
    with engine.upload(growth.NEW_IDS, local.filter(to_mask(is_new))):
        scope = _scope(statements, touched, engine)
    named = _name(statements, scope, engine)
    phase("writing the new version")
    with _lent(scope, named, read, judged, engine), engine.upload(schema.FILES, files):
        for statement in statements.compare:
            engine.execute(statement)
        with engine.transaction():
            for statement in (*statements.apply, *_kept(statements)):
                engine.execute(statement)
            certificate = _certified(step, statements, before, scope, engine)
    for statement in (statements.no_events, statements.events):
        engine.execute(statement)
    _clean_up(statements, engine)
    days = (len(changes.found), changes.all)
    facts = (scope.profiles, certificate, judged.junk, named.events, statements.since)
    return Grown(statements.version, certificate.nodes, days, *facts)


def _files(statements: GrowthSql, changes: Changes, engine: Engine) -> pa.Table:
    """What is kept of the files that rows were read from."""
    return unmoved(changes.files, [source.files for source in statements.sources], engine)


def _numbers(statements: GrowthSql, judged: Judged, local: pa.Table, engine: Engine) -> NDArray[np.int64]:
    """The number of each id in the graph: its own if it was ever met, else the next free one."""
    with engine.upload(growth.LOCAL, local.filter(to_mask(judged.is_live))):
        rows = engine.fetch(statements.known)
    most = engine.fetch(statements.most)["node"][0].as_py()
    numbers = np.full(judged.is_live.size, UNKNOWN, dtype=np.int64)
    numbers[_integers(rows["node"])] = _integers(rows["known"])
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


def _touched(statements: GrowthSql, engine: Engine) -> Touched:
    """Whom evidence that came and went touches."""
    rows = engine.fetch(statements.standing)
    standing = Standing(*(_integers(rows[name]) for name in (schema.NODE, PROFILE, "first_seen_at", "valid_at")))
    order = np.argsort(standing.node)
    standing = Standing(*(getattr(standing, f.name)[order] for f in fields(Standing)))
    came, went = (_links(engine.fetch(query)) for query in (statements.came, statements.went))

    def measure(profiles: NDArray[np.int64]) -> Measured:
        with engine.upload(growth.MERGING, pa.table({PROFILE: to_arrow(profiles, pa.int64())})):
            found = engine.fetch(statements.merging)
        anchor_seen, joined = (_integers(found[name]) for name in ("anchor_seen_at", "joined_at"))
        joined = np.where(_integers(found["untimed"]) > 0, UNKNOWN, joined)
        return Measured(_integers(found[PROFILE]), _integers(found["ids"]), anchor_seen, joined)

    return touched_by(came, went, standing, measure)


def _links(rows: pa.Table) -> Links:
    return Links(*(_integers(rows[name]) for name in ("left_node", "right_node", "seen_at")))


def _integers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Whole numbers or times; `UNKNOWN` for null."""
    kind = pa.timestamp("us") if pa.types.is_timestamp(column.type) else pa.int64()
    return to_numpy(column.cast(kind), null=UNKNOWN)


def _scope(statements: GrowthSql, touched: Touched, engine: Engine) -> Scope:
    """The ids and profiles to solve, with what joins them. Profiles that nothing changes are left alone."""
    for statement in statements.lying:
        engine.execute(statement)
    back = _integers(engine.fetch(statements.back)["anchor_node"])
    is_named = names_change(touched, back)
    looked = is_named & touched.is_profile
    whose = {
        PROFILE: to_arrow(touched.node[looked], pa.int64()),
        "is_whole": to_mask(touched.is_whole[looked]),
        "ids": to_arrow(touched.ids[looked], pa.int64()),
    }
    with engine.upload(growth.LOOKED, pa.table(whose)):
        for statement in statements.look:
            engine.execute(statement)
        ids = engine.fetch(statements.ids)
        kept = _links(engine.fetch(statements.edges))
        deputies = engine.fetch(statements.deputies)
    return scope_of(touched, is_named, ids, deputies, kept)


@dataclass(frozen=True, eq=False)
class _Named:
    """What naming came to.

    Attributes:
        anchors: The place of the anchor of each component.
        component: The number of each named component until then, and ...
        profile: ... the number of its profile.
        events: What became of main ids.
    """

    anchors: NDArray[np.int64]
    component: NDArray[np.int64]
    profile: NDArray[np.int64]
    events: Mapping[str, int]


def _name(statements: GrowthSql, scope: Scope, engine: Engine) -> _Named:
    """Give main ids to the components that may get another one; the others keep theirs."""
    first = namesakes(scope.graph, scope.found.component)
    ids = scope.named_ids()
    node = _integers(ids["node"])
    place = np.flatnonzero(np.isin(node, scope.node[first[scope.is_named[first]]]))
    earliest = firstborn(ids, place, node[place], _integers(ids["component"])[place])
    with engine.upload(schema.GRAPH, ids), engine.upload(schema.EARLIEST, earliest):
        for statement in statements.touched:
            engine.execute(statement)
        events = assign_main_ids(statements.main_ids, engine)
    names = engine.fetch(statements.names)
    of_names = np.searchsorted(scope.node, _integers(names["anchor"]))
    anchors = np.concatenate((of_names, np.flatnonzero(scope.is_deputy & ~scope.is_named)))
    return _Named(anchors, _integers(names["component"]), scope.profile(anchors)[of_names], events)


@contextmanager
def _lent(scope: Scope, named: _Named, read: Read, judged: Judged, engine: Engine) -> Iterator[None]:
    """Lend what the new version is written from."""
    profile, since = scope.profile(named.anchors), valid_since(scope.graph, scope.found, named.anchors)
    lost = scope.is_deputy & (profile != scope.node)
    relations = {
        schema.SOLVED: scope.solved(profile, since),
        version.LOST: pa.table(
            {
                PROFILE: to_arrow(scope.node[lost], pa.int64()),
                "profile": to_arrow(profile[lost], pa.int64()),
                "valid_at": to_arrow(since[lost], pa.timestamp("us"), null=UNKNOWN),
            }
        ),
        version.NUMBERED: pa.table(
            {"component": to_arrow(named.component, pa.int64()), "profile": to_arrow(named.profile, pa.int64())}
        ),
        schema.DAYS: tables.days(read),
        schema.LEFT_OUT: judged.left_out,
    }
    with ExitStack() as stack:
        for name, rows in relations.items():
            stack.enter_context(engine.upload(name, rows))
        yield


def _certified(
    step: IdStitcher, statements: GrowthSql, before: Certificate, scope: Scope, engine: Engine
) -> Certificate:
    """Check what was solved again, whole, and that the totals of the new version follow from those of the old one."""
    graph, deputies = scope.graph, int(np.count_nonzero(scope.is_deputy))
    dead = graph.is_live.size - int(np.count_nonzero(graph.is_live))
    was, named = (engine.fetch(query).to_pylist()[0] for query in (statements.was, statements.named))
    totals = engine.fetch(statements.totals).to_pylist()[0]
    keep_their_names = int(np.count_nonzero(scope.is_deputy & ~scope.is_named))
    solved = certify(
        graph.is_live.size, graph.left, graph.right, scope.found.component,
        joins=scope.found.joins, main_ids=named["main_ids"] + keep_their_names, refused=dead,
    )  # fmt: skip
    whole = Certificate(
        nodes=before.nodes - was["ids"] + solved.nodes - deputies,
        edges=before.edges - was["gone"] + was["came"],
        profiles=before.profiles - was["profiles"] - deputies + solved.profiles,
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
