"""An incremental run: re-solve the profiles that changed days affect, and add a version to the published graph.

Takes the rows of the changed days without excluded ids. Writes a new version of the graph and returns a `Built`.
Publishes nothing. The result is exact: it equals a full rebuild, with late and deleted rows. A day is skipped only if
its number of rows and its sum of row hashes are as before, or if ``incremental_timedelta`` excludes it.

The queries are the SQL files of this folder, in about this order:

- ``inserted_evidence``, ``deleted_evidence``: the changed evidence
- ``affected_ids``, ``current_membership``: the ids and profiles that it affects
- ``affected_members``, ``scope_edges``: the re-solve scope
- ``affected_main_ids``, ``affected_anchors``: the main ids that can change
- ``inserted_*``, ``deleted_*``: the rows of the new version

Their cost does not depend on the number of unchanged rows, except for scans of number columns, one scan of the id
texts, and one or two scans of the main id texts.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from sqlglot import exp

from onefold.errors import Finding, RunError
from onefold.identity import arrow_tables, schema
from onefold.identity.built_graph import Built
from onefold.identity.certificate import certify
from onefold.identity.columns import to_arrow, to_mask, to_numpy
from onefold.identity.components.connected_components import earliest_nodes, valid_since
from onefold.identity.incremental import edge_constraints
from onefold.identity.incremental.affected import Affected, Links, Measured, Membership, find_affected
from onefold.identity.incremental.changed_links import ChangedLinks, evidence_links
from onefold.identity.incremental.scope import Scope, names_change, scope_of
from onefold.identity.main_ids.assign import NAMED, MainIdsSoFar, assign_main_ids, counts_of
from onefold.identity.main_ids.initial import initial_main_ids
from onefold.identity.native.kernel import UNKNOWN
from onefold.identity.rules.constraint_queries import has_edge_constraints
from onefold.identity.sql_files import rows_of, sql
from onefold.sql.id_graph import (
    ANCHORS,
    DIGESTS,
    EVIDENCE,
    KEPT_FILES,
    KEPT_LISTS,
    MEMBERS,
    NAMES,
    PROFILE,
    QUARANTINED,
)
from onefold.state.records import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from onefold.identity.project_queries import ProjectQueries
    from onefold.identity.read.edges import Edges
    from onefold.identity.read.rows import EdgeRows
    from onefold.identity.read.text import Read
    from onefold.identity.rules.id_filters import FilteredIds
    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher

    Phase = Callable[[str], None]


def extend_graph(  # noqa: PLR0917
    step: IdStitcher,
    queries: ProjectQueries,
    rows: EdgeRows,
    before: Certificate,
    store: GraphStore,
    phase: Phase,
) -> Built:
    """Add a version to the published graph; ``changed_days`` has the days that were read.

    Args:
        step: The stitcher.
        queries: Its queries that depend on the project.
        rows: The rows of the edge sources on changed days.
        before: The certificate of the published version.
        store: Reads and writes the graph.
        phase: Called with a few words when a phase starts.

    Raises:
        EngineError: If a statement fails. The published version stays unchanged.
        RunError: If the new version fails its certificate. The published version stays unchanged.
    """
    read, filtered = rows.read, rows.filtered
    phase("finding affected profiles")
    local = _compare_evidence(rows, store)
    links = evidence_links(store)
    if has_edge_constraints(step):
        phase("applying edge constraints")
        with store.upload("numbered_ids", local.filter(to_mask(filtered.is_kept))):
            edge_constraints.decide_again(step, store)
        links = edge_constraints.counting_links()
    affected = _affected(links, store)
    phase("re-solving affected profiles")
    is_new = filtered.is_kept & np.isin(to_numpy(local["node"]), affected.node[~affected.is_profile])
    with store.upload("new_ids", local.filter(to_mask(is_new))):
        scope = _solve(links, affected, store)
    named = _name(scope, store)
    phase("writing the new version")
    with _uploaded(scope, named, read, filtered, store), store.upload("files_read", rows.files):
        _compare_graph(store)
        with store.transaction():
            _write(step, queries, store)
            certificate = _certified(step, links, before, scope, store)
    store.create_events(rows_of("events_of_run", schema.EVENT_COLUMNS))
    return Built(certificate, named.events, scope.profiles)


def _compare_evidence(rows: EdgeRows, store: GraphStore) -> pa.Table:
    """Find the inserted and deleted evidence; returns the ids that were read, with their numbers."""
    read, filtered, local = rows.read, rows.filtered, rows.nodes()
    numbers = _numbers(filtered, local, store)
    with store.upload("new_evidence", arrow_tables.evidence(_renumbered(filtered, numbers, read), read.groups)):
        store.temp_table(sql("incremental/inserted_evidence"))
        store.temp_table(sql("incremental/deleted_evidence"))
    return local.set_column(0, "node", to_arrow(numbers, pa.int64()))


def _numbers(filtered: FilteredIds, local: pa.Table, store: GraphStore) -> NDArray[np.int64]:
    """The number of each id in the graph: its number in earlier versions, or the next free one."""
    every = store.table(MEMBERS)
    with store.upload("ids_read", local.filter(to_mask(filtered.is_kept))):
        rows = store.fetch(sql("incremental/known_ids", every_member=every))
    most = store.fetch(sql("incremental/largest_node", every_member=every))["node"][0].as_py()
    numbers = np.full(filtered.is_kept.size, UNKNOWN, dtype=np.int64)
    numbers[_integers(rows["node"])] = _integers(rows["known"])
    is_new = filtered.is_kept & (numbers == UNKNOWN)
    numbers[is_new] = (-1 if most is None else most) + 1 + np.arange(int(np.count_nonzero(is_new)))
    numbers[~filtered.is_kept] = 0  # no evidence refers to them
    return numbers


def _renumbered(filtered: FilteredIds, numbers: NDArray[np.int64], read: Read) -> Edges:
    """The evidence with the graph's numbers. For two ids of one type, the smaller number is on the left."""
    edges, codes = filtered.evidence, read.ids.id_types()
    left, right = (numbers[end].astype(np.uint32) for end in (edges.left, edges.right))
    swap = (codes[edges.left] == codes[edges.right]) & (left > right)
    return replace(edges, left=np.where(swap, right, left), right=np.where(swap, left, right))


def _affected(links: ChangedLinks, store: GraphStore) -> Affected:
    """Find the components that inserted and deleted links affect."""
    store.temp_table(links.affected_ids, "affected_ids")
    rows = store.fetch(sql("incremental/current_membership"))
    membership = Membership(*(_integers(rows[name]) for name in (schema.NODE, PROFILE, "first_seen_at", "valid_at")))
    order = np.argsort(membership.node)
    membership = Membership(*(getattr(membership, f.name)[order] for f in fields(Membership)))
    inserted, deleted = (_links(store.fetch(query)) for query in (links.inserted, links.deleted))

    def measure(profiles: NDArray[np.int64]) -> Measured:
        with store.upload("merging", pa.table({PROFILE: to_arrow(profiles, pa.int64())})):
            found = store.fetch(sql("incremental/merging_profiles"))
        anchor_seen, joined = (_integers(found[name]) for name in ("anchor_seen_at", "joined_at"))
        joined = np.where(_integers(found["untimed"]) > 0, UNKNOWN, joined)
        return Measured(_integers(found[PROFILE]), _integers(found["ids"]), anchor_seen, joined)

    return find_affected(inserted, deleted, membership, measure)


def _links(rows: pa.Table) -> Links:
    return Links(*(_integers(rows[name]) for name in ("left_node", "right_node", "seen_at")))


def _integers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Integers or times; `UNKNOWN` for null."""
    kind = pa.timestamp("us") if pa.types.is_timestamp(column.type) else pa.int64()
    return to_numpy(column.cast(kind), null=UNKNOWN)


def _solve(links: ChangedLinks, affected: Affected, store: GraphStore) -> Scope:
    """Solve the affected components. Unchanged profiles are skipped."""
    store.temp_table(sql("incremental/restored_anchors"))
    restored = _integers(store.fetch(rows_of("restored_anchors", ["anchor_node"]))["anchor_node"])
    is_named = names_change(affected, restored)
    is_affected_profile = is_named & affected.is_profile
    whose = {
        PROFILE: to_arrow(affected.node[is_affected_profile], pa.int64()),
        "is_whole": to_mask(affected.is_whole[is_affected_profile]),
        "ids": to_arrow(affected.ids[is_affected_profile], pa.int64()),
    }
    with store.upload("affected_profiles", pa.table(whose)):
        for name in ("affected_members", "affected_main_ids", "resolving_anchors"):
            store.temp_table(sql(f"incremental/{name}"))
        ids = store.fetch(sql("incremental/scope_ids"))
        edges = _links(store.fetch(links.scope_edges))
        supernodes = store.fetch(sql("incremental/supernodes"))
    return scope_of(affected, is_named, ids, supernodes, edges)


@dataclass(frozen=True, eq=False)
class _Named:
    """The result of main id assignment.

    Attributes:
        anchors: The position of the anchor of each component.
        component: The provisional number of each named component.
        profile: The number of its profile.
        events: Number of main id events, by kind.
    """

    anchors: NDArray[np.int64]
    component: NDArray[np.int64]
    profile: NDArray[np.int64]
    events: Mapping[str, int]


def _name(scope: Scope, store: GraphStore) -> _Named:
    """Assign main ids to the components whose main id can change; the others keep theirs."""
    first = earliest_nodes(scope.graph, scope.found.component)
    ids = scope.named_ids()
    node = _integers(ids["node"])
    place = np.flatnonzero(np.isin(node, scope.node[first[scope.is_named[first]]]))
    earliest = initial_main_ids(ids, place, node[place], _integers(ids["component"])[place])
    store.temp_table(sql("incremental/affected_anchors"))
    before = MainIdsSoFar(
        rows_of("affected_anchors"),
        sql("incremental/members_now"),
        sql("incremental/published_main_ids"),
    )
    with store.upload("graph", ids), store.upload("earliest", earliest), store.scratch(NAMED, *_OF_RUN):
        assigned = assign_main_ids(store, before)
        for name, query in zip(_OF_RUN, (assigned.anchors, assigned.events), strict=True):
            store.temp_table(query, name)
        events = counts_of(store, rows_of("events_of_run"))
    names = store.fetch(rows_of(NAMED, ["component", "anchor"]))
    of_names = np.searchsorted(scope.node, _integers(names["anchor"]))
    anchors = np.concatenate((of_names, np.flatnonzero(scope.is_supernode & ~scope.is_named)))
    return _Named(anchors, _integers(names["component"]), scope.profile(anchors)[of_names], events)


_OF_RUN = ("anchors_of_run", "events_of_run")
"""Temporary tables of the anchors of the affected main ids after this run, and of the events of the run."""


@contextmanager
def _uploaded(scope: Scope, named: _Named, read: Read, filtered: FilteredIds, store: GraphStore) -> Iterator[None]:
    """Upload the relations from which the new version is written."""
    profile, since = scope.profile(named.anchors), valid_since(scope.graph, scope.found, named.anchors)
    lost = scope.is_supernode & (profile != scope.node)
    relations = {
        "solved": scope.solved(profile, since),
        "lost_profiles": pa.table(
            {
                PROFILE: to_arrow(scope.node[lost], pa.int64()),
                "profile": to_arrow(profile[lost], pa.int64()),
                "valid_at": to_arrow(since[lost], pa.timestamp("us"), null=UNKNOWN),
            }
        ),
        "profile_numbers": pa.table(
            {"component": to_arrow(named.component, pa.int64()), "profile": to_arrow(named.profile, pa.int64())}
        ),
        "days_read": arrow_tables.days(read),
        "excluded": filtered.excluded,
    }
    with ExitStack() as stack:
        for name, rows in relations.items():
            stack.enter_context(store.upload(name, rows))
        yield


def _compare_graph(store: GraphStore) -> None:
    """Create temporary tables of the rows that the new version inserts and deletes."""
    for name in (
        "inserted_members", "deleted_members", "inserted_names", "deleted_names", "inserted_anchors", "deleted_anchors",
    ):  # fmt: skip
        store.temp_table(sql(f"incremental/{name}"))


def _write(step: IdStitcher, queries: ProjectQueries, store: GraphStore) -> None:
    """Write the new version. Call it in a transaction."""
    for suffix, keys in (
        (EVIDENCE, schema.EVIDENCE_COLUMNS), (MEMBERS, [schema.NODE]), (NAMES, [PROFILE]), (ANCHORS, ["main_id"]),
    ):  # fmt: skip
        store.end(suffix, f"deleted_{suffix}", keys)
        store.insert(suffix, rows_of(f"inserted_{suffix}"))
    days = (schema.SOURCE, schema.DAY)
    store.end(DIGESTS, "changed_days", days)
    store.insert(DIGESTS, rows_of("days_read"))
    store.end(QUARANTINED, "changed_days", days, exp.column("id2").is_(exp.null()))
    store.insert(QUARANTINED, rows_of("excluded"))
    if has_edge_constraints(step):
        edge_constraints.write_decisions(step, store)
    store.replace(KEPT_FILES, rows_of("files_read"))
    if queries.has_lists:
        store.replace(KEPT_LISTS, rows_of("lists_now"))


def _certified(
    step: IdStitcher, links: ChangedLinks, before: Certificate, scope: Scope, store: GraphStore
) -> Certificate:
    """Verify the re-solved scope, and that the totals of the new version follow from those of the previous one."""
    graph, supernodes = scope.graph, int(np.count_nonzero(scope.is_supernode))
    excluded = graph.is_kept.size - int(np.count_nonzero(graph.is_kept))
    was = sql("incremental/scope_before", inserted_links=links.new_pairs, deleted_links=links.lost_pairs)
    after = {f"{name}_after": store.written(name) for name in (MEMBERS, NAMES, ANCHORS)}
    queries = (was, sql("named_count"), sql("incremental/totals", **after))
    was_there, named, totals = (store.fetch(query).to_pylist()[0] for query in queries)
    keep_their_names = int(np.count_nonzero(scope.is_supernode & ~scope.is_named))
    solved = certify(
        graph.is_kept.size, graph.left, graph.right, scope.found.component,
        joins=scope.found.joins, main_ids=named["main_ids"] + keep_their_names, excluded=excluded,
    )  # fmt: skip
    whole = Certificate(
        nodes=before.nodes - was_there["ids"] + solved.nodes - supernodes,
        edges=before.edges - was_there["deleted"] + was_there["inserted"],
        profiles=before.profiles - was_there["profiles"] - supernodes + solved.profiles,
        joins=before.joins - (was_there["ids"] - was_there["profiles"]) + solved.joins,
    )
    found_totals = (totals["ids"], totals["profiles"], totals["main_ids"], whole.nodes - whole.joins)
    if found_totals != (whole.nodes, whole.profiles, whole.profiles, whole.profiles):
        message = (
            f"the new version has {totals['ids']} ids in {totals['profiles']} profiles with {totals['main_ids']} main "
            f"ids; it should have {whole.nodes} ids in {whole.profiles} profiles"
        )
        hint = "nothing was published; rebuild the graph with `pb run --rebase_incremental`, and please report this bug"
        raise RunError(Finding("error", "certificate-broken", message, step.at, hint))
    return whole
