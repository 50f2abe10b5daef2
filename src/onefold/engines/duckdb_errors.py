"""What DuckDB says when it fails, in our terms. In: its errors, or their text. Out: kinds of failure, findings."""

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
"""What is said of a file that this process has opened already."""

_HELD = re.compile(r"^(?:IO Error: )?Could not set lock on file", re.MULTILINE)
_HOLDER = re.compile(r"held in (\S.*?) \(PID (\d+)\)")
_FILE = re.compile(r'file "([^"]+)"')
_OUT_OF_SPACE = "max_temp_directory_size"
"""The setting that DuckDB names when spilled data finds no room on the disk."""
_CORRUPT = (duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException, duckdb.IOException)

RESTORE = "restore the file from a backup; or move it away and run `pb run`, which makes new main ids"

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
    """What sort of failure an error tells of."""
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
    """The same where only the text of the error is left."""
    return _KINDS_BY_NAME.get(message.partition(" Error:")[0], "other")


def first_paragraph(message: str) -> str:
    """The driver's message without its drawing of the statement and its error-type prefix."""
    text = message.split("\n\nLINE ", maxsplit=1)[0].split("\nLINE ", maxsplit=1)[0].strip()
    return re.sub(r"^[A-Z][A-Za-z ]*Error: ", "", text)


def of_machine(error: Exception, path: Path | None = None) -> Finding | None:
    """What an error says of the disk, of permissions or of the limits of the process; None if it says nothing of them.

    Args:
        error: Of the driver, or of an Arrow reader, which keeps its text alone.
        path: The file that was asked for; None takes the one that the message names.
    """
    # A value of the data may quote the words of the system, so other kinds of errors are not looked at.
    by_name = kind_by_name(str(error)) if isinstance(error, OSError) else kind(error)
    if by_name not in {"file", "memory"} and not isinstance(error, duckdb.FatalException | duckdb.TransactionException):
        return None
    text = first_paragraph(str(error))
    named = _FILE.search(text)
    where = path.name if path is not None else named[1] if named else None
    if _OUT_OF_SPACE in text:
        hint = "free space there, or give the run more memory (`memory_limit` in onefold.yaml) so that it spills less"
        return Finding("error", "disk-full", "the disk has no room for what the run spills from memory", where, hint)
    number = errno_in(text)
    if number is None:
        return None
    code, cause, hint = CAUSES[number]
    return Finding("error", code, f"a file cannot be read or written: {cause}", where, hint)


def is_damage(error: duckdb.Error) -> bool:
    """Whether an error tells of a database file that is not as it was written."""
    return isinstance(error, duckdb.SerializationException) or "Corrupt database file" in str(error)


def not_of_statement(error: BaseException, database: str) -> Finding | None:
    """What an error says that no statement is to blame for: of the machine, or of a damaged database file."""
    if not isinstance(error, duckdb.Error | OSError):
        return None
    machine = of_machine(error)
    if machine is not None:
        return machine
    return damaged(database, str(error)) if isinstance(error, duckdb.Error) and is_damage(error) else None


def damaged(name: str, message: str) -> Finding:
    """The database file is not as it was written."""
    said = first_paragraph(message).partition("\n")[0]
    return Finding("error", "damaged-database", f"the database file is damaged: {said}", name, RESTORE)


def holder_of(message: str) -> str | None:
    """Who holds a database file that is locked: ``python3.12, process 4711``; None if it is not locked."""
    if _HELD_HERE in message:
        return "this process"
    if not _HELD.search(message):
        return None
    found = _HOLDER.search(message)
    return f"{found[1].rsplit('/', 1)[-1]}, process {found[2]}" if found else "another process"


def cannot_open(path: Path, error: duckdb.Error) -> Finding:
    """Why a database file does not open."""
    message = str(error)
    holder = holder_of(message)
    if holder is not None:
        hint = (
            "close it there; or wait for it with `--wait 10m`; `published_copy: true` in onefold.yaml gives readers "
            "a file of their own"
        )
        return Finding("error", "locked", f"the database file is in use by {holder}", path.name, hint)
    machine = of_machine(error, path)
    if machine is not None:
        return machine
    if "version number" in message or "not a valid DuckDB" in message:
        hint = "if it was one, restore it from a backup; if not, choose another path for the output"
        return Finding("error", "not-duckdb", "this is not a DuckDB file that this version reads", path.name, hint)
    if isinstance(error, _CORRUPT) or is_damage(error):
        return damaged(path.name, message.replace(str(path), path.name))
    return Finding("error", "cannot-open", first_paragraph(message).replace(str(path), path.name), path.name)
