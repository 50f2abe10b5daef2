"""The times of events in the sample shop: seconds since 1970 in UTC, as int64 arrays.

Draws times between ``OPENING`` and ``HORIZON``. Never reads a clock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

OPENING = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp())
HORIZON = int(datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC).timestamp())
"""Nothing happens later, so a run with any later end time sees the same rows."""

DAY = 86_400
EST_OFFSET = -5 * 3600
"""Eastern standard time, all year: the time zone of ``order_completed_at_est``."""


def signups(rng: np.random.Generator, count: int) -> Ints:
    """When each person first met the shop; later years bring more people than earlier ones."""
    span = HORIZON - OPENING - 3 * DAY
    # The power 3/4 by square roots: unlike powers, they are exact to the last bit on every machine.
    root = np.sqrt(rng.random(count))
    return OPENING + (span * (root * np.sqrt(root))).astype(np.int64)


def between(rng: np.random.Generator, first: Ints, last: int = HORIZON - 7200) -> Ints:
    """One time for each ``first``, uniform between it and ``last``."""
    return first + ((last - first) * rng.random(len(first))).astype(np.int64)
