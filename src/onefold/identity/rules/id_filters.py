"""Exclude ids: by id filters, as placeholders, and by the table of id rules.

Takes the rows that were read, and a query that checks each distinct id once. Returns which nodes are kept, the evidence
between kept nodes, and the excluded ids with their number of rows. No row is dropped: the other ids of a row still
count (format A1).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.identity import schema
from onefold.identity.columns import to_arrow, to_mask, to_numpy, to_texts
from onefold.identity.native.kernel import UNKNOWN
from onefold.identity.read.text import MOST_IDS_OF_EDGES, NO_DAY
from onefold.identity.rules import id_filter_queries as id_filters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from onefold.identity.read.edges import Edges
    from onefold.identity.read.text import Read
    from onefold.identity.sql_files import NamedQuery
    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher

_KEPT = -1

EXCLUDED = pa.schema(
    [
        ("rule", pa.string()), ("id1", pa.string()), ("id1_type", pa.string()), ("id2", pa.string()),
        ("id2_type", pa.string()), (schema.SOURCE, pa.int16()), (schema.DAY, pa.date32()), ("row_count", pa.int64()),
        ("first_seen_at", pa.timestamp("us")), ("sample_key", pa.string()), ("found", pa.int64()),
        ("allowed", pa.int64()), ("reason", pa.string()),
    ]
)  # fmt: skip
"""Columns of the excluded ids, and of the pairs that edge constraints drop, by edge source and day."""


@dataclass(frozen=True, eq=False)
class FilteredIds:
    """The ids and evidence after id filters.

    Attributes:
        is_kept: Per node, whether it is kept.
        evidence: The evidence of kept nodes. If the other id of a row is excluded, its id is paired with itself.
        excluded: The excluded ids, with the columns of `EXCLUDED`.
        placeholders: Number of placeholder ids that were kept, by id type.
    """

    is_kept: NDArray[np.bool_]
    evidence: Edges
    excluded: pa.Table
    placeholders: Mapping[str, int]


def exclude_ids(
    step: IdStitcher, read: Read, query: NamedQuery, nodes: Callable[[], pa.Table], store: GraphStore
) -> FilteredIds:
    """Apply the exclusion rules to every id.

    Args:
        step: The stitcher.
        read: The rows that were read.
        query: Finds the excluded ids (`excluded_query`).
        nodes: Returns the dictionary as a table: ``node, id_type, id``.
        store: Runs the query.

    Raises:
        EngineError: If the query fails.
    """
    is_kept = np.ones(len(read.ids), dtype=np.bool_)
    with store.upload("nodes", nodes()):
        said = store.fetch(query)
    place = to_numpy(said["place"].cast(pa.int64()), null=_KEPT)
    node = to_numpy(said["node"].cast(pa.int64()))
    excluded_nodes = node[place != _KEPT]
    is_kept[excluded_nodes] = False
    placeholders = Counter(read.types[code] for code in read.ids.id_types()[node[place == _KEPT]].tolist())
    if not excluded_nodes.size:
        return FilteredIds(is_kept, read.evidence, pa.Table.from_batches([], EXCLUDED), placeholders)
    said = said.filter(to_mask(place != _KEPT))
    excluded = _excluded(step, read, said, nodes())
    return FilteredIds(is_kept, _of_kept(step, read, is_kept), excluded, placeholders)


def _of_kept(step: IdStitcher, read: Read, is_kept: NDArray[np.bool_]) -> Edges:
    edges = read.evidence
    is_left_kept, is_right_kept = is_kept[edges.left], is_kept[edges.right]
    kept = is_left_kept | is_right_kept
    # In sources with more ids, each id of a row already has a pair with itself.
    pairs_say_all = np.array([len(source.ids) <= MOST_IDS_OF_EDGES for source in step.sources], dtype=np.bool_)
    kept &= (is_left_kept & is_right_kept) | pairs_say_all[read.groups.source[edges.group]]
    left = np.where(is_left_kept, edges.left, edges.right)[kept]
    right = np.where(is_right_kept, edges.right, edges.left)[kept]
    keys = edges.sample_key.filter(to_mask(kept)) if edges.sample_key is not None else None
    columns = {name: getattr(edges, name)[kept] for name in ("group", "row_count", "first_seen", "last_seen")}
    return replace(edges, left=left, right=right, sample_key=keys, **columns)


def _excluded(step: IdStitcher, read: Read, said: pa.Table, nodes: pa.Table) -> pa.Table:
    """One row per excluded id and group of rows."""
    excluded_nodes = to_numpy(said["node"].cast(pa.int64()))
    order = np.argsort(excluded_nodes)
    found = _sightings(step, read, excluded_nodes[order])
    which = order[found.excluded_id]
    texts = nodes["id"].take(to_arrow(excluded_nodes[which], pa.int64()))
    rules = id_filters.exclusion_rules(step)
    places = to_numpy(said["place"].cast(pa.int64()))[which]
    reasons = said["reason"].take(to_arrow(which, pa.int64())).to_pylist()
    codes = read.ids.id_types()[excluded_nodes[which]]
    count = len(which)
    none_text, none_number = pa.nulls(count, pa.string()), pa.nulls(count, pa.int64())
    columns = [
        to_texts([rules[p].rule for p in places.tolist()]),
        pa.concat_arrays(texts.chunks).cast(pa.string()) if texts.num_chunks else to_texts([]),
        to_texts([read.types[code] for code in codes.tolist()]),
        none_text,
        none_text,
        to_arrow(read.groups.source[found.group], pa.int16()),
        to_arrow(read.groups.day[found.group], pa.date32(), null=NO_DAY),
        to_arrow(found.row_count, pa.int64()),
        to_arrow(found.first_seen, pa.timestamp("us"), null=UNKNOWN),
        found.sample_key,
        none_number,
        none_number,
        to_texts([rules[p].reason or r for p, r in zip(places.tolist(), reasons, strict=True)]),
    ]
    return pa.table(columns, schema=EXCLUDED)


@dataclass(frozen=True, eq=False)
class _Sightings:
    """The occurrences of excluded ids: one entry per excluded id and group."""

    excluded_id: NDArray[np.int64]
    group: NDArray[np.int32]
    row_count: NDArray[np.int64]
    first_seen: NDArray[np.int64]
    sample_key: pa.Array


def _sightings(step: IdStitcher, read: Read, excluded_nodes: NDArray[np.int64]) -> _Sightings:
    """Count the rows of each excluded id by group, with the key of the earliest row."""
    edges = read.evidence
    pairs_count = np.array([len(s.ids) <= MOST_IDS_OF_EDGES for s in step.sources], dtype=np.bool_)
    pairs_count = pairs_count[read.groups.source[edges.group]]
    entries = []
    alone = edges.left == edges.right
    for ends, counts in ((edges.left, pairs_count | alone), (edges.right, pairs_count & ~alone)):
        place = np.searchsorted(excluded_nodes, ends)
        is_excluded = (excluded_nodes[np.minimum(place, excluded_nodes.size - 1)] == ends) & counts
        entries.append((place[is_excluded], np.flatnonzero(is_excluded)))
    excluded_id, row = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    order = np.lexsort((_key_order(edges, row), edges.first_seen[row], edges.group[row], excluded_id))
    excluded_id, row = excluded_id[order], row[order]
    group = edges.group[row]
    if not row.size:
        return _Sightings(excluded_id, group, edges.row_count[row], edges.first_seen[row], to_texts([]))
    is_first = np.concatenate(([True], (excluded_id[1:] != excluded_id[:-1]) | (group[1:] != group[:-1])))
    starts = np.flatnonzero(is_first)
    row_count = np.add.reduceat(edges.row_count[row], starts)
    first = row[starts]
    keys = pa.nulls(first.size, pa.string())
    if edges.sample_key is not None:
        taken = edges.sample_key.take(to_arrow(first, pa.int64()))
        keys = pa.concat_arrays(taken.chunks).cast(pa.string())
    return _Sightings(excluded_id[starts], group[starts], row_count, edges.first_seen[first], keys)


def _key_order(edges: Edges, row: NDArray[np.int64]) -> NDArray[np.int64]:
    """A rank of each row's key, so that the choice among equally early rows does not depend on row order."""
    if edges.sample_key is None or not row.size:
        return np.zeros(row.size, dtype=np.int64)
    keys = edges.sample_key.take(to_arrow(row, pa.int64())).to_pylist()
    rank = {key: place for place, key in enumerate(sorted({k for k in keys if k is not None}))}
    return np.array([rank.get(key, UNKNOWN) for key in keys], dtype=np.int64)
