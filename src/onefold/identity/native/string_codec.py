"""Pack texts into 64-bit words, for the compiled dictionary and evidence. Imports numba.

Takes the buffers of an Arrow column of texts. Returns packed texts, and unpacks them again. Canonical UUIDs take 16
bytes; lower-case hex of even length (MD5, SHA-1, phone numbers) takes half a byte per digit; other texts are stored as
UTF-8. Packing is exact: comparisons include the form, and unpacking returns every byte.

A packed text is a *meta* word (form and length of the text) and a payload, padded with zeroes. Kernels use plain
addresses, because Arrow's texts start anywhere and numpy's words are aligned to eight bytes. All functions trust the
addresses that they get; callers check bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

if TYPE_CHECKING:
    from numpy.typing import NDArray

UTF8, HEX, UUID = np.uint64(0), np.uint64(1), np.uint64(2)
"""Forms of a payload."""

MOST_BYTES = (1 << 30) - 1
"""Longest text: its length shares 32 bits with its form."""

PACKED_BYTES = 64
"""Room for the payload of the longest packed text, of `_MOST_HEX` digits."""

_FORM_SHIFT = np.uint64(30)
_LENGTH = np.uint64(MOST_BYTES)
_LEAST_HEX, _MOST_HEX = np.uint64(10), np.uint64(2 * PACKED_BYTES)
_UUID_CHARACTERS = np.uint64(36)

# numba makes a float of an unsigned and a signed number, so that each number here has its width spelled out.
U0, U1, U2, U3, U4, U7, U8 = (np.uint64(n) for n in (0, 1, 2, 3, 4, 7, 8))
U16, U32, U63 = np.uint64(16), np.uint64(32), np.uint64(63)
LOW = np.uint64(0xFFFFFFFF)


def _bytes(value: int) -> np.uint64:
    """A word of eight equal bytes."""
    return np.uint64(value * 0x0101010101010101)


_NIBBLE, _HIGH_NIBBLE, _ONE, _SIX, _ZERO_DIGIT = (_bytes(value) for value in (0x0F, 0xF0, 0x01, 0x06, 0x30))
_NINE, _LETTER = np.uint64(9), np.uint64(ord("a") - ord("0") - 10)
_SIXTEENS = np.uint64(0x00FF00FF00FF00FF)
_THIRTY_TWOS = np.uint64(0x0000FFFF0000FFFF)
_DASH, _DASHES = np.uint64(ord("-")), (8, 13, 18, 23)


def _reader(bits: int) -> Any:
    """An intrinsic that reads ``bits`` at any address, as an unsigned number of 64 bits."""

    @intrinsic
    def load(_context: Any, _address: Any) -> Any:
        def code(_codegen: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            pointer = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            value = builder.load(pointer, align=1)
            return value if bits == 64 else builder.zext(value, ir.IntType(64))  # noqa: PLR2004

        return types.uint64(types.uint64), code

    return load


def _writer(bits: int) -> Any:
    """An intrinsic that writes the low ``bits`` of a number at any address."""

    @intrinsic
    def store(_context: Any, _address: Any, _value: Any) -> Any:
        def code(codegen: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            pointer = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            value = arguments[1] if bits == 64 else builder.trunc(arguments[1], ir.IntType(bits))  # noqa: PLR2004
            builder.store(value, pointer, align=1)
            return codegen.get_dummy_value()

        return types.void(types.uint64, types.uint64), code

    return store


load8, load32, load64 = _reader(8), _reader(32), _reader(64)
store8, store32, store64 = _writer(8), _writer(32), _writer(64)


def _prefetch(_context: Any, _address: Any) -> Any:
    def code(codegen: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        read, near, data = (ir.Constant(number, n) for n in (0, 3, 1))
        builder.call(function, [builder.inttoptr(arguments[0], byte), read, near, data])
        return codegen.get_dummy_value()

    return types.void(types.uint64), code


def _fold(_context: Any, _a: Any, _b: Any) -> Any:
    def code(_codegen: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
        high = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))
        return builder.xor(builder.trunc(product, ir.IntType(64)), high)

    return types.uint64(types.uint64, types.uint64), code


prefetch: Any = intrinsic(_prefetch)
"""Asks for the memory at an address, to be read soon; never faults."""

fold: Any = intrinsic(_fold)
"""Multiplies two words to 128 bits, and lays one half over the other."""


# --- where the texts of a column are ---


@dataclass(frozen=True, eq=False)
class TextColumn:
    """An Arrow column as addresses, for as long as the column lives.

    Attributes:
        place: Layout (0 ``string``, 1 ``large_string``, 2 ``string_view``), addresses of validity bits, of offsets or
            views, and of data, and the column's first row within them.
        buffers: Addresses of the data buffers of a ``string_view``.
        column: Keeps the buffers alive.
    """

    place: NDArray[np.uint64]
    buffers: NDArray[np.uint64]
    column: pa.Array


def text_column(column: pa.Array) -> TextColumn:
    """The addresses of a column of texts."""
    validity, main, *data = (0 if buffer is None else buffer.address for buffer in column.buffers())
    layout = [pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view]
    kind = next(number for number, is_kind in enumerate(layout) if is_kind(column.type))
    if not column.null_count:
        validity = 0
    # A column of empty texts may have no data; an address that nobody reads keeps them apart from nulls.
    place = np.array([kind, validity, main, (data and data[0]) or 8, column.offset], dtype=np.uint64)
    return TextColumn(place, np.array(data, dtype=np.uint64), column)


@njit
def locate(place: Any, buffers: Any, row: Any) -> Any:
    """Address and length in bytes of one text; zeroes for null, and an address for the empty text."""
    at = place[4] + row
    if place[1] != U0 and not (load8(place[1] + (at >> U3)) >> (at & U7)) & U1:
        return U0, U0
    if place[0] == U0:
        offsets = place[2] + at * U4
        start = load32(offsets)
        return place[3] + start, load32(offsets + U4) - start
    if place[0] == U1:
        offsets = place[2] + at * U8
        start = load64(offsets)
        return place[3] + start, load64(offsets + U8) - start
    view = place[2] + at * U16
    size = load32(view)
    if size <= U8 + U4:
        return view + U4, size
    return buffers[load32(view + U8)] + load32(view + U8 + U4), size


# --- packing ---


@njit
def words_of(meta: Any) -> Any:
    """Words of the payload of a packed text."""
    size = meta & _LENGTH
    form = meta >> _FORM_SHIFT
    if form == UUID:
        return U2
    if form == HEX:
        size >>= U1
    return (size + U7) >> U3


@njit
def length_of(meta: Any) -> Any:
    """Bytes of the text itself."""
    return meta & _LENGTH


@njit
def pack(text: Any, size: Any, room: Any) -> Any:
    """Pack a text, not empty, at ``room`` where it has a packed form.

    Returns:
        Its meta, the address of its payload (``room``, or the text itself), and the payload's last word, whose bytes
        beyond the end are zero. The words before the last can be read at the address; the last one cannot.
    """
    if size == _UUID_CHARACTERS:
        if _pack_uuid(text, room):
            return (UUID << _FORM_SHIFT) | size, room, load64(room + U8)
    elif size >= _LEAST_HEX and size <= _MOST_HEX and not size & U1 and _pack_hex(text, size, room):
        return (HEX << _FORM_SHIFT) | size, room, load64(room + (((size >> U1) - U1) & ~U7))
    return size, text, _last_word(text, size)


@njit
def _last_word(text: Any, size: Any) -> Any:
    left = ((size - U1) & U7) + U1
    if size >= U8:
        return load64(text + size - U8) >> ((U8 - left) << U3)
    word = U0
    for i in range(size):
        word |= load8(text + np.uint64(i)) << (np.uint64(i) << U3)
    return word


@njit
def _digits(word: Any) -> Any:
    """Eight hex digits as eight bytes 0..15, and whether they are all lower-case hex digits."""
    values = (word & _NIBBLE) + ((word >> np.uint64(6)) & _ONE) * _NINE
    again = values + _ZERO_DIGIT + (((values + _SIX) >> U4) & _ONE) * _LETTER
    return values, not ((values & _HIGH_NIBBLE) | (again ^ word))


@njit
def _squeeze(values: Any) -> Any:
    """Eight bytes 0..15, as four bytes in their order."""
    pairs = ((values << U4) | (values >> U8)) & _SIXTEENS
    pairs = (pairs | (pairs >> U8)) & _THIRTY_TWOS
    return (pairs | (pairs >> U16)) & LOW


@njit
def spread(packed: Any) -> Any:
    """Four bytes, the first one lowest, as eight hex digits, likewise: the reverse of `_squeeze` and `_digits`."""
    pairs = (packed | (packed << U16)) & _THIRTY_TWOS
    pairs = (pairs | (pairs << U8)) & _SIXTEENS
    values = ((pairs >> U4) | (pairs << U8)) & _NIBBLE
    return values + _ZERO_DIGIT + (((values + _SIX) >> U4) & _ONE) * _LETTER


@njit
def _pack_uuid(text: Any, room: Any) -> Any:
    dashes = U0
    for at in _DASHES:
        dashes |= load8(text + np.uint64(at)) ^ _DASH
    if dashes:
        return False
    a, is_a = _digits(load64(text))
    b, is_b = _digits(load32(text + np.uint64(9)) | (load32(text + np.uint64(14)) << U32))
    c, is_c = _digits(load32(text + np.uint64(19)) | (load32(text + np.uint64(24)) << U32))
    d, is_d = _digits(load64(text + np.uint64(28)))
    if not (is_a and is_b and is_c and is_d):
        return False
    store64(room, _squeeze(a) | (_squeeze(b) << U32))
    store64(room + U8, _squeeze(c) | (_squeeze(d) << U32))
    return True


@njit
def _pack_hex(text: Any, size: Any, room: Any) -> Any:
    store64(room + (((size >> U1) - U1) & ~U7), U0)
    whole = size >> U3
    for i in range(whole):
        values, is_hex = _digits(load64(text + (np.uint64(i) << U3)))
        if not is_hex:
            return False
        store32(room + (np.uint64(i) << U2), _squeeze(values))
    left = size & U7
    if left:
        values, is_hex = _digits(load64(text + size - U8))
        if not is_hex:
            return False
        store32(room + (whole << U2), _squeeze(values) >> ((U8 - left) << U2))
    return True


@njit
def unpack(meta: Any, payload: Any, text: Any) -> None:
    """Write the text of a payload at ``text``; `length_of` the meta is how many bytes that are."""
    size = meta & _LENGTH
    form = meta >> _FORM_SHIFT
    if form == UUID:
        first, second = load64(payload), load64(payload + U8)
        store64(text, spread(first & LOW))
        digits = spread(first >> U32)
        store32(text + np.uint64(9), digits)
        store32(text + np.uint64(14), digits >> U32)
        digits = spread(second & LOW)
        store32(text + np.uint64(19), digits)
        store32(text + np.uint64(24), digits >> U32)
        store64(text + np.uint64(28), spread(second >> U32))
        for dash in _DASHES:
            store8(text + np.uint64(dash), _DASH)
        return
    whole = size >> U3
    for i in range(whole):
        at = np.uint64(i)
        if form == HEX:
            store64(text + (at << U3), spread(load32(payload + (at << U2))))
        else:
            store64(text + (at << U3), load64(payload + (at << U3)))
    left = size & U7
    if left:
        word = spread(load32(payload + (whole << U2))) if form == HEX else load64(payload + (whole << U3))
        for i in range(left):
            at = np.uint64(i)
            store8(text + (whole << U3) + at, word >> (at << U3))
