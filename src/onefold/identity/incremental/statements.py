"""The statements by which a run builds on the graph of the last one, as text of the engine.

In: the step, a compiler, the published graph. Out: a `GrowthSql`; runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity import queries, schema
from onefold.identity.incremental import queries as growth
from onefold.identity.incremental import versions as version
from onefold.identity.incremental.constraints import GuardGrowth, ListGrowth, clean_up, guard_growth, list_growth
from onefold.identity.main_ids.assign import MainIdSql, Outcome, main_id_sql
from onefold.identity.main_ids.created import Graph
from onefold.identity.main_ids.events import EVENT_COLUMNS, EVENT_IDS, EVENTS_KEPT
from onefold.identity.main_ids.inherit import ANCHOR_COLUMNS, State
from onefold.identity.read import queries as reads
from onefold.identity.read.file_states import source_files
from onefold.identity.rules.constraint_queries import is_guarded
from onefold.identity.views import views_of
from onefold.plan.model import InputStep
from onefold.sql.compile import relations
from onefold.sql.dialects import render
from onefold.sql.id_graph import ANCHORS, DIGESTS, EVENTS, EVIDENCE, KEPT_FILES, KEPT_OUT, MEMBERS, NAMES, PROFILE
from onefold.sql.statements import create_plain, create_table, create_view, drop, insert_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.identity.read.file_states import SourceFiles
    from onefold.plan.model import IdStitcher
    from onefold.sql.dialects import EngineDialect
    from onefold.sql.relations import Compiler, Relations

_ROWS = "stitch_rows"


@dataclass(frozen=True)
class SourceSql:
    """What is asked of one edge source.

    Attributes:
        keep: Keeps its rows in a temporary table; None where reading them twice is cheaper.
        digests: What the rows of each day come to.
        files: Where they are read from, if from data files.
        rows: All its rows, to be narrowed to the days that changed.
        engine: The engine's dialect.
        number: Its number.
    """

    keep: str | None
    digests: str
    files: SourceFiles | None
    rows: exp.Select
    engine: EngineDialect
    number: int

    def changed(self, days: Sequence[int | None]) -> str:
        """The rows of the days that changed; None stands for rows without a time."""
        return render(growth.of_changed_days(self.rows, self.number, days), self.engine)


@dataclass(frozen=True)
class GrowthSql:
    """The statements, in running order.

    Attributes:
        base: The material whose tables hold the graph.
        before: The published version of it.
        since: The midnight (UTC) from which rows are looked at, as ``incremental_timedelta`` says; None for all.
        latest: Reads the latest version that the tables know.
        days: Reads what each day's rows came to last.
        files: Reads which files they were read from.
        sources: What is asked of each edge source.
        known: Reads the numbers of ids met before.
        most: Reads the largest number.
        find: Make temporary tables of what came and went, and of the ids at its ends.
        came: Reads what came.
        went: Reads what went.
        standing: Reads how the ids at the ends stand.
        merging: Reads what the profiles are like that others meet.
        lying: Make a temporary table of main ids of old that have their anchor among new ids.
        back: Reads these anchors.
        look: Make temporary tables of the ids and main ids to look at.
        ids: Reads the ids to look at.
        edges: Reads what joined them.
        deputies: Reads the anchors of profiles that are not looked at by all their ids.
        touched: Make temporary tables of the state of main ids.
        main_ids: Give each component its main id.
        names: Reads which node each named component is anchored in.
        compare: Make temporary tables of what is new and what is gone.
        apply: Write the new version; all in one transaction, with ...
        keep_files: ... which files it was read from.
        totals: Counts what the new version holds.
        no_events: Makes the table of what became of main ids, empty.
        events: Fills it.
        was: Counts what is looked at again, as it was.
        named: Counts the main ids of what is looked at again.
        views: Show the graph, by its version.
        clean_up: Drops temporary tables.
        lists: What is asked of what filters and rules go by, if they do not go by ids alone.
        guards: What is asked of guards over edges; None without them.
    """

    base: str
    before: int
    since: datetime | None
    latest: str
    days: str
    files: str
    sources: tuple[SourceSql, ...]
    known: str
    most: str
    find: tuple[str, ...]
    came: str
    went: str
    standing: str
    merging: str
    lying: tuple[str, ...]
    back: str
    look: tuple[str, ...]
    ids: str
    edges: str
    deputies: str
    touched: tuple[str, ...]
    main_ids: MainIdSql
    names: str
    compare: tuple[str, ...]
    apply: tuple[str, ...]
    keep_files: tuple[str, ...]
    totals: str
    no_events: str
    events: str
    was: str
    named: str
    views: Mapping[int, tuple[str, ...]]
    clean_up: tuple[str, ...]
    lists: ListGrowth | None
    guards: GuardGrowth | None

    @property
    def version(self) -> int:
        """The new version."""
        return self.before + 1

    def statements(self) -> tuple[tuple[str, str], ...]:
        """(what it does, statement), for people who read along."""
        read = [s for source in self.sources for s in (source.keep, source.digests) if s is not None]
        return (
            *(("what changed in the edge sources", text) for text in read),
            ("which ids were met before", self.known),
            *(("what came, what went, whom it touches", text) for text in self.find),
            *(("what guards decide", text) for text in (self.guards.make if self.guards else ())),
            *(("whom it touches", text) for text in (self.standing, self.merging)),
            *(("the ids and main ids to look at", text) for text in (*self.lying, *self.look, *self.touched)),
            ("what joined the ids to look at", self.edges),
            *((f"main ids, of {schema.GRAPH}: {what}", text) for what, text in self.main_ids.statements()),
            *(("what is new and what is gone", text) for text in self.compare),
            *(("write the new version", text) for text in self.apply),
        )


def growth_sql(  # noqa: PLR0917 - which graph is built on, and by which run
    step: IdStitcher,
    compiler: Compiler,
    lists: tuple[str, ...],
    base: exp.Table,
    before: int,
    end: datetime,
    seq_no: int,
) -> GrowthSql:
    """The statements of a run that builds on a published graph.

    Args:
        step: The stitcher.
        compiler: Names the tables that the edge sources lie in, and the material to make.
        lists: Make temporary tables of what filters and rules go by, if they do not go by ids alone.
        base: The material whose tables hold the graph.
        before: Its published version.
        end: The end time of that.
        seq_no: The run's sequence number.

    Raises:
        ProjectError: If SQL of the author's does not parse.
    """
    made = _Statements(step, compiler, base, before, _since(step, end))
    guarding = guard_growth(step, base, before, compiler.engine) if is_guarded(step) else None
    return GrowthSql(
        base=base.name,
        before=before,
        since=made.since,
        latest=made.text(growth.latest_query(made.table(DIGESTS))),
        days=made.text(growth.days_query(made.table(DIGESTS), before)),
        files=made.text(exp.select("*").from_(made.table(KEPT_FILES))),
        sources=tuple(made.source(number) for number in range(len(step.sources))),
        known=made.text(growth.known_query(made.table(MEMBERS))),
        most=made.text(growth.most_query(made.table(MEMBERS))),
        find=made.find(),
        came=guarding.came if guarding else made.text(growth.changes_query(growth.CAME, growth.WENT)),
        went=guarding.went if guarding else made.text(growth.changes_query(growth.WENT, growth.CAME)),
        standing=made.text(growth.standing_query(made.table(MEMBERS), before)),
        merging=made.text(growth.merging_query(made.table(MEMBERS), before)),
        lying=made.lying(),
        back=made.text(exp.select("anchor_node").from_(growth.LYING)),
        look=made.look(),
        ids=made.text(growth.scope_ids_query()),
        edges=guarding.edges if guarding else made.text(growth.scope_edges_query(made.table(EVIDENCE), before)),
        deputies=made.text(growth.deputies_query()),
        touched=made.touched(),
        main_ids=made.main_ids(seq_no),
        names=made.text(exp.select("component", "anchor").from_(schema.NAMED)),
        compare=made.compare(),
        apply=(*made.apply(), *(guarding.apply if guarding else ())),
        keep_files=made.keep_files(),
        totals=made.totals(),
        no_events=made.no_events(),
        events=made.events(),
        was=guarding.was
        if guarding
        else made.text(version.was_query(*version.link_changes(made.table(EVIDENCE), before))),
        named=made.text(queries.named_count_query()),
        views={n: views_of(step, compiler, base, n, seq_no) for n in (before, before + 1)},
        clean_up=(*made.clean_up(), *(clean_up(compiler.engine) if guarding or lists else ())),
        lists=list_growth(lists, base, before, compiler.engine) if lists else None,
        guards=guarding,
    )


def _since(step: IdStitcher, end: datetime) -> datetime | None:
    """The midnight from which rows are looked at: evidence is kept by whole days."""
    if step.window is None:
        return None
    try:
        return datetime.combine((end.replace(tzinfo=None) - step.window).date(), time())
    except OverflowError:
        return None


@dataclass(frozen=True)
class _Statements:
    """Makes the text of statements that work on one graph."""

    step: IdStitcher
    compiler: Compiler
    base: exp.Table
    before: int
    since: datetime | None

    def text(self, tree: exp.Expr) -> str:
        return render(tree, self.compiler.engine)

    def table(self, suffix: str) -> exp.Table:
        return schema.part(self.base, suffix)

    def work(self, name: str, query: exp.Query) -> str:
        return self.text(create_table(exp.to_table(name), query, temporary=True))

    def source(self, number: int) -> SourceSql:
        # A table is read twice sooner than its rows are kept; a model of the author's may be any amount of work.
        is_cheap = isinstance(self.compiler.plan.steps[self.step.sources[number].source], InputStep)
        if is_cheap:
            digests = relations(self.compiler)
            changed = relations(self.compiler)
            return SourceSql(
                None,
                self.text(digests.complete(reads.digests_query(self.looked_at(number, digests)))),
                # A late row of a file is not looked at, but the file would be taken for read.
                source_files(self.step, number, self.compiler) if self.since is None else None,
                changed.complete(reads.source_query(self.step, number, changed)),
                self.compiler.engine,
                number,
            )
        kept, used = f"{_ROWS}_{number}", relations(self.compiler)
        every = exp.select("*").from_(kept)
        return SourceSql(
            self.work(kept, used.complete(self.looked_at(number, used))),
            self.text(reads.digests_query(every)),
            None,
            every,
            self.compiler.engine,
            number,
        )

    def looked_at(self, number: int, used: Relations) -> exp.Select:
        """The rows of an edge source that are looked at for changes."""
        rows = reads.source_query(self.step, number, used)
        return rows if self.since is None else growth.since_query(rows, self.since)

    def find(self) -> tuple[str, ...]:
        evidence = self.table(EVIDENCE)
        return (
            self.work(growth.CAME, growth.came_query(evidence, self.before)),
            self.work(growth.WENT, growth.went_query(evidence, self.before)),
            self.work(growth.TOUCHED, growth.touched_query()),
        )

    def lying(self) -> tuple[str, ...]:
        view = exp.to_table(schema.ANCHORS_BEFORE)
        anchors = queries.anchors_query(self.table(ANCHORS), self.before)
        shown = self.text(create_view(view, anchors, temporary=True))
        return (shown, self.work(growth.LYING, growth.lying_query(view)))

    def look(self) -> tuple[str, ...]:
        return (
            self.work(growth.SCOPE, growth.scope_query(self.table(MEMBERS), self.before)),
            self.work(growth.TOUCHED_MAIN_IDS, growth.touched_main_ids_query(self.table(NAMES), self.before)),
            self.work(growth.RESOLVING, growth.resolving_query(exp.to_table(schema.ANCHORS_BEFORE))),
        )

    def touched(self) -> tuple[str, ...]:
        return (
            self.work(growth.TOUCHED_ANCHORS, growth.touched_anchors_query()),
            self.work(growth.TOUCHED_MEMBERS, growth.was_members_query()),
        )

    def main_ids(self, seq_no: int) -> MainIdSql:
        graph = Graph(exp.to_table(schema.GRAPH), exp.to_table(schema.GRAPH), exp.to_table(schema.EARLIEST))
        state = State(
            exp.to_table(growth.TOUCHED_ANCHORS),
            exp.to_table(growth.TOUCHED_MEMBERS),
            exp.to_table(schema.ANCHORS_BEFORE),
            is_numbered=True,
            is_counted=True,
        )
        outcome = Outcome(
            exp.to_table(schema.NAMED),
            exp.to_table(version.NEW_ANCHORS),
            exp.to_table(version.NEW_EVENTS),
            is_temporary=True,
            is_whole=False,
        )
        return main_id_sql(graph, state, outcome, seq_no, self.compiler.engine)

    def compare(self) -> tuple[str, ...]:
        members = self.table(MEMBERS)
        return (
            self.work(version.MEMBERS_CAME, version.members_came_query(members, self.before)),
            self.work(version.MEMBERS_WENT, version.members_went_query(members, self.before)),
            self.work(version.NAMES_CAME, version.names_came_query()),
            self.work(version.NAMES_WENT, version.names_went_query()),
            self.work(version.ANCHORS_CAME, version.anchors_came_query()),
            self.work(version.ANCHORS_WENT, version.anchors_went_query()),
        )

    def apply(self) -> tuple[str, ...]:
        number = self.before + 1
        members, names, evidence = (self.table(name) for name in (MEMBERS, NAMES, EVIDENCE))
        digests, left_out, anchors = (self.table(name) for name in (DIGESTS, KEPT_OUT, ANCHORS))
        days = (schema.SOURCE, schema.DAY, "row_count", "digest")
        return tuple(
            self.text(statement)
            for statement in (
                version.end_same(evidence, growth.EVIDENCE_COLUMNS, growth.WENT, number),
                version.begin(evidence, growth.EVIDENCE_COLUMNS, growth.CAME, number),
                version.end_keyed(members, schema.NODE, version.MEMBERS_WENT, number),
                version.begin(members, growth.MEMBER_COLUMNS, version.MEMBERS_CAME, number),
                version.end_keyed(names, PROFILE, version.NAMES_WENT, number),
                version.begin(names, (PROFILE, "main_id"), version.NAMES_CAME, number),
                version.end_keyed(anchors, "main_id", version.ANCHORS_WENT, number),
                version.begin(anchors, ANCHOR_COLUMNS, version.ANCHORS_CAME, number),
                version.end_of_days(digests, number),
                version.begin(digests, days, schema.DAYS, number),
                version.end_of_days(left_out, number, exp.column("id2").is_(exp.null())),
                version.begin(left_out, schema.LEFT_OUT_COLUMNS, schema.LEFT_OUT, number),
            )
        )

    def keep_files(self) -> tuple[str, ...]:
        kept = self.table(KEPT_FILES)
        return (
            self.text(exp.delete(kept)),
            self.text(exp.insert(exp.select("*").from_(schema.FILES), kept)),
        )

    def totals(self) -> str:
        members, names, anchors = (self.table(name) for name in (MEMBERS, NAMES, ANCHORS))
        return self.text(version.totals_query(members, names, anchors, self.before + 1))

    def no_events(self) -> str:
        """An empty table of what became of main ids."""
        return self.text(create_plain(self.own_events(), EVENTS_KEPT, EVENT_IDS, self.compiler.engine))

    def events(self) -> str:
        """Fill it."""
        rows = exp.select(*EVENT_COLUMNS).from_(version.NEW_EVENTS)
        return self.text(insert_rows(self.own_events(), EVENT_COLUMNS, rows))

    def own_events(self) -> exp.Table:
        return schema.part(self.compiler.material(self.step.ref), EVENTS)

    def clean_up(self) -> tuple[str, ...]:
        tables = [
            growth.CAME, growth.WENT, growth.TOUCHED, growth.LYING, growth.SCOPE, growth.TOUCHED_MAIN_IDS,
            growth.RESOLVING, growth.TOUCHED_ANCHORS, growth.TOUCHED_MEMBERS, version.MEMBERS_CAME,
            version.MEMBERS_WENT, version.NAMES_CAME, version.NAMES_WENT, version.ANCHORS_CAME, version.ANCHORS_WENT,
            version.NEW_ANCHORS, version.NEW_EVENTS, schema.NAMED,
        ]  # fmt: skip
        tables += [f"{_ROWS}_{number}" for number in range(len(self.step.sources))]
        view = drop(exp.to_table(schema.ANCHORS_BEFORE), "VIEW")
        return (*(self.text(drop(exp.to_table(name), "TABLE")) for name in tables), self.text(view))
