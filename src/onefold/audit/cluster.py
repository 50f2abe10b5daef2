"""All ids and edges of one profile.

Takes an open session and an id; returns a `Cluster`. Reads only the rows of that profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.records import Edge, Id, NextStep
from onefold.audit.resolve_ids import resolve_profile
from onefold.audit.subgraph import NODES, edges_of, evidence_query, keep_profile
from onefold.engines.values import values
from onefold.short_repr import Short

if TYPE_CHECKING:
    from datetime import datetime

    from onefold.audit.session import Session


@dataclass(frozen=True)
class Member:
    """An id of a profile.

    Attributes:
        neighbours: Number of ids that share a source row with it.
        first_seen_at: When it was first seen.
        valid_at: Since when it has been connected to the first id of the profile.
    """

    id: Id
    neighbours: int
    first_seen_at: datetime | str | None
    valid_at: datetime | str | None


@dataclass(frozen=True, repr=False)
class Cluster(Short):
    """A profile.

    Attributes:
        main_id: Its main id.
        counts: How many ids of each type it has.
        members: Its ids, by type and value.
        edges: Its edges, by ids.
        steps: What to do next.
    """

    main_id: str
    counts: dict[str, int]
    members: tuple[Member, ...]
    edges: tuple[Edge, ...]
    steps: tuple[NextStep, ...]


def cluster(session: Session, text: str) -> Cluster:
    """The profile of an id, or of a main id.

    Raises:
        UsageError: If there is none.
    """
    profile = resolve_profile(session, text)
    keep_profile(session, profile.number)
    edges = edges_of(session.fetch(evidence_query(session)))
    neighbours: dict[Id, int] = {}
    for pair in edges:
        for found in pair:
            neighbours[found] = neighbours.get(found, 0) + 1
    names = ("other_id_type", "other_id", "first_seen_at", "valid_at")
    rows = session.fetch(exp.select(*names).from_(NODES).order_by("other_id_type", "other_id"))
    members = []
    for id_type, value, first_seen_at, valid_at in zip(*(values(rows[name]) for name in names), strict=True):
        found = Id(id_type, value)
        members.append(Member(found, neighbours.get(found, 0), first_seen_at, valid_at))
    counts = {name: sum(m.id.type == name for m in members) for name in session.id_types}
    steps = (
        NextStep("find the ids and edges that link unrelated people", command=f"pb audit explain {text}"),
        NextStep("show how two of its ids are joined", command=f"pb audit explain {text} OTHER_ID"),
    )
    return Cluster(profile.main_id, counts, tuple(members), tuple(edges.values()), steps)
