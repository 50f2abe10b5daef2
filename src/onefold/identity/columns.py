"""Convert Arrow columns to numpy arrays and back through their buffers.

Takes columns of numbers or times, and a value that stands for null. pyarrow's own conversions import pandas if it is
installed, and its casts import ``pyarrow.compute``; both are slow to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


_STORED = {"double": "float64", "date32[day]": "int32"}
"""Arrow types with another name in numpy, or that numpy stores as integers."""


def to_numpy(column: pa.ChunkedArray, *, null: int | None = None) -> NDArray[Any]:
    """A column of fixed width as one array.

    Args:
        column: Integers, or times and days as integers.
        null: The value that stands for null; None if there are no nulls.

    Raises:
        ValueError: If there are nulls and ``null`` is None.
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
        raise ValueError("the column has nulls, and no value stands for them")
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
    """A boolean array as a column."""
    bits = pa.py_buffer(np.packbits(values, bitorder="little").tobytes())
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, bits])


def as_mask(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """A boolean column as an array; null is false."""
    return to_numpy(column.fill_null(False).cast(pa.uint8())).astype(np.bool_)


def to_texts(values: Iterable[str | None]) -> pa.Array:
    """Texts of less than 2 GiB in total as a column of ``string``; None becomes null.

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
