"""The statements by which guards decide again when a run builds on the graph of the last one, as text of the engine.

In: the step, the tables of the graph. Out: a `GuardGrowth` and a `ListGrowth`; runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity import schema
from onefold.identity.incremental import constraint_queries as guards
from onefold.identity.incremental import queries as growth
from onefold.identity.incremental import versions as version
from onefold.identity.rules import constraint_queries as id_guards
from onefold.sql.dialects import render
from onefold.sql.id_graph import CROWDED, DROPPED, EVIDENCE, KEPT_LISTS, KEPT_OUT, MEMBERS
from onefold.sql.statements import create_table, create_view, drop

if TYPE_CHECKING:
    from onefold.plan.model import IdStitcher
    from onefold.sql.dialects import EngineDialect


@dataclass(frozen=True)
class ListGrowth:
    """What is asked of what filters and rules go by.

    Attributes:
        make: Make temporary tables of it.
        rules_changed: Counts what changed of the table of rules.
        days: Reads the days that have an id of which a list says something else than before.
        keep: Keep what they say now, in the place of what they said.
    """

    make: tuple[str, ...]
    rules_changed: str
    days: str
    keep: tuple[str, ...]


@dataclass(frozen=True)
class GuardGrowth:
    """What is asked of guards over edges, in the place of what is asked without them.

    Attributes:
        make: Make temporary tables of what they decide now, and of the links that come and go by that.
        came: Reads the links that came.
        went: Reads the links that went.
        edges: Reads what joined the ids to look at.
        was: Counts what is looked at again, as it was.
        apply: Write what they decided, in the new version.
    """

    make: tuple[str, ...]
    came: str
    went: str
    edges: str
    was: str
    apply: tuple[str, ...]


def list_growth(made: tuple[str, ...], base: exp.Table, before: int, engine: EngineDialect) -> ListGrowth:
    """The statements about lists.

    Args:
        made: Make temporary tables of them.
        base: The material whose tables hold the graph.
        before: Its published version.
        engine: Whose SQL to write.
    """
    lists, members, evidence, left_out = (schema.part(base, name) for name in (KEPT_LISTS, MEMBERS, EVIDENCE, KEPT_OUT))
    return ListGrowth(
        made,
        render(guards.rules_changed_query(lists), engine),
        render(guards.listed_days_query(lists, members, evidence, left_out, before), engine),
        (render(exp.delete(lists), engine), render(exp.insert(exp.select("*").from_(schema.LISTS), lists), engine)),
    )


def guard_growth(step: IdStitcher, base: exp.Table, before: int, engine: EngineDialect) -> GuardGrowth:
    """The statements about edges.

    Args:
        step: The stitcher.
        base: The material whose tables hold the graph.
        before: Its published version.
        engine: Whose SQL to write.
    """
    made = _Guards(step, base, before, engine)
    evidence, dropped = made.table(EVIDENCE), made.table(DROPPED)
    return GuardGrowth(
        made.make(),
        render(guards.ends_query(guards.LINKS_CAME), engine),
        render(guards.ends_query(guards.LINKS_WENT), engine),
        render(guards.scope_edges_query(evidence, dropped, before), engine),
        render(version.was_query(*guards.link_changes()), engine),
        made.apply(),
    )


TABLES = (
    guards.COUNTED, guards.COUNTED_IDS, guards.FOUND_NOW, guards.NODES_NOW, schema.FOUND_EDGES, id_guards.CROWDED,
    id_guards.CUT, guards.DROPPED_NOW, guards.DROPPED_CAME, guards.DROPPED_WENT, guards.CROWDED_CAME,
    guards.CROWDED_WENT, guards.REACHED, guards.LINKS_WAS, guards.LINKS_NOW, guards.LINKS_CAME, guards.LINKS_WENT,
    guards.OUT_NOW, guards.OUT_CAME, guards.OUT_WENT, schema.LISTS, schema.NODE_RULES, id_guards.RULES,
)  # fmt: skip
"""Temporary tables that these statements make."""

_SHOWN = ((schema.FOUND, guards.FOUND_NOW), (schema.NODES, guards.NODES_NOW))
"""Views of what ``id_guards`` reads: memory lends relations of these names at other times."""


def clean_up(engine: EngineDialect) -> tuple[str, ...]:
    """Drop all that these statements leave."""
    views = [render(drop(exp.to_table(name), "VIEW"), engine) for name, _ in _SHOWN]
    return (*views, *(render(drop(exp.to_table(name), "TABLE"), engine) for name in TABLES))


@dataclass(frozen=True)
class _Guards:
    step: IdStitcher
    base: exp.Table
    before: int
    engine: EngineDialect

    def table(self, suffix: str) -> exp.Table:
        return schema.part(self.base, suffix)

    def make(self) -> tuple[str, ...]:
        members, evidence = self.table(MEMBERS), self.table(EVIDENCE)
        dropped, crowded, left_out = (self.table(name) for name in (DROPPED, CROWDED, KEPT_OUT))
        n = self.before
        queries: list[tuple[str, exp.Query]] = [
            (guards.COUNTED, guards.counted_query()),
            (guards.COUNTED_IDS, guards.counted_ids_query(members, n)),
            (guards.FOUND_NOW, guards.found_query(evidence, n)),
            (guards.NODES_NOW, guards.nodes_query(members, n)),
            (schema.FOUND_EDGES, id_guards.found_edges_query()),
        ]
        if self.step.limits:
            queries.append((id_guards.CROWDED, guards.crowded_query(self.step, crowded, n)))
            queries += _both(guards.CROWDED_CAME, guards.CROWDED_WENT, guards.crowded_changes(crowded, n))
            queries.append((id_guards.CUT, id_guards.cut_query(self.step)))
        queries.append((guards.DROPPED_NOW, id_guards.dropped_query(self.step)))
        queries += _both(guards.DROPPED_CAME, guards.DROPPED_WENT, guards.dropped_changes(dropped, n))
        queries.append((guards.REACHED, guards.reached_query()))
        queries += _both(guards.LINKS_WAS, guards.LINKS_NOW, guards.links_query(evidence, dropped, n))
        queries += _both(guards.LINKS_CAME, guards.LINKS_WENT, guards.links_changes())
        queries.append((guards.OUT_NOW, guards.out_now_query(self.step)))
        queries += _both(guards.OUT_CAME, guards.OUT_WENT, guards.out_changes(left_out, n))
        queries.append((growth.TOUCHED, guards.touched_query()))
        shown = {now: name for name, now in _SHOWN}
        found: list[exp.Expr] = []
        for name, query in queries:
            found.append(create_table(exp.to_table(name), query, temporary=True))
            if name in shown:
                view = exp.select("*").from_(name)
                found.append(create_view(exp.to_table(shown[name]), view, temporary=True))
        return tuple(render(statement, self.engine) for statement in found)

    def apply(self) -> tuple[str, ...]:
        written = [
            (DROPPED, guards.PAIR, guards.DROPPED_WENT, guards.DROPPED_CAME),
            (KEPT_OUT, schema.LEFT_OUT_COLUMNS, guards.OUT_WENT, guards.OUT_CAME),
        ]
        if self.step.limits:
            written.append((CROWDED, guards.CROWD, guards.CROWDED_WENT, guards.CROWDED_CAME))
        number = self.before + 1
        return tuple(
            render(statement, self.engine)
            for suffix, names, went, came in written
            for statement in (
                version.end_same(self.table(suffix), names, went, number),
                version.begin(self.table(suffix), names, came, number),
            )
        )


def _both(one: str, other: str, queries: tuple[exp.Query, exp.Query]) -> list[tuple[str, exp.Query]]:
    return list(zip((one, other), queries, strict=True))
