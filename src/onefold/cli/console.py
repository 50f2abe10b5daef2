r"""The only module that prints. Data goes to stdout; progress, warnings and errors go to stderr.

Output is coloured on a terminal, unless NO_COLOR is set, and plain everywhere else.

Ids and values are untrusted text. Control characters, escape sequences and bidirectional marks are printed as
``\u001b``, the same as in JSON. A full or closed stderr does not stop a run. A failed write to stdout is an error.
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
"""The most errors that are printed; the others are counted."""

_MARK = {"error": ("error", "red"), "warning": ("warning", "yellow"), "note": ("note", "cyan")}


_ESCAPED_BUT_STYLE = re.compile(rf"(\x1b\[(?:[0-2]|3[0-7])m)|\r(?=\n)|([{HIDDEN}])")
"""Matches what is escaped, and the exceptions: this module's styles and the carriage return of a Windows line end."""

_COMMAND = re.compile(r"(?:(?<=^)|(?<=[`\s(]))pb(?= (?:[a-z]+\b|-h))(?<!uv run pb)", re.MULTILINE)
"""Matches ``pb`` at the start of a line, or after a backtick, space or parenthesis."""


def _safe(text: str) -> str:
    return _ESCAPED_BUT_STYLE.sub(lambda found: found[1] or (escaped(found[2]) if found[2] else ""), text)


def data(text: str) -> None:
    """Print a line or block of the answer to stdout.

    Raises:
        BrokenPipeError: If the reader has closed the pipe.
        AccessError: If it cannot be written.
    """
    from onefold.environment import access_error  # noqa: PLC0415 - errors only

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
    """The command as the user must type it: ``uv run pb`` if ``uv run`` started this process, else ``pb``.

    ``uv run`` puts the command on the PATH of its own process, but not on that of the user's shell.
    """
    return "uv run pb" if "UV_RUN_RECURSION_DEPTH" in os.environ else "pb"


def as_typed(text: str) -> str:
    """The text with its commands as the user must type them."""
    return text if typed() == "pb" else _COMMAND.sub(typed(), text)


def outcome(text: str) -> None:
    """Print the result of a command that changed something. The change is done, so a failed write is not an error."""
    from onefold.errors import OnefoldError  # noqa: PLC0415

    try:
        data(as_typed(text))
    except BrokenPipeError:
        _forget(1)
    except OnefoldError as error:
        say(f"could not print the summary: {error.findings[0].message}")


def say(text: str = "") -> None:
    """Print a message to stderr; lost if stderr cannot be written."""
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
    """Make the standard streams safe to write to, whatever their encoding and even if they are closed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # The next opened file, such as the database, would get the file number of a closed stream.
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - stdin, stdout, stderr
        pass
    os.close(number)


def discard_output() -> None:
    """Discard all further output, because the reader has closed the pipe."""
    _forget(1)


def _forget(number: int) -> None:
    """Discard the buffered output of a failed stream, so that exiting does not fail on it again."""
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
    """``pass``, ``warn`` or ``fail``, in its colour on a terminal."""
    return click.style(word, fg=_VERDICT[word], bold=True)


def problem(message: str) -> None:
    """Print an error on one line."""
    say(click.style("error", fg="red", bold=True) + f": {shown(message)}")


def usage_error(error: click.ClickException) -> None:
    """Print a usage error, with the command that shows help."""
    problem(error.format_message().rstrip("."))
    context = getattr(error, "ctx", None)
    if context is not None:
        say(f"  see: {context.command_path} --help")


def failure(error: OnefoldError) -> None:
    """Print the findings of an error, most severe first, at most `MOST_FINDINGS`."""
    first = error.findings[:MOST_FINDINGS]
    for finding in first:
        finding_lines(finding)
    left = len(error.findings) - len(first)
    if left:
        say(f"and {left} more")


def crash(error: Exception) -> None:
    """Print an internal error."""
    problem(f"{type(error).__name__}: {error}")
    say("  this is a bug in onefold, please report it; set PB_TRACEBACK=1 to see the traceback")


def formulas_note(count: int, *, is_escaped: bool) -> None:
    """Warn that a CSV file has cells that a spreadsheet would run as formulas."""
    if not count:
        return
    cells = f"a spreadsheet would run {count:,} text cell{'' if count == 1 else 's'} of the CSV as formulas"
    done = "they are prefixed with '" if is_escaped else "--escape_formulas prefixes them with '"
    say(f"{click.style('note', fg='cyan', bold=True)}: {cells}; {done}")


def finding_lines(finding: Finding) -> None:
    """Print a finding: what, where, why and the next step."""
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
        rows: Values; None is shown as an empty cell.
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
    """Rows in vertical layout, one line per column, for tables wider than the terminal."""
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
    """Whether all lines of a text fit the terminal; true if stdout is not a terminal."""
    if sys.stdout is None or not sys.stdout.isatty():
        return True
    return max(map(len, click.unstyle(text).splitlines()), default=0) <= shutil.get_terminal_size().columns


def is_terminal() -> bool:
    """Whether stderr is an interactive terminal."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _colour(stream: Any) -> bool:
    return stream.isatty() and "NO_COLOR" not in os.environ
