"""Conversions of documents (JSON) to and from text, numbers and times, and their comparison.

The author's VARIANT and OBJECT are JSON in the engine, where texts have quotes. An ARRAY is a list of the engine, or
JSON.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion import booleans, numbers, times
from onefold.sql.coercion.conversion import Conversion, call, cast
from onefold.sql.coercion.kinds import MOMENTS, NUMBERS, TIMES, Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from onefold.sql.coercion.typing import Types

_ITEMS = "JSON[]"
_ONE_LIST = (
    exp.ArrayDistinct, exp.ArraySize, exp.ArraySlice, exp.ArrayReverse, exp.ArrayFilter, exp.Transform,
)  # fmt: skip
_LISTS = (exp.ArrayConcat, exp.ArrayIntersect)
_WITH_ITEM = (exp.ArrayAppend, exp.ArrayPrepend)
_BEST = (exp.Max, exp.Min)
_INEQUALITIES = (exp.GT, exp.GTE, exp.LT, exp.LTE)
_MAKERS = frozenset({"TO_JSON", "JSON_OBJECT", "JSON_ARRAY"})
_QUERIES = (exp.Select, exp.SetOperation, exp.Window)


# --- one value ---


def as_text(conversion: Conversion) -> exp.Expr:
    """A document as text: a text without quotes, other values as JSON."""
    return text_of(conversion.value, conversion.source)


def text_of(value: exp.Expr, source: str = "JSON") -> exp.Expr:
    """The text of a document of type JSON or VARIANT."""
    inner = value.unnest() if isinstance(value, exp.Paren) else value
    if isinstance(inner, exp.JSONExtract) and not isinstance(inner, exp.JSONExtractScalar):
        made = exp.JSONExtractScalar(this=inner.this.copy(), expression=inner.expression.copy())
    else:
        document = cast(inner, "JSON") if source == "VARIANT" else inner.copy()
        made = exp.JSONExtractScalar(this=document, expression=exp.JSONPath(expressions=[exp.JSONPathRoot()]))
    return exp.paren(made, copy=False)


def _read(then: Callable[[Conversion], exp.Expr]) -> Callable[[Conversion], exp.Expr]:
    """A document as another type: its text is converted like any text of the author."""

    def converted(conversion: Conversion) -> exp.Expr:
        text = text_of(conversion.value, conversion.source)
        return then(replace(conversion, value=text, source="VARCHAR"))

    return converted


def structure_as_text(conversion: Conversion) -> exp.Expr:
    """A list or a struct as text: JSON, with the keys of each object sorted."""
    document = cast(cast(call("TO_JSON", _times_written(conversion)), "VARIANT"), "JSON")
    return cast(document, "TEXT", is_safe=conversion.is_safe)


def as_document(conversion: Conversion) -> exp.Expr:
    """A number, a boolean or a list as JSON; a time as the JSON string of its text."""
    written = _TIMES_AS_TEXT.get(kind_of(conversion.source))
    return call("TO_JSON", written(conversion) if written is not None else _times_written(conversion))


def _times_written(conversion: Conversion) -> exp.Expr:
    """A list of times as the list of their texts; other values unchanged."""
    item = conversion.source.removesuffix("[]")
    written = _TIMES_AS_TEXT.get(kind_of(item)) if item != conversion.source else None
    if written is None:
        return conversion.value
    text = written(Conversion(exp.column("item_"), item, exp.DataType.build("TEXT")))
    return call("LIST_TRANSFORM", conversion.value, exp.Lambda(this=text, expressions=[exp.to_identifier("item_")]))


_TIMES_AS_TEXT: Mapping[Kind, Callable[[Conversion], exp.Expr]] = {
    Kind.TIMESTAMP: times.timestamp_as_text,
    Kind.TIMESTAMPTZ: times.timestamptz_as_text,
    Kind.TIME: times.time_as_text,
}
"""The form of a time in a document. The engine writes a date in the same form."""


CASTS: Mapping[tuple[Kind, Kind], Callable[[Conversion], exp.Expr]] = {
    (Kind.DOCUMENT, Kind.TEXT): as_text,
    (Kind.DOCUMENT, Kind.WHOLE): _read(numbers.of_text),
    (Kind.DOCUMENT, Kind.DECIMAL): _read(numbers.of_text),
    (Kind.DOCUMENT, Kind.BOOLEAN): _read(booleans.of_text),
    (Kind.DOCUMENT, Kind.DATE): _read(times.date_of_text),
    (Kind.DOCUMENT, Kind.TIMESTAMP): _read(times.timestamp_of_text),
    (Kind.DOCUMENT, Kind.TIMESTAMPTZ): _read(times.timestamptz_of_text),
    (Kind.LIST, Kind.TEXT): structure_as_text,
    (Kind.STRUCT, Kind.TEXT): structure_as_text,
    **dict.fromkeys(
        ((kind, Kind.DOCUMENT) for kind in (*NUMBERS, *TIMES, Kind.BOOLEAN, Kind.LIST, Kind.STRUCT)), as_document
    ),
}
"""Conversions of documents and lists, by pair of kinds."""


# --- several values ---


def common_type(names: Sequence[str], *, chosen: bool) -> str | None:
    """The common type of values of which one is a document; None if all of them are.

    Args:
        names: Their types.
        chosen: Whether one of the values is returned, as by COALESCE. A number then becomes a document, and keeps its
            digits. If the values are compared, the document becomes a number.
    """
    kinds = {kind_of(name) for name in names} - {Kind.NULL, Kind.DOCUMENT}
    if not kinds:
        return None
    if Kind.TEXT in kinds:
        return "VARCHAR"
    if kinds <= {Kind.LIST, Kind.STRUCT} or chosen:
        return "JSON"
    if kinds <= NUMBERS:
        return "DOUBLE" if Kind.FLOAT in kinds else "DECIMAL(38, 10)"
    if kinds <= MOMENTS:
        return "DATE" if kinds == {Kind.DATE} else "TIMESTAMPTZ" if Kind.TIMESTAMPTZ in kinds else "TIMESTAMP"
    return "BOOLEAN" if kinds == {Kind.BOOLEAN} else None


# --- functions ---


def rule(node: exp.Expr, types: Types) -> exp.Expr:
    """Functions that the engine has only for lists, or that would compare the text of documents."""
    handler = next((made for classes, made in _RULES if isinstance(node, classes)), None)
    return handler(node, types) if handler is not None else node


def _parsed(node: exp.Expr, types: Types) -> exp.Expr:
    """PARSE_JSON of a document parses the text in it."""
    if types.kind(node.this) is Kind.DOCUMENT:
        node.set("this", text_of(node.this, str(types.of(node.this))))
    return node


def _made(node: exp.Expr, types: Types) -> exp.Expr:
    """Values that become part of a document: a time becomes the text that the author's warehouse writes."""
    if isinstance(node, exp.JSONArray) or node.name.upper() in _MAKERS:
        for value in list(node.expressions):
            source = str(types.of(value))
            written = _TIMES_AS_TEXT.get(kind_of(source))
            if written is not None:
                value.replace(written(Conversion(value.copy(), source, exp.DataType.build("TEXT"))))
    return node


def _inequality(node: exp.Expr, types: Types) -> exp.Expr:
    _compare([node.this, node.expression], types)
    return node


def _between(node: exp.Expr, types: Types) -> exp.Expr:
    _compare([node.this, node.args["low"], node.args["high"]], types)
    return node


def _list(node: exp.Expr, types: Types) -> exp.Expr:
    _as_items(node.this, types)
    return node


def _lists(node: exp.Expr, types: Types) -> exp.Expr:
    for part in (node.this, node.args.get("expression"), *node.expressions):
        _as_items(part, types)
    return node


def _sorted(node: exp.Expr, types: Types) -> exp.Expr:
    if types.of(node.this) not in {"JSON", _ITEMS}:
        return node
    _as_items(node.this, types)
    node.set("this", cast(node.this, "VARIANT[]"))
    return cast(node, _ITEMS)


def _with_item(node: exp.Expr, types: Types) -> exp.Expr:
    if types.of(node.this) in {"JSON", _ITEMS}:
        _as_items(node.this, types)
        if types.kind(node.expression) is not Kind.DOCUMENT:
            node.set("expression", call("TO_JSON", node.expression))
    return node


def _flattened(node: exp.Expr, types: Types) -> exp.Expr:
    if types.of(node.this) in {"JSON", _ITEMS}:
        node.set("this", cast(node.this, "JSON[][]"))
    return node


def _compare(operands: Sequence[exp.Expr], types: Types) -> None:
    """Documents by value: numbers as numbers, texts by their characters."""
    if all(types.kind(operand) is Kind.DOCUMENT for operand in operands):
        for operand in operands:
            if types.of(operand) == "JSON":
                operand.replace(cast(operand, "VARIANT"))


def _as_items(value: object, types: Types) -> None:
    if isinstance(value, exp.Expr) and types.of(value) == "JSON":
        value.replace(cast(value, _ITEMS, is_safe=True))


def _order(node: exp.Expr, types: Types) -> exp.Expr:
    """ORDER BY of a query or a window: numbers by value, texts by their characters."""
    order = node.parent
    if not isinstance(order, exp.Order):
        return node
    if isinstance(order.parent, exp.GroupConcat) and types.of(node.this) == "JSON":
        # With DISTINCT the engine sorts by a column of the result.
        alike = node.this == order.this or (
            isinstance(order.this, exp.Distinct) and node.this in order.this.expressions
        )
        node.set("this", text_of(node.this) if alike else cast(node.this, "VARIANT"))
    elif isinstance(order.parent, _QUERIES):
        key = _sort_key(node.this, order.parent)
        if key is not None and types.of(key) == "JSON":
            node.set("this", cast(key, "VARIANT"))
    return node


def _sort_key(key: exp.Expr, query: exp.Expr) -> exp.Expr | None:
    """The meaning of a sort key: itself, or the column of a SELECT at that position."""
    if not (isinstance(key, exp.Literal) and key.is_int):
        return key
    if not isinstance(query, exp.Select) or query.args.get("distinct"):
        return None
    place = int(key.name) - 1
    if not 0 <= place < len(query.expressions) or query.expressions[place].is_star:
        return None
    found: exp.Expr = query.expressions[place].unalias()
    return found


def _best(node: exp.Expr, types: Types) -> exp.Expr:
    """MAX, MIN, GREATEST and LEAST of documents: numbers by value. As JSON, "9" would be greater than "10"."""
    if isinstance(node, _BEST) and types.of(node.this) == "JSON":
        node.this.replace(cast(node.this, "VARIANT"))
    elif isinstance(node, exp.Greatest | exp.Least):
        values = [node.this, *node.expressions]
        if all(types.of(value) == "JSON" for value in values):
            for value in values:
                value.replace(cast(value, "VARIANT"))
            return cast(node, "JSON")
        return node
    core = node
    while isinstance(core, exp.Filter | exp.Window):
        core = core.this
    inside = isinstance(node.parent, exp.Filter | exp.Window) and node.arg_key == "this"
    if inside or not isinstance(core, _BEST) or types.of(core.this) != "VARIANT":
        return node
    return cast(node, "JSON")


_RULES: tuple[tuple[tuple[type[exp.Expr], ...], Callable[[exp.Expr, Types], exp.Expr]], ...] = (
    ((exp.ParseJSON,), _parsed),
    ((exp.Anonymous, exp.JSONArray), _made),
    (_INEQUALITIES, _inequality),
    ((exp.Between,), _between),
    ((exp.Ordered,), _order),
    ((*_BEST, exp.Greatest, exp.Least, exp.Filter, exp.Window), _best),
    ((exp.ArraySort,), _sorted),
    (_ONE_LIST, _list),
    (_LISTS, _lists),
    (_WITH_ITEM, _with_item),
    ((exp.Flatten,), _flattened),
)
