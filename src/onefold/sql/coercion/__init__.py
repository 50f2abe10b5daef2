"""Put in the conversions that the author's warehouse makes by itself, once the types of columns are known.

Takes a query of the engine's dialect (what ``sql.transpile`` gives, with relations in place) and what is known of the
tables that it reads (`onefold.sql.types.Inference`); returns the query with conversions in it. Does no I/O beyond
asking ``Inference.type_of``.

A rule is added where it belongs:

- a conversion between two kinds of types, written or implied: ``authors.py``, under its pair of kinds;
- a function whose arguments are converted: ``arguments.py``, under the kind that it asks for;
- a function that is a conversion, or whose translation repeats its argument: ``sql/transpile/deferred.py``;
- anything else that depends on types: a handler in ``rules.py``. It takes a node whose parts have been visited, and
  ``Types``, which gives the engine's type (``types.of(node)``) or its kind (``types.kind(node)``) of any part, or None
  where it is not known.

Where the type of a part is not known, the query is left as it is.
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
        tree: A query of the engine's dialect. Any other statement is returned as it is, but for the query in it.
        author: The author dialect, by its sqlglot name.
        inference: What is known of tables and types.
    """
    walk = Walk(inference, coercion_of(author))
    query = tree if isinstance(tree, exp.Query) else tree.args.get("expression")
    if isinstance(query, exp.Query):
        walk.statement(query)
    return tree
