r"""The only module that prints. Data goes to stdout; progress, warnings and errors to stderr.

In: values. Out: text, in colour on a terminal (never with NO_COLOR), plain everywhere else. Decides nothing.

Ids and values are hostile text: control characters, escape sequences and marks that turn the reading direction are
written as ``\u001b``, which is also their form in JSON. Progress and messages are best effort: a stream that is full
or closed does not stop a run. An answer that cannot be written is an error.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from onefold.printable import HIDDEN, escaped, printable, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onefold.errors import Finding, OnefoldError

MOST_FINDINGS = 20
"""Errors that fit on a screen; the rest is counted."""

_MARK = {"error": ("error", "red"), "warning": ("warning", "yellow"), "note": ("note", "cyan")}


_ESCAPED_BUT_STYLE = re.compile(rf"(\x1b\[(?:[0-2]|3[0-7])m)|\r(?=\n)|([{HIDDEN}])")
"""What is escaped, but the styles of this module and the carriage returns of Windows line ends."""

_COMMAND = re.compile(r"(?:(?<=^)|(?<=[`\s(]))pb(?= (?:[a-z]+\b|-h))(?<!uv run pb)", re.MULTILINE)
"""The command, where it begins a line, a word in backticks, or what follows a space."""


def _safe(text: str) -> str:
    return _ESCAPED_BUT_STYLE.sub(lambda found: found[1] or (escaped(found[2]) if found[2] else ""), text)


def data(text: str) -> None:
    """One line or block of the answer itself.

    Raises:
        BrokenPipeError: If its reader has gone.
        AccessError: If it cannot be written.
    """
    from onefold.environment import access_error  # noqa: PLC0415 - only what fails needs it

    if sys.stdout is None:
        raise access_error(OSError(errno.EBADF, os.strerror(errno.EBADF)), "write to standard output")
    try:
        click.echo(_safe(text), color=_colour(sys.stdout))
    except BrokenPipeError:
        raise
    except OSError as error:
        _forget(1)
        raise access_error(error, "write to standard output") from error


def typed() -> str:
    """The command as the user has to type it: ``uv run pb`` where the program was started by ``uv run``.

    Within ``uv run`` the command is on the PATH; in the shell where the next one is typed it need not be.
    """
    return "uv run pb" if "UV_RUN_RECURSION_DEPTH" in os.environ else "pb"


def as_typed(text: str) -> str:
    """The text with the commands in it as the user has to type them."""
    return text if typed() == "pb" else _COMMAND.sub(typed(), text)


def outcome(text: str) -> None:
    """What a command did that changes something. The change is done, so a stream that fails is no failure of it."""
    from onefold.errors import OnefoldError  # noqa: PLC0415

    try:
        data(as_typed(text))
    except BrokenPipeError:
        _forget(1)
    except OnefoldError as error:
        say(f"the summary was not shown: {error.findings[0].message}")


def say(text: str = "") -> None:
    """Something beside the answer; lost where stderr cannot be written."""
    if sys.stderr is None:
        return
    try:
        click.echo(_safe(as_typed(text)), err=True, color=_colour(sys.stderr))
    except (OSError, ValueError):
        _forget(2)


def status(text: str) -> None:
    """Show a line on the terminal that the next one takes the place of; an empty one leaves nothing.

    It is written over with spaces, which every terminal understands.
    """
    width = shutil.get_terminal_size().columns - 1
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"\r{_cell(text)[:width].ljust(width)}\r")
        sys.stderr.flush()
    except (OSError, ValueError):
        _forget(2)


def prepare_streams() -> None:
    """Make the standard streams safe to write to, whatever their encoding, and whether or not they are open."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # A closed stream leaves its number to the next file that is opened, such as the database.
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - stdin, stdout, stderr
        pass
    os.close(number)


def discard_output() -> None:
    """Write nothing more to stdout: its reader has gone."""
    _forget(1)


def _forget(number: int) -> None:
    """Discard what is still to be written to a stream that failed, so that leaving does not fail on it again."""
    with contextlib.suppress(OSError):
        void = os.open(os.devnull, os.O_WRONLY)
        os.dup2(void, number)
        os.close(void)


def heading(text: str) -> str:
    """A heading, bold on a terminal."""
    return click.style(text, bold=True)


def dim(text: str) -> str:
    """Less important text."""
    return click.style(text, dim=True)


_VERDICT = {"pass": "green", "warn": "yellow", "fail": "red"}


def verdict(word: str) -> str:
    """``ok``, ``look`` or ``bad``, in its colour on a terminal."""
    return click.style(word, fg=_VERDICT[word], bold=True)


def problem(message: str) -> None:
    """An error in one line."""
    say(click.style("error", fg="red", bold=True) + f": {shown(message)}")


def usage_error(error: click.ClickException) -> None:
    """A wrong flag or argument, with the command whose help to read."""
    problem(error.format_message().rstrip("."))
    context = getattr(error, "ctx", None)
    if context is not None:
        say(f"  see: {context.command_path} --help")


def failure(error: OnefoldError) -> None:
    """Everything that is wrong, most severe first, at most a screenful."""
    first = error.findings[:MOST_FINDINGS]
    for finding in first:
        finding_lines(finding)
    left = len(error.findings) - len(first)
    if left:
        say(f"and {left} more")


def crash(error: Exception) -> None:
    """An error that is ours."""
    problem(f"{type(error).__name__}: {error}")
    say("  this is a fault of onefold: please report it; PB_TRACEBACK=1 shows where it happened")


def formulas_note(count: int, *, is_escaped: bool) -> None:
    """Say that a CSV file has cells that a spreadsheet takes for formulas."""
    if not count:
        return
    cells = f"{count:,} text cell{'' if count == 1 else 's'} of the CSV would run as formulas in a spreadsheet"
    done = "they are written with a leading '" if is_escaped else "--escape_formulas writes them with a leading '"
    say(f"{click.style('note', fg='cyan', bold=True)}: {cells}; {done}")


def finding_lines(finding: Finding) -> None:
    """One finding: what, where, why, next step."""
    word, colour = _MARK[finding.severity]
    say(f"{click.style(word, fg=colour, bold=True)}: {shown(finding.message)} {dim(f'[{finding.code}]')}")
    if finding.where is not None:
        say(f"   at: {shown(str(finding.where))}")
    if finding.hint:
        say(f"  fix: {shown(finding.hint)}")


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Iterable[int] = ()) -> str:
    """Rows as aligned text.

    Args:
        headers: One per column.
        rows: Values; None shows as nothing.
        right: Columns, from 0, that are aligned right.
    """
    texts = [[("" if v is None else _cell(str(v))) for v in row] for row in rows]
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
        lines = [f"{h.ljust(width)}  {'' if v is None else _cell(str(v))}" for h, v in zip(headers, row, strict=True)]
        blocks.append("\n".join([heading(f"row {number}"), *lines]))
    return "\n\n".join(blocks)


def _cell(value: str) -> str:
    """A value on one line."""
    return printable(value).replace("\n", " ").replace("\t", " ")


def fits_the_terminal(text: str) -> bool:
    """Whether no line of a text is wider than the terminal; true where stdout is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return True
    return max(map(len, click.unstyle(text).splitlines()), default=0) <= shutil.get_terminal_size().columns


def is_terminal() -> bool:
    """Whether someone is watching stderr."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _colour(stream: Any) -> bool:
    return stream.isatty() and "NO_COLOR" not in os.environ
