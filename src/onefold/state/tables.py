"""Create, write and read the state tables of the output schema.

Takes an engine; returns rows as dictionaries. The tables themselves are defined in `onefold.state.registry`,
`onefold.state.publications` and `onefold.state.pointer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.sql.dialects import render
from onefold.sql.statements import create_empty, insert_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from onefold.engines.base import Engine
    from onefold.sql.dialects import EngineDialect


@dataclass(frozen=True)
class StateTables:
    """The tables of one output schema."""

    engine: Engine
    dialect: EngineDialect

    def table(self, name: str) -> exp.Table:
        """A table of the output schema."""
        return exp.table_(name, db=self.engine.schema, quoted=True)

    def names(self) -> frozenset[str]:
        """Names of the tables and views in the output schema."""
        return frozenset(each.name for each in self.engine.objects() if each.place == "output")

    def create(self, name: str, columns: Mapping[str, str]) -> None:
        """Create a table if it does not exist."""
        self.execute(create_empty(self.table(name), columns))

    def insert(self, name: str, columns: Collection[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows with one statement; no statement without rows."""
        if rows:
            given = exp.Values(expressions=[exp.Tuple(expressions=[literal(v) for v in row]) for row in rows])
            self.execute(insert_rows(self.table(name), tuple(columns), given))

    def delete(self, name: str, column: str, values: Collection[Any]) -> None:
        """Delete the rows with one of these values, with one statement."""
        same = exp.In(this=exp.column(column), expressions=[literal(value) for value in values])
        self.execute(exp.Delete(this=self.table(name), where=exp.Where(this=same)))

    def update(self, name: str, values: Mapping[str, Any], *where: exp.Expr) -> int:
        """Update rows; returns the number of changed rows."""
        assigned = [exp.column(column).eq(literal(value)) for column, value in values.items()]
        return self.execute(
            exp.Update(this=self.table(name), expressions=assigned, where=exp.Where(this=exp.and_(*where)))
        )

    def execute(self, statement: exp.Expr) -> int:
        """Run a statement; returns the number of changed rows."""
        return self.engine.execute(render(statement, self.dialect))

    def rows(self, query: exp.Query) -> list[dict[str, Any]]:
        """The rows of a query."""
        return self.engine.fetch(render(query, self.dialect)).to_pylist()  # type: ignore[no-any-return]


def equals(column: str, value: Any) -> exp.Expr:
    """A condition on a column of these tables."""
    return exp.column(column).eq(literal(value))


def literal(value: Any) -> exp.Expr:
    """A value as a SQL literal; times are stored in UTC without a zone."""
    if isinstance(value, exp.Expr):
        return value.copy()
    if isinstance(value, datetime):
        text = value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
        return exp.cast(exp.Literal.string(text), "TIMESTAMP")
    return exp.convert(value)


def read_time(time: datetime) -> datetime:
    """A time from these tables, made aware."""
    return time.replace(tzinfo=UTC)
