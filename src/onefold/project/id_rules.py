"""The file of id rules: ids and pairs of ids to include or exclude, kept in Git with the project.

Reads a CSV file, ``rules/id_stitcher_rules.csv`` unless ``onefold.yaml`` names another. Returns one `spec.IdRule` per
row with its line, and all errors of the file at once. Touches no database; each run writes the rules to the table that
a stitcher reads (``onefold.run.id_rules``).
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING

from onefold.errors import Finding, Location, suggest
from onefold.project import spec
from onefold.project.unused_keys import Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

COLUMNS = ("entity", "id1", "id1_type", "id2", "id2_type", "action", "reason", "author", "date")
"""The columns of the file, in writing order."""

REQUIRED = ("entity", "id1", "id1_type", "action")
"""Required columns."""

ACTIONS = ("INCLUDE", "EXCLUDE")

_KEPT = ("id1", "id2")
"""Columns whose text is kept exactly: spaces around an id may be part of it."""

Row = tuple[dict[str, str], int, int]
"""The cells of a row by column, and its first and last line."""


def read_rules(path: Path, shown: str, findings: list[Finding]) -> tuple[spec.IdRule, ...]:
    """The rules of a file, before they are checked against the project.

    Args:
        path: The file.
        shown: Its name in messages.
        findings: Receives all errors.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except OSError as error:
        findings.append(Finding("error", "unreadable-file", f"cannot be read: {error.strerror}", shown))
        return ()
    except UnicodeDecodeError:
        findings.append(Finding("error", "unreadable-file", "is not UTF-8 text", shown, "save it as UTF-8"))
        return ()
    return tuple(rule_of(cells, Location(shown, first, 1)) for cells, first, _ in rows_of(text, shown, findings))


def rows_of(text: str, shown: str, findings: list[Finding]) -> list[Row]:
    """The rows of the text of a file, with their lines; none if the header is invalid.

    Args:
        text: The text, with the line ends of the file.
        shown: The name of the file in messages.
        findings: Receives all errors.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    header: list[str] | None = None
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            findings.append(Finding("error", "wrong-rule", f"is not valid CSV: {error}", Location(shown, first, 1)))
            return rows
        if cells is None:
            if header is None:
                findings.append(_wrong_header("the file is empty", shown))
            return rows
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = [cell.strip().lower() for cell in cells]
            wrong = _header_mistake(header)
            if wrong is not None:
                findings.append(_wrong_header(wrong, shown))
                return rows
        elif len(cells) != len(header):
            message = f"this row has {len(cells)} cells, the header has {len(header)}"
            hint = "put cells that contain a comma in double quotes"
            findings.append(Finding("error", "wrong-rule", message, Location(shown, first, 1), hint))
        else:
            rows.append((dict(zip(header, cells, strict=True)), first, reader.line_num))


def _header_mistake(header: list[str]) -> str | None:
    for name in header:
        if name not in COLUMNS:
            return f'the file has an unknown column "{name}"'
        if header.count(name) > 1:
            return f'the file has the column "{name}" twice'
    missing = [name for name in REQUIRED if name not in header]
    return f'the file has no column "{missing[0]}"' if missing else None


def _wrong_header(message: str, shown: str) -> Finding:
    return Finding("error", "wrong-header", message, Location(shown, 1, 1), f"write: {','.join(COLUMNS)}")


def rule_of(cells: Mapping[str, str], at: Location = spec.NOWHERE) -> spec.IdRule:
    """The rule in a row, before it is checked against a project.

    Args:
        cells: By column; missing cells are blank.
        at: Location of the row.
    """

    def text(name: str) -> str:
        value = cells.get(name, "")
        return value if name in _KEPT and value.strip() else value.strip()

    return spec.IdRule(
        entity=text("entity"),
        id1=text("id1"),
        id1_type=text("id1_type"),
        id2=text("id2"),
        id2_type=text("id2_type"),
        action=text("action").upper(),
        reason=text("reason"),
        author=text("author"),
        date=text("date"),
        at=at,
    )


def line_of(rule: spec.IdRule, columns: Sequence[str] = COLUMNS) -> str:
    """The rule as a line of the file, without its line end."""
    line = io.StringIO()
    # The writer quotes cells with a character of its line end; all kinds of line ends need quotes.
    csv.writer(line, lineterminator="\r\n").writerow([getattr(rule, name) for name in columns])
    return line.getvalue().removesuffix("\r\n")


# --- checks ---

_NONE = Unread()


def rule_mistakes(rules: Iterable[spec.IdRule], file: spec.ProjectFile, unread: Unread = _NONE) -> Iterator[Finding]:
    """The errors of some rules: in each alone, and between any two about the same ids.

    Args:
        rules: The rules in order.
        file: The project, which has the entities and their id types.
        unread: Entities and id types that may also exist.
    """
    entities = {entity.name.lower(): entity for entity in file.entities}
    seen: dict[tuple[object, ...], spec.IdRule] = {}
    for rule in rules:
        entity = entities.get(rule.entity.lower())
        if entity is None and not unread.may_have("entity", rule.entity):
            names = [e.name for e in file.entities]
            yield _wrong(rule, f'there is no entity "{rule.entity}"', suggest(rule.entity, names), names)
        yield from _id_mistakes(rule, entity, unread)
        if rule.action not in ACTIONS:
            yield _wrong(rule, f'"{rule.action}" is not an action', None, ACTIONS)
        if rule.date and not is_date(rule.date):
            yield _wrong(rule, f'"{rule.date}" is not a date', "write for example 2026-10-31, or leave it blank")
        before = seen.setdefault(rule.key, rule)
        if before is not rule:
            yield _twice(rule, before)


def _id_mistakes(rule: spec.IdRule, entity: spec.Entity | None, unread: Unread) -> Iterator[Finding]:
    for number, value, id_type in ((1, rule.id1, rule.id1_type), (2, rule.id2, rule.id2_type)):
        if bool(value) != bool(id_type) or (number == 1 and not value):
            yield _wrong(rule, f"id{number} and id{number}_type belong together", "give both, or neither for id2")
        elif (
            entity is not None
            and id_type
            and id_type not in entity.id_types
            and not unread.may_have("id type", id_type)
        ):
            hint = suggest(id_type, entity.id_types)
            yield _wrong(rule, f'entity "{entity.name}" has no id type "{id_type}"', hint, entity.id_types)
    if rule.id2 and (rule.id1, rule.id1_type) == (rule.id2, rule.id2_type):
        yield _wrong(rule, "both ids are the same", "leave id2 and id2_type blank for a rule about one id")


def _twice(rule: spec.IdRule, before: spec.IdRule) -> Finding:
    what = "pair" if rule.id2 else "id"
    if rule.action == before.action:
        return _wrong(rule, f"this {what} has the same rule at {before.at}", "remove one of them")
    message = f"this {what} is {_DONE.get(rule.action, '?')} here, but {_DONE.get(before.action, '?')}"
    return _wrong(rule, f"{message} at {before.at}", "remove the wrong rule")


_DONE = {"INCLUDE": "included", "EXCLUDE": "excluded"}


def is_date(text: str) -> bool:
    """Whether a text is a date, or a date with a time, in ISO 8601.

    >>> is_date("2026-10-31"), is_date("soon")
    (True, False)
    """
    try:
        date.fromisoformat(text)
    except ValueError:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return False
    return True


def _wrong(rule: spec.IdRule, message: str, hint: str | None, known: Iterable[str] = ()) -> Finding:
    return Finding("error", "wrong-rule", message, rule.at, hint or f"available: {', '.join(known)}")
