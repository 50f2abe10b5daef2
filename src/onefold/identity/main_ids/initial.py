"""The initial main id of a component, for components that inherit none.

Takes a table of ids, and the ids that were seen first in their component. Returns, for each component, the id with the
smallest generated id (format A1).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.identity.columns import to_arrow, to_numpy, to_texts
from onefold.identity.main_ids.generated_id import generated_id
from onefold.identity.native.kernel import choose_mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_MOST_THREADS = min(4, os.cpu_count() or 1)

_TEXTS_AT_A_TIME = 1 << 20
"""Generated ids per column of texts, whose offsets have 32 bits."""


def initial_main_ids(
    ids: pa.Table,
    place: NDArray[np.int64],
    node: NDArray[np.int64],
    component: NDArray[np.int64],
    *,
    compiled: bool | None = None,
) -> pa.Table:
    """The initial main id of each component: ``node, component, id, id_type, generated_id``.

    Args:
        ids: ``id`` and ``id_type``, texts or a dictionary of texts.
        place: The positions in ``ids`` of the ids that were seen first in their component, ascending.
        node: Per position, the number of the node.
        component: Per position, the number of its component.
        compiled: Whether numba runs it; None decides by the number of places.
    """
    if choose_mode(place.size, compiled).is_compiled:
        chosen, texts = _compiled(ids, place, component)
    else:
        chosen, texts = _interpreted(ids, place, component)
    named = _rows(ids.select(["id", "id_type"]), place[chosen])
    named = named.append_column("node", to_arrow(node[chosen], pa.int64()))
    named = named.append_column("component", to_arrow(component[chosen], pa.int64()))
    return named.append_column("generated_id", texts)


def _rows(table: pa.Table, place: NDArray[np.int64]) -> pa.Table:
    """The rows at ascending positions, taken chunk by chunk to avoid copying a large text column."""
    parts = [batch.take(to_arrow(rows, pa.int64())) for batch, rows in _by_chunk(table, place)]
    return pa.Table.from_batches(parts, table.schema)


def _by_chunk(table: pa.Table, place: NDArray[np.int64]) -> Iterator[tuple[pa.RecordBatch, NDArray[np.int64]]]:
    """Each chunk of a table with its rows at ascending positions."""
    start = 0
    for batch in table.to_batches():
        begin, end = np.searchsorted(place, (start, start + batch.num_rows))
        yield batch, place[begin:end] - start
        start += batch.num_rows


def _interpreted(
    ids: pa.Table, place: NDArray[np.int64], component: NDArray[np.int64]
) -> tuple[NDArray[np.int64], pa.Array]:
    """The chosen position for each component, ascending, and its generated id."""
    rows = ids.select(["id", "id_type"]).take(to_arrow(place, pa.int64()))
    pairs = zip(rows["id"].to_pylist(), rows["id_type"].to_pylist(), strict=True)
    best: dict[int, tuple[str, int]] = {}
    for at, (of, (value, id_type)) in enumerate(zip(component.tolist(), pairs, strict=True)):
        found = generated_id(value, id_type), at
        best[of] = min(best.get(of, found), found)
    named = sorted((at, name) for name, at in best.values())
    return np.array([at for at, _ in named], dtype=np.int64), to_texts(name for _, name in named)


def _compiled(
    ids: pa.Table, place: NDArray[np.int64], component: NDArray[np.int64]
) -> tuple[NDArray[np.int64], pa.ChunkedArray]:
    """The same for many ids, with numba."""
    from onefold.identity.native.sha1 import smallest  # noqa: PLC0415 - imports numba

    digest = _digests(ids, place)
    chosen = np.sort(smallest(component, digest))
    return chosen, _texts(digest[chosen])


def _digests(ids: pa.Table, place: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The digests of the generated ids, computed chunk by chunk to avoid copying texts."""
    from onefold.identity.native.sha1 import digests  # noqa: PLC0415 - imports numba

    def digests_of(chunk: tuple[pa.RecordBatch, NDArray[np.int64]]) -> NDArray[np.uint64]:
        batch, rows = chunk
        kind = batch.column(1) if pa.types.is_dictionary(batch.column(1).type) else batch.column(1).dictionary_encode()
        code = to_numpy(pa.chunked_array([kind.indices.cast(pa.int32())])).astype(np.uint16)[rows]
        return digests(batch.column(0), rows, code, kind.dictionary.to_pylist())

    with ThreadPoolExecutor(_MOST_THREADS) as threads:
        found = threads.map(digests_of, _by_chunk(ids.select(["id", "id_type"]), place))
        return np.concatenate([np.empty((0, 2), dtype=np.uint64), *found])


def _texts(digest: NDArray[np.uint64]) -> pa.ChunkedArray:
    """The generated ids as text columns."""
    from onefold.identity.native.sha1 import texts  # noqa: PLC0415 - imports numba

    chunks = []
    for start in range(0, len(digest), _TEXTS_AT_A_TIME):
        characters = texts(digest[start : start + _TEXTS_AT_A_TIME])
        offsets = np.arange(len(characters) + 1, dtype=np.int32) * np.int32(characters.shape[1])
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(characters)]
        chunks.append(pa.Array.from_buffers(pa.string(), len(characters), buffers))
    return pa.chunked_array(chunks, pa.string())
