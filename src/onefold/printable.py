"""Makes ids and values safe to show: no character of the result acts on a terminal or a page."""

from __future__ import annotations

import re

HIDDEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
"""Control characters except tab and line feed, text direction marks, invisible characters, lone surrogates."""

MOST_CHARACTERS = 200
"""Maximum length of a word: longer ids are shortened in text. JSON and CSV have them in full."""

_ESCAPED = re.compile(f"[{HIDDEN}]")


def escaped(character: str) -> str:
    r"""A character as ``\uXXXX``, which is also its form in JSON."""
    return f"\\u{ord(character):04x}"


def printable(text: str) -> str:
    r"""The text with control and invisible characters written as ``\uXXXX``.

    >>> printable("a\x1b[31mb")
    'a\\u001b[31mb'
    """
    return _ESCAPED.sub(lambda found: escaped(found[0]), text)


def shown(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text from `printable`, with words longer than ``most`` characters shortened in the middle."""

    def cut(found: re.Match[str]) -> str:
        word = found[0]
        return f"{word[: most // 2]}…{word[-most // 8 :]} ({len(word):,} characters)"

    return printable(re.sub(rf"\S{{{most + 1},}}", cut, text))
