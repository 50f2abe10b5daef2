"""The fixed queries of identity: one SELECT per ``.sql`` file, next to the module that runs it.

Takes the name of a file, and replacements for its tables and values. Returns a `NamedQuery`. A file is parsed once. Its
tables are replaced by expressions, never by text, under the name in the file. `GraphStore` supplies the other tables:
``members`` is the members table in the version that a run extends, and any other name is a temporary table or an upload
of the run. ``:name`` stands for a value.

The files are in sqlglot's generic dialect. Its parser rewrites nothing, unlike that of PostgreSQL for types, operators
and the order of nulls. So a tree has the meaning of the file, and the rules of each engine apply when it is rendered.
sqlglot renders many constructs wrongly without an error, so a file may only use a closed list of them, each of which
is executed in tests. Constructs that differ between engines have a function here:

    same(a, b)                  equal, or both null
    first_by(value, key)        the value of the row with the smallest key
    generated_id(id, id_type)   the main id generated from an id (``identity.main_ids.generated_id``)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from onefold.identity import schema
from onefold.identity.main_ids.generated_id import generated_id_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

RELATION = "relation"
"""Marks a table of a file that is not replaced yet."""


@dataclass(frozen=True)
class NamedQuery:
    """A query, and the name under which it is recorded and its rows are stored."""

    name: str
    tree: exp.Query


Value = NamedQuery | exp.Expr | int | str | bool

_NODES: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Alias, exp.And, exp.Boolean, exp.CTE, exp.Case, exp.Cast, exp.Column, exp.DPipe, exp.DataType,
        exp.Distinct, exp.EQ, exp.Except, exp.Exists, exp.From, exp.GT, exp.GTE, exp.Group, exp.Having, exp.Identifier,
        exp.If, exp.In, exp.Is, exp.Join, exp.LT, exp.LTE, exp.Literal, exp.NEQ, exp.Not, exp.Null, exp.Or, exp.Order,
        exp.Ordered, exp.Paren, exp.Placeholder, exp.Select, exp.Star, exp.Sub, exp.Add, exp.Subquery, exp.Table,
        exp.TableAlias, exp.Union, exp.Where, exp.Window, exp.With,
    }
)  # fmt: skip
"""The allowed nodes of a file, apart from functions."""

_FUNCTIONS: frozenset[type[exp.Expr]] = frozenset(
    {exp.Coalesce, exp.Count, exp.Greatest, exp.Least, exp.Max, exp.Min, exp.RowNumber, exp.Sum}
)
"""Functions that every engine has with the same meaning."""

_TYPES = frozenset({"BIGINT", "INT", "SMALLINT", "TEXT", "TIMESTAMP"})
"""The allowed types of casts."""


def _same(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    return exp.NullSafeEQ(this=one, expression=other)


def _first_by(value: exp.Expr, key: exp.Expr) -> exp.Expr:
    return exp.ArgMin(this=value, expression=key)


_OWN: Mapping[str, tuple[int, Callable[..., exp.Expr]]] = {
    "SAME": (2, _same),
    "FIRST_BY": (2, _first_by),
    "GENERATED_ID": (2, generated_id_sql),
}
"""The functions of these files: their number of arguments and their expression."""


class SqlFileError(Exception):
    """A file with a construct that is not allowed; a bug in the program."""


def sql(path: str, **given: Value) -> NamedQuery:
    """The query of a file.

    Args:
        path: Its path below ``identity``, without ``.sql``.
        given: Replacements by table name; for ``:name``, a number, text, boolean or expression.

    Raises:
        SqlFileError: If the file has a construct that is not allowed, or no such table or value.
    """
    tree, used = parsed(path).copy(), set[str]()
    for node in list(tree.find_all(exp.Placeholder, exp.Table)):
        if node.name not in given:
            if isinstance(node, exp.Placeholder):
                raise SqlFileError(f"{path}.sql: no value was given for :{node.name}")
            continue
        used.add(node.name)
        value = given[node.name]
        value = value.tree if isinstance(value, NamedQuery) else value
        if isinstance(node, exp.Placeholder):
            node.replace(value.copy() if isinstance(value, exp.Expr) else exp.convert(value))
        elif isinstance(node, exp.Table) and node.meta.get(RELATION):
            assert isinstance(value, exp.Expr)  # noqa: S101 - a table is given as one
            node.replace(put_in(node, value))
    if unknown := given.keys() - used:
        raise SqlFileError(f"{path}.sql has no {', '.join(sorted(unknown))}")
    return NamedQuery(path.rpartition("/")[2], tree)


def rows_of(name: str, columns: Iterable[str] = ("*",)) -> NamedQuery:
    """The rows of a temporary table or an upload."""
    return NamedQuery(name, exp.select(*columns).from_(schema.relation(name)))


def put_in(node: exp.Table, value: exp.Expr) -> exp.Expr:
    """A table or query in place of a table of a file, under the name in the file."""
    alias = node.alias or node.name
    if isinstance(value, exp.Query):
        return value.copy().subquery(alias)
    return exp.alias_(value.copy(), alias, table=True)


def relations_of(tree: exp.Expr) -> list[exp.Table]:
    """The tables in a tree that are not replaced yet."""
    return [table for table in tree.find_all(exp.Table) if table.meta.get(RELATION)]


def on_relations(tree: exp.Query) -> exp.Query:
    """A query with temporary tables or uploads of a run in place of its tables (`schema.relation`)."""
    tree = tree.copy()
    for table in relations_of(tree):
        table.replace(put_in(table, schema.relation(table.name)))
    return tree


@cache
def parsed(name: str) -> exp.Query:
    """The query of a file with its tables marked.

    Raises:
        SqlFileError: If it has a construct that is not allowed.
    """
    return read(files("onefold.identity").joinpath(f"{name}.sql").read_text(encoding="utf-8"), f"{name}.sql")


def read(text: str, file: str) -> exp.Query:
    """Like `parsed`, for a text.

    Args:
        text: The text of the file.
        file: The name of the file, for errors.
    """
    try:
        trees = sqlglot.parse(text)
    except ParseError as error:
        raise SqlFileError(f"{file}: {error}") from error
    tree = trees[0] if len(trees) == 1 else None
    if not isinstance(tree, exp.Query):
        raise SqlFileError(f"{file}: the file must hold exactly one SELECT")
    checked = _checked(tree, file)
    assert isinstance(checked, exp.Query)  # noqa: S101 - no function is a query
    ctes = {cte.alias for cte in checked.find_all(exp.CTE)}
    for table in checked.find_all(exp.Table):
        if table.name not in ctes:
            table.meta[RELATION] = True
    return checked


def _checked(node: exp.Expr, file: str) -> exp.Expr:
    """The tree with the functions of these files replaced; without comments and positions, which slow down copying."""
    _refuse(node, file)
    return _own_function(type(node)(**{name: _checked_value(value, file) for name, value in node.args.items()}))


def _checked_value(value: object, file: str) -> object:
    if isinstance(value, list):
        return [_checked_value(one, file) for one in value]
    return _checked(value, file) if isinstance(value, exp.Expr) else value


def _refuse(node: exp.Expr, file: str) -> None:
    """Raise an error for a node that is not allowed."""
    if isinstance(node, exp.Anonymous):
        known = _OWN.get(node.name.upper())
        if known is None or known[0] != len(node.expressions):
            raise SqlFileError(f"{file}: function {node.sql()}")
    elif isinstance(node, exp.DataType):
        if node.sql() not in _TYPES:
            raise SqlFileError(f"{file}: type {node.sql()}")
    elif isinstance(node, exp.Table) and node.db:
        raise SqlFileError(f"{file}: table {node.sql()}, which names a schema")
    elif type(node) not in _NODES | _FUNCTIONS:
        raise SqlFileError(f"{file}: {type(node).__name__}, in {node.sql()}")


def _own_function(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Not) and isinstance(node.this, exp.NullSafeEQ):
        return exp.NullSafeNEQ(this=node.this.this, expression=node.this.expression)
    if isinstance(node, exp.Anonymous):
        return _OWN[node.name.upper()][1](*node.expressions)
    return node
