"""The types of expressions at one place in a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.sql.coercion.kinds import Kind, kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from onefold.sql.types import QueryScope


@dataclass(frozen=True)
class Types:
    """Returns the type of an expression at its place.

    Attributes:
        scope: The names that the expression can see.
    """

    scope: QueryScope

    def of(self, node: exp.Expr) -> str | None:
        """The engine's name of the type; None if it is unknown."""
        return self.scope.typed(node).type

    def kind(self, node: exp.Expr) -> Kind | None:
        """The kind of the type; None if it is unknown."""
        found = self.of(node)
        return None if found is None else kind_of(found)
