"""Booleans as Snowflake reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion.conversion import case, conversion_error

if TYPE_CHECKING:
    from onefold.sql.coercion.conversion import Conversion

_TRUE = ("true", "t", "yes", "y", "on", "1")
_FALSE = ("false", "f", "no", "n", "off", "0")


def of_text(conversion: Conversion) -> exp.Expr:
    """A text as a boolean: true, t, yes, y, on, 1 and their opposites, in any case."""
    value = conversion.value
    branches: list[tuple[exp.Expr, exp.Expr]] = []
    for words, truth in ((_TRUE, exp.true()), (_FALSE, exp.false())):
        listed = [exp.Literal.string(word) for word in words]
        branches.append((exp.In(this=exp.Lower(this=value.copy()), expressions=listed), truth))
    refused = None if conversion.is_safe else conversion_error(value, "boolean", conversion.target)
    return case(*branches, otherwise=refused)
