"""Turn an error of the database into a finding with a place in the project and a next step. Runs nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onefold.errors import Finding, suggest
from onefold.identity.schema import NODE
from onefold.plan.model import InputStep
from onefold.sql.id_graph import PROFILE
from onefold.sql.input import csv_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from onefold.engines.base import EngineError
    from onefold.errors import Location
    from onefold.plan.model import Plan

_UNREADABLE = re.compile(
    r"""(?:string '|: ")'(?P<text>.*)'(?: in column "(?P<column>[^"]+)")? """
    "is not a (?P<what>number|date|timestamp|time|boolean)"
)
"""The error text of `onefold.sql.coercion.conversion.refusal`."""
_READERS = {
    "number": "TRY_TO_NUMBER", "date": "TRY_TO_DATE", "timestamp": "TRY_TO_TIMESTAMP", "time": "TRY_TO_TIME",
    "boolean": "TRY_TO_BOOLEAN",
}  # fmt: skip
_GO_TIME = re.compile(r"\d\d:\d\d:\d\d(?:\.\d+)? ?[+-]\d{4} UTC\b")
_OF_GO = "write {{end_time_sql}} for the end time of the run; remove ' UTC' from any other text of this form"
_NO_COLUMN = (
    re.compile(r'(?:[Cc]olumn|named) "(?P<column>[^"]+)" not found'),
    re.compile(r'(?:Values list|Table) "(?P<table>[^"]+)" does not have a column named "(?P<column>[^"]+)"'),
    re.compile(r'Column "(?P<column>[^"]+)" referenced that exists in the (?P<select>SELECT) clause'),
)
_NO_RELATION = re.compile(r'Referenced table "(?P<name>[^"]+)" not found!')
_NO_TABLE = re.compile(r'Table with name "?(?P<name>[^"\s]+)"? does not exist!(?:\s+Did you mean "(?P<near>[^"]+)")?')
_MATERIAL = re.compile(r'(?:"?\w+"?\.){0,2}"?Material_(?P<name>\w+?)_[0-9a-f]{8}_\d+(?:_\w+)?"?')
_OF_THE_DATABASE = ("temp.", "system.", "pg_", "duckdb_", "sqlite_", "information_schema", "pragma_")
_OWN_COLUMNS = frozenset({PROFILE, NODE})
_HINTS = {
    "memory": "raise `memory_limit` in onefold.yaml, or use a machine with more memory; "
    "the database already spilled to disk",
    "file": "check that the file is complete and readable",
    "value": "clean the value in a SQL model, or convert it with TRY_CAST",
    "type": "cast the column in a SQL model",
    "syntax": "check the SQL under output/",
    "missing": "check the name",
    "locked": "another process is using the database; wait for it or stop it",
}


@dataclass(frozen=True)
class Author:
    """The names and the dialect of a project's author.

    Attributes:
        names: The author's names, by the lower-case names of the objects created for them.
        schema: The output schema. The SQL of a project does not name its objects.
        dialect: The SQL dialect of the project.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    schema: str = ""
    dialect: str = ""

    def name(self, made: str) -> str | None:
        """The author's name of a relation; None for an object without one."""
        *_, schema, last = ["", *made.lower().split(".")]
        if last in self.names:
            return self.names[last]
        is_output = bool(self.schema) and schema == self.schema.lower()
        if is_output or made.lower().startswith(_OF_THE_DATABASE) or _MATERIAL.fullmatch(made):
            return None
        return made


def author_of(plan: Plan, schema: str, made: Mapping[str, str] | None = None) -> Author:
    """The author of a plan.

    Args:
        plan: Names inputs and models.
        schema: The output schema.
        made: Further names, by object name.
    """
    files = {csv_view(s.name).lower(): s.ref for s in plan.steps.values() if isinstance(s, InputStep) and s.csv}
    return Author({**files, **(made or {})}, schema, plan.author)


_NOBODY = Author()


def failure(
    error: EngineError, at: Location | None, *, columns: Iterable[str] = (), author: Author = _NOBODY
) -> Finding:
    """The finding for an engine error.

    Args:
        error: From the engine.
        at: The place in the project that the statement came from.
        columns: Known columns, for the nearest name.
        author: Supplies the names to show instead of object names.
    """
    if error.kind in {"column", "missing"}:
        found = _no_column(error.message, at, columns, author) or _no_relation(error.message, at, author)
        if found is not None:
            return found
    if error.kind == "value":
        unreadable = _UNREADABLE.search(error.message)
        if unreadable is not None:
            return _not_readable(unreadable, at)
        if error.message.lower().startswith("division by zero"):
            return _division_by_zero(at, author)
    message = _MATERIAL.sub(r"the output of \g<name>", _one_line(error.message))
    hint = _HINTS.get(error.kind)
    if error.kind == "value" and _GO_TIME.search(message):
        hint = _OF_GO
    if error.kind == "file" and "UTF-8" in message:
        hint = "save the file in the encoding UTF-8"
    return Finding("error", _CODES.get(error.kind, "sql-failed"), message, at, hint)


def _no_column(message: str, at: Location | None, columns: Iterable[str], author: Author) -> Finding | None:
    named = next((found for pattern in _NO_COLUMN if (found := pattern.search(message))), None)
    if named is None:
        return None
    column, groups = named["column"], named.groupdict()
    known = [name for name in columns if name not in _OWN_COLUMNS]
    if groups.get("select"):
        also = f'"{column}" is an alias of this SELECT; none of its sources has a column of that name'
        return Finding("error", "unknown-column", f'column "{column}" does not exist here', at, also)
    table = groups.get("table")
    owner = author.name(table) if table is not None else None
    where = "does not exist here" if owner is None else f"does not exist in {owner}"
    return Finding(
        "error", "unknown-column", f'column "{column}" {where}', at, suggest(column, known) or _listed(known)
    )


def _no_relation(message: str, at: Location | None, author: Author) -> Finding | None:
    alias = _NO_RELATION.search(message)
    if alias is not None:
        text = f'"{alias["name"]}" is neither a table nor an alias in this query'
        hint = "give the relation an alias in FROM, and qualify the column with it"
        return Finding("error", "unknown-name", text, at, hint)
    table = _NO_TABLE.search(message)
    if table is None:
        return None
    lost = _MATERIAL.fullmatch(table["name"])
    if lost is not None:
        return Finding(
            "error", "unknown-name", f"the output of {lost['name']} does not exist", at, "build it with `pb run`"
        )
    near = author.name(table["near"]) if table["near"] else None
    hint = f'did you mean "{near}"?' if near else "check the name; refer to inputs and models with this.DeRef('...')"
    return Finding("error", "unknown-name", f'table "{table["name"]}" does not exist', at, hint)


def _division_by_zero(at: Location | None, author: Author) -> Finding:
    hint = "write NULLIF(x, 0) for the divisor x to get NULL where x is 0"
    if author.dialect == "snowflake":
        hint += ", or DIV0(a, x) to get 0"
    return Finding("error", "bad-value", "division by zero", at, hint)


def _not_readable(found: re.Match[str], at: Location | None) -> Finding:
    text, column, what = found["text"], found["column"], found["what"]
    where = f'column "{column}": ' if column is not None else ""
    read = f"{_READERS[what]}({column or '...'})"
    message = f'{where}the text "{_shown(text)}" cannot be read as a {what}'
    hint = f"correct the value, or convert it with {read}, which returns NULL for it"
    hint = _OF_GO if _GO_TIME.search(text) else hint
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
    return f"available: {shown}" if names else None


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - enough to find it


def _one_line(message: str) -> str:
    text = " ".join(message.split()).rstrip(".")
    return text if len(text) <= 300 else text[:299] + "…"  # noqa: PLR2004 - a few lines of a terminal
