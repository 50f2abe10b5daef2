"""The only module that prints. Data goes to stdout; progress, warnings and errors to stderr.

In: values. Out: text, in colour on a terminal (never with NO_COLOR), plain everywhere else. Decides nothing.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onefold.errors import Finding, OnefoldError

MOST_FINDINGS = 20
"""Errors that fit on a screen; the rest is counted."""

_MARK = {"error": ("error", "red"), "warning": ("warning", "yellow"), "note": ("note", "cyan")}


def data(text: str) -> None:
    """One line or block of the answer itself."""
    click.echo(text, color=_colour(sys.stdout))


def say(text: str = "") -> None:
    """Something beside the answer."""
    click.echo(text, err=True, color=_colour(sys.stderr))


def heading(text: str) -> str:
    """A heading, bold on a terminal."""
    return click.style(text, bold=True)


def dim(text: str) -> str:
    """Less important text."""
    return click.style(text, dim=True)


_VERDICT = {"ok": "green", "look": "yellow", "bad": "red"}


def verdict(word: str) -> str:
    """``ok``, ``look`` or ``bad``, in its colour on a terminal."""
    return click.style(word, fg=_VERDICT[word], bold=True)


def problem(message: str) -> None:
    """An error in one line."""
    say(click.style("error", fg="red", bold=True) + f": {message}")


def usage_error(error: click.ClickException) -> None:
    """A wrong flag or argument, with the command whose help to read."""
    problem(error.format_message().rstrip("."))
    context = getattr(error, "ctx", None)
    if context is not None:
        say(f"  see: {context.command_path} --help")


def failure(error: OnefoldError) -> None:
    """Everything that is wrong, most severe first, at most a screenful."""
    shown = error.findings[:MOST_FINDINGS]
    for finding in shown:
        finding_lines(finding)
    left = len(error.findings) - len(shown)
    if left:
        say(f"and {left} more")


def crash(error: Exception) -> None:
    """An error that is ours."""
    problem(f"{type(error).__name__}: {error}")
    say("  this is a fault of onefold: please report it; PB_TRACEBACK=1 shows where it happened")


def finding_lines(finding: Finding) -> None:
    """One finding: what, where, why, next step."""
    word, colour = _MARK[finding.severity]
    say(f"{click.style(word, fg=colour, bold=True)}: {finding.message} {dim(f'[{finding.code}]')}")
    if finding.where is not None:
        say(f"   at: {finding.where}")
    if finding.hint:
        say(f"  fix: {finding.hint}")


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Iterable[int] = ()) -> str:
    """Rows as aligned text.

    Args:
        headers: One per column.
        rows: Values; None shows as nothing.
        right: Columns, from 0, that are aligned right.
    """
    texts = [[("" if v is None else str(v)) for v in row] for row in rows]
    widths = [max([len(h), *(len(row[i]) for row in texts)]) for i, h in enumerate(headers)]
    to_right = set(right)

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            cell.rjust(width) if i in to_right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()

    return "\n".join([heading(line(headers)), *(line(row) for row in texts)])


def records(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows one below the other, a line for each column: for tables that are wider than the terminal."""
    width = max((len(h) for h in headers), default=0)
    blocks = []
    for number, row in enumerate(rows, start=1):
        lines = [f"{h.ljust(width)}  {'' if v is None else v}" for h, v in zip(headers, row, strict=True)]
        blocks.append("\n".join([heading(f"row {number}"), *lines]))
    return "\n\n".join(blocks)


def fits_the_terminal(text: str) -> bool:
    """Whether no line of a text is wider than the terminal; true where stdout is none."""
    if not sys.stdout.isatty():
        return True
    return max(map(len, click.unstyle(text).splitlines()), default=0) <= shutil.get_terminal_size().columns


def is_terminal() -> bool:
    """Whether someone is watching stderr."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _colour(stream: Any) -> bool:
    return stream.isatty() and "NO_COLOR" not in os.environ
