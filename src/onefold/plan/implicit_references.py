"""Implicit references: vars that a text names without a template, ``total / orders`` for ``{{user.total}}``.

Older projects write vars this way. Takes a rendered text and the names of vars; returns the text with references in
place of those names. Quoted, qualified and called names are not vars, and neither are date parts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from onefold.template.references import TOKEN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from onefold.plan.model import SqlText
    from onefold.template.references import ColumnReference, VarReference

_PIECES = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | --[^\n]* | /\*.*?\*/
    | (?P<word>(?<![\w.$])[A-Za-z_]\w*\b(?!\s*[(.]))
    """,
    re.VERBOSE | re.DOTALL,
)
_NO_VARS = frozenset(
    {
        "microsecond", "millisecond", "second", "minute", "hour", "day", "dayofweek", "dayofyear", "week", "isoweek",
        "month", "quarter", "year", "epoch", "date", "time", "datetime", "timestamp", "interval", "text", "value",
        "values", "row", "rows", "range", "first", "last", "current", "end", "start", "type", "key",
    }
)  # fmt: skip
"""SQL keywords: a var with such a name can only be used through a template."""


def implicit_references(text: SqlText, names: Collection[str]) -> frozenset[str]:
    """Which of some lower-case names occur unqualified in a text."""
    found = {match["word"].lower() for match in _PIECES.finditer(text.sql) if match["word"]}
    return frozenset((found & {*names}) - _NO_VARS)


def with_references(text: SqlText, named: Mapping[str, VarReference | ColumnReference]) -> SqlText:
    """The text with a reference in place of each lower-case name."""
    if not named:
        return text
    references = dict(text.references)
    numbers = [int(token.strip("_").split("_")[-1]) for token in references] or [0]
    tokens = {name: f"__ref_{max(numbers) + n}__" for n, name in enumerate(sorted(named), start=1)}
    references |= {token: named[name] for name, token in tokens.items()}

    def put(match: re.Match[str]) -> str:
        word = match["word"]
        return match[0] if not word or TOKEN.fullmatch(word) else tokens.get(word.lower(), word)

    return replace(text, sql=_PIECES.sub(put, text.sql), references=references)
