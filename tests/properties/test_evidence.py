from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.identity.native.edge_table import EdgeTable
from onefold.identity.native.kernel import NO_NODE, UNKNOWN
from onefold.identity.read.edge_evidence import Digests, Evidence, first_seen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.read.edges import Edges

NODE = st.one_of(st.integers(0, 5), st.just(NO_NODE))
TIME = st.one_of(st.integers(-3, 3), st.just(UNKNOWN))
KEY = st.one_of(st.none(), st.sampled_from(["", "a", "b", "aa", "é", "zzzzzzzzzz", "0" * 40, "1f" * 16]))


class Row(NamedTuple):
    left: int
    right: int
    group: int
    seen_at: int
    key: str | None


ROWS = st.lists(st.builds(Row, NODE, NODE, st.integers(0, 3), TIME, KEY), max_size=40)


def expected(rows: list[Row]) -> dict[tuple[int, int, int], tuple[int, int, int, str | None]]:
    """Per (left, right, group): rows, first and last time, the key of the earliest row; by going through them all."""
    found: dict[tuple[int, int, int], list[Row]] = {}
    for row in rows:
        if NO_NODE not in {row.left, row.right}:
            found.setdefault((row.left, row.right, row.group), []).append(row)
    result = {}
    for pair, same in found.items():
        first = min(row.seen_at for row in same)
        known = [row.seen_at for row in same if row.seen_at != UNKNOWN]
        keys = [row.key.encode() for row in same if row.seen_at == first and row.key is not None]
        result[pair] = (len(same), first, max(known, default=UNKNOWN), min(keys).decode() if keys else None)
    return result


def columns(
    rows: list[Row],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int32], NDArray[np.int64]]:
    left, right = (np.array([row[end] for row in rows], dtype=np.uint32) for end in (0, 1))
    groups = np.array([row.group for row in rows], dtype=np.int32)
    return left, right, groups, np.array([row.seen_at for row in rows], dtype=np.int64)


def as_dict(edges: Edges) -> dict[tuple[int, int, int], tuple[int, int, int, str | None]]:
    keys = [None] * edges.left.size if edges.sample_key is None else edges.sample_key.to_pylist()
    numbers = (edges.left, edges.right, edges.group, edges.row_count, edges.first_seen, edges.last_seen)
    rows = zip(*(column.tolist() for column in numbers), keys, strict=True)
    return {(a, b, g): (count, first, last, key) for a, b, g, count, first, last, key in rows}


@pytest.mark.parametrize("compiled", [False, True])
@given(batches=st.lists(ROWS, max_size=4), keyed=st.booleans())
def test_evidence_is_that_of_the_set_of_rows(batches: list[list[Row]], *, keyed: bool, compiled: bool) -> None:
    """Counts, times and the earliest key of each pair and group are those of a look at all rows, batch by batch."""
    if not keyed:
        batches = [[row._replace(key=None) for row in batch] for batch in batches]
    evidence = Evidence(compiled=compiled)
    for batch in batches:
        keys = pa.array([row.key for row in batch], pa.string()) if keyed else None
        evidence.add(*columns(batch), keys)

    assert as_dict(evidence.edges()) == expected([row for batch in batches for row in batch])


@given(rows=ROWS)
def test_edges_with_equal_hashes_stay_apart(rows: list[Row]) -> None:
    """Pairs whose hashes are all the same are still told apart."""
    table = EdgeTable(hash_mask=1)
    table.add(*columns(rows), pa.array([row.key for row in rows], pa.string()))

    assert as_dict(table.edges()) == expected(rows)


@given(batches=st.lists(st.tuples(ROWS, st.booleans()), max_size=4))
def test_some_sources_have_keys(batches: list[tuple[list[Row], bool]]) -> None:
    """Batches with and without keys, in any order: rows of the latter have none."""
    evidence = Evidence(compiled=True)
    for rows, keyed in batches:
        evidence.add(*columns(rows), pa.array([row.key for row in rows], pa.string()) if keyed else None)
    said = [row if keyed else row._replace(key=None) for rows, keyed in batches for row in rows]

    assert as_dict(evidence.edges()) == expected(said)


@given(rows=ROWS)
def test_first_sight_of_nodes(rows: list[Row]) -> None:
    """A node was first seen at the earliest time of all the rows that have it."""
    evidence = Evidence()
    evidence.add(*columns(rows), None)
    seen = [[r.seen_at for r in rows if n in {r.left, r.right} and NO_NODE not in {r.left, r.right}] for n in range(6)]

    assert first_seen(6, evidence.edges()).tolist() == [min(times, default=UNKNOWN) for times in seen]


@given(batches=st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2**64 - 1)), max_size=20), max_size=3))
def test_digests_add_up(batches: list[list[tuple[int, int]]]) -> None:
    """Per group, the number of rows and the sum of their digests, as the engine keeps it: modulo 2 to the 63."""
    digests = Digests()
    for batch in batches:
        groups = np.array([group for group, _ in batch], dtype=np.int32)
        digests.add(groups, np.array([digest for _, digest in batch], dtype=np.uint64))
    rows = [row for batch in batches for row in batch]

    assert digests.counts(5).tolist() == [sum(group == n for group, _ in rows) for n in range(5)]
    assert digests.sums(5).tolist() == [sum(d for group, d in rows if group == n) % 2**63 for n in range(5)]
