"""Reads CSV and TSV files: builds SQL that returns their cells as text.

Takes the files of a table; returns a query. The header is the first line; nothing is inferred from rows. Every column
is text unless its type is declared. Reads only the first line of each file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from onefold.engines.file_listing import UnreadableError
from onefold.engines.literals import literal, paths, quoted, struct, texts
from onefold.engines.text_streams import READ_FAULTS, check_whole, is_utf8, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import IO

    from onefold.engines.file_listing import DataFile, FileTable

REPEATED_HEADER = "onefold: a row repeats the header"
"""The error that the query raises; `file_faults` finds the file and line."""

_LONGEST_HEADER = 1 << 20
_OTHERS = ";\t|"


@dataclass(frozen=True)
class Header:
    """The first line of a file.

    Attributes:
        names: Names of the columns, as written; a column without a name is ``column<position>``, counted from 0.
        written: The names as written, empty for columns without a name.
        delimiter: The separator of cells.
    """

    names: tuple[str, ...]
    written: tuple[str, ...]
    delimiter: str


def csv_query(table: FileTable, declared: Mapping[str, str], nulls: Sequence[str] = ("",)) -> str:
    """The query that reads CSV files.

    Args:
        table: The files.
        declared: DuckDB types by lower-case name of column.
        nulls: Unquoted cells that are NULL.

    Raises:
        UnreadableError: If a file has no header, or an invalid one.
    """
    groups: dict[Header, list[DataFile]] = {}
    for file in table.files:
        check_whole(file)
        header = header_of(file)
        if header is not None:
            groups.setdefault(header, []).append(file)
    if not groups:
        raise UnreadableError(f"{table.files[0].path.name} is empty: expected a header line")
    columns: dict[str, str] = {}
    for header in groups:
        for name in header.names:
            columns.setdefault(name.lower(), name)
    for key in table.keys:
        columns.setdefault(key.lower(), key)
    reader = _CsvReader(table.keys, columns, declared, nulls)
    return " UNION ALL ".join(reader.query(header, files) for header, files in groups.items())


def header_of(file: DataFile) -> Header | None:
    """The header of a file; None for an empty file.

    Raises:
        UnreadableError: If the first line is not a valid header.
    """
    name = file.path.name
    try:
        with opened(file) as text:
            lines = _lines(text, name)
            first = next(lines, None)
            if first is None:
                return None
            if not is_utf8(first):
                raise UnreadableError(f"{name}, line 1: this is not UTF-8; convert it, for example with iconv")
            if not first.strip("\r\n"):
                raise UnreadableError(f"{name}, line 1 is empty; the header must be the first line")
            delimiter = "\t" if file.suffix == ".tsv" else _delimiter(first, name)
            written = next(csv.reader(chain([first], lines), delimiter=delimiter, strict=True))
    except READ_FAULTS as error:
        raise UnreadableError(f"{name}, line 1: {getattr(error, 'strerror', None) or error}") from error
    except csv.Error as error:
        raise UnreadableError(f"{name}, line 1: the header is not valid CSV: {error}") from error
    if any("\0" in cell for cell in written):
        raise UnreadableError(f"{name}, line 1: the header contains a NUL byte; save the file as UTF-8")
    names = tuple(cell or f"column{number}" for number, cell in enumerate(written))
    seen: dict[str, int] = {}
    for number, cell in enumerate(names, start=1):
        if cell.lower() in seen:
            first_at = seen[cell.lower()]
            raise UnreadableError(
                f'{name}, line 1: columns {first_at} and {number} are both named "{cell}"; rename one'
            )
        seen[cell.lower()] = number
    return Header(names, tuple(written), delimiter)


def _lines(text: IO[str], name: str) -> Iterator[str]:
    length = 0
    while line := text.readline(_LONGEST_HEADER + 1):
        length += len(line)
        if length > _LONGEST_HEADER:
            raise UnreadableError(f"{name}, line 1: the header does not end within {_LONGEST_HEADER:,} characters")
        yield line


def _delimiter(header: str, name: str) -> str:
    """Comma if the header has one outside quotes; otherwise the only one of semicolon, tab and bar that it has."""
    bare = "".join(header.split('"')[::2])
    if "," in bare:
        return ","
    found = [c for c in _OTHERS if c in bare]
    if len(found) > 1:
        raise UnreadableError(
            f"{name}, line 1: the separator is ambiguous, because the header has several of {found!r}"
        )
    return found[0] if found else ","


@dataclass(frozen=True)
class _CsvReader:
    """The facts that the queries of all files of a table share.

    Attributes:
        keys: Names of the Hive folders.
        columns: Names of the table's columns, by lower-case name.
        declared: DuckDB types, by lower-case name.
        nulls: Unquoted cells that are NULL.
    """

    keys: Sequence[str]
    columns: Mapping[str, str]
    declared: Mapping[str, str]
    nulls: Sequence[str]

    def query(self, header: Header, files: Sequence[DataFile]) -> str:
        """The query for files with the same header, with the columns of the whole table."""
        own = {name: self._type(name) for name in header.names}
        lower = {name.lower() for name in own}
        folders = {key.lower(): key for key in self.keys if key.lower() not in lower}
        if 0 < len(folders) < len(self.keys):
            message = f"some of its folder keys are also columns of the file: {', '.join(self.keys)}"
            raise UnreadableError(f"{files[0].path.name}: {message}")
        options = [
            "auto_detect = false", "header = true", "null_padding = false", "strict_mode = true",
            "ignore_errors = false", f"delim = {literal(header.delimiter)}", "quote = '\"'", "escape = '\"'",
            "allow_quoted_nulls = false", f"nullstr = {texts(self.nulls)}", f"columns = {struct(own)}",
            f"hive_partitioning = {str(bool(folders)).lower()}", "hive_types_autocast = false",
        ]  # fmt: skip
        source = f"read_csv({paths(f.path for f in files)}, {', '.join(options)})"
        there = {name.lower(): quoted(name) for name in own}
        there |= {key: f"CAST({quoted(name)} AS {self._type(key)})" for key, name in folders.items()}
        selected = [
            f"{there.get(key, f'CAST(NULL AS {self._type(key)})')} AS {quoted(name)}"
            for key, name in self.columns.items()
        ]
        return f"SELECT {', '.join(selected)} FROM {source} WHERE {_no_header(header, own)}"  # noqa: S608

    def _type(self, name: str) -> str:
        return self.declared.get(name.lower(), "VARCHAR")


def _no_header(header: Header, own: Mapping[str, str]) -> str:
    """A condition that raises an error for a row that repeats the names of columns."""
    names = texts(name for name in header.written if name)
    tests = [
        f"{quoted(name)} IN {names}"
        for name, written in zip(header.names, header.written, strict=True)
        if written and own[name] == "VARCHAR"
    ]
    if not tests:
        return "true"
    return f"CASE WHEN {' AND '.join(tests)} THEN error({literal(REPEATED_HEADER)}) ELSE true END"


def repeats_header(row: Sequence[str], header: Header) -> bool:
    """Whether a row repeats the header, with the same test as the query of `csv_query`."""
    names = {name for name in header.written if name}
    return all(cell in names for cell, name in zip(row, header.written, strict=False) if name)


def rows_with_lines(text: IO[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file, each with the number of its first line."""
    reader, line = csv.reader(text, delimiter=delimiter), 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1
