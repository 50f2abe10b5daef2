"""Marks in the ``meta`` of nodes for facts that SQL text cannot express.

They are set where a tree is built, and read by ``sql.coercion``.
"""

from __future__ import annotations

from sqlglot import exp

AS_IS = "as_is"
"""On a cast that onefold wrote: use the engine's own conversion."""

MOMENT = "moment"
"""On a column or cast of onefold: text with an offset is read as that moment in UTC, not as local time."""

WANTED = "wanted"
"""On an argument: the engine's type that the author's function requires, for example ``TEXT``."""

CALL = "author_call"
"""On an expression: the author's function behind it, whose meaning depends on types that are not known yet."""

ID = "id"
"""On a cast that onefold wrote: the value is an id. A text in a document keeps its text in every author dialect."""


def as_id(value: exp.Expr) -> exp.Collate:
    """A value as the text of an id, which is compared byte by byte.

    A column of a source may have a collation that ignores case or accents. Two ids that differ only in these belong to
    two people. DuckDB and PostgreSQL both name the collation of bytes ``"C"``.
    """
    made = exp.cast(value, "TEXT")
    made.meta[ID] = True
    return exp.Collate(this=made, expression=exp.to_identifier("C", quoted=True))
