"""A part of the published graph in memory: some profiles, with their ids numbered and their edges.

In: an open graph and a condition on main ids. Out: a `Part`. Only the rows of those profiles leave the database; nodes
are numbered by type and value, so that the same profiles always get the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from onefold.audit.records import Edge, Evidence, Id
from onefold.identity.columns import as_mask, to_numpy
from onefold.identity.graph import adjacency
from onefold.sql.compile import relations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from onefold.audit.published import Published
    from onefold.identity.graph import Adjacency

NODES = "audit_nodes"
"""Temporary table: the ids of the part with their numbers."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some profiles of a graph.

    Attributes:
        value: Per node, its id.
        id_type: Per node, the number of its type among ``types``.
        profile: Per node, the number of its profile among ``main_ids``.
        types: The entity's id types.
        main_ids: The main ids.
        graph: Which ids stand in one row.
    """

    value: pa.Array
    id_type: NDArray[np.int64]
    profile: NDArray[np.int64]
    types: tuple[str, ...]
    main_ids: pa.Array
    graph: Adjacency

    def id(self, node: int) -> Id:
        """The id of a node."""
        return Id(self.types[self.id_type[node]], self.value[node].as_py())

    def node(self, wanted: Id) -> int:
        """The node of an id of the part."""
        same = as_mask(pa.chunked_array([pc.equal(self.value, wanted.value)])) & self.of_type(wanted.type)
        return int(np.flatnonzero(same)[0])

    def main_id(self, node: int) -> str:
        """The main id of a node."""
        return str(self.main_ids[int(self.profile[node])].as_py())

    def of_type(self, name: str) -> NDArray[np.bool_]:
        """Which nodes are of a type."""
        is_type: NDArray[np.bool_] = self.id_type == self.types.index(name)
        return is_type

    def neighbours_of_type(self, name: str) -> NDArray[np.int64]:
        """Per node, how many of its neighbours are of a type."""
        is_type = self.of_type(name).astype(np.int64)
        left, right, nodes = self.graph.left, self.graph.right, self.graph.nodes
        counts: NDArray[np.int64] = (
            np.bincount(left, weights=is_type[right], minlength=nodes)
            + np.bincount(right, weights=is_type[left], minlength=nodes)
        ).astype(np.int64)
        return counts


def load(published: Published, members: exp.Expr) -> Part:
    """Load the profiles that a condition on the main id picks.

    Args:
        published: The open graph.
        members: A condition over the main id column; it is used on the view of ids and on that of edges.
    """
    main_id = published.step.main_id
    number = exp.Window(
        this=exp.RowNumber(),
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(c)) for c in ("other_id_type", "other_id")]),
    )
    named = exp.select(
        (number - exp.Literal.number(1)).as_("node"),
        exp.column("other_id"),
        exp.column("other_id_type"),
        exp.column(main_id).as_("main_id"),
    )
    published.keep(NODES, named.from_(published.graph).where(members.copy()))
    nodes = published.fetch(exp.select("other_id", "other_id_type", "main_id").from_(NODES).order_by("node"))
    edges = published.fetch(_edges_query(published, members))
    main_ids = _encoded(nodes["main_id"])
    types = _encoded(nodes["other_id_type"])
    order = [published.id_types.index(name) for name in types.dictionary.to_pylist()]
    left, right = to_numpy(edges["left_node"]), to_numpy(edges["right_node"])
    return Part(
        value=nodes["other_id"].cast(pa.large_string()).combine_chunks(),
        id_type=np.array(order, dtype=np.int64)[_codes(types)],
        profile=_codes(main_ids),
        types=published.id_types,
        main_ids=main_ids.dictionary,
        graph=adjacency(nodes.num_rows, left, right),
    )


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    encoded = column.dictionary_encode() if not pa.types.is_dictionary(column.type) else column
    chunks: pa.DictionaryArray = encoded.unify_dictionaries().combine_chunks()
    return chunks


def _codes(encoded: pa.DictionaryArray) -> NDArray[np.int64]:
    return to_numpy(pa.chunked_array([encoded.indices])).astype(np.int64)


def _edges_query(published: Published, members: exp.Expr) -> exp.Select:
    """The edges of the part, as numbers."""
    pairs = exp.select("id1", "id1_type", "id2", "id2_type").distinct()
    pairs = pairs.from_(published.beside("EDGES")).where(members.copy())
    query = exp.select(
        exp.column("node", table="a").as_("left_node"), exp.column("node", table="b").as_("right_node")
    ).from_(pairs.subquery("pairs"))
    for alias, n in (("a", 1), ("b", 2)):
        on = exp.and_(
            exp.column("other_id", table=alias).eq(exp.column(f"id{n}", table="pairs")),
            exp.column("other_id_type", table=alias).eq(exp.column(f"id{n}_type", table="pairs")),
        )
        query = query.join(exp.alias_(exp.to_table(NODES), alias, table=True), on=on)
    return query


def among(column: str, query: exp.Query) -> exp.Expr:
    """The condition that a column is one of a query's values."""
    return exp.In(this=exp.column(column), query=query.subquery())


# --- weights ---


def weights(published: Published, part: Part, source: str) -> NDArray[np.int64]:
    """Per node of the part that was loaded last, how many rows of a source have it."""
    step = published.plan.steps[source]
    used = relations(published.compiler())
    parts = []
    for column in getattr(step, "ids", ()):
        value = exp.cast(used.expression(column.select), "TEXT")
        rows = exp.select(value.as_("id"), exp.Literal.string(column.id_type).as_("id_type"))
        parts.append(rows.from_(used.table(source)))
    found = np.zeros(part.graph.nodes, dtype=np.int64)
    if not parts:
        return found
    every: exp.Query = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    on = exp.and_(
        exp.column("other_id").eq(exp.column("id", table="source_rows")),
        exp.column("other_id_type").eq(exp.column("id_type", table="source_rows")),
    )
    counted = (
        exp.select("node", exp.Count(this=exp.Star()).as_("row_count"))
        .from_(every.subquery("source_rows"))
        .join(exp.to_table(NODES), on=on)
        .group_by("node")
    )
    rows = published.fetch(used.complete(counted))
    found[to_numpy(rows["node"])] = to_numpy(rows["row_count"])
    return found


# --- evidence ---


def evidence_query(published: Published, condition: exp.Expr) -> exp.Select:
    """The rows of the view of edges that fit a condition."""
    names = ("id1", "id1_type", "id2", "id2_type", "source", "row_count", "first_seen_at", "last_seen_at", "sample_key")
    return exp.select(*names).from_(published.beside("EDGES")).where(condition)


def edges_of(rows: Iterable[dict[str, Any]]) -> dict[tuple[Id, Id], Edge]:
    """Rows of `evidence_query`, by pair of ids, the smaller one first."""
    found: dict[tuple[Id, Id], list[Evidence]] = {}
    for row in rows:
        one, other = sorted((Id(row["id1_type"], row["id1"]), Id(row["id2_type"], row["id2"])))
        says = Evidence(
            row["source"], int(row["row_count"]), row["first_seen_at"], row["last_seen_at"], row["sample_key"]
        )
        found.setdefault((one, other), []).append(says)
    return {
        pair: Edge(*pair, tuple(sorted(evidence, key=lambda e: (-e.rows, e.source))))
        for pair, evidence in sorted(found.items())
    }
