"""Recommends changes: the likely cause first, and only changes that separate people in a simulation.

Takes a subgraph and its articulation points; returns `NextStep` records. Each has the file and line to edit or the
command to run, and the figures after the change. All answers share one notion of a culprit: an id that looks like a
shared account, a shared device or a link in a chain (``articulation``). If there is no culprit but a profile has too
many people, several ids link it at once, so they are tried together.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import numpy as np

from onefold.audit.articulation import KINDS
from onefold.audit.records import NextStep
from onefold.audit.what_if import WhatIf
from onefold.identity.metrics import ids_bounds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from onefold.audit.articulation import Articulation, ArticulationPoint
    from onefold.audit.records import Id, SimulatedChange
    from onefold.audit.session import Session
    from onefold.audit.subgraph import Subgraph
    from onefold.errors import Location
    from onefold.project.spec import ProjectSpec

VALIDATION = "pb plan"
"""The command that validates a recommendation."""

MOST_TRIED = 3
"""The most culprits that are tried one by one."""

MOST_TOGETHER = 6
"""The most ids that are tried together if no single id links a profile."""


def culprits(cuts: Articulation, among: Collection[Id] | None = None) -> tuple[ArticulationPoint, ...]:
    """The ids that link unrelated people, the worst first.

    Args:
        cuts: The cuts of some profiles.
        among: Only these; None for all.
    """
    return tuple(c for c in cuts.ids() if c.kind is not None and (among is None or c.id in among))


def exclusions(
    session: Session, part: Subgraph, cuts: Articulation, among: Collection[Id] | None = None
) -> Iterator[NextStep]:
    """Recommend ids to exclude. Each exclusion is simulated, and omitted if it separates no people.

    Args:
        session: The open graph.
        part: Some profiles of it, loaded last.
        cuts: Their cuts.
        among: Candidate ids; None for all.
    """
    trials = WhatIf(session, part)
    named = culprits(cuts, among)
    for culprit in named[:MOST_TRIED]:
        outcome = trials.without([culprit.id])
        if outcome.parts_people:
            assert culprit.kind is not None  # noqa: S101 - `culprits` gives no others
            yield exclude_ids(session, [culprit.id], KINDS[culprit.kind], outcome)
    if not named and among is None:
        yield from _together(session, part, trials)


def _together(session: Session, part: Subgraph, trials: WhatIf) -> Iterator[NextStep]:
    """The fewest highest-degree ids of the worst profile that separates its people if excluded together."""
    person = session.person
    most = ids_bounds(session.project.settings.checks, person, person).warn
    people = np.bincount(part.profile[part.of_type(person)], minlength=part.profiles.size)
    if most is None or not people.size or people.max() <= most:
        return
    to_people = np.where(part.of_type(person), 0, part.neighbours_of_type(person))
    over_limit = np.flatnonzero((part.profile == int(people.argmax())) & (to_people > most))
    worst = over_limit[np.argsort(-to_people[over_limit], kind="stable")][:MOST_TOGETHER]
    ids = part.ids(worst)
    for count in range(1, len(ids) + 1):
        outcome = trials.without(ids[:count])
        if outcome.parts_people:
            what = "ids shared by many people" if count > 1 else "an id shared by many people"
            yield exclude_ids(session, ids[:count], what, outcome)
            return


def limits_question(session: Session, culprit: Id) -> Iterator[NextStep]:
    """Recommend a threshold sweep for the id type of a culprit."""
    if culprit.type != session.person:
        command = f"pb audit thresholds --of {culprit.type} --counts {session.person}"
        yield NextStep(f"see the effect of limiting {session.person} per {culprit.type} on all ids", command=command)


# --- how to make a change, and where ---


def validation(session: Session) -> NextStep:
    """Recommend a preview of an edit before it is published."""
    return NextStep("preview the change before you publish it", command=f"{VALIDATION} -m {session.step.ref}")


def exclude_ids(session: Session, ids: Sequence[Id], why: str, outcome: SimulatedChange) -> NextStep:
    """Recommend excluding ids, by id rules, or by id filters if the project disables rules.

    Args:
        session: The open graph.
        ids: The ids.
        why: A description of the ids.
        outcome: The simulated change.
    """
    named = ", ".join(map(str, ids))
    if session.project.stitcher_rules.enabled or not _are_off(session.project):
        commands = " && ".join(add_rule(session, "exclude", found) for found in ids)
        return NextStep(f"exclude {named}, {why}", command=commands, outcome=outcome)
    lines = ", ".join(f'`- {{type: exclude, value: "{found.value}"}}`' for found in ids)
    at = str(filters_at(session.project, ids[0].type))
    return NextStep(f"exclude {named}, {why}: add {lines} to its filters", at, outcome=outcome)


def _are_off(project: ProjectSpec) -> bool:
    """Whether the project disables id rules."""
    given = project.file.id_stitcher_rules
    return "enabled" in given.model_fields_set and not given.enabled


def add_rule(session: Session, action: str, *ids: Id) -> str:
    """The command that adds a rule about an id, or about a pair."""
    named = " ".join(shlex.quote(f"{found.type}:{found.value}") for found in ids)
    entity = f" --entity {session.step.entity}" if len(session.project.file.entities) > 1 else ""
    return f"pb idstitch rules add {action} {named}{entity}"


def filters_at(project: ProjectSpec, id_type: str) -> Location | str:
    """The location of the filters of an id type, or of the type if it has none."""
    for record in project.file.id_types:
        if record.name == id_type:
            return record.at.value("filters")
    return "pb_project.yaml"


def limits_at(project: ProjectSpec, id_type: str) -> Location | str:
    """The location of ``maximum_edges`` of an id type, or of the type if it has none."""
    for record in project.file.id_types:
        if record.name == id_type:
            return record.at.value("maximum_edges")
    return "pb_project.yaml"


def exclude_pair(session: Session, one: Id, other: Id, outcome: SimulatedChange) -> NextStep:
    """Recommend a rule that removes an edge."""
    return NextStep(
        "remove the edge between the two", command=add_rule(session, "exclude", one, other), outcome=outcome
    )
