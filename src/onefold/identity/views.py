"""Create the views of a stitcher's material over the tables of its graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.identity import view_queries
from onefold.identity.rules import constraint_queries as constraints
from onefold.identity.sql_files import sql
from onefold.sql.id_graph import (
    ALIASES,
    ANCHORS,
    AUDIT,
    DROPPED,
    EDGES,
    EVIDENCE,
    MEMBERS,
    NAMES,
    QUARANTINE,
    QUARANTINED,
)
from onefold.sql.relations import graph_views_of
from onefold.sql.statements import beside

if TYPE_CHECKING:
    from sqlglot import exp

    from onefold.identity.store import GraphStore, Snapshot
    from onefold.plan.model import IdStitcher


def show_graph(step: IdStitcher, snapshot: Snapshot, model_hash: str, store: GraphStore) -> None:
    """Create the views of a material: the numbered graph, the graph in the format's form, and its companions.

    Args:
        step: The stitcher.
        snapshot: The tables of the graph, and its version.
        model_hash: The hash of the stitcher's definition.
        store: Creates the views.

    Raises:
        EngineError: If a view cannot be created.
    """
    material, graph = store.material, graph_views_of(store.material)
    quarantine = beside(material, QUARANTINE)
    store.show(graph.members, sql("members_view", members=snapshot.rows(MEMBERS)).tree)
    store.show(graph.profiles, view_queries.profiles_query(step, snapshot.rows(NAMES)))
    store.show(graph.numbered, view_queries.numbered_query(step, graph))
    store.show(material, view_queries.published_query(step, graph.numbered))
    dropped = snapshot.table(DROPPED) if constraints.has_edge_constraints(step) else None
    edges = view_queries.edges_query(
        step, graph.numbered, snapshot.table(MEMBERS), snapshot.table(EVIDENCE), snapshot.version, dropped
    )
    store.show(beside(material, EDGES), edges)
    store.show(beside(material, ALIASES), sql("aliases_view", anchors=snapshot.rows(ANCHORS)).tree)
    excluded = view_queries.quarantine_query(step, snapshot.table(QUARANTINED), snapshot.version)
    store.show(quarantine, excluded)
    if step.limits:
        store.show(beside(material, AUDIT), constraints.audit_query(quarantine, store.seq_no, model_hash))


def views_of(material: exp.Table) -> tuple[exp.Table, ...]:
    """The views that `show_graph` can create for a material."""
    graph = graph_views_of(material)
    named = (beside(material, name) for name in (EDGES, ALIASES, QUARANTINE, AUDIT))
    return (material, graph.numbered, graph.members, graph.profiles, *named)
