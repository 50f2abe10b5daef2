"""Words that several answers share. In: values. Out: text; prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.cli.console import dim, heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from onefold.audit.records import NextStep


def next_steps(steps: Sequence[NextStep]) -> Iterator[str]:
    """What to do next, with its place and its command, as one block."""
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
    """What is said below a table that does not show everything."""
    if total > top:
        yield dim(f"and {total - top:,} more")


def plural(number: int, word: str) -> str:
    """A number and what it counts."""
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def when(moment: datetime | str | None) -> str:
    """A moment to the second; nothing for none. One beyond the year 9999 is text already."""
    return moment or "" if isinstance(moment, str | None) else f"{moment:%Y-%m-%d %H:%M:%S}"
