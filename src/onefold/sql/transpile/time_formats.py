"""Translates the time formats of each warehouse to the engine's.

Takes a format and a time (or a text). Returns an expression that formats the time (or parses the text), or an error
that names the unsupported element. A format is a list of pieces: literal text, or an element. An element is written as
a STRFTIME format of the engine, or as a template of its SQL if STRFTIME lacks it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.functions import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeVar

    _T = TypeVar("_T")


@dataclass(frozen=True)
class Element:
    """One piece of a format."""

    text: str


Piece = str | Element
_LETTERS = re.compile(r"'((?:[^']|'')*)'|(([A-Za-z])\3*)|([^A-Za-z'])")


@dataclass(frozen=True)
class TimeFormats:
    """The time formats of one warehouse.

    Attributes:
        warehouse: Its name, for messages.
        split: Splits a format into its pieces.
        writes: The output of an element: a STRFTIME format, or a template of ``_1``, the time.
        reads: STRPTIME formats that parse an element; several are tried in turn.
        lenient: Normalizes a text before it is parsed, a template of ``_1``; None if it is not needed.
    """

    warehouse: str
    split: Callable[[str], list[Piece]]
    writes: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def written(self, time: exp.Expr, wanted: str) -> exp.Expr:
        """A time as text.

        Raises:
            UnsupportedError: An element is not supported.
        """
        parts: list[exp.Expr] = []
        pattern = ""
        for piece in self.split(wanted):
            writes = piece.replace("%", "%%") if isinstance(piece, str) else self._known(self.writes, piece, wanted)
            if "_1" not in writes:
                pattern += writes
                continue
            if pattern:
                parts.append(_strftime(time, pattern))
                pattern = ""
            parts.append(filled(writes, time))
        if pattern or not parts:
            parts.append(_strftime(time, pattern))
        joined = parts[0]
        for part in parts[1:]:
            joined = exp.DPipe(this=joined, expression=part)
        return joined if len(parts) == 1 else exp.paren(joined)

    def read(self, text: exp.Expr, wanted: str, *, safe: bool = False) -> exp.Expr:
        """A text as a timestamp without a time zone, or with one if the format has one.

        Raises:
            UnsupportedError: An element is not supported, or not for parsing.
        """
        patterns = [""]
        for piece in self.split(wanted):
            reads = [piece.replace("%", "%%")] if isinstance(piece, str) else self._known(self.reads, piece, wanted)
            patterns = [pattern + one for pattern in patterns for one in reads]
        listed = [exp.Literal.string(pattern) for pattern in patterns]
        given = listed[0] if len(listed) == 1 else exp.Array(expressions=listed)
        return exp.Anonymous(this="TRY_STRPTIME" if safe else "STRPTIME", expressions=[text.copy(), given])

    def _known(self, table: Mapping[str, _T], piece: Element, wanted: str) -> _T:
        if piece.text not in table:
            raise UnsupportedError(
                f'the element "{piece.text}" of the format "{wanted}" of {self.warehouse} is not supported'
            )
        return table[piece.text]


def _strftime(time: exp.Expr, pattern: str) -> exp.Expr:
    return exp.Anonymous(this="STRFTIME", expressions=[time.copy(), exp.Literal.string(pattern)])


def percents(wanted: str) -> list[Piece]:
    """The pieces of a format such as ``%Y-%m``, with elements such as ``%E3S``."""
    found = re.split(r"(%(?:E[0-9*]?[A-Za-z]|.))", wanted)
    return ["%" if piece == "%%" else Element(piece) if at % 2 else piece for at, piece in enumerate(found) if piece]


def letters(wanted: str) -> list[Piece]:
    """The pieces of a Java format such as ``yyyy-MM-dd'T'HH:mm``: a run of one letter is an element."""
    pieces: list[Piece] = []
    for found in _LETTERS.finditer(wanted):
        quoted, run, other = found[1], found[2], found[4]
        if run:
            pieces.append(Element(run))
        else:
            pieces.append(other if quoted is None else quoted.replace("''", "'") or "'")
    return pieces


def words(elements: Sequence[str]) -> Callable[[str], list[Piece]]:
    """Splits formats such as ``YYYY-MM-DD "at" HH24:MI`` into the given elements, longest first."""
    longest = sorted(elements, key=len, reverse=True)
    token = re.compile(r'"((?:[^"\\]|\\.)*)"|(' + "|".join(map(re.escape, longest)) + r")|([A-Za-z]+)|(.)", re.DOTALL)

    def split(wanted: str) -> list[Piece]:
        pieces: list[Piece] = []
        for found in token.finditer(wanted):
            if found[2] or found[3]:
                pieces.append(Element(found[2] or found[3]))
            else:
                pieces.append(found[4] if found[4] is not None else found[1])
        return pieces

    return split
