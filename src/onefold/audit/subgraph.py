"""Some profiles of the published graph in memory, with numbered ids and edges.

Takes an open graph and profile numbers. Returns a `Subgraph`. Only the numbers of these profiles leave the database;
id texts are fetched on demand. The nodes of a single profile are ordered by type and value, so that it always looks
the same. The nodes of several profiles are ordered by number, which needs no sorting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from onefold.audit.records import Edge, Id, SourceEvidence
from onefold.engines.values import values
from onefold.identity.columns import to_arrow, to_numpy
from onefold.identity.components.adjacency import adjacency
from onefold.identity.native.ordering import distinct
from onefold.identity.schema import LEFT, NODE, RIGHT, in_version, part
from onefold.identity.view_queries import edges_query, is_free
from onefold.sql.compile import relations
from onefold.sql.id_graph import DROPPED, EVIDENCE, PROFILE
from onefold.sql.node_marks import as_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from onefold.audit.session import Session
    from onefold.identity.components.adjacency import Adjacency

NODES = "audit_nodes"
"""Temporary table: the numbered ids of the subgraph loaded last."""

ASKED = "audit_asked"
"""An uploaded relation: numbers of ids, or of profiles."""


class IdTexts:
    """Texts of ids and main ids of profiles, by number. Each is read on first use and cached."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ids: dict[int, str] = {}
        self._main_ids: dict[int, str] = {}

    def know(self, numbers: Sequence[int], texts: Sequence[str]) -> None:
        """Add texts of ids that were read elsewhere."""
        self._ids.update(zip(numbers, texts, strict=True))

    def ids(self, numbers: NDArray[np.integer[Any]]) -> list[str]:
        """The texts of ids."""
        tables = self._session.tables
        return self._looked_up(self._ids, numbers, tables.members, (NODE, "other_id"))

    def main_ids(self, profiles: NDArray[np.integer[Any]]) -> list[str]:
        """The main ids of profiles."""
        tables = self._session.tables
        return self._looked_up(self._main_ids, profiles, tables.names, (PROFILE, "main_id"))

    def _looked_up(
        self, known: dict[int, str], numbers: NDArray[np.integer[Any]], table: exp.Table, columns: tuple[str, str]
    ) -> list[str]:
        wanted = numbers.tolist()
        missing = np.array(sorted({number for number in wanted if number not in known}), dtype=np.int64)
        if missing.size:
            number, text = (exp.column(name, table="kept") for name in columns)
            query = exp.select(number, text).from_(exp.alias_(table, "kept", table=True))
            query = query.join(exp.to_table(ASKED), on=exp.column("number", table=ASKED).eq(number.copy()))
            query = query.where(in_version(self._session.tables.version, "kept"))
            with self._session.engine.upload(ASKED, pa.table({"number": to_arrow(missing, pa.int64())})):
                rows = self._session.fetch(query)
            known.update(zip(rows[columns[0]].to_pylist(), rows[columns[1]].to_pylist(), strict=True))
        return [known[number] for number in wanted]


@dataclass(frozen=True, eq=False)
class Subgraph:
    """Some profiles of a graph.

    Attributes:
        number: Per node, the number of its id in the published graph.
        id_type: Per node, the number of its type among ``types``.
        profile: Per node, the place of its profile among ``profiles``.
        types: The entity's id types.
        profiles: The numbers of the profiles, ascending.
        graph: Which ids stand in one row.
        texts: Looks up the texts of ids, and main ids.
    """

    number: NDArray[np.int64]
    id_type: NDArray[np.int64]
    profile: NDArray[np.int64]
    types: tuple[str, ...]
    profiles: NDArray[np.int64]
    graph: Adjacency
    texts: IdTexts

    def names(self, nodes: NDArray[np.integer[Any]]) -> list[tuple[str, str]]:
        """The type and the text of nodes."""
        types = (self.types[n] for n in self.id_type[nodes].tolist())
        return list(zip(types, self.texts.ids(self.number[nodes]), strict=True))

    def ids(self, nodes: NDArray[np.integer[Any]]) -> list[Id]:
        """The ids of nodes."""
        return [Id(*name) for name in self.names(nodes)]

    def id(self, node: int) -> Id:
        """The id of a node."""
        return self.ids(np.array([node]))[0]

    def main_ids(self, nodes: NDArray[np.integer[Any]]) -> list[str]:
        """The main ids of nodes."""
        return self.texts.main_ids(self.profiles[self.profile[nodes]])

    def main_id(self, node: int) -> str:
        """The main id of a node."""
        return self.main_ids(np.array([node]))[0]

    def node(self, number: int) -> int:
        """The node of an id, by its number in the published graph."""
        return int(np.flatnonzero(self.number == number)[0])

    def of_type(self, name: str) -> NDArray[np.bool_]:
        """Mask of the nodes of a type."""
        is_type: NDArray[np.bool_] = self.id_type == self.types.index(name)
        return is_type

    def neighbours_of_type(self, name: str) -> NDArray[np.int64]:
        """Per node, the number of neighbours of a type."""
        is_type = self.of_type(name)
        left, right, nodes = self.graph.left, self.graph.right, self.graph.nodes
        counts: NDArray[np.int64] = np.bincount(left[is_type[right]], minlength=nodes)
        counts += np.bincount(right[is_type[left]], minlength=nodes)
        return counts


def load_profile(session: Session, profile: int) -> Subgraph:
    """Load one profile; its ids stay in `NODES`, with their texts."""
    keep_profile(session, profile)
    names = exp.select(NODE, "other_id", type_number(session), PROFILE).from_(NODES)
    nodes = session.fetch(names.order_by("other_id_type", "other_id"))
    found = _part(session, nodes)
    found.texts.know(found.number.tolist(), nodes["other_id"].to_pylist())
    return found


def load_profiles(session: Session, profiles: exp.Query) -> Subgraph:
    """Load the profiles whose numbers a query returns; the numbers of their ids stay in `NODES`."""
    tables = session.tables
    members = exp.select(NODE, type_number(session), PROFILE).from_(tables.members)
    members = members.where(
        in_version(tables.version), exp.In(this=exp.column(PROFILE), query=profiles.copy().subquery())
    )
    nodes = session.fetch(exp.select("*").from_(session.temp_table(NODES, members)).order_by(NODE))
    return _part(session, nodes)


def keep_profile(session: Session, profile: int) -> exp.Table:
    """Create `NODES` with the ids of one profile, like the views of the graph."""
    tables, same = session.tables, exp.column(PROFILE).eq(exp.Literal.number(profile))
    names = exp.select("main_id").from_(tables.names).where(same, in_version(tables.version))
    members = exp.select(names.subquery().as_(session.step.main_id), "*").from_(tables.members)
    return session.temp_table(NODES, members.where(same.copy(), in_version(tables.version)))


def type_number(session: Session) -> exp.Expr:
    """The number of an id's type, in the order of the entity."""
    number = exp.Case(this=exp.column("other_id_type"))
    for n, name in enumerate(session.id_types):
        number = number.when(exp.Literal.string(name), exp.Literal.number(n))
    return exp.cast(number, "SMALLINT").as_("type_number")


def _part(session: Session, nodes: pa.Table) -> Subgraph:
    """The subgraph of the ids in `NODES`."""
    number = to_numpy(nodes[NODE]).astype(np.int64)
    profile_number = to_numpy(nodes[PROFILE])
    profiles = distinct(profile_number)
    edges = session.fetch(_edges_query(session))
    left, right = (_places(number, to_numpy(edges[end])) for end in (LEFT, RIGHT))
    return Subgraph(
        number=number,
        id_type=to_numpy(nodes["type_number"]).astype(np.int64),
        profile=_places(profiles, profile_number),
        types=session.id_types,
        profiles=profiles.astype(np.int64),
        graph=adjacency(number.size, left, right),
        texts=IdTexts(session),
    )


def _places(known: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.int64]:
    """The position of each wanted number among known ones, from a lookup array as long as the largest number."""
    place = np.zeros(int(known.max(initial=0)) + 1, dtype=np.int64)
    place[known] = np.arange(known.size)
    found: NDArray[np.int64] = place[wanted]
    return found


def _edges_query(session: Session) -> exp.Select:
    """The edges between the ids in `NODES`, as numbers. Both ends of an edge are in one profile."""
    tables = session.tables
    is_inside = exp.In(this=exp.column(LEFT), query=exp.select(NODE).from_(NODES).subquery())
    joins = exp.column(LEFT).neq(exp.column(RIGHT))
    query = exp.select(LEFT, RIGHT).from_(part(tables.base, EVIDENCE))
    is_kept = is_free(part(tables.base, DROPPED), tables.version)
    return query.where(in_version(tables.version), joins, is_inside, is_kept)


# --- weights ---


def weights(session: Session, found: Subgraph, source: str) -> NDArray[np.int64]:
    """Per node of the subgraph loaded last, the number of rows of a source with its id."""
    step = session.plan.steps[source]
    used = relations(session.compiler())
    parts = []
    for column in getattr(step, "ids", ()):
        value = as_id(used.expression(column.select))
        rows = exp.select(value.as_("id"), exp.Literal.string(column.id_type).as_("id_type"))
        parts.append(rows.from_(used.table(source)))
    weight = np.zeros(found.graph.nodes, dtype=np.int64)
    if not parts:
        return weight
    every: exp.Query = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    on = exp.and_(
        exp.column("other_id", table="members").eq(exp.column("id", table="source_rows")),
        exp.column("other_id_type", table="members").eq(exp.column("id_type", table="source_rows")),
    )
    tables = session.tables
    is_inside = exp.In(this=exp.column(NODE), query=exp.select(NODE).from_(NODES).subquery())
    members = exp.select(NODE, "other_id", "other_id_type").from_(tables.members)
    members = members.where(in_version(tables.version), is_inside)
    number = exp.column(NODE, table="members")
    counted = exp.select(number, exp.Count(this=exp.Star()).as_("row_count")).from_(every.subquery("source_rows"))
    counted = counted.join(members.subquery("members"), on=on).group_by(number.copy())
    rows = session.fetch(used.complete(counted))
    weight[_places(found.number, to_numpy(rows[NODE]))] = to_numpy(rows["row_count"])
    return weight


# --- evidence ---


_EVIDENCE = (
    "id1", "id1_type", "id2", "id2_type", "source", "row_count", "first_seen_at", "last_seen_at", "sample_key",
)  # fmt: skip


def evidence_query(session: Session, nodes: str = NODES) -> exp.Select:
    """The edges between the ids of a table, with the columns of the view of edges.

    Args:
        session: The open graph.
        nodes: A temporary table that `keep_profile` made, or that `keep_nodes` made of it.
    """
    tables, table = session.tables, exp.to_table(nodes)
    evidence, dropped = (part(tables.base, name) for name in (EVIDENCE, DROPPED))
    edges = edges_query(session.step, table, table, evidence, tables.version, dropped)
    return exp.select(*_EVIDENCE).from_(edges.subquery("edges"))


def keep_nodes(session: Session, name: str, numbers: NDArray[np.int64]) -> None:
    """Create a temporary table of some of the ids in `NODES`.

    Args:
        session: The open graph.
        name: Of the table.
        numbers: The numbers of the ids.
    """
    asked = exp.select("number").from_(ASKED)
    query = exp.select("*").from_(NODES).where(exp.In(this=exp.column(NODE), query=asked.subquery()))
    with session.engine.upload(ASKED, pa.table({"number": to_arrow(numbers, pa.int64())})):
        session.temp_table(name, query)


def edges_of(rows: pa.Table) -> dict[tuple[Id, Id], Edge]:
    """The rows of `evidence_query` by pair of ids, smaller id first."""
    found: dict[tuple[tuple[str, str], tuple[str, str]], list[SourceEvidence]] = {}
    for value, id_type, other, other_type, *says in zip(*(values(rows[name]) for name in _EVIDENCE), strict=True):
        one, two = (id_type, value), (other_type, other)
        found.setdefault((one, two) if one < two else (two, one), []).append(SourceEvidence(*says))
    ids = {text: Id(*text) for pair in found for text in pair}
    edges = {}
    for one, two in sorted(found):
        says = found[one, two]
        pair = (ids[one], ids[two])
        edges[pair] = Edge(*pair, tuple(sorted(says, key=lambda e: (-e.rows, e.source)) if len(says) > 1 else says))
    return edges
