"""The conversion of a value to a type, and the building blocks of conversions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from onefold.sql.node_marks import AS_IS


@dataclass(frozen=True)
class Conversion:
    """A conversion of a value to another type.

    Attributes:
        value: The expression; copied into the result.
        source: Its type, as the engine names it.
        target: The target type.
        is_safe: Whether an unreadable value gives NULL (TRY_CAST) instead of an error.
        is_moment: Whether a text with an offset is read as that moment in UTC, not as local time.
    """

    value: exp.Expr
    source: str
    target: exp.DataType
    is_safe: bool = False
    is_moment: bool = False

    def plain(self) -> exp.Expr:
        """The engine's own cast."""
        return cast(self.value, self.target, is_safe=self.is_safe)

    def read(self, found: exp.Expr, what: str) -> exp.Expr:
        """``found``, which is NULL for unreadable values; then an error is raised unless the conversion is safe.

        Args:
            found: The converted value.
            what: The expected content of the text, for the message: ``number``.
        """
        if self.is_safe:
            return found
        return exp.Coalesce(this=_own(found), expressions=[conversion_error(self.value, what, self.target)])


Conversions = "Mapping[tuple[Kind, Kind], Callable[[Conversion], exp.Expr]]"
"""Converts a value of the first kind to the second; other pairs are left to the engine."""


def cast(value: exp.Expr, target: exp.DataType | str, *, is_safe: bool = False) -> exp.Cast:
    """``CAST(value AS target)`` or TRY_CAST of the engine."""
    to = target if isinstance(target, exp.DataType) else _type(target)
    made = (exp.TryCast if is_safe else exp.Cast)(this=_own(value), to=to.copy())
    made.meta[AS_IS] = True
    return made


def call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """A function of the engine by name."""
    return exp.Anonymous(this=name, expressions=[_own(argument) for argument in arguments])


def case(*branches: tuple[exp.Expr, exp.Expr], otherwise: exp.Expr | None = None) -> exp.Case:
    """``CASE WHEN condition THEN value ... ELSE otherwise END``."""
    ifs = [exp.If(this=_own(condition), true=_own(value)) for condition, value in branches]
    return exp.Case(ifs=ifs, default=None if otherwise is None else _own(otherwise))


def conversion_error(value: exp.Expr, what: str, target: exp.DataType) -> exp.Expr:
    """A cast that fails with an error that names the text and its column; NULL for NULL.

    The engine's own ERROR() is volatile: it is not allowed in the order of a window, and is computed for each use.
    """
    column = value.find(exp.Column)
    named = f' in column "{column.name}"' if column is not None else ""
    parts = [exp.Literal.string("'"), value.copy(), exp.Literal.string(f"'{named} is not a {what}")]
    first = exp.DPipe(this=parts[0], expression=cast(parts[1], "TEXT") if not _is_column(value) else parts[1])
    return cast(exp.DPipe(this=first, expression=parts[2]), target)


def matches(value: exp.Expr, pattern: str) -> exp.Expr:
    """Whether the whole text matches a pattern."""
    return call("REGEXP_FULL_MATCH", value, exp.Literal.string(pattern))


def contains(value: exp.Expr, part: str) -> exp.Expr:
    """Whether a text contains a string."""
    return call("CONTAINS", value, exp.Literal.string(part))


def literal_text(node: exp.Expr) -> str | None:
    """The text of a string literal; None for anything else."""
    inner = node.unnest()
    return str(inner.this) if isinstance(inner, exp.Literal) and inner.is_string else None


_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def is_number_text(text: str) -> bool:
    """Whether a text is a number in every dialect."""
    return _NUMBER.fullmatch(text) is not None


def number_literal(text: str) -> exp.Expr | None:
    """A text as a number literal, ``'5'`` as ``5``; None if it is written in another way."""
    if not _PLAIN_NUMBER.fullmatch(text):
        return None
    literal = exp.Literal.number(text.removeprefix("-"))
    return exp.Neg(this=literal) if text.startswith("-") else literal


@lru_cache(maxsize=256)
def _type(name: str) -> exp.DataType:
    return exp.DataType.build(name, dialect="duckdb")


def _own(node: exp.Expr) -> exp.Expr:
    """The node for use in another tree; a copy if it already has a parent."""
    return node if node.parent is None else node.copy()


def _is_column(value: exp.Expr) -> bool:
    return isinstance(value, exp.Column)
