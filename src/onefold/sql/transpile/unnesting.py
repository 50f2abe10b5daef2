"""Rules for FLATTEN, SPLIT_TO_TABLE and STRTOK_SPLIT_TO_TABLE, which become lateral queries."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile.variants import DOCUMENT, as_document, kind_of, marked, sql

_ROWS = """
SELECT
  CASE WHEN NOT element.fullkey LIKE '%]' THEN element.key END AS key,
  $path AS path,
  CASE WHEN element.fullkey LIKE '%]' THEN CAST(element.key AS BIGINT) END AS index,
  CAST(element.value AS JSON) AS value,
  CAST($this AS JSON) AS this
FROM $elements AS element
WHERE $wanted
"""
_NO_ROWS = """
SELECT NULL AS key, '' AS path, NULL AS index, NULL AS value, CAST($this AS JSON) AS this
WHERE $empty
"""
_PLACE = r"""
REGEXP_REPLACE(
  REGEXP_REPLACE(
    REGEXP_REPLACE(element.fullkey, '\."([A-Za-z_][A-Za-z0-9_]*)"', '.\1', 'g'),
    '\."((?:[^"\\]|\\.)*)"', '[''\1'']', 'g'
  ),
  '^\$', ''
)
"""
"""The engine's path of an element, ``$.a."x y"[0]``, in the author's form: ``.a['x y'][0]``."""
_MODES = {"OBJECT": "NOT element.fullkey LIKE '%]'", "ARRAY": "element.fullkey LIKE '%]'", "BOTH": "TRUE"}

_STEPS = "REGEXP_REPLACE(element.fullkey, '\"[^\"]*\"', '', 'g')"
_DEEP_MODES = {"OBJECT": f"NOT CONTAINS({_STEPS}, '[')", "ARRAY": f"NOT CONTAINS({_STEPS}, '.')", "BOTH": "TRUE"}
"""Conditions for RECURSIVE: in each mode, elements inside a structure of the other kind are skipped."""


def flattened(node: exp.Expr) -> exp.Expr:
    """FLATTEN: one row per element of a list or key of an object, with key, path, index, value and this.

    SEQ, the number of the input row, is missing: a query that names it is rejected.
    """
    if not isinstance(node, exp.Lateral | exp.TableFromRows) or not isinstance(node.this, exp.Explode):
        return node
    arguments = _arguments(node.this)
    alias = node.args["alias"].name if node.args.get("alias") else "flattened"
    _look_at_columns(node, alias)
    return _placed(node, _elements(arguments), alias)


def _arguments(explode: exp.Explode) -> dict[str, exp.Expr]:
    found: dict[str, exp.Expr] = {}
    for argument in [explode.this, *explode.expressions]:
        if isinstance(argument, exp.Kwarg):
            found[argument.this.name.lower()] = argument.expression
        else:
            found["input"] = argument
    for name in ("outer", "recursive"):
        if name in found and not isinstance(found[name], exp.Boolean):
            raise UnsupportedError(f"FLATTEN({name} => ...) must be the literal TRUE or FALSE")
    return found


def _elements(arguments: dict[str, exp.Expr]) -> exp.Query:
    document = _structure(arguments["input"])
    given, prefix = document, ""
    if "path" in arguments and arguments["path"].name:
        prefix = arguments["path"].name
        path = sqlglot.Dialect.get_or_raise("snowflake").to_json_path(exp.Literal.string(prefix))
        given = exp.JSONExtract(this=document, expression=path)
    recursive = _is_true(arguments.get("recursive"))
    mode = arguments["mode"].name.upper() if "mode" in arguments else "BOTH"
    if mode not in _MODES:
        raise UnsupportedError(f"FLATTEN does not support mode '{mode}'; use OBJECT, ARRAY or BOTH")
    elements = exp.Anonymous(this="JSON_TREE" if recursive else "JSON_EACH", expressions=[given.copy()])
    around = sql("JSON_EXTRACT($given, element.path)", given=given) if recursive else given
    rows = sql(
        _ROWS,
        path=_place(prefix),
        this=around,
        elements=exp.Table(this=elements),
        wanted=sql(f"element.fullkey <> '$' AND {(_DEEP_MODES if recursive else _MODES)[mode]}"),
    )
    assert isinstance(rows, exp.Query)  # noqa: S101 - it is a SELECT
    if not _is_true(arguments.get("outer")):
        return rows
    return rows.union(sql(_NO_ROWS, this=given, empty=_empty(given, mode)), distinct=False)


def _structure(value: exp.Expr) -> exp.Expr:
    """The input of FLATTEN as JSON. A text is an error at run time, as in the author's warehouse."""
    if kind_of(value) is not None or isinstance(value, exp.Null):
        return as_document(value)
    if isinstance(value, exp.Literal):
        raise UnsupportedError("FLATTEN takes an array or object, not a text; use PARSE_JSON")
    return sql(
        "CASE WHEN TYPEOF($x) = 'VARCHAR' THEN ERROR('FLATTEN takes an array or object, not a text; use PARSE_JSON') "
        "ELSE TO_JSON($x) END",
        DOCUMENT,
        x=value,
    )


def _place(prefix: str) -> exp.Expr:
    """The PATH of an element, after the path of FLATTEN itself, if it has one."""
    if prefix:
        return sql("$prefix || $place", prefix=exp.Literal.string(prefix), place=sql(_PLACE))
    return sql("LTRIM($place, '.')", place=sql(_PLACE))


def _empty(document: exp.Expr, mode: str) -> exp.Expr:
    """Whether a document has no element of the requested kind."""
    sizes = {
        "ARRAY": "COALESCE(JSON_ARRAY_LENGTH($x), 0) = 0",
        "OBJECT": "COALESCE(LENGTH(JSON_KEYS($x)), 0) = 0",
    }
    return sql(" AND ".join(size for name, size in sizes.items() if mode in {name, "BOTH"}), x=document)


def _is_true(flag: exp.Expr | None) -> bool:
    return isinstance(flag, exp.Boolean) and bool(flag.this)


def _look_at_columns(node: exp.Expr, alias: str) -> None:
    """Mark the query's columns that contain an element, so that paths into them are recognized."""
    query = node.find_ancestor(exp.Select)
    if query is None:
        return
    for column in query.find_all(exp.Column):
        table, name = column.table.lower(), column.name.lower()
        if name == "seq" and table == alias.lower():
            raise UnsupportedError("SEQ of FLATTEN is not supported; number the input rows with ROW_NUMBER")
        if name in {"value", "this"} and table in {alias.lower(), ""}:
            marked(column, DOCUMENT)


def split_rows(node: exp.Expr) -> exp.Expr:
    """SPLIT_TO_TABLE and STRTOK_SPLIT_TO_TABLE: one row per part, with index (from 1) and value."""
    split = node.this if isinstance(node, exp.Lateral | exp.TableFromRows) else None
    if isinstance(split, exp.SplitToTable):
        parts: exp.Expr = exp.Anonymous(this="STR_SPLIT", expressions=[split.this.copy(), split.expression.copy()])
    elif isinstance(split, exp.StrtokSplitToTable):
        signs = split.expression if split.args.get("expression") is not None else exp.Literal.string(" ")
        parts = exp.StrtokToArray(this=split.this.copy(), expression=signs.copy())
    else:
        return node
    rows = exp.select(
        exp.Anonymous(this="GENERATE_SUBSCRIPTS", expressions=[parts.copy(), exp.Literal.number(1)]).as_("index"),
        exp.Anonymous(this="UNNEST", expressions=[parts.copy()]).as_("value"),
    )
    return _placed(node, rows, node.args["alias"].name if node.args.get("alias") else "parts")


def _placed(node: exp.Expr, rows: exp.Query, alias: str) -> exp.Expr:
    """The rows in place of the function: on their own, or for each row of the sources before it."""
    subquery, named = rows.subquery(None), exp.TableAlias(this=exp.to_identifier(alias))
    join = node.parent
    if not isinstance(join, exp.Join):
        subquery.set("alias", named)
        return subquery
    if not join.args.get("on"):
        join.set("kind", None if join.side else "CROSS")
        if join.side:
            join.set("on", exp.true())
    return exp.Lateral(this=subquery, alias=named)
