"""Who names a component: the node with the smallest generated id, whichever way it is computed."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from onefold.identity.main_ids.generated_id import SALT, generated_id
from onefold.identity.main_ids.initial import initial_main_ids
from onefold.identity.native.sha1 import LANES, MOST_BYTES, digests, texts

_LENGTHS = st.integers(0, 3 * 64) | st.sampled_from([MOST_BYTES - 1, MOST_BYTES, MOST_BYTES + 1])
_TEXTS = st.text(max_size=40) | _LENGTHS.map(lambda n: "x" * n)
_TYPES = st.text(min_size=1, max_size=80)


def _hashed(column: pa.Array, rows: list[int], code: list[int], types: list[str]) -> list[str]:
    found = digests(column, np.array(rows, dtype=np.int64), np.array(code, dtype=np.uint16), types)
    return [bytes(row).decode() for row in texts(found)]


@settings(max_examples=examples(150))
@given(st.lists(_TEXTS, max_size=2 * LANES + 3), st.lists(_TYPES, min_size=1, max_size=3, unique=True), st.data())
def test_many_at_once_are_what_each_is_alone(values: list[str], types: list[str], data: st.DataObject) -> None:
    """Generated ids computed side by side equal those computed one by one, for texts and types of any length."""
    code = [data.draw(st.integers(0, len(types) - 1)) for _ in values]
    kind = data.draw(st.sampled_from([pa.string(), pa.large_string(), pa.string_view()]))

    found = _hashed(pa.array(values, kind), list(range(len(values))), code, types)

    assert found == [generated_id(value, types[c]) for value, c in zip(values, code, strict=True)]


@pytest.mark.parametrize("length", [*range(130), 5000])
def test_the_formula_by_a_library(length: int) -> None:
    """The salted SHA-1 of the text, and of that and the type, is what Python's library computes, at every padding."""
    text, kind = "7" * length, "k" * (length // 2)
    inner = hashlib.sha1((SALT + text).encode(), usedforsecurity=False).hexdigest()[:32]
    outer = hashlib.sha1((inner + kind).encode(), usedforsecurity=False).hexdigest()[:32]

    assert _hashed(pa.array([text]), [0], [0], [kind]) == ["rid" + outer]


def test_only_the_rows_asked_for() -> None:
    """Rows are taken from a sliced column with nulls in it; those that nobody asks for are not read."""
    column = pa.array(["no", "a", None, "b"]).slice(1)

    assert _hashed(column, [2, 0], [0, 0], ["t"]) == [generated_id("b", "t"), generated_id("a", "t")]


_ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", "é", "x" * 70]), st.sampled_from(["t", "u"])), unique=True)


@settings(max_examples=examples(150))
@given(_ROWS, st.data())
def test_the_smallest_generated_id_names_a_component(rows: list[tuple[str, str]], data: st.DataObject) -> None:
    """In memory or compiled, in one column or many, of each component the smallest generated id is found."""
    group = [data.draw(st.integers(0, 3)) for _ in rows]
    place = [n for n in range(len(rows)) if data.draw(st.booleans())]
    parts = [rows[:2], rows[2:]]
    kind = pa.dictionary(pa.int32(), pa.string()) if data.draw(st.booleans()) else pa.string()
    tables = [
        pa.table({"id": pa.array([v for v, _ in p], pa.string()), "id_type": pa.array([t for _, t in p]).cast(kind)})
        for p in parts
        if p
    ]
    ids = pa.concat_tables(tables) if tables else pa.table({"id": pa.array([], pa.string()), "id_type": []})
    best: dict[int, tuple[str, int]] = {}
    for at in place:
        found = generated_id(*rows[at]), at + 100
        best[group[at]] = min(best.get(group[at], found), found)

    for compiled in (False, True):
        seen = np.array(place, dtype=np.int64)
        named = initial_main_ids(ids, seen, seen + 100, np.array(group, dtype=np.int64)[seen], compiled=compiled)
        assert {row["component"]: (row["generated_id"], row["node"]) for row in named.to_pylist()} == best
