"""Formats values that several answers share. Takes values; returns text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.cli.console import dim, heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from onefold.audit.records import NextStep


def next_steps(steps: Sequence[NextStep]) -> Iterator[str]:
    """The next steps as one block, each with its place and command."""
    if steps:
        lines = [heading("next")]
        for step in steps:
            lines.append(f"  {step.what}" + (f"  {dim('at ' + step.where)}" if step.where else ""))
            if step.outcome is not None:
                lines.append(f"    {step.outcome.in_words}")
            if step.command:
                lines.append(f"    {step.command}")
        yield "\n".join(lines)


def cut_note(total: int, top: int) -> Iterator[str]:
    """The line below a table that was cut."""
    if total > top:
        yield dim(f"and {total - top:,} more")


def plural(number: int, word: str) -> str:
    """A number with its noun, in the singular or plural."""
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def when(moment: datetime | str | None) -> str:
    """A timestamp to the second, or an empty text for None. Timestamps after the year 9999 arrive as text."""
    return moment or "" if isinstance(moment, str | None) else f"{moment:%Y-%m-%d %H:%M:%S}"
