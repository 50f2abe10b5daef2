"""The views of a stitcher's material, over the tables that hold its graph.

In: the step, those tables, a version. Out: statements; runs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.sql import graph_views, id_guards
from onefold.sql import id_stitcher as sql
from onefold.sql.dialect import to_sql
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
    members, evidence = sql.part(base, sql.MEMBERS), sql.part(base, sql.EVIDENCE)
    dropped = sql.part(base, sql.DROPPED) if id_guards.is_guarded(step) else None
    edges = graph_views.edges_query(step, graph.numbered, members, evidence, version, dropped)
    quarantine = beside(material, id_guards.QUARANTINE)
    views = [
        create_view(graph.members, sql.current_members_query(step, members, version)),
        create_view(graph.profiles, sql.profiles_query(step, sql.part(base, sql.NAMES), version)),
        create_view(graph.numbered, sql.numbered_query(step, graph)),
        create_view(material, sql.published_query(step, graph.numbered)),
        create_view(beside(material, sql.EDGES), edges),
        create_view(beside(material, sql.ALIASES), graph_views.aliases_query(sql.part(base, sql.ANCHORS), version)),
        create_view(quarantine, graph_views.quarantine_query(step, sql.part(base, sql.KEPT_OUT), version)),
    ]
    if step.limits:
        audit = id_guards.audit_query(quarantine, seq_no, compiler.plan.fingerprints[step.ref])
        views.append(create_view(beside(material, id_guards.AUDIT), audit))
    return tuple(to_sql(view, compiler.engine) for view in views)
