"""The statements of a stitch, as text of the engine. In: the step and a compiler. Out: a `StitchSql`; runs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity import queries, schema
from onefold.identity.incremental import constraint_queries as graph_guards
from onefold.identity.incremental.statements import GrowthSql, growth_sql
from onefold.identity.main_ids.assign import MainIdSql, Outcome, main_id_sql
from onefold.identity.main_ids.created import Graph
from onefold.identity.main_ids.inherit import State
from onefold.identity.main_ids.migration import (
    MIGRATED_ANCHORS,
    MIGRATED_MEMBERS,
    anchors_with_migrated_query,
    members_with_migrated_query,
)
from onefold.identity.read import queries as reads
from onefold.identity.read.file_states import source_files
from onefold.identity.rules import constraint_queries as id_guards
from onefold.identity.rules import id_filter_queries as id_filters
from onefold.identity.views import views_of
from onefold.sql.compile import relations
from onefold.sql.dialects import render
from onefold.sql.id_graph import (
    ANCHORS,
    CROWDED,
    DIGESTS,
    DROPPED,
    EVENTS,
    EVIDENCE,
    KEPT_FILES,
    KEPT_LISTS,
    KEPT_OUT,
    MEMBERS,
    NAMES,
)
from onefold.sql.statements import beside, create_plain, create_table, create_view, drop, insert_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from onefold.identity.read.file_states import SourceFiles
    from onefold.plan.model import IdStitcher
    from onefold.sql.dialects import EngineDialect
    from onefold.sql.relations import Compiler
    from onefold.state.records import Certificate

FIRST_VERSION = 1
"""The version of a graph that is built anew."""


@dataclass(frozen=True)
class GraphBefore:
    """The published graph of a stitcher.

    Attributes:
        material: Name of its material.
        anchors: Table of its main ids.
        numbered: View of its ids.
        main_id: Name of the main id column there.
        version: Its version.
        base: The material whose tables hold it.
        certificate: What was checked of it.
        end: Rows up to this moment are in it.
        may_grow: Whether this run may build on it, as far as the run itself goes.
        is_forgotten: New main ids are minted for all, on purpose.
    """

    material: str
    anchors: exp.Table
    numbered: exp.Table
    main_id: str
    version: int
    base: exp.Table
    certificate: Certificate
    end: datetime
    may_grow: bool = False
    is_forgotten: bool = False


@dataclass(frozen=True)
class GuardSql:
    """What is asked where guards decide over edges.

    Attributes:
        make: Temporary tables, in order.
        dropped: Reads the edges that go.
        crowded: Reads the ids with too many neighbours; None without ``maximum_edges``.
        added: Reads the edges that rules bring in; None without a table of rules.
        left_out: Reads what goes, for people.
    """

    make: tuple[str, ...]
    dropped: str
    crowded: str | None
    added: str | None
    left_out: str


@dataclass(frozen=True)
class StitchSql:
    """The statements of a stitch, in running order.

    Attributes:
        rows: One query per edge source: its rows, streamed into memory.
        id_rules: Read the table of id rules, if there is one, and the ids that SQL of filters lists.
        included: Reads the ids that rules want to be there; None without a table of rules.
        refused: Judges each distinct id.
        guards: What is asked of guards; None where there are none.
        before: Show what the last published run left; none if there was none.
        main_ids: Give each component its main id, and tell what became of those of before.
        names: Reads which node each component is anchored in.
        named_count: Counts the main ids.
        members: Make a table, and write which id is in which profile.
        named: Make a table, and write the main id of each profile.
        members_count: Counts what was written.
        evidence: Make a table, and write which rows joined which ids.
        digests: Writes what each day's rows came to.
        files: Where edge sources are read from, as far as from data files.
        kept_files: Writes what these files were like.
        left_out: Writes what was left out.
        dropped: Writes which pairs guards dropped.
        crowded: Writes which ids have too many neighbours.
        lists: Writes what filters and rules went by.
        views: Show the graph, its numbers and its edges.
        clean_up: Drops what only the stitch needed.
        growth: How to build on the published graph instead; None where that cannot be.
    """

    rows: tuple[str, ...]
    id_rules: tuple[str, ...]
    included: str | None
    refused: str
    guards: GuardSql | None
    before: tuple[str, ...]
    main_ids: MainIdSql
    names: str
    named_count: str
    members: tuple[str, str]
    named: tuple[str, str]
    members_count: str
    evidence: tuple[str, str]
    digests: str
    files: tuple[SourceFiles | None, ...]
    kept_files: str
    left_out: str
    dropped: str
    crowded: str
    lists: str
    views: tuple[str, ...]
    clean_up: tuple[str, ...]
    growth: GrowthSql | None = None

    def statements(self) -> tuple[tuple[str, str], ...]:
        """(what it does, statement), for people who read along."""
        lent = "what memory found is read as"
        found: list[tuple[str, str]] = [
            *((f"rows of edge source {n}, streamed into memory", text) for n, text in enumerate(self.rows, start=1)),
            *(("id rules that count", text) for text in self.id_rules),
        ]
        if self.refused is not None:
            found.append((f"ids that are none; {lent} {schema.NODES}", self.refused))
        if self.guards is not None:
            found += [(f"what guards decide; {lent} {schema.FOUND}", text) for text in self.guards.make]
        found += [
            *(("what the last published run left", text) for text in self.before),
            *((f"main ids, of {schema.GRAPH}: {what}", text) for what, text in self.main_ids.statements()),
            *((f"write which id is in which profile; {lent} {schema.SOLVED}", text) for text in self.members),
            *(("write the main id of each profile", text) for text in self.named),
            *((f"write which rows joined which ids; {lent} {schema.READ}", text) for text in self.evidence),
            (f"write what was left out; {lent} {schema.LEFT_OUT}", self.left_out),
            *(("show it", text) for text in self.views),
        ]
        return tuple(found)


def stitch_sql(step: IdStitcher, compiler: Compiler, seq_no: int, before: MainIdsBefore | None = None) -> StitchSql:
    """The statements of a stitch.

    Args:
        step: The stitcher.
        compiler: Names the tables that the edge sources lie in, and those to make.
        seq_no: The run's sequence number.
        before: The main ids that live on; None if there are none.

    Raises:
        ProjectError: If SQL of the author's does not parse.
    """

    def text(tree: exp.Expr) -> str:
        return render(tree, compiler.engine)

    before = before or MainIdsBefore()
    rows = []
    for number in range(len(step.sources)):
        used = relations(compiler)
        rows.append(text(used.complete(reads.source_query(step, number, used))))
    material = compiler.material(step.ref)
    members, names, evidence = (schema.part(material, suffix) for suffix in (MEMBERS, NAMES, EVIDENCE))
    guards = _guards(step, compiler) if id_guards.is_guarded(step) else None
    rules = step.id_rules is not None
    work = [schema.NAMED, *((schema.FOUND_EDGES, id_guards.CROWDED, id_guards.CUT) if guards else ())]
    work += [schema.NODE_RULES, id_guards.RULES] if rules else []
    has_lists = graph_guards.has_lists(step)
    work += [schema.LISTS] if has_lists else []
    lists = exp.select("*").from_(schema.LISTS) if has_lists else graph_guards.no_lists_query()
    return StitchSql(
        rows=tuple(rows),
        id_rules=list_statements(step, compiler),
        included=text(id_guards.included_query()) if rules else None,
        refused=_refused(step, compiler),
        guards=guards,
        before=tuple(text(create_view(exp.to_table(n), query, temporary=True)) for n, query in before.views()),
        main_ids=_main_ids(material, before, seq_no, compiler),
        names=text(exp.select("anchor").from_(schema.NAMED)),
        named_count=text(queries.named_count_query()),
        members=_kept(
            members, schema.MEMBERS_KEPT, schema.MEMBERS_PLAIN, queries.members_query(FIRST_VERSION), compiler.engine
        ),
        named=_kept(names, schema.NAMES_KEPT, ["main_id"], queries.names_query(FIRST_VERSION), compiler.engine),
        members_count=text(queries.members_count_query(members, FIRST_VERSION)),
        evidence=_kept(
            evidence,
            schema.EVIDENCE_KEPT,
            schema.EVIDENCE_PLAIN,
            queries.in_force_query(schema.READ, FIRST_VERSION),
            compiler.engine,
        ),
        digests=text(create_table(schema.part(material, DIGESTS), queries.in_force_query(schema.DAYS, FIRST_VERSION))),
        files=tuple(source_files(step, number, compiler) for number in range(len(step.sources))),
        kept_files=text(create_table(schema.part(material, KEPT_FILES), exp.select("*").from_(schema.FILES))),
        left_out=text(
            create_table(schema.part(material, KEPT_OUT), queries.in_force_query(schema.LEFT_OUT, FIRST_VERSION))
        ),
        dropped=text(
            create_table(schema.part(material, DROPPED), queries.in_force_query(schema.DROPPED_PAIRS, FIRST_VERSION))
        ),
        crowded=text(
            create_table(schema.part(material, CROWDED), queries.in_force_query(schema.CROWDED_IDS, FIRST_VERSION))
        ),
        lists=text(create_table(schema.part(material, KEPT_LISTS), lists)),
        views=views_of(step, compiler, material, FIRST_VERSION, seq_no),
        clean_up=(
            *(text(drop(exp.to_table(name), "TABLE")) for name in work),
            *(text(drop(exp.to_table(name), "VIEW")) for name, _ in reversed(before.views())),
        ),
        growth=_growth(step, compiler, before.published, seq_no) if before.migrated is None else None,
    )


def _kept(
    table: exp.Table, columns: Mapping[str, str], plain: Sequence[str], query: exp.Query, engine: EngineDialect
) -> tuple[str, str]:
    """Make a table, and write the rows of a query, in the order of its columns; ``plain`` are not packed."""
    return (
        render(create_plain(table, columns, plain, engine), engine),
        render(insert_rows(table, [*columns], query), engine),
    )


def _growth(step: IdStitcher, compiler: Compiler, before: GraphBefore | None, seq_no: int) -> GrowthSql | None:
    if before is None or not before.may_grow or compiler.engine.row_hash is None:
        return None
    return growth_sql(step, compiler, list_statements(step, compiler), before.base, before.version, before.end, seq_no)


_VERSIONS = {schema.FIRST: FIRST_VERSION, schema.LAST: schema.OPEN}
_PUBLISHED = ("stitch_anchors_published", "stitch_members_published")


@dataclass(frozen=True)
class MainIdsBefore:
    """Main ids that live on.

    Attributes:
        published: The published graph; None if there is none.
        migrated: The stitcher's view, beside which lie main ids that were taken over from elsewhere; None if there are
            none.
    """

    published: GraphBefore | None = None
    migrated: exp.Table | None = None

    def views(self) -> tuple[tuple[str, exp.Query], ...]:
        """Temporary views of their anchors and members, in order of need."""
        names = (schema.ANCHORS_BEFORE, schema.MEMBERS_BEFORE)
        if self.migrated is None:
            return tuple(zip(names, self._published(), strict=False))  # none of either, or both
        anchors, members = (beside(self.migrated, name) for name in (MIGRATED_ANCHORS, MIGRATED_MEMBERS))
        if self.published is None:
            return tuple(zip(names, (exp.select("*").from_(table) for table in (anchors, members)), strict=True))
        was_anchors, was_members = (exp.to_table(name) for name in _PUBLISHED)
        both = (
            anchors_with_migrated_query(was_anchors, anchors),
            members_with_migrated_query(was_members, members, was_anchors),
        )
        return (*zip(_PUBLISHED, self._published(), strict=True), *zip(names, both, strict=True))

    def _published(self) -> tuple[exp.Query, ...]:
        if self.published is None:
            return ()
        was = self.published
        return (
            queries.anchors_query(was.anchors, was.version),
            queries.members_before_query(was.numbered, was.main_id),
        )


def _main_ids(material: exp.Table, before: MainIdsBefore, seq_no: int, compiler: Compiler) -> MainIdSql:
    graph = Graph(exp.to_table(schema.GRAPH), exp.to_table(schema.GRAPH), exp.to_table(schema.EARLIEST))
    is_first = before.published is None and before.migrated is None
    outcome = Outcome(
        exp.to_table(schema.NAMED),
        schema.part(material, ANCHORS),
        None if is_first else schema.part(material, EVENTS),
        versions=_VERSIONS,
    )
    state = None if is_first else State(exp.to_table(schema.ANCHORS_BEFORE), exp.to_table(schema.MEMBERS_BEFORE))
    fresh = before.published is not None and before.published.is_forgotten
    return main_id_sql(graph, state, outcome, seq_no, compiler.engine, fresh=fresh)


def _temporary(name: str, query: exp.Query, compiler: Compiler) -> str:
    return render(create_table(exp.to_table(name), query, temporary=True), compiler.engine)


def list_statements(step: IdStitcher, compiler: Compiler) -> tuple[str, ...]:
    """Make temporary tables of the rules that count, and of the ids that SQL of filters lists."""
    made = []
    if step.id_rules is not None:
        rules = id_guards.rules_query(step, compiler.plan.author)
        made.append(_temporary(id_guards.RULES, rules, compiler))
        made.append(_temporary(schema.NODE_RULES, id_guards.node_rules_query(), compiler))
    if graph_guards.has_lists(step):
        used = relations(compiler)
        made.append(_temporary(schema.LISTS, used.complete(graph_guards.lists_query(step, used)), compiler))
    return tuple(made)


def _refused(step: IdStitcher, compiler: Compiler) -> str:
    used = relations(compiler)
    return render(used.complete(id_filters.refused_query(step, used, has_lists=True)), compiler.engine)


def _guards(step: IdStitcher, compiler: Compiler) -> GuardSql:
    make = [_temporary(schema.FOUND_EDGES, id_guards.found_edges_query(), compiler)]
    if step.limits:
        make.append(_temporary(id_guards.CROWDED, id_guards.crowded_query(step), compiler))
        make.append(_temporary(id_guards.CUT, id_guards.cut_query(step), compiler))
    return GuardSql(
        make=tuple(make),
        dropped=render(id_guards.dropped_query(step), compiler.engine),
        crowded=render(exp.select("*").from_(id_guards.CROWDED), compiler.engine) if step.limits else None,
        added=render(id_guards.added_query(), compiler.engine) if step.id_rules is not None else None,
        left_out=render(id_guards.quarantine_query(step), compiler.engine),
    )
