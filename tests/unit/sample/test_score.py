"""Scores equal their definitions."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.sample.score import Score, score

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTITIONS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=24)
TRUTH = pa.schema([("id", pa.string()), ("id_type", pa.string()), ("person_id", pa.int64())])
MAPPING = pa.schema([("user_main_id", pa.string()), ("other_id", pa.string()), ("other_id_type", pa.string())])


def tables(nodes: list[tuple[int, int]]) -> tuple[pa.Table, pa.Table]:
    # Each second pair of nodes shares its text, and differs by type.
    named = [(f"id-{n // 2}", ("user_id", "anonymous_id")[n % 2]) for n in range(len(nodes))]
    mapping = [(f"main-{profile}", *name) for name, (profile, _) in zip(named, nodes, strict=True)]
    truth = [(*name, person) for name, (_, person) in zip(named, nodes, strict=True)]
    return rows(mapping, MAPPING), rows(truth, TRUTH)


def rows(values: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in values], schema)


def by_definition(nodes: list[tuple[int, int]]) -> Score:
    def share(part: list[bool]) -> float:
        return float(Fraction(sum(part), len(part))) if part else 1.0

    def mean(of: int, other: int) -> float:
        shares = [
            Fraction(sum(n[of] == m[of] and n[other] == m[other] for m in nodes), sum(n[of] == m[of] for m in nodes))
            for n in nodes
        ]
        return float(sum(shares) / len(shares)) if shares else 1.0

    pairs = list(combinations(nodes, 2))
    return Score(
        pairwise_precision=share([a[1] == b[1] for a, b in pairs if a[0] == b[0]]),
        pairwise_recall=share([a[0] == b[0] for a, b in pairs if a[1] == b[1]]),
        bcubed_precision=mean(0, 1),
        bcubed_recall=mean(1, 0),
        ids=len(nodes),
    )


@given(PARTITIONS)
def test_score_equals_its_definition(nodes: list[tuple[int, int]]) -> None:
    """On any two partitions all four figures are those counted pair by pair and id by id."""
    found, expected = score(*tables(nodes)), by_definition(nodes)
    assert found.ids == expected.ids
    assert (found.pairwise_precision, found.pairwise_recall) == (expected.pairwise_precision, expected.pairwise_recall)
    assert found.bcubed_precision == pytest.approx(expected.bcubed_precision, abs=1e-12)
    assert found.bcubed_recall == pytest.approx(expected.bcubed_recall, abs=1e-12)


def test_ids_of_nobody_are_not_counted() -> None:
    """An id without an owner changes no figure, whatever profile it is in."""
    mapping, truth = tables([(0, 0), (0, 0), (1, 1)])
    nobody = rows([("tablet", "anonymous_id", None)], TRUTH)
    also = rows([("main-0", "tablet", "anonymous_id")], MAPPING)
    assert score(pa.concat_tables([mapping, also]), pa.concat_tables([truth, nobody])) == score(mapping, truth)


def test_an_id_that_the_graph_lacks_is_a_profile_of_its_own() -> None:
    """Filtered ids cost recall and not precision."""
    mapping, truth = tables([(0, 0), (0, 0), (0, 0)])
    found = score(mapping.slice(0, 2), truth)
    assert found == Score(1.0, 1 / 3, 1.0, (2 / 3 + 2 / 3 + 1 / 3) / 3, 3)


def test_text_of_any_encoding_is_read() -> None:
    """Dictionary-encoded and large text in the mapping gives the same score as plain text."""
    mapping, truth = tables([(0, 0), (0, 1), (1, 1)])
    for kind in (pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        assert score(mapping.cast(pa.schema([(n, kind) for n in mapping.column_names])), truth) == score(mapping, truth)
