"""Rules for text functions that have another meaning in the engine."""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile import codes
from onefold.sql.transpile.deferred import text_argument
from onefold.sql.transpile.functions import filled
from onefold.sql.transpile.variants import as_text, is_document

_BLANK = " "
_OF_TEXTS = (
    exp.Strtok, exp.StrtokToArray, exp.Stuff, exp.Ascii, exp.Unicode, exp.Initcap, exp.ParseUrl,
    exp.JarowinklerSimilarity,
    exp.RegexpExtract, exp.RegexpExtractAll, exp.RegexpInstr, exp.RegexpCount, exp.RegexpReplace, exp.SplitToTable,
    exp.StrtokSplitToTable, exp.Base64Encode, exp.Base64DecodeString, exp.TryBase64DecodeString, exp.Hex,
    exp.HexDecodeString, exp.TryHexDecodeString, exp.MD5Digest, exp.SHA1Digest, exp.SHA2Digest, exp.MD5NumberLower64,
    exp.MD5NumberUpper64, exp.ByteLength, exp.BitLength, exp.RtrimmedLength,
)  # fmt: skip
_T = exp.DataType.Type
_ONE_CHARACTER = frozenset({_T.CHAR, _T.NCHAR})


def lengths_kept(node: exp.Expr) -> exp.Expr:
    """``x::varchar(n)`` is the first n characters, ``x::char`` the first; the engine ignores the length."""
    if not isinstance(node, exp.Cast) or node.to.this not in exp.DataType.TEXT_TYPES:
        return node
    lengths = node.to.expressions
    if not lengths and node.to.this not in _ONE_CHARACTER:
        return node
    length = lengths[0].this.copy() if lengths else exp.Literal.number(1)
    whole = type(node)(this=node.this.copy(), to=exp.DataType.build("TEXT"))
    return exp.Anonymous(this="LEFT", expressions=[whole, length])


def blanks_trimmed(node: exp.Expr) -> exp.Expr:
    """TRIM, LTRIM and RTRIM without a second argument remove only spaces.

    The engine's functions would also remove other Unicode white space. A column is trimmed only if there is something
    to trim: checking its ends takes a tenth of the time, and ids rarely need it.
    """
    if not isinstance(node, exp.Trim) or node.expression is not None:
        return node
    value, position = node.this, str(node.args.get("position") or "").upper()
    trimmed = exp.Trim(this=value.copy(), expression=exp.Literal.string(_BLANK), position=node.args.get("position"))
    if not isinstance(value, exp.Column):
        return trimmed
    ends = {"LEADING": [f"{_BLANK}%"], "TRAILING": [f"%{_BLANK}"]}.get(position, [f"{_BLANK}%", f"%{_BLANK}"])
    has_blanks = exp.or_(*(exp.Like(this=value.copy(), expression=exp.Literal.string(end)) for end in ends))
    return exp.Case().when(has_blanks, trimmed).else_(text_argument(value))

    return exp.Case().when(has_blanks, trimmed).else_(value.copy())


def codes_of_texts(node: exp.Expr) -> exp.Expr:
    """SOUNDEX: a letter and three digits."""
    return filled(codes.SOUNDEX, node.this) if isinstance(node, exp.Soundex) else node


_NAMED_UUID = (
    "LEFT(_1, 8) || '-' || SUBSTRING(_1, 9, 4) || '-5' || SUBSTRING(_1, 14, 3) || '-' || "
    "SUBSTRING('89ab', CAST((STRPOS('0123456789abcdef', SUBSTRING(_1, 17, 1)) - 1) % 4 + 1 AS INT), 1) || "
    "SUBSTRING(_1, 18, 3) || '-' || SUBSTRING(_1, 21, 12)"
)
_UUID = r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def named_uuids(node: exp.Expr) -> exp.Expr:
    """UUID_STRING(namespace, name): version 5, from the SHA-1 of both."""
    if not isinstance(node, exp.Uuid) or node.this is None:
        return node
    name = node.args.get("name")
    if not node.this.is_string or not re.fullmatch(_UUID, node.this.name) or name is None:
        raise UnsupportedError("the namespace of UUID_STRING must be a literal UUID")
    digits = exp.Literal.string(node.this.name.replace("-", ""))
    digest = filled("SHA1(UNHEX(_1 || HEX(_2)))", digits, exp.cast(name.copy(), "TEXT"))
    return filled(_NAMED_UUID, digest)


_EQUALITIES = (exp.EQ, exp.NEQ)
_INEQUALITIES = (exp.LT, exp.LTE, exp.GT, exp.GTE)
# Collations have their own rules for other letters, and their own order of symbols.
_ASCII = r"[\t\n\r -~]*"
_LETTERS = "[A-Za-z0-9 ]*"
_SAME_IN_ANY_CASE = re.compile(r"(?:[a-z]{2}(?:_[a-z]{2})?-)?ci", re.IGNORECASE)


def compared_in_any_case(node: exp.Expr) -> exp.Expr:
    """``x COLLATE 'en-ci' = y``: ignores case. Strings whose order depends on the collation raise an error."""
    if not isinstance(node, (*_EQUALITIES, *_INEQUALITIES)):
        return node
    collations = [side.expression.name for side in (node.this, node.expression) if isinstance(side, exp.Collate)]
    if not collations or not all(_SAME_IN_ANY_CASE.fullmatch(name) for name in collations):
        return node
    for side in (node.this, node.expression):
        value = side.this if isinstance(side, exp.Collate) else side
        known = exp.Literal.string(_ASCII if isinstance(node, _EQUALITIES) else _LETTERS)
        side.replace(filled(_IN_LOWER_CASE, value, known))
    return node


_IN_LOWER_CASE = (
    "CASE WHEN _1 IS NULL THEN NULL WHEN REGEXP_FULL_MATCH(_1, _2) THEN LOWER(_1) "
    "ELSE ERROR('COLLATE: this text is not supported; compare LOWER(...) of both sides: ' || _1) END"
)


def inserted_texts(node: exp.Expr) -> exp.Expr:
    """INSERT(x, place, length, y): an error if the place is neither inside x nor right after it."""
    if not isinstance(node, exp.Stuff):
        return node
    place, text = node.args["start"], node.this
    is_outside = exp.or_(
        exp.LT(this=place.copy(), expression=exp.Literal.number(1)),
        exp.GT(this=place.copy(), expression=exp.paren(exp.Length(this=text.copy()) + 1)),
    )
    refused = exp.Anonymous(this="ERROR", expressions=[exp.Literal.string("INSERT: the place is outside the text")])
    return exp.Case().when(is_outside, exp.cast(refused, "TEXT")).else_(node.copy())


_ALIKE = (
    "COALESCE(LIST_MIN(LIST_FILTER(RANGE(1, LEAST(LENGTH(_1), LENGTH(_2)) + 1), "
    "LAMBDA n: SUBSTRING(_1, CAST(n AS INT), 1) <> SUBSTRING(_2, CAST(n AS INT), 1))) - 1, "
    "LEAST(LENGTH(_1), LENGTH(_2)))"
)
# The engine's function counts at most four letters of an equal prefix.
_SIMILARITY = (
    f"CAST(FLOOR(100 * (JARO_SIMILARITY(_1, _2) + LEAST({_ALIKE} * 0.1, 1) * (1 - JARO_SIMILARITY(_1, _2)))) AS BIGINT)"
)


def similar_texts(node: exp.Expr) -> exp.Expr:
    """JAROWINKLER_SIMILARITY: hundredths, truncated; 0 for two empty texts."""
    if not isinstance(node, exp.JarowinklerSimilarity):
        return node
    sides = [exp.Upper(this=side.copy()) for side in (node.this, node.expression)]
    hundredths = filled(_SIMILARITY, *sides)
    is_empty = exp.and_(*(side.copy().eq(exp.Literal.string("")) for side in (node.this, node.expression)))
    return exp.Case().when(is_empty, exp.Literal.number(0)).else_(hundredths)


def documents_read(node: exp.Expr) -> exp.Expr:
    """A document where a function requires a text: the text itself, without quotes."""
    if isinstance(node, exp.ConcatWs):
        node.set("expressions", [as_text(value) if is_document(value) else value for value in node.expressions])
    elif isinstance(node, _OF_TEXTS) and is_document(node.this):
        node.set("this", as_text(node.this))
    return node
