"""The dictionary of ids and the evidence of edges, against Python dicts, in both modes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
from hypothesis import given

from onefold.identity.components.union_find import components
from onefold.identity.native.kernel import NO_NODE
from onefold.identity.read.encode import Dictionary

HEX = "0123456789abcdef"
KINDS = [pa.string(), pa.large_string(), pa.string_view()]


def hex_texts(alphabet: str = HEX) -> st.SearchStrategy[str]:
    """Texts around the lengths that have a packed form, most of them of one."""
    return st.sampled_from([2, 3, 16, 31, 32, 40, 41, 62, 64, 66, 128]).flatmap(
        lambda size: st.text(alphabet, min_size=size, max_size=size)
    )


UUIDS = st.uuids().map(str)
NEARLY_UUIDS = st.one_of(
    UUIDS.map(str.upper),
    st.tuples(UUIDS, st.integers(0, 35), st.sampled_from("-gG0:/@`é")).map(
        lambda d: d[0][: d[1]] + d[2] + d[0][d[1] + 1 :]
    ),
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text("ab", max_size=3),
    UUIDS,
    NEARLY_UUIDS,
    hex_texts(),
    hex_texts(HEX + "gG\x10\x00"),
    st.text("aé", min_size=1, max_size=3).map(lambda text: text * 700),
)


@st.composite
def columns(draw: st.DrawFn) -> list[tuple[int, pa.Array]]:
    """Batches of a stream: few distinct texts, so that they come again, of several types, layouts and offsets."""
    pool = draw(st.lists(st.one_of(TEXTS, st.none(), st.just("")), min_size=1, max_size=30))
    batches = []
    for _ in range(draw(st.integers(1, 6))):
        values = draw(st.lists(st.sampled_from(pool), max_size=40))
        column = pa.array(values, draw(st.sampled_from(KINDS)))
        start = draw(st.integers(0, len(values)))
        batches.append((draw(st.sampled_from([0, 1, 65535])), column[start : draw(st.integers(start, len(values)))]))
    return batches


def numbered(batches: list[tuple[int, pa.Array]]) -> tuple[list[list[int]], dict[tuple[int, str], int]]:
    """What a dictionary must give, by a Python dict."""
    nodes: dict[tuple[int, str], int] = {}
    return [
        [nodes.setdefault((id_type, text), len(nodes)) if text else NO_NODE for text in column.to_pylist()]
        for id_type, column in batches
    ], nodes


@given(batches=columns(), compiled=st.booleans())
def test_encoding_equals_a_python_dict(batches: list[tuple[int, pa.Array]], *, compiled: bool) -> None:
    """Every id gets the number a dict gives it, and comes back as it went in."""
    ids = Dictionary(compiled=compiled)

    got = [ids.encode(id_type, column).tolist() for id_type, column in batches]

    expected, nodes = numbered(batches)
    assert got == expected
    assert len(ids) == len(nodes)
    assert ids.table().to_pylist() == [
        {"node": node, "id_type": id_type, "id": text} for (id_type, text), node in nodes.items()
    ]
    assert ids.id_types().tolist() == [id_type for id_type, _ in nodes]


@given(st.lists(columns(), min_size=1, max_size=4))
def test_encoding_types_at_the_same_time_equals_a_python_dict(rows: list[list[tuple[int, pa.Array]]]) -> None:
    """Columns of a batch that are encoded together get the numbers of a dict that is given one type after the other."""
    ids, nodes = Dictionary(compiled=True), dict[tuple[int, str], int]()
    with ThreadPoolExecutor(2) as threads:
        for batch in rows:
            got = ids.encode_together(batch, threads)

            first_mention = [*dict.fromkeys(id_type for id_type, _ in batch)]
            for place in sorted(range(len(batch)), key=lambda n: first_mention.index(batch[n][0])):
                id_type, column = batch[place]
                assert got[place].tolist() == [
                    nodes.setdefault((id_type, text), len(nodes)) if text else NO_NODE for text in column.to_pylist()
                ]

    assert ids.table().to_pylist() == [
        {"node": node, "id_type": id_type, "id": text} for (id_type, text), node in nodes.items()
    ]
    assert ids.id_types().tolist() == [id_type for id_type, _ in nodes]


@given(batches=columns(), data=st.data(), compiled=st.booleans())
def test_any_batching_gives_the_same_partition(
    batches: list[tuple[int, pa.Array]], data: st.DataObject, *, compiled: bool
) -> None:
    """Rows of two ids, cut into batches anywhere and in any order, join the same ids."""
    rows = [(text, other) for _, column in batches for text, other in pairwise(column.to_pylist())]

    def joined(rows: list[tuple[Any, Any]], cuts: list[int]) -> set[frozenset[tuple[int, str]]]:
        ids, left, right = Dictionary(compiled=compiled), [np.empty(0, np.uint32)], [np.empty(0, np.uint32)]
        for start, end in pairwise([0, *cuts, len(rows)]):
            part = rows[start:end]
            left.append(ids.encode(0, pa.array([a for a, _ in part], pa.string())))
            right.append(ids.encode(1, pa.array([b for _, b in part], pa.string())))
        ends = np.stack((np.concatenate(left), np.concatenate(right)))
        ends = ends[:, (ends != NO_NODE).all(axis=0)]
        component = components(len(ids), *ends)
        names = [(row["id_type"], row["id"]) for row in ids.table().to_pylist()]
        return {frozenset(names[node] for node in np.flatnonzero(component == one)) for one in np.unique(component)}

    shuffled = data.draw(st.permutations(rows))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    assert joined(shuffled, cuts) == joined(rows, [])
