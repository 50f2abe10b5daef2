"""The compiled implementation of `Evidence`: an open-addressing table of pairs of nodes. Imports numba.

Takes rows as node numbers, groups, times and the addresses of keys. Returns the columns of `Edges`.

A record is four words: the pair (right node, left node), the group and its number of rows, the first and the last time.
So a row changes only one cache line. Keys are packed into an arena. The key of an earlier row overwrites the previous
one if it fits, and the arena is repacked when more than half of it is unused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numba import njit

from onefold.identity.columns import to_texts
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
from onefold.identity.native.kernel import BATCH_BYTES, BATCH_ROWS, NO_NODE, UNKNOWN, Mode
from onefold.identity.native.string_codec import (
    LOW,
    MOST_BYTES,
    PACKED_BYTES,
    U0,
    U1,
    U3,
    U7,
    U32,
    length_of,
    load8,
    load64,
    locate,
    pack,
    prefetch,
    text_column,
    unpack,
    words_of,
)
from onefold.identity.read.edges import Edges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_MOST_EDGES = (1 << 32) - 2
_SEED = np.uint64(0x9E3779B97F4A7C15)

_PAIR, _ROWS, _FIRST, _LAST = range(4)
"""Words of a record."""

_GROUP_SHIFT = np.int64(40)
"""The word of rows has the group above this bit: room for a trillion rows, and for eight million groups."""

MOST_GROUPS = 1 << 23
_ROW_BITS = np.int64((1 << 40) - 1)

_COUNT, _USED, _GIVEN_UP, _NEEDED = range(4)
"""The state of a table: records; words of the arena in use, given up, and that the next block may need."""

_AT, _KEY, _HASH, _SLOT, _GROUP = range(5)
"""What is known of each edge of a block: its row, pair, hash, the slot that the search has reached, and its group."""

_COMPILED = Mode(is_compiled=True)
_NONE = np.uint32(NO_NODE)
_UNKNOWN = np.int64(UNKNOWN)
_TOO_LONG = np.uint64(MOST_BYTES)
_TOO_MANY_WORDS = 1 << 48
_STATE = "uint64[::1], int64[:, ::1], uint64[::1], uint64[::1], uint64[::1], uint64[:, ::1]"
_ENDS, _GROUPS, _TIMES = (f'Array({kind}, 1, "C", readonly=True)' for kind in ("uint32", "int32", "int64"))
_ADD = (
    f"int64({_ENDS}, {_ENDS}, {_GROUPS}, {_TIMES}, int64, Tuple((uint64[::1], uint64[::1])), boolean, "
    f"Tuple(({_STATE}, uint64[::1])), int64, uint64)"
)
_REBUILD = "void(uint64[::1], int64[:, ::1], int64, uint64)"
_REPACK = "int64(uint64[::1], int64, uint64[::1], uint64[::1])"
_MEASURE = "int64(uint64[::1], uint64[::1], int64, int32[::1], uint8[::1], int64)"
_WRITE = "void(uint64[::1], uint64[::1], int64, int64, int32[::1], uint8[::1])"


class EdgeTable:
    """Distinct pairs of nodes and groups.

    Args:
        hash_mask: Bits of the hash to use; tests make pairs collide with it.
    """

    def __init__(self, *, hash_mask: int = ALL_BITS) -> None:
        self._keyed = False
        self._mask = np.uint64(hash_mask)
        self._slots = np.zeros(LEAST, dtype=np.uint64)
        self._records = np.zeros((LEAST, 4), dtype=np.int64)
        self._keys = np.zeros(0, dtype=np.uint64)
        self._arena = np.zeros(0, dtype=np.uint64)
        self._state = np.zeros(4, dtype=np.uint64)
        self._block = np.zeros((5, BLOCK), dtype=np.uint64)
        self._room = np.zeros(2 * PACKED_BYTES // 8, dtype=np.uint64)

    def __len__(self) -> int:
        return int(self._state[_COUNT])

    def add(
        self,
        left: NDArray[np.uint32],
        right: NDArray[np.uint32],
        group: NDArray[np.int32],
        seen_at: NDArray[np.int64],
        keys: pa.Array | None,
    ) -> None:
        """See ``Evidence.add``."""
        if group.size and int(group.max()) >= MOST_GROUPS:
            raise ValueError(f"more than {MOST_GROUPS} groups of rows")
        if keys is not None and not self._keyed:
            self._keyed = True
            self._keys = np.zeros(len(self._records), dtype=np.uint64)
            self._arena = np.zeros(LEAST, dtype=np.uint64)
        if keys is None and self._keyed:
            keys = pa.nulls(len(left), pa.string())
        column = text_column(to_texts([""]) if keys is None else keys)
        kernel = _COMPILED.load(_add, _ADD)
        row, rows = 0, len(left)
        while row < rows:
            self._make_room()
            table = (self._slots, self._records, self._keys, self._arena, self._state, self._block, self._room)
            texts, limit = (column.place, column.buffers), int(self._slots.size * FULL)
            row = kernel(left, right, group, seen_at, row, texts, self._keyed, table, limit, self._mask)
            del table  # numpy resizes only what nobody else holds

    def edges(self) -> Edges:
        """See ``Evidence.edges``. Lets go of what only finding takes."""
        self._slots = np.empty(0, dtype=np.uint64)
        records = self._records[: len(self)]
        ends = records.view(np.uint32)
        return Edges(
            left=ends[:, 2 * _PAIR].copy(),
            right=ends[:, 2 * _PAIR + 1].copy(),
            group=(records[:, _ROWS] >> _GROUP_SHIFT).astype(np.int32),
            row_count=records[:, _ROWS] & _ROW_BITS,
            first_seen=records[:, _FIRST].copy(),
            last_seen=records[:, _LAST].copy(),
            sample_key=pa.chunked_array(list(self._key_batches()), pa.string()) if self._keyed else None,
        )

    def _key_batches(self) -> Iterator[pa.Array]:
        at = 0
        while at < len(self):
            most = min(BATCH_ROWS, len(self) - at)
            offsets = np.zeros(most + 1, dtype=np.int32)
            known = np.zeros(most, dtype=np.uint8)
            count = _COMPILED.load(_measure, _MEASURE)(self._keys, self._arena, at, offsets, known, BATCH_BYTES)
            data = np.empty(int(offsets[count]), dtype=np.uint8)
            _COMPILED.load(_write, _WRITE)(self._keys, self._arena, at, count, offsets, data)
            bits = np.packbits(known[:count], bitorder="little")
            yield pa.Array.from_buffers(pa.string(), count, [pa.py_buffer(part) for part in (bits, offsets, data)])
            at += count

    def _make_room(self) -> None:
        """Room for the next block."""
        count = len(self)
        if count + BLOCK > _MOST_EDGES:
            raise ValueError(f"one source joins more than {_MOST_EDGES} pairs of ids")
        if count + BLOCK > len(self._records):
            # In place where the system can; by eighths, since numpy fills what is new with zeroes.
            self._records.resize((len(self._records) * 9 // 8, 4), refcheck=False)
            if self._keyed:
                self._keys.resize(len(self._records), refcheck=False)
        if count + BLOCK > self._slots.size * FULL:
            slots = next_size(self._slots.size)
            self._slots = np.empty(0, dtype=np.uint64)  # gone before the larger one comes
            self._slots = np.zeros(slots, dtype=np.uint64)
            _COMPILED.load(_rebuild, _REBUILD)(self._slots, self._records, count, self._mask)
        if self._keyed:
            self._make_room_for_keys(count)

    def _make_room_for_keys(self, count: int) -> None:
        used, given_up, needed = (int(self._state[at]) for at in (_USED, _GIVEN_UP, _NEEDED))
        if needed >= _TOO_MANY_WORDS:
            raise ValueError("a key is longer than 1 GiB")
        if used + needed <= self._arena.size:
            return
        if given_up > used // 2:
            packed = np.zeros(max(used - given_up + needed, LEAST), dtype=np.uint64)
            self._state[_USED] = _COMPILED.load(_repack, _REPACK)(self._keys, count, self._arena, packed)
            self._state[_GIVEN_UP] = 0
            self._arena = packed
            return
        self._arena.resize(max(used + needed, self._arena.size * 9 // 8), refcheck=False)


@njit
def _hash(pair: Any, group: Any, mask: Any) -> Any:
    return mixed(mixed(_SEED, pair), group) & mask


@njit
def _hash_of(records: Any, number: Any, mask: Any) -> Any:
    group = records[number, _ROWS] >> _GROUP_SHIFT
    return _hash(np.uint64(records[number, _PAIR]), np.uint64(group), mask)


@njit
def _prepare(  # noqa: PLR0917
    left: Any,
    right: Any,
    group: Any,
    row: Any,
    end: Any,
    place: Any,
    buffers: Any,
    keyed: Any,
    slots: Any,
    block: Any,
    mask: Any,
) -> Any:
    """Hash the edges of rows, and ask for their slots; how many there are, and words that their keys may take."""
    found = 0
    needed = np.int64(0)
    for i in range(row, end):
        a, b = left[i], right[i]
        if _NONE in (a, b):
            continue
        pair = (np.uint64(b) << U32) | np.uint64(a)
        hashed = _hash(pair, np.uint64(group[i]), mask)
        block[_GROUP, found] = np.uint64(group[i])
        slot = first_slot(hashed, slots)
        prefetch(address(slots, slot))
        block[_AT, found] = np.uint64(i)
        block[_KEY, found] = pair
        block[_HASH, found] = hashed
        block[_SLOT, found] = slot
        found += 1
        if keyed:
            _, size = locate(place, buffers, np.uint64(i))
            needed = needed + (_TOO_MANY_WORDS if size > _TOO_LONG else np.int64((size + U7) >> U3) + 1)
    return found, needed


@njit
def _look(slots: Any, records: Any, keys: Any, block: Any, found: Any) -> None:
    """Go on to the first slot that may be the pair's, or is empty, and ask for the record it points to, and its key."""
    for k in range(found):
        slot = candidate(block[_SLOT, k], slots, block[_HASH, k] & LOW)
        held = slots[slot]
        block[_SLOT, k] = slot
        if held != U0:
            prefetch(address(records, ((held & LOW) - U1) << np.uint64(2)))
            prefetch(address(keys, (held & LOW) - U1))


@njit
def _find(slots: Any, records: Any, state: Any, block: Any, k: Any) -> Any:
    """The record of an edge of the block, and whether it is new."""
    tag = block[_HASH, k] & LOW
    slot = block[_SLOT, k]
    pair = np.int64(block[_KEY, k])
    group = np.int64(block[_GROUP, k])
    while True:
        held = slots[slot]
        if held == U0:
            number = state[_COUNT]
            slots[slot] = (tag << U32) | (number + U1)
            state[_COUNT] = number + U1
            records[number, _PAIR] = pair
            records[number, _ROWS] = group << _GROUP_SHIFT
            return number, True
        number = (held & LOW) - U1
        same = held >> U32 == tag and records[number, _PAIR] == pair
        if same and records[number, _ROWS] >> _GROUP_SHIFT == group:
            return number, False
        slot = after(slot, slots)


@njit
def _settle(  # noqa: PLR0917
    seen_at: Any,
    place: Any,
    buffers: Any,
    keyed: Any,
    slots: Any,
    records: Any,
    keys: Any,
    arena: Any,
    state: Any,
    block: Any,
    room: Any,
    found: Any,
) -> None:
    """Add the rows of a block to the records of their pairs."""
    for k in range(found):
        at = block[_AT, k]
        time = seen_at[at]
        number, is_new = _find(slots, records, state, block, k)
        first = _UNKNOWN if is_new else records[number, _FIRST]
        last = _UNKNOWN if is_new else records[number, _LAST]
        if keyed:
            text, size = locate(place, buffers, at)
            if is_new:
                keys[number] = U0
            if time < first or (time == first and _comes_first(keys, arena, number, text, size, room)):
                _replace(keys, arena, state, number, text, size, room)
        records[number, _ROWS] += 1
        records[number, _FIRST] = min(time, first)
        if time != _UNKNOWN:
            records[number, _LAST] = time if last == _UNKNOWN else max(time, last)
        else:
            records[number, _LAST] = last


@njit
def _replace(  # noqa: PLR0917
    keys: Any, arena: Any, state: Any, number: Any, text: Any, size: Any, room: Any
) -> None:
    """Keep another key for a pair: where the old one lies if it fits there, else at the end of the arena."""
    held = keys[number]
    old_words = U0
    if held != U0:
        old_words = words_of(arena[held - U1]) + U1
    if text == U0:
        keys[number] = U0
        state[_GIVEN_UP] += old_words
        return
    meta, payload, last = size, text, U0
    if size != U0:
        meta, payload, last = pack(text, size, np.uint64(room.ctypes.data))
    words = words_of(meta) + U1
    at = held - U1
    if words > old_words:
        state[_GIVEN_UP] += old_words
        at = state[_USED]
        state[_USED] = at + words
        keys[number] = at + U1
    else:
        state[_GIVEN_UP] += old_words - words
    arena[at] = meta
    for i in range(U1, words):
        arena[at + i] = last if i + U1 == words else load64(payload + ((i - U1) << U3))


@njit
def _comes_first(keys: Any, arena: Any, number: Any, text: Any, size: Any, room: Any) -> Any:  # noqa: PLR0917
    """Whether a key stands before the one held for a pair, by bytes; null after all."""
    if text == U0 or keys[number] == U0:
        return text != U0
    at = keys[number] - U1
    meta = arena[at]
    other = address(arena, at + U1)
    if meta != length_of(meta):  # packed, so its text is no longer than the room
        unpack(meta, other, np.uint64(room.ctypes.data))
        other = np.uint64(room.ctypes.data)
    other_size = length_of(meta)
    for i in range(min(size, other_size)):
        mine, others = load8(text + i), load8(other + i)
        if mine != others:
            return mine < others
    return size < other_size


def _add(  # noqa: PLR0917  # numba passes by position
    left: Any, right: Any, group: Any, seen_at: Any, row: Any, texts: Any, keyed: Any, table: Any, limit: Any, mask: Any
) -> Any:
    """Gather rows from ``row`` on until all are done, or something lacks room; the first row not done."""
    place, buffers = texts
    slots, records, keys, arena, state, block, room = table
    limit = min(limit, len(records))
    while row < len(left):
        end = min(row + BLOCK, len(left))
        found, needed = _prepare(left, right, group, row, end, place, buffers, keyed, slots, block, mask)
        state[_NEEDED] = np.uint64(needed)
        lacks_words = keyed and state[_USED] + np.uint64(needed) > np.uint64(len(arena))
        if lacks_words or state[_COUNT] + np.uint64(found) > np.uint64(limit):
            return row
        _look(slots, records, keys, block, found)
        _settle(seen_at, place, buffers, keyed, slots, records, keys, arena, state, block, room, found)
        row = end
    return row


def _rebuild(slots: Any, records: Any, count: Any, mask: Any) -> None:
    """Fill an empty table with the records."""
    ahead = min(count, BLOCK)
    for number in range(count + ahead):
        if number < count:
            prefetch(address(slots, first_slot(_hash_of(records, number, mask), slots)))
        if number < ahead:
            continue
        done = number - ahead
        hashed = _hash_of(records, done, mask)
        fill(hashed, np.uint64(done), first_slot(hashed, slots), slots)


def _repack(keys: Any, count: Any, arena: Any, packed: Any) -> Any:
    """Copy the keys that are still held into another arena; words used of it."""
    used = U0
    for number in range(count):
        held = keys[number]
        if held == U0:
            continue
        at = held - U1
        keys[number] = used + U1
        for i in range(U0, words_of(arena[at]) + U1):
            packed[used] = arena[at + i]
            used += U1
    return np.int64(used)


def _measure(  # noqa: PLR0917
    keys: Any, arena: Any, at: Any, offsets: Any, known: Any, most_bytes: Any
) -> Any:
    """Where each of the next keys will begin: at most ``most_bytes`` of them together, but one at least."""
    count, size = 0, np.int64(0)
    while count < len(known):
        held = keys[at + count]
        if held != U0:
            size = size + np.int64(length_of(arena[held - U1]))
        if count and size > most_bytes:
            break
        known[count] = held != U0
        count += 1
        offsets[count] = size
    return count


def _write(keys: Any, arena: Any, at: Any, count: Any, offsets: Any, data: Any) -> None:  # noqa: PLR0917
    """Unpack keys to where they begin."""
    text = np.uint64(data.ctypes.data)
    for i in range(count):
        held = keys[at + i]
        if held != U0:
            unpack(arena[held - U1], address(arena, held), text + np.uint64(offsets[i]))
