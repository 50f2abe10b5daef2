"""Transpile rules: translate SQL between dialects where sqlglot alone would change its meaning.

Takes a sqlglot tree as the author wrote it; returns a tree of the engine's dialect with the same meaning. Where the
author's dialect leaves the result open, it is made deterministic (``sql.determinism``). Touches no database. The rules
of the pair of author dialect and engine (``dialect_pairs.py``) run first, in order; each sees every node once, inner
nodes first. Constructs that are left to sqlglot are tested with the rules (``tests/unit/sql/transpile``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot.errors import ParseError, UnsupportedError

from onefold.sql.determinism import UNIQUE_ANSWER
from onefold.sql.dialects import render
from onefold.sql.positions import without_positions
from onefold.sql.transpile import deferred, documents, times, values
from onefold.sql.transpile.dialect_pairs import rules_for
from onefold.sql.transpile.differences import KNOWN_DIFFERENCES
from onefold.sql.transpile.filtering import filtered

if TYPE_CHECKING:
    from sqlglot import exp

    from onefold.sql.dialects import EngineDialect

__all__ = ["KNOWN_DIFFERENCES", "filtered", "rules_for", "transpile"]

_PARENTHESES = (values.equal_in_parentheses, documents.arrows_in_parentheses)
"""Rules for nodes that sqlglot renders without their parentheses."""


def transpile(tree: exp.Expr, author: str, engine: EngineDialect) -> exp.Expr:
    """The tree in the engine's dialect with the same, deterministic meaning.

    It is rendered and parsed once, so that the result consists of the engine's own functions, one node each: a FILTER
    can then be put on every aggregate (``filtered``).

    Raises:
        sqlglot.errors.UnsupportedError: It cannot be expressed in the engine's SQL.
    """
    for rule in (*rules_for(author, engine), *UNIQUE_ANSWER, *_PARENTHESES):
        for node in reversed(list(tree.walk())):
            changed = rule(node)
            if changed is not node:
                tree = _put(tree, node, changed)
    written = render(tree, engine, pretty=False)
    try:
        return deferred.settled(without_positions(sqlglot.parse_one(written, read=engine.sqlglot)), times.FALLBACKS)
    except ParseError as error:
        raise UnsupportedError(f"it cannot be expressed in {engine.name} SQL: {written[:200]}") from error


def _put(tree: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    """The tree with ``old`` replaced by ``new``."""
    if old is tree:
        return new
    old.replace(new)
    return tree
