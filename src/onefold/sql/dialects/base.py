"""What an engine can do, and the way from a tree to its SQL.

Code asks for a capability by name. Nothing outside ``engines`` and this package asks which engine it talks to: that
would have to be found and changed for every new engine. Takes a sqlglot expression and a dialect; returns SQL text.
Opens no connection and imports no driver.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlglot import ErrorLevel, exp

# What sqlglot would write to its log is raised here as an error with a place, so the log only repeats it.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


@dataclass(frozen=True)
class EngineDialect:
    """The capabilities of one engine. A new engine is a file of this package with a value of this class."""

    name: str
    """Name of the engine in settings and messages."""

    sqlglot: str
    """Name of the dialect in sqlglot."""

    session: tuple[str, ...] = ()
    """Statements to run once on a new connection; the meaning of compiled SQL rests on them."""

    aggregates: frozenset[str] = frozenset()
    """Aggregate functions that sqlglot does not know as such, in capitals."""

    materializes_ctes: bool = False
    """Whether ``WITH name AS MATERIALIZED`` makes a CTE be computed once."""

    row_hash: str | None = None
    """Function that hashes any number of values to 64 bits, or None."""

    unpacked: str | None = None
    """How a column is declared that is stored as it is, where packing it costs more than it saves, or None."""

    attached: tuple[tuple[str, str], ...] = ()
    """Catalogs that are attached under another name than the project's: its lower-case name, and the other one."""


def render(tree: exp.Expr, engine: EngineDialect, *, pretty: bool = True) -> str:
    """Write an expression in the engine's SQL.

    Args:
        tree: A tree of ``onefold.sql.author`` or one built from sqlglot expressions.
        engine: Whose SQL to write.
        pretty: Over several lines, as the files under ``output/`` show it.

    Returns:
        One statement or expression, without a semicolon.

    Raises:
        sqlglot.errors.UnsupportedError: It cannot be expressed in the engine's SQL.
    """
    if engine.attached:
        tree = _as_attached(tree, dict(engine.attached))
    return tree.sql(dialect=engine.sqlglot, pretty=pretty, unsupported_level=ErrorLevel.RAISE)


def _as_attached(tree: exp.Expr, names: dict[str, str]) -> exp.Expr:
    """The tree with the names under which catalogs are attached."""
    tables = {_path(t.parts) for t in tree.find_all(exp.Table) if t.catalog.lower() in names}
    if not tables:
        return tree
    tree = tree.copy()
    named: list[tuple[exp.Expr, list[exp.Expr], str]]
    # Four names may also be a table, a column and fields of it: only those of a table that is read have a catalog.
    named = [(t, t.parts, t.catalog) for t in tree.find_all(exp.Table)]
    named += [(c, c.parts[:-1], c.catalog) for c in tree.find_all(exp.Column)]
    for node, parts, catalog in named:
        if _path(parts) in tables:
            node.set("catalog", exp.to_identifier(names[catalog.lower()], quoted=True))
    return tree


def _path(parts: list[exp.Expr]) -> tuple[str, ...]:
    return tuple(part.name.lower() for part in parts)
