"""The tables of a catalog's data files, as views of one DuckDB connection.

Takes folders and files. A view is created when a statement first names its table, so that commands which read no files
do not wait for them. The reasons for unreadable files are kept. `file_faults` explains rows that cannot be read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from onefold.engines.csv_files import csv_query
from onefold.engines.duckdb_errors import first_paragraph
from onefold.engines.file_faults import Faults
from onefold.engines.file_listing import FileTable, UnreadableError, data_file, file_table, table_name
from onefold.engines.json_files import json_query
from onefold.engines.literals import quoted
from onefold.engines.parquet_files import ParquetTable, parquet_table
from onefold.errors import suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

CSV_INPUT_NULLS = ("", "NULL")
"""Unquoted cells that are NULL in a project's own CSV file; in a catalog's file, only the empty cell is."""

_LISTS_TABLES = ("information_schema", "duckdb_tables", "duckdb_views", "duckdb_columns", "show ")
"""Parts of statements that list tables."""


class FileTables:
    """Tables of data files.

    Args:
        connection: Creates the views.
        declared: DuckDB types of columns, by lower-case name of table and of column.
        required: The declared columns that must be in the files, by lower-case name of table.

    Attributes:
        unreadable: Why a table cannot be read, by its lower-case name with dots between the parts.
        parquet: The tables of Parquet files with a view, by the same names.
        shown: The files of all tables with a view, by the same names.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        declared: Mapping[str, Mapping[str, str]] | None = None,
        required: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._connection = connection
        self._declared = declared or {}
        self._required = required or {}
        self._waiting: dict[str, tuple[str, str, list[Path]]] = {}
        self.unreadable: dict[str, str] = {}
        self.parquet: dict[str, ParquetTable] = {}
        self.shown: dict[str, FileTable] = {}
        self.folders: list[Path] = []

    def add_folder(self, catalog: str, folder: Path, attached: str) -> None:
        """Register the tables of a catalog's folder: its subfolders are schemas, and their content are tables.

        Args:
            catalog: Its name.
            folder: Its path.
            attached: Its name in the database.
        """
        self.folders.append(folder)
        for schema in sorted(p for p in folder.iterdir() if p.is_dir()):
            qualified = f"{quoted(attached)}.{quoted(schema.name)}"
            self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {qualified}")
            for path in sorted(schema.iterdir()):
                if path.name.startswith("."):
                    continue
                name = quoted(table_name(path))
                key = f"{catalog}.{schema.name}.{table_name(path)}".lower()
                waiting: tuple[str, str, list[Path]] = (f"{qualified}.{name}", name[1:-1].lower(), [])
                self._waiting.setdefault(key, waiting)[-1].append(path)

    def add_csv(self, name: str, path: Path) -> None:
        """Register a CSV file as the temporary view ``name``; does nothing if the file is missing."""
        if path.is_file():
            self._show(name.lower(), f"TEMPORARY VIEW {quoted(name)}", path, self._connection, CSV_INPUT_NULLS)

    def show_named(self, sql: str, connection: duckdb.DuckDBPyConnection) -> None:
        """Create the views of the tables that a statement names, and possibly some more.

        Args:
            sql: The statement.
            connection: Creates the views; must not be in a transaction that has written.
        """
        if not self._waiting:
            return
        text = sql.lower()
        lists = any(word in text for word in _LISTS_TABLES)
        for key in [key for key, (_, name, _) in self._waiting.items() if lists or name in text]:
            view, _, paths = self._waiting.pop(key)
            read = [path for path in paths if path.is_dir() or data_file(path) is not None] or paths
            if len(read) > 1:
                names = " and ".join(path.name for path in read)
                self.unreadable[key] = f"{names} both define this table; rename one of them"
                continue
            self._show(key, f"VIEW {view}", read[0], connection)

    def fault(self, message: str, sql: str, connection: duckdb.DuckDBPyConnection) -> str | None:
        """The file, line and value that made a statement fail; None if no file did."""
        text = sql.lower()
        tables = tuple(
            (table, self._declared.get(key, {}))
            for key, table in self.shown.items()
            if key.rpartition(".")[2].replace('"', '""') in text
        ) or tuple((table, self._declared.get(key, {})) for key, table in self.shown.items())
        try:
            return Faults(tables, self._path, connection).explained(message)
        except (OSError, UnreadableError, duckdb.Error):
            return None  # the database's own message must do

    def _path(self, path: Path | str) -> str:
        """A path for messages, relative to the catalog folder."""
        inside = next((folder for folder in self.folders if Path(path).is_relative_to(folder)), Path(path).parent)
        return str(Path(path).relative_to(inside.parent if inside in self.folders else inside))

    def _show(
        self,
        key: str,
        view: str,
        path: Path,
        connection: duckdb.DuckDBPyConnection,
        nulls: tuple[str, ...] = ("",),
    ) -> None:
        declared = self._declared.get(key, {})
        table = FileTable(())
        try:
            table = file_table(path)
            query = self._query(key, table, declared, connection, nulls)
            if key in self._required:
                _check_columns(self._required[key], connection, query)
            connection.execute(f"CREATE OR REPLACE {view} AS {query}")
            self.shown[key] = table
        except UnreadableError as error:
            self.unreadable[key] = str(error)
        except OSError as error:
            self.unreadable[key] = f"{path.name}: {error.strerror or error}"
        except duckdb.Error as error:
            fault = Faults(((table, declared),), self._path, connection).explained(str(error))
            self.unreadable[key] = fault or first_paragraph(str(error)).replace(f"{path.parent}/", "")

    def _query(
        self,
        key: str,
        table: FileTable,
        declared: Mapping[str, str],
        connection: duckdb.DuckDBPyConnection,
        nulls: tuple[str, ...],
    ) -> str:
        if table.format == "csv":
            return csv_query(table, declared, nulls)
        if table.format == "json":
            return json_query(table, declared, connection)
        # Parquet has types of its own; a contract only says how they are read.
        given = {name.lower() for name in self._required.get(key, ())}
        found = parquet_table(table, {n: t for n, t in declared.items() if n in given}, connection)
        self.parquet[key] = found
        return found.query()


def _check_columns(required: Collection[str], connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Raise UnreadableError if a column with a declared type is not in the files."""
    columns = [row[0] for row in connection.execute(f"DESCRIBE {query}").fetchall()]
    for name in required:
        if name.lower() not in {column.lower() for column in columns}:
            hint = suggest(name, columns) or f"available: {', '.join(columns[:12])}"
            raise UnreadableError(
                f'onefold.yaml declares a type for column "{name}", but no file has this column; {hint}'
            )
