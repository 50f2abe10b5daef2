"""All ids and edges of a graph before any threshold, in memory, with the levels at which they are included.

Takes an open graph and the declared thresholds. Returns an `UnfilteredGraph`. If the project declares no threshold,
the published graph is enough, because its evidence includes the edges that ``maximum_edges`` excludes. That costs a
fraction of reading the sources. Otherwise the sources are read without thresholds (``unfiltered_rows``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc
from sqlglot import exp

from onefold.audit.subgraph import IdTexts, type_number
from onefold.audit.truth import truth_of
from onefold.audit.unfiltered_rows import EVERY_NODE, TODAY, edges_query, level_columns, number_ids, read_rows
from onefold.identity.columns import as_mask, to_numpy
from onefold.identity.components.threshold_sweep import NEVER
from onefold.identity.native.ordering import distinct
from onefold.identity.schema import LEFT, NODE, RIGHT, in_version, part
from onefold.sql.id_graph import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from onefold.audit.declared_thresholds import DeclaredThreshold
    from onefold.audit.session import Session
    from onefold.audit.truth import Truth

    Levels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class UnfilteredGraph:
    """A graph before any threshold.

    Attributes:
        left: One end of each edge; edges are distinct.
        right: The other end.
        types: Per id type, which nodes are of it.
        node_levels: By name of a level (`level_columns`), the least threshold at which each node takes part.
        edge_levels: The same of edges.
        texts: The ids of some nodes.
        truth: Who really owns each id; None where nobody knows.
    """

    left: NDArray[np.integer[Any]]
    right: NDArray[np.integer[Any]]
    types: Mapping[str, NDArray[np.bool_]]
    node_levels: Mapping[str, Levels]
    edge_levels: Mapping[str, Levels]
    texts: Callable[[NDArray[np.int64]], Sequence[str]]
    truth: Truth | None


def unfiltered_graph(session: Session, declared: tuple[DeclaredThreshold, ...]) -> UnfilteredGraph:
    """The graph before any threshold.

    Args:
        session: The open graph.
        declared: The thresholds that the project declares.
    """
    return from_graph(session) if is_in_graph(session, declared) else from_sources(session, declared)


def is_in_graph(session: Session, declared: tuple[DeclaredThreshold, ...]) -> bool:
    """Whether the published graph has all ids and edges, so that sources need not be read."""
    step = session.step
    made = f"Material_{step.name}_{session.plan.fingerprints[step.ref]}_"
    is_as_built = session.snapshot.materials[step.ref].startswith(made)
    return is_as_built and not declared and step.id_rules is None and not session.project.settings.audit.truth


def from_sources(session: Session, declared: tuple[DeclaredThreshold, ...]) -> UnfilteredGraph:
    """The graph from the source rows."""
    number_ids(session, declared, read_rows(session, declared))
    levels = level_columns(declared)
    nodes = session.fetch(exp.select("id", "id_type", *levels).from_(EVERY_NODE).order_by("node"))
    edges = session.fetch(edges_query(session.step, declared))
    return UnfilteredGraph(
        left=to_numpy(edges["left_node"]),
        right=to_numpy(edges["right_node"]),
        types={name: as_mask(pc.equal(nodes["id_type"], name)) for name in session.id_types},
        node_levels={name: to_numpy(nodes[name]).astype(np.int64) for name in levels},
        edge_levels={name: to_numpy(edges[name]).astype(np.int64) for name in levels},
        texts=lambda wanted: [nodes["id"][n].as_py() for n in wanted.tolist()],
        truth=truth_of(session, nodes),
    )


def from_graph(session: Session) -> UnfilteredGraph:
    """The published graph before ``maximum_edges``; nodes have the numbers of its ids."""
    tables = session.tables
    members = exp.select(NODE, type_number(session)).from_(tables.members).where(in_version(tables.version))
    nodes = session.fetch(members)
    number, id_type = to_numpy(nodes[NODE]), to_numpy(nodes["type_number"])
    type_of = np.full(int(number.max(initial=0)) + 1, -1, dtype=np.int8)
    type_of[number] = id_type
    evidence = session.fetch(_evidence_query(session))
    packed = distinct(_packed(to_numpy(evidence[LEFT]), to_numpy(evidence[RIGHT])))
    del evidence
    texts = IdTexts(session)
    return UnfilteredGraph(
        left=(packed >> np.uint64(32)).astype(np.uint32),
        right=(packed & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        types={name: type_of == n for n, name in enumerate(session.id_types)},
        node_levels={TODAY: np.where(type_of >= 0, 0, NEVER)},
        edge_levels={TODAY: np.zeros(packed.size, dtype=np.int64)},
        texts=texts.ids,
        truth=None,
    )


def _packed(left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.uint64]:
    """Both ends of each edge packed into one number, smaller end first."""
    packed: NDArray[np.uint64] = np.minimum(left, right).astype(np.uint64)
    packed <<= np.uint64(32)
    packed |= np.maximum(left, right).astype(np.uint64)  # signed where there is no edge at all
    return packed


def _evidence_query(session: Session) -> exp.Select:
    """All edges, including those that ``maximum_edges`` excludes."""
    joins = exp.column(LEFT).neq(exp.column(RIGHT))
    query = exp.select(LEFT, RIGHT).from_(part(session.tables.base, EVIDENCE))
    return query.where(in_version(session.tables.version), joins)
