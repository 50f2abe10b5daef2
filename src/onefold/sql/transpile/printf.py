"""Translates C format strings, ``%05d``, to the engine's SQL."""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.functions import Arguments, Meaning, filled, literal

_DIRECTIVE = re.compile(r"%([',+\- 0#]*)(\d*)(\.\d+)?([a-zA-Z%])")
_TYPES = {
    "d": "BIGINT", "i": "BIGINT", "x": "BIGINT", "f": "DOUBLE", "e": "DOUBLE", "g": "DOUBLE", "s": "TEXT", "t": "TEXT",
}  # fmt: skip


def printed(function: str, null: str, thousands: str) -> Meaning:
    """The options of a function such as FORMAT.

    Args:
        function: Its name, for messages.
        null: The text for NULL.
        thousands: The flag that adds commas to whole numbers.
    """

    def write(arguments: Arguments) -> exp.Expr:
        wanted, rest = literal(arguments[0], f"the format of {function}"), arguments[1:]
        parts: list[exp.Expr] = []
        at = 0
        for found in _DIRECTIVE.finditer(wanted):
            if found.start() > at:
                parts.append(exp.Literal.string(wanted[at : found.start()]))
            at = found.end()
            if found[4] == "%":
                parts.append(exp.Literal.string("%"))
                continue
            if not rest:
                raise UnsupportedError(f'{function} has too few values for "{wanted}"')
            shown = _directive(found, rest.pop(0), function, thousands)
            parts.append(filled("COALESCE(_1, _2)", shown, exp.Literal.string(null)))
        if at < len(wanted) or not parts:
            parts.append(exp.Literal.string(wanted[at:]))
        return exp.func("CONCAT", *parts) if len(parts) > 1 else parts[0]

    return write


def _directive(found: re.Match[str], value: exp.Expr, function: str, thousands: str) -> exp.Expr:
    flags, width, digits, kind = found.groups(default="")
    has_commas = thousands in flags
    alone = flags == thousands and not width and kind in "di"
    if kind not in _TYPES or (("'" in flags or "," in flags) and not (has_commas and alone)):
        raise UnsupportedError(f'the directive "{found[0]}" of {function} is not supported')
    cast = exp.cast(value, _TYPES[kind])
    if has_commas:
        return filled("FORMAT('{:,}', _1)", cast)
    if kind in "st" and not (flags or width or digits):
        return cast
    pattern = exp.Literal.string(f"%{flags}{width}{digits}{'s' if kind == 't' else kind}")
    return exp.Anonymous(this="PRINTF", expressions=[pattern, cast])
