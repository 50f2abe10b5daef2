"""Rules for regular expression functions of Snowflake.

Flags become part of the pattern, ``(?im)``, because the engine's functions support only some of them.
"""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.functions import filled

_WITH_PARAMETERS = (exp.RegexpExtract, exp.RegexpExtractAll, exp.RegexpCount, exp.RegexpInstr)
_INLINE = "ims"
_KNOWN = frozenset("ceims")
_GROUP = re.compile(r"\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]])*\]|(\((?!\?))", re.DOTALL)
_BOUNDARY = r"\B"


def flags_in_patterns(node: exp.Expr) -> exp.Expr:
    """The flags i, m and s in the syntax of patterns; a later ``c`` cancels an ``i``."""
    key = "modifiers" if isinstance(node, exp.RegexpReplace) else "parameters"
    if not isinstance(node, (*_WITH_PARAMETERS, exp.RegexpReplace)):
        return node
    flags = node.args.get(key)
    if flags is None:
        return node
    if not (isinstance(flags, exp.Literal) and flags.is_string) or set(flags.name) - _KNOWN:
        raise UnsupportedError(f"the flags of {node.sql_name()} must be a text of the letters c, e, i, m and s")
    wanted = {flag for flag in flags.name if flag in _INLINE}
    if flags.name.rfind("c") > flags.name.rfind("i"):
        wanted.discard("i")
    node.set(key, exp.Literal.string("e") if "e" in flags.name else None)
    if wanted:
        node.set("expression", _prefixed(f"(?{''.join(sorted(wanted))})", node.args["expression"]))
    return node


def extracted_groups(node: exp.Expr) -> exp.Expr:
    """The flag ``e`` of REGEXP_SUBSTR: the first group, or the whole match of a pattern without groups."""
    if not isinstance(node, exp.RegexpExtract | exp.RegexpExtractAll):
        return node
    flags, group, pattern = node.args.get("parameters"), node.args.get("group"), node.expression
    if flags is None or "e" not in flags.name:
        return node
    node.set("parameters", None)
    if group is not None and group.name != "0":
        return node
    has_groups = not pattern.is_string or groups(pattern.name) > 0
    node.set("group", exp.Literal.number(1) if has_groups else None)
    return node


def groups(pattern: str) -> int:
    """The number of capturing groups of a pattern."""
    return sum(1 for found in _GROUP.finditer(pattern) if found[1])


def positions(node: exp.Expr) -> exp.Expr:
    """REGEXP_INSTR; rejected if the position would not be that of the match."""
    if not isinstance(node, exp.RegexpInstr):
        return node
    flags, pattern = node.args.get("parameters"), node.expression
    if node.args.get("group") is not None or (flags is not None and "e" in flags.name):
        return _position_of_group(node)
    if pattern.is_string and _can_be_empty(pattern.name):
        raise UnsupportedError("REGEXP_INSTR of a pattern that matches an empty text is not supported")
    return node


_SIMPLE = {"position": "1", "option": "0", "group": "1"}
_BRANCHES = re.compile(r"\||\)[*+?{]")
_LEADS_TO_GROUP = re.compile(r"((?:[^()\[\]|\\]|\\.|\[[^\]]*\])*)(\((?!\?).*)", re.DOTALL)


def _position_of_group(node: exp.Expr) -> exp.Expr:
    """REGEXP_INSTR(x, 'before(group)', 1, n, 0, 'e'): the match begins with the part before its first group."""
    is_first = all(node.args.get(key) is None or node.text(key) == plain for key, plain in _SIMPLE.items())
    found = _LEADS_TO_GROUP.fullmatch(node.expression.name) if node.expression.is_string else None
    number = node.args.get("occurrence") or exp.Literal.number(1)
    if not is_first or not number.is_int or found is None or _BRANCHES.search(node.expression.name):
        raise UnsupportedError("REGEXP_INSTR of a group is not supported; use POSITION of the result of REGEXP_SUBSTR")
    if _can_be_empty(node.expression.name):
        raise UnsupportedError("REGEXP_INSTR of a pattern that matches an empty text is not supported")
    text, leading = node.this, exp.Literal.string(f"({found[1]}){found[2]}")
    matches = exp.Anonymous(this="REGEXP_EXTRACT_ALL", expressions=[text.copy(), node.expression.copy()])
    before_match = _length_before(text, node.expression, matches, int(number.name))
    place = "WHEN LEN(_2) >= _3 THEN _4 + LENGTH(LIST_EXTRACT(REGEXP_EXTRACT_ALL(_1, _5, 1), _3)) + 1"
    return filled(f"CASE WHEN _1 IS NULL THEN NULL {place} ELSE 0 END", text, matches, number, before_match, leading)


def replaced_occurrence(node: exp.Expr) -> exp.Expr:
    """REGEXP_REPLACE with an occurrence n above 1: only the n-th match is replaced."""
    if not isinstance(node, exp.RegexpReplace):
        return node
    occurrence = node.args.get("occurrence")
    if occurrence is None or (occurrence.is_int and occurrence.name in {"0", "1"}):
        return node
    if not occurrence.is_int:
        raise UnsupportedError("the occurrence of REGEXP_REPLACE must be a number")
    text, pattern, number = node.this, node.expression, int(occurrence.name)
    if pattern.is_string and _BOUNDARY in pattern.name:
        raise UnsupportedError(r"REGEXP_REPLACE of an occurrence with \B is not supported")
    start: exp.Expr = node.args.get("position") or exp.Literal.number(1)
    looked_at = exp.func("SUBSTRING", text.copy(), start.copy(), dialect="duckdb")
    matches = exp.Anonymous(this="REGEXP_EXTRACT_ALL", expressions=[looked_at, pattern.copy()])
    offset = exp.paren(start.copy() - 1) + _length_before(looked_at, pattern, matches, number)
    rest = exp.func("SUBSTRING", text.copy(), exp.paren(offset.copy()) + 1, dialect="duckdb")
    replacement = node.args.get("replacement") or exp.Literal.string("")
    first = exp.Anonymous(this="REGEXP_REPLACE", expressions=[rest, pattern.copy(), replacement.copy()])
    before = exp.Anonymous(this="LEFT", expressions=[text.copy(), offset])
    too_few = exp.LT(this=_length(matches), expression=exp.Literal.number(number))
    return exp.Case().when(too_few, text.copy()).else_(exp.DPipe(this=before, expression=first))


def _length_before(text: exp.Expr, pattern: exp.Expr, matches: exp.Expr, number: int) -> exp.Expr:
    """The length of the text before the n-th match: the parts between matches, and the matches."""
    parts = exp.Anonymous(this="STRING_SPLIT_REGEX", expressions=[text.copy(), pattern.copy()])
    return _lengths(parts, number) + _lengths(matches, number - 1)


def _lengths(texts: exp.Expr, count: int) -> exp.Expr:
    chosen = exp.Anonymous(
        this="LIST_SLICE", expressions=[texts.copy(), exp.Literal.number(1), exp.Literal.number(count)]
    )
    return exp.Anonymous(
        this="LENGTH",
        expressions=[exp.Anonymous(this="ARRAY_TO_STRING", expressions=[chosen, exp.Literal.string("")])],
    )


def _length(values: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="LEN", expressions=[values.copy()])


def _prefixed(prefix: str, pattern: exp.Expr) -> exp.Expr:
    if pattern.is_string:
        return exp.Literal.string(prefix + pattern.name)
    return exp.paren(exp.DPipe(this=exp.Literal.string(prefix), expression=pattern.copy()))


def _can_be_empty(pattern: str) -> bool:
    try:
        return re.compile(re.sub(r"\[:\w+:\]", "a", pattern)).match("") is not None
    except re.error:
        return False
