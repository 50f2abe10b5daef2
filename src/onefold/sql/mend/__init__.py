"""Mend what a plain translation between dialects would change.

In: a sqlglot tree as the author wrote it. Out: a tree of the engine's own dialect that means the same.
Touches no database. Each rule is a small pure pass; ``RULES`` is the order they run in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot

from onefold.sql.dialect import to_sql
from onefold.sql.mend.filtering import filtered

if TYPE_CHECKING:
    from sqlglot import exp

    from onefold.sql.dialect import EngineDialect

RULES: tuple[object, ...] = ()


def mend(tree: exp.Expression, author: str, engine: EngineDialect) -> exp.Expression:
    """Give the tree that means in the engine's SQL what ``tree`` means in the author's."""
    del author
    return sqlglot.parse_one(to_sql(tree, engine, pretty=False), read=engine.sqlglot)

__all__ = ["RULES", "filtered", "mend"]
