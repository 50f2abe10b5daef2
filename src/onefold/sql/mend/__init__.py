"""Mend what a plain translation between dialects would change.

In: a sqlglot tree as the author wrote it. Out: a tree of the engine's own dialect that means the same, with one
answer where the author's dialect leaves the choice to the engine. Touches no database. ``RULES`` is the order the
rules run in; each sees every node once, inner nodes first. What the rules leave to sqlglot is tested beside them
(``tests/unit/sql/mend``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot

from onefold.sql.dialect import to_sql
from onefold.sql.mend import aggregates, values, windows
from onefold.sql.mend.clock import not_repeatable
from onefold.sql.mend.filtering import filtered

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp

    from onefold.sql.dialect import EngineDialect

__all__ = ["RULES", "filtered", "mend", "not_repeatable"]

RULES: tuple[Callable[[exp.Expr], exp.Expr], ...] = (
    values.refused,
    values.dates_stay_dates,
    values.text_of_documents,
    aggregates.smallest_mode,
    aggregates.smallest_any_value,
    aggregates.ordered_lists,
    aggregates.ordered_arrays,
    aggregates.max_by_without_ties,
    aggregates.exact_distinct,
    windows.values_without_ties,
    windows.share_of_sum,
)


def mend(tree: exp.Expr, author: str, engine: EngineDialect) -> exp.Expr:
    """The tree that means in the engine's SQL what ``tree`` means in the author's.

    Raises:
        sqlglot.errors.UnsupportedError: The engine has no way to say it.
    """
    for rule in RULES:
        for node in reversed(list(tree.walk())):
            mended = rule(node)
            if mended is not node:
                tree = _put(tree, node, mended)
    del author
    return sqlglot.parse_one(to_sql(tree, engine, pretty=False), read=engine.sqlglot)


def _put(tree: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    """The tree with ``new`` where ``old`` was."""
    if old is tree:
        return new
    old.replace(new)
    return tree
