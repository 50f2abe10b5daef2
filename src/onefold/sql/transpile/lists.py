"""Rules for functions of arrays.

An array whose items are known to be of one kind stays a list of the engine. Any other becomes a list of documents, in
which numbers and texts are distinct, as in the author's dialect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.variants import DOCUMENT, ITEMS, LIST, as_document, as_items, kind_of, marked, plain, sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_T = exp.DataType.Type
_TEXT, _WHOLE, _FRACTION, _TRUTH = "text", "whole", "fraction", "truth"
_MADE_OF_TEXT = (exp.Split, exp.StrtokToArray, exp.RegexpExtractAll)


def _class_of(value: exp.Expr) -> str | None:
    """The kind of a literal; for a list, the kind of its items."""
    value = value.unnest()
    if isinstance(value, exp.Neg):
        return _class_of(value.this)
    if isinstance(value, exp.Literal):
        if value.is_string:
            return _TEXT
        return _WHOLE if value.is_int else _FRACTION
    if isinstance(value, exp.Boolean):
        return _TRUTH
    if isinstance(value, _MADE_OF_TEXT):
        return _TEXT
    if isinstance(value, exp.Array) and value.expressions:
        return _class_of(value.expressions[0])
    return None


def _construct(node: exp.Expr) -> exp.Expr:
    """ARRAY_CONSTRUCT: a list if all items are known to be of one kind; otherwise a document."""
    given = [item for item in node.expressions if not isinstance(item, exp.Null)]
    classes = {_class_of(item) for item in given}
    nested = any(isinstance(item.unnest(), exp.Array) or kind_of(item) for item in given)
    alike = len(given) <= 1 or (len(classes) == 1 and None not in classes)
    if alike and not nested:
        return marked(node, LIST)
    return marked(exp.Anonymous(this="JSON_ARRAY", expressions=[item.copy() for item in node.expressions]), DOCUMENT)


def _compact_construct(node: exp.Expr) -> exp.Expr:
    """ARRAY_CONSTRUCT_COMPACT: without NULL items."""
    made = _construct(exp.Array(expressions=[item.copy() for item in node.expressions]))
    return _compact(exp.ArrayCompact(this=made))


def _compact(node: exp.Expr) -> exp.Expr:
    """ARRAY_COMPACT."""
    of = as_items(node.this, known=True)
    return marked(exp.ArrayCompact(this=of), kind_of(of) or LIST)


def _one(node: exp.Expr) -> exp.Expr:
    """A function of one array that returns an array of the same items."""
    of = as_items(node.this, known=True) if kind_of(node.this) == DOCUMENT else node.this.copy()
    node.set("this", of)
    return marked(node, kind_of(of) or LIST)


def _size(node: exp.Expr) -> exp.Expr:
    """ARRAY_SIZE: NULL for values that are not arrays; an error for a text."""
    value = node.this
    if kind_of(value) in {LIST, ITEMS}:
        return node
    size = exp.ArraySize(this=as_items(value))
    if kind_of(value) is not None:
        return size
    refused = "CAST(ERROR('ARRAY_SIZE takes an array, not a text; use PARSE_JSON') AS BIGINT)"
    return sql(f"CASE WHEN TYPEOF($x) = 'VARCHAR' THEN {refused} ELSE $size END", x=value, size=size)


def _apart(of: exp.Expr, value: exp.Expr) -> bool:
    """Whether an array and a value can only be compared as documents."""
    if kind_of(of) != LIST or kind_of(plain(value)) == DOCUMENT:
        return True
    classes = {_class_of(of), _class_of(plain(value))}
    return len(classes) > 1 and None not in classes


def _with_item(node: exp.Expr) -> exp.Expr:
    """A function of an array and a value."""
    if kind_of(node.this) is None and not isinstance(node, exp.ArrayContains | exp.ArrayPosition):
        return node
    if _apart(node.this, node.expression):
        node.set("this", as_items(node.this))
        node.set("expression", as_document(node.expression))
    else:
        node.set("expression", plain(node.expression).copy())
    if isinstance(node, exp.ArrayContains | exp.ArrayPosition):
        return node
    return marked(node, kind_of(node.this) or LIST)


def _with_array(node: exp.Expr) -> exp.Expr:
    """A function of two arrays."""
    parts = [node.this, *([node.expression] if node.args.get("expression") is not None else []), *node.expressions]
    parts = [part for part in parts if part is not None]
    if any(isinstance(part, exp.Null) for part in parts):
        return exp.null()
    kinds = {kind_of(part) for part in parts}
    classes = {_class_of(part) for part in parts if not isinstance(part, exp.Null)}
    open_ = any(isinstance(part, exp.Array) and part.expressions and _class_of(part) is None for part in parts)
    if DOCUMENT in kinds or ITEMS in kinds or open_ or len(classes - {None}) > 1:
        for part in parts:
            part.replace(as_items(part))
        kinds = {ITEMS}
    return marked(node, ITEMS if kinds == {ITEMS} else LIST)


def _overlap(node: exp.Expr) -> exp.Expr:
    """ARRAYS_OVERLAP."""
    made = _with_array(node).copy()
    made.meta.clear()
    return exp.paren(made, copy=False)


def _zipped(node: exp.Expr) -> exp.Expr:
    """ARRAYS_ZIP: a list of objects."""
    for part in list(node.expressions):
        if kind_of(part) == DOCUMENT:
            part.replace(as_items(part))
    return marked(node, LIST)


def _each(node: exp.Expr) -> exp.Expr:
    """FILTER and TRANSFORM."""
    if kind_of(node.this) not in {DOCUMENT, ITEMS}:
        return node
    node.set("this", as_items(node.this))
    return marked(node, ITEMS if isinstance(node, exp.ArrayFilter) else LIST)


def _reduced(node: exp.Expr) -> exp.Expr:
    """REDUCE: items of a document are numbers or texts, as the initial value."""
    if kind_of(node.this) not in {DOCUMENT, ITEMS}:
        return node
    initial = node.args["initial"]
    if _class_of(initial) is None:
        raise UnsupportedError("REDUCE of a document needs a literal number or text as its initial value")
    item = "TEXT" if _class_of(initial) == _TEXT else "DOUBLE"
    to = exp.DataType.build(f"{item}[]", dialect="duckdb")
    node.set("this", exp.Cast(this=as_document(node.this), to=to))
    node.set("initial", exp.cast(initial.copy(), item))
    return node


def _flatten(node: exp.Expr) -> exp.Expr:
    """ARRAY_FLATTEN: the items of the arrays in an array."""
    kind = kind_of(node.this)
    if kind not in {DOCUMENT, ITEMS}:
        return node
    return marked(sql("FLATTEN(CAST($x AS JSON[][]))", x=as_document(node.this)), ITEMS)


def _greatest(node: exp.Expr) -> exp.Expr:
    """ARRAY_MAX and ARRAY_MIN of documents compare numbers by value."""
    if kind_of(node.this) not in {DOCUMENT, ITEMS}:
        return node
    name = "LIST_MAX" if isinstance(node, exp.ArrayMax) else "LIST_MIN"
    return sql(f"CAST({name}(CAST($x AS VARIANT[])) AS JSON)", DOCUMENT, x=as_items(node.this))


def _sorted(node: exp.Expr) -> exp.Expr:
    """ARRAY_SORT(array, ascending, nulls first): by default NULLs are last when ascending."""
    ascending, first = node.args.get("asc"), node.args.get("nulls_first")
    up = not (isinstance(ascending, exp.Boolean) and not ascending.this)
    nulls = first.this if isinstance(first, exp.Boolean) else not up
    order = [exp.Literal.string("ASC" if up else "DESC"), exp.Literal.string("NULLS FIRST" if nulls else "NULLS LAST")]
    if kind_of(node.this) in {DOCUMENT, ITEMS}:
        by_value = sql("CAST($x AS VARIANT[])", x=as_items(node.this))
        made = exp.Anonymous(this="LIST_SORT", expressions=[by_value, *order])
        return marked(exp.Cast(this=made, to=exp.DataType.build("JSON[]", dialect="duckdb")), ITEMS)
    return marked(exp.Anonymous(this="LIST_SORT", expressions=[node.this.copy(), *order]), LIST)


def _joined(node: exp.Expr) -> exp.Expr:
    """ARRAY_TO_STRING: items as text, empty for NULL."""
    if kind_of(node.this) == LIST and _class_of(node.this) is not None:
        return node
    text = exp.DataType.build("TEXT[]", dialect="duckdb")
    node.set("this", exp.TryCast(this=as_document(node.this), to=text))
    return node


def _distinct(node: exp.Expr) -> exp.Expr:
    """ARRAY_DISTINCT: each item once, in order."""
    of = as_items(node.this, known=True)
    # In structs a NULL counts as a value; LIST_DISTINCT would drop it.
    template = (
        "LIST_TRANSFORM(LIST_SORT(LIST_DISTINCT(LIST_TRANSFORM($x, LAMBDA one : {'item': one}))), "
        "LAMBDA one : one.item)"
    )
    return marked(sql(template, x=of), kind_of(of) or LIST)


def _of_rows(node: exp.Expr) -> exp.Expr:
    """ARRAY_UNION_AGG: the multiset union of all arrays; an item occurs as often as in the array with most of it."""
    kind = kind_of(node.this)
    counted = sql(
        "LIST_TRANSFORM($x, LAMBDA item, place : {'item': item, 'times': "
        "LENGTH(LIST_FILTER($x[1:place], LAMBDA other : other = item))})",
        x=as_items(node.this, known=True),
    )
    template = "COALESCE(LIST_TRANSFORM(LIST_SORT(LIST_DISTINCT(FLATTEN($x))), LAMBDA one : one.item), [])"
    made = sql(template, x=exp.Anonymous(this="LIST", expressions=[counted]))
    return marked(made, ITEMS if kind in {DOCUMENT, ITEMS} else LIST)


def _to_object(node: exp.Expr) -> exp.Expr:
    """ARRAYS_TO_OBJECT(keys, values)."""
    keys, values = node.expressions
    return sql("TO_JSON(MAP(CAST($keys AS TEXT[]), $items))", DOCUMENT, keys=as_document(keys), items=as_items(values))


MEANT: Mapping[type[exp.Expr] | str, Callable[[exp.Expr], exp.Expr]] = {
    exp.Array: _construct,
    exp.ArrayConstructCompact: _compact_construct,
    exp.ArrayCompact: _compact,
    exp.ArraySlice: _one,
    exp.ArrayReverse: _one,
    exp.ArrayRemoveAt: _one,
    exp.ArraySize: _size,
    exp.ArrayAppend: _with_item,
    exp.ArrayPrepend: _with_item,
    exp.ArrayInsert: _with_item,
    exp.ArrayRemove: _with_item,
    exp.ArrayContains: _with_item,
    exp.ArrayPosition: _with_item,
    exp.ArrayConcat: _with_array,
    exp.ArrayExcept: _with_array,
    exp.ArrayIntersect: _with_array,
    exp.ArrayOverlaps: _overlap,
    exp.ArraysZip: _zipped,
    exp.ArrayFilter: _each,
    exp.Transform: _each,
    exp.Reduce: _reduced,
    exp.Flatten: _flatten,
    exp.ArrayMax: _greatest,
    exp.ArrayMin: _greatest,
    exp.ArraySort: _sorted,
    exp.ArrayToString: _joined,
    exp.ArrayDistinct: _distinct,
    exp.ArrayUnionAgg: _of_rows,
    "ARRAYS_TO_OBJECT": _to_object,
}
"""The translation of a function of arrays, by class or name."""
