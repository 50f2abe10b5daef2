"""Booleans as Snowflake reads them. Takes a conversion; returns an expression of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion.conversion import refusal

if TYPE_CHECKING:
    from onefold.sql.coercion.conversion import Conversion

_TRUE = ("true", "t", "yes", "y", "on", "1")
_FALSE = ("false", "f", "no", "n", "off", "0")


def of_text(conversion: Conversion) -> exp.Expr:
    """A text as a boolean: true, t, yes, y, on, 1 and their opposites, in any case."""
    value = conversion.value
    made = exp.Case()
    for words, truth in ((_TRUE, exp.true()), (_FALSE, exp.false())):
        listed = [exp.Literal.string(word) for word in words]
        made = made.when(exp.In(this=exp.Lower(this=value.copy()), expressions=listed), truth)
    return made if conversion.is_safe else made.else_(refusal(value, "boolean", conversion.target))
