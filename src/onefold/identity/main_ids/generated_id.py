"""The generated id of a node, which it gets when it first becomes a main id.

Takes the value of a node and the name of its id type. Returns the generated id, as text or as a SQL expression. The
formula equals that of the reference command, so that a team that migrates keeps its customer ids.
"""

from __future__ import annotations

import hashlib

from sqlglot import exp

SALT = "fe971b24-9572-4005-b22f-351e9c09274d"
"""A constant of compatibility, not a secret: without it the ids would not equal the reference's."""

DIGITS = 32
PREFIX = "rid"


def generated_id(value: str, id_type: str) -> str:
    """The generated id of a node, from its value and the name of its id type only.

    >>> generated_id("u1", "user_id")
    'rid7deb1b8ac65414960d41051cbc982d7b'
    """
    inner = _sha1_hex(SALT + value)[:DIGITS]
    return PREFIX + _sha1_hex(inner + id_type)[:DIGITS]


def generated_id_sql(value: exp.Expr, id_type: exp.Expr) -> exp.Expr:
    """`generated_id` as a SQL expression over text; null where the value or the type is null.

    Args:
        value: Gives the node's value as text, in UTF-8 where the engine has a choice.
        id_type: Gives the name of its id type as text.
    """
    inner = _leading(_joined(exp.Literal.string(SALT), value))
    return _joined(exp.Literal.string(PREFIX), _leading(_joined(inner, id_type)))


def _sha1_hex(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _leading(text: exp.Expr) -> exp.Expr:
    """The digits kept of the SHA-1 of a text."""
    return exp.Left(this=exp.SHA(this=text), expression=exp.Literal.number(DIGITS))


def _joined(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Two texts as one. ``||``, because DuckDB's ``concat`` takes null for an empty text."""
    operand = exp.paren(right) if isinstance(right, exp.Binary | exp.Unary) else right.copy()
    return exp.DPipe(this=left, expression=operand)
