"""The compiled implementation of `Dictionary`: an open-addressing table over an arena of packed texts. Imports numba.

Takes columns of texts by their addresses. Returns node numbers, and the texts.

A *record* of the arena is one word (meta of the packed text, node) and the payload; slots hold positions of records.
Records are in order of first appearance. So the table can be rebuilt from the arena alone, without a second table, and
a walk over the arena returns the texts in node order.

Each step processes a block of rows before the next step starts, and prefetches the memory of the next step: the
processor waits for many cache misses at once instead of one after another.
"""

from __future__ import annotations

from concurrent.futures import wait
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numba import njit

from onefold.identity.native.hash_table import (
    ALL_BITS,
    BLOCK,
    FULL,
    LEAST,
    address,
    after,
    candidate,
    fill,
    first_slot,
    mixed,
    next_size,
)
from onefold.identity.native.kernel import BATCH_BYTES, BATCH_ROWS, NO_NODE, Mode
from onefold.identity.native.string_codec import (
    LOW,
    MOST_BYTES,
    PACKED_BYTES,
    U0,
    U1,
    U3,
    U8,
    U32,
    length_of,
    load64,
    locate,
    pack,
    prefetch,
    store64,
    text_column,
    unpack,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray


_MOST_WORDS = 1 << 32
"""Words that 32 bits of a slot can point into: 32 GB of packed ids of one type."""

_SEED = np.uint64(0x9E3779B97F4A7C15)

_USED, _COUNT, _NODE, _NEEDED = range(4)
"""The state of a table: words of the arena in use, records, the next node, words that the next block needs."""

_AT, _META, _PAYLOAD, _LAST, _HASH, _SLOT = range(6)
"""What is known of each id of a block: its row, its packed text, its hash, and the slot that the search has reached."""

_COMPILED = Mode(is_compiled=True)
_NO_NODE = np.uint32(NO_NODE)
_TOO_LONG = np.uint64(MOST_BYTES)
_TOO_MANY_WORDS = np.uint64(_MOST_WORDS)
_TAKES = "uint64[::1], uint64[::1], int64, uint32[::1], uint64[::1], uint64[::1], uint64[::1]"
_ENCODE = f"int64({_TAKES}, uint64[:, ::1], uint64[:, ::1], int64, uint64)"
_REBUILD = "void(uint64[::1], uint64[::1], int64, uint64[:, ::1], uint64)"
_RENUMBER = "void(uint64[::1], int64, int64, int64)"
_MEASURE = "UniTuple(int64, 2)(uint64[::1], int64, int32[::1], int64)"
_WRITE = "void(uint64[::1], int64, int64, int32[::1], uint8[::1])"


class IdTable:
    """Distinct texts of all id types, each type in a table of its own.

    Args:
        hash_mask: Bits of the hash to use; tests make ids collide with it.
    """

    def __init__(self, hash_mask: int = ALL_BITS) -> None:
        self.count = 0
        self._mask = np.uint64(hash_mask)
        self._types: dict[int, _Texts] = {}

    def encode(self, id_type: int, texts: pa.Array) -> NDArray[np.uint32]:
        """See ``Dictionary.encode``."""
        table = self._of(id_type)
        nodes = table.encode(texts, self.count)
        self.count = int(table.state[_NODE])
        return nodes

    def encode_types(
        self, texts: Mapping[int, Sequence[pa.Array]], threads: Executor
    ) -> Iterator[tuple[int, list[NDArray[np.uint32]], int]]:
        """Per id type the nodes of its columns, and how many are new; types are encoded at the same time.

        Each type takes its numbers from where the types before it would end if all their rows were new ids. What is
        left open that way is closed afterwards.
        """
        jobs, first = [], self.count
        for id_type, columns in texts.items():
            table = self._of(id_type)
            used = int(table.state[_USED])
            jobs.append((id_type, table, used, first, threads.submit(table.encode_all, columns, first)))
            first += sum(map(len, columns))
        wait(job for *_, job in jobs)
        for id_type, table, used, first, job in jobs:
            nodes, gap = job.result(), first - self.count
            if gap:
                table.renumber(used, gap)
                for numbers in nodes:
                    is_new = (numbers >= first) & (numbers != _NO_NODE)
                    np.subtract(numbers, np.uint32(gap), out=numbers, where=is_new)
            before, self.count = self.count, int(table.state[_NODE])
            yield id_type, nodes, self.count - before

    def texts(self, runs: list[tuple[int, int]]) -> Iterator[tuple[int, pa.Array]]:
        """See ``Dictionary.batches``."""
        at = dict.fromkeys(self._types, 0)
        for id_type, count in runs:
            left = count
            while left:
                texts, at[id_type] = self._types[id_type].read(at[id_type], min(left, BATCH_ROWS))
                left -= len(texts)
                yield id_type, texts

    def seal(self) -> None:
        """See ``Dictionary.seal``."""
        for table in self._types.values():
            table.slots = np.empty(0, dtype=np.uint64)

    def _of(self, id_type: int) -> _Texts:
        table = self._types.get(id_type)
        if table is None:
            table = self._types[id_type] = _Texts(self._mask)
        return table

    @property
    def nbytes(self) -> int:
        """Memory of tables and arenas."""
        return sum(table.slots.nbytes + table.arena.nbytes for table in self._types.values())


class _Texts:
    """Distinct texts of one id type."""

    def __init__(self, mask: np.uint64) -> None:
        self.slots = np.zeros(LEAST, dtype=np.uint64)
        self.arena = np.zeros(LEAST, dtype=np.uint64)
        self.state = np.zeros(4, dtype=np.uint64)
        self._mask = mask
        self._block = np.zeros((6, BLOCK), dtype=np.uint64)
        self._packed = np.zeros((BLOCK, PACKED_BYTES // 8), dtype=np.uint64)

    def encode(self, texts: pa.Array, first_node: int) -> NDArray[np.uint32]:
        """Number the rows of a column; new texts from ``first_node`` on."""
        column, rows = text_column(texts), len(texts)
        nodes = np.empty(rows, dtype=np.uint32)
        self.state[_NODE] = first_node
        kernel = _COMPILED.load(_encode, _ENCODE)
        row = 0
        while row < rows:
            self._make_room()
            where = (column.place, column.buffers, row, nodes)
            table = (self.slots, self.arena, self.state, self._block, self._packed)
            row = kernel(*where, *table, self._limit(), self._mask)
        return nodes

    def encode_all(self, columns: Sequence[pa.Array], first_node: int) -> list[NDArray[np.uint32]]:
        """`encode` for one column after the other."""
        self.state[_NODE] = first_node
        return [self.encode(texts, int(self.state[_NODE])) for texts in columns]

    def renumber(self, at: int, less: int) -> None:
        """Take ``less`` off the nodes of all records from word ``at`` on."""
        _COMPILED.load(_renumber, _RENUMBER)(self.arena, at, int(self.state[_USED]), less)
        self.state[_NODE] -= np.uint64(less)

    def read(self, at: int, most: int) -> tuple[pa.Array, int]:
        """The texts of at most ``most`` records from word ``at`` on, and where the record after them begins."""
        offsets = np.zeros(most + 1, dtype=np.int32)
        count, end = _COMPILED.load(_measure, _MEASURE)(self.arena, at, offsets, BATCH_BYTES)
        data = np.empty(int(offsets[count]), dtype=np.uint8)
        _COMPILED.load(_write, _WRITE)(self.arena, at, count, offsets, data)
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
        return pa.Array.from_buffers(pa.string(), count, buffers), end

    def _limit(self) -> int:
        return int(self.slots.size * FULL)

    def _make_room(self) -> None:
        """Room for the next block."""
        needed = int(self.state[_USED] + self.state[_NEEDED])
        if needed >= _MOST_WORDS:
            raise ValueError("an id is longer than 1 GiB, or the ids of one type take more than 32 GB")
        if needed > self.arena.size:
            # In place where the system can; by eighths, since numpy fills what is new with zeroes.
            self.arena.resize(max(needed, self.arena.size * 9 // 8), refcheck=False)
        if int(self.state[_COUNT]) + BLOCK > self._limit():
            slots = next_size(self.slots.size)
            self.slots = np.empty(0, dtype=np.uint64)  # gone before the larger one comes
            self.slots = np.zeros(slots, dtype=np.uint64)
            rebuild = _COMPILED.load(_rebuild, _REBUILD)
            rebuild(self.slots, self.arena, int(self.state[_COUNT]), self._block, self._mask)


@njit
def _hash(meta: Any, payload: Any, words: Any, last: Any) -> Any:
    hashed = _SEED ^ meta
    for i in range(words - U1):
        hashed = mixed(hashed, load64(payload + (np.uint64(i) << U3)))
    return mixed(hashed, last)


@njit
def _is_same(record: Any, meta: Any, payload: Any, last: Any) -> Any:
    """Whether a record holds a packed text."""
    if load64(record) >> U32 != meta:
        return False
    before_last = (words_of(meta) - U1) << U3
    for at in range(U0, before_last, U8):
        if load64(record + U8 + at) != load64(payload + at):
            return False
    return load64(record + U8 + before_last) == last


@njit
def _prepare(  # noqa: PLR0917
    place: Any, buffers: Any, row: Any, end: Any, nodes: Any, slots: Any, block: Any, packed: Any, mask: Any
) -> Any:
    """Pack and hash the ids of rows, and ask for their slots; how many there are, and words if all of them are new."""
    found = 0
    needed = U0
    for i in range(row, end):
        text, size = locate(place, buffers, np.uint64(i))
        if size == U0:
            nodes[i] = _NO_NODE
            continue
        if size > _TOO_LONG:
            return found, _TOO_MANY_WORDS
        meta, payload, last = pack(text, size, np.uint64(packed[found].ctypes.data))
        words = words_of(meta)
        hashed = _hash(meta, payload, words, last) & mask
        slot = first_slot(hashed, slots)
        prefetch(address(slots, slot))
        block[_AT, found] = np.uint64(i)
        block[_META, found] = meta
        block[_PAYLOAD, found] = payload
        block[_LAST, found] = last
        block[_HASH, found] = hashed
        block[_SLOT, found] = slot
        needed += U1 + words
        found += 1
    return found, needed


@njit
def _look(slots: Any, arena: Any, block: Any, found: Any) -> None:
    """Go on to the first slot that may be the id's, or is empty, and ask for the record it points to."""
    for k in range(found):
        slot = candidate(block[_SLOT, k], slots, block[_HASH, k] & LOW)
        held = slots[slot]
        block[_SLOT, k] = slot
        if held != U0:
            prefetch(address(arena, (held & LOW) - U1))


@njit
def _settle(  # noqa: PLR0917
    nodes: Any, slots: Any, arena: Any, state: Any, block: Any, found: Any
) -> None:
    """Compare, and keep what is new; an id of this block may have filled a slot that was empty a moment ago."""
    for k in range(found):
        meta, payload, last = block[_META, k], block[_PAYLOAD, k], block[_LAST, k]
        tag = block[_HASH, k] & LOW
        slot = block[_SLOT, k]
        while True:
            held = slots[slot]
            if held == U0:
                slots[slot] = (tag << U32) | (state[_USED] + U1)
                nodes[block[_AT, k]] = state[_NODE]
                _keep(arena, state, meta, payload, last)
                break
            if held >> U32 == tag:
                record = address(arena, (held & LOW) - U1)
                if _is_same(record, meta, payload, last):
                    nodes[block[_AT, k]] = load64(record) & LOW
                    break
            slot = after(slot, slots)


@njit
def _keep(arena: Any, state: Any, meta: Any, payload: Any, last: Any) -> None:
    record = address(arena, state[_USED])
    words = words_of(meta)
    store64(record, (meta << U32) | state[_NODE])
    before_last = (words - U1) << U3
    for at in range(U0, before_last, U8):
        store64(record + U8 + at, load64(payload + at))
    store64(record + U8 + before_last, last)
    state[_USED] += U1 + words
    state[_NODE] += U1
    state[_COUNT] += U1


def _encode(  # noqa: PLR0917  # numba passes by position
    place: Any,
    buffers: Any,
    row: Any,
    nodes: Any,
    slots: Any,
    arena: Any,
    state: Any,
    block: Any,
    packed: Any,
    limit: Any,
    mask: Any,
) -> Any:
    """Number rows from ``row`` on until all are done, or the table or the arena lacks room; the first row not done."""
    while row < len(nodes):
        end = min(row + BLOCK, len(nodes))
        found, needed = _prepare(place, buffers, row, end, nodes, slots, block, packed, mask)
        state[_NEEDED] = needed
        if state[_USED] + needed > np.uint64(len(arena)) or state[_COUNT] + np.uint64(found) > np.uint64(limit):
            return row
        _look(slots, arena, block, found)
        _settle(nodes, slots, arena, state, block, found)
        row = end
    return row


def _rebuild(slots: Any, arena: Any, count: Any, block: Any, mask: Any) -> None:
    """Fill an empty table with the records of an arena."""
    at = U0
    while count:
        found = min(count, BLOCK)
        for k in range(found):
            meta = arena[at] >> U32
            words = words_of(meta)
            hashed = _hash(meta, address(arena, at + U1), words, arena[at + words]) & mask
            slot = first_slot(hashed, slots)
            prefetch(address(slots, slot))
            block[_HASH, k] = hashed
            block[_AT, k] = at
            block[_SLOT, k] = slot
            at += U1 + words
        for k in range(found):
            fill(block[_HASH, k], block[_AT, k], block[_SLOT, k], slots)
        count -= found


def _renumber(arena: Any, at: Any, end: Any, less: Any) -> None:
    """Take something off the nodes of records."""
    while at < end:
        words = words_of(arena[at] >> U32)
        arena[at] -= np.uint64(less)
        at = at + np.int64(U1 + words)


def _measure(arena: Any, at: Any, offsets: Any, most_bytes: Any) -> Any:
    """Where each text of the next records will begin: at most ``most_bytes`` of them together, but one at least."""
    count, size = 0, np.int64(0)
    while count + 1 < len(offsets):
        meta = arena[at] >> U32
        size = size + np.int64(length_of(meta))
        if count and size > most_bytes:
            break
        count += 1
        offsets[count] = size
        at = at + np.int64(U1 + words_of(meta))
    return count, at


def _write(arena: Any, at: Any, count: Any, offsets: Any, data: Any) -> None:
    """Unpack the texts of records to where they begin."""
    text = np.uint64(data.ctypes.data)
    for i in range(count):
        meta = arena[at] >> U32
        unpack(meta, address(arena, np.uint64(at + 1)), text + np.uint64(offsets[i]))
        at = at + np.int64(U1 + words_of(meta))
