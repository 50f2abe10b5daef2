"""A full rebuild: solve all ids, and write a new generation of the graph.

Takes all rows without excluded ids. Writes the graph to new tables and returns a `Built`. Main ids are inherited from
the published graph. Publishes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.errors import Finding, RunError
from onefold.identity import arrow_tables, schema
from onefold.identity.built_graph import Built, SourceIds
from onefold.identity.certificate import certify
from onefold.identity.columns import to_numpy
from onefold.identity.components.connected_components import Graph, earliest_nodes, graph_of, split, valid_since
from onefold.identity.main_ids.assign import NAMED, assign_main_ids, counts_of
from onefold.identity.main_ids.initial import initial_main_ids
from onefold.identity.read.edge_evidence import links
from onefold.identity.rules.edge_constraints import Constrained, apply_edge_constraints
from onefold.identity.rules.id_filter_queries import no_lists_query
from onefold.identity.sql_files import NamedQuery, rows_of, sql
from onefold.sql.id_graph import (
    ANCHORS,
    DIGESTS,
    DROPPED,
    EVIDENCE,
    KEPT_FILES,
    KEPT_LISTS,
    MEMBERS,
    NAMES,
    OVER_LIMIT,
    QUARANTINED,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from onefold.identity.components.union_find import Partition
    from onefold.identity.main_ids.inherited import InheritedMainIds
    from onefold.identity.project_queries import ProjectQueries
    from onefold.identity.read.rows import EdgeRows
    from onefold.identity.read.text import Read
    from onefold.identity.rules.id_filters import FilteredIds
    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher
    from onefold.state.records import Certificate

    Phase = Callable[[str], None]
    Nodes = Callable[[], pa.Table]


def build_graph(  # noqa: PLR0917
    step: IdStitcher,
    queries: ProjectQueries,
    rows: EdgeRows,
    inherited: InheritedMainIds,
    store: GraphStore,
    beside: Executor,
    phase: Phase,
) -> Built:
    """Solve all ids and write the graph.

    Args:
        step: The stitcher.
        queries: Its queries that depend on the project.
        rows: The rows that were read.
        inherited: The inherited main ids.
        store: Writes the graph.
        beside: Runs work that needs no database concurrently.
        phase: Called with a few words when a phase starts.

    Raises:
        EngineError: If a statement fails.
        RunError: If the graph fails its certificate.
    """
    read, nodes = rows.read, rows.nodes
    constrained = apply_edge_constraints(step, read, rows.included, rows.filtered, nodes, store)
    filtered = constrained.filtered
    phase("solving the graph and writing the evidence")
    # Compiled code uses one core, and the database uses all of them in bursts, so the two run well side by side.
    solving = beside.submit(_solve, filtered, nodes)
    counting = beside.submit(links, filtered.evidence, read.groups.source)
    _write_evidence(read, constrained, store)
    solved = solving.result()
    phase("assigning main ids")
    events, since = _name(inherited, nodes(), solved, beside, store)
    certificate = replace(_certified(step, solved, store), edges=counting.result())
    phase("writing the graph")
    store.create(NAMES, sql("profile_names"))
    with store.upload("solved", arrow_tables.solved(nodes(), solved.graph, solved.found.component, since)):
        written = store.create(MEMBERS, sql("solved_members"))
    _check_written(step, certificate, written, store)
    with store.upload("files_read", rows.files):
        store.create(KEPT_FILES, _rows(KEPT_FILES, "files_read"))
    no_lists = NamedQuery("no_lists", no_lists_query())
    store.create(KEPT_LISTS, _rows(KEPT_LISTS, "lists_now") if queries.has_lists else no_lists)
    return Built(certificate, events, certificate.profiles, _sources(step, read, filtered))


def _sources(step: IdStitcher, read: Read, filtered: FilteredIds) -> tuple[SourceIds, ...]:
    """The edge sources, and whether each has ids."""
    group = filtered.evidence.group
    has = np.bincount(read.groups.source[group[group >= 0]], minlength=len(step.sources)) > 0
    return tuple(SourceIds(s.source, bool(has[n])) for n, s in enumerate(step.sources))


@dataclass(frozen=True, eq=False)
class _Solved:
    """A solved graph.

    Attributes:
        graph: The graph.
        found: Its components.
        earliest: The initial main id of each component, from `initial_main_ids`.
    """

    graph: Graph
    found: Partition
    earliest: pa.Table


def _solve(filtered: FilteredIds, nodes: Nodes) -> _Solved:
    graph = graph_of(filtered.is_kept, filtered.evidence)
    found = split(graph)
    first = earliest_nodes(graph, found.component)
    return _Solved(graph, found, initial_main_ids(nodes(), first, first, found.component[first].astype(np.int64)))


def _write_evidence(read: Read, constrained: Constrained, store: GraphStore) -> None:
    for suffix, name, rows in (
        (EVIDENCE, "evidence_read", arrow_tables.evidence(constrained.kept, read.groups)),
        (DIGESTS, "days_read", arrow_tables.days(read)),
        (QUARANTINED, "excluded", constrained.filtered.excluded),
        (DROPPED, "dropped_read", constrained.dropped),
        (OVER_LIMIT, "over_limit_read", constrained.over_limit),
    ):
        with store.upload(name, rows):
            store.create(suffix, _rows(suffix, name))


def _rows(suffix: str, name: str) -> NamedQuery:
    """The rows of a relation with the columns of a table."""
    return rows_of(name, schema.TABLES[suffix])


def _name(
    inherited: InheritedMainIds, nodes: pa.Table, solved: _Solved, beside: Executor, store: GraphStore
) -> tuple[Mapping[str, int], NDArray[np.int64]]:
    """Assign a main id to each component; returns the number of events by kind, and ``valid_at`` of each id."""
    before = inherited.so_far()
    if before is None:  # no main ids are inherited: the earliest id names its component
        finding = beside.submit(valid_since, solved.graph, solved.found, to_numpy(solved.earliest["node"]))
        with store.upload("earliest", solved.earliest), store.scratch(NAMED):
            assigned = assign_main_ids(store, None)
            store.create(ANCHORS, assigned.anchors)
            events = counts_of(store, assigned.events)
        return events, finding.result()
    ids = arrow_tables.graph(nodes, solved.graph, solved.found.component)
    with store.upload("graph", ids), store.upload("earliest", solved.earliest), store.scratch(NAMED):
        assigned = assign_main_ids(store, before, reset=inherited.are_reset)
        store.create(ANCHORS, assigned.anchors)
        events = counts_of(store, store.create_events(assigned.events))
    anchors = to_numpy(store.fetch(rows_of(NAMED, ["anchor"]))["anchor"].cast(pa.int64()))
    return events, valid_since(solved.graph, solved.found, anchors)


def _certified(step: IdStitcher, solved: _Solved, store: GraphStore) -> Certificate:
    """Verify the components and their main ids."""
    named = store.fetch(sql("named_count")).to_pylist()[0]
    graph, found = solved.graph, solved.found
    live = int(np.count_nonzero(graph.is_kept))
    certificate = certify(
        graph.is_kept.size, graph.left, graph.right, found.component,
        joins=found.joins, main_ids=int(named["main_ids"]), excluded=graph.is_kept.size - live,
    )  # fmt: skip
    if certificate.profiles != named["profiles"]:
        message = f"{named['profiles']} profiles have a main id (expected {certificate.profiles})"
        raise RunError(Finding("error", "certificate-broken", message, step.at, _REPORT))
    return certificate


_REPORT = "nothing was published; please report this bug with the SQL of the run"


def _check_written(step: IdStitcher, certificate: Certificate, rows: int, store: GraphStore) -> None:
    """Verify the written graph."""
    written = store.fetch(sql("members_count", members_after=store.written(MEMBERS))).to_pylist()[0]
    if rows == written["ids"] == certificate.nodes and written["profiles"] == certificate.profiles:
        return
    message = (
        f"{written['ids']} ids in {written['profiles']} profiles were written "
        f"(expected {certificate.nodes} ids in {certificate.profiles} profiles)"
    )
    raise RunError(Finding("error", "certificate-broken", message, step.at, _REPORT))
