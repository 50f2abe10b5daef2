"""Translates DuckDB's errors into kinds of failures and findings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb

from onefold.environment import CAUSES, errno_in
from onefold.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from onefold.engines.base import FailureKind

_HELD_HERE = "Unique file handle conflict"
"""Part of the message if this process already has the file open."""

_HELD = re.compile(r"^(?:IO Error: )?Could not set lock on file", re.MULTILINE)
_HOLDER = re.compile(r"held in (\S.*?) \(PID (\d+)\)")
_FILE = re.compile(r'file "([^"]+)"')
_OUT_OF_SPACE = "max_temp_directory_size"
"""The setting that DuckDB names when the disk has no room for spilled data."""
_CORRUPT = (duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException, duckdb.IOException)

RESTORE = "restore the file from a backup, or move it away and run `pb run`, which creates new main ids"

_KINDS: tuple[tuple[type[Exception], FailureKind], ...] = (
    (duckdb.CatalogException, "missing"),
    (duckdb.BinderException, "column"),
    (duckdb.ConversionException, "value"),
    (duckdb.OutOfRangeException, "value"),
    (duckdb.InvalidInputException, "value"),
    (duckdb.TypeMismatchException, "type"),
    (duckdb.ParserException, "syntax"),
    (duckdb.OutOfMemoryException, "memory"),
    (duckdb.IOException, "file"),
    (duckdb.PermissionException, "file"),
)


def kind(error: Exception) -> FailureKind:
    """The kind of failure of an error."""
    return next((kind for cls, kind in _KINDS if isinstance(error, cls)), "other")


_KINDS_BY_NAME: Mapping[str, FailureKind] = {
    "Conversion": "value",
    "Out of Range": "value",
    "Invalid Input": "value",
    "Mismatch Type": "type",
    "Out of Memory": "memory",
    "IO": "file",
}


def kind_by_name(message: str) -> FailureKind:
    """The kind of failure, from the text of an error."""
    return _KINDS_BY_NAME.get(message.partition(" Error:")[0], "other")


def first_paragraph(message: str) -> str:
    """The driver's message without the excerpt of the statement and without the prefix of the error type."""
    text = message.split("\n\nLINE ", maxsplit=1)[0].split("\nLINE ", maxsplit=1)[0].strip()
    return re.sub(r"^[A-Z][A-Za-z ]*Error: ", "", text)


def of_machine(error: Exception, path: Path | None = None) -> Finding | None:
    """The finding for an error caused by the disk, permissions or process limits; None for other errors.

    Args:
        error: The error of the driver, or of an Arrow reader, which keeps only its text.
        path: The file that was requested; None takes the one in the message.
    """
    # Data values may contain the same words, so other kinds of errors are ignored.
    by_name = kind_by_name(str(error)) if isinstance(error, OSError) else kind(error)
    if by_name not in {"file", "memory"} and not isinstance(error, duckdb.FatalException | duckdb.TransactionException):
        return None
    text = first_paragraph(str(error))
    named = _FILE.search(text)
    where = path.name if path is not None else named[1] if named else None
    if _OUT_OF_SPACE in text:
        hint = "free space on the disk, or raise `memory_limit` in onefold.yaml so that less is spilled"
        return Finding(
            "error", "disk-full", "the disk is full: data that does not fit into memory cannot be spilled", where, hint
        )
    number = errno_in(text)
    if number is None:
        return None
    code, cause, hint = CAUSES[number]
    return Finding("error", code, f"cannot read or write a file: {cause}", where, hint)


def is_damage(error: duckdb.Error) -> bool:
    """Whether an error reports a damaged database file."""
    return isinstance(error, duckdb.SerializationException) or "Corrupt database file" in str(error)


def not_of_statement(error: BaseException, database: str) -> Finding | None:
    """The finding for an error that no statement caused: the machine, or a damaged database file."""
    if not isinstance(error, duckdb.Error | OSError):
        return None
    machine = of_machine(error)
    if machine is not None:
        return machine
    return damaged(database, str(error)) if isinstance(error, duckdb.Error) and is_damage(error) else None


def damaged(name: str, message: str) -> Finding:
    """The database file is damaged."""
    said = first_paragraph(message).partition("\n")[0]
    return Finding("error", "damaged-database", f"the database file is damaged: {said}", name, RESTORE)


def holder_of(message: str) -> str | None:
    """The process that locks a database file: ``python3.12, process 4711``; None if it is not locked."""
    if _HELD_HERE in message:
        return "this process"
    if not _HELD.search(message):
        return None
    found = _HOLDER.search(message)
    return f"{found[1].rsplit('/', 1)[-1]}, process {found[2]}" if found else "another process"


def cannot_open(path: Path, error: duckdb.Error) -> Finding:
    """The error for a database file that cannot be opened."""
    message = str(error)
    holder = holder_of(message)
    if holder is not None:
        hint = (
            "close it there, or wait with `--wait 10m`; `published_copy: true` in onefold.yaml gives readers "
            "a file of their own"
        )
        return Finding("error", "locked", f"the database file is in use by {holder}", path.name, hint)
    machine = of_machine(error, path)
    if machine is not None:
        return machine
    if "version number" in message or "not a valid DuckDB" in message:
        hint = "restore it from a backup, or choose another path for the output"
        return Finding("error", "not-duckdb", "this is not a DuckDB file that this version can read", path.name, hint)
    if isinstance(error, _CORRUPT) or is_damage(error):
        return damaged(path.name, message.replace(str(path), path.name))
    return Finding("error", "cannot-open", first_paragraph(message).replace(str(path), path.name), path.name)
