"""Generates columns of text fast: random UUIDs, numbered ids, hashes, choices from a list.

Takes numpy arrays; returns Arrow arrays of type string. Loops over no rows, except that each distinct email is hashed
once.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_HEX = np.array([list(f"{byte:02x}".encode()) for byte in range(256)], dtype=np.uint8)
_UUID_END = np.frombuffer(bytes.fromhex("00000000000000408f5a3c7e91d2b604"), dtype=np.uint8)
_UUID_DASHES = (8, 13, 18, 23)
_UUID_DIGITS = np.array([at for at in range(36) if at not in _UUID_DASHES])


def uuids(rng: np.random.Generator, count: int) -> pa.StringArray:
    """UUIDs in their usual lower-case form: 56 random bits and a constant end, which keeps files small."""
    raw = np.tile(_UUID_END, (count, 1))
    raw[:, :7] = rng.integers(0, 256, size=(count, 7), dtype=np.uint8)
    raw[:, 6] = (raw[:, 6] & 0x0F) | 0x40
    raw[:, 8] = (raw[:, 8] & 0x3F) | 0x80
    text = np.full((count, 36), ord("-"), dtype=np.uint8)
    text[:, _UUID_DIGITS] = _HEX[raw].reshape(count, 32)
    offsets = np.arange(0, 36 * (count + 1), 36, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(text))


def numbered(prefix: str, numbers: NDArray[np.integer], digits: int) -> pa.StringArray:
    """``prefix`` and the number, padded with zeros to ``digits``: ``D00042``.

    Numbers must be below ``10 ** digits``.
    """
    padded = pa.array(numbers.astype(np.int64) + 10**digits).cast(pa.string())
    return pc.binary_join_element_wise(prefix, pc.utf8_slice_codeunits(padded, 1), "")


def sha1(values: pa.StringArray) -> pa.StringArray:
    """The lower-case hex SHA-1 of each value's UTF-8 bytes."""
    digest = hashlib.sha1
    return pa.array(
        [digest(value.encode(), usedforsecurity=False).hexdigest() for value in values.to_pylist()],
        type=pa.string(),
    )


def pick(values: Sequence[str | None], codes: NDArray[np.integer]) -> pa.StringArray:
    """The value at each code; -1 gives null."""
    return take(pa.array(values, type=pa.string()), codes)


def take(values: pa.Array, codes: NDArray[np.integer]) -> pa.Array:
    """The value at each code; -1 gives null."""
    return values.take(pa.array(codes.astype(np.int32), mask=codes < 0))


def strings(values: Sequence[str | None]) -> pa.StringArray:
    """Python values as an Arrow array of strings."""
    return pa.array(values, type=pa.string())
