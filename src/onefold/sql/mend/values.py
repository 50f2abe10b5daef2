"""Functions that cannot be said, and functions of text.

In: a node. Out: one that finds what the author's does, or a refusal with the reason.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError

_REFUSED = {
    "HASH": "HASH gives other numbers on every engine; use SHA1 or MD5",
    "HASH_AGG": "HASH_AGG gives other numbers on every engine",
    "CONDITIONAL_CHANGE_EVENT": "it has no CONDITIONAL_CHANGE_EVENT; compare with LAG and count the changes",
    "HLL_ACCUMULATE": "it has no sketches; use COUNT(DISTINCT ...)",
    "HLL_COMBINE": "it has no sketches; use COUNT(DISTINCT ...)",
    "HLL_ESTIMATE": "it has no sketches; use COUNT(DISTINCT ...)",
    "HAVERSINE": "it has no HAVERSINE",
}


def refused(node: exp.Expr) -> exp.Expr:
    """Functions that the engine lacks, or whose values differ from engine to engine."""
    if isinstance(node, exp.Connect | exp.MatchRecognize):
        raise UnsupportedError("it has no CONNECT BY and no MATCH_RECOGNIZE; use WITH RECURSIVE or window functions")
    if isinstance(node, exp.Func):
        name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()
        if name in _REFUSED:
            raise UnsupportedError(_REFUSED[name])
    return node


def first_group(node: exp.Expr) -> exp.Expr:
    """REGEXP_SUBSTR with the flag ``e`` and no group: the first group."""
    if isinstance(node, exp.RegexpExtract):
        flags = node.args.get("parameters")
        group = node.args.get("group")
        if flags is not None and "e" in flags.name and (group is None or group.name == "0"):
            node.set("group", exp.Literal.number(1))
    return node


def equal_in_parentheses(node: exp.Expr) -> exp.Expr:
    """EQUAL_NULL is written as an operator, which would take in what stands after the function."""
    if isinstance(node, exp.EqualNull | exp.NullSafeEQ | exp.NullSafeNEQ) and isinstance(
        node.parent, exp.Predicate | exp.Unary
    ):
        return exp.paren(node)
    return node
