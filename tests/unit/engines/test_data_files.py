"""Data files are read as text, by column name, or rejected with a reason."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest

from onefold.engines.base import EngineError
from onefold.engines.duckdb import DuckDB

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TABLE = "raw.app.t"


class Files:
    """A catalog folder, read by an engine of its own each time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.declared = folder / "data", dict[str, str]()
        (self.folder / "app").mkdir(parents=True)

    def write(self, name: str, content: str | bytes) -> None:
        path = self.folder / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def parquet(self, name: str, query: str) -> None:
        path = self.folder / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")

    def open(self) -> DuckDB:
        return DuckDB(
            self.folder.parent / "out.duckdb", "main", catalogs={"raw": self.folder},
            declared={TABLE: self.declared}, required={TABLE: self.declared},
        )  # fmt: skip

    def ask(self, sql: str) -> list[dict[str, Any]]:
        engine = self.open()
        try:
            found: list[dict[str, Any]] = engine.fetch(sql).to_pylist()
            return found
        finally:
            engine.close()

    def rows(self, table: str = TABLE) -> list[dict[str, Any]]:
        return self.ask(f"SELECT * FROM {table} ORDER BY ALL")

    def why(self, sql: str = f"SELECT * FROM {TABLE}") -> str:
        """Why the table, or a row of it, cannot be read."""
        engine = self.open()
        try:
            with pytest.raises(EngineError) as told:
                engine.fetch(sql)
            return engine.unreadable.get(TABLE, str(told.value))
        finally:
            engine.close()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


# --- text files ---

TEXTS = (
    "1.10",
    "1.1",
    "12e4",
    "120000",
    "007",
    "2026-1-5",
    "True",
    "true",
    "NULL",
    "null",
    "NaN",
    " x ",
    "1_000",
    "0x1F",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_cells_are_texts(files: Files, suffix: str, text: str) -> None:
    """A cell is the text in the file, whatever it looks like."""
    comma = "," if suffix == "csv" else "\t"
    files.write(f"t.{suffix}", f"id{comma}other\n{text}{comma}x\n")

    assert files.rows() == [{"id": text, "other": "x"}]


def test_empty_cells(files: Files) -> None:
    """An empty cell is NULL; an empty text in quotes is an empty text."""
    files.write("t.csv", 'id,a\n1,\n2,""\n')

    assert files.rows() == [{"id": "1", "a": None}, {"id": "2", "a": ""}]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("id,a\r\n1,x\r\n2,y\r\n", [("1", "x"), ("2", "y")]),
        ("id,a\r1,x\r2,y\r", [("1", "x"), ("2", "y")]),
        ("\ufeffid,a\n1,x\n", [("1", "x")]),
        ("id,a\n1,x", [("1", "x")]),
        ("id,a\n", []),
        ("id,a", []),
        ('id,a\n1,"x\ny"\n2,"z"\n', [("1", "x\ny"), ("2", "z")]),
        ('"id",a\n1,"say ""hi"""\n', [("1", 'say "hi"')]),
        ("id;a\n1;x,y\n", [("1", "x,y")]),
        ("id|a\n1|x;y\n", [("1", "x;y")]),
        ("id\ta\n1\tx\n", [("1", "x")]),
        ("id,a\n1,x\n\n2,y\n\n", [("1", "x"), ("2", "y")]),
        ("id,a\n1,x\0y\n", [("1", "x\0y")]),
    ],
)
def test_layouts_of_csv(files: Files, content: str, rows: list[tuple[str, ...]]) -> None:
    """Line ends, quotes, a byte order mark and the separator of the header are handled."""
    files.write("t.csv", content)

    assert [tuple(row.values()) for row in files.rows()] == rows


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,a\n1,x\n2\n3,y\n", "data/app/t.csv, line 3: 1 cells, but the header has 2: 2"),
        ("id,a\n1,x\n2,y,z\n", "data/app/t.csv, line 3: 3 cells, but the header has 2: 2,y,z"),
        ('id,a\n1,x\n2,"y\n3,z\n', "data/app/t.csv, line 3: a quote is not closed"),
        ('id,a\n1,"x"y\n', "data/app/t.csv, line 2: a quote is not closed, or text follows the closing one"),
        ("id,a\n1,x\nid,a\n2,y\n", "data/app/t.csv, line 3 repeats the header (id,a)"),
        ("id,a\n1,x\na,id\ny,2\n", "data/app/t.csv, line 3 repeats the header (a,id)"),
        ("id,a\n1,x\r\n2,y\n", "data/app/t.csv, line 2: the line ends with CRLF, but the first one with LF"),
        (b"id,a\n1,x\n2,\xff\n", "data/app/t.csv, line 3: this is not UTF-8"),
        ("id,a\n1,x\n".encode("utf-16"), "t.csv, line 1: this is not UTF-8"),
        ("", "t.csv is empty: expected a header line"),
        ("\nid,a\n1,x\n", "t.csv, line 1 is empty; the header must be the first line"),
        ("id,ID\n1,x\n", 't.csv, line 1: columns 1 and 2 are both named "ID"; rename one'),
        ("id;a|b\n1;x|y\n", "t.csv, line 1: the separator is ambiguous"),
        (gzip.compress(b"id,a\n1,x\n", mtime=0), "t.csv is compressed with gzip; rename it to t.csv.gz"),
    ],
)
def test_csv_that_cannot_be_read(files: Files, content: str | bytes, words: str) -> None:
    """Nothing is dropped or shifted: the message has the file, the line and the problem."""
    files.write("t.csv", content)

    assert words in files.why()


def test_columns_without_a_name(files: Files) -> None:
    """The index column of pandas has no name; it is named by its position."""
    files.write("t.csv", ",id\n0,u1\n")

    assert files.rows() == [{"column0": "0", "id": "u1"}]


@pytest.mark.parametrize(
    ("json", "text"),
    [
        ("101", "101"),
        ('"u2"', "u2"),
        ("1.10", "1.10"),
        ("1e5", "1e5"),
        ("12345678901234567.5", "12345678901234567.5"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("-0.50", "-0.50"),
        ("10.0", "10.0"),
        ("true", "true"),
        ("null", None),
        ('""', ""),
        ('"ABCDEF12-0000-4000-8000-000000000000"', "ABCDEF12-0000-4000-8000-000000000000"),
        ('"2026-01-05T10:00:00+02:00"', "2026-01-05T10:00:00+02:00"),
        ('"\\u00e9"', "é"),
        ('["a", {"b": 1}]', '["a",{"b":1}]'),
    ],
)
@pytest.mark.parametrize(
    "layout",
    ['{{"id": {}}}\n{{"id": "other"}}\n', '[{{"id": {}}}, {{"id": "other"}}]', '{{\n "id": {}\n}}\n{{"id": "other"}}'],
)
def test_values_of_json(files: Files, layout: str, json: str, text: str | None) -> None:
    """A text is kept, a number keeps its digits, a list is JSON; other rows have no influence."""
    files.write("t.json", layout.format(json))

    assert sorted(files.rows(), key=lambda row: row["id"] == "other") == [{"id": text}, {"id": "other"}]


def test_keys_of_json(files: Files) -> None:
    """A key that only the last row has is a column; so is one with special characters of patterns."""
    rows = "".join(f'{{"id": "{n}"}}\n' for n in range(3000))
    files.write("t.ndjson", rows + '{"id": "last", "a.b*\'\\"/~": 1.50, "n": {"a.b": 1.5}}\n')

    (last,) = files.ask(f"SELECT * FROM {TABLE} WHERE id = 'last'")
    assert last == {"id": "last", "a.b*'\"/~": "1.50", "n": '{"a.b":1.5}'}
    assert len(files.rows()) == 3001


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"id": 1}\n{"id":\n{"id": 2}\n', 'data/app/t.ndjson, line 2: this is not valid JSON: {"id":'),
        ('{"id": 1}\n[2]\n', "data/app/t.ndjson, line 2: Expected OBJECT, but got ARRAY"),
        ('{"id": 1, "id": 2}\n', 'data/app/t.ndjson, line 1: Object {"id":1,"id":2} has duplicate key "id"'),
        ('{"id": 1, "ID": 2}\n', 't.ndjson: keys "id" and "ID" differ only in case; rename one'),
        (b'{"id": 1}\n{"id": "\xff"}\n', "data/app/t.ndjson, line 2: this is not UTF-8"),
        ("", "t.ndjson is empty: expected an object"),
        ('{"": 1}\n', "t.ndjson: an object has a key without a name"),
    ],
)
def test_json_that_cannot_be_read(files: Files, content: str | bytes, words: str) -> None:
    """The message has the file, the line and the problem."""
    files.write("t.ndjson", content)

    assert words in files.why()


# --- compressed files ---


@pytest.mark.parametrize("suffix", ["csv", "tsv", "ndjson"])
@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_compressed_files(files: Files, suffix: str, compression: str) -> None:
    """A compressed file is the table of its name, with the rows of the plain one."""
    plain = {"csv": "id,a\n1.10,x\n", "tsv": "id\ta\n1.10\tx\n", "ndjson": '{"id": "1.10", "a": "x"}\n'}[
        suffix
    ].encode()
    files.write(f"t.{suffix}.{compression}", gzip.compress(plain) if compression == "gz" else zstd(plain))

    assert files.rows() == [{"id": "1.10", "a": "x"}]


@pytest.mark.parametrize("compression", ["gz", "zst"])
@pytest.mark.parametrize("kept", [0.5, 0.9, 0.999])
def test_compressed_files_that_are_cut_off(files: Files, compression: str, kept: float) -> None:
    """A truncated file is an error, not a shorter file."""
    plain = b"id,a\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(200_000))
    packed = gzip.compress(plain) if compression == "gz" else zstd(plain)
    files.write(f"t.csv.{compression}", packed[: int(len(packed) * kept)])

    assert f"t.csv.{compression}" in (why := files.why())
    assert "truncated" in why


def test_two_streams_in_a_compressed_file(files: Files) -> None:
    """Concatenated streams are read to the end of the last."""
    files.write("t.csv.zst", zstd(b"id,a\n1,x\n") + zstd(b"2,y\n"))
    files.write("u.csv.gz", gzip.compress(b"id,a\n1,x\n") + gzip.compress(b"2,y\n"))

    assert files.rows() == files.rows("raw.app.u") == [{"id": "1", "a": "x"}, {"id": "2", "a": "y"}]


def zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data))


# --- folders ---


def test_folders_are_read_by_name(files: Files) -> None:
    """Files with other columns, another order or another case of names are one table; missing values are NULL."""
    files.write("t/1.csv", "id,a\n1,x\n")
    files.write("t/2.csv", "b;A;ID\ny;z;2\n")
    files.write("t/2026/01/3.csv.gz", gzip.compress(b"id\n3\n"))
    files.write("t/_SUCCESS", "")
    files.write("t/.part.crc", "x")
    files.write("t/4.csv", "")

    assert files.rows() == [
        {"id": "1", "a": "x", "b": None}, {"id": "2", "a": "z", "b": "y"}, {"id": "3", "a": None, "b": None},
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "parquet"])
def test_hive_folders(files: Files, suffix: str) -> None:
    """Names of folders ``key=value`` are text columns; folders above the table's are not."""
    for day, place in (("2026-01-01", "a%20b"), ("2026-01-02", "__HIVE_DEFAULT_PARTITION__")):
        path = f"t/day={day}/place={place}/x.{suffix}"
        if suffix == "parquet":
            files.parquet(path, "SELECT '1.10' AS id")
        else:
            files.write(path, {"csv": "id\n1.10\n", "ndjson": '{"id": 1.10}\n'}[suffix])

    assert files.rows() == [
        {"id": "1.10", "day": "2026-01-01", "place": "a b"}, {"id": "1.10", "day": "2026-01-02", "place": None},
    ]  # fmt: skip


def test_a_catalog_within_a_hive_folder(tmp_path: Path) -> None:
    """``key=value`` in the path of the catalog does not add a column."""
    files = Files(tmp_path / "run=5")
    files.parquet("t/a.parquet", "SELECT 1 AS id")
    files.write("u/a.csv", "id\n1\n")

    assert (files.rows(), files.rows("raw.app.u")) == ([{"id": 1}], [{"id": "1"}])


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (("t.xlsx",), "t.xlsx has an unsupported format; supported formats: csv, tsv"),
        (("t.parquet.gz",), "t.parquet.gz has an unsupported format"),
        (("t/a.csv", "t/b.csv.bz2"), "folder t: b.csv.bz2 has an unsupported format"),
        (("t/a.csv", "t/b.ndjson"), "folder t: a.csv is csv, b.ndjson is json"),
        (("t/_notes.csv",), "folder t has no data file"),
        (("t.csv", "t.tsv"), "t.csv and t.tsv both define this table; rename one of them"),
        (("t.csv", "T.csv.gz"), "T.csv.gz and t.csv both define this table; rename one of them"),
        (("t/_delta_log/0.json", "t/a.parquet"), "folder t is a Delta table, whose files also contain deleted rows"),
        (("t/metadata/v1.metadata.json", "t/data/a.parquet"), "folder t is an Iceberg table"),
        (("t/day=1/a.csv", "t/b.csv"), "folder t: b.csv and day=1/a.csv are in folders with different keys"),
    ],
)
def test_what_is_not_read(files: Files, paths: tuple[str, ...], words: str) -> None:
    """A file that is not part of the table is named, with the reason."""
    for path in paths:
        files.write(path, "id\n1\n")

    assert words in files.why()


def test_names_of_tables(files: Files) -> None:
    """Suffixes may be in capitals; dots and quotes in a name belong to it."""
    files.write("T.CSV", "id\n1\n")
    files.write("a.b'c\"d.csv", "id\n2\n")
    files.write("v1.2/x.csv", "id\n3\n")

    assert files.rows() == [{"id": "1"}]
    assert files.rows('raw.app."a.b\'c""d"') == [{"id": "2"}]
    assert files.rows('raw.app."v1.2"') == [{"id": "3"}]


# --- declared types ---


def test_declared_types(files: Files) -> None:
    """A declared type is used, in each format and for folder keys too; other columns stay text."""
    files.declared = {"amount": "DECIMAL(18,2)", "day": "DATE"}
    files.write("t/day=2026-01-01/a.csv", "id,amount\n1.10,7.5\n")

    (row,) = files.ask(f"SELECT id, amount::VARCHAR AS amount, typeof(day) AS kind FROM {TABLE}")
    assert row == {"id": "1.10", "amount": "7.50", "kind": "DATE"}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "t.csv",
            "id,amount\n1,7.5\n2,many\n",
            'data/app/t.csv, line 3, column "amount": "many" is not a valid DECIMAL',
        ),
        (
            "t.ndjson",
            '{"amount": 7.5}\n{"amount": "many"}\n',
            'data/app/t.ndjson, column "amount": "many" is not a valid DECIMAL',
        ),
        (
            "t.csv",
            "id,amuont\n1,2\n",
            'onefold.yaml declares a type for column "amount", but no file has this column; did you mean "amuont"?',
        ),
    ],
)
def test_values_of_another_type(files: Files, name: str, content: str, words: str) -> None:
    """A value that does not have the declared type is an error with its location; so is a missing column."""
    files.declared = {"amount": "DECIMAL(18,2)"}
    files.write(name, content)

    assert words in files.why()


# --- Parquet ---

WIDER: Mapping[str, tuple[str, str, list[str]]] = {
    "whole numbers": ("5::INTEGER", "9000000000::BIGINT", ["5", "9000000000"]),
    "unsigned": ("5::TINYINT", "200::UTINYINT", ["200", "5"]),
    "whole and floating": ("5::INTEGER", "7.9::DOUBLE", ["5.0", "7.9"]),
    "whole and decimal": ("5::INTEGER", "7.25::DECIMAL(10,2)", ["5.00", "7.25"]),
    "decimals": ("1.5::DECIMAL(4,1)", "7.25::DECIMAL(10,2)", ["1.50", "7.25"]),
    "date and timestamp": (
        "DATE '2026-01-01'",
        "TIMESTAMP '2026-01-01 10:00:00'",
        ["2026-01-01 00:00:00", "2026-01-01 10:00:00"],
    ),
    "with a zone": (
        "TIMESTAMP '2026-01-01 10:00:00'",
        "TIMESTAMPTZ '2026-01-01 10:00:00+02'",
        ["2026-01-01 08:00:00+00", "2026-01-01 10:00:00+00"],
    ),
    "whole number and text": ("101::BIGINT", "'u2'", ["101", "u2"]),
    "floating and text": ("101::DOUBLE", "'1.5'", ["1.5", "101"]),
    "nothing": ("NULL::INTEGER", "DATE '2026-01-01'", []),
    "lists": ("[1]::INTEGER[]", "[9000000000]", ["[1]", "[9000000000]"]),
    "structs": ("{'a': 1::INTEGER}", "{'a': 2::BIGINT, 'b': 'x'}", ["{'a': 1, 'b': NULL}", "{'a': 2, 'b': x}"]),
}


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("name", [n for n in WIDER if n != "nothing"])
def test_types_widen(files: Files, name: str, swapped: bool) -> None:  # noqa: FBT001
    """The type holds the values of all files, in any order of the files."""
    first, second, values = WIDER[name]
    files.parquet("t/1.parquet", f"SELECT {second if swapped else first} AS v")
    files.parquet("t/2.parquet", f"SELECT {first if swapped else second} AS v, 'new' AS more")

    rows = files.ask(f"SELECT v::VARCHAR AS v, more FROM {TABLE} ORDER BY v")
    assert [row["v"] for row in rows] == values
    assert sorted(str(row["more"]) for row in rows) == ["None", "new"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("DATE '2026-01-01'", "5"),
        ("true", "5"),
        ("'x'::BLOB", "'x'"),
        ("[1]", "'x'"),
        ("TIME '10:00:00'", "DATE '2026-01-01'"),
    ],
)
def test_types_that_do_not_widen(files: Files, first: str, second: str) -> None:
    """If no type holds the values of both, both files are named."""
    files.parquet("t/1.parquet", f"SELECT {first} AS v")
    files.parquet("t/2.parquet", f"SELECT {second} AS v")

    why = files.why()
    assert 'column "v"' in why
    assert "1.parquet" in why
    assert "2.parquet" in why


def test_whole_numbers_too_large_beside_floating_ones(files: Files) -> None:
    """A whole number that a DOUBLE would round is an error with its value."""
    files.parquet("t/1.parquet", "SELECT 9007199254740993 AS v")
    files.parquet("t/2.parquet", "SELECT 1.5::DOUBLE AS v")

    assert "9007199254740993" in files.why()


def test_some_files_of_a_folder(files: Files) -> None:
    """The columns and types of some files are those of all files."""
    files.parquet("t/1.parquet", "SELECT 5::INTEGER AS v")
    files.parquet("t/2.parquet", "SELECT 7.9::DOUBLE AS v, 'x' AS more")
    engine = files.open()
    paths = sorted(str(p) for p in (files.folder / "app/t").iterdir())
    engine.describe(f"SELECT * FROM {TABLE}")

    with engine.scan_files("few", TABLE, paths[:1]):
        assert engine.fetch("SELECT * FROM few").to_pylist() == [{"v": 5.0, "more": None}]
    with engine.scan_files("few", TABLE, []):
        found = engine.describe("SELECT * FROM few")
        assert {name: str(kind) for name, kind in found.items()} == {"v": "DOUBLE", "more": "VARCHAR"}
        assert engine.fetch("SELECT * FROM few").num_rows == 0
    engine.close()


@pytest.mark.parametrize("kept", [0, 10, 300])
def test_damaged_parquet(files: Files, kept: int) -> None:
    """A truncated file is named."""
    files.parquet("t.parquet", "SELECT i AS id FROM range(1000) r(i)")
    path = files.folder / "app/t.parquet"
    path.write_bytes(path.read_bytes()[:kept])

    assert "t.parquet" in files.why()


def test_damaged_row_group(files: Files) -> None:
    """For a damaged page, the message has the row group and the column."""
    path = files.folder / "app/t.parquet"
    query = "SELECT i AS id, md5(i::VARCHAR) AS v FROM range(10000) r(i)"
    duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048, COMPRESSION gzip)")
    begins = duckdb.execute(
        "SELECT data_page_offset FROM parquet_metadata(?) WHERE row_group_id = 2 AND path_in_schema = 'v'", [str(path)]
    ).fetchone()
    assert begins is not None
    content = bytearray(path.read_bytes())
    content[begins[0] + 60 : begins[0] + 400] = bytes(340)
    path.write_bytes(content)

    assert 'data/app/t.parquet, row group 2, column "v" is damaged' in files.why(f"SELECT max(hash(v)) FROM {TABLE}")
