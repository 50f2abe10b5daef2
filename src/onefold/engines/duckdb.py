"""DuckDB in this process: the default engine.

The database file is attached to an in-memory database under the name ``onefold``, so that a project may use any catalog
name, even ``WAREHOUSE``. A catalog of the project is a folder of data files, shown as views, or another database file,
attached read-only. Afterwards DuckDB is told to open no other file, so the SQL of a project can only read what the
project declares.

Statements run in a worker thread. The calling thread stays free to report progress and to handle Ctrl-C, which
interrupts the statement at once. Inside the driver, an interrupt was seen to take minutes.
"""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from onefold.engines.base import DatabaseObject, EngineError, TableState
from onefold.engines.data_files import states
from onefold.engines.duckdb_attach import WAL_FILES, attach_catalogs, attach_output, shut_other_files
from onefold.engines.duckdb_errors import first_paragraph, kind, kind_by_name, not_of_statement
from onefold.engines.duckdb_names import OUTPUT, attached_names
from onefold.engines.duckdb_types import column_type
from onefold.engines.file_tables import FileTables
from onefold.engines.literals import literal, quoted
from onefold.engines.spill import size_of, spill_folder
from onefold.errors import AccessError, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    import pyarrow as pa

    from onefold.engines.base import ColumnType, FailureKind, Place


T = TypeVar("T")

_POLL_SECONDS = 0.1

_FILE_KINDS = ("value", "file", "other")
"""Kinds of failures that a data file may cause."""

_OBJECTS = """
SELECT t.table_catalog, t.table_schema, t.table_name, t.table_type, v.view_definition
FROM information_schema.tables AS t LEFT JOIN information_schema.views AS v
    USING (table_catalog, table_schema, table_name)
"""

_ROWS_TO_DROP = 10_000
"""Rows of a query that runs as a statement, discarded at a time."""

_BATCH_ROWS = 1 << 20
"""Rows per batch of a stream: enough to amortize the cost of a call and of alternating work. About a hundred megabytes
if a row has two UUIDs, more if ids are longer."""


class DuckDB:
    """One DuckDB connection.

    Args:
        database: The database file; created with its folder unless ``read_only``.
        schema: The output schema; created unless ``read_only``.
        catalogs: Folder or database file by the project's catalog name.
        csv_files: CSV file by the name of the temporary view over it.
        declared: Types of columns of data files, by lower-case name of table and of column.
        required: The declared columns that must exist, by lower-case name of table.
        session: Statements to run once at the start; compiled SQL depends on them.
        read_only: Open the database file read-only.
        progress: Called with the finished share of a running statement.
        exports: The file that `export` writes.
        memory: Bytes that may be used before rows spill to disk; None leaves the choice to DuckDB.

    Raises:
        AccessError: If the file is in use or not a DuckDB file, or a catalog does not exist.
    """

    def __init__(
        self,
        database: Path,
        schema: str,
        *,
        catalogs: Mapping[str, Path] | None = None,
        csv_files: Mapping[str, Path] | None = None,
        declared: Mapping[str, Mapping[str, str]] | None = None,
        required: Mapping[str, Collection[str]] | None = None,
        session: Sequence[str] = (),
        read_only: bool = False,
        progress: Callable[[float], None] | None = None,
        exports: Path | None = None,
        memory: int | None = None,
    ) -> None:
        self.schema, self._name = schema, database.name
        self._attached = attached_names(catalogs or {}, schema)
        self._progress, self._spill = progress, spill_folder(database.absolute().parent)
        self.spilled, self.beside_copy = 0, WAL_FILES
        self._in_transaction, self._read_only = False, read_only
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="duckdb")
        self._connection = duckdb.connect()
        self._tables = FileTables(self._connection, declared, required)
        self.unreadable = self._tables.unreadable
        try:
            if memory is not None:
                self._connection.execute(f"SET memory_limit='{memory}B'")
            for statement in session:
                self._connection.execute(statement)
            attach_output(self._connection, database.absolute(), schema, self._spill, read_only=read_only)
            attach_catalogs(self._connection, catalogs or {}, self._attached, self._tables)
            for name, path in (csv_files or {}).items():
                self._tables.add_csv(name, path)
            readable = [*(catalogs or {}).values(), *(csv_files or {}).values()]
            shut_other_files(self._connection, database.absolute(), self._spill, readable, exports)
        except BaseException as error:
            self.close()
            self._blame_machine(error)
            raise

    # --- methods of the interface ---

    def execute(self, sql: str) -> int:
        """See ``Engine.execute``."""

        def run() -> int:
            self._show_tables(sql)
            found = self._connection.execute(sql).fetchone()
            while self._connection.fetchmany(_ROWS_TO_DROP):  # a query by the author whose rows are discarded
                pass
            return int(found[0]) if found and isinstance(found[0], int) else 0

        return self._in_worker(run, sql)

    def fetch(self, sql: str) -> pa.Table:
        """See ``Engine.fetch``."""

        def run() -> pa.Table:
            self._show_tables(sql)
            return self._connection.sql(sql).to_arrow_table()

        return self._in_worker(run, sql)

    def stream(self, sql: str) -> Iterator[pa.RecordBatch]:
        """See ``Engine.stream``. The next batch is read while the caller works on the current one."""

        def begin() -> pa.RecordBatchReader:
            self._show_tables(sql)
            return self._connection.sql(sql).to_arrow_reader(_BATCH_ROWS)

        reader = self._in_worker(begin, sql)

        def advance() -> pa.RecordBatch | None:
            return next(reader, None)

        try:
            coming = self._worker.submit(advance)
            while (batch := self._awaited(coming, sql)) is not None:
                coming = self._worker.submit(advance)
                yield batch
        finally:
            with contextlib.suppress(Exception):
                coming.result()
            # An unread result would block the connection.
            self._worker.submit(reader.close).result()

    def describe(self, sql: str) -> Mapping[str, ColumnType]:
        """See ``Engine.describe``."""

        def run() -> dict[str, ColumnType]:
            self._show_tables(sql)
            rows = self._connection.execute(f"DESCRIBE {sql}").fetchall()
            return {row[0]: column_type(row[1]) for row in rows}

        return self._in_worker(run, sql)

    @contextlib.contextmanager
    def upload(self, name: str, rows: pa.Table) -> Iterator[None]:
        """See ``Engine.upload``. DuckDB reads Arrow in place; dictionaries of texts appear as text, not as ENUM."""
        uploaded, encoded = f"uploaded_{name}", [f.name for f in rows.schema if _is_dictionary(f.type)]
        texts = ", ".join(f"CAST({quoted(c)} AS VARCHAR) AS {quoted(c)}" for c in encoded)
        columns = f"* REPLACE ({texts})" if texts else "*"

        def register() -> None:
            self._connection.register(uploaded, rows)
            view = f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT {columns} FROM {quoted(uploaded)}"  # noqa: S608
            self._connection.execute(view)

        def drop() -> None:
            try:
                self._connection.execute(f"DROP VIEW {quoted(name)}")
            finally:
                self._connection.unregister(uploaded)

        self._in_worker(register, f"upload {name}")
        try:
            yield
        except BaseException:
            # In a transaction nothing can be dropped after a failure; the rollback removes the view.
            with contextlib.suppress(EngineError, AccessError):
                self._in_worker(drop, f"drop {name}")
            raise
        self._in_worker(drop, f"drop {name}")

    def objects(self, name: str | None = None, *, everywhere: bool = False) -> tuple[DatabaseObject, ...]:
        """See ``Engine.objects``.

        If everything is asked for, the views of all data files are created, which reads the files.
        """
        named = "" if name is None else f"WHERE lower(t.table_name) = {literal(name.lower())}"
        sql = f"{_OBJECTS} {named} ORDER BY ALL"

        def run() -> list[tuple[Any, ...]]:
            if everywhere:
                self._show_tables(sql)
            return self._connection.execute(sql).fetchall()

        own = {attached: given for given, attached in self._attached.items()}
        found = []
        for catalog, schema, table, type_of, definition in self._in_worker(run, sql):
            place: Place = {"temp": "temporary", OUTPUT: "output"}.get(catalog, "source")  # type: ignore[assignment]
            if everywhere or place == "temporary" or (place == "output" and schema == self.schema):
                is_view = "VIEW" in type_of or definition is not None
                shown = DatabaseObject(own.get(catalog, catalog), schema, table, "view" if is_view else "table", place)
                found.append(replace(shown, definition=definition or ""))
        return tuple(found)

    def state(self, table: str) -> TableState | None:
        """See ``Engine.state``. Parquet only: the columns of other formats depend on the content of all files."""
        catalog, *rest = table.split(".")
        parts = [self._attached.get(catalog, catalog) if rest else catalog, *rest]
        columns = self.describe(f"SELECT * FROM {'.'.join(map(quoted, parts))}")  # noqa: S608
        found = self._tables.parquet.get(table)
        if found is None:
            return None
        folders, listed = [str(p) for p in found.table.folders], [str(f.path) for f in found.table.files]
        states_of = states([*folders, *listed])
        if states_of is None:
            return None
        shape = ", ".join((f"duckdb {duckdb.__version__}", *(f"{name} {kind}" for name, kind in columns.items())))
        return TableState({file: states_of[file] for file in listed}, shape, " ".join(states_of[p] for p in folders))

    @contextlib.contextmanager
    def scan_files(self, name: str, table: str, files: Collection[str]) -> Iterator[None]:
        """See ``FileReader.scan_files``. The columns are those of the whole table; other files are not opened."""
        rows = self._tables.parquet[table].query(files)
        self.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {rows}")
        try:
            yield
        except BaseException:
            with contextlib.suppress(EngineError, AccessError):  # as in `upload`
                self.execute(f"DROP VIEW {quoted(name)}")
            raise
        self.execute(f"DROP VIEW {quoted(name)}")

    def export(self, file: Path, names: Sequence[str]) -> None:
        """See ``CopyWriter.export``. The file must have been passed to the constructor."""
        copy, schema = quoted("published_copy"), quoted(self.schema)
        self.execute(f"ATTACH {literal(str(file))} AS {copy}")
        try:
            with self.transaction():
                self.execute(f"CREATE SCHEMA IF NOT EXISTS {copy}.{schema}")
                for name in map(quoted, names):
                    self.execute(f"CREATE TABLE {copy}.{schema}.{name} AS SELECT * FROM {schema}.{name}")  # noqa: S608
        finally:
            self.execute(f"DETACH {copy}")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """See ``Engine.transaction``."""
        if self._in_transaction:
            yield
            return
        self.execute("BEGIN TRANSACTION")
        self._in_transaction = True
        try:
            yield
        except BaseException:
            self._in_transaction = False
            with contextlib.suppress(EngineError, AccessError):
                self.execute("ROLLBACK")
            raise
        self._in_transaction = False
        self.execute("COMMIT")

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """See ``Engine.lock``.

        A connection that may write is already exclusive: DuckDB lets no other connection open the file.
        """
        if self._read_only:
            message = "the database was opened read-only, so nothing can be written"
            raise AccessError(Finding("error", "read-only", message, self._name, "close it, and open it for writing"))
        yield

    def close(self) -> None:
        """See ``Engine.close``."""
        self._worker.shutdown(wait=True)
        self._connection.close()

    # --- running statements ---

    def _in_worker(self, work: Callable[[], T], sql: str) -> T:
        """Run ``work`` in the worker thread; meanwhile report progress, and forward an interrupt to the statement."""
        return self._awaited(self._worker.submit(work), sql)

    def _awaited(self, future: Future[T], sql: str) -> T:
        """Run ``work`` in the worker thread, see ``_in_worker``."""
        try:
            while True:
                try:
                    return future.result(_POLL_SECONDS)
                except NotYet:
                    self._report()
        except duckdb.Error as error:
            self._blame_machine(error)
            raise self._failed(kind(error), str(error), sql) from error
        except OSError as error:  # an Arrow reader reports a failed statement only by its text
            self._blame_machine(error)
            raise self._failed(kind_by_name(str(error)), str(error), sql) from error
        except KeyboardInterrupt:
            self._connection.interrupt()
            with contextlib.suppress(Exception):
                future.result()
            raise

    def _failed(self, what: FailureKind, message: str, sql: str) -> EngineError:
        """The error of a statement; if a file could not be read, with the file's name and the line."""
        fault = self._tables.fault(message, sql, self._connection.cursor()) if what in _FILE_KINDS else None
        return EngineError(what, first_paragraph(message), sql) if fault is None else EngineError("file", fault, sql)

    def _show_tables(self, sql: str) -> None:
        # A transaction writes to one database. Views of files are in another one, so they need another connection.
        self._tables.show_named(sql, self._connection.cursor() if self._in_transaction else self._connection)

    def _blame_machine(self, error: BaseException) -> None:
        """Raise an error that is caused by the disk, permissions, limits or a damaged database."""
        found = not_of_statement(error, self._name)
        if found is not None:
            raise AccessError(found) from error

    def _report(self) -> None:
        self.spilled = max(self.spilled, size_of(self._spill))
        if self._progress is not None:
            percent = self._connection.query_progress()
            if percent >= 0:
                self._progress(min(percent / 100, 1.0))


def _is_dictionary(kind: pa.DataType) -> bool:
    return str(kind).startswith("dictionary<")
