"""Texts in files stay what they are: in any format, split, order and compression, whatever rows come later."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from onefold.engines.duckdb import DuckDB

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NAMES = ("the id", "the value")
ENDS = st.sampled_from(["\n", "\r\n"])
ANY_TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "1.10",
            "1.1",
            "12e3",
            "120e2",
            "007",
            "True",
            "2026-01-05",
            "01/05/2026",
            "NULL",
            " x",
            "x ",
            '"',
            ",",
            "\n",
            "\r",
            "#",
            "\\",
        ]
    ),
)
NUMBER = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**6), max_value=10**6).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["1.10", "1e5", "1E5", "0.0", "100.00", "1.5e-7", "true", "false"]),
)
WRITTEN = st.one_of(
    NUMBER.map(lambda text: (text, text)), st.text(max_size=5).map(lambda text: (json.dumps(text), text))
)
"""A JSON value as it is written, and as it is read."""


def read(files: Mapping[str, bytes], query: str) -> list[tuple[Any, ...]]:
    """The rows of a query over the files of a catalog's folder."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, "data/app", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        engine = DuckDB(Path(folder, "out.duckdb"), "main", catalogs={"raw": Path(folder, "data")})
        try:
            return [tuple(row.values()) for row in engine.fetch(query).to_pylist()]
        finally:
            engine.close()


def as_csv(rows: Sequence[Sequence[str]], end: str = "\n") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([NAMES, *rows])
    return text.getvalue().encode()


def as_json(rows: Sequence[Sequence[str]]) -> bytes:
    lines = (json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=len(row[0]) % 2 == 0) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=8), end=ENDS)
@settings(max_examples=examples(40))
def test_ids_of_any_text(texts: list[str], end: str) -> None:
    """Ids of any text come unchanged out of CSV, JSON and Parquet files, and those of one format join the others'."""
    rows = [(text, str(n)) for n, text in enumerate(texts)]
    sink = io.BytesIO()
    pq.write_table(pa.table({name: [row[n] for row in rows] for n, name in enumerate(NAMES)}), sink)
    files = {"a.csv": as_csv(rows, end), "b.ndjson": as_json(rows), "c.parquet": sink.getvalue()}
    tables = 'raw.app.a JOIN raw.app.b USING ("the id", "the value") JOIN raw.app.c USING ("the id", "the value")'

    assert Counter(read(files, f"SELECT * FROM {tables}")) == Counter(rows)


def split(rows: list[Any], cuts: list[int]) -> list[list[Any]]:
    """The rows in parts, some of which may be empty."""
    places = sorted({0, len(rows), *(cut % (len(rows) + 1) for cut in cuts)})
    return [rows[a:b] for a, b in pairwise(places)] or [[]]


def compressed(content: bytes, way: str) -> bytes:
    if way == ".gz":
        return gzip.compress(content)
    return bytes(pa.Codec("zstd").compress(content)) if way else content


def folder_of(
    parts: list[list[Any]], order: list[int], ways: list[str], suffix: str, written: Callable[[list[Any]], bytes]
) -> dict[str, bytes]:
    """A folder with a file per part, named so that they are read in some order."""
    return {
        f"t/{order[n % len(order)]}_{n}{suffix}{ways[n % len(ways)]}": compressed(written(part), ways[n % len(ways)])
        for n, part in enumerate(parts)
    }


HOW = {
    "cuts": st.lists(st.integers(0, 20), max_size=3),
    "order": st.permutations(range(4)),
    "ways": st.lists(st.sampled_from(["", ".gz", ".zst"]), min_size=1, max_size=3),
}


@given(
    rows=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=8),
    later=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=4),
    **HOW,
)
@settings(max_examples=examples(30))
def test_csv_split_and_appended(rows: Any, later: Any, cuts: list[int], order: list[int], ways: list[str]) -> None:
    """CSV rows are the same in one file and in several, compressed or not, and when rows are appended."""
    files = folder_of(split([*rows, *later], cuts), order, ways, ".csv", as_csv)

    assert Counter(read(files, "SELECT * FROM raw.app.t")) == Counter([*rows, *later])
    assert Counter(read({"t.csv": as_csv(rows)}, "SELECT * FROM raw.app.t")) == Counter(rows)


@given(
    rows=st.lists(st.tuples(WRITTEN, WRITTEN), min_size=1, max_size=8),
    later=st.lists(st.tuples(WRITTEN, WRITTEN), max_size=4),
    **HOW,
)
@settings(max_examples=examples(40))
def test_json_split_and_appended(rows: Any, later: Any, cuts: list[int], order: list[int], ways: list[str]) -> None:
    """JSON values are the text that is written, whatever stands in other rows and files."""

    def written(part: list[Any]) -> bytes:
        return "".join(f'{{"the id": {a[0]}, "the value" :{b[0]} }}\n' for a, b in part).encode()

    files = folder_of(split([*rows, *later], cuts), order, ways, ".ndjson", written)
    columns = 'SELECT "the id", "the value" FROM raw.app.t'

    assert Counter(read(files, columns)) == Counter((a[1], b[1]) for a, b in [*rows, *later])
    assert Counter(read({"t.ndjson": written(rows)}, columns)) == Counter((a[1], b[1]) for a, b in rows)
