"""The records that several answers share: ids, evidence, what to do next.

In: nothing. Out: frozen values. Every id of an answer is an `Id`, wherever it stands, so that all of them can be
masked (``mask``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

Verdict = Literal["ok", "look", "bad"]


@dataclass(frozen=True, order=True)
class Id:
    """An id of one type."""

    type: str
    value: str

    def __str__(self) -> str:
        return f"{self.type} {self.value}".strip()


@dataclass(frozen=True)
class Evidence:
    """What one edge source says of a pair of ids.

    Attributes:
        source: Ref of the source, or ``id rules``.
        rows: How many of its rows say so.
        first_seen_at: Time of the earliest; None if they have none.
        last_seen_at: Time of the latest.
        sample_key: Its ``row_identifier``, as text; None where the source has none.
    """

    source: str
    rows: int
    first_seen_at: datetime | str | None
    last_seen_at: datetime | str | None
    sample_key: str | None = None


@dataclass(frozen=True)
class Edge:
    """Two ids that stand in one row of a source.

    Attributes:
        evidence: By source, most rows first.
    """

    one: Id
    other: Id
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Step:
    """Something to do next.

    Attributes:
        what: In words, without a final period.
        where: File and line to edit, or None.
        command: The command that does or validates it, or None.
    """

    what: str
    where: str | None = None
    command: str | None = None


def with_flags(step: Step, more: str) -> Step:
    """The step with more flags on its question to the audit."""
    command = step.command
    if not more or command is None or not command.startswith("pb audit "):
        return step
    return replace(step, command=command + more)
