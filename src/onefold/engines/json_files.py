"""Reads JSON files: builds SQL that returns their values as text.

Takes the files of a table; returns a query with one column per key. Values are text unless their type is declared.
Numbers keep their digits, true and false are words, lists and objects are JSON. Reads all rows once to find the keys:
the last row may have a new one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.engines.file_listing import UnreadableError
from onefold.engines.literals import literal, paths, quoted, struct
from onefold.engines.text_streams import READ_FAULTS, check_whole, is_utf8, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb

    from onefold.engines.file_listing import DataFile, FileTable

UNCLEAR_DIGITS = "onefold: the digits of a number are not clear"
"""The error that the query raises if a row writes a number of one key in two ways."""

_LONGEST_LINE = 1 << 24

# A number whose text DuckDB's reader does not keep: with an exponent, with trailing zeros, or with more digits than a
# double has. Matches inside texts too, which only costs time.
_REWRITTEN = r":\s*(?:-0[\s,}]|-?[0-9.]*[eE]|-?[0-9]+\.[0-9]+0[\s,}]|-?[0-9.]{16,}[\s,}])"
_KEY_OF_REWRITTEN = r'"((?:[^"\\]|\\.)*)"\s*' + _REWRITTEN


@dataclass(frozen=True)
class _Keys:
    """The keys of the objects in a table's files.

    Attributes:
        names: All keys.
        rewritten: The keys with a number whose text DuckDB's reader does not keep.
    """

    names: tuple[str, ...]
    rewritten: frozenset[str]


def json_query(table: FileTable, declared: Mapping[str, str], connection: duckdb.DuckDBPyConnection) -> str:
    """The query that reads JSON files.

    Args:
        table: The files: one object per line, a list of objects, or consecutive objects.
        declared: DuckDB types by lower-case name of column.
        connection: Reads the keys.

    Raises:
        UnreadableError: If a file cannot be read, or its keys cannot be columns.
        duckdb.Error: If it is damaged.
    """
    layouts: dict[str, list[DataFile]] = {}
    first_keys: list[str] = []
    for file in table.files:
        check_whole(file)
        layout, of_first = _layout(file)
        if layout is not None:
            layouts.setdefault(layout, []).append(file)
            first_keys += of_first
    if not layouts:
        raise UnreadableError(f"{table.files[0].path.name} is empty: expected an object")
    keys = _keys_of(layouts, connection)
    name = table.files[0].path.name if len(table.files) == 1 else f"folder {table.folders[0].name}"
    names = _columns(keys, first_keys, table.keys, name)
    reader = _JsonReader(keys, names, table.keys, declared)
    return " UNION ALL ".join(reader.query(layout, files) for layout, files in layouts.items())


def _layout(file: DataFile) -> tuple[str | None, list[str]]:
    """DuckDB's name for the layout of a file, and the keys of the first object if they are easy to find."""
    try:
        with opened(file) as text:
            line = text.readline(_LONGEST_LINE)
            while line and not line.strip():
                line = text.readline(_LONGEST_LINE)
    except READ_FAULTS as error:
        raise UnreadableError(f"{file.path.name}, line 1: {getattr(error, 'strerror', None) or error}") from error
    if not is_utf8(line):
        raise UnreadableError(f"{file.path.name}, line 1: this is not UTF-8; convert it, for example with iconv")
    if not line:
        return None, []
    if file.suffix == ".json" and line.lstrip().startswith("["):
        return "array", []
    try:
        first = json.loads(line)
    except ValueError:
        return ("unstructured" if file.suffix == ".json" else "newline_delimited"), []
    return "newline_delimited", list(first) if isinstance(first, dict) else []


def _keys_of(layouts: Mapping[str, Sequence[DataFile]], connection: duckdb.DuckDBPyConnection) -> _Keys:
    names: dict[str, None] = {}
    rewritten: set[str] = set()
    for layout, files in layouts.items():
        source, flag = _objects(layout, files), f"regexp_matches(json, {literal(_REWRITTEN)})"
        found = connection.execute(f"SELECT DISTINCT json_keys(json), {flag} FROM {source}").fetchall()  # noqa: S608
        names |= dict.fromkeys(key for keys, _ in found for key in keys)
        if any(is_rewritten for _, is_rewritten in found):
            tokens = f"regexp_extract_all(json, {literal(_KEY_OF_REWRITTEN)}, 1)"
            listed = connection.execute(f"SELECT DISTINCT unnest({tokens}) FROM {source} WHERE {flag}")  # noqa: S608
            rewritten |= {_unescaped(row[0]) for row in listed.fetchall()}
    return _Keys(tuple(names), frozenset(rewritten))


def _unescaped(key: str) -> str:
    try:
        return str(json.loads(f'"{key}"', strict=False))
    except ValueError:
        return key


def _columns(keys: _Keys, first: Iterable[str], folders: Iterable[str], name: str) -> tuple[str, ...]:
    """The names of columns: those of the first object in its order, then the others sorted by name."""
    names = tuple(dict.fromkeys((*(k for k in first if k in keys.names), *sorted(keys.names))))
    seen: dict[str, str] = {}
    for key in names:
        if not key or "\0" in key:
            raise UnreadableError(f"{name}: an object has a key without a name; rename it")
        other = seen.setdefault(key.lower(), key)
        if other != key:
            raise UnreadableError(f'{name}: keys "{other}" and "{key}" differ only in case; rename one')
    return (*names, *(f for f in folders if f.lower() not in seen))


def _objects(layout: str, files: Sequence[DataFile], hive: str = "") -> str:
    return f"read_json_objects({paths(f.path for f in files)}, format = {literal(layout)}{hive})"


@dataclass(frozen=True)
class _JsonReader:
    """The facts that the queries of all files of a table share.

    Attributes:
        keys: Keys of the objects.
        names: Names of the table's columns.
        folders: Keys of Hive folders.
        declared: DuckDB types, by lower-case name.
    """

    keys: _Keys
    names: Sequence[str]
    folders: Sequence[str]
    declared: Mapping[str, str]

    def query(self, layout: str, files: Sequence[DataFile]) -> str:
        """The query for files of one layout."""
        own = [name for name in self.names if name in self.keys.names]
        partitions = [name for name in self.names if name not in self.keys.names]
        if 0 < len(partitions) < len(self.folders):
            message = f"some of its folder keys are also keys of its objects: {', '.join(self.folders)}"
            raise UnreadableError(f"{files[0].path.name}: {message}")
        hive = f", hive_partitioning = {str(bool(partitions)).lower()}, hive_types_autocast = false"
        of_folders = [f"CAST({quoted(name)} AS {self._type(name)}) AS {quoted(name)}" for name in partitions]
        if not self.keys.rewritten & set(own):
            # One pass over the text; the alternative parses each object once per column.
            columns = struct({name: self._type(name) for name in own})
            options = f"format = {literal(layout)}, records = 'true', columns = {columns}{hive}"
            selected = ", ".join([*map(quoted, own), *of_folders])
            return f"SELECT {selected} FROM read_json({paths(f.path for f in files)}, {options})"  # noqa: S608
        values = [
            f"CAST({_value(name, rewritten=name in self.keys.rewritten)} AS {self._type(name)}) AS {quoted(name)}"
            for name in own
        ]
        return f"SELECT {', '.join([*values, *of_folders])} FROM {_objects(layout, files, hive)}"  # noqa: S608

    def _type(self, name: str) -> str:
        return self.declared.get(name.lower(), "VARCHAR")


def _value(key: str, *, rewritten: bool) -> str:
    """The text of a key's value in the object ``json``.

    The text of a number is searched in the text of the object. A match must equal the parsed number, because the key
    may also occur in nested objects and in texts.
    """
    pointer = literal("/" + key.replace("~", "~0").replace("/", "~1"))
    plain = f"json_extract_string(json, {pointer})"
    if not rewritten:
        return plain
    written = json.dumps(key, ensure_ascii=False)
    pattern = literal(re.escape(written).replace("\\ ", " ") + r"\s*:\s*(-?[0-9][0-9.eE+-]*)")
    equal = f"x = {plain} OR TRY_CAST(x AS DOUBLE) = TRY_CAST({plain} AS DOUBLE)"
    found = f"list_distinct(list_filter(regexp_extract_all(json, {pattern}, 1), lambda x: {equal}))"
    digits = f"CASE WHEN len({found}) = 1 THEN {found}[1] ELSE error({literal(UNCLEAR_DIGITS)}) END"
    kind = f"json_type(json, {pointer})"
    return f"CASE WHEN {kind} IN ('DOUBLE', 'BIGINT', 'UBIGINT') THEN {digits} ELSE {plain} END"
