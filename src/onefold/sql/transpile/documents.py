"""Rules for documents: paths, casts, parsing, type predicates.

In the author's dialect the value of a path is converted implicitly to text, number or list. In the engine's it stays
JSON, in which texts have quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.deferred import as_is
from onefold.sql.transpile.variants import (
    BUILT,
    DOCUMENT,
    ITEMS,
    LIST,
    as_document,
    as_text,
    is_document,
    kind_of,
    marked,
    plain,
    sql,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_T = exp.DataType.Type
_DOCUMENT_TYPES = frozenset({_T.ARRAY, _T.OBJECT, _T.VARIANT})
_KINDS = {"VARCHAR": "VARCHAR", "BOOLEAN": "BOOLEAN", "ARRAY": "ARRAY", "OBJECT": "OBJECT", "NULL": "NULL_VALUE",
          "BIGINT": "INTEGER", "UBIGINT": "INTEGER", "HUGEINT": "INTEGER", "DOUBLE": "DECIMAL"}  # fmt: skip
_WHOLE = ("BIGINT", "UBIGINT", "HUGEINT")
_PREDICATES = {
    "IS_ARRAY": ("ARRAY",), "IS_BOOLEAN": ("BOOLEAN",), "IS_CHAR": ("VARCHAR",), "IS_VARCHAR": ("VARCHAR",),
    "IS_OBJECT": ("OBJECT",), "IS_NULL_VALUE": ("NULL",), "IS_INTEGER": _WHOLE, "IS_DECIMAL": (*_WHOLE, "DOUBLE"),
    "IS_DOUBLE": (*_WHOLE, "DOUBLE"), "IS_REAL": (*_WHOLE, "DOUBLE"),
}  # fmt: skip
_OF_ONE_TYPE = {
    "AS_ARRAY": (("ARRAY",), None), "AS_OBJECT": (("OBJECT",), None), "AS_BOOLEAN": (("BOOLEAN",), "BOOLEAN"),
    "AS_CHAR": (("VARCHAR",), "TEXT"), "AS_VARCHAR": (("VARCHAR",), "TEXT"), "AS_INTEGER": (_WHOLE, "BIGINT"),
    "AS_DECIMAL": ((*_WHOLE, "DOUBLE"), "DECIMAL"), "AS_NUMBER": ((*_WHOLE, "DOUBLE"), "DECIMAL"),
    "AS_DOUBLE": ((*_WHOLE, "DOUBLE"), "DOUBLE"), "AS_REAL": ((*_WHOLE, "DOUBLE"), "DOUBLE"),
}  # fmt: skip
_NOT_IN_JSON = frozenset(
    f"{verb}_{kind}"
    for verb in ("IS", "AS")
    for kind in ("BINARY", "DATE", "DATE_VALUE", "TIME", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ", "TIMESTAMP_TZ")
)
_XML = frozenset({"PARSE_XML", "TRY_PARSE_XML", "CHECK_XML", "TO_XML", "XMLGET"})


# --- paths ---


def _subscript(node: exp.Expr) -> exp.Expr:
    """``doc['a']``, ``doc[0]``, ``list[0]``."""
    return _member(node.this, node.expressions[0]) if len(node.expressions) == 1 else node


def _dotted(node: exp.Expr) -> exp.Expr:
    """``doc[0].a``."""
    if not is_document(node.this) or not isinstance(node.expression, exp.Identifier):
        return node
    return _path(node.this, exp.JSONPathKey(this=node.expression.name, quoted=True))


def _get(node: exp.Expr) -> exp.Expr:
    """``GET(doc, 'a')`` and ``GET(doc, 0)``."""
    return _member(node.this, node.expression)


def _member(of: exp.Expr, key: exp.Expr) -> exp.Expr:
    """The value of a document under a key, or of a list at a position; positions below 0 do not exist."""
    nothing = marked(exp.cast(exp.null(), "JSON"), DOCUMENT)
    if isinstance(key, exp.Neg) and key.this.is_int:
        return nothing
    if isinstance(key, exp.Literal) and key.is_string:
        return _path(of, exp.JSONPathKey(this=key.name, quoted=True))
    kind = kind_of(of)
    if kind in {LIST, ITEMS}:
        item: exp.Expr = exp.Bracket(this=of.copy(), expressions=[key.copy()])
        if not key.is_int:
            item = exp.Case().when(key.copy() >= 0, item)
        return marked(item, DOCUMENT) if kind == ITEMS else item
    if key.is_int:
        return _path(as_document(of), exp.JSONPathSubscript(this=int(key.name)))
    step = sql(
        "CASE WHEN TYPEOF($key) = 'VARCHAR' THEN '$.\"' || REPLACE(CAST($key AS TEXT), '\"', '\\\"') || '\"' "
        "WHEN NOT CAST($key AS TEXT) LIKE '-%' THEN '$[' || CAST($key AS TEXT) || ']' END",
        key=as_text(key),
    )
    return marked(exp.Anonymous(this="JSON_EXTRACT", expressions=[as_document(of), step]), DOCUMENT)


def _extracted(node: exp.Expr) -> exp.Expr:
    """A path: nothing is at a position below 0, which the engine would count from the end."""
    path = node.args.get("expression")
    steps = path.expressions if isinstance(path, exp.JSONPath) else []
    if any(isinstance(s, exp.JSONPathSubscript) and isinstance(s.this, int) and s.this < 0 for s in steps):
        return marked(exp.cast(exp.null(), "JSON"), DOCUMENT)
    return node


def _extracted_text(node: exp.Expr) -> exp.Expr:
    """JSON_EXTRACT_PATH_TEXT of a text with JSON; a blank text has no value."""
    if is_document(node.this) or (isinstance(node.this, exp.Literal) and node.this.name.strip()):
        return node
    node.set("this", _parsed(node.this.copy(), safe=False))
    return node


def _path(document: exp.Expr, step: exp.Expr) -> exp.Expr:
    path = exp.JSONPath(expressions=[exp.JSONPathRoot(), step])
    return exp.JSONExtract(this=document.copy(), expression=path)


# --- text to documents and back ---


def _parse(node: exp.Expr) -> exp.Expr:
    """PARSE_JSON: a blank text is NULL; invalid JSON is an error, or NULL for TRY_PARSE_JSON."""
    if node.args.get("expression") is not None:
        raise UnsupportedError(
            "PARSE_JSON with parameter 'd' is not supported: of duplicate keys in an object, only one is kept"
        )
    value = as_text(node.this)
    if isinstance(value, exp.Literal) and value.name.strip() and not node.args.get("safe"):
        return node
    return _parsed(value, safe=bool(node.args.get("safe")))


def _parsed(value: exp.Expr, *, safe: bool) -> exp.Expr:
    if isinstance(value, exp.Null) or (isinstance(value, exp.Literal) and not value.name.strip()):
        return marked(exp.cast(exp.null(), "JSON"), DOCUMENT)
    if safe:
        template = r"CASE WHEN REGEXP_MATCHES($x, '\S') THEN TRY_CAST($x AS JSON) END"
    else:
        template = r"JSON(CASE WHEN REGEXP_MATCHES($x, '\S') THEN $x END)"
    return sql(template, DOCUMENT, x=value)


def _written(node: exp.Expr) -> exp.Expr:
    """TO_JSON: text, with the keys of each object sorted."""
    return in_order(as_document(node.this))


def in_order(document: exp.Expr) -> exp.Expr:
    """The text of a document, with the keys of each object sorted, as the author's warehouse stores them."""
    return as_is(sql("CAST(CAST(CAST($x AS VARIANT) AS JSON) AS TEXT)", x=document))


def _cast(node: exp.Expr) -> exp.Expr:
    """``::array``, ``::object`` and ``::variant`` make documents; a whole document becomes text with sorted keys."""
    assert isinstance(node, exp.Cast)  # noqa: S101 - the rule is for casts
    to = node.to.this
    if to in _DOCUMENT_TYPES and not node.to.expressions:
        return _to_document(node.this, to)
    if kind_of(node.this) == DOCUMENT and to in exp.DataType.TEXT_TYPES:
        inner = node.this.unnest()
        if isinstance(inner, exp.ParseJSON) or inner.meta.get(BUILT):
            return _text_in_order(node.this)
    return node


def _text_in_order(document: exp.Expr) -> exp.Expr:
    """A whole document as text: a text without quotes, an object with sorted keys."""
    return sql("CAST(CAST($x AS VARIANT) AS JSON) ->> '$'", x=document)


def _to_document(value: exp.Expr, to: object) -> exp.Expr:
    kind = kind_of(value)
    if to == _T.ARRAY:
        return _to_list(value)
    if kind == DOCUMENT or to == _T.VARIANT:
        return as_document(value)
    return marked(exp.cast(value.copy(), "JSON"), DOCUMENT)


def _to_list(value: exp.Expr) -> exp.Expr:
    """TO_ARRAY: a list is unchanged, any other value becomes a list with one item."""
    if kind_of(value) in {LIST, ITEMS}:
        return value.copy()
    template = "CASE JSON_TYPE($x) WHEN 'ARRAY' THEN $x WHEN 'NULL' THEN NULL ELSE JSON_ARRAY($x) END"
    return sql(f"CASE WHEN NOT $x IS NULL THEN {template} END", DOCUMENT, x=as_document(value))


def _to_variant(node: exp.Expr) -> exp.Expr:
    """TO_VARIANT."""
    return as_document(node.this)


def _to_array(node: exp.Expr) -> exp.Expr:
    """TO_ARRAY."""
    return _to_list(node.this)


def _without_null(node: exp.Expr) -> exp.Expr:
    """STRIP_NULL_VALUE: a JSON null becomes NULL."""
    document = as_document(node.this)
    return sql("CASE WHEN JSON_TYPE($x) <> 'NULL' THEN $x END", DOCUMENT, x=document)


def _checked(node: exp.Expr) -> exp.Expr:
    """CHECK_JSON: NULL if the text is JSON or blank; otherwise a message."""
    return sql(
        r"CASE WHEN REGEXP_MATCHES($x, '\S') AND NOT JSON_VALID($x) THEN 'this is not JSON' END", x=as_text(node.this)
    )


# --- types of values ---


def _type_name(node: exp.Expr) -> exp.Expr:
    """TYPEOF: the author's names of types."""
    if not isinstance(node.this, exp.Column | exp.Literal | exp.Cast | exp.Boolean) and kind_of(node.this) is None:
        return node
    case = exp.Case(this=exp.Anonymous(this="JSON_TYPE", expressions=[as_document(node.this)]))
    for theirs, ours in _KINDS.items():
        name: exp.Expr = exp.Literal.string(ours)
        if theirs == "DOUBLE":
            is_read = isinstance(node.this, exp.ParseJSON)  # which changes the text of the number
            digits = node.this.this if is_read else as_is(sql("CAST($x AS TEXT)", x=as_document(node.this)))
            name = sql("CASE WHEN REGEXP_MATCHES($x, '[eE]') THEN 'DOUBLE' ELSE 'DECIMAL' END", x=digits)
        case = case.when(exp.Literal.string(theirs), name)
    value = plain(node.this)
    if kind_of(value) is not None:
        return case
    # JSON does not distinguish floating-point numbers from decimals; the type of a column does.
    return sql("CASE WHEN TYPEOF($x) IN ('DOUBLE', 'FLOAT') THEN 'DOUBLE' ELSE $case END", x=value, case=case)


def _predicate(name: str) -> Callable[[exp.Expr], exp.Expr]:
    def asked(node: exp.Expr) -> exp.Expr:
        value = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        return _has_type(as_document(value), _PREDICATES[name])

    return asked


def _has_type(document: exp.Expr, names: tuple[str, ...]) -> exp.Expr:
    kind = exp.Anonymous(this="JSON_TYPE", expressions=[document.copy()])
    if len(names) == 1:
        return exp.paren(kind.eq(exp.Literal.string(names[0])), copy=False)
    return exp.paren(exp.In(this=kind, expressions=[exp.Literal.string(name) for name in names]), copy=False)


def _of_one_type(name: str) -> Callable[[exp.Expr], exp.Expr]:
    """AS_INTEGER and others: the value if it has that type, otherwise NULL; nothing is converted."""
    names, to = _OF_ONE_TYPE[name]

    def taken(node: exp.Expr) -> exp.Expr:
        document = as_document(node.expressions[0])
        if to is None:
            return marked(exp.Case().when(_has_type(document, names), document), DOCUMENT)
        kind = exp.DataType.build(to)
        if to == "DECIMAL":
            sizes = node.expressions[1:] or [exp.Literal.number(38), exp.Literal.number(0)]
            sizes = sizes if len(sizes) > 1 else [*sizes, exp.Literal.number(0)]
            kind.set("expressions", [exp.DataTypeParam(this=size.copy()) for size in sizes])
        text = as_text(document)
        value = text if to == "TEXT" else exp.Cast(this=text, to=kind)
        return exp.Case().when(_has_type(document, names), value)

    return taken


_TIMES = {
    "DATE": "DATE", "TIME": "TIME", "TIMESTAMP_NTZ": "TIMESTAMP", "TIMESTAMP_TZ": "TIMESTAMP WITH TIME ZONE",
}  # fmt: skip


def _time_or_refusal(node: exp.Expr) -> exp.Expr:
    """IS_DATE, AS_DATE and others of ``x::variant``: decided by the type of x. The content of a document is unknown."""
    asked, _, kind = node.name.upper().partition("_")
    value = node.expressions[0]
    inner = plain(value)
    if asked == "IS" and isinstance(value, exp.ParseJSON) and kind in _TIMES:
        return sql("CASE WHEN NOT $x IS NULL THEN FALSE END", x=value)
    if inner is value or kind not in _TIMES:
        return _refuse_type(node)
    is_of_type = sql(f"TYPEOF($x) = '{_TIMES[kind]}'", x=inner)
    if asked == "IS":
        return sql("CASE WHEN NOT $x IS NULL THEN $held END", x=inner, held=is_of_type)
    return exp.Case().when(is_of_type, exp.TryCast(this=inner.copy(), to=exp.DataType.build(_TIMES[kind])))


def _refuse_type(node: exp.Expr) -> exp.Expr:
    raise UnsupportedError(f"it has no {node.name.upper()}: documents have no times or bytes; cast the value")


def _refuse_xml(node: exp.Expr) -> exp.Expr:
    name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()  # type: ignore[attr-defined]
    raise UnsupportedError(f"it has no {name}; convert XML to JSON before loading it")


def _get_ignore_case(node: exp.Expr) -> exp.Expr:
    """GET_IGNORE_CASE: the exact key, or else the first that differs only in case."""
    key = node.expression
    if not key.is_string:
        raise UnsupportedError("the key of GET_IGNORE_CASE must be a literal text; use GET")
    keys = "LIST_FILTER(JSON_KEYS($x), LAMBDA k : LOWER(k) = LOWER($key))"
    name = f"CASE WHEN LIST_CONTAINS({keys}, $key) THEN $key ELSE {keys}[1] END"
    path = f"'$.\"' || REPLACE({name}, '\"', '\\\"') || '\"'"
    return sql(f"JSON_EXTRACT($x, {path})", DOCUMENT, x=as_document(node.this), key=key)


MEANT: Mapping[type[exp.Expr] | str, Callable[[exp.Expr], exp.Expr]] = {
    exp.Bracket: _subscript,
    exp.Dot: _dotted,
    exp.GetExtract: _get,
    exp.GetIgnoreCase: _get_ignore_case,
    exp.JSONExtract: _extracted,
    exp.JSONExtractScalar: _extracted_text,
    exp.ParseJSON: _parse,
    exp.JSONFormat: _written,
    exp.Cast: _cast,
    exp.ToVariant: _to_variant,
    exp.ToArray: _to_array,
    "TO_OBJECT": lambda node: _to_document(node.expressions[0], _T.OBJECT),
    exp.StripNullValue: _without_null,
    exp.CheckJson: _checked,
    exp.Typeof: _type_name,
    exp.IsArray: _predicate("IS_ARRAY"),
    exp.IsNullValue: _predicate("IS_NULL_VALUE"),
    exp.XMLGet: _refuse_xml,
    exp.CheckXml: _refuse_xml,
    **{name: _predicate(name) for name in _PREDICATES},
    **{name: _of_one_type(name) for name in _OF_ONE_TYPE},
    **dict.fromkeys(_NOT_IN_JSON, _time_or_refusal),
    **dict.fromkeys(_XML, _refuse_xml),
}
"""The translation of a node, by class, or by name for functions that sqlglot does not know."""


def arrows_in_parentheses(node: exp.Expr) -> exp.Expr:
    """``->`` has a low precedence, and in the arguments of a function it is parsed as a lambda."""
    if isinstance(node, exp.JSONExtract | exp.JSONExtractScalar) and not isinstance(node.parent, exp.Paren):
        return exp.paren(node)
    return node
