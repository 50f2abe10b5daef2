"""Generated ids of many ids at once, by SHA-1 of many short texts (``main_ids.generated_id``). Imports numba.

Takes a column of texts, some of its rows, and the id type of each. Returns the 128 bits of each generated id as two
numbers that sort like its digits, and the digits.

SHA-1 (FIPS 180-4) is a chain of dependent steps. So `LANES` texts are hashed side by side, to fill the vectors of the
processor. Every lane runs the blocks of the longest text of its group, and finished lanes keep their result. Long texts
are hashed alone, because they would delay all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from onefold.identity.main_ids.generated_id import DIGITS, PREFIX, SALT, generated_id
from onefold.identity.native.kernel import Mode
from onefold.identity.native.string_codec import (
    U0,
    U3,
    U7,
    U8,
    U16,
    U32,
    load8,
    load64,
    locate,
    spread,
    store64,
    text_column,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

LANES = 32
"""Texts that are hashed side by side: two registers of the widest vectors there are."""

MOST_BYTES = 1 << 12
"""Longest text that goes beside others."""

_WORDS, _ROUNDS, _STATE = 16, 80, 5
"""Words of a block, steps of a block, words of the state; a word has four bytes, the first one highest."""

_PADDING = 9
"""Bytes after a text at least: a one bit, and its length."""

_START = np.array([0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0], dtype=np.uint32)
_K0, _K1, _K2, _K3 = (np.uint32(k) for k in (0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6))
_SALT = np.frombuffer(SALT.encode(), dtype=">u4").astype(np.uint32)
_SALTED = len(SALT)
_DIGIT_WORDS = DIGITS // 4

_U32 = np.uint32
_MOST = np.uint64(MOST_BYTES)
_MARK = np.uint64(0x80)
_COMPILED = Mode(is_compiled=True)
_DIGESTS = (
    "int64(uint64[::1], uint64[::1], int64[::1], uint16[::1], uint32[:, ::1], int64[::1], int64, uint64[:, ::1], "
    "int64[::1])"
)
_SMALLEST = "void(int64[::1], uint64[:, ::1], int64[::1])"
_TEXTS = "void(uint64[:, ::1], uint8[::1], uint8[:, ::1], int64)"


def digests(
    column: pa.Array, rows: NDArray[np.int64], code: NDArray[np.uint16], types: Sequence[str]
) -> NDArray[np.uint64]:
    """The 128 bits of the generated id of each text.

    Args:
        column: Texts, none of those in ``rows`` null.
        rows: Which of them.
        code: Per row the place of its id type in ``types``.
        types: Names of the id types.

    Returns:
        Two numbers for each row, which sort as the generated ids do.
    """
    names, blocks = _padded([name.encode() for name in types])
    room = max(_blocks(MOST_BYTES + _SALTED) * _WORDS, names.shape[1])
    out, long = np.empty((rows.size, 2), dtype=np.uint64), np.empty(rows.size, dtype=np.int64)
    texts_of = text_column(column)
    kernel = _COMPILED.load(_digests, _DIGESTS)
    count = kernel(texts_of.place, texts_of.buffers, rows, code, names, blocks, room, out, long)
    for at in long[:count].tolist():
        digits = generated_id(column[int(rows[at])].as_py(), types[int(code[at])])[len(PREFIX) :]
        out[at] = int(digits[: DIGITS // 2], 16), int(digits[DIGITS // 2 :], 16)
    return out


def _blocks(length: int) -> int:
    return -(-(length + _PADDING) // (4 * _WORDS))


def _padded(names: list[bytes]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """What follows the digits of the inner hash, by id type: words of whole messages, and how many blocks each has."""
    blocks = [_blocks(DIGITS + len(name)) for name in names]
    words = np.zeros((len(names), max(blocks, default=1) * _WORDS), dtype=np.uint32)
    for row, (name, count) in enumerate(zip(names, blocks, strict=True)):
        length = DIGITS + len(name)
        message = bytes(DIGITS) + name + b"\x80"
        message = message.ljust(4 * _WORDS * count - 8, b"\0") + (8 * length).to_bytes(8, "big")
        words[row, : count * _WORDS] = np.frombuffer(message, dtype=">u4")
    return words, np.array(blocks, dtype=np.int64)


def texts(digest: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Generated ids as bytes of text, a row for each row of `digests`."""
    prefix = np.frombuffer(PREFIX.encode(), dtype=np.uint8).copy()
    out = np.empty((len(digest), len(prefix) + DIGITS), dtype=np.uint8)
    _COMPILED.load(_texts, _TEXTS)(digest, prefix, out, out.ctypes.data)
    return out


def smallest(group: NDArray[np.int64], digest: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Of each group the row of `digests` that sorts first, in the order of groups.

    Args:
        group: Per row the number of its group; the array that is needed meanwhile has a place for each number.
        digest: The rows.
    """
    best = np.full(int(group.max(initial=-1)) + 1, -1, dtype=np.int64)
    _COMPILED.load(_smallest, _SMALLEST)(np.array(group), digest, best)
    return best[best >= 0]


# --- compiled ---


@njit(nogil=True)
def _rotated(word: np.uint32, bits: int) -> np.uint32:
    return _U32(_U32(word << _U32(bits)) | _U32(word >> _U32(32 - bits)))


@njit(nogil=True)
def _swapped(word: Any) -> Any:
    """The eight bytes of a word the other way round."""
    word = ((word >> np.uint64(8)) & np.uint64(0x00FF00FF00FF00FF)) | (
        (word & np.uint64(0x00FF00FF00FF00FF)) << np.uint64(8)
    )
    word = ((word >> np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)) | (
        (word & np.uint64(0x0000FFFF0000FFFF)) << np.uint64(16)
    )
    return (word >> U32) | (word << U32)


@njit(nogil=True)
def _spelt(word: np.uint32) -> Any:
    """The eight hexadecimal digits of a word, as they lie in memory."""
    return spread(_swapped(np.uint64(word)) >> U32)


@njit(nogil=True)
def _advanced(v: NDArray[np.uint32], lane: int, mixed: np.uint32, added: np.uint32) -> None:
    """One step of one lane."""
    a, b = v[lane], v[LANES + lane]
    new = _U32(_rotated(a, 5) + mixed + v[4 * LANES + lane] + added)
    v[4 * LANES + lane], v[3 * LANES + lane] = v[3 * LANES + lane], v[2 * LANES + lane]
    v[2 * LANES + lane], v[LANES + lane], v[lane] = _rotated(b, 30), a, new


@njit(nogil=True)
def _scheduled(w: NDArray[np.uint32]) -> None:
    """The words of all steps, of the first 16."""
    for t in range(_WORDS, _ROUNDS):
        for lane in range(LANES):
            word = w[(t - 3) * LANES + lane] ^ w[(t - 8) * LANES + lane]
            word ^= w[(t - 14) * LANES + lane] ^ w[(t - 16) * LANES + lane]
            w[t * LANES + lane] = _rotated(_U32(word), 1)


@njit(nogil=True)
def _compressed(w: NDArray[np.uint32], state: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """What the steps of one block, whose words stand in ``w``, make of ``state``: five words, each of all lanes."""
    # An array of its own: vectors are used only where the compiler knows that it is none of the others.
    v = state.copy()
    for t in range(20):
        for lane in range(LANES):
            b, c, d = v[LANES + lane], v[2 * LANES + lane], v[3 * LANES + lane]
            _advanced(v, lane, d ^ (b & (c ^ d)), _U32(_K0 + w[t * LANES + lane]))
    for t in range(20, 40):
        for lane in range(LANES):
            b, c, d = v[LANES + lane], v[2 * LANES + lane], v[3 * LANES + lane]
            _advanced(v, lane, b ^ c ^ d, _U32(_K1 + w[t * LANES + lane]))
    for t in range(40, 60):
        for lane in range(LANES):
            b, c, d = v[LANES + lane], v[2 * LANES + lane], v[3 * LANES + lane]
            _advanced(v, lane, (b & c) | (d & (b | c)), _U32(_K2 + w[t * LANES + lane]))
    for t in range(60, _ROUNDS):
        for lane in range(LANES):
            b, c, d = v[LANES + lane], v[2 * LANES + lane], v[3 * LANES + lane]
            _advanced(v, lane, b ^ c ^ d, _U32(_K3 + w[t * LANES + lane]))
    return v


@njit(nogil=True)
def _hashed(words: NDArray[np.uint32], room: int, blocks: NDArray[np.int64], w: NDArray[np.uint32]) -> Any:
    """The SHA-1 of each lane's message: five words, each of all lanes."""
    state = np.empty(_STATE * LANES, dtype=np.uint32)
    for word in range(_STATE):
        state[word * LANES : (word + 1) * LANES] = _START[word]
    for block in range(blocks.max()):
        for lane in range(LANES):
            at = lane * room + min(block, blocks[lane] - 1) * _WORDS
            for word in range(_WORDS):
                w[word * LANES + lane] = words[at + word]
        _scheduled(w)
        v = _compressed(w, state)
        for word in range(_STATE):
            for lane in range(LANES):
                if block < blocks[lane]:
                    state[word * LANES + lane] = _U32(state[word * LANES + lane] + v[word * LANES + lane])
    return state


@njit(nogil=True)
def _salted(text: Any, size: Any, words: NDArray[np.uint32], at: int) -> Any:
    """Write the message of the salt and a text of ``size`` bytes at word ``at``; returns how many blocks it has."""
    for word in range(_SALT.size):
        words[at + word] = _SALT[word]
    blocks = (_SALTED + np.int64(size) + _PADDING + 4 * _WORDS - 1) // (4 * _WORDS)
    place, last = at + _SALT.size, at + blocks * _WORDS - 1
    whole = size & ~U7
    for done in range(U0, whole, U8):
        eight = _swapped(load64(text + done))
        words[place], words[place + 1] = _U32(eight >> U32), _U32(eight)
        place += 2
    # What is left, and the bit that ends it.
    eight, shift = U0, np.uint64(56)
    for done in range(whole, size):
        eight |= load8(text + done) << shift
        shift -= U8
    eight |= _MARK << shift
    words[place], words[place + 1] = _U32(eight >> U32), _U32(eight)
    for word in range(place + 2, last - 1):
        words[word] = _U32(0)
    bits = np.uint64(_SALTED + np.int64(size)) << U3
    words[last - 1], words[last] = _U32(bits >> U32), _U32(bits)
    return blocks


@njit(nogil=True)
def _named(  # noqa: PLR0917
    state: NDArray[np.uint32], lane: int, name: NDArray[np.uint32], size: int, words: NDArray[np.uint32], at: int
) -> None:
    """Write the message of the digits of a hash and a name, of which ``size`` words are padded already."""
    for word in range(_DIGIT_WORDS, size):
        words[at + word] = name[word]
    for word in range(_DIGIT_WORDS // 2):
        eight = _swapped(_spelt(state[word * LANES + lane]))
        words[at + 2 * word], words[at + 2 * word + 1] = _U32(eight >> U32), _U32(eight)


def _digests(  # noqa: PLR0917
    place: NDArray[np.uint64],
    buffers: NDArray[np.uint64],
    rows: NDArray[np.int64],
    code: NDArray[np.uint16],
    names: NDArray[np.uint32],
    name_blocks: NDArray[np.int64],
    room: int,
    out: NDArray[np.uint64],
    long: NDArray[np.int64],
) -> int:
    """All rows, `LANES` at a time; returns how many are too long, which ``long`` lists."""
    words = np.zeros(LANES * room, dtype=np.uint32)
    blocks = np.ones(LANES, dtype=np.int64)
    w = np.empty(_ROUNDS * LANES, dtype=np.uint32)
    left = 0
    for first in range(0, rows.size, LANES):
        lanes = min(LANES, rows.size - first)
        blocks[lanes:] = 1
        for lane in range(lanes):
            text, size = locate(place, buffers, np.uint64(rows[first + lane]))
            if size > _MOST:
                long[left] = first + lane
                left += 1
                size = U0
            blocks[lane] = _salted(text, size, words, lane * room)
        state = _hashed(words, room, blocks, w)
        for lane in range(lanes):
            kind = code[first + lane]
            blocks[lane] = name_blocks[kind]
            _named(state, lane, names[kind], name_blocks[kind] * _WORDS, words, lane * room)
        state = _hashed(words, room, blocks, w)
        for lane in range(lanes):
            for half in range(2):
                high, low = state[2 * half * LANES + lane], state[(2 * half + 1) * LANES + lane]
                out[first + lane, half] = (np.uint64(high) << U32) | np.uint64(low)
    return left


def _texts(digest: NDArray[np.uint64], prefix: NDArray[np.uint8], out: NDArray[np.uint8], address: int) -> None:
    width = np.uint64(out.shape[1])
    for row in range(len(digest)):
        out[row, : prefix.size] = prefix
        to = np.uint64(address) + np.uint64(row) * width + np.uint64(prefix.size)
        for half in range(2):
            number = digest[row, half]
            store64(to, _spelt(_U32(number >> U32)))
            store64(to + U8, _spelt(_U32(number)))
            to += U16


def _smallest(group: NDArray[np.int64], digest: NDArray[np.uint64], best: NDArray[np.int64]) -> None:
    for row in range(group.size):
        known = best[group[row]]
        if known < 0:
            best[group[row]] = row
            continue
        is_less = digest[row, 0] < digest[known, 0]
        if is_less or (digest[row, 0] == digest[known, 0] and digest[row, 1] < digest[known, 1]):
            best[group[row]] = row
