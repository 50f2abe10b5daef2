"""Columns of text, money and time have the expected values."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from onefold.sample import columns, texts


def test_uuids_are_version_4_and_distinct() -> None:
    """Random UUIDs have the usual form, version and variant, and do not repeat."""
    made = texts.uuids(np.random.default_rng(1), 2000).to_pylist()
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", u) for u in made)
    assert len(set(made)) == 2000


def test_numbers_are_padded() -> None:
    """Numbered ids have a fixed width."""
    assert texts.numbered("D", np.array([0, 42, 999]), 3).to_pylist() == ["D000", "D042", "D999"]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_sha1_is_that_of_the_standard_library(values: list[str]) -> None:
    """Hashes are lower-case hex of the UTF-8 text."""
    values = [v.encode("utf-8", "ignore").decode() for v in values]
    expected = [hashlib.sha1(v.encode(), usedforsecurity=False).hexdigest() for v in values]
    assert texts.sha1(texts.strings(values)).to_pylist() == expected


def test_a_code_below_zero_is_null() -> None:
    """Choices from a list are by position, and -1 gives null."""
    assert texts.pick(("a", "b"), np.array([1, -1, 0])).to_pylist() == ["b", None, "a"]


@given(st.lists(st.integers(-(10**11), 10**11), max_size=10))
def test_money_is_exact(cents: list[int]) -> None:
    """Cents become dollars without rounding, below zero too."""
    made = columns.money(np.array(cents, dtype=np.int64)).to_pylist()
    assert made == [Decimal(c).scaleb(-2) for c in cents]


def test_times_are_floored_and_masked() -> None:
    """Seconds become timestamps, rounded down to a multiple of 1024 ms, and null if unknown."""
    made = columns.times(np.array([1024, 1025, 7]), columns.UTC_TIME, known=np.array([True, True, False])).to_pylist()
    assert made == [datetime.fromtimestamp(1024, UTC), datetime.fromtimestamp(1024, UTC), None]
