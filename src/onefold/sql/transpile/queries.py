"""Rules for clauses of Snowflake queries that the engine writes differently, or cannot express."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError

_UNIT_SEPARATOR = "\x1f"
"""A separator between tokens that does not occur in text."""


def rows_of_tokens(node: exp.Expr) -> exp.Expr:
    """STRTOK_SPLIT_TO_TABLE: SPLIT_TO_TABLE of the tokens."""
    if not isinstance(node, exp.StrtokSplitToTable):
        return node
    separator = exp.Literal.string(_UNIT_SEPARATOR)
    delimiter = node.args.get("expression") or exp.Literal.string(" ")
    tokens = exp.StrtokToArray(this=node.this.copy(), expression=delimiter.copy())
    joined = exp.Anonymous(this="ARRAY_TO_STRING", expressions=[tokens, separator.copy()])
    return exp.SplitToTable(this=joined, expression=separator)


def recursive_queries(node: exp.Expr) -> exp.Expr:
    """WITH: a query that reads itself is recursive, with or without the keyword."""
    if isinstance(node, exp.With) and any(
        table.name.upper() == cte.alias.upper() and not table.db
        for cte in node.expressions
        if isinstance(cte.this, exp.SetOperation)
        for table in cte.this.expression.find_all(exp.Table)
    ):
        node.set("recursive", True)
    return node


def rows_of_nothing(node: exp.Expr) -> exp.Expr:
    """FROM DUAL: a query without FROM also has one row."""
    source = node.args.get("from_") if isinstance(node, exp.Select) else None
    if source is not None and isinstance(source.this, exp.Table) and source.this.sql().upper() == "DUAL":
        node.set("from_", None)
    return node


def places_of_columns(node: exp.Expr) -> exp.Expr:
    """``$1`` is the first column of the VALUES that a query reads."""
    if not isinstance(node, exp.Parameter) or not node.name.isdecimal():
        return node
    query = node.find_ancestor(exp.Select)
    source = query.args.get("from_") if query is not None else None
    values = source.this if source is not None else None
    if isinstance(values, exp.Values) and not query.args.get("joins"):  # type: ignore[union-attr]
        alias = values.args.get("alias")
        names = [column.name for column in alias.columns] if alias is not None else []
        place = int(node.name)
        return exp.column(names[place - 1] if place <= len(names) else f"column{place}")
    raise UnsupportedError(f"${node.name} is not supported; name the column")


def only_now(node: exp.Expr) -> exp.Expr:
    """Rejects AT, BEFORE and CHANGES, which read an earlier state of a table."""
    if isinstance(node, exp.Table):
        for key, name in (("when", "AT and BEFORE"), ("changes", "CHANGES")):
            if node.args.get(key) is not None:
                raise UnsupportedError(f"reading an earlier state of a table ({name}) is not supported")
    return node


def names_told_apart(node: exp.Expr) -> exp.Expr:
    """Rejects columns of a query whose names differ only in case: the engine treats them as one."""
    if not isinstance(node, exp.Select):
        return node
    seen: dict[str, str] = {}
    for column in node.expressions:
        alias = column.args.get("alias") if isinstance(column, exp.Alias) else None
        if not isinstance(alias, exp.Identifier):
            continue
        name = alias.name if alias.args.get("quoted") else alias.name.upper()
        if seen.setdefault(name.lower(), name) != name:
            raise UnsupportedError(f'the columns "{seen[name.lower()]}" and "{name}" differ only in case; rename one')
    return node
