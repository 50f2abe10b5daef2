"""The record of edge evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Edges:
    """Evidence of distinct pairs, in order of first appearance.

    Attributes:
        left: One node of each.
        right: The other node; the same one for a row that has one id only.
        group: The group of rows that says so.
        row_count: Rows that join the two.
        first_seen: The earliest time of those rows: microseconds, `UNKNOWN` if none has a time.
        last_seen: The latest known time of them, `UNKNOWN` if none has one.
        sample_key: The key of the earliest row; of several at one time, the first key in byte order. Null where none of
            the earliest rows has a key. None if no row had a key.
    """

    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    group: NDArray[np.int32]
    row_count: NDArray[np.int64]
    first_seen: NDArray[np.int64]
    last_seen: NDArray[np.int64]
    sample_key: pa.ChunkedArray | None
