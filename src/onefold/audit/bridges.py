"""The ids and edges that link unrelated people.

Takes an open session; returns `Bridges`. Finds articulation points and bridges, ids with several people, and people
with many ids. Articulation points reveal chains in which no single id stands out. Reads only suspect profiles: those
with several people, or with more ids of a type than expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from onefold.audit.articulation import MOST, Articulation, first_places
from onefold.audit.recommendations import culprits, exclusions, limits_question, validation
from onefold.audit.records import Id, NextStep
from onefold.audit.subgraph import load_profiles
from onefold.identity.metrics import ids_bounds
from onefold.short_repr import Short
from onefold.sql.id_graph import PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from onefold.audit.articulation import ArticulationPoint, Bridge, Kind
    from onefold.audit.records import Verdict
    from onefold.audit.session import Session
    from onefold.audit.subgraph import Subgraph

MANY_IDS = 20
"""People with more ids of another type than this are listed."""


@dataclass(frozen=True)
class Connector:
    """An id that shares source rows with many ids of another type."""

    id: Id
    main_id: str
    counts: str
    neighbours: int


@dataclass(frozen=True, repr=False)
class Bridges(Short):
    """The ids and edges that link unrelated people.

    Attributes:
        verdict: ``warn`` if any id has a kind.
        person: The id type that stands for a person.
        weigh: The source whose rows are counted as weight; None for no weight.
        articulation_points: Those with a kind first, then by damage.
        bridges: The worst first.
        connectors: Ids linked to several people, most first.
        high_degree_people: People with many ids of another type.
        named: Number of ids of each kind.
        totals: The number of cut points, bridges, connectors and high-degree people; at most `MOST` of each are given.
        steps: What to do next.
    """

    verdict: Verdict
    person: str
    weigh: str | None
    articulation_points: tuple[ArticulationPoint, ...]
    bridges: tuple[Bridge, ...]
    connectors: tuple[Connector, ...]
    high_degree_people: tuple[Connector, ...]
    named: dict[Kind, int]
    totals: dict[str, int]
    steps: tuple[NextStep, ...] = ()


def bridges(session: Session) -> Bridges:
    """Find the bridges of a graph, and the articulation points that have a kind or disconnect people.

    Raises:
        ProjectError: If a setting of the audit names nothing.
    """
    part = load_profiles(session, _suspects(session))
    cuts = Articulation(session, part)
    ids = cuts.ids()
    person = session.person
    is_person = part.of_type(person)
    to_people = part.neighbours_of_type(person)
    connectors = _connectors(part, person, np.where(is_person, 0, to_people), 1)
    high_degree_people, many = [], 0
    for other in part.types:
        found = _connectors(part, other, np.where(is_person, part.neighbours_of_type(other), 0), MANY_IDS)
        high_degree_people += found[0]
        many += found[1]
    totals = (*cuts.totals, connectors[1], many)
    return Bridges(
        verdict="warn" if any(cuts.named.values()) else "pass",
        person=person,
        weigh=session.project.settings.audit.weigh,
        articulation_points=ids,
        bridges=cuts.edges(),
        connectors=tuple(connectors[0]),
        high_degree_people=tuple(high_degree_people),
        named=cuts.named,
        totals=dict(zip(("articulation_points", "bridges", "connectors", "high_degree_people"), totals, strict=True)),
        steps=tuple(_steps(session, part, cuts)),
    )


def _connectors(part: Subgraph, counts: str, neighbours: NDArray[np.int64], most: int) -> tuple[list[Connector], int]:
    """The nodes with more than ``most`` neighbours, most first, and their total number."""
    found = np.flatnonzero(neighbours > most)
    first = found[first_places((-neighbours[found],), MOST, lambda places: part.names(found[places]))]
    ids, main_ids = part.ids(first), part.main_ids(first)
    rows = zip(ids, main_ids, neighbours[first].tolist(), strict=True)
    return [Connector(found_id, main_id, counts, count) for found_id, main_id, count in rows], int(found.size)


def _suspects(session: Session) -> exp.Select:
    """Profiles with several people, or with more ids of another type than expected."""
    checks, person = session.project.settings.checks, session.person
    conditions = []
    for n, name in enumerate(session.id_types):
        most = 1 if name == person else ids_bounds(checks, name, person).warn
        if most is not None:
            conditions.append(exp.column(f"ids_{n}") > exp.convert(min(most, MANY_IDS)))
    return exp.select(PROFILE).from_(session.sizes).where(exp.or_(*conditions))


def _steps(session: Session, part: Subgraph, cuts: Articulation) -> Iterator[NextStep]:
    excluded = list(exclusions(session, part, cuts))
    yield from excluded
    worst = next(iter(culprits(cuts)), None)
    if worst is not None:
        yield NextStep("see what the worst id links", command=f"pb audit explain {worst.id.value}")
        yield from limits_question(session, worst.id)
    if excluded:
        yield validation(session)
    elif worst is None:
        yield NextStep(
            "look for implausible feature values, a common sign of a wrong merge", command="pb audit features"
        )
