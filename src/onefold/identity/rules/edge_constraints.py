"""Apply edge constraints: ``maximum_edges`` and the table of id rules.

Takes the evidence of kept ids, and the queries of ``identity.rules.constraint_queries``. Returns the evidence without
dropped edges and with the edges that rules add, the excluded edges, and the decisions that an incremental run needs to
apply the constraints to a part of the graph.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.identity import schema
from onefold.identity.columns import to_arrow, to_mask, to_numpy
from onefold.identity.native.kernel import UNKNOWN
from onefold.identity.rules import constraint_queries as queries
from onefold.identity.rules.id_filters import EXCLUDED
from onefold.identity.sql_files import NamedQuery, rows_of, sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from onefold.identity.read.edges import Edges
    from onefold.identity.read.text import Read
    from onefold.identity.rules.id_filters import FilteredIds
    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher

OF_RULES = -1
"""The group of an edge that only a rule adds."""


_PAIR = pa.schema([("left_node", pa.int64()), ("right_node", pa.int64())])
_OVER_LIMIT = pa.schema([("limit_number", pa.int32()), ("node", pa.int64()), ("neighbours", pa.int64())])


@dataclass(frozen=True, eq=False)
class Constrained:
    """The decisions of edge constraints.

    Attributes:
        filtered: The remaining ids and edges.
        kept: The evidence as it was read, with the pairs and ids that rules add.
        dropped: The dropped pairs, with the smaller number first: ``left_node, right_node``.
        over_limit: The ids over a limit: ``limit_number, node, neighbours``.
    """

    filtered: FilteredIds
    kept: Edges
    dropped: pa.Table
    over_limit: pa.Table


def apply_edge_constraints(  # noqa: PLR0917
    step: IdStitcher,
    read: Read,
    included: NDArray[np.uint32],
    filtered: FilteredIds,
    nodes: Callable[[], pa.Table],
    store: GraphStore,
) -> Constrained:
    """Apply ``maximum_edges`` and the table of id rules.

    Args:
        step: The stitcher.
        read: The rows that were read.
        included: The nodes that rules include.
        filtered: The ids and evidence after id filters.
        nodes: Returns the dictionary as a table.
        store: Runs the queries.

    Raises:
        EngineError: If a query fails.
    """
    if not queries.has_edge_constraints(step):
        none = (pa.Table.from_batches([], schema) for schema in (_PAIR, _OVER_LIMIT))
        return Constrained(filtered, filtered.evidence, *none)
    kept = nodes() if filtered.is_kept.all() else nodes().filter(to_mask(filtered.is_kept))
    over_limit, added = pa.Table.from_batches([], _OVER_LIMIT), _NONE
    with store.upload("nodes", kept), store.upload("found", _found(read, filtered.evidence)):
        store.temp_table(sql("rules/found_edges"))
        if step.limits:
            store.temp_table(NamedQuery("over_limit_now", queries.over_limit_query(step)))
            store.temp_table(NamedQuery("cut", queries.cut_query(step)))
            over_limit = store.fetch(rows_of("over_limit_now")).cast(_OVER_LIMIT)
        gone = store.fetch(NamedQuery("dropped_edges", queries.dropped_query(step)))
        if step.id_rules is not None:
            added = _pairs(store.fetch(sql("rules/included_edges")))
        excluded = store.fetch(NamedQuery("excluded_edges", queries.quarantine_query(step))).cast(EXCLUDED)
    types = read.ids.id_types()
    edges = _with(_without(filtered.evidence, _pairs(gone)), added, types)
    alone = _as_one(included.astype(np.uint64), included.astype(np.uint64))
    return Constrained(
        replace(filtered, evidence=edges, excluded=pa.concat_tables([filtered.excluded, excluded])),
        _with(filtered.evidence, np.concatenate((added, alone)), types),
        gone.cast(_PAIR),
        over_limit,
    )


_NONE = np.empty(0, dtype=np.uint64)


def _found(read: Read, edges: Edges) -> pa.Table:
    """The evidence of pairs of different ids."""
    joins = np.flatnonzero(edges.left != edges.right)
    keys = edges.sample_key.take(to_arrow(joins, pa.int64())) if edges.sample_key is not None else None
    return pa.table(
        {
            "left_node": to_arrow(edges.left[joins], pa.uint32()),
            "right_node": to_arrow(edges.right[joins], pa.uint32()),
            schema.SOURCE: to_arrow(read.groups.source[edges.group[joins]], pa.int16()),
            "row_count": to_arrow(edges.row_count[joins], pa.int64()),
            "seen_at": to_arrow(edges.first_seen[joins], pa.timestamp("us"), null=UNKNOWN),
            "sample_key": keys if keys is not None else pa.nulls(joins.size, pa.string()),
        }
    )


def _pairs(rows: pa.Table) -> NDArray[np.uint64]:
    """Pairs of nodes, each packed into one number."""
    low, high = (to_numpy(rows[name].cast(pa.uint64())) for name in ("left_node", "right_node"))
    return _as_one(low.astype(np.uint64), high.astype(np.uint64))


def _as_one(low: NDArray[np.uint64], high: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (low << np.uint64(32)) | high


def _without(edges: Edges, dropped: NDArray[np.uint64]) -> Edges:
    """The evidence without dropped pairs. Their ids stay, as ids seen alone (format B6.5)."""
    if not dropped.size:
        return edges
    low = np.minimum(edges.left, edges.right).astype(np.uint64)
    high = np.maximum(edges.left, edges.right).astype(np.uint64)
    goes = np.isin(_as_one(low, high), dropped) & (edges.left != edges.right)
    alone = replace(_taken(edges, goes), right=edges.left[goes])
    other = replace(_taken(edges, goes), left=edges.right[goes])
    return _joined(_taken(edges, ~goes), alone, other)


def _with(edges: Edges, added: NDArray[np.uint64], id_types: NDArray[np.uint16]) -> Edges:
    """The evidence with the pairs that rules add; the first id type is on the left."""
    if not added.size:
        return edges
    low = (added >> np.uint64(32)).astype(np.uint32)
    high = (added & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    swap = id_types[low] > id_types[high]
    unknown = np.full(added.size, UNKNOWN, dtype=np.int64)
    keys = pa.chunked_array([pa.nulls(added.size, pa.string())]) if edges.sample_key is not None else None
    rules = replace(
        edges,
        left=np.where(swap, high, low),
        right=np.where(swap, low, high),
        group=np.full(added.size, OF_RULES, dtype=np.int32),
        row_count=np.zeros(added.size, dtype=np.int64),
        first_seen=unknown,
        last_seen=unknown,
        sample_key=keys,
    )
    return _joined(edges, rules)


def _taken(edges: Edges, mask: NDArray[np.bool_]) -> Edges:
    keys = edges.sample_key.filter(to_mask(mask)) if edges.sample_key is not None else None
    columns = {name: getattr(edges, name)[mask] for name in _COLUMNS}
    return replace(edges, sample_key=keys, **columns)


def _joined(*parts: Edges) -> Edges:
    keys = [part.sample_key for part in parts if part.sample_key is not None]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    chunks = [chunk for column in keys for chunk in column.chunks]
    return replace(parts[0], sample_key=pa.chunked_array(chunks, pa.string()) if keys else None, **columns)


_COLUMNS = ("left", "right", "group", "row_count", "first_seen", "last_seen")
