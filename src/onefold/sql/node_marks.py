"""Marks in the ``meta`` of nodes, which say what the text of SQL cannot.

They are set where a tree is made, and read by ``sql.coercion``.
"""

from __future__ import annotations

from sqlglot import exp

AS_IS = "as_is"
"""Of a cast that onefold itself wrote: the engine's own conversion is meant."""

MOMENT = "moment"
"""Of a column or a cast of onefold's: a text with an offset is that moment in UTC, not the time on that clock."""

WANTED = "wanted"
"""Of an argument: the type of the engine that the author's function asks for, such as ``TEXT``."""

CALL = "author_call"
"""Of an expression: the author's function that it stands for, which means more once types are known."""

ID = "id"
"""Of a cast of onefold's own: the value is an id. A text in a document is that text, whatever the author dialect is."""


def as_id(value: exp.Expr) -> exp.Collate:
    """A value as the text of an id, which is compared byte by byte.

    A column of a source may have a collation that ignores case or accents. Two ids that differ only in these belong to
    two people. DuckDB and PostgreSQL both name the collation of bytes ``"C"``.
    """
    made = exp.cast(value, "TEXT")
    made.meta[ID] = True
    return exp.Collate(this=made, expression=exp.to_identifier("C", quoted=True))
