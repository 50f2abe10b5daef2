"""Every error of the product, and the findings they carry. The bottom layer: imports nothing of ours.

In: facts about what went wrong. Out: values that the command line prints as *what, where, why, next step*.

    OnefoldError            .findings, .exit_code
    ├── UsageError     2    a flag or argument that cannot be served
    ├── ProjectError   2    the project's files are wrong; all mistakes at once
    ├── AccessError    1    a warehouse, table, column or file cannot be reached
    └── RunError       1    a statement failed, or a check did not hold; .sql is what ran

The driver's own error stays on ``__cause__``.
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
    """A place in a project file; lines and columns start at 1.

    Attributes:
        file: Path as the user would type it, relative to the project where it lies inside it.
        line: Line of the key or value.
        column: Column of the key or value.
        text_line: Line on which the text of a scalar begins: for a block scalar (``|``) the line below
            the marker, otherwise ``line``. Adds up with positions inside the text.
        text_column: Column on which the text begins: behind the quote of a quoted scalar, behind the
            indentation (of every line) of a block scalar; 0 where it is not known.
    """

    file: str
    line: int
    column: int
    text_line: int = field(default=0, compare=False)
    text_column: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def inside(self, line: int, column: int) -> Location:
        """The place ``line``, ``column`` (from 1) inside the text that begins here."""
        begins = self.text_line or self.line
        if begins == self.line:
            indent = (self.text_column or self.column) - 1 if line == 1 else 0
        else:
            indent = max(self.text_column - 1, 0)
        return Location(self.file, begins + line - 1, indent + column)


@dataclass(frozen=True)
class Finding:
    """One thing to tell the user.

    Attributes:
        severity: ``error`` stops the run, ``warning`` and ``note`` do not.
        code: Stable kebab-case name of the rule, for search and for tests.
        message: What is wrong, in one sentence without a final period.
        where: A place in a file, or a table or column as text; None if there is no place.
        hint: The next step, or None.
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
    """Root of all errors that a user can cause or mend.

    Attributes:
        findings: At least one finding; the message of the exception is made from them.
        exit_code: What the process returns (ADR 0009).
    """

    exit_code = 1

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("\n".join(str(f) for f in self.findings))


class UsageError(OnefoldError):
    """A flag or argument that cannot be served."""

    exit_code = 2


class ProjectError(OnefoldError):
    """The project's files are wrong. Carries every mistake found, not the first."""

    exit_code = 2


class AccessError(OnefoldError):
    """A warehouse, table, column or file cannot be reached or read."""


class RunError(OnefoldError):
    """A statement failed while the plan ran; nothing was published.

    Attributes:
        sql: The statement, or None where the failure was not in SQL.
    """

    def __init__(self, findings: Finding | Iterable[Finding], sql: str | None = None) -> None:
        super().__init__(findings)
        self.sql = sql


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The nearest known name as a hint, without regard to case, or None if none is near.

    >>> suggest("emial", ["email", "user_id"])
    'did you mean "email"?'
    """
    by_folded = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_folded, n=1, cutoff=0.6)
    return f'did you mean "{by_folded[near[0]]}"?' if near else None
