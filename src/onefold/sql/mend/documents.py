"""Paths into JSON. In: a node. Out: one that takes from the document what its surroundings ask for.

In the author's dialect the value of a path becomes text, number or list by itself, where one is wanted. In the
engine's it stays JSON, in which a text has quotes.
"""

from __future__ import annotations

from sqlglot import exp

_T = exp.DataType.Type
_TEXT_TYPES = frozenset({_T.TEXT, _T.VARCHAR, _T.CHAR, _T.NVARCHAR, _T.NCHAR})
_DOCUMENT_TYPES = frozenset({_T.ARRAY, _T.OBJECT, _T.VARIANT})
_COMPARISONS = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Coalesce, exp.Nullif,
)  # fmt: skip
_OF_NUMBERS = (
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Sum, exp.Avg, exp.Median, exp.Stddev, exp.StddevPop,
    exp.Variance, exp.VariancePop, exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.Sqrt,
)  # fmt: skip
_OF_TEXTS = (
    exp.DPipe, exp.Concat, exp.ConcatWs, exp.Like, exp.ILike, exp.RegexpLike, exp.RegexpILike, exp.RegexpReplace,
    exp.RegexpExtract, exp.RegexpCount, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Substring, exp.Left, exp.Right,
    exp.Split, exp.SplitPart, exp.Contains, exp.StartsWith, exp.EndsWith, exp.Replace, exp.Initcap, exp.Pad, exp.MD5,
    exp.SHA, exp.SHA2, exp.StrPosition, exp.Reverse, exp.ToChar, exp.GroupConcat,
)  # fmt: skip
_LISTS = (exp.Split, exp.Array, exp.ArrayAgg, exp.WithinGroup, exp.ArrayDistinct, exp.ArrayConcat, exp.ArraySlice)
_KINDS = {"VARCHAR": "VARCHAR", "BOOLEAN": "BOOLEAN", "ARRAY": "ARRAY", "OBJECT": "OBJECT", "NULL": "NULL_VALUE",
          "BIGINT": "INTEGER", "UBIGINT": "INTEGER", "DOUBLE": "DECIMAL"}  # fmt: skip
_AS_TEXT = frozenset({"AS_VARCHAR", "AS_CHAR"})
DOCUMENT = "document"
"""Mark, in a column's ``meta``, of a column that is known to hold JSON."""


def is_document(node: object) -> bool:
    """Whether the expression is seen to be JSON; of a column nothing is known unless it is marked."""
    if isinstance(node, exp.Paren):
        return is_document(node.this)
    if isinstance(node, exp.Column):
        return bool(node.meta.get(DOCUMENT))
    if isinstance(node, exp.Anonymous):
        return node.name == "JSON_MERGE_PATCH"
    return isinstance(node, exp.JSONExtract | exp.ParseJSON) and not isinstance(node, exp.JSONExtractScalar)


def keys_are_paths(node: exp.Expr) -> exp.Expr:
    """``doc['a']``, ``GET(doc, 'a')`` and ``GET(doc, 0)`` are paths; ``GET`` of a list is its element."""
    if isinstance(node, exp.Bracket) and len(node.expressions) == 1:
        key = node.expressions[0]
        named = isinstance(key, exp.Literal) and key.is_string
        return _path(node.this, key) if named or (is_document(node.this) and key.is_int) else node
    if isinstance(node, exp.GetExtract) and isinstance(node.expression, exp.Literal):
        if isinstance(node.this, _LISTS):
            return exp.Bracket(this=node.this.copy(), expressions=[node.expression.copy()])
        return _path(node.this, node.expression)
    return node


def objects(node: exp.Expr) -> exp.Expr:
    """OBJECT_CONSTRUCT is a JSON object, without the keys whose value is null."""
    if not isinstance(node, exp.Struct) or not all(isinstance(e, exp.PropertyEQ) for e in node.expressions):
        return node
    pairs = [part.copy() for entry in node.expressions for part in (_key(entry.this), entry.expression)]
    made = exp.Anonymous(this="JSON_OBJECT", expressions=pairs)
    return exp.Anonymous(this="JSON_MERGE_PATCH", expressions=[exp.Literal.string("{}"), made])


def casts(node: exp.Expr) -> exp.Expr:
    """``path::string`` is the text itself; ``path::array``, ``::object`` and ``::variant`` are JSON still."""
    if isinstance(node, exp.Anonymous) and node.name.upper() in _AS_TEXT and len(node.expressions) == 1:
        return _text(node.expressions[0])
    if not isinstance(node, exp.Cast) or not is_document(node.this):
        return node
    if node.to.this in _TEXT_TYPES:
        return _text(node.this)
    if node.to.this in _DOCUMENT_TYPES and not node.to.expressions:
        return exp.cast(node.this.copy(), "JSON")
    return node


def values(node: exp.Expr) -> exp.Expr:
    """A path among texts is text, among numbers a number, where a list is wanted a list."""
    if not is_document(node) or isinstance(node, exp.Paren):
        return node
    place = node
    while isinstance(place.parent, exp.Paren):
        place = place.parent
    parent = place.parent
    if isinstance(parent, _OF_TEXTS):
        return _text(node)
    if isinstance(parent, _OF_NUMBERS):
        return exp.cast(node.copy(), "DOUBLE")
    if isinstance(parent, (*_COMPARISONS, exp.Case, exp.DecodeCase)):
        return _compared(node, _others(parent, place))
    if isinstance(parent, exp.ArraySize | exp.ArrayContains) and parent.this is place:
        return exp.TryCast(this=node.copy(), to=exp.DataType.build("JSON[]", dialect="duckdb"))
    if isinstance(parent, exp.ArrayToString) and parent.this is place:
        return exp.TryCast(this=node.copy(), to=exp.DataType.build("TEXT[]", dialect="duckdb"))
    return node


def members(node: exp.Expr) -> exp.Expr:
    """ARRAY_CONTAINS(x, path): x as it stands in the document."""
    if isinstance(node, exp.ArrayContains) and is_document(node.this):
        wanted = node.expression
        if isinstance(wanted, exp.Cast) and wanted.to.this == _T.VARIANT:
            wanted = wanted.this
        node.set("expression", exp.Anonymous(this="TO_JSON", expressions=[wanted.copy()]))
    return node


def kinds(node: exp.Expr) -> exp.Expr:
    """TYPEOF and IS_OBJECT of a path: by the author's names of types."""
    if isinstance(node, exp.Typeof) and is_document(node.this):
        case = exp.Case(this=exp.Anonymous(this="JSON_TYPE", expressions=[node.this.copy()]))
        for theirs, ours in _KINDS.items():
            case = case.when(exp.Literal.string(theirs), exp.Literal.string(ours))
        return case
    if isinstance(node, exp.Anonymous) and node.name.upper() == "IS_OBJECT" and len(node.expressions) == 1:
        kind = exp.Anonymous(this="JSON_TYPE", expressions=[node.expressions[0].copy()])
        return exp.paren(kind.eq(exp.Literal.string("OBJECT")))
    return node


def arrows_in_parentheses(node: exp.Expr) -> exp.Expr:
    """``->`` binds loosely, and among the arguments of a function it is read as a lambda."""
    if isinstance(node, exp.JSONExtract | exp.JSONExtractScalar) and not isinstance(node.parent, exp.Paren):
        return exp.paren(node)
    return node


def _compared(node: exp.Expr, others: list[exp.Expr]) -> exp.Expr:
    if any(_is_number(o) for o in others):
        return exp.cast(node.copy(), "DOUBLE")
    if any(isinstance(o, exp.Boolean) for o in others):
        return exp.cast(node.copy(), "BOOLEAN")
    if all(isinstance(o, exp.Null) or is_document(o) for o in others):
        return node
    return _text(node)


def _others(parent: exp.Expr, place: exp.Expr) -> list[exp.Expr]:
    """What the path is compared with, or stands in for."""
    if isinstance(parent, exp.Case):
        return [branch.this for branch in parent.args["ifs"]] if parent.this is place else []
    if isinstance(parent, exp.DecodeCase):
        pairs = parent.expressions[1:]
        return pairs[: len(pairs) // 2 * 2 : 2] if parent.expressions[0] is place else []
    found = [child for child in parent.iter_expressions() if child is not place]
    return [child for child in found if isinstance(child, exp.Expr)]


def _is_number(node: exp.Expr) -> bool:
    value = node.this if isinstance(node, exp.Neg | exp.Paren) else node
    return isinstance(value, exp.Literal) and not value.is_string


def _key(node: exp.Expr) -> exp.Expr:
    return exp.Literal.string(node.name) if isinstance(node, exp.Identifier) else node


def _path(document: exp.Expr, key: exp.Expr) -> exp.JSONExtract:
    step = exp.JSONPathKey(this=key.name) if key.is_string else exp.JSONPathSubscript(this=int(key.name))
    return exp.JSONExtract(this=document.copy(), expression=exp.JSONPath(expressions=[exp.JSONPathRoot(), step]))


def _text(node: exp.Expr) -> exp.JSONExtractScalar:
    inner = node.unnest()
    if isinstance(inner, exp.JSONExtract):
        return exp.JSONExtractScalar(this=inner.this.copy(), expression=inner.expression.copy())
    return exp.JSONExtractScalar(this=inner.copy(), expression=exp.JSONPath(expressions=[exp.JSONPathRoot()]))
