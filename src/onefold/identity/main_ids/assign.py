"""Main ids that live: keep, mint, merge, split, revive and retire them, and tell what happened (ADR 15).

In: the ids of a run with their components, the state that the last published run left, an engine. Out: three tables:
the main id of each component, the state after this run, its events. Publishes nothing, and changes nothing of the
state before.

Guarantees, each of which the property tests hold against a twin in plain Python:

- Every main id ever published resolves to exactly one living main id, or to none. It resolves to that of the component
  in which its anchor lies; while its anchor is not in the data, to what has become of the profile that it was in last;
  to none if nothing of that profile was left in the data of some run and its anchor has not come back since.
- No main id is handed out twice: one that was ever published is only ever kept or revived, by its anchor.
- The same data again gives the same main ids and no event. The numbers of the nodes, their order and the times of ids
  other than anchors rename nobody.
- The events of all runs, in order, give the living main ids and what each of the others resolves to, as
  `replayed` shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.main_ids import created as births
from onefold.identity.main_ids import events as happened
from onefold.identity.main_ids import inherit as sql
from onefold.identity.main_ids.generated_id import generated_id_sql
from onefold.sql.dialects import render
from onefold.sql.statements import create_plain, create_table, drop, insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from onefold.engines.base import Engine
    from onefold.identity.main_ids.created import Graph
    from onefold.identity.main_ids.inherit import State
    from onefold.sql.dialects import EngineDialect


@dataclass(frozen=True)
class Outcome:
    """The tables to make.

    Attributes:
        assigned: component, main_id, anchor (its node); a temporary table.
        anchors: The state after this run (`ANCHOR_COLUMNS`).
        events: What happened (`EVENT_COLUMNS`); the caller adds the sequence number and the time. None where nothing
            was there before: all main ids are born, which ``anchors`` says already.
        is_temporary: Whether the last two are temporary tables, too.
        versions: Columns that ``anchors`` has besides, with the number that each row has there.
        is_whole: Whether ``anchors`` is to have the main ids that no change touched as well, where only touched ones
            were looked at. Otherwise it has a row for each of these and for each new one, to put in their place.
    """

    assigned: exp.Table
    anchors: exp.Table
    events: exp.Table | None
    is_temporary: bool = False
    versions: Mapping[str, int] = field(default_factory=dict)
    is_whole: bool = True


@dataclass(frozen=True)
class MainIdSql:
    """The statements, as text of the engine, in running order; each with what it does.

    Attributes:
        before: Up to the first ids that are minted.
        clashing: Finds components that got none; no rows end the loop. None where nothing was ever published.
        again: What to do for these before ``clashing`` is asked again.
        after: The rest.
        events: Counts the events by their kind.
        clean_up: Drops the temporary tables but ``assigned``.
    """

    before: tuple[tuple[str, str], ...]
    clashing: tuple[str, str] | None
    again: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    events: str
    clean_up: tuple[str, ...]

    def statements(self) -> tuple[tuple[str, str], ...]:
        """(what it does, statement), for people who read along."""
        clashing = (self.clashing,) if self.clashing is not None else ()
        return (*self.before, *clashing, *self.again, *self.after)


def main_id_sql(
    graph: Graph, before: State | None, outcome: Outcome, seq_no: int, dialect: EngineDialect, *, fresh: bool = False
) -> MainIdSql:
    """The statements that give each component its main id; runs nothing.

    Args:
        graph: The ids of this run: all, or those of all components that a change touched.
        before: What the last published run left; None if there was none. With ``before.whole`` only the touched part
            of it is looked at, and the result is that of a look at everything.
        outcome: The tables to make.
        seq_no: The run's sequence number.
        dialect: The engine's.
        fresh: Forget what main ids there were: all are minted by the formula of a first run, and those of before
            resolve to where their anchors lie. One that the formula gives again is simply current. Needs the whole
            graph.
    """
    made = _Statements(graph, outcome, seq_no, dialect)
    loops = before is not None and not fresh
    count = exp.Count(this=exp.Star()).as_("events")
    events: exp.Expr | None = outcome.events
    if events is None:
        events = happened.births_query(exp.to_table(births.MINTED)).subquery("births")
    return MainIdSql(
        before=made.first_part(before, fresh=fresh),
        clashing=made.clashing() if loops else None,
        again=made.next_attempt(before) if before is not None and loops else (),
        after=made.second_part(before, fresh=fresh),
        events=made.text(exp.select("event", count).from_(events.copy()).group_by("event")),
        clean_up=tuple(made.text(drop(exp.to_table(name), "TABLE")) for name in _WORK_TABLES),
    )


_WORK_TABLES = (
    sql.FOUND, sql.REANCHORED, sql.ANCHORED, sql.WINNERS, births.MINTED, births.PROPOSED, births.CLASHING, sql.NOW,
    sql.RESOLVED, happened.MOVES, happened.CAME, happened.SOURCES,
)  # fmt: skip


@dataclass(frozen=True)
class _Statements:
    """Makes the text of statements that work on one run."""

    graph: Graph
    outcome: Outcome
    seq_no: int
    dialect: EngineDialect

    def text(self, tree: exp.Expr) -> str:
        return render(tree, self.dialect)

    def work(self, what: str, name: str, query: exp.Query) -> tuple[str, str]:
        return what, self.text(create_table(exp.to_table(name), query, temporary=True))

    def state(self, query: exp.Query) -> tuple[tuple[str, str], ...]:
        what, table, versions = "the state after this run", self.outcome.anchors, self.outcome.versions
        kept = sql.ANCHORS_KEPT | dict.fromkeys(versions, "INT")
        empty = create_plain(table, kept, sql.ANCHOR_IDS, self.dialect, defaults=versions)
        return self.made(what, table, empty, query)

    def events(self, query: exp.Query) -> tuple[tuple[str, str], ...]:
        if self.outcome.events is None:
            return ()
        empty = create_plain(self.outcome.events, happened.EVENTS_KEPT, happened.EVENT_IDS, self.dialect)
        return self.made("events", self.outcome.events, empty, query)

    def made(self, what: str, table: exp.Table, empty: exp.Create, query: exp.Query) -> tuple[tuple[str, str], ...]:
        """A table of a query's rows; one that stays is made as ``empty`` says."""
        if self.outcome.is_temporary:
            return ((what, self.text(create_table(table, query, temporary=True))),)
        return (what, self.text(empty)), (what, self.text(insert_rows(table, query.named_selects, query)))

    def first_part(self, before: State | None, *, fresh: bool) -> tuple[tuple[str, str], ...]:
        mint = self.work("mint main ids", births.MINTED, births.minted_query(self.graph, generated_id_sql))
        if before is None:
            return (mint,)
        anchors = (
            self.work("where anchors are", sql.FOUND, sql.found_query(self.graph, before)),
            self.work(
                "new anchors for lost ones",
                sql.REANCHORED,
                sql.reanchored_query(self.graph, before, generated_id_sql),
            ),
            self.work("where main ids stand", sql.ANCHORED, sql.anchored_query(self.graph)),
        )
        if fresh:
            return (*anchors, mint)
        proposed = births.proposed_query(self.graph, generated_id_sql, sql.WINNERS)
        return (
            *anchors,
            self.work("main ids that are kept", sql.WINNERS, sql.winners_query()),
            self.work("new ids where there is none", births.PROPOSED, proposed),
            self.work("mint those never used", births.MINTED, births.free_query(before.whole or before.anchors)),
        )

    def clashing(self) -> tuple[str, str]:
        return self.work("new ids that were used before", births.CLASHING, births.clashing_query())

    def next_attempt(self, before: State) -> tuple[tuple[str, str], ...]:
        free = births.free_again_query(before.whole or before.anchors)
        return (
            self.work("the next new ids", births.PROPOSED, births.proposed_again_query(generated_id_sql)),
            ("mint those never used", self.text(exp.insert(free, exp.to_table(births.MINTED)))),
        )

    def second_part(self, before: State | None, *, fresh: bool) -> tuple[tuple[str, str], ...]:
        assigned = self.outcome.assigned
        inherits = before is not None and not fresh
        name = create_table(assigned, sql.assigned_query(with_winners=inherits), temporary=True)
        anchors = self.state(sql.anchors_query(self.seq_no, before, whole=self.outcome.is_whole))
        named = ("name each component", self.text(name))
        if before is None:
            return (named, *anchors, *self.events(happened.births_query(exp.to_table(births.MINTED))))
        return (
            named,
            self.work("who is current where main ids stand", sql.NOW, sql.now_query(assigned)),
            self.work("what main ids resolve to", sql.RESOLVED, sql.resolved_query()),
            *anchors,
            self.work("ids in another profile now", happened.MOVES, happened.moves_query(self.graph, before, assigned)),
            self.work("main ids that came", happened.CAME, happened.came_query()),
            self.work("where they came from", happened.SOURCES, happened.sources_query()),
            *self.events(happened.events_query(is_fresh=fresh)),
        )


def assign_main_ids(statements: MainIdSql, engine: Engine) -> Mapping[str, int]:
    """Run the statements; returns the number of events by kind.

    Args:
        statements: From `main_id_sql`.
        engine: Where to run them.

    Raises:
        EngineError: If one fails.
    """
    for _, statement in statements.before:
        engine.execute(statement)
    # Ends: each main id ever published is met at most once for each component.
    while statements.clashing is not None and engine.execute(statements.clashing[1]):
        for _, statement in statements.again:
            engine.execute(statement)
    for _, statement in statements.after:
        engine.execute(statement)
    events = engine.fetch(statements.events).to_pylist()
    for statement in statements.clean_up:
        engine.execute(statement)
    return {row["event"]: int(row["events"]) for row in events}


@dataclass(frozen=True)
class Event:
    """One row of a history, as far as main ids go.

    Attributes:
        event: Its kind.
        main_id: Whom it is about.
        previous_main_id: Where that came from, or who went there.
    """

    event: str
    main_id: str
    previous_main_id: str | None = None


def replayed(runs: Iterable[Iterable[Event]]) -> dict[str, str | None]:
    """What each main id ever published resolves to, None for none, from the events alone.

    Args:
        runs: The events of each run, in the order of the runs; those of one run in any order.

    >>> replayed([[Event("born", "a"), Event("born", "b")], [Event("merged", "a", "b")]])
    {'a': 'a', 'b': 'a'}
    """
    current: dict[str, str | None] = {}
    for run in runs:
        events = tuple(run)
        current |= {e.main_id: e.main_id for e in events if e.event in {"born", "split"}}
        merged = {e.previous_main_id: e.main_id for e in events if e.event == "merged"}
        # First, all that resolved to a profile share its fate; then those that went their own way.
        became: dict[str | None, str | None] = {e.main_id: None for e in events if e.event == "retired"}
        became |= merged
        current = {main_id: became.get(now, now) for main_id, now in current.items()}
        current |= {main_id: now for main_id, now in merged.items() if main_id is not None}
        current |= {e.main_id: e.main_id for e in events if e.event == "revived"}
    return current
