"""Explains why a data file cannot be read: finds the file, the line or row group, the column and the value.

Takes the message of a failed statement and the tables in it; returns one sentence, or None if no file is the cause.
Reads the files again if the message does not say enough.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from onefold.engines.csv_files import REPEATED_HEADER, header_of, repeats_header, rows_with_lines
from onefold.engines.file_listing import DataFile, UnreadableError, data_file
from onefold.engines.json_files import UNCLEAR_DIGITS, json_query
from onefold.engines.literals import paths, quoted
from onefold.engines.text_streams import READ_FAULTS, is_utf8, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from onefold.engines.file_listing import FileTable

_CSV_LINE = re.compile(r"CSV Error on Line: (\d+)\n(?:Original Line: ?(.*)\n)?", re.DOTALL)
_CSV_FILE = re.compile(r"^\s*file = (.+)$", re.MULTILINE)
_CSV_CELLS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_CSV_CAST = re.compile(
    r"Error when converting column \"(.*?)\"\. Could not convert string \"(.*?)\" to '(.*?)'", re.DOTALL
)
_JSON = re.compile(r'(Malformed JSON|JSON transform error) in file "(.+?)",.*? in line (\d+): (.*)', re.DOTALL)
_GZIP = re.compile(r"GZIP stream(?:: (.+))?")
_PARQUET_WORDS = ("parquet", "decompress", "snappy", "zstd", "corrupt", "page", "thrift", "tprotocol", "invalid")
_SHOWN = 60


@dataclass(frozen=True)
class Faults:
    """Finds errors in data files.

    Attributes:
        tables: The tables in the statement, with the declared types of their columns.
        shown: Formats a path for messages.
        connection: Runs further queries.
    """

    tables: tuple[tuple[FileTable, Mapping[str, str]], ...]
    shown: Callable[[Path | str], str]
    connection: duckdb.DuckDBPyConnection

    def explained(self, message: str) -> str | None:
        """One sentence; None if no file is the cause."""
        if "CSV" in message and (file := _CSV_FILE.search(message)):
            return self._csv(message, file[1].strip())
        if REPEATED_HEADER in message:
            return self._repeated_header()
        if UNCLEAR_DIGITS in message:
            names = ", ".join(self.shown(f.path) for f in self._files("json"))
            return f"{names}: an object has the same key and number in two spellings; declare the type of the column"
        if found := _JSON.search(message):
            return self._json(found[2], int(found[3]), found[4], is_value=found[1] == "JSON transform error")
        if found := _GZIP.search(message):
            return self._gzip(found[1])
        if any(word in message.lower() for word in _PARQUET_WORDS):
            return self._parquet()
        return None

    def _files(self, kind: str) -> Iterable[DataFile]:
        return (file for table, _ in self.tables if table.format == kind for file in table.files)

    # --- CSV ---

    def _csv(self, message: str, path: str) -> str:
        line = _CSV_LINE.search(message)
        if line is None:
            return self._line_ends(path)
        place = f"{self.shown(path)}, line {line[1]}"
        text = _short((line[2] or "").split("\n")[0])
        if found := _CSV_CAST.search(message):
            return f'{place}, column "{found[1]}": "{_short(found[2])}" is not a valid {found[3]}'
        if found := _CSV_CELLS.search(message):
            return f"{place}: {found[2]} cells, but the header has {found[1]}: {text}"
        if "unterminated quote" in message:
            return f"{place}: a quote is not closed, or text follows the closing one: {text}"
        if "unicode" in message:
            return f"{place}: this is not UTF-8: {text}"
        if "Maximum line size" in message:
            return f"{place}: the line is longer than 2,000,000 bytes; a quote may not be closed"
        return f"{place}: {_short(message.splitlines()[-1])}"

    def _line_ends(self, path: str) -> str:
        """The first line with another line end than the lines before it; DuckDB does not name it."""
        file, ends = data_file(Path(path)), {"\n": "LF", "\r": "CR", "\r\n": "CRLF"}
        if file is not None:
            with opened(file) as text:
                first = None
                for number, line in enumerate(text, start=1):
                    end = line[len(line.rstrip("\r\n")) :]
                    first = first or end
                    if end not in ("", first) and end in ends:
                        message = f"the line ends with {ends[end]}, but the first one with {ends.get(first, first)}"
                        return f"{self.shown(path)}, line {number}: {message}; use the same line end in the whole file"
        return f"{self.shown(path)}: this is not valid CSV"

    def _repeated_header(self) -> str | None:
        for file in self._files("csv"):
            try:
                header = header_of(file)
                if header is None:
                    continue
                with opened(file) as text:
                    rows = rows_with_lines(text, header.delimiter)
                    next(rows, None)
                    for line, row in rows:
                        if repeats_header(row, header):
                            hint = "two exports may have been joined; remove the line"
                            return f"{self.shown(file.path)}, line {line} repeats the header ({','.join(row)}); {hint}"
            except (*READ_FAULTS, UnreadableError):
                continue
        return None

    # --- JSON ---

    def _json(self, path: str, line: int, reason: str, *, is_value: bool) -> str:
        reason = _short(reason.split("\n", maxsplit=1)[0])
        if is_value:
            column = self._misfit("json")
            return column or f"{self.shown(path)}, line {line}: {reason}"
        file = data_file(Path(path))
        if file is None or file.suffix == ".json":
            return f"{self.shown(path)}, about line {line}: this is not valid JSON: {reason}"
        with opened(file) as text:
            for number, content in enumerate(text, start=1):
                if not is_utf8(content):
                    return f"{self.shown(path)}, line {number}: this is not UTF-8"
                if content.strip() and not _is_json(content):
                    return f"{self.shown(path)}, line {number}: this is not valid JSON: {_short(content.strip())}"
        return f"{self.shown(path)}, line {line}: {reason}"

    def _misfit(self, kind: str) -> str | None:
        """The first value that does not have its declared type."""
        for table, declared in self.tables:
            if table.format != kind:
                continue
            for name, wanted in declared.items():
                rows = json_query(table, {}, self.connection)
                value = quoted(name)
                query = f"SELECT {value} FROM ({rows}) WHERE TRY_CAST({value} AS {wanted}) IS NULL AND {value} IS NOT NULL LIMIT 1"  # noqa: S608, E501
                try:
                    found = self.connection.execute(query).fetchone()
                except duckdb.Error:
                    continue
                if found is not None:
                    names = ", ".join(self.shown(f.path) for f in table.files[:3])
                    return f'{names}, column "{name}": "{_short(str(found[0]))}" is not a valid {wanted}'
        return None

    # --- compressed files, Parquet ---

    def _gzip(self, path: str | None) -> str:
        names = self.shown(path) if path else ", ".join(self.shown(f.path) for f in self._compressed())
        return f"{names} is damaged: its gzip stream is truncated or invalid; copy the file again"

    def _compressed(self) -> Iterable[DataFile]:
        return (f for table, _ in self.tables for f in table.files if f.compression == "gzip")

    def _parquet(self) -> str | None:
        """The first row group and column that cannot be read."""
        for file in self._files("parquet"):
            source = f"read_parquet({paths([file.path])}, file_row_number = true, hive_partitioning = false)"
            reason = self._refused(f"SELECT max(hash(COLUMNS(*))) FROM {source}")  # noqa: S608
            if reason is None:
                continue
            place = self.shown(file.path)
            try:
                groups = self.connection.execute(
                    f"SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata({paths([file.path])}) ORDER BY 1",  # noqa: S608, E501
                ).fetchall()
                columns = [r[0] for r in self.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]  # noqa: S608
            except duckdb.Error:
                return f"{place} is damaged: {reason}"
            begins = 0
            for group, rows in groups:
                within = f"file_row_number >= {begins} AND file_row_number < {begins + rows}"
                for column in columns:
                    if self._refused(f"SELECT max(hash({quoted(column)})) FROM {source} WHERE {within}"):  # noqa: S608
                        return f'{place}, row group {group}, column "{column}" is damaged: {reason}'
                begins += rows
            return f"{place} is damaged: {reason}"
        return None

    def _refused(self, query: str) -> str | None:
        try:
            self.connection.execute(query).fetchall()
        except duckdb.Error as error:
            return _short(str(error).split("\n")[0])
        return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _short(text: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
