"""Tracks what an expression is known to be: a document (JSON), a list, or a list of documents.

The author's VARIANT and OBJECT are JSON in the engine. An ARRAY is a list of the engine, or JSON. Rules mark the nodes
that they create (``marked``); columns are unknown unless a rule marked them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

import sqlglot
from sqlglot import exp

N = TypeVar("N", bound=exp.Expr)

DOCUMENT = "document"
"""JSON."""
LIST = "list"
"""A list of the engine whose items are not documents."""
ITEMS = "items"
"""A list of documents."""
_KIND = "kind"
BUILT = "built"
"""The ``meta`` mark of an object that was built here: it is complete, and its keys are sorted."""

_AROUND = (
    exp.Paren, exp.Alias, exp.Filter, exp.WithinGroup, exp.Window, exp.IgnoreNulls, exp.RespectNulls, exp.Order,
    exp.Max, exp.Min, exp.AnyValue, exp.Mode, exp.FirstValue, exp.LastValue, exp.NthValue, exp.Lag, exp.Lead,
    exp.ArgMax, exp.ArgMin,
)  # fmt: skip
"""Nodes that return one of their arguments."""
_OF_DOCUMENTS = (exp.JSONExtract, exp.ParseJSON, exp.ParseUrl, exp.JSONArray)
_MAKES_DOCUMENTS = frozenset({"TO_JSON", "JSON_ARRAY", "JSON_OBJECT", "JSON_EXTRACT"})
_OF_LISTS = (
    exp.Split, exp.StrtokToArray, exp.Array, exp.ArrayDistinct, exp.ArrayConcat, exp.ArraySlice, exp.ArraySort,
    exp.ArrayCompact, exp.ArrayAppend, exp.ArrayPrepend, exp.ArrayReverse, exp.GenerateSeries, exp.RegexpExtractAll,
    exp.ArrayFilter, exp.Transform, exp.Flatten,
)  # fmt: skip
_BY_ROWS = (exp.ArrayAgg, exp.ArrayUniqueAgg)


def marked(node: N, kind: str) -> N:
    """The node, marked with a kind."""
    node.meta[_KIND] = kind
    return node


def kind_of(node: object) -> str | None:
    """The kind of an expression; None if it is something else, or unknown."""
    if not isinstance(node, exp.Expr):
        return None
    if _KIND in node.meta:
        return str(node.meta[_KIND])
    inner = _given_back(node)
    if inner is not None:
        return kind_of(inner)
    if isinstance(node, _BY_ROWS):
        return ITEMS if kind_of(node.this) else LIST
    if _makes_document(node):
        return DOCUMENT
    given = [node.this, node.expression] if isinstance(node, exp.Nullif) else outcomes(node)
    if given:
        kinds = {kind_of(value) for value in given if not isinstance(value, exp.Null)}
        if len(kinds) > 1 and DOCUMENT in kinds and None not in kinds:
            return DOCUMENT  # lists among documents are converted to documents
        return kinds.pop() if len(kinds) == 1 else None
    return LIST if isinstance(node, _OF_LISTS) else None


def _given_back(node: exp.Expr) -> object:
    """The expression that the node returns unchanged, if there is one."""
    if isinstance(node, _AROUND):
        return node.this
    if isinstance(node, exp.Distinct) and node.expressions:
        return node.expressions[0]
    if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Select) and len(node.this.expressions) == 1:
        return node.this.expressions[0]
    return None


def _makes_document(node: exp.Expr) -> bool:
    if isinstance(node, exp.Anonymous):
        return node.name.upper() in _MAKES_DOCUMENTS
    return isinstance(node, _OF_DOCUMENTS) and not isinstance(node, exp.JSONExtractScalar)


def is_document(node: object) -> bool:
    """Whether the expression is known to be JSON."""
    return kind_of(node) == DOCUMENT


def outcomes(node: exp.Expr) -> list[exp.Expr]:
    """The possible results of COALESCE, CASE, IF, DECODE, GREATEST and others; empty for other nodes."""
    if isinstance(node, exp.Coalesce | exp.Greatest | exp.Least):
        return [node.this, *node.expressions]
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        return [branch.args["true"] for branch in node.args["ifs"]] + ([default] if default is not None else [])
    if isinstance(node, exp.If):
        return [value for value in (node.args.get("true"), node.args.get("false")) if value is not None]
    if isinstance(node, exp.Nvl2):
        return [value for value in (node.args.get("true"), node.args.get("false")) if value is not None]
    if isinstance(node, exp.DecodeCase):
        pairs = node.expressions[1:]
        return pairs[1::2] + (pairs[-1:] if len(pairs) % 2 else [])
    return []


def as_document(node: exp.Expr) -> exp.Expr:
    """The value as JSON; JSON is unchanged."""
    if is_document(node):
        return node.copy()
    return marked(exp.Anonymous(this="TO_JSON", expressions=[node.copy()]), DOCUMENT)


def plain(value: exp.Expr) -> exp.Expr:
    """The operand of ``::variant``."""
    if isinstance(value, exp.Anonymous) and value.name == "TO_JSON" and len(value.expressions) == 1:
        return value.expressions[0]  # type: ignore[no-any-return]
    return value


def as_items(node: exp.Expr, *, known: bool = False) -> exp.Expr:
    """The value as a list of documents; NULL if it is not a list.

    Args:
        node: A document, a list, or an unknown value.
        known: Whether to leave values that are not known to be documents unchanged.
    """
    kind = kind_of(node)
    if kind == ITEMS or (known and kind != DOCUMENT):
        return node.copy()
    document = as_document(node)
    to = exp.DataType.build("JSON[]", dialect="duckdb")
    return marked(exp.TryCast(this=document, to=to), ITEMS)


def as_text(node: exp.Expr) -> exp.Expr:
    """A document as text: a text without quotes, other values as JSON."""
    inner = node
    while isinstance(inner, exp.Paren):
        inner = inner.this
    if isinstance(inner, exp.JSONExtract) and not isinstance(inner, exp.JSONExtractScalar):
        if isinstance(inner.expression, exp.JSONPath):
            return exp.JSONExtractScalar(this=inner.this.copy(), expression=inner.expression.copy())
    elif not is_document(inner):
        return node.copy()
    return exp.JSONExtractScalar(this=inner.copy(), expression=exp.JSONPath(expressions=[exp.JSONPathRoot()]))


def sql(template: str, kind: str | None = None, **parts: exp.Expr) -> exp.Expr:
    """An expression of the engine with ``$name`` placeholders for its parts."""

    def put(node: exp.Expr) -> exp.Expr:
        return parts[node.name].copy() if isinstance(node, exp.Placeholder) and node.name in parts else node

    made = _parsed(template).transform(put)
    return marked(made, kind) if kind is not None else made


@lru_cache(maxsize=256)
def _parsed(template: str) -> exp.Expr:
    return sqlglot.parse_one(template, read="duckdb")
