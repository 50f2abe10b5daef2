"""What DuckDB says when it fails, in our terms. In: its errors, or their text. Out: kinds of failure, findings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb

from onefold.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from onefold.engines.base import FailureKind

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


def kind(error: duckdb.Error) -> FailureKind:
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


def cannot_open(path: Path, message: str) -> Finding:
    """Why a database file does not open."""
    holder = re.search(r"\(PID (\d+)\)", message)
    if "lock" in message.lower():
        who = f" (process {holder[1]})" if holder else ""
        return Finding(
            "error",
            "locked",
            f"the database file is in use by another process{who}",
            path.name,
            "close it there first",
        )
    if "version number" in message or "not a valid DuckDB" in message:
        return Finding(
            "error",
            "not-duckdb",
            "this is not a DuckDB file that this version reads",
            path.name,
            "move it away",
        )
    return Finding("error", "cannot-open", first_paragraph(message).replace(str(path), path.name), path.name)
