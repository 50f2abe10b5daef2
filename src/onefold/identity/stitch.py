"""Stitch the ids of one entity: read and number them in the database, join them in memory, write the mapping back.

In: the stitcher's step, an engine, the name of the table to make. Out: the table, and a `Stitched` that says what
was found. Publishes nothing. Raises `RunError` if the mapping fails its certificate, before anyone can read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.errors import Finding, RunError
from onefold.identity.certificate import Certificate, certify
from onefold.identity.columns import to_arrow, to_numpy
from onefold.identity.components import earliest, partition
from onefold.identity.connected_since import connected_since
from onefold.identity.kernel import UNKNOWN
from onefold.identity.main_ids import generated_id_sql
from onefold.sql import id_guards
from onefold.sql import id_stitcher as sql
from onefold.sql.compile import relations
from onefold.sql.dialect import to_sql
from onefold.sql.statements import beside, create_table, create_view, drop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from sqlglot import exp

    from onefold.engines.base import Engine
    from onefold.plan.model import IdStitcher
    from onefold.sql.relations import Compiler

_MICROSECONDS = pa.timestamp("us")


@dataclass(frozen=True)
class StitchSql:
    """The statements of a stitch, in running order, as text of the engine.

    Attributes:
        rows: One per edge source: its distinct id combinations.
        id_rules: Read the table of id rules, if there is one.
        nodes: Numbers the distinct ids.
        edges: Make the pairs of numbers that are joined; none if nothing can be.
        quarantine: Keep what guards left out, if there are any.
        anchors: Names each component.
        mapping: Writes the result, with the numbers of profiles.
        published: The view of the result as the format has it.
        reads: Queries of what memory needs, by the table they read.
        main_ids: Counts the distinct main ids of the result.
        clean_up: Drops what only the stitch needed.
    """

    rows: tuple[str, ...]
    id_rules: tuple[str, ...]
    nodes: str
    edges: tuple[str, ...]
    quarantine: tuple[str, ...]
    anchors: str
    mapping: str
    published: str
    reads: Mapping[str, str]
    main_ids: str
    clean_up: tuple[str, ...]

    def statements(self) -> tuple[tuple[str, str], ...]:
        """(what it does, statement), for people who read along."""
        sources = [(f"distinct ids of edge source {n}", text) for n, text in enumerate(self.rows, start=1)]
        id_rules = [("id rules that count", text) for text in self.id_rules]
        edges = [("edges between numbered ids", text) for text in self.edges]
        quarantine = [("what guards left out", text) for text in self.quarantine]
        between = "name each component; which ids are connected was found in memory, into " + sql.EARLIEST
        return (
            *sources,
            *id_rules,
            ("number the ids", self.nodes),
            *edges,
            *quarantine,
            (between, self.anchors),
            (f"write the mapping; {sql.SINCE} came from memory as well", self.mapping),
            ("show it as the format has it", self.published),
        )


@dataclass(frozen=True)
class SourceIds:
    """What one edge source gave.

    Attributes:
        source: Its ref.
        has_ids: Whether there is any id in it that the filters keep.
    """

    source: str
    has_ids: bool


@dataclass(frozen=True)
class Stitched:
    """What a stitch found.

    Attributes:
        rows: Rows of the mapping, one per id.
        sources: What each edge source gave.
        certificate: What was checked.
    """

    rows: int
    sources: tuple[SourceIds, ...]
    certificate: Certificate


def stitch_sql(step: IdStitcher, compiler: Compiler, seq_no: int) -> StitchSql:
    """The statements of a stitch; runs nothing.

    Args:
        step: The stitcher.
        compiler: Names the tables that the edge sources lie in, and those to make.
        seq_no: The run's sequence number.

    Raises:
        ProjectError: If SQL of the author's does not parse.
    """

    def temporary(name: str, query: exp.Query) -> str:
        return to_sql(create_table(sql.work_table(name), query, temporary=True), compiler.engine)

    rows = []
    for number in range(len(step.sources)):
        used = relations(compiler)
        query = used.complete(sql.rows_query(step, number, used))
        rows.append(temporary(f"{sql.ROWS}_{number}", query))

    def text(query: exp.Expr) -> str:
        return to_sql(query, compiler.engine)

    of_nodes = relations(compiler)
    nodes = of_nodes.complete(sql.nodes_query(step, of_nodes))
    guards = _GuardSql(step, compiler, temporary)
    numbered = compiler.numbered(step.ref)
    generated = generated_id_sql(sql.column("id"), sql.column("id_type"))
    names = [f"{sql.ROWS}_{n}" for n in range(len(rows))]
    names += [sql.NODES, sql.EDGES, sql.EARLIEST, sql.ANCHORS, sql.SINCE, *guards.work_tables()]
    return StitchSql(
        rows=tuple(rows),
        id_rules=guards.id_rules(),
        nodes=temporary(sql.NODES, nodes),
        edges=guards.edges(),
        quarantine=guards.quarantine(seq_no),
        anchors=temporary(sql.ANCHORS, sql.anchors_query(generated)),
        mapping=text(create_table(numbered, sql.mapping_query(step))),
        published=text(create_view(compiler.material(step.ref), sql.published_query(step, numbered))),
        reads={name: text(query) for name, query in sql.memory_queries(len(rows)).items()},
        main_ids=text(sql.main_ids_query(step, numbered)),
        clean_up=tuple(to_sql(drop(sql.work_table(name), "TABLE"), compiler.engine) for name in names),
    )


@dataclass(frozen=True)
class _GuardSql:
    """The statements that depend on a stitcher's guards."""

    step: IdStitcher
    compiler: Compiler
    temporary: Callable[[str, exp.Query], str]

    def id_rules(self) -> tuple[str, ...]:
        if self.step.id_rules is None:
            return ()
        rules = id_guards.rules_query(self.step, self.compiler.plan.author)
        return (
            self.temporary(id_guards.RULES, rules),
            self.temporary(sql.NODE_RULES, id_guards.node_rules_query()),
        )

    def edges(self) -> tuple[str, ...]:
        found = sql.edges_query(self.step)
        if not id_guards.is_guarded(self.step):
            return () if found is None else (self.temporary(sql.EDGES, found),)
        statements = [self.temporary(sql.FOUND_EDGES, found or sql.no_edges_query())]
        if self.step.limits:
            statements.append(self.temporary(id_guards.CROWDED, id_guards.crowded_query(self.step)))
            statements.append(self.temporary(id_guards.CUT, id_guards.cut_query(self.step)))
        return (*statements, self.temporary(sql.EDGES, id_guards.kept_edges_query(self.step)))

    def quarantine(self, seq_no: int) -> tuple[str, ...]:
        if not id_guards.is_guarded(self.step):
            return ()
        material = self.compiler.material(self.step.ref)
        quarantine, audit = beside(material, id_guards.QUARANTINE), beside(material, id_guards.AUDIT)
        model_hash = self.compiler.plan.fingerprints[self.step.ref]
        statements = [create_table(quarantine, id_guards.quarantine_query(self.step))]
        if self.step.limits:
            statements.append(create_view(audit, id_guards.audit_query(quarantine, seq_no, model_hash)))
        return tuple(to_sql(statement, self.compiler.engine) for statement in statements)

    def work_tables(self) -> tuple[str, ...]:
        guarded = id_guards.is_guarded(self.step)
        return (sql.FOUND_EDGES, sql.NODE_RULES, id_guards.RULES, id_guards.CROWDED, id_guards.CUT) if guarded else ()


def stitch(step: IdStitcher, statements: StitchSql, engine: Engine, phase: Callable[[str], None]) -> Stitched:
    """Stitch, and leave the mapping in its table.

    Args:
        step: The stitcher.
        statements: Its statements, from `stitch_sql`.
        engine: Where to run them.
        phase: Told what happens next, in a few words.

    Raises:
        EngineError: If a statement fails.
        RunError: If the mapping fails its certificate.
    """
    for source, statement in zip(step.sources, statements.rows, strict=True):
        phase(f"reading ids of {source.source}")
        engine.execute(statement)
    for statement in statements.id_rules:
        engine.execute(statement)
    phase("numbering ids")
    nodes = engine.execute(statements.nodes)
    sources = _sources(step, statements, engine)
    left, right, seen_at = _edges(statements, engine, phase)
    first_seen = _first_seen(nodes, statements, engine)
    phase("joining ids")
    found = partition(nodes, left, right)
    component = found.component
    engine.load(sql.EARLIEST, _earliest_nodes(component, first_seen))
    phase("naming profiles")
    engine.execute(statements.anchors)
    anchor = np.zeros(nodes, dtype=np.int64)
    anchors = engine.fetch(statements.reads[sql.ANCHORS])
    anchor[to_numpy(anchors["component"])] = to_numpy(anchors["anchor"])
    since = connected_since(
        nodes, left, right, seen_at=seen_at, component=component, anchor=anchor, first_seen=first_seen
    )
    engine.load(sql.SINCE, _since_table(component, since))
    phase("writing the mapping")
    rows = engine.execute(statements.mapping)
    engine.execute(statements.published)
    for statement in statements.quarantine:
        engine.execute(statement)
    certificate = _certified(step, statements, engine, found.joins, (left, right), component, rows)
    for statement in statements.clean_up:
        engine.execute(statement)
    return Stitched(rows, sources, certificate)


def _sources(step: IdStitcher, statements: StitchSql, engine: Engine) -> tuple[SourceIds, ...]:
    """Which edge sources gave an id."""
    flags = engine.fetch(statements.reads[sql.SOURCES]).to_pylist()[0]
    return tuple(SourceIds(source.source, bool(flags[f"from_{n}"])) for n, source in enumerate(step.sources))


def _edges(
    statements: StitchSql, engine: Engine, phase: Callable[[str], None]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """The ends of each edge and when it was first seen."""
    if not statements.edges:
        none = np.empty(0, dtype=np.uint32)
        return none, none, np.empty(0, dtype=np.int64)
    phase("reading edges")
    for statement in statements.edges:
        engine.execute(statement)
    rows = engine.fetch(statements.reads[sql.EDGES])
    left = to_numpy(rows["left_node"]).astype(np.uint32)
    right = to_numpy(rows["right_node"]).astype(np.uint32)
    return left, right, _times(rows["seen_at"])


def _first_seen(nodes: int, statements: StitchSql, engine: Engine) -> NDArray[np.int64]:
    """Per node, when it was first seen."""
    rows = engine.fetch(statements.reads[sql.NODES])
    first_seen = np.empty(nodes, dtype=np.int64)
    first_seen[to_numpy(rows["node"])] = _times(rows["first_seen_at"])
    return first_seen


def _times(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Microseconds since 1970, UNKNOWN for null."""
    return to_numpy(column.cast(_MICROSECONDS), null=UNKNOWN)


def _earliest_nodes(component: NDArray[np.uint32], first_seen: NDArray[np.int64]) -> pa.Table:
    """The nodes seen first in their component: one of them will name it."""
    node = np.flatnonzero(earliest(component, first_seen))
    columns = {"node": to_arrow(node, pa.int64()), "component": to_arrow(component[node], pa.uint32())}
    return pa.table(columns)


def _since_table(component: NDArray[np.uint32], since: NDArray[np.int64]) -> pa.Table:
    columns = {
        "node": to_arrow(np.arange(component.size, dtype=np.int64), pa.int64()),
        "component": to_arrow(component, pa.uint32()),
        "valid_at": to_arrow(since, _MICROSECONDS, null=UNKNOWN),
    }
    return pa.table(columns)


def _certified(  # noqa: PLR0917 - the facts that a certificate rests on
    step: IdStitcher,
    statements: StitchSql,
    engine: Engine,
    joins: int,
    edges: tuple[NDArray[np.uint32], NDArray[np.uint32]],
    component: NDArray[np.uint32],
    rows: int,
) -> Certificate:
    """Check the written mapping itself: its rows, and its distinct main ids."""
    if rows != component.size:
        raise RunError(
            Finding(
                "error",
                "certificate-broken",
                f"the mapping has {rows} rows for {component.size} ids",
                step.at,
                "nothing was published; please report this with the run's SQL",
            )
        )
    main_ids = engine.fetch(statements.main_ids)["main_ids"][0].as_py()
    return certify(component.size, *edges, component, joins=joins, main_ids=int(main_ids))
