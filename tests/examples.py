"""How many random examples a property test tries.

A fifth of its number by default. ``ONEFOLD_EXAMPLES`` is the share to try instead: 1 for all of them, as CI does,
and 100 for a night's search.
"""

from __future__ import annotations

import os

SHARE = float(os.environ.get("ONEFOLD_EXAMPLES", "0.2"))


def examples(number: int) -> int:
    """The share of ``number`` that this session tries, and at least two."""
    return max(round(number * SHARE), min(number, 2))
