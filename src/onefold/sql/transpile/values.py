"""Functions that cannot be expressed in the engine's SQL, and some operators.

Each rule takes a node and returns one with the same result, or raises an error with the reason.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError

_REFUSED = {
    "HASH": "HASH gives other numbers on every engine; use SHA1 or MD5",
    "HASH_AGG": "HASH_AGG gives other numbers on every engine",
    "HLL_ACCUMULATE": "HLL_ACCUMULATE needs sketches, which are not supported; use COUNT(DISTINCT ...)",
    "HLL_COMBINE": "HLL_COMBINE needs sketches, which are not supported; use COUNT(DISTINCT ...)",
    "HLL_ESTIMATE": "HLL_ESTIMATE needs sketches, which are not supported; use COUNT(DISTINCT ...)",
}


def unsupported_functions(node: exp.Expr) -> exp.Expr:
    """Rejects functions that the engine lacks, or whose values differ between engines."""
    if isinstance(node, exp.Connect | exp.MatchRecognize):
        raise UnsupportedError("it has no CONNECT BY and no MATCH_RECOGNIZE; use WITH RECURSIVE or window functions")
    if isinstance(node, exp.Func):
        name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()
        if name in _REFUSED:
            raise UnsupportedError(_REFUSED[name])
    return node


def collations(node: exp.Expr) -> exp.Expr:
    """Rejects COLLATE that no earlier rule has handled."""
    if isinstance(node, exp.Collate):
        raise UnsupportedError("COLLATE is not supported; compare LOWER(...) or TRIM(...) of both sides")
    return node


def equal_in_parentheses(node: exp.Expr) -> exp.Expr:
    """EQUAL_NULL is rendered as an operator, which would bind to what follows the function."""
    if isinstance(node, exp.EqualNull | exp.NullSafeEQ | exp.NullSafeNEQ) and isinstance(
        node.parent, exp.Predicate | exp.Unary
    ):
        return exp.paren(node)
    return node
