"""Read the edge sources of a run, and exclude ids. Full rebuilds and incremental runs both use it.

Takes the stitcher's queries and, for an incremental run, the changed days. Returns an `EdgeRows`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onefold.identity import arrow_tables
from onefold.identity.columns import to_mask
from onefold.identity.read.file_states import file_states, unchanged_files
from onefold.identity.read.text import Read, read_sources, types_of
from onefold.identity.rules.id_filters import FilteredIds, exclude_ids
from onefold.identity.sql_files import NamedQuery, sql

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    import pyarrow as pa
    from numpy.typing import NDArray

    from onefold.identity.incremental.changed_days import Changes
    from onefold.identity.project_queries import ProjectQueries
    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher

    Phase = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class EdgeRows:
    """The rows of a run.

    Attributes:
        read: The rows.
        included: The nodes that rules include, in a full rebuild.
        nodes: Returns the dictionary of ids as a table.
        filtered: The ids and evidence after id filters.
        files: The states of the files that were read.
    """

    read: Read
    included: NDArray[np.uint32]
    nodes: Callable[[], pa.Table]
    filtered: FilteredIds
    files: pa.Table


def read_rows(  # noqa: PLR0917
    step: IdStitcher,
    queries: ProjectQueries,
    changes: Changes | None,
    store: GraphStore,
    beside: Executor,
    phase: Phase,
) -> EdgeRows:
    """Read the rows and exclude ids.

    Args:
        step: The stitcher.
        queries: Its queries that depend on the project.
        changes: The changed days, which the relation ``changed_days`` holds; None to read all rows.
        store: Runs the queries.
        beside: Runs work that needs no database concurrently.
        phase: Called with a few words when a phase starts.

    Raises:
        EngineError: If a query fails.
    """
    sources = [source.files for source in queries.sources]
    files = file_states(sources, store) if changes is None else changes.files
    if changes is None:
        read, included = _all_rows(step, queries, store, phase)
    else:
        rows = [changes.rows(source) for source in queries.sources]
        read, included = read_sources(step, rows, store, phase, types_of(step)), _NONE
    kept_files = unchanged_files(files, sources, store)
    nodes = beside.submit(arrow_tables.nodes, read).result
    phase("excluding ids")
    return EdgeRows(read, included, nodes, exclude_ids(step, read, queries.excluded, nodes, store), kept_files)


_NONE = np.empty(0, dtype=np.uint32)


def _all_rows(
    step: IdStitcher, queries: ProjectQueries, store: GraphStore, phase: Phase
) -> tuple[Read, NDArray[np.uint32]]:
    """All rows of the edge sources, and the nodes that rules include."""
    types, rows = types_of(step), [NamedQuery(f"rows_of_source_{s.number + 1}", s.rows) for s in queries.sources]
    if step.id_rules is None:
        return read_sources(step, rows, store, phase, types), _NONE
    wanted = store.fetch(sql("rules/included_ids"))
    names = wanted["id_type"].to_pylist()
    read = read_sources(step, rows, store, phase, tuple(dict.fromkeys((*types, *names))))
    nodes = [_NONE]
    for name in dict.fromkeys(names):
        of_type = wanted["id"].filter(to_mask(np.array([n == name for n in names], dtype=np.bool_)))
        nodes.append(read.ids.encode(read.types.index(name), of_type))
    return read, np.concatenate(nodes)
