"""All errors of onefold, and the findings they carry. The bottom layer: imports no other module of onefold.

The command line prints a finding as *what, where, why, next step*.

    OnefoldError            .findings, .exit_code
    ├── UsageError     2    an invalid flag or argument
    ├── ProjectError   2    the project's files are invalid; reports all errors at once
    ├── AccessError    1    a database, table, column or file cannot be reached
    └── RunError       1    a statement or a check failed; .sql has the statement

The driver's own error is on ``__cause__``.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, order=True)
class Location:
    """A location in a project file; lines and columns start at 1.

    Attributes:
        file: Path as the user would type it; relative to the project if the file is inside it.
        line: Line of the key or value.
        column: Column of the key or value.
        text_line: Line on which the text of a scalar begins: for a block scalar (``|``) the line below the marker,
            otherwise ``line``. Used to compute locations inside the text.
        text_column: Column on which the text begins: after the quote of a quoted scalar, after the indentation (of
            every line) of a block scalar; 0 if it is unknown.
    """

    file: str
    line: int
    column: int
    text_line: int = field(default=0, compare=False)
    text_column: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def inside(self, line: int, column: int) -> Location:
        """The location of ``line``, ``column`` (from 1) inside the text that begins here."""
        begins = self.text_line or self.line
        if begins == self.line:
            indent = (self.text_column or self.column) - 1 if line == 1 else 0
        else:
            indent = max(self.text_column - 1, 0)
        return Location(self.file, begins + line - 1, indent + column)


@dataclass(frozen=True)
class Finding:
    """One message for the user.

    Attributes:
        severity: ``error`` stops the run; ``warning`` and ``note`` do not.
        code: Stable kebab-case name of the rule, for search and for tests.
        message: The problem, in one sentence without a final period.
        where: A location in a file, or a table or column as text; None if there is none.
        hint: The next step, or None.

    >>> print(Finding("error", "no-time", "'soon' is not a time", hint="give a date"))
    'soon' is not a time [no-time]
        hint: give a date
    """

    severity: Severity
    code: str
    message: str
    where: Location | str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{place}{self.message} [{self.code}]{hint}"


class OnefoldError(Exception):
    """Base class of all errors that a user can cause or fix.

    Attributes:
        findings: At least one finding; the message of the exception is built from them.
        exit_code: Exit code of the process (ADR 0009).

    >>> OnefoldError(Finding("error", "no-time", "'soon' is not a time")).findings[0].code
    'no-time'
    """

    exit_code = 1

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("\n".join(str(f) for f in self.findings))


class UsageError(OnefoldError):
    """An invalid flag or argument.

    >>> UsageError(Finding("error", "no-time", "'soon' is not a time")).exit_code
    2
    """

    exit_code = 2


class ProjectError(OnefoldError):
    """The project's files are invalid. Carries every error found, not just the first.

    >>> findings = [Finding("error", "unknown-key", f"line {line} has an unknown key") for line in (3, 5)]
    >>> print(ProjectError(findings))
    line 3 has an unknown key [unknown-key]
    line 5 has an unknown key [unknown-key]
    """

    exit_code = 2


class AccessError(OnefoldError):
    """A database, table, column or file cannot be reached or read.

    >>> AccessError(Finding("error", "nothing-built", "nothing has been built yet")).exit_code
    1
    """


class RunError(OnefoldError):
    """A statement failed during the run; nothing was published.

    Attributes:
        sql: The statement, or None if the failure was not in SQL.

    >>> RunError(Finding("error", "sql-failed", "division by zero"), sql="SELECT 1 / 0").sql
    'SELECT 1 / 0'
    """

    def __init__(self, findings: Finding | Iterable[Finding], sql: str | None = None) -> None:
        super().__init__(findings)
        self.sql = sql


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The nearest known name as a hint, case-insensitive; None if none is near.

    >>> suggest("emial", ["email", "user_id"])
    'did you mean "email"?'
    """
    by_folded = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_folded, n=1, cutoff=0.6)
    return f'did you mean "{by_folded[near[0]]}"?' if near else None
