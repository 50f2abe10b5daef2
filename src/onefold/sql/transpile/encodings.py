"""Rules for digests and encodings of Snowflake."""

from __future__ import annotations

from sqlglot import exp

_NUMBERS: dict[type[exp.Expr], int] = {exp.MD5NumberUpper64: 1, exp.MD5NumberLower64: 17}
"""Offset of the 16 hexadecimal digits that the number consists of."""
_BYTES = (exp.Unhex, exp.FromBase64, exp.MD5Digest, exp.SHA1Digest, exp.SHA2Digest, exp.ToBinary, exp.Encode)
_HEX = "([0-9A-Fa-f]{2})*"
_BASE64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"


def numbers_of_digests(node: exp.Expr) -> exp.Expr:
    """MD5_NUMBER_UPPER64 and MD5_NUMBER_LOWER64: half of the digest, as a number."""
    if type(node) not in _NUMBERS:
        return node
    place = exp.Literal.number(_NUMBERS[type(node)])
    digits = exp.Substring(this=exp.MD5(this=node.this.copy()), start=place, length=exp.Literal.number(16))
    return whole_of_hex(digits, "UBIGINT")


def whole_of_hex(digits: exp.Expr, kind: str) -> exp.Expr:
    """A text of hexadecimal digits as a number of an engine type.

    The type is given by a sample value. A cast would be taken for one by the author, whose dialect does not accept such
    digits.
    """
    like = exp.Cast(this=exp.null(), to=exp.DataType.build(kind, dialect="duckdb"))
    text = exp.DPipe(this=exp.Literal.string("0x"), expression=digits)
    return exp.Anonymous(this="CAST_TO_TYPE", expressions=[text, like])


def short_digests(node: exp.Expr) -> exp.Expr:
    """SHA2(x, 0) is SHA2(x, 256)."""
    if isinstance(node, exp.SHA2 | exp.SHA2Digest) and node.text("length") == "0":
        node.set("length", exp.Literal.number(256))
    return node


def encoded_texts(node: exp.Expr) -> exp.Expr:
    """BASE64_ENCODE and OCTET_LENGTH of a text use its UTF-8 bytes."""
    if isinstance(node, exp.ToBase64 | exp.Base64Encode | exp.ByteLength) and not isinstance(node.this, _BYTES):
        node.set("this", exp.Anonymous(this="ENCODE", expressions=[exp.cast(node.this.copy(), "TEXT")]))
    return node


def checked_decodings(node: exp.Expr) -> exp.Expr:
    """TRY_BASE64_DECODE_STRING and TRY_HEX_DECODE_STRING: NULL if the text is not validly encoded."""
    if isinstance(node, exp.TryBase64DecodeString | exp.TryBase64DecodeBinary):
        decoded, form = exp.Anonymous(this="FROM_BASE64", expressions=[node.this.copy()]), _BASE64
    elif isinstance(node, exp.TryHexDecodeString | exp.TryHexDecodeBinary):
        decoded, form = exp.Anonymous(this="UNHEX", expressions=[node.this.copy()]), _HEX
    elif isinstance(node, exp.HexDecodeString):
        return _checked_hex(node)
    else:
        return node
    if isinstance(node, exp.TryBase64DecodeString | exp.TryHexDecodeString):
        decoded = exp.Anonymous(this="TRY", expressions=[exp.Anonymous(this="DECODE", expressions=[decoded])])
    return exp.Case().when(_matches(node.this, form), decoded)


def _checked_hex(node: exp.HexDecodeString) -> exp.Expr:
    """HEX_DECODE_STRING of an odd number of digits is an error; the engine would add one."""
    refused = exp.Anonymous(
        this="ERROR", expressions=[exp.Literal.string("HEX_DECODE_STRING: the text is not hexadecimal")]
    )
    decoded = exp.Anonymous(this="DECODE", expressions=[exp.Anonymous(this="UNHEX", expressions=[node.this.copy()])])
    wrong = exp.not_(_matches(node.this, _HEX))
    return exp.Case().when(wrong, exp.cast(refused, "TEXT")).else_(decoded)


def _matches(text: exp.Expr, form: str) -> exp.Expr:
    return exp.Anonymous(this="REGEXP_FULL_MATCH", expressions=[text.copy(), exp.Literal.string(form)])
