"""Arrow columns as numpy arrays and back, by their buffers.

In: columns of numbers or times. Out: arrays; a null becomes the value named for it. pyarrow's own conversions import
pandas wherever it is installed, which takes longer than stitching a small shop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def to_numpy(column: pa.ChunkedArray, *, null: int | None = None) -> NDArray[Any]:
    """A column of fixed width as one array.

    Args:
        column: Whole numbers, or times as their whole number of units.
        null: What stands for null; None where there is none.

    Raises:
        ValueError: If there are nulls and nothing stands for them.
    """
    parts = [_chunk(chunk, null) for chunk in column.chunks]
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _chunk(chunk: pa.Array, null: int | None) -> NDArray[Any]:
    if pa.types.is_timestamp(chunk.type):
        chunk = chunk.cast(pa.int64())
    validity, data = chunk.buffers()
    dtype = np.dtype(str(chunk.type).replace("double", "float64"))
    values: NDArray[Any] = np.frombuffer(data, dtype=dtype, count=chunk.offset + len(chunk))[chunk.offset :]
    if not chunk.null_count:
        return values
    if null is None:
        raise ValueError("a null, and nothing that stands for it")
    bits = np.unpackbits(np.frombuffer(validity, dtype=np.uint8), bitorder="little")
    known = bits[chunk.offset : chunk.offset + len(chunk)].astype(bool)
    return np.where(known, values, null)


def to_arrow(values: NDArray[Any], kind: pa.DataType, *, null: int | None = None) -> pa.Array:
    """An array as a column of ``kind``, whose width must be the array's; values equal to ``null`` become null."""
    packed = np.ascontiguousarray(values)
    validity = None
    if null is not None:
        known = packed != null
        if not known.all():
            validity = pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind, len(packed), [validity, pa.py_buffer(packed)])


def to_mask(values: NDArray[np.bool_]) -> pa.Array:
    """An array of truths as a column."""
    bits = pa.py_buffer(np.packbits(values, bitorder="little").tobytes())
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, bits])


def to_texts(values: Iterable[str | None]) -> pa.Array:
    """Texts as a column."""
    encoded = [value if value is None else value.encode() for value in values]
    lengths = np.array([0 if value is None else len(value) for value in encoded], dtype=np.int64)
    offsets = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))
    validity = None
    if None in encoded:
        known = np.array([value is not None for value in encoded], dtype=np.bool_)
        validity = pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    data = pa.py_buffer(b"".join(value for value in encoded if value is not None))
    buffers = [validity, pa.py_buffer(offsets), data]
    return pa.Array.from_buffers(pa.large_string(), len(encoded), buffers).cast(pa.string())


def as_mask(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """A column of true and false as an array; null is false."""
    return to_numpy(column.fill_null(False).cast(pa.uint8())).astype(np.bool_)
