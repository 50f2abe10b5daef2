"""The order of rows by several columns, and distinct values, against numpy's own."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from onefold.identity.native.ordering import distinct, order_by

INT64 = st.integers(-(2**63), 2**63 - 1)
COLUMNS = st.lists(
    st.one_of(st.tuples(INT64, INT64, INT64), st.tuples(*[st.integers(-3, 3)] * 3), st.tuples(*[st.integers(0, 2**30)] * 3)),
    max_size=40,
)  # fmt: skip


@given(rows=COLUMNS)
def test_rows_are_in_the_order_of_their_columns(rows: list[tuple[int, int, int]]) -> None:
    """The first column decides, then the second, then the third, whether they fit into 64 bits together or not."""
    columns = [np.array([row[n] for row in rows], dtype=np.int64) for n in range(3)]

    found = order_by(*columns)

    assert sorted(found.tolist()) == list(range(len(rows)))
    assert [rows[n] for n in found.tolist()] == sorted(rows)


@given(values=st.lists(st.integers(0, 2**64 - 1), max_size=60), kind=st.sampled_from([np.uint64, np.float64]))
def test_distinct_values(values: list[int], kind: type[np.generic]) -> None:
    """Each value once, ascending, in its original type."""
    given_values: Any = np.array(values, dtype=kind)

    found = distinct(given_values)

    assert found.dtype == given_values.dtype
    assert found.tolist() == np.unique(given_values).tolist()
