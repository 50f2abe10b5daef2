"""Main id events with their causes, one scenario per test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from sqlglot import exp

from onefold.identity.main_ids.assign import MainIdsSoFar, assign_main_ids
from onefold.identity.main_ids.generated_id import generated_id
from onefold.identity.sql_files import NamedQuery, sql
from onefold.identity.store import GraphStore
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB
from onefold.sql.statements import create_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

A, B, C, D = (generated_id(value, "u") for value in "abcd")
MIGRATED = "migrated from an existing id graph"
FRESH = "main ids were reset"
NEW_IDS = "new ids"
NEW_LINKS = "new links"
LOST_LINKS = "links are gone: their rows were deleted, or an edge constraint excludes them"
ALONG = "its anchor id moved to that profile"
BACK = "its anchor id is in the data again"
NO_IDS = "none of its ids is in the data any more"
NO_ANCHOR = "its anchor id is no longer in the data"
OTHER_LINKS = "links changed"
"""Causes of events."""

BEFORE, MEMBERS = exp.to_table("before"), exp.to_table("members")
SO_FAR = MainIdsSoFar(
    NamedQuery("before", exp.select("*").from_(BEFORE)),
    sql("main_ids/members_now", members_before=MEMBERS),
    NamedQuery("published", exp.select("main_id").from_(BEFORE)),
)


class Story:
    """Run after run over ids of one type that are named by letters."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.runs = 0

    def execute(self, sql: str) -> int:
        found = self.connection.execute(sql).fetchone()
        return int(found[0]) if found and isinstance(found[0], int) else 0

    def fetch(self, sql: str) -> pa.Table:
        return self.connection.sql(sql).to_arrow_table()

    def run(self, parts: str, *, fresh: bool = False, **at: int) -> dict[str, str]:
        """Run over parts such as ``"ab c"``, where a and b are one profile; returns the main id by part.

        Ids are seen in the order in which they are written, unless a time says otherwise. 2 stands for the id a#2.
        """
        ids = parts.replace(" ", "")
        graph = [(n, ids[n], at.get(ids[n], n), next(p for p in parts.split() if ids[n] in p)) for n in range(len(ids))]
        rows = ", ".join(
            f"({n}, '{i.replace('2', 'a#2')}', 'u', make_timestamp({t}::BIGINT), '{p}')" for n, i, t, p in graph
        )
        self.execute(
            "CREATE OR REPLACE TABLE seen AS SELECT *, MIN(node) OVER (PARTITION BY part) AS component"
            f" FROM (VALUES {rows or '(0, NULL, NULL, NULL, NULL)'}) v(node, id, id_type, first_seen_at, part) WHERE id IS NOT NULL"
        )
        self.execute("CREATE OR REPLACE TABLE stitch_graph AS SELECT * EXCLUDE (part) FROM seen")
        self.connection.create_function("generated", generated_id, [str, str], str) if not self.runs else None
        self.execute(
            "CREATE OR REPLACE TABLE stitch_earliest AS SELECT *, generated(id, id_type) AS generated_id FROM stitch_graph"
            " QUALIFY ROW_NUMBER() OVER (PARTITION BY component ORDER BY first_seen_at, generated(id, id_type)) = 1"
        )
        self.runs += 1
        with GraphStore(self, DUCKDB, exp.to_table("material"), self.runs) as store:  # type: ignore[arg-type]
            assigned = assign_main_ids(store, SO_FAR if self.has("before") else None, reset=fresh)
            store.temp_table(assigned.anchors, "after")
            store.temp_table(assigned.events, "events")
            self.execute("CREATE OR REPLACE TABLE before AS FROM stitch_after")
            self.execute("CREATE OR REPLACE TABLE events AS FROM stitch_events")
            self.execute("CREATE OR REPLACE TABLE named AS FROM stitch_named")
        self.execute(
            "CREATE OR REPLACE TABLE members AS SELECT main_id, id AS other_id, id_type AS other_id_type"
            " FROM seen JOIN named USING (component)"
        )
        return dict(self.connection.sql("SELECT part, main_id FROM seen JOIN named USING (component)").fetchall())

    def has(self, table: str) -> bool:
        return bool(self.connection.sql("SHOW TABLES").filter(f"name = '{table}'").fetchall())

    def events(self) -> list[tuple[Any, ...]]:
        return self.connection.sql("FROM events ORDER BY ALL").fetchall()

    def current(self) -> dict[str, str | None]:
        return dict(self.connection.sql("SELECT main_id, current_main_id FROM before").fetchall())


@pytest.fixture
def story() -> Iterator[Story]:
    made = Story()
    yield made
    made.connection.close()


def test_first_run(story: Story) -> None:
    """In a first run every profile gets the generated id of its earliest id, and every main id is created."""
    assert story.run("ab c") == {"ab": A, "c": C}
    assert story.events() == sorted([("created", A, None, 0, NEW_IDS), ("created", C, None, 0, NEW_IDS)])


def test_late_row(story: Story) -> None:
    """A profile that gains an earlier id keeps its main id."""
    story.run("a b")

    assert story.run("da b", d=-1) == {"da": A, "b": B}
    assert story.events() == []


def test_merge_and_split(story: Story) -> None:
    """The profile with the earlier anchor keeps its main id; the other one resolves to it, and is restored when they split."""
    story.run("ab cd")

    assert story.run("abcd") == {"abcd": A}
    assert story.events() == [("merged", A, C, 2, NEW_LINKS)]
    assert story.current() == {A: A, C: A}

    assert story.run("a bcd") == {"a": A, "bcd": C}
    assert story.events() == [("restored", C, A, 3, LOST_LINKS)]
    assert story.current() == {A: A, C: C}


def test_split(story: Story) -> None:
    """After a split, the part with the anchor keeps the main id, and the other part gets a new one."""
    story.run("abc")

    assert story.run("a bc") == {"a": A, "bc": B}
    assert story.events() == [("split", B, A, 2, LOST_LINKS)]


def test_moved(story: Story) -> None:
    """Ids that move between two existing profiles are recorded as reassigned."""
    story.run("ab cd")

    story.run("a bcd")

    assert story.events() == [("reassigned", C, A, 1, OTHER_LINKS)]


def test_lost_anchor(story: Story) -> None:
    """If the anchor is no longer in the data, the profile keeps its main id with another anchor, and it is not assigned twice."""
    story.run("abc")

    assert story.run("bc") == {"bc": A}
    assert story.events() == [("reanchored", A, None, 0, NO_ANCHOR)]

    second = generated_id("a#2", "u")
    assert story.run("bc a") == {"bc": A, "a": second}
    assert story.events() == [("created", second, None, 0, NEW_IDS)]

    assert story.run("bc") == {"bc": A}
    assert story.events() == [("retired", second, None, 0, NO_IDS)]

    assert story.run("bc a") == {"bc": A, "a": second}
    assert story.events() == [("restored", second, None, 0, BACK)]


def test_third_id_of_an_anchor(story: Story) -> None:
    """Main ids that were used before are skipped one after the other."""
    second, third = generated_id("a#2", "u"), generated_id("a#3", "u")
    story.run("ab")
    story.run("b")
    story.run("ac b")
    story.run("c b")

    assert story.run("a c b") == {"a": third, "c": second, "b": A}


def test_next_id_is_taken_in_the_same_run(story: Story) -> None:
    """The next main id of an anchor is also skipped if another profile gets it in the same run."""
    story.run("ab")
    story.run("b")

    assert story.run("b a 2") == {"b": A, "a": generated_id("a#3", "u"), "2": generated_id("a#2", "u")}


def test_gone(story: Story) -> None:
    """Main ids that resolved to a retired profile are retired too, unless their own anchor is in the data."""
    story.run("a b c")
    story.run("abc")

    assert story.run("d") == {"d": D}
    assert story.current() == {A: None, B: None, C: None, D: D}
    assert [row[:3] for row in story.events()] == sorted([("created", D, None), ("retired", A, None)])

    assert story.run("db") == {"db": D}
    assert story.current() == {A: None, B: D, C: None, D: D}
    assert story.events() == [("merged", D, B, 0, ALONG)]


def test_nothing_left(story: Story) -> None:
    """A run without ids retires every main id."""
    story.run("ab c")

    assert story.run("") == {}
    assert story.current() == {A: None, C: None}


def test_retired_id_goes_along(story: Story) -> None:
    """A merged main id resolves to the profile of its anchor, even if it had been merged into another one."""
    story.run("a b c")
    story.run("abc")

    assert story.run("a bc") == {"a": A, "bc": B}
    assert story.current() == {A: A, B: B, C: B}
    assert story.events() == [("merged", B, C, 0, ALONG), ("restored", B, A, 2, LOST_LINKS)]


def test_reset_main_ids(story: Story) -> None:
    """Reset main ids are those of a first run; the old ones resolve to the profiles of their anchors."""
    story.run("b c")
    story.run("ab c", a=-1)

    assert story.run("ab c", a=-1, fresh=True) == {"ab": A, "c": C}
    assert story.current() == {A: A, B: A, C: C}
    assert story.events() == [("created", A, None, 0, FRESH), ("merged", A, B, 2, FRESH)]


def test_taken_over(story: Story) -> None:
    """Migrated main ids are created with the first run, get anchors from the data, and follow the same rules."""
    migrate(story, {"x": "bc", "y": "d", "z": "q"})

    assert story.run("abc d") == {"abc": "x", "d": "y"}
    assert story.events() == sorted(
        [("created", name, None, 0, MIGRATED) for name in "xyz"] + [("retired", "z", None, 0, NO_IDS)]
    )
    assert anchors(story) == {"x": "b", "y": "d", "z": "q"}

    assert story.run("abcd") == {"abcd": "x"}
    assert story.events() == [("merged", "x", "y", 1, NEW_LINKS)]


def test_taken_over_later(story: Story) -> None:
    """Published and migrated main ids of one profile are ordered by the time of their anchors; a migration applies once."""
    story.run("ab c")
    migrate(story, {"x": "b", "y": "c", A: "c"})
    added(story)

    assert story.run("ab c", b=-1) == {"ab": "x", "c": min(C, "y")}
    assert story.current() == {"x": "x", A: "x", "y": min(C, "y"), C: min(C, "y")}

    added(story)
    story.run("ab c", b=-1)
    assert story.events() == []


def migrate(story: Story, graph: dict[str, str]) -> None:
    rows = ", ".join(f"('{name}', '{i}', 'u')" for name, ids in graph.items() for i in ids)
    story.execute(
        f"CREATE OR REPLACE TABLE migrated_members AS FROM (VALUES {rows}) v(main_id, other_id, other_id_type)"
    )
    story.execute(
        "CREATE OR REPLACE TABLE migrated_anchors AS SELECT main_id, main_id AS current_main_id, MIN(other_id) AS anchor_id,"
        " 'u' AS anchor_id_type, NULL::BIGINT AS since_seq_no FROM migrated_members GROUP BY main_id"
    )
    if not story.has("before"):
        story.execute("CREATE TABLE before AS FROM migrated_anchors")
        story.execute("CREATE TABLE members AS FROM migrated_members")


def added(story: Story) -> None:
    migrated = sql(
        "main_ids/anchors_with_migrated", published_anchors=BEFORE, migrated=exp.to_table("migrated_anchors")
    )
    with_members = sql(
        "main_ids/members_with_migrated",
        published_members=MEMBERS,
        published_anchors=BEFORE,
        migrated=exp.to_table("migrated_members"),
    )
    story.execute(render(create_table(MEMBERS, with_members.tree), DUCKDB))
    story.execute(render(create_table(BEFORE, migrated.tree), DUCKDB))


def anchors(story: Story) -> dict[str, str]:
    return dict(story.connection.sql("SELECT main_id, anchor_id FROM before").fetchall())
