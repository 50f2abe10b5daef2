"""Main id assignment: keep, create, merge, split, restore and retire main ids, and tell what happened (ADR 15).

In: the ids of a run with their components, the main ids so far, a store. Out: the temporary table ``named`` (component,
main_id, and anchor: its node), and queries of the anchors after this run and of its events. Changes nothing of what
was there before. The SQL files of this folder say what each step does; these relations are in several of them:

    graph               node, id, id_type, component, first_seen_at      the ids of this run (upload)
    earliest            component, node, id, id_type, generated_id       what names each component if nothing else does
                                                                         (upload)
    anchors_before      main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no
                                                             every main id ever published; current_main_id is itself for
                                                             one in use, another for one that went into it, null for
                                                             one of which nothing is left; since_seq_no is null for one
                                                             taken over from elsewhere, until a run has published it
    members_now         main_id, ids, and the columns of graph           where the ids of the published profiles are now
    published_main_ids  main_id                                          every main id ever published
    created             component, node, id, id_type, main_id            the main ids that this run creates

A main id stands where its anchor lies. Of several in one component those in use come first, then the anchor that was
seen first, then the smallest main id.

Guarantees, each of which the property tests hold against a twin in plain Python:

- Every main id ever published resolves to exactly one in use, or to none. It resolves to that of the component in
  which its anchor lies; while its anchor is not in the data, to what has become of the profile that it was in last; to
  none if nothing of that profile was left in the data of some run and its anchor has not come back since.
- No main id is assigned twice: once published, it can only be kept, or restored by its anchor.
- The same data again gives the same main ids and no event. The numbers of the nodes, their order and the times of ids
  other than anchors rename nobody.
- The events of all runs, in order, give the main ids in use and what each of the others resolves to, as
  `replayed` shows.
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
    """What was published before, as far as a run looks at it.

    An incremental run looks at the main ids of affected profiles, all that resolve to them, and all whose anchor is
    among the ids at hand. The result is that of a look at everything.

    Attributes:
        anchors: ``anchors_before``.
        members_now: ``members_now``, of profiles whose main id is among them.
        published: ``published_main_ids``, all of them.
    """

    anchors: NamedQuery
    members_now: NamedQuery
    published: NamedQuery


@dataclass(frozen=True)
class Assigned:
    """What was found, as queries over temporary tables.

    Attributes:
        anchors: The anchors after this run, of what was looked at and of new main ids (`schema.ANCHOR_COLUMNS`).
        events: What happened (`schema.EVENT_COLUMNS`); the caller adds the sequence number and the time.
    """

    anchors: NamedQuery
    events: NamedQuery


NAMED = "named"
"""The temporary table of the main id of each component."""


def assign_main_ids(store: GraphStore, before: MainIdsSoFar | None, *, reset: bool = False) -> Assigned:
    """Give each component its main id.

    Args:
        store: Has ``graph`` and ``earliest``.
        before: The main ids so far; None if there are none.
        reset: Forget what main ids there were: all are created by the formula of a first run, and those of before
            resolve to where their anchors lie. One that the formula gives again is simply current. Needs all ids.

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

    No main id is assigned twice. Where the generated id of a node was published before (it was the anchor of a
    profile that has another anchor now), the ids generated from ``<id>#2``, ``<id>#3`` and so on are tried in turn,
    with the same id type. Within a run each component is at the same number at the same time, so that two of them
    propose one id only if they propose it for one node.
    """
    store.temp_table(sql("main_ids/proposed"))
    store.temp_table(sql("main_ids/unused", published_main_ids=published), "created")
    # Ends: each main id ever published is met at most once for each component.
    while store.temp_table(sql("main_ids/clashing")):
        store.temp_table(sql("main_ids/proposed_again"), "proposed")
        store.add_to("created", sql("main_ids/unused_again", published_main_ids=published))


def counts_of(store: GraphStore, events: NamedQuery | exp.Table) -> Mapping[str, int]:
    """How many events there are of each kind.

    Raises:
        EngineError: If the query fails.
    """
    rows = store.fetch(sql("main_ids/event_counts", events=events)).to_pylist()
    return {row["event"]: int(row["events"]) for row in rows}


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

    >>> replayed([[Event("created", "a"), Event("created", "b")], [Event("merged", "a", "b")]])
    {'a': 'a', 'b': 'a'}
    """
    current: dict[str, str | None] = {}
    for run in runs:
        events = tuple(run)
        current |= {e.main_id: e.main_id for e in events if e.event in {"created", "split"}}
        merged = {e.previous_main_id: e.main_id for e in events if e.event == "merged"}
        # First, all that resolved to a profile share its fate; then those that went their own way.
        became: dict[str | None, str | None] = {e.main_id: None for e in events if e.event == "retired"}
        became |= merged
        current = {main_id: became.get(now, now) for main_id, now in current.items()}
        current |= {main_id: now for main_id, now in merged.items() if main_id is not None}
        current |= {e.main_id: e.main_id for e in events if e.event == "restored"}
    return current
