"""Turn numbers into table columns: money and times.

In: int64 arrays of cents or of seconds since 1970. Out: Arrow arrays of the types the warehouse has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

MONEY = pa.decimal128(12, 2)
"""Sums of it are exact, and the same on every engine."""

# Milliseconds: Parquet has no seconds, and in microseconds the files would be a third larger.
LOCAL_TIME = pa.timestamp("ms")
UTC_TIME = pa.timestamp("ms", tz="UTC")

TICK, BATCH = 1 << 10, 1 << 18
"""Milliseconds that times are multiples of, about a second and four minutes. Powers of two: the bytes that do not vary
cost nothing in the files."""


def money(cents: NDArray[np.int64]) -> pa.Array:
    """Cents as DECIMAL(12, 2)."""
    # A decimal128 is a 16-byte little-endian integer: the low half, then the sign.
    halves = np.empty((len(cents), 2), dtype="<i8")
    halves[:, 0] = cents
    halves[:, 1] = cents >> 63
    return pa.Array.from_buffers(MONEY, len(cents), [None, pa.py_buffer(halves)])


def times(
    seconds: NDArray[np.int64], kind: pa.DataType, *, known: NDArray[np.bool_] | None = None, tick: int = TICK
) -> pa.Array:
    """Seconds since 1970 as a timestamp of ``kind``, down to a multiple of ``tick`` ms; null where not ``known``."""
    missing = None if known is None else ~known
    return pa.array(seconds * 1000 // tick * tick, mask=missing).cast(kind)
