"""The capabilities of an engine's dialect, and rendering of trees to SQL.

Code asks for a capability by name. Nothing outside ``engines`` and this package checks which engine it talks to,
because every such check would need changes for a new engine. Takes a sqlglot expression and a dialect; returns SQL
text. Opens no connection and imports no driver.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlglot import ErrorLevel, exp

# Messages in sqlglot's log are also raised here as errors with a location, so the log is silenced.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


@dataclass(frozen=True)
class EngineDialect:
    """The capabilities of one engine. A new engine is a file in this package with an instance of this class."""

    name: str
    """Name of the engine in settings and messages."""

    sqlglot: str
    """Name of the dialect in sqlglot."""

    session: tuple[str, ...] = ()
    """Statements to run once on a new connection; compiled SQL depends on them."""

    aggregates: frozenset[str] = frozenset()
    """Aggregate functions that sqlglot does not recognize as such, in capitals."""

    materializes_ctes: bool = False
    """Whether ``WITH name AS MATERIALIZED`` computes a CTE once."""

    row_hash: str | None = None
    """Function that hashes any number of values to 64 bits, or None."""

    unpacked: str | None = None
    """The declaration of an uncompressed column, for values where compression costs more than it saves; or None."""

    attached: tuple[tuple[str, str], ...] = ()
    """Catalogs that are attached under another name than the project's: the lower-case name, and the other one."""


def render(tree: exp.Expr, engine: EngineDialect, *, pretty: bool = True) -> str:
    """Render an expression as the engine's SQL.

    Args:
        tree: A tree of ``onefold.sql.author`` or one built from sqlglot expressions.
        engine: The engine.
        pretty: Whether to format it over several lines, as in the files under ``output/``.

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
    # Four names may also be a table, a column and struct fields; only names of tables have a catalog.
    named = [(t, t.parts, t.catalog) for t in tree.find_all(exp.Table)]
    named += [(c, c.parts[:-1], c.catalog) for c in tree.find_all(exp.Column)]
    for node, parts, catalog in named:
        if _path(parts) in tables:
            node.set("catalog", exp.to_identifier(names[catalog.lower()], quoted=True))
    return tree


def _path(parts: list[exp.Expr]) -> tuple[str, ...]:
    return tuple(part.name.lower() for part in parts)
