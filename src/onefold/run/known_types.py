"""The engine's types of tables and expressions, queried once each. Takes an engine; returns shapes and types.

Also stores the columns of steps while a plan is bound, because their materials do not exist yet when the SQL of a run
is compiled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.engines.base import EngineError
from onefold.sql.dialects import render
from onefold.sql.relations import KnownTypes
from onefold.sql.types import OF_NULL, Inference, Shape, Typed, UnknownTypeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.engines.base import ColumnType, DatabaseObject
    from onefold.sql.dialects import EngineDialect


class Describes(Protocol):
    """The part of an engine that describes tables."""

    def describe(self, sql: str) -> Mapping[str, ColumnType]:
        """See ``Engine.describe``."""

    def objects(self, name: str | None = None) -> Sequence[DatabaseObject]:
        """See ``Engine.objects``."""


@dataclass(frozen=True)
class EngineTypes:
    """The types of one engine."""

    engine: Describes
    dialect: EngineDialect
    _steps: dict[str, Shape] = field(default_factory=dict)
    _tables: dict[str, Shape] = field(default_factory=dict)
    _asked: dict[exp.Expr, str | UnknownTypeError] = field(default_factory=dict)

    def known(self) -> KnownTypes:
        """The same in the form that the compiler needs."""
        return KnownTypes(self._steps.get, self.table, self.type_of)

    def inference(self) -> Inference:
        """The same for SQL that refers to no step."""
        return Inference(self.table, self.dialect.sqlglot, self.type_of)

    def keep(self, ref: str, columns: Mapping[str, ColumnType]) -> None:
        """Store the columns of a step. A column that is created from a bare NULL has integers."""
        shape = shape_of(columns)
        known = {name: Typed("INTEGER") if typed.type == OF_NULL else typed for name, typed in shape.columns.items()}
        self._steps[ref] = Shape(known, shape.rest)

    def table(self, table: exp.Table) -> Shape | None:
        """The columns of a table; None if it does not exist or cannot be read."""
        named = exp.table_(table.this.copy(), db=table.args.get("db"), catalog=table.args.get("catalog"))
        name = render(named, self.dialect, pretty=False)
        if name not in self._tables:
            if not table.db and not self._is_there(table.name):
                return None
            try:
                columns = self.engine.describe(render(exp.select("*").from_(named), self.dialect, pretty=False))
            except EngineError:
                return None
            if table.db:  # a temporary table can be recreated with other columns
                self._tables[name] = shape_of(columns)
            return shape_of(columns)
        return self._tables[name]

    def _is_there(self, name: str) -> bool:
        """Whether a temporary table exists. Describing a missing one would abort a transaction."""
        return bool(self.engine.objects(name))

    def type_of(self, expression: exp.Expr) -> str:
        """The type of an expression without columns; queried once per expression.

        Raises:
            UnknownTypeError: If the engine rejects it.
        """
        known = self._asked.get(expression)
        if known is None:
            try:
                sql = render(exp.select(exp.alias_(expression, "x", copy=True)), self.dialect, pretty=False)
                known = self._asked[expression] = next(iter(self.engine.describe(sql).values())).name
            except (EngineError, UnsupportedError) as error:
                known = self._asked[expression] = UnknownTypeError(str(error).partition("\n")[0])
        if isinstance(known, UnknownTypeError):
            raise UnknownTypeError(*known.args)
        return known


def shape_of(columns: Mapping[str, ColumnType]) -> Shape:
    """Columns and their types, as the engine names them."""
    return Shape({name.lower(): Typed(found.name) for name, found in columns.items()})
