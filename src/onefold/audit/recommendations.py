"""Which change to advise: the likely cause first, and only what parts people when it is tried.

In: profiles and what holds them together. Out: `Step` records, each with the figures that it would give. One notion of
a culprit serves every answer: an id that looks like a shared account, a shared device or a link in a chain
(``cuts``). Where none does and a profile still has too many people, several crowded ids hold it together at once: they
are tried together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onefold.audit import edits
from onefold.audit.cuts import KINDS
from onefold.audit.records import Step
from onefold.audit.trials import Trials
from onefold.identity.metrics import ids_bounds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from onefold.audit.cuts import CutId, Cuts
    from onefold.audit.parts import Part
    from onefold.audit.published import Published
    from onefold.audit.records import Id

MOST_TRIED = 3
"""How many culprits are tried, each alone."""

MOST_TOGETHER = 6
"""How many crowded ids are tried together, where none alone holds a profile together."""


def culprits(cuts: Cuts, among: Collection[Id] | None = None) -> tuple[CutId, ...]:
    """The ids that hold strangers together, the worst first.

    Args:
        cuts: The cuts of some profiles.
        among: Only these; None for all.
    """
    return tuple(c for c in cuts.ids() if c.kind is not None and (among is None or c.id in among))


def exclusions(published: Published, part: Part, cuts: Cuts, among: Collection[Id] | None = None) -> Iterator[Step]:
    """Ids to exclude, each tried; ends with nothing where no exclusion parts people.

    Args:
        published: The open graph.
        part: Some profiles of it, loaded last.
        cuts: Their cuts.
        among: Only these ids come into question; None for all.
    """
    trials = Trials(published, part)
    named = culprits(cuts, among)
    for culprit in named[:MOST_TRIED]:
        outcome = trials.without([culprit.id])
        if outcome.parts_people:
            assert culprit.kind is not None  # noqa: S101 - `culprits` gives no others
            yield edits.exclude(published, [culprit.id], KINDS[culprit.kind], outcome)
    if not named and among is None:
        yield from _together(published, part, trials)


def _together(published: Published, part: Part, trials: Trials) -> Iterator[Step]:
    """The fewest of the most crowded ids of the worst profile that part its people when they go together."""
    person = published.person
    most = ids_bounds(published.project.settings.checks, person, person).warn
    people = np.bincount(part.profile[part.of_type(person)], minlength=part.profiles.size)
    if most is None or not people.size or people.max() <= most:
        return
    to_people = np.where(part.of_type(person), 0, part.neighbours_of_type(person))
    crowded = np.flatnonzero((part.profile == int(people.argmax())) & (to_people > most))
    worst = crowded[np.argsort(-to_people[crowded], kind="stable")][:MOST_TOGETHER]
    ids = part.ids(worst)
    for count in range(1, len(ids) + 1):
        outcome = trials.without(ids[:count])
        if outcome.parts_people:
            what = "ids that many people have" if count > 1 else "an id that many people have"
            yield edits.exclude(published, ids[:count], what, outcome)
            return


def limits_question(published: Published, culprit: Id) -> Iterator[Step]:
    """How to see what limits on the type of a culprit would do, which other ids they would touch among it."""
    if culprit.type != published.person:
        command = f"pb audit thresholds --of {culprit.type} --counts {published.person}"
        yield Step(f"what a limit of {published.person} per {culprit.type} would do to all ids", command=command)
