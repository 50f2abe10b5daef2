"""Main id assignment on DuckDB against a reference in plain Python, and against its guarantees."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlglot import exp
from tests.examples import examples
from tests.properties.main_id_twin import Data, Node, Part, Published, Step, step

from onefold.identity.main_ids.assign import Event, MainIdsSoFar, assign_main_ids, counts_of, replayed
from onefold.identity.main_ids.generated_id import generated_id
from onefold.identity.schema import ANCHOR_COLUMNS, relation
from onefold.identity.sql_files import rows_of, sql
from onefold.identity.store import GraphStore
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# "a#2" is what "a" would be named by, were its first generated id used before.
IDS: list[Node] = [("u", "a"), ("u", "a#2"), ("u", "b"), ("u", "c"), ("e", "a"), ("e", "x"), ("e", "y"), ("e", "z")]


GROUPS = st.sampled_from([None, 0, 0, 1, 1, 2, 2, 3])
"""Which part an id is in; None: it is not in the data."""
TIMES = st.none() | st.integers(0, 3)


@st.composite
def data(draw: st.DrawFn) -> Data:
    """Some of the ids, in parts, seen at times with ties and nulls."""
    group = {node: draw(GROUPS) for node in IDS}
    parts = {frozenset(n for n in IDS if group[n] == g) for g in set(group.values()) - {None}}
    return Data({node: draw(TIMES) for node in IDS if group[node] is not None}, frozenset(parts))


@st.composite
def foreign(draw: st.DrawFn) -> Published:
    """The state that a graph from elsewhere stands for; may be empty."""
    found = Published()
    names = st.sampled_from(["f1", "f2", generated_id("b", "u")])
    owner = draw(st.dictionaries(st.sampled_from(IDS), names, max_size=6))
    for name in sorted(set(owner.values())):
        found.members[name] = frozenset(node for node in owner if owner[node] == name)
        found.current[name], found.since[name] = name, None
        found.anchor[name] = min(found.members[name])
    return found


HISTORIES = st.lists(data(), min_size=1, max_size=5)


class Database:
    """DuckDB in memory, with the two verbs that are needed, and the tables of one run."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 1")

    def execute(self, sql: str) -> int:
        found = self.connection.execute(sql).fetchone()
        return int(found[0]) if found and isinstance(found[0], int) else 0

    def fetch(self, sql: str) -> pa.Table:
        return self.connection.sql(sql).to_arrow_table()

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        return self.connection.sql(f"FROM stitch_{table}").fetchall()

    def load(self, table: str, columns: dict[str, pa.DataType], rows: list[tuple[Any, ...]]) -> None:
        values = list(zip(*rows, strict=True)) or [()] * len(columns)
        made = pa.table({n: pa.array(v, t) for (n, t), v in zip(columns.items(), values, strict=True)})
        self.connection.register("incoming", made)
        self.connection.execute(f"CREATE OR REPLACE TABLE stitch_{table} AS FROM incoming")
        self.connection.unregister("incoming")


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    made = Database()
    yield made
    made.connection.close()


TEXT, NUMBER = pa.string(), pa.int64()


def load_graph(db: Database, seen: Data, parts: frozenset[Part], numbers: dict[Node, int]) -> None:
    """The ids, and of each part the earliest, of several the one with the smallest generated id."""
    ids = {"node": NUMBER, "id": TEXT, "id_type": TEXT, "component": NUMBER}
    component = {n: min(numbers[m] for m in part) for part in parts for n in part}
    nodes = sorted((numbers[n], n[1], n[0], component[n], seen.seen[n]) for n in component)
    db.load("graph", {**ids, "first_seen_at": pa.timestamp("us")}, nodes)

    def rank(node: Node) -> tuple[bool, int, str]:
        time = seen.seen[node]
        return time is None, time or 0, generated_id(node[1], node[0])

    firsts = [min(part, key=rank) for part in parts]
    named = [(numbers[n], n[1], n[0], component[n], generated_id(n[1], n[0])) for n in firsts]
    db.load("earliest", {**ids, "generated_id": TEXT}, named)


def load_state(db: Database, before: Published) -> MainIdsSoFar:
    anchors = [(m, now, before.anchor[m][1], before.anchor[m][0], before.since[m]) for m, now in before.current.items()]
    kinds = {"main_id": TEXT, "current_main_id": TEXT, "anchor_id": TEXT, "anchor_id_type": TEXT}
    db.load("anchors_before", {**kinds, "since_seq_no": NUMBER}, anchors)
    members = [(m, n[1], n[0]) for m, part in before.members.items() for n in part]
    db.load("members_before", {"main_id": TEXT, "other_id": TEXT, "other_id_type": TEXT}, members)
    return state("anchors_before", "members_before")


def state(anchors: str, members: str) -> MainIdsSoFar:
    """What stands in two tables; every main id ever published is in the one of all anchors."""
    now = sql("main_ids/members_now", members_before=relation(members))
    return MainIdsSoFar(rows_of(anchors, ANCHOR_COLUMNS), now, rows_of("anchors_before", ["main_id"]))


def numbering(seen: Data) -> dict[Node, int]:
    return {node: number for number, node in enumerate(sorted(seen.seen))}


def run(
    db: Database, before: MainIdsSoFar | None, seen: Data, numbers: dict[Node, int], seq_no: int, *, reset: bool = False
) -> Step:
    """What the SQL makes of loaded tables, as the twin would put it."""
    with GraphStore(db, DUCKDB, exp.to_table("material"), seq_no) as store:  # type: ignore[arg-type]
        assigned_now = assign_main_ids(store, before, reset=reset)
        store.temp_table(assigned_now.anchors, "anchors_after")
        store.temp_table(assigned_now.events, "events")
        counts = counts_of(store, rows_of("events"))
        return _step(db, seen, numbers, counts)


def _step(db: Database, seen: Data, numbers: dict[Node, int], counts: Mapping[str, int]) -> Step:
    assigned = {component: (name, anchor) for component, name, anchor in db.rows("named")}
    ids = {number: node for node, number in numbers.items()}
    after = Published()
    for main_id, now, anchor_id, anchor_type, since in db.rows("anchors_after"):
        assert main_id not in after.current
        after.current[main_id], after.since[main_id] = now, since
        after.anchor[main_id] = (anchor_type, anchor_id)
    names = {}
    for part in seen.parts:
        if (component := min(numbers[n] for n in part)) in assigned:
            name, anchor = assigned.pop(component)
            names[part] = (name, ids[anchor])
            after.members[name] = part
    assert not assigned
    events = Counter(tuple(row[:4]) for row in db.rows("events"))
    assert counts == Counter(row[0] for row in events.elements())
    return Step(names, after, events)


def run_full(db: Database, before: Published, seen: Data, seq_no: int, *, reset: bool = False) -> Step:
    numbers = numbering(seen)
    load_graph(db, seen, seen.parts, numbers)
    return run(db, load_state(db, before) if before.current else None, seen, numbers, seq_no, reset=reset)


def taken_over(published: Published, given: Published) -> Published:
    """A state with the main ids of a graph from elsewhere that were not published before."""
    new = [main_id for main_id in given.current if main_id not in published.current]
    return Published(
        published.current | {m: m for m in new},
        published.anchor | {m: given.anchor[m] for m in new},
        published.since | dict.fromkeys(new),
        published.members | {m: given.members[m] for m in new},
    )


@settings(max_examples=examples(150))
@given(given=foreign(), arrives=st.integers(1, 3), history=HISTORIES, fresh=st.sets(st.integers(1, 5), max_size=1))
def test_equals_the_twin(
    database: Database, given: Published, arrives: int, history: list[Data], fresh: set[int]
) -> None:
    """After every run main ids, state and events are the twin's, for data that changes at will and ids from elsewhere."""
    before = Published()
    for seq_no, seen in enumerate(history, start=1):
        if seq_no == arrives:
            before = taken_over(before, given)
        found = run_full(database, before, seen, seq_no, reset=seq_no in fresh)

        expected = step(before, seen, seq_no, fresh=seq_no in fresh)
        for kind in {row[0] for row in expected.events}:
            event(kind)
        assert found.names == expected.names
        assert found.events == expected.events
        assert found.after == expected.after
        before = found.after


def runs(db: Database, start: Published, history: list[Data]) -> Iterator[tuple[Published, Data, Step]]:
    """(state before, data, what the SQL makes of it) for each run in turn."""
    before = start
    for seq_no, seen in enumerate(history, start=1):
        done = run_full(db, before, seen, seq_no)
        yield before, seen, done
        before = done.after


@settings(max_examples=examples(60))
@given(start=foreign(), history=HISTORIES)
def test_every_id_resolves(database: Database, start: Published, history: list[Data]) -> None:
    """Every main id ever published resolves to one current profile (that of its anchor, if it is in the data), or to none."""
    for before, seen, done in runs(database, start, history):
        assert set(done.after.current) >= set(before.current)
        assert sorted(name for name, _ in done.names.values()) == sorted(done.after.members)
        assert set(done.names) == seen.parts
        for main_id, now in done.after.current.items():
            anchor = done.after.anchor[main_id]
            home = next((name for name, part in done.after.members.items() if anchor in part), None)
            if home is not None:
                assert now == home
            else:
                # What it was part of went on without it, or is gone as well.
                assert now is None or (now != main_id and now in done.after.members)


@settings(max_examples=examples(60))
@given(start=foreign(), history=HISTORIES)
def test_no_id_is_handed_out_twice(database: Database, start: Published, history: list[Data]) -> None:
    """A main id is created or split off once; after that it only belongs to a profile with its anchor."""
    known: set[str] = set(start.current)
    for before, _, done in runs(database, start, history):
        created = [
            row[1] for row in done.events.elements() if row[0] in {"created", "split"} and row[1] not in start.current
        ]
        assert len(set(created)) == len(created)
        assert not known & set(created)
        known |= set(created)
        for name, anchor in done.names.values():
            if name in before.current and not before.living(name):
                assert anchor == before.anchor[name]


@settings(max_examples=examples(60))
@given(start=foreign(), history=HISTORIES, fresh=st.sets(st.integers(1, 5), max_size=1))
def test_events_replay(database: Database, start: Published, history: list[Data], fresh: set[int]) -> None:
    """The events of all runs give the current main ids, and what each of the others resolves to."""
    told: list[list[Event]] = []
    before = start
    for seq_no, seen in enumerate(history, start=1):
        done = run_full(database, before, seen, seq_no, reset=seq_no in fresh)
        told.append([Event(*row[:3]) for row in done.events.elements()])
        before = done.after

        assert replayed(told) == before.current


@settings(max_examples=examples(60))
@given(start=foreign(), history=HISTORIES, data=st.data())
def test_the_same_ids_again(database: Database, start: Published, history: list[Data], data: st.DataObject) -> None:
    """The same ids with other times and other numbers keep their main ids and cause no events."""
    *_, (_, seen, done) = runs(database, start, history)
    times = {node: data.draw(st.none() | st.integers(-5, 3)) for node in sorted(seen.seen)}
    numbers = dict(zip(sorted(seen.seen), data.draw(st.permutations(range(len(seen.seen)))), strict=True))
    again = Data(times, seen.parts)
    load_graph(database, again, again.parts, numbers)

    repeated = run(database, load_state(database, done.after), again, numbers, len(history) + 1)

    assert repeated == Step(done.names, done.after, Counter())


@settings(max_examples=examples(100))
@given(start=foreign(), history=HISTORIES, more=data(), extra=st.data())
def test_affected_components_alone(
    database: Database, start: Published, history: list[Data], more: Data, extra: st.DataObject
) -> None:
    """Assignment over the affected components alone gives the same result as over all components."""
    *_, (_, _, done) = runs(database, start, history)
    before, numbers = done.after, numbering(more)
    full = run_full(database, before, more, len(history) + 1)
    known = set(before.members.values())
    same = sorted(more.parts & known, key=sorted)
    affected = (more.parts - known) | {part for part in same if extra.draw(st.booleans())}
    load_graph(database, more, affected, numbers)

    part = run(database, affected_state(database, before, more, affected), more, numbers, len(history) + 1)

    assert part.events == full.events
    assert part.names == {p: name for p, name in full.names.items() if p in affected}
    untouched = {p: (name, before.anchor[name]) for name, p in before.members.items() if p in more.parts - affected}
    assert full.names == part.names | untouched
    assert before.current | part.after.current == full.after.current
    assert before.anchor | part.after.anchor == full.after.anchor
    assert before.since | part.after.since == full.after.since


def affected_state(db: Database, before: Published, seen: Data, affected: frozenset[Part]) -> MainIdsSoFar:
    """The main ids of affected profiles, all that resolve to them, and all whose anchor is among the affected ids."""
    load_state(db, before)
    names = [(m,) for m, part in before.members.items() if part not in seen.parts or part in affected]
    db.load("affected_ids", {"main_id": TEXT}, names)
    db.execute(
        "CREATE OR REPLACE TABLE stitch_affected_anchors AS SELECT a.* FROM stitch_anchors_before a WHERE"
        " current_main_id IN (SELECT main_id FROM stitch_affected_ids)"
        " OR EXISTS (SELECT 1 FROM stitch_graph g WHERE g.id = a.anchor_id AND g.id_type = a.anchor_id_type)"
    )
    db.execute(
        "CREATE OR REPLACE TABLE stitch_affected_members AS"
        " FROM stitch_members_before SEMI JOIN stitch_affected_ids USING (main_id)"
    )
    return state("affected_anchors", "affected_members")
