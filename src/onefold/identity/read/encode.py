"""Number the distinct ids of a stream of columns: the dictionary between texts and graph nodes.

Takes Arrow columns of id texts in batches, each with the code of its id type. Returns a node number for every row of a
batch, and at the end the id type and text of every node, in batches. A node is a distinct (id type, text) pair. Nodes
are numbered densely from 0, in order of first appearance. Ids are compared by their bytes, so two ids never share a
node.

Small amounts use a Python dict. From `COMPILED_FROM` ids on, the ids move with their numbers into the compiled
dictionary (`id_table`), without a visible difference.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.identity.columns import to_arrow, to_texts
from onefold.identity.native.kernel import BATCH_BYTES, BATCH_ROWS, MOST_NODES, NO_NODE, choose_mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from onefold.identity.native.id_table import IdTable

MOST_ID_TYPES = 1 << 16

_MOST_UTF8 = 4
"""Maximum bytes of one character."""

_NO_NODES: dict[str | None, int] = {None: NO_NODE, "": NO_NODE}

SCHEMA = pa.schema([("node", pa.uint32()), ("id_type", pa.uint16()), ("id", pa.string())])
"""Columns of the finished dictionary, in node order."""


class Dictionary:
    """Distinct (id type, text) pairs and their node numbers.

    Args:
        compiled: Whether to use numba; None starts in the interpreter, and switches to numba when the size pays for it.

    >>> ids = Dictionary()
    >>> ids.encode(0, pa.array(["ann", None, "bob", "ann", ""])).tolist()
    [0, 4294967295, 1, 0, 4294967295]
    >>> ids.encode(1, pa.array(["ann"])).tolist()
    [2]
    >>> ids.table().to_pydict()
    {'node': [0, 1, 2], 'id_type': [0, 0, 1], 'id': ['ann', 'bob', 'ann']}
    """

    def __init__(self, *, compiled: bool | None = None) -> None:
        self._compiled = compiled
        self._seen = 0
        self._runs: list[tuple[int, int]] = []
        self._is_sealed = False
        self._ids: _Plain | IdTable = _compiled_ids() if compiled else _Plain()

    def __len__(self) -> int:
        """Number of nodes."""
        return self._ids.count

    def encode(self, id_type: int, texts: pa.Array | pa.ChunkedArray) -> NDArray[np.uint32]:
        """Number the ids of one column; new ids get the next numbers.

        Args:
            id_type: Code of the ids' type, 0 to 65535.
            texts: A column of ``string``, ``large_string`` or ``string_view``, sliced or not.

        Returns:
            Per row, the node; `NO_NODE` for null and for the empty text.

        Raises:
            TypeError: If the column has no texts.
            ValueError: If the code is out of range, an id is longer than 1 GiB, there are more ids than 32 bits can
                number, or the dictionary is sealed.
        """
        if not 0 <= id_type < MOST_ID_TYPES:
            raise ValueError(f"id type {id_type} is not one of 0..{MOST_ID_TYPES - 1}")
        if self._is_sealed:
            raise ValueError("the dictionary is sealed")
        parts = [self._encode(id_type, chunk) for chunk in text_chunks(texts)]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.uint32)

    def encode_together(self, columns: Sequence[tuple[int, pa.Array]], threads: Executor) -> list[NDArray[np.uint32]]:
        """Number the ids of several columns: like `encode` for each, but grouped by id type.

        Args:
            columns: Code of the ids' type and texts of each column.
            threads: Runs the lookups of different id types concurrently, once they are compiled.

        Raises:
            TypeError: As `encode`.
            ValueError: As `encode`.
        """
        rows = sum(len(texts) for _, texts in columns)
        if isinstance(self._ids, _Plain) or self._is_sealed or self._ids.count + rows > MOST_NODES:
            return [self.encode(id_type, texts) for id_type, texts in columns]
        places: dict[int, list[int]] = {}
        for place, (id_type, _) in enumerate(columns):
            places.setdefault(id_type, []).append(place)
        texts = {id_type: [text_chunks(columns[n][1])[0] for n in of] for id_type, of in places.items()}
        nodes = [np.empty(0, dtype=np.uint32)] * len(columns)
        for id_type, found, added in self._ids.encode_types(texts, threads):
            self._note(id_type, added)
            for place, numbers in zip(places[id_type], found, strict=True):
                nodes[place] = numbers
        return nodes

    def seal(self) -> None:
        """Accept no more ids, and free the memory for lookups, which is about a third of all."""
        self._is_sealed = True
        self._ids.seal()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The finished dictionary by `SCHEMA`, in node order, a bounded number of rows and bytes at a time."""
        node = 0
        for id_type, texts in self._ids.texts(self._runs):
            count = len(texts)
            numbers = to_arrow(np.arange(node, node + count, dtype=np.uint32), pa.uint32())
            codes = to_arrow(np.full(count, id_type, dtype=np.uint16), pa.uint16())
            yield pa.record_batch([numbers, codes, texts], schema=SCHEMA)
            node += count

    def reader(self) -> pa.RecordBatchReader:
        """`batches` as a stream that a database reads at its own pace, so that the texts are never in memory twice."""
        return pa.RecordBatchReader.from_batches(SCHEMA, self.batches())

    def table(self) -> pa.Table:
        """`batches` as a table."""
        return pa.Table.from_batches(self.batches(), SCHEMA)

    def id_types(self) -> NDArray[np.uint16]:
        """Per node, the code of its id type."""
        codes, counts = zip(*self._runs, strict=True) if self._runs else ((), ())
        return np.repeat(np.array(codes, dtype=np.uint16), np.array(counts, dtype=np.int64))

    def _encode(self, id_type: int, texts: pa.Array) -> NDArray[np.uint32]:
        self._seen += len(texts)
        if isinstance(self._ids, _Plain) and choose_mode(self._seen, self._compiled).is_compiled:
            self._ids = _moved(self._ids, self._runs)
        before = self._ids.count
        nodes = self._ids.encode(id_type, texts)
        self._note(id_type, self._ids.count - before)
        return nodes

    def _note(self, id_type: int, added: int) -> None:
        """Keep which type the newest nodes are of, as runs of one type."""
        if not added:
            return
        if self._ids.count > MOST_NODES:
            raise ValueError(f"more than {MOST_NODES} ids cannot be numbered in 32 bits")
        if self._runs and self._runs[-1][0] == id_type:
            added += self._runs.pop()[1]
        self._runs.append((id_type, added))


class _Plain:
    """A Python dict for each id type."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._nodes: dict[int, dict[str | None, int]] = {}

    @property
    def count(self) -> int:
        return sum(len(nodes) - len(_NO_NODES) for nodes in self._nodes.values())

    def encode(self, id_type: int, texts: pa.Array) -> NDArray[np.uint32]:
        nodes = self._nodes.get(id_type)
        if nodes is None:
            nodes = self._nodes[id_type] = defaultdict(self._numbers.__next__, _NO_NODES)
        return np.fromiter(map(nodes.__getitem__, texts.to_pylist()), np.uint32, len(texts))

    def texts(self, runs: list[tuple[int, int]]) -> Iterator[tuple[int, pa.Array]]:
        unread = {id_type: itertools.islice(nodes, len(_NO_NODES), None) for id_type, nodes in self._nodes.items()}
        for id_type, count in runs:
            left = count
            while left:
                part = list(itertools.islice(unread[id_type], min(BATCH_ROWS, left)))
                left -= len(part)
                for texts in text_batches(part):
                    yield id_type, texts

    def seal(self) -> None:
        """Nothing here is for finding only."""


def _moved(plain: _Plain, runs: list[tuple[int, int]]) -> IdTable:
    """The compiled dictionary with the ids of ``plain``, each under the number it has."""
    moved = _compiled_ids()
    for id_type, texts in plain.texts(runs):
        moved.encode(id_type, texts)
    return moved


def _compiled_ids() -> IdTable:
    from onefold.identity.native.id_table import IdTable  # noqa: PLC0415  # brings numba, which takes long to import

    return IdTable()


def text_chunks(column: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    """A column of texts as arrays.

    Raises:
        TypeError: It is none of texts.
    """
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    kind = column.type
    if pa.types.is_null(kind):
        return [chunk.cast(pa.string()) for chunk in chunks]
    if kind not in {pa.string(), pa.large_string(), pa.string_view()}:
        raise TypeError(f"ids and keys are texts, not {kind}")
    return chunks


def text_batches(texts: list[str | None]) -> Iterator[pa.Array]:
    """Texts as columns, none of many more than `BATCH_BYTES` unless a single text is."""
    if len(texts) > 1 and _MOST_UTF8 * sum(len(text) for text in texts if text) > BATCH_BYTES:
        half = len(texts) // 2
        yield from text_batches(texts[:half])
        yield from text_batches(texts[half:])
    else:
        yield to_texts(texts)
