"""What stands in FROM. In: a node. Out: one that the engine can read rows from."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.mend.documents import DOCUMENT

_ELEMENT = "element"


def flattened(node: exp.Expr) -> exp.Expr:
    """FLATTEN: one row per element of a list or key of an object, with index, key, path, value and this.

    SEQ, a number without meaning, is left out.
    """
    if not isinstance(node, exp.Lateral | exp.TableFromRows) or not isinstance(node.this, exp.Explode):
        return node
    arguments = _arguments(node.this)
    alias = node.args["alias"].name if node.args.get("alias") else "flattened"
    _mark(node, alias)
    rows = _elements(arguments).subquery(None)
    named = exp.TableAlias(this=exp.to_identifier(alias))
    join = node.parent
    outer = arguments.get("outer")
    if isinstance(outer, exp.Boolean) and outer.this:
        if not isinstance(join, exp.Join):
            raise UnsupportedError("FLATTEN(outer => TRUE) needs a relation before it")
        join.set("side", "LEFT")
    if not isinstance(join, exp.Join):
        rows.set("alias", named)
        return rows
    join.set("kind", None if join.side else "CROSS")
    if join.side and join.args.get("on") is None:
        join.set("on", exp.true())
    return exp.Lateral(this=rows, alias=named)


def _arguments(explode: exp.Explode) -> dict[str, exp.Expr]:
    found: dict[str, exp.Expr] = {}
    for argument in [explode.this, *explode.expressions]:
        if isinstance(argument, exp.Kwarg):
            found[argument.this.name.lower()] = argument.expression
        else:
            found["input"] = argument
    recursive = found.get("recursive")
    if recursive is not None and not (isinstance(recursive, exp.Boolean) and not recursive.this):
        raise UnsupportedError("FLATTEN(recursive => TRUE) is not supported")
    return found


def _elements(arguments: dict[str, exp.Expr]) -> exp.Select:
    document: exp.Expr = exp.Anonymous(this="TO_JSON", expressions=[arguments["input"].copy()])
    if "path" in arguments:
        steps = [exp.JSONPathKey(this=name) for name in arguments["path"].name.split(".")]
        path = exp.JSONPath(expressions=[exp.JSONPathRoot(), *steps])
        document = exp.JSONExtract(this=document, expression=path)
    key, place = exp.column("key", table=_ELEMENT), exp.column("fullkey", table=_ELEMENT)
    # "$[0]" in a list, "$.name" in an object; "$" is a value that is neither.
    is_list = exp.Like(this=place.copy(), expression=_text("$[%"))
    beginnings = {"ARRAY": ("$[%",), "OBJECT": ("$.%",)}.get(
        arguments["mode"].name.upper() if "mode" in arguments else "", ("$[%", "$.%")
    )
    bracketed = exp.DPipe(this=exp.DPipe(this=_text("["), expression=key.copy()), expression=_text("]"))
    return (
        exp.select(
            exp.Case().when(exp.not_(is_list.copy()), key.copy()).as_("key"),
            exp.Case().when(is_list.copy(), bracketed).else_(key.copy()).as_("path"),
            exp.Case().when(is_list.copy(), exp.cast(key.copy(), "BIGINT")).as_("index"),
            exp.column("value", table=_ELEMENT).as_("value"),
            document.copy().as_("this"),
        )
        .from_(_each(document))
        .where(exp.or_(*(exp.Like(this=place.copy(), expression=_text(begins)) for begins in beginnings)))
    )


def _each(document: exp.Expr) -> exp.Table:
    function = exp.Anonymous(this="JSON_EACH", expressions=[document.copy()])
    return exp.Table(this=function, alias=exp.TableAlias(this=exp.to_identifier(_ELEMENT)))


def _text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def _mark(node: exp.Expr, alias: str) -> None:
    """Mark the columns of the query that hold an element, so that paths into them are known to be such."""
    query = node.find_ancestor(exp.Select)
    if query is None:
        return
    for column in query.find_all(exp.Column):
        names = {"value", "this"}
        if column.name.lower() in names and column.table.lower() in {alias.lower(), ""}:
            column.meta[DOCUMENT] = True


def split_rows(node: exp.Expr) -> exp.Expr:
    """SPLIT_TO_TABLE: one row per part, with index (from 1) and value."""
    if not isinstance(node, exp.Lateral | exp.TableFromRows) or not isinstance(node.this, exp.SplitToTable):
        return node
    parts = exp.Anonymous(this="STR_SPLIT", expressions=[node.this.this.copy(), node.this.expression.copy()])
    index = exp.Anonymous(this="GENERATE_SUBSCRIPTS", expressions=[parts.copy(), exp.Literal.number(1)])
    rows = exp.select(
        index.as_("index"), exp.Anonymous(this="UNNEST", expressions=[parts.copy()]).as_("value")
    ).subquery(None)
    alias = node.args["alias"].name if node.args.get("alias") else "parts"
    named = exp.TableAlias(this=exp.to_identifier(alias))
    if isinstance(node.parent, exp.Join):
        return exp.Lateral(this=rows, alias=named)
    rows.set("alias", named)
    return rows


def nearest_rows(node: exp.Expr) -> exp.Expr:
    """ASOF JOIN: MATCH_CONDITION is one of the conditions."""
    if isinstance(node, exp.Join) and node.args.get("match_condition") is not None:
        conditions = [c.copy() for c in (node.args.get("on"), node.args["match_condition"]) if c is not None]
        node.set("on", exp.and_(*conditions))
        node.set("match_condition", None)
    return node


def named_values(node: exp.Expr) -> exp.Expr:
    """Columns of VALUES without names are ``column1``, ``column2`` and so on."""
    if not isinstance(node, exp.Values) or not isinstance(node.parent, exp.From | exp.Join | exp.Subquery):
        return node
    alias = node.args.get("alias")
    if (alias is None or not alias.columns) and node.expressions and isinstance(node.expressions[0], exp.Tuple):
        names = [exp.to_identifier(f"column{i}") for i in range(1, len(node.expressions[0].expressions) + 1)]
        name = alias.this.copy() if alias is not None and alias.this else exp.to_identifier("rows_given")
        node.set("alias", exp.TableAlias(this=name, columns=names))
    return node
