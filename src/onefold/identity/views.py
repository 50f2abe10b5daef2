"""The views of a stitcher's material, over the tables that hold its graph.

In: the step, those tables, a version. Out: statements; runs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.identity import queries, schema
from onefold.identity import view_queries as graph_views
from onefold.identity.rules import constraint_queries as id_guards
from onefold.sql.dialects import render
from onefold.sql.id_graph import ALIASES, ANCHORS, AUDIT, DROPPED, EDGES, EVIDENCE, KEPT_OUT, MEMBERS, NAMES, QUARANTINE
from onefold.sql.statements import beside, create_view

if TYPE_CHECKING:
    from sqlglot import exp

    from onefold.plan.model import IdStitcher
    from onefold.sql.relations import Compiler


def views_of(step: IdStitcher, compiler: Compiler, base: exp.Table, version: int, seq_no: int) -> tuple[str, ...]:
    """The views of a material: its graph with numbers, as the format has it, and what stands beside it.

    Args:
        step: The stitcher.
        compiler: Names the material.
        base: The material whose tables hold the graph.
        version: Its version there.
        seq_no: The run's sequence number.
    """
    material, graph = compiler.material(step.ref), compiler.graph(step.ref)
    members, evidence = schema.part(base, MEMBERS), schema.part(base, EVIDENCE)
    dropped = schema.part(base, DROPPED) if id_guards.is_guarded(step) else None
    edges = graph_views.edges_query(step, graph.numbered, members, evidence, version, dropped)
    quarantine = beside(material, QUARANTINE)
    views = [
        create_view(graph.members, queries.current_members_query(step, members, version)),
        create_view(graph.profiles, queries.profiles_query(step, schema.part(base, NAMES), version)),
        create_view(graph.numbered, queries.numbered_query(step, graph)),
        create_view(material, queries.published_query(step, graph.numbered)),
        create_view(beside(material, EDGES), edges),
        create_view(beside(material, ALIASES), graph_views.aliases_query(schema.part(base, ANCHORS), version)),
        create_view(quarantine, graph_views.quarantine_query(step, schema.part(base, KEPT_OUT), version)),
    ]
    if step.limits:
        audit = id_guards.audit_query(quarantine, seq_no, compiler.plan.fingerprints[step.ref])
        views.append(create_view(beside(material, AUDIT), audit))
    return tuple(render(view, compiler.engine) for view in views)
