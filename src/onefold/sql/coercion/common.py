"""The common type of values that are compared or can replace each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.sql.coercion.kinds import MOMENTS, NUMBERS, Kind, kind_of, scale_of

if TYPE_CHECKING:
    from collections.abc import Sequence

EXACT_SCALE = 10
"""Digits after the decimal point that a text keeps when it becomes a decimal."""


def common_type(names: Sequence[str]) -> str | None:
    """The type that values of these types are converted to; None if the engine finds it by itself.

    A number, a time or a boolean takes precedence over text; a boolean takes precedence over a number.
    """
    kinds = {kind_of(name) for name in names} - {Kind.NULL}
    others = kinds - {Kind.TEXT}
    if Kind.TEXT in kinds and others:
        if others <= NUMBERS:
            return _number(names)
        if others <= MOMENTS:
            return _moment(others)
        if others in ({Kind.TIME}, {Kind.BOOLEAN}):
            return next(iter(others)).name
        return None
    return "BOOLEAN" if Kind.BOOLEAN in kinds and kinds & NUMBERS and kinds <= NUMBERS | {Kind.BOOLEAN} else None


def converts(name: str, target: str) -> bool:
    """Whether a value must be converted to the target. Numbers are compatible with each other, and so are times."""
    kind, wanted = kind_of(name), kind_of(target)
    if kind is Kind.NULL or kind is wanted:
        return False
    return not (kind in NUMBERS and wanted in NUMBERS) and not (kind in MOMENTS and wanted in MOMENTS)


def _number(names: Sequence[str]) -> str:
    if any(kind_of(name) is Kind.FLOAT for name in names):
        return "DOUBLE"
    return f"DECIMAL(38, {max(EXACT_SCALE, *(scale_of(name) for name in names))})"


def _moment(kinds: set[Kind]) -> str:
    if Kind.TIMESTAMPTZ in kinds:
        return "TIMESTAMPTZ"
    return "TIMESTAMP" if Kind.TIMESTAMP in kinds else "DATE"
