"""Arrow tables of a graph in memory, for the engine to read. Takes arrays; copies no texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.identity import schema
from onefold.identity.columns import to_arrow, to_mask, to_texts
from onefold.identity.native.kernel import UNKNOWN
from onefold.identity.read.text import NO_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.components.connected_components import Graph
    from onefold.identity.read.edges import Edges
    from onefold.identity.read.text import Groups, Read

_MICROSECONDS = pa.timestamp("us")


def nodes(read: Read) -> pa.Table:
    """The dictionary of ids with type names, ordered by node: ``node, id_type, id``."""
    table = read.ids.table()
    names = to_texts(read.types)
    typed = [pa.DictionaryArray.from_arrays(chunk.cast(pa.int32()), names) for chunk in table["id_type"].chunks]
    kind = pa.dictionary(pa.int32(), pa.string())
    return table.set_column(1, "id_type", pa.chunked_array(typed, kind))


def graph(of: pa.Table, found: Graph, component: NDArray[np.uint32]) -> pa.Table:
    """The kept ids: ``node, id_type, id, component, first_seen_at``."""
    table = of.append_column("component", to_arrow(component, pa.uint32()))
    table = table.append_column("first_seen_at", to_arrow(found.first_seen, _MICROSECONDS, null=UNKNOWN))
    return table if found.is_kept.all() else table.filter(to_mask(found.is_kept))


def with_times(
    ids: pa.Table, component: NDArray[np.int64], first_seen: NDArray[np.int64], since: NDArray[np.int64] | None = None
) -> pa.Table:
    """Ids with the numbers of their profiles: in the form of `graph`, or of `solved` if ``since`` is given."""
    table = ids.append_column("component", to_arrow(component, pa.int64()))
    table = table.append_column("first_seen_at", to_arrow(first_seen, _MICROSECONDS, null=UNKNOWN))
    if since is None:
        return table
    return table.append_column("valid_at", to_arrow(since, _MICROSECONDS, null=UNKNOWN))


def solved(of: pa.Table, found: Graph, component: NDArray[np.uint32], since: NDArray[np.int64]) -> pa.Table:
    """The kept ids with all times: ``node, id_type, id, component, first_seen_at, valid_at``."""
    valid_at = to_arrow(since[found.is_kept], _MICROSECONDS, null=UNKNOWN)
    return graph(of, found, component).append_column("valid_at", valid_at)


def evidence(edges: Edges, groups: Groups) -> pa.Table:
    """The evidence, with one row per pair of nodes, edge source and day."""
    is_read = edges.group >= 0
    group = np.where(is_read, edges.group, 0)
    none = groups.source.size == 0
    source = np.where(is_read, 0 if none else groups.source[group], schema.ID_RULES_SOURCE).astype(np.int16)
    day = np.where(is_read, NO_DAY if none else groups.day[group], NO_DAY).astype(np.int32)
    columns = {
        schema.LEFT: to_arrow(edges.left, pa.uint32()),
        schema.RIGHT: to_arrow(edges.right, pa.uint32()),
        schema.SOURCE: to_arrow(source, pa.int16()),
        schema.DAY: to_arrow(day, pa.date32(), null=NO_DAY),
        "row_count": to_arrow(edges.row_count, pa.int64()),
        "first_seen_at": to_arrow(edges.first_seen, _MICROSECONDS, null=UNKNOWN),
        "last_seen_at": to_arrow(edges.last_seen, _MICROSECONDS, null=UNKNOWN),
        "sample_key": edges.sample_key if edges.sample_key is not None else pa.nulls(edges.left.size, pa.string()),
    }
    return pa.table(columns)


def days(read: Read) -> pa.Table:
    """The row count and digest of each edge source and day."""
    columns = {
        schema.SOURCE: to_arrow(read.groups.source, pa.int16()),
        schema.DAY: to_arrow(read.groups.day, pa.date32(), null=NO_DAY),
        "row_count": to_arrow(read.row_counts, pa.int64()),
        "digest": to_arrow(read.digests, pa.int64()),
    }
    return pa.table(columns)
