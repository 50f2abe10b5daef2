"""Translates regular expressions of the author dialects to the engine's RE2."""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.functions import Arguments, Meaning, filled, literal

_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|(\((?!\?))")
_OPTIONAL = re.compile(r"\)(?:[?*|]|\{0)")
_FLAGS = re.compile(r"[icesm]*")


def groups(pattern: str) -> int:
    """The maximum number of groups that are extracted."""
    return sum(1 for found in _GROUP.finditer(pattern) if found[1])


def flagged(pattern: exp.Expr, flags: str) -> exp.Expr:
    """A pattern with flags applied: ``i`` ignores case; ``c``, ``e`` and ``g`` do not change the pattern.

    Raises:
        UnsupportedError: For other flags.
    """
    if set(flags) - set("iceg"):
        raise UnsupportedError(f'the flags "{flags}" of a regular expression are not supported')
    if "i" not in flags:
        return pattern.copy()
    if isinstance(pattern, exp.Literal):
        return exp.Literal.string(f"(?i){pattern.name}")
    return filled("'(?i)' || _1", pattern)


def matched(value: exp.Expr, pattern: exp.Expr, group: int = 0) -> exp.Expr:
    """The first match of a pattern, or one of its groups; NULL without a match."""
    template = "CASE WHEN REGEXP_MATCHES(_1, _2) THEN REGEXP_EXTRACT(_1, _2, _3) END"
    return filled(template, value, pattern, exp.Literal.number(group))


def nth_match(arguments: Arguments, *, pattern: exp.Expr, group: int, missing: str) -> exp.Expr:
    """REGEXP_SUBSTR(x, pattern, position, occurrence): the match at that occurrence.

    Args:
        arguments: The author's arguments.
        pattern: The pattern with its flags.
        group: The group to extract; 0 is the whole match.
        missing: The result without a match, in the engine's SQL.
    """
    position = arguments[2] if len(arguments) > 2 else exp.Literal.number(1)  # noqa: PLR2004
    occurrence = arguments[3] if len(arguments) > 3 else exp.Literal.number(1)  # noqa: PLR2004
    template = (
        "CASE WHEN _1 IS NOT NULL AND _2 IS NOT NULL THEN COALESCE(LIST_EXTRACT("
        f"REGEXP_EXTRACT_ALL(SUBSTRING(_1, _3), _2, _5), _4), {missing}) END"
    )
    return filled(template, arguments[0], pattern, position, occurrence, exp.Literal.number(group))


def replacement(node: exp.Expr, sign: str) -> exp.Expr:
    """The replacement text with the engine's references to groups.

    Args:
        node: The author's text; one that is not a literal has no references.
        sign: The prefix of a reference: a dollar sign, or a backslash as in the engine.
    """
    if not isinstance(node, exp.Literal):
        return node.copy()
    if sign == "$":
        text = re.sub(r"\\(.)|\$(\d)", lambda m: f"\\{m[2]}" if m[2] else m[1], node.name.replace("\\\\", "\\\\"))
        return exp.Literal.string(text)
    return exp.Literal.string(node.name.replace(r"\&", r"\0"))


def matched_groups(arguments: Arguments) -> exp.Expr:
    """REGEXP_MATCH of PostgreSQL: the groups of the first match as a list, or the match itself."""
    pattern = literal(arguments[1], "the pattern of REGEXP_MATCH")
    if _OPTIONAL.search(pattern):
        raise UnsupportedError("REGEXP_MATCH with an optional group is not supported; use REGEXP_SUBSTR")
    flags = literal(arguments[2], "the flags") if len(arguments) > 2 else ""  # noqa: PLR2004
    read = flagged(arguments[1], flags)
    numbers = range(1, groups(pattern) + 1) or (0,)
    parts = [filled("REGEXP_EXTRACT(_1, _2, _3)", arguments[0], read, exp.Literal.number(n)) for n in numbers]
    listed = exp.Array(expressions=parts)
    return filled("CASE WHEN REGEXP_MATCHES(_1, _2) THEN _3 END", arguments[0], read, listed)


def replaced_matches(sign: str) -> Meaning:
    """REGEXP_REPLACE(x, pattern, replacement) of every match."""

    def replace(arguments: Arguments) -> exp.Expr:
        if len(arguments) > 3:  # noqa: PLR2004
            raise UnsupportedError("REGEXP_REPLACE from a position is not supported")
        by = replacement(arguments[2], sign) if len(arguments) > 2 else exp.Literal.string("")  # noqa: PLR2004
        return filled("REGEXP_REPLACE(_1, _2, _3, 'g')", arguments[0], arguments[1], by)

    return replace
