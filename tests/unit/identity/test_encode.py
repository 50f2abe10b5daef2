"""Sizes and failures of the dictionary and of evidence that random texts do not reach."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from onefold.identity.columns import to_texts
from onefold.identity.native.edge_table import EdgeTable
from onefold.identity.native.id_table import IdTable
from onefold.identity.native.kernel import BATCH_BYTES, BATCH_ROWS, COMPILED_FROM, NO_NODE, UNKNOWN
from onefold.identity.read.edge_evidence import Evidence
from onefold.identity.read.encode import Dictionary

if TYPE_CHECKING:
    from numpy.typing import NDArray

BOTH_MODES = pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])


def uuids(first: int, last: int) -> list[str]:
    digits = (f"{number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128):032x}" for number in range(first, last))
    return [f"{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:]}" for d in digits]


@BOTH_MODES
def test_numbers_ids_of_a_megabyte(*, compiled: bool) -> None:
    """Ids that differ only in their last byte are distinct, and are returned in batches of bounded size."""
    texts = [chr(ord("a") + number) * (1 << 20) + end for number in range(20) for end in "xyz£"]
    ids = Dictionary(compiled=compiled)

    assert ids.encode(0, to_texts(texts)).tolist() == list(range(80))
    assert ids.encode(0, to_texts(texts[::-1])).tolist() == list(range(80))[::-1]
    batches = list(ids.batches())
    assert [text for batch in batches for text in batch["id"].to_pylist()] == texts
    assert max(batch["id"].nbytes for batch in batches) <= BATCH_BYTES + 8 * BATCH_ROWS


def test_keeps_numbers_when_it_moves_over() -> None:
    """The dictionary and the evidence switch to compiled code in the middle of a stream with the same result."""
    texts = uuids(0, 3 * BATCH_ROWS)
    ids, evidence = Dictionary(), Evidence()
    steps = COMPILED_FROM // BATCH_ROWS + 2
    for step in range(steps):
        part = slice(step % 3 * BATCH_ROWS, (step % 3 + 1) * BATCH_ROWS)
        nodes = ids.encode(step % 2, to_texts(texts[part]))
        times = np.full(nodes.size, UNKNOWN if step == 0 else step)
        evidence.add(np.roll(nodes, 1), nodes, groups(nodes), times, to_texts(texts[part]))

    table = ids.table()
    edges = evidence.edges()
    assert steps * BATCH_ROWS > COMPILED_FROM
    assert len(ids) == 6 * BATCH_ROWS
    assert table["id"].to_pylist() == [texts[row] for step in range(6) for row in part_of(step)]
    assert np.array_equal(ids.id_types(), np.repeat([0, 1, 0, 1, 0, 1], BATCH_ROWS))
    assert edges.left.size == 6 * BATCH_ROWS
    assert int(edges.row_count.sum()) == steps * BATCH_ROWS
    ends = zip(edges.left.tolist(), edges.right.tolist(), strict=True)
    assert edges.sample_key is not None
    facts = zip(edges.first_seen.tolist(), edges.last_seen.tolist(), edges.sample_key.to_pylist(), strict=True)
    by_pair = dict(zip(ends, facts, strict=True))
    assert by_pair[0, 1] == (6, 6, texts[1])
    assert by_pair[BATCH_ROWS, BATCH_ROWS + 1] == (1, 7, texts[BATCH_ROWS + 1])


def groups(nodes: NDArray[np.uint32]) -> NDArray[np.int32]:
    """All of one group."""
    return np.zeros(nodes.size, dtype=np.int32)


def part_of(step: int) -> range:
    return range(step % 3 * BATCH_ROWS, (step % 3 + 1) * BATCH_ROWS)


@pytest.mark.parametrize("mask", [0, 1 << 63, 0xFF, 0xFFFFFFFF00000000], ids=["all", "two slots", "tags", "no tags"])
def test_stays_exact_when_hashes_collide(mask: int) -> None:
    """Ids and pairs with equal slots, tags or hashes stay distinct, also when the tables grow."""
    texts = uuids(0, 2000)
    table, edges = IdTable(hash_mask=mask), EdgeTable(hash_mask=mask)

    nodes = table.encode(3, to_texts(texts + texts[::-1]))
    before = np.roll(nodes, 1)
    ends = np.minimum(nodes, before), np.maximum(nodes, before)
    edges.add(*ends, groups(nodes), np.zeros(nodes.size, dtype=np.int64), None)

    assert nodes.tolist() == [*range(2000), *reversed(range(2000))]
    assert [text for _, part in table.texts([(3, 2000)]) for text in part.to_pylist()] == texts
    found = edges.edges()
    pairs = dict(
        zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.row_count.tolist(), strict=True)
    )
    assert pairs == {(n, n + 1): 2 for n in range(1999)} | {(0, 0): 1, (1999, 1999): 1}


def test_gives_up_no_more_than_half_of_the_memory_for_keys() -> None:
    """Keys that are replaced by longer ones do not make the arena grow with the number of rows."""
    table = EdgeTable()
    pair = np.array([0, 1], dtype=np.uint32)
    for round_ in range(400):
        key = to_texts(["k" * 100 * (round_ + 1)])
        table.add(pair[:1], pair[1:], groups(pair[:1]), np.array([-round_]), key)

    keys = table.edges().sample_key
    assert keys is not None
    assert keys.to_pylist() == ["k" * 40_000]
    assert table._arena.nbytes < 4 * 40_000


@BOTH_MODES
def test_a_sealed_dictionary_keeps_its_texts(*, compiled: bool) -> None:
    """A sealed dictionary accepts no more ids, and still returns its ids."""
    ids = Dictionary(compiled=compiled)
    ids.encode(0, to_texts(["a", "b"]))
    ids.seal()

    assert ids.reader().read_all()["id"].to_pylist() == ["a", "b"]
    with pytest.raises(ValueError, match="sealed"):
        ids.encode(0, to_texts(["c"]))


@BOTH_MODES
def test_evidence_refuses_columns_that_do_not_fit(*, compiled: bool) -> None:
    """Columns of different lengths are rejected before compiled code, which checks no bounds."""
    nodes = np.array([0, 1], dtype=np.uint32)
    evidence = Evidence(compiled=compiled)

    with pytest.raises(ValueError, match="2 left ends, but a column of 1"):
        evidence.add(nodes, nodes[:1], groups(nodes), np.zeros(2, dtype=np.int64))


@BOTH_MODES
def test_evidence_without_keys_has_none(*, compiled: bool) -> None:
    """Rows without keys use no memory for keys."""
    evidence = Evidence(compiled=compiled)
    ends = np.array([0, NO_NODE, 2], dtype=np.uint32), np.array([1, 0, 2], dtype=np.uint32)
    evidence.add(*ends, groups(ends[0]), np.full(3, UNKNOWN))

    edges = evidence.edges()
    assert edges.sample_key is None
    assert sorted(zip(edges.left.tolist(), edges.right.tolist(), strict=True)) == [(0, 1), (2, 2)]


def test_reads_views_of_several_buffers() -> None:
    """A ``string_view`` column may keep its texts in many buffers, and short ones in none."""
    column = pa.chunked_array([pa.array([*uuids(n, n + 3), "short"], pa.string_view()) for n in range(3)])
    joined = pa.concat_arrays(column.chunks)
    assert len(joined.buffers()) > 3

    assert Dictionary(compiled=True).encode(0, joined).tolist() == [0, 1, 2, 3, 1, 2, 4, 3, 2, 4, 5, 3]


def test_a_small_shop_needs_neither_numba_nor_pandas() -> None:
    """A few thousand ids do not import numba, because the import takes longer than the work."""
    script = (
        "import sys, numpy as np, pyarrow as pa\n"
        "from onefold.identity.columns import to_texts\n"
        "from onefold.identity.read.encode import Dictionary\n"
        "from onefold.identity.read.edge_evidence import Evidence\n"
        "ids, rows = Dictionary(), Evidence()\n"
        "left, right = ids.encode(0, to_texts(['a', 'b'])), ids.encode(1, to_texts(['c', None]))\n"
        "group, time = np.zeros(2, dtype=np.int32), np.zeros(2, dtype=np.int64)\n"
        "rows.add(left, right, group, time, to_texts(['k', None]))\n"
        "print(ids.table().num_rows, rows.edges().left.size, {'numba', 'pandas'} & {*sys.modules})\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "3 1 set()\n"
