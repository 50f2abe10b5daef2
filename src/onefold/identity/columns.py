"""Arrow columns as numpy arrays and back, by their buffers.

In: columns of numbers or times. Out: arrays; a null becomes the value named for it. And texts of Python's as a column.
pyarrow's own conversions import pandas wherever it is installed, and its casts ``pyarrow.compute``; both take a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


_STORED = {"double": "float64", "date32[day]": "int32"}
"""Arrow types that numpy calls otherwise, or keeps as whole numbers."""


def to_numpy(column: pa.ChunkedArray, *, null: int | None = None) -> NDArray[Any]:
    """A column of fixed width as one array.

    Args:
        column: Whole numbers, or times and days as their whole number of units.
        null: What stands for null; None where there is none.

    Raises:
        ValueError: If there are nulls and nothing stands for them.
    """
    parts = [_chunk(chunk, null) for chunk in column.chunks]
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _chunk(chunk: pa.Array, null: int | None) -> NDArray[Any]:
    validity, data = chunk.buffers()
    dtype = np.dtype(np.int64 if pa.types.is_timestamp(chunk.type) else _STORED.get(str(chunk.type), str(chunk.type)))
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


def as_mask(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """A column of true and false as an array; null is false."""
    return to_numpy(column.fill_null(False).cast(pa.uint8())).astype(np.bool_)


def to_texts(values: Iterable[str | None]) -> pa.Array:
    """Texts, of less than 2 GiB together, as a column of ``string``; None becomes null.

    >>> to_texts(["Zoë", None, ""]).to_pylist()
    ['Zoë', None, '']
    """
    texts = list(values)
    encoded = [b"" if text is None else text.encode() for text in texts]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int32)
    np.cumsum(np.fromiter(map(len, encoded), np.int32, len(encoded)), out=offsets[1:])
    validity = None
    if None in texts:
        known = np.fromiter((text is not None for text in texts), np.bool_, len(encoded))
        validity = pa.py_buffer(np.packbits(known, bitorder="little"))
    buffers = [validity, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)
