"""Joins the rows of a source to the id graph by their declared ids.

Takes a query over a relation named ``source``, the ids of the source, and a graph. Returns the query with a relation
``ids_1``, ``ids_2`` and so on for each id, and their columns. The caller chooses the graph and its columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.project.spec import MAIN_ID_TYPES
from onefold.sql.node_marks import as_id
from onefold.template.references import ColumnReference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onefold.plan.model import IdColumn, SqlText
    from onefold.sql.relations import Relations


def ids_of(source: str, entity: str, used: Relations) -> tuple[IdColumn, ...]:
    """The ids that a source declares for an entity, in order; none for a source without ids."""
    types = used.compiler.plan.id_types_of(entity)
    return tuple(i for i in _declared(source, entity, used) if i.id_type in types)


def main_id_of(source: str, entity: str, used: Relations) -> IdColumn | None:
    """The id of a source that is the main id itself. If there is one, the other ids are ignored (format A2)."""
    return next((i for i in _declared(source, entity, used) if i.id_type in MAIN_ID_TYPES), None)


def _declared(source: str, entity: str, used: Relations) -> list[IdColumn]:
    ids: tuple[IdColumn, ...] = getattr(used.compiler.plan.steps[source], "ids", ())
    return [i for i in ids if i.entity in {"", entity}]


def ids_named(source: str, entity: str, texts: Iterable[SqlText], used: Relations) -> dict[str, exp.Expr]:
    """The value of ``{{orders.user_email}}`` by lower-case name: the first such id of the row (format A2).

    Args:
        source: Ref of the input or model.
        entity: The entity of ids that name none.
        texts: The texts.
        used: The relations for the author's expressions.
    """
    references = [r for text in texts for r in text.references.values() if isinstance(r, ColumnReference)]
    asked = {r.name.lower() for r in references}
    ids: tuple[IdColumn, ...] = getattr(used.compiler.plan.steps[source], "ids", ())
    found: dict[str, exp.Expr] = {}
    for column in ids:
        name = f"{column.entity or entity}_{column.id_type}".lower()
        if name in asked and name not in found:
            value = used.expression(column.select)
            found[name] = value if isinstance(value, exp.Column) else exp.paren(value)
    return found


def of_source(value: exp.Expr) -> exp.Expr:
    """An expression over the rows of the relation ``source``."""
    return value.transform(_of_source)


def joined_by_ids(
    query: exp.Select, ids: Sequence[IdColumn], graph: exp.Table, columns: Sequence[str], used: Relations, *, join: str
) -> exp.Select:
    """The query, joined to the graph once per id.

    Args:
        query: Reads the rows as the relation ``source``.
        ids: The ids in order.
        graph: One row per id, with ``other_id``, ``other_id_type`` and the columns.
        columns: The columns to read from it.
        used: The relations for the author's expressions.
        join: ``inner`` drops rows whose id is not in the graph.
    """
    for number, column in enumerate(ids, start=1):
        members = (
            exp.select(*(exp.column(name) for name in columns), exp.column("other_id"))
            .from_(graph.copy())
            .where(exp.column("other_id_type").eq(exp.Literal.string(column.id_type)))
            .subquery(f"ids_{number}")
        )
        value = of_source(used.expression(column.select))
        on = exp.column("other_id", table=f"ids_{number}").eq(as_id(value))
        query = query.join(members, on=on, join_type=join, copy=False)
    return query


def first_known(name: str, ids: Sequence[IdColumn]) -> exp.Expr:
    """A column of the first of the ids that is in the graph (format A2); null if none is."""
    found = [exp.column(name, table=f"ids_{number}") for number in range(1, len(ids) + 1)]
    return exp.func("COALESCE", *found) if len(found) > 1 else found[0]


def _of_source(node: exp.Expr) -> exp.Expr:
    """A bare column qualified by the source, so that it cannot be taken for one of the graph."""
    if isinstance(node, exp.Column) and not node.table:
        node.set("table", exp.to_identifier("source"))
    return node
