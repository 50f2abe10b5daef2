"""Why an id is in its profile, and how two ids came to share one.

In: an open graph and one or two ids. Out: a `Profile` (one id), a `Chain` (two ids of one profile) or an `Apart` (two
of different ones, or of none). Reads the rows of the profile only, and those source rows that the chain goes through;
what keeps two ids apart is looked for in ``apart``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from onefold.audit import edits
from onefold.audit.apart import Absent, Apart, absent, apart
from onefold.audit.cuts import KINDS, CutEdge, CutId, Cuts
from onefold.audit.find import found_as, one_each
from onefold.audit.input_rows import input_rows
from onefold.audit.parts import edges_of, evidence_query, keep_nodes, load_profile
from onefold.audit.recommendations import MOST_TRIED, culprits, exclusions, limits_question
from onefold.audit.records import Evidence, Id, Step
from onefold.audit.source_rows import source_rows
from onefold.audit.trials import Trials
from onefold.identity.components.shortest_paths import shortest_path
from onefold.shown import Short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.audit.find import Found, Named
    from onefold.audit.parts import Part
    from onefold.audit.published import Published
    from onefold.audit.records import InputRows


@dataclass(frozen=True)
class SourceRow:
    """What one source says of a link.

    Attributes:
        evidence: How often, and when.
        row: The earliest row that says so, by column; None where the source does not have it any more.
        behind: Where the source is a SQL model, the rows of inputs that it has made the ids from, by input; none where
            that cannot be followed.
    """

    evidence: Evidence
    row: dict[str, Any] | None
    behind: tuple[InputRows, ...] = ()


@dataclass(frozen=True)
class Link:
    """One step of a chain.

    Attributes:
        one: The nearer id.
        other: The next one.
        is_cut: Whether the two ends of the chain are apart without it.
        cut: What falls off without it, where it is a cut edge that parts people.
        sources: What says so.
    """

    one: Id
    other: Id
    is_cut: bool
    cut: CutEdge | None
    sources: tuple[SourceRow, ...]


@dataclass(frozen=True, repr=False)
class Chain(Short):
    """The shortest chain of source rows between two ids of one profile.

    Attributes:
        main_id: The profile.
        links: From the one to the other; none if they are the same id.
        found_as: What the project makes of the texts that were given, where it makes ids of them.
        steps: What to do next.
    """

    one: Id
    other: Id
    main_id: str
    links: tuple[Link, ...]
    found_as: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, repr=False)
class Profile(Short):
    """An id, its profile, and what holds it together.

    Attributes:
        main_id: The profile.
        counts: How many ids of each type it has.
        cut_ids: Ids without which people fall off, the worst first.
        cut_edges: Edges likewise.
        weigh: What the weight of a damage counts; None for nothing.
        found_as: What the project makes of the text that was given, where it makes an id of it.
        steps: What to do next.
    """

    id: Id
    main_id: str
    counts: dict[str, int]
    cut_ids: tuple[CutId, ...]
    cut_edges: tuple[CutEdge, ...]
    weigh: str | None
    found_as: tuple[str, ...]
    steps: tuple[Step, ...]


Explanation = Profile | Chain | Apart | Absent


def explain(published: Published, first: str, second: str | None = None, *, with_rows: bool = True) -> Explanation:
    """Explain one id, or two.

    Args:
        published: The open graph.
        first: An id, or ``type:id``.
        second: Another one, or None.
        with_rows: Also fetch the rows themselves from the sources.

    Raises:
        UsageError: If a text is an id of several types.
        ProjectError: If a setting of the audit names nothing.
    """
    if second is None:
        (one,) = one_each(published, first)
        return _profile(published, one, one.profile) if one.profile is not None else absent(published, one)
    one, other = one_each(published, first, second)
    if one.profile is None or one.profile != other.profile:
        return apart(published, one, other)
    return _chain(published, (one, other), one.profile, with_rows=with_rows)


# --- one id ---


def _profile(published: Published, found: Found, profile: Named) -> Profile:
    part = load_profile(published, profile.number)
    cuts = Cuts(published, part)
    counts = {name: int(part.of_type(name).sum()) for name in part.types}
    steps = tuple(_steps_of_profile(published, found.id, part, cuts))
    weigh = published.project.settings.audit.weigh
    return Profile(found.id, profile.main_id, counts, cuts.ids(), cuts.edges(), weigh, found_as(found), steps)


def _steps_of_profile(published: Published, found: Id, part: Part, cuts: Cuts) -> Iterator[Step]:
    excluded = list(exclusions(published, part, cuts))
    yield from excluded
    named = culprits(cuts)
    if not named and not excluded:
        yield Step("all ids and edges of the profile", command=f"pb audit cluster {found.value}")
        return
    if named and named[0].id != found:
        command = f"pb audit explain {found.value} {named[0].id.value}"
        yield Step("how the id came to the worst of them", command=command)
    if named:
        yield from limits_question(published, named[0].id)
    yield edits.validation(published)


# --- two ids of one profile ---


def _chain(published: Published, ends: tuple[Found, Found], profile: Named, *, with_rows: bool) -> Chain:
    part = load_profile(published, profile.number)
    path = shortest_path(part.graph, *(part.node(end.number) for end in ends if end.number is not None))
    assert path is not None  # noqa: S101 - the certificate of the stitch says so
    cuts = Cuts(published, part)
    pairs = list(pairwise(part.ids(np.array(path))))
    keep_nodes(published, _PATH, part.number[path])
    edges = edges_of(published.fetch(evidence_query(published, _PATH)))
    evidence = {pair: edge.evidence for pair, edge in edges.items()}
    each = [(min(pair), max(pair)) for pair in pairs]
    wanted = [(pair, says) for pair in dict.fromkeys(each) for says in evidence[pair]]
    rows = source_rows(published, wanted) if with_rows else {}
    behind = input_rows(published, wanted) if with_rows else {}
    links = []
    for (one, other), pair, nodes in zip(pairs, each, pairwise(path), strict=True):
        each_source = ((says, (pair, says.source)) for says in evidence[pair])
        sources = tuple(SourceRow(says, rows.get(key), tuple(behind.get(key, ()))) for says, key in each_source)
        links.append(Link(one, other, *cuts.between(*nodes), sources))
    one, other = (end.id for end in ends)
    steps = tuple(_steps_of_chain(published, part, cuts, links, (one, other)))
    return Chain(one, other, profile.main_id, tuple(links), found_as(*ends), steps)


_PATH = "audit_path"
"""Temporary table: the ids on the way."""


def _steps_of_chain(
    published: Published, part: Part, cuts: Cuts, links: list[Link], ends: tuple[Id, Id]
) -> Iterator[Step]:
    """The culprit on the way first, as everywhere; then the weakest link."""
    trials = Trials(published, part)
    way = list(dict.fromkeys(found for link in links for found in (link.one, link.other)))
    excluded = []
    for step, culprit in _excluded(published, trials, cuts, way):
        is_apart = culprit not in ends and not trials.are_joined(*ends, [culprit])
        excluded.append(replace(step, what=f"{step.what}; the two are then apart") if is_apart else step)
    yield from excluded
    cut = [link for link in links if link.is_cut]
    if not cut:
        yield Step("more than one chain joins them: no single edge keeps them together")
        what = "what holds the profile together"
        yield Step(what, command=f"pb audit explain {links[0].one.value}" if links else None)
        if excluded:
            yield edits.validation(published)
        return
    named = {found.id for found in culprits(cuts, way)}
    beside = [link for link in cut if link.one in named or link.other in named] or cut
    worst = max(beside, key=lambda link: (link.cut.damage.persons, link.cut.damage.ids) if link.cut else (0, 0))
    yield edits.apart(published, worst.one, worst.other, trials.apart(worst.one, worst.other))
    yield edits.validation(published)


def _excluded(published: Published, trials: Trials, cuts: Cuts, way: list[Id]) -> Iterator[tuple[Step, Id]]:
    """The culprits on the way, each tried."""
    for found in culprits(cuts, way)[:MOST_TRIED]:
        outcome = trials.without([found.id])
        if outcome.parts_people and found.kind is not None:
            yield edits.exclude(published, [found.id], KINDS[found.kind], outcome), found.id
