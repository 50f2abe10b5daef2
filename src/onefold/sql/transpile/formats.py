"""Rules for TO_CHAR of a time with a format."""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import UnsupportedError

# The author's format elements with the engine's; the longest is tried first.
_ELEMENTS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MMMM": "%B",
    "MON": "%b",
    "MM": "%m",
    "DD": "%d",
    "DY": "%a",
    "HH24": "%H",
    "HH12": "%I",
    "AM": "%p",
    "PM": "%p",
    "MI": "%M",
    "SS": "%S",
    "FF3": "%g",
    "FF6": "%f",
    "FF9": "%n",
    "FF": "%n",
}
_TOKEN = re.compile(
    r'"([^"]*)"|(' + "|".join(sorted(_ELEMENTS, key=len, reverse=True)) + r")|([^A-Z]|T(?=HH))", re.IGNORECASE
)


def formatted_times(node: exp.Expr) -> exp.Expr:
    """``TO_CHAR(x, 'YYYY-MM')`` of a time of unknown type, treated as a timestamp."""
    if not isinstance(node, exp.ToChar):
        return node
    wanted = node.args.get("format")
    if wanted is None:
        return node
    if not (isinstance(wanted, exp.Literal) and wanted.is_string):
        raise UnsupportedError("the format of TO_CHAR must be a text")
    return exp.TimeToStr(this=node.this.copy(), format=exp.Literal.string(_engine_format(wanted.name)))


def _engine_format(wanted: str) -> str:
    parts: list[str] = []
    at = 0
    while at < len(wanted):
        found = _TOKEN.match(wanted, at)
        if found is None or found[0].isdigit():
            raise UnsupportedError(
                f'TO_CHAR does not support the format "{wanted}"; it supports formats of times and numbers'
            )
        text, element, other = found.groups()
        parts.append(_ELEMENTS[element.upper()] if element else (text or other or "").replace("%", "%%"))
        at = found.end()
    return "".join(parts)
