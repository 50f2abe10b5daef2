"""Converts numbers to table columns: money and times.

Takes int64 arrays of cents or of seconds since 1970; returns Arrow arrays of the warehouse's types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

MONEY = pa.decimal128(12, 2)
"""Sums of this type are exact, and the same on every engine."""

# Milliseconds: Parquet has no seconds, and microseconds would make the files a third larger.
LOCAL_TIME = pa.timestamp("ms")
UTC_TIME = pa.timestamp("ms", tz="UTC")

TICK, BATCH = 1 << 10, 1 << 18
"""Resolution of times in milliseconds: about a second, and four minutes. With powers of two, the constant bytes take no
space in the files."""


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
    """Seconds since 1970 as a timestamp of ``kind``, rounded down to ``tick`` ms; null if not ``known``."""
    missing = None if known is None else ~known
    return pa.array(seconds * 1000 // tick * tick, mask=missing).cast(kind)
