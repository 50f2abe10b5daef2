"""Reads Parquet files: builds SQL that reads them by column name, with types wide enough for all files.

Takes the files of a table; returns a query for all or some of the files. Reads the footers of the files, and no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.engines.file_listing import UnreadableError
from onefold.engines.literals import paths, quoted
from onefold.engines.widening import WideningError, cast, widened

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import duckdb

    from onefold.engines.file_listing import FileTable


@dataclass(frozen=True)
class _Column:
    """A column of the table.

    Attributes:
        name: Its name in the first file.
        type: The DuckDB type that holds the values of all files.
        file: A file that has the column.
    """

    name: str
    type: str
    file: str


@dataclass(frozen=True)
class ParquetTable:
    """Parquet files that make one table.

    Attributes:
        table: The files.
        groups: The paths of files by their columns: (name, type) in order.
        columns: Columns of the table by lower-case name, without those of Hive folders.
        declared: Declared types by lower-case name.
    """

    table: FileTable
    groups: Mapping[tuple[tuple[str, str], ...], tuple[str, ...]]
    columns: Mapping[str, _Column]
    declared: Mapping[str, str]

    def query(self, only: Collection[str] | None = None) -> str:
        """The query for all files, or for ``only`` some; the columns are the same."""
        parts = []
        for shape, files in self.groups.items():
            chosen = files if only is None else tuple(f for f in files if f in only)
            if chosen:
                parts.append(self._group_query(shape, chosen))
        if not parts:
            shape, files = next(iter(self.groups.items()))
            parts.append(f"{self._group_query(shape, files[:1])} LIMIT 0")
        return " UNION ALL ".join(parts)

    def _group_query(self, shape: Sequence[tuple[str, str]], files: Sequence[str]) -> str:
        own = {name.lower(): (name, kind) for name, kind in shape}
        folders = [key for key in self.table.keys if key.lower() not in self.columns]
        options = f"hive_partitioning = {str(bool(folders)).lower()}, hive_types_autocast = false"
        source = f"read_parquet({paths(files)}, {options})"
        if len(self.groups) == 1 and not self.declared and not folders:
            return f"SELECT * FROM {source}"  # noqa: S608
        selected = []
        for lower, column in self.columns.items():
            name, kind = own.get(lower, (None, '"NULL"'))
            value = cast(quoted(name) if name else "NULL", kind, column.type, column.name, column.file)
            if (declared := self.declared.get(lower)) is not None:
                value = f"CAST({value} AS {declared})"
            selected.append(f"{value} AS {quoted(column.name)}")
        for key in folders:
            declared = self.declared.get(key.lower(), "VARCHAR")
            selected.append(f"CAST({quoted(key)} AS {declared}) AS {quoted(key)}")
        return f"SELECT {', '.join(selected)} FROM {source}"  # noqa: S608


def parquet_table(table: FileTable, declared: Mapping[str, str], connection: duckdb.DuckDBPyConnection) -> ParquetTable:
    """The combined columns of Parquet files.

    Raises:
        UnreadableError: If the types of a column have no common wider type.
        duckdb.Error: If a file is damaged.
    """
    listed = [str(file.path) for file in table.files]
    fields = "{'name': name, 'type': duckdb_type, 'children': coalesce(num_children, 0)}"
    rows = connection.execute(
        f"SELECT file_name, list({fields} ORDER BY column_id) FROM parquet_schema({paths(listed)}) GROUP BY file_name"  # noqa: S608
    ).fetchall()
    shapes = {path: _top_columns(fields_of) for path, fields_of in rows}
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for path in listed:
        groups.setdefault(shapes[path], []).append(path)
    columns: dict[str, _Column] = {}
    for shape, of_shape in groups.items():
        for name, kind in shape:
            columns[name.lower()] = _joined(columns.get(name.lower()), name, kind, of_shape[0], table)
    folders = [key for key in table.keys if key.lower() not in columns]
    if 0 < len(folders) < len(table.keys):
        message = f"some of its folder keys are also columns of the files: {', '.join(table.keys)}"
        raise UnreadableError(f"folder {table.folders[0].name}: {message}")
    return ParquetTable(table, {s: tuple(p) for s, p in groups.items()}, columns, declared)


def _joined(known: _Column | None, name: str, kind: str, file: str, table: FileTable) -> _Column:
    if known is None:
        return _Column(name, kind, file)
    try:
        wider = widened(known.type, kind)
    except WideningError:
        root = table.folders[0]
        first, second = (p.removeprefix(f"{root}/") for p in (known.file, file))
        message = f'column "{known.name}" is {known.type} in {first} and {kind} in {second}, and no type can hold both'
        raise UnreadableError(
            f"folder {root.name}: {message}; rewrite one of them, or declare the type under files in onefold.yaml"
        ) from None
    return _Column(known.name, wider, known.file if wider == known.type else file)


def _top_columns(listed: Sequence[Mapping[str, object]]) -> tuple[tuple[str, str], ...]:
    """The columns of a schema listed depth first, starting at its root."""
    found, skipped = [], 0
    for field in listed[1:]:
        children = int(str(field["children"]))
        if skipped:
            skipped += children - 1
            continue
        found.append((str(field["name"]), str(field["type"])))
        skipped = children
    return tuple(found)
