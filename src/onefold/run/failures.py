"""A database's complaint -> a finding with a place in the project and a next step. Runs nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onefold.errors import Finding, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onefold.engines.base import EngineError
    from onefold.errors import Location

_UNREADABLE = re.compile(
    r"""(?:string '|: ")'(?P<text>.*)'(?: in column "(?P<column>[^"]+)")? """
    "is not a (?P<what>number|date|timestamp|time|boolean)"
)
"""What `onefold.sql.coercion.conversion.refusal` lets the engine say."""
_READERS = {
    "number": "TRY_TO_NUMBER", "date": "TRY_TO_DATE", "timestamp": "TRY_TO_TIMESTAMP", "time": "TRY_TO_TIME",
    "boolean": "TRY_TO_BOOLEAN",
}  # fmt: skip
_COLUMN = re.compile(r'(?:[Cc]olumn|named) "([^"]+)"')
_HINTS = {
    "memory": "let the database use more (`memory_limit` in onefold.yaml), or run on a machine with more memory; "
    "spilling to disk was tried",
    "file": "check that the file is whole and may be read",
    "value": "clean the value in a SQL model, or read it with TRY_CAST",
    "type": "cast the column in a SQL model",
    "syntax": "see the SQL under output/",
    "missing": "check the name",
    "locked": "another process uses the database; wait for it or close it",
}


def failure(error: EngineError, at: Location | None, *, columns: Iterable[str] = ()) -> Finding:
    """Say what failed.

    Args:
        error: From the engine.
        at: The place in the project that the statement came from.
        columns: Known columns, for the nearest name.
    """
    named = _COLUMN.search(error.message)
    if error.kind == "column" and named and "not found" in error.message:
        hint = suggest(named[1], columns) or _listed(columns)
        return Finding("error", "unknown-column", f'column "{named[1]}" does not exist here', at, hint)
    unreadable = _UNREADABLE.search(error.message) if error.kind == "value" else None
    if unreadable is not None:
        return _not_readable(unreadable, at)
    return Finding("error", _CODES.get(error.kind, "sql-failed"), _one_line(error.message), at, _HINTS.get(error.kind))


def _not_readable(found: re.Match[str], at: Location | None) -> Finding:
    text, column, what = found["text"], found["column"], found["what"]
    where = f'column "{column}": ' if column is not None else ""
    read = f"{_READERS[what]}({column or '...'})"
    message = f'{where}the text "{_shown(text)}" cannot be read as a {what}'
    hint = f"correct the value, or read it with {read}, which gives NULL for it"
    return Finding("error", "bad-value", message, at, hint)


_CODES = {
    "missing": "unknown-name",
    "column": "does-not-bind",
    "type": "wrong-type",
    "value": "bad-value",
    "file": "unreadable-file",
    "memory": "out-of-memory",
    "locked": "locked",
}


def _listed(columns: Iterable[str]) -> str | None:
    names = sorted(columns)
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")  # noqa: PLR2004 - what fits on a line
    return f"there are: {shown}" if names else None


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - enough to find it


def _one_line(message: str) -> str:
    text = " ".join(message.split()).rstrip(".")
    return text if len(text) <= 300 else text[:299] + "…"  # noqa: PLR2004 - a few lines of a terminal
