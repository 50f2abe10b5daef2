"""SOUNDEX and CRC32 as templates of the engine's SQL; ``_1`` stands for the text."""

from __future__ import annotations

_LETTERS = "'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"
_DIGITS = "'01230127022455012623017202'"
# H and W do not separate letters with the same code, vowels do; the first letter's own code counts before it.
_CODES = f"TRANSLATE({{0}}, {_LETTERS}, {_DIGITS})"
_AS_ONE = "REGEXP_REPLACE({0}, '(1)1+|(2)2+|(3)3+|(4)4+|(5)5+|(6)6+', '\\1\\2\\3\\4\\5\\6', 'g')"


def _soundex(letters: str) -> str:
    """The first letter and three digits."""
    first = f"LEFT({letters}, 1)"
    codes = f"LEFT({_CODES.format(letters)}, 1) || REPLACE(SUBSTRING({_CODES.format(letters)}, 2), '7', '')"
    digits = f"REPLACE(SUBSTRING({_AS_ONE.format(codes)}, 2), '0', '')"
    return f"{first} || RPAD(LEFT({digits}, 3), 3, '0')"


_UPPER = "UPPER(CAST(_1 AS TEXT))"
_ONLY_LETTERS = f"REGEXP_REPLACE({_UPPER}, '[^A-Z]', '', 'g')"
SOUNDEX = f"CASE WHEN {_ONLY_LETTERS} = '' THEN '' ELSE {_soundex(_ONLY_LETTERS)} END"
"""American Soundex; other characters than English letters are ignored."""

_PARTED = f"REGEXP_REPLACE({_UPPER}, '[^A-Z]', '0', 'g')"
SOUNDEX_OF_WORDS = f"CASE WHEN REGEXP_MATCHES({_UPPER}, '^[A-Z]') THEN {_soundex(_PARTED)} ELSE CAST(_1 AS TEXT) END"
"""Databricks' Soundex: other characters separate letters; a text that does not begin with a letter is unchanged."""

_NIBBLE = "STRPOS('0123456789ABCDEF', SUBSTRING(HEX(_1), CAST({0} AS INT), 1)) - 1"
_BYTES = (
    "LIST_TRANSFORM(RANGE(0, STRLEN(_1)), "
    f"LAMBDA n: ({_NIBBLE.format('2 * n + 1')}) * 16 + {_NIBBLE.format('2 * n + 2')})"
)
_STEP = "LIST_REDUCE(RANGE(8), LAMBDA c, k: XOR(c >> 1, 3988292384 * (c & 1)), XOR(r, b))"
CRC32 = f"XOR(LIST_REDUCE({_BYTES}, LAMBDA r, b: {_STEP}, CAST(4294967295 AS BIGINT)), CAST(4294967295 AS BIGINT))"
"""The checksum of a text's bytes, as a number."""
