"""Adds the implicit conversions of the author's warehouse, based on the types of columns.

Takes a query of the engine's dialect (the result of ``sql.transpile``, with relations in place), and the known types of
its tables (`onefold.sql.types.Inference`). Returns the query with conversions. Does no I/O beyond
``Inference.type_of``.

Where to add a rule:

- a conversion between two kinds of types, explicit or implicit: ``author_dialects.py``, under its pair of kinds;
- a function whose arguments are converted: ``arguments.py``, under the kind that it requires;
- a function that is a conversion, or whose translation repeats its argument: ``sql/transpile/deferred.py``;
- anything else that depends on types: a handler in ``rules.py``. It takes a node whose parts have been visited, and
  ``Types``, which returns the engine's type (``types.of(node)``) or the kind (``types.kind(node)``) of any part, or
  None if it is unknown.

If the type of a part is unknown, the query is left as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.coercion.rules import coercion_of
from onefold.sql.coercion.typing import Types
from onefold.sql.coercion.walk import Walk

if TYPE_CHECKING:
    from typing import TypeVar

    from onefold.sql.types import Inference

    Q = TypeVar("Q", bound=exp.Expr)

__all__ = ["Types", "coerced"]


def coerced(tree: Q, author: str, inference: Inference) -> Q:
    """A query with the conversions of its author dialect, changed in place.

    Args:
        tree: A query of the engine's dialect. In any other statement, only the contained query is changed.
        author: The author dialect, by its sqlglot name.
        inference: The known types of tables and expressions.
    """
    walk = Walk(inference, coercion_of(author))
    query = tree if isinstance(tree, exp.Query) else tree.args.get("expression")
    if isinstance(query, exp.Query):
        walk.statement(query)
    return tree
