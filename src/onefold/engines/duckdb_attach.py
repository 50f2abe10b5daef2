"""Attaches the databases of a DuckDB connection: the output file, the catalogs, and no other file.

Takes a connection, paths and names. Raises `AccessError` for files that cannot be opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from onefold.engines.duckdb_errors import cannot_open
from onefold.engines.duckdb_names import OUTPUT
from onefold.engines.literals import literal, quoted
from onefold.engines.spill import remove_abandoned
from onefold.environment import translate_os_errors
from onefold.errors import AccessError, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from onefold.engines.file_tables import FileTables

WAL_FILES = (".wal", ".wal.checkpoint", ".wal.recovery")
"""Suffixes of the auxiliary files that DuckDB creates beside a database file."""


def attach_output(
    connection: duckdb.DuckDBPyConnection, database: Path, schema: str, spill: Path, *, read_only: bool
) -> None:
    """Attach the database file as `OUTPUT` with the output schema as default; a writable connection creates both."""
    # Streams read ahead by more than the default megabyte, so that reader and writer seldom wait for each other.
    for setting in (
        "enable_progress_bar=true",
        "enable_progress_bar_print=false",
        "streaming_buffer_size='64MB'",
        "max_streaming_buffer_size='64MB'",
    ):
        connection.execute(f"SET {setting}")
    # Tables have no row order; not preserving one saves much memory in large joins.
    connection.execute("SET preserve_insertion_order=false")
    if read_only and not database.exists():
        raise AccessError(
            Finding(
                "error",
                "no-output",
                "the database file does not exist: nothing has been built yet",
                database.name,
                "build it with `pb run`",
            )
        )
    if not read_only:
        with translate_os_errors("create the folder of the database", database.parent):
            database.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"SET temp_directory={literal(str(spill))}")
    mode = " (READ_ONLY)" if read_only else ""
    try:
        connection.execute(f"ATTACH {literal(str(database))} AS {quoted(OUTPUT)}{mode}")
    except duckdb.Error as error:
        raise AccessError(cannot_open(database, error)) from error
    qualified = f"{quoted(OUTPUT)}.{quoted(schema)}"
    if not read_only:
        remove_abandoned(database.parent)
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {qualified}")
    try:
        connection.execute(f"USE {qualified}")
    except duckdb.Error as error:
        raise AccessError(
            Finding(
                "error",
                "no-output",
                f'schema "{schema}" has not been built yet',
                database.name,
                "build it with `pb run`",
            )
        ) from error


def attach_catalogs(
    connection: duckdb.DuckDBPyConnection,
    catalogs: Mapping[str, Path],
    attached_as: Mapping[str, str],
    tables: FileTables,
) -> None:
    """Attach the catalogs of a project read-only: folders as views over their files, database files directly."""
    for name, path in catalogs.items():
        attached = attached_as.get(name.lower(), name)
        if path.is_dir():
            connection.execute(f"ATTACH ':memory:' AS {quoted(attached)}")
            tables.add_folder(name, path, attached)
        elif path.is_file():
            try:
                connection.execute(f"ATTACH {literal(str(path))} AS {quoted(attached)} (READ_ONLY)")
            except duckdb.Error as error:
                raise AccessError(cannot_open(path, error)) from error
        else:
            raise AccessError(
                Finding(
                    "error",
                    "no-catalog",
                    f'catalog "{name}" is neither a folder nor a database file: {path.name}',
                    "onefold.yaml",
                    "create the sample shop with `pb insert`, or fix the path under catalogs in onefold.yaml",
                )
            )


def shut_other_files(
    connection: duckdb.DuckDBPyConnection, database: Path, spill: Path, declared: list[Path], exports: Path | None
) -> None:
    """From here on, no statement can open a file that the project did not declare."""
    folders = [str(p) for p in declared if p.is_dir()] + [str(spill)]
    files = [str(p) for p in declared if p.is_file()] + [str(database), f"{database}.wal"]
    files += [f"{exports}{suffix}" for suffix in ("", *WAL_FILES)] if exports is not None else []
    connection.execute(f"SET allowed_directories=[{', '.join(map(literal, folders))}]")
    connection.execute(f"SET allowed_paths=[{', '.join(map(literal, files))}]")
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")
