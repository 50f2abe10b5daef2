"""Ids and values as text that is safe to show. In: any text. Out: text that no terminal or page acts on."""

from __future__ import annotations

import re

HIDDEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
"""Control characters but tab and line feed, marks of the reading direction, invisible characters, lone surrogates."""

MOST_CHARACTERS = 200
"""Of a word: ids that are longer are cut in text. JSON and CSV have them whole."""

_ESCAPED = re.compile(f"[{HIDDEN}]")


def escaped(character: str) -> str:
    r"""A character as ``\uXXXX``, which is also its form in JSON."""
    return f"\\u{ord(character):04x}"


def printable(text: str) -> str:
    r"""The text with what a terminal would act on, or not show, written as ``\uXXXX``.

    >>> printable("a\x1b[31mb")
    'a\\u001b[31mb'
    """
    return _ESCAPED.sub(lambda found: escaped(found[0]), text)


def shown(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text as `printable` has it, with words beyond ``most`` characters cut in the middle."""

    def cut(found: re.Match[str]) -> str:
        word = found[0]
        return f"{word[: most // 2]}…{word[-most // 8 :]} ({len(word):,} characters)"

    return printable(re.sub(rf"\S{{{most + 1},}}", cut, text))
