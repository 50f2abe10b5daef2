"""Main id assignment: keep, create, merge, split, restore and retire main ids, and record the events (ADR 15).

Takes the ids of a run with their components, the main ids so far, and a store. Creates the temporary table ``named``
(component, main_id, and anchor: its node), and returns queries of the anchors after this run and of its events. Changes
no existing table. The SQL files of this folder describe each step. Several of them use these relations:

    graph               node, id, id_type, component, first_seen_at      the ids of this run (upload)
    earliest            component, node, id, id_type, generated_id       the initial main id of each component
                                                                         (upload)
    anchors_before      main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no
                                                             every main id ever published; current_main_id is itself if
                                                             it is in use, another one if it was merged, and null if it
                                                             was retired; since_seq_no is null for a migrated one until
                                                             a run has published it
    members_now         main_id, ids, and the columns of graph           where the ids of published profiles are now
    published_main_ids  main_id                                          every main id ever published
    created             component, node, id, id_type, main_id            the main ids that this run creates

A main id belongs to the component of its anchor. Of several main ids in one component, one in use takes precedence,
then the one whose anchor was seen first, then the smallest.

Guarantees, which the property tests check against a reference implementation in plain Python:

- Every main id ever published resolves to one main id in use, or to none. It resolves to that of the component of its
  anchor. While its anchor is not in the data, it follows the profile that it was in last. It resolves to none if no id
  of that profile was in the data of some run, until its anchor is in the data again.
- No main id is assigned twice: once published, it can only be kept, or restored by its anchor.
- The same data gives the same main ids and no events. Node numbers, row order and the times of ids other than anchors
  change no main id.
- The events of all runs, in order, determine the main ids in use and what each other one resolves to (`replayed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.identity.sql_files import NamedQuery, sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlglot import exp

    from onefold.identity.store import GraphStore


@dataclass(frozen=True)
class MainIdsSoFar:
    """The published main ids that a run needs.

    An incremental run needs the main ids of affected profiles, all that resolve to them, and all whose anchor is among
    its ids. The result is the same as with all main ids.

    Attributes:
        anchors: ``anchors_before``.
        members_now: ``members_now``, for the profiles of these main ids.
        published: ``published_main_ids``, complete.
    """

    anchors: NamedQuery
    members_now: NamedQuery
    published: NamedQuery


@dataclass(frozen=True)
class Assigned:
    """The assigned main ids, as queries over temporary tables.

    Attributes:
        anchors: The anchors of these main ids after this run, with new ones (`schema.ANCHOR_COLUMNS`).
        events: The events (`schema.EVENT_COLUMNS`); the caller adds the sequence number and the time.
    """

    anchors: NamedQuery
    events: NamedQuery


NAMED = "named"
"""The temporary table of the main id of each component."""


def assign_main_ids(store: GraphStore, before: MainIdsSoFar | None, *, reset: bool = False) -> Assigned:
    """Assign a main id to each component.

    Args:
        store: Holds ``graph`` and ``earliest``.
        before: The main ids so far; None if there are none.
        reset: Create all main ids as in a first run. Earlier ones resolve to the component of their anchor, or stay in
            use if the first-run formula gives them again. Requires all ids.

    Raises:
        EngineError: If a statement fails.
    """
    if before is None:
        store.temp_table(sql("main_ids/generated"), "created")
        store.temp_table(sql("main_ids/named_first"), NAMED)
        first = sql("main_ids/first_anchors", seq_no=store.seq_no)
        return Assigned(first, sql("main_ids/first_events", main_ids=sql("main_ids/named_first")))
    store.temp_table(sql("main_ids/found_anchors", anchors_before=before.anchors))
    store.temp_table(sql("main_ids/new_anchors", members_now=before.members_now))
    store.temp_table(sql("main_ids/anchored"))
    if reset:
        store.temp_table(sql("main_ids/generated"), "created")
        store.temp_table(sql("main_ids/named_first"), NAMED)
    else:
        store.temp_table(sql("main_ids/kept"))
        _create(store, before.published)
        store.temp_table(sql("main_ids/named"))
    store.temp_table(sql("main_ids/current_main_ids"))
    store.temp_table(sql("main_ids/resolved"))
    store.temp_table(sql("main_ids/moves", members_now=before.members_now))
    store.temp_table(sql("main_ids/new_main_ids"))
    store.temp_table(sql("main_ids/origins"))
    anchors = sql("main_ids/anchors_after", seq_no=store.seq_no)
    return Assigned(anchors, sql("main_ids/events", is_reset=reset))


def _create(store: GraphStore, published: NamedQuery) -> None:
    """Create a main id for each component that keeps none.

    No main id is assigned twice. If the generated id of a node was published before (the node was the anchor of a
    profile that has another anchor now), the ids generated from ``<id>#2``, ``<id>#3`` and so on are tried in turn,
    with the same id type. All components of a run try the same number at the same time, so two components never
    propose the same id.
    """
    store.temp_table(sql("main_ids/proposed"))
    store.temp_table(sql("main_ids/unused", published_main_ids=published), "created")
    # Terminates: a component meets each published main id at most once.
    while store.temp_table(sql("main_ids/clashing")):
        store.temp_table(sql("main_ids/proposed_again"), "proposed")
        store.add_to("created", sql("main_ids/unused_again", published_main_ids=published))


def counts_of(store: GraphStore, events: NamedQuery | exp.Table) -> Mapping[str, int]:
    """The number of events by kind.

    Raises:
        EngineError: If the query fails.
    """
    rows = store.fetch(sql("main_ids/event_counts", events=events)).to_pylist()
    return {row["event"]: int(row["events"]) for row in rows}


@dataclass(frozen=True)
class Event:
    """The main ids of one row of a history.

    Attributes:
        event: Its kind.
        main_id: The main id of the event.
        previous_main_id: The main id that it came from, or that was merged into it.
    """

    event: str
    main_id: str
    previous_main_id: str | None = None


def replayed(runs: Iterable[Iterable[Event]]) -> dict[str, str | None]:
    """The main id that each published main id resolves to, or None, derived from the events alone.

    Args:
        runs: The events of each run, in the order of the runs; those of one run in any order.

    >>> replayed([[Event("created", "a"), Event("created", "b")], [Event("merged", "a", "b")]])
    {'a': 'a', 'b': 'a'}
    """
    current: dict[str, str | None] = {}
    for run in runs:
        events = tuple(run)
        current |= {e.main_id: e.main_id for e in events if e.event in {"created", "split"}}
        merged = {e.previous_main_id: e.main_id for e in events if e.event == "merged"}
        # First, all main ids follow the profile that they resolved to; then those with an event of their own.
        became: dict[str | None, str | None] = {e.main_id: None for e in events if e.event == "retired"}
        became |= merged
        current = {main_id: became.get(now, now) for main_id, now in current.items()}
        current |= {main_id: now for main_id, now in merged.items() if main_id is not None}
        current |= {e.main_id: e.main_id for e in events if e.event == "restored"}
    return current
