"""Functions of text whose plain translation finds something else. In: a node. Out: one that means the same."""

from __future__ import annotations

from sqlglot import exp

from onefold.sql.mend.deferred import text_argument
from onefold.sql.mend.variants import as_text, is_document

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
    """TRIM, LTRIM and RTRIM without a second argument: blanks go, and nothing else.

    The engine's would take other white space of Unicode away as well. A column is trimmed only where there is
    something to trim: looking at its ends takes a tenth of the time, and ids rarely have any.
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


def inserted_texts(node: exp.Expr) -> exp.Expr:
    """INSERT(x, place, length, y): an error where the place is not in x, nor just behind it."""
    if not isinstance(node, exp.Stuff):
        return node
    place, text = node.args["start"], node.this
    is_outside = exp.or_(
        exp.LT(this=place.copy(), expression=exp.Literal.number(1)),
        exp.GT(this=place.copy(), expression=exp.paren(exp.Length(this=text.copy()) + 1)),
    )
    refused = exp.Anonymous(this="ERROR", expressions=[exp.Literal.string("INSERT: the place is outside the text")])
    return exp.Case().when(is_outside, exp.cast(refused, "TEXT")).else_(node.copy())


def similar_texts(node: exp.Expr) -> exp.Expr:
    """JAROWINKLER_SIMILARITY: hundredths, the rest cut off; of two empty texts 0."""
    if not isinstance(node, exp.JarowinklerSimilarity):
        return node
    sides = [exp.Upper(this=side.copy()) for side in (node.this, node.expression)]
    share = exp.Anonymous(this="JARO_WINKLER_SIMILARITY", expressions=sides)
    hundredths = exp.cast(exp.Floor(this=exp.Mul(this=share, expression=exp.Literal.number(100))), "BIGINT")
    is_empty = exp.and_(*(side.copy().eq(exp.Literal.string("")) for side in (node.this, node.expression)))
    return exp.Case().when(is_empty, exp.Literal.number(0)).else_(hundredths)


def documents_read(node: exp.Expr) -> exp.Expr:
    """A document where a function wants a text: the text itself, without quotes."""
    if isinstance(node, exp.ConcatWs):
        node.set("expressions", [as_text(value) if is_document(value) else value for value in node.expressions])
    elif isinstance(node, _OF_TEXTS) and is_document(node.this):
        node.set("this", as_text(node.this))
    return node
