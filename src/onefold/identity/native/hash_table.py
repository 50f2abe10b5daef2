"""Open addressing for the compiled tables of ids and edges. Imports numba.

A slot is one word: 32 bits of a hash (the tag), and the position of the entry plus one; zero is an empty slot. An equal
tag only selects entries to compare. Slots are filled to at most `FULL` and never freed, so a search ends at the first
empty slot.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from onefold.identity.native.string_codec import LOW, U0, U1, U3, U32, fold

BLOCK = 128
"""Rows per step: their prefetched cache lines fit into the first-level cache."""

FULL = 0.75
"""Share of used slots above which searches get long."""

_LARGE = 1 << 23

LEAST = 1 << 10
"""Initial number of slots."""

ALL_BITS = (1 << 64) - 1
"""The mask that keeps all bits of a hash."""

_FACTOR = np.uint64(0xD6E8FEB86659FD93)


def next_size(slots: int) -> int:
    """The next number of slots: twice as many, or 1.5 times as many for a large table.

    >>> next_size(1024), next_size(1 << 23)
    (2048, 12582912)
    """
    return slots * 2 if slots < _LARGE else slots * 3 // 2


@njit
def mixed(hashed: Any, word: Any) -> Any:
    """A hash with one more word mixed in."""
    return fold(hashed ^ word, _FACTOR)


@njit
def address(array: Any, word: Any) -> Any:
    """The address of a word in an array of words."""
    return np.uint64(array.ctypes.data) + (word << U3)


@njit
def first_slot(hashed: Any, slots: Any) -> Any:
    """The first slot of a search: the upper half of the hash, scaled to the number of slots; the lower is the tag."""
    return ((hashed >> U32) * np.uint64(len(slots))) >> U32


@njit
def after(slot: Any, slots: Any) -> Any:
    """The next slot of a search."""
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
    """Put a new entry into the first empty slot from ``slot`` on."""
    while slots[slot] != U0:
        slot = after(slot, slots)
    slots[slot] = ((hashed & LOW) << U32) | (number + U1)
