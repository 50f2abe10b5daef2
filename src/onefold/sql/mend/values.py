"""Dates, text in documents, and functions that cannot be said.

In: a node. Out: one that keeps the author's type and meaning.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError

_TEXT = frozenset(
    {exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR, exp.DataType.Type.CHAR, exp.DataType.Type.NVARCHAR}
)
_WHOLE_DAYS = frozenset({"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"})
_REFUSED = {
    "HASH": "HASH gives other numbers on every engine; use SHA1 or MD5",
    "HASH_AGG": "HASH_AGG gives other numbers on every engine",
    "WIDTH_BUCKET": "it has no WIDTH_BUCKET; write the buckets with CASE",
    "OBJECT_AGG": "it has no OBJECT_AGG",
}


def dates_stay_dates(node: exp.Expr) -> exp.Expr:
    """DATEADD of whole days to a DATE gives a DATE; the engine would make it a timestamp."""
    if not isinstance(node, exp.DateAdd) or isinstance(node.this, exp.Literal):
        return node
    unit = node.args.get("unit")
    if unit is None or unit.name.upper() not in _WHOLE_DAYS:
        return node
    return exp.Anonymous(this="CAST_TO_TYPE", expressions=[node.copy(), node.this.copy()])


def text_of_documents(node: exp.Expr) -> exp.Expr:
    """``doc:path::string`` is the text itself, not the text as JSON writes it, in quotes."""
    if not isinstance(node, exp.Cast) or node.to.this not in _TEXT:
        return node
    inner = node.this
    if isinstance(inner, exp.JSONExtract):
        return exp.JSONExtractScalar(this=inner.this, expression=inner.expression)
    if isinstance(inner, exp.Bracket) and isinstance(inner.this, exp.ParseJSON | exp.JSONExtract | exp.Bracket):
        key = inner.expressions[0]
        if isinstance(key, exp.Literal) and key.is_string:
            path = exp.JSONPath(expressions=[exp.JSONPathRoot(), exp.JSONPathKey(this=key.name)])
            return exp.JSONExtractScalar(this=inner.this, expression=path)
    return node


def refused(node: exp.Expr) -> exp.Expr:
    """Functions that the engine lacks, or whose values differ from engine to engine."""
    if isinstance(node, exp.Func):
        name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()
        if name in _REFUSED:
            raise UnsupportedError(_REFUSED[name])
    return node
