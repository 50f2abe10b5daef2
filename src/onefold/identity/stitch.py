"""Build the id graph of one entity, from its sources to the certificate.

Takes the stitcher's step, its queries, the inherited main ids and a store. Writes the tables and views of the graph,
and returns a `Stitched`. Publishes nothing, and changes nothing that is published.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from onefold.identity.built_graph import HowBuilt, Stitched
from onefold.identity.full import build_graph
from onefold.identity.incremental.changed_days import Changes, changed_days
from onefold.identity.incremental.run import extend_graph
from onefold.identity.read.file_states import unchanged_files
from onefold.identity.read.rows import read_rows
from onefold.identity.sql_files import rows_of
from onefold.identity.store import Snapshot
from onefold.identity.views import show_graph
from onefold.sql.id_graph import KEPT_FILES, KEPT_LISTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.identity.main_ids.inherited import InheritedMainIds, PublishedGraph
    from onefold.identity.project_queries import ProjectQueries
    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher

    Phase = Callable[[str], None]

MOST_CHANGED = 0.3
"""Share of rows on changed days above which the graph is rebuilt from all rows."""

_THREADS = 3
"""Threads for concurrent work: listing the ids, solving, counting links."""


def stitch(  # noqa: PLR0917
    step: IdStitcher,
    queries: ProjectQueries,
    inherited: InheritedMainIds,
    store: GraphStore,
    forget: Callable[[Snapshot], None],
    phase: Phase,
) -> Stitched:
    """Build the id graph: extend the published one if possible, else rebuild it from all rows.

    Args:
        step: The stitcher.
        queries: Its queries that depend on the project.
        inherited: The inherited main ids.
        store: Reads and writes the graph.
        forget: Removes the registered materials of unpublished versions (`GraphStore.discard_uncommitted`).
        phase: Called with a few words when a phase starts.

    Raises:
        EngineError: If a statement fails.
        RunError: If the graph fails its certificate.
    """
    with store, ThreadPoolExecutor(_THREADS) as beside, ExitStack() as uploads:
        published = _published(inherited, store, forget)
        for query in queries.lists:
            store.temp_table(query)
        changes = changed_days(step, queries, published.end, store, phase) if published is not None else None
        if published is None or changes is None or changes.share > MOST_CHANGED:
            store.new_generation()
            rows = read_rows(step, queries, None, store, beside, phase)
            built = build_graph(step, queries, rows, inherited, store, beside, phase)
            days = rows.read.groups.source.size
            how = HowBuilt("full", days, days, built.profiles)
        elif not changes.found:
            return _unchanged(step, queries, published, changes, store)
        else:
            uploads.enter_context(store.upload("changed_days", changes.table()))
            rows = read_rows(step, queries, changes, store, beside, phase)
            built = extend_graph(step, queries, rows, published.certificate, store, phase)
            how = HowBuilt("incremental", len(changes.found), changes.all, built.profiles, changes.since)
        snapshot = Snapshot(store.home, store.version)
        show_graph(step, snapshot, queries.model_hash, store)
        return Stitched(snapshot, built.certificate, built.events, how, built.sources, rows.filtered.placeholders)


def _published(
    inherited: InheritedMainIds, store: GraphStore, forget: Callable[[Snapshot], None]
) -> PublishedGraph | None:
    """The published graph, if the run can extend it. Discards unpublished versions from its tables."""
    if not store.can_extend():
        return None
    store.discard_uncommitted(forget)
    return inherited.published


def _unchanged(
    step: IdStitcher, queries: ProjectQueries, published: PublishedGraph, changes: Changes, store: GraphStore
) -> Stitched:
    """Keep the published graph, because no row changed. Only updates the file states and the lists."""
    files = unchanged_files(changes.files, [source.files for source in queries.sources], store)
    with store.upload("files_read", files), store.transaction():
        store.replace_published(KEPT_FILES, rows_of("files_read"))
        if queries.has_lists:
            store.replace_published(KEPT_LISTS, rows_of("lists_now"))
    store.create_events(None)
    show_graph(step, published.snapshot, queries.model_hash, store)
    how = HowBuilt("unchanged", 0, changes.all, 0, changes.since)
    return Stitched(published.snapshot, published.certificate, {}, how)
