"""Open addressing, as the compiled tables of ids and of edges do it.

A slot is one word: 32 bits of a hash (the tag), and a number that says where the entry itself is, plus one; zero is an
empty slot. An equal tag says where to compare, never that two entries are equal. Slots are filled to `FULL` at
most and are never freed, so a search ends at the first empty one. Importing this imports numba.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from onefold.identity.native.string_codec import LOW, U0, U1, U3, U32, fold

BLOCK = 128
"""Rows per step: their prefetched lines fit the first cache with room to spare."""

FULL = 0.75
"""Share of slots in use from which searches get long."""

_LARGE = 1 << 23

LEAST = 1 << 10
"""Slots to begin with."""

ALL_BITS = (1 << 64) - 1
"""Mask of a hash that is used whole."""

_FACTOR = np.uint64(0xD6E8FEB86659FD93)


def grown(slots: int) -> int:
    """How many slots come after so many: twice as many, but half as many more where a table is large.

    >>> grown(1024), grown(1 << 23)
    (2048, 12582912)
    """
    return slots * 2 if slots < _LARGE else slots * 3 // 2


@njit
def mixed(hashed: Any, word: Any) -> Any:
    """A hash that has taken in one more word."""
    return fold(hashed ^ word, _FACTOR)


@njit
def address(array: Any, word: Any) -> Any:
    """Where a word of an array of words is."""
    return np.uint64(array.ctypes.data) + (word << U3)


@njit
def first_slot(hashed: Any, slots: Any) -> Any:
    """Where a search begins: the upper half of the hash, scaled to the number of slots; the lower half is the tag."""
    return ((hashed >> U32) * np.uint64(len(slots))) >> U32


@njit
def after(slot: Any, slots: Any) -> Any:
    """The slot to look at next."""
    slot += U1
    return slot if slot < np.uint64(len(slots)) else U0


@njit
def candidate(slot: Any, slots: Any, tag: Any) -> Any:
    """The first slot from ``slot`` on that has the tag or is empty."""
    held = slots[slot]
    while held != U0 and held >> U32 != tag:
        slot = after(slot, slots)
        held = slots[slot]
    return slot


@njit
def fill(hashed: Any, number: Any, slot: Any, slots: Any) -> None:
    """Put an entry that is in no slot yet into the first empty one from ``slot`` on."""
    while slots[slot] != U0:
        slot = after(slot, slots)
    slots[slot] = ((hashed & LOW) << U32) | (number + U1)
