"""Read the conformance corpus. In: ``<dialect>/<area>.sql``. Out: cases. README.md says how a file is written."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
DIALECTS = ("snowflake", "bigquery", "databricks", "redshift", "postgres")

_ARROW = "-->"
_NOTE = re.compile(r"--\s*(rejected|differs|fails)(?:\s+on\s+(columns|literals))?:\s*(.+)$")
_NAMES = re.compile(r'^([\w"$.\' -]+(?:,\s*[\w"$.\' -]+)*):\s+(?=\(|no rows)')
_WORDS = {"NULL": None, "TRUE": True, "FALSE": False, "NAN": float("nan")}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TEXT = re.compile(r"'((?:[^'\\]|''|\\.)*)'", re.DOTALL)
_TYPED = re.compile(r"(DATE|TIME|TIMESTAMP|X)\s*(?=')")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True)
class Json:
    """A semi-structured value: a list, an object, or what stands in a VARIANT."""

    value: Any


@dataclass(frozen=True)
class Rows:
    """The rows of a statement, in order; names of columns where they matter."""

    rows: tuple[tuple[Any, ...], ...]
    names: tuple[str, ...] | None = None


class Error:
    """The author's warehouse raises an error."""


class Anything:
    """The answer is not documented."""


@dataclass(frozen=True)
class Case:
    """One case.

    Attributes:
        dialect: The author dialect, by its sqlglot name.
        area: Name of the file.
        line: Where it begins in the file.
        sql: As written, with arguments in braces.
        answer: What the author's warehouse gives.
        note: ``rejected``, ``fails``, ``differs`` or None where the answer holds here.
        only: ``columns`` or ``literals`` where the note is about one of the two runs.
        reason: What the note says.
    """

    dialect: str
    area: str
    line: int
    sql: str
    answer: Any
    note: str | None = None
    only: str | None = None
    reason: str = ""

    @property
    def is_statement(self) -> bool:
        """Whether it is a whole query."""
        return self.sql.upper().startswith(("SELECT", "WITH", "(SELECT"))

    def noted(self, run: str) -> str | None:
        """The note that holds for a run, ``literals`` or ``columns``."""
        return self.note if self.only in (None, run) else None


@dataclass
class Area:
    """One file: the statements that make its tables, and its cases."""

    tables: list[str] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)


@cache
def areas(dialect: str) -> dict[str, Area]:
    """The files of a dialect, by name."""
    return {path.stem: _area(dialect, path) for path in sorted((FOLDER / dialect).glob("*.sql"))}


def all_cases() -> list[Case]:
    """Every case of every dialect."""
    return [case for dialect in DIALECTS for area in areas(dialect).values() for case in area.cases]


def split_arguments(sql: str) -> tuple[list[str], list[str]]:
    """The text around the arguments, and the arguments: ``f({1}, {2})`` gives ``f(``, ``, ``, ``)`` and ``1``, ``2``."""
    around, arguments = [""], []
    depth, start, quoted, escaped = 0, 0, False, False
    for at, sign in enumerate(sql):
        if sign == "'" and not escaped:
            quoted = not quoted
        escaped = sign == "\\" and quoted and not escaped
        if sign == "{" and not quoted:
            depth += 1
            if depth == 1:
                start = at + 1
                continue
        elif sign == "}" and not quoted:
            depth -= 1
            if depth == 0:
                arguments.append(sql[start:at])
                around.append("")
                continue
        if depth == 0:
            around[-1] += sign
    return around, arguments


def _area(dialect: str, path: Path) -> Area:
    found, begins = Area(), 0
    pending: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not pending and (not line.strip() or (line.startswith("--") and not line.startswith(_ARROW))):
            continue
        begins = begins if pending else number
        before, arrow, after = line.partition(_ARROW)
        pending.append(before.rstrip())
        if arrow:
            try:
                found.cases.append(_case(dialect, path.stem, begins, "\n".join(pending).strip(), after.strip()))
            except ValueError as error:
                message = f"{path.name}:{number}: {error}"
                raise ValueError(message) from error
            pending = []
        elif line.rstrip().endswith(";"):
            found.tables.append("\n".join(pending))
            pending = []
    if pending:
        message = f"{path.name}:{begins}: there is no answer"
        raise ValueError(message)
    return found


def _case(dialect: str, area: str, line: int, sql: str, text: str) -> Case:
    answer, rest = _answer(text)
    if not rest:
        return Case(dialect, area, line, sql, answer)
    noted = _NOTE.match(rest)
    if noted is None:
        message = f"what stands behind the answer is no note: {rest}"
        raise ValueError(message)
    return Case(dialect, area, line, sql, answer, noted[1], noted[2], noted[3].strip())


def _answer(text: str) -> tuple[Any, str]:
    """The answer, and what follows it."""
    word = text.split(maxsplit=1)[0] if text else ""
    if word in {"error", "any"}:
        return (Error() if word == "error" else Anything()), text[len(word) :].strip()
    named = _NAMES.match(text)
    names = tuple(name.strip().strip('"') for name in named[1].split(",")) if named else None
    body = text[named.end() :] if named else text
    if body.startswith("no rows"):
        return Rows((), names), body[len("no rows") :].strip()
    if not body.startswith("("):
        value, at = _value(body, 0)
        return value, body[at:].strip()
    rows, at = [], 0
    while at < len(body) and body[at] == "(":
        row, at = _row(body, at + 1)
        rows.append(row)
        at = _skip(body, at, ",")
    return Rows(tuple(rows), names), body[at:].strip()


def _row(text: str, at: int) -> tuple[tuple[Any, ...], int]:
    values = []
    while text[at : at + 1] != ")":
        value, at = _value(text, _skip(text, at, ""))
        values.append(value)
        at = _skip(text, at, ",")
    return tuple(values), at + 1


def _skip(text: str, at: int, sign: str) -> int:
    while at < len(text) and (text[at] == " " or (sign and text[at] == sign)):
        at += 1
    return at


def _value(text: str, at: int) -> tuple[Any, int]:
    typed = _TYPED.match(text, at)
    quoted = _TEXT.match(text, typed.end() if typed else at)
    if quoted:
        plain = re.sub(r"\\(.)|''", lambda m: _ESCAPES.get(m[1], m[1]) if m[1] else "'", quoted[1])
        return (_of_type(typed[1], plain) if typed else plain), quoted.end()
    if text.startswith(("[", "{", "JSON "), at):
        begins = at + len("JSON ") if text.startswith("JSON ", at) else at
        value, end = json.JSONDecoder(parse_float=Decimal).raw_decode(text, begins)
        return Json(value), end
    if number := _NUMBER.match(text, at):
        return Decimal(number[0]), number.end()
    for word, meant in _WORDS.items():
        if re.match(rf"{word}\b", text[at:]):
            return meant, at + len(word)
    message = f"not an answer: {text[at:]}"
    raise ValueError(message)


def _of_type(kind: str, text: str) -> object:
    if kind == "DATE":
        return dt.date.fromisoformat(text)
    if kind == "TIME":
        return dt.time.fromisoformat(text)
    return dt.datetime.fromisoformat(text) if kind == "TIMESTAMP" else bytes.fromhex(text)
