"""Vars that a text names without a template, as texts of former years do: ``total / orders`` for ``{{user.total}}``.

In: a rendered text, the names of vars. Out: the text with references in place of those names. What is quoted,
qualified, or called is no var, and neither is a part of a date. Knows no SQL beyond that.
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
"""Words that SQL has other uses for: a var of such a name needs a template."""


def implicit_references(text: SqlText, names: Collection[str]) -> frozenset[str]:
    """Which of some lower-case names a text has, on their own."""
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
