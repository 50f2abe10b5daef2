"""Explains why an id is in its profile, and how two ids came to share one.

Takes an open session and one or two ids; returns a `Profile` (one id), a `Chain` (two ids in one profile) or a
`NoMatch` (two ids that share no profile). Reads only the rows of the profile and the source rows on the chain.
``explain_no_match`` finds why two ids do not match.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from onefold.audit.articulation import KINDS, Articulation, ArticulationPoint, Bridge
from onefold.audit.explain_no_match import NoMatch, NotInGraph, explain_no_match, explain_not_in_graph
from onefold.audit.input_rows import input_rows
from onefold.audit.recommendations import (
    MOST_TRIED,
    culprits,
    exclude_ids,
    exclude_pair,
    exclusions,
    limits_question,
    validation,
)
from onefold.audit.records import Id, NextStep, SourceEvidence
from onefold.audit.resolve_ids import found_as, resolve_ids
from onefold.audit.source_rows import source_rows
from onefold.audit.subgraph import edges_of, evidence_query, keep_nodes, load_profile
from onefold.audit.what_if import WhatIf
from onefold.identity.components.shortest_paths import shortest_path
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.audit.records import OriginRows
    from onefold.audit.resolve_ids import ProfileRef, ResolvedId
    from onefold.audit.session import Session
    from onefold.audit.subgraph import Subgraph


@dataclass(frozen=True)
class SourceRow:
    """The rows of one source for an edge.

    Attributes:
        evidence: Number of rows and times.
        row: The earliest such row, by column; None if the source no longer has it.
        behind: If the source is a SQL model, the input rows from which it computes the ids, by input; empty if they
            cannot be traced.
    """

    evidence: SourceEvidence
    row: dict[str, Any] | None
    behind: tuple[OriginRows, ...] = ()


@dataclass(frozen=True)
class Link:
    """One step of a chain.

    Attributes:
        one: The nearer id.
        other: The next one.
        is_cut: Whether the edge is a bridge.
        cut: The bridge, if it links people.
        sources: The rows of each source.
    """

    one: Id
    other: Id
    is_cut: bool
    cut: Bridge | None
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
    steps: tuple[NextStep, ...]


@dataclass(frozen=True, repr=False)
class Profile(Short):
    """An id, its profile, and the ids and edges that link it.

    Attributes:
        main_id: The profile.
        counts: How many ids of each type it has.
        articulation_points: Ids whose removal disconnects people, worst first.
        bridges: Edges whose removal disconnects people, worst first.
        weigh: The source whose rows are counted as weight; None for no weight.
        found_as: What the project makes of the text that was given, where it makes an id of it.
        steps: What to do next.
    """

    id: Id
    main_id: str
    counts: dict[str, int]
    articulation_points: tuple[ArticulationPoint, ...]
    bridges: tuple[Bridge, ...]
    weigh: str | None
    found_as: tuple[str, ...]
    steps: tuple[NextStep, ...]


Explanation = Profile | Chain | NoMatch | NotInGraph


def explain(session: Session, first: str, second: str | None = None, *, with_rows: bool = True) -> Explanation:
    """Explain one id, or two.

    Args:
        session: The open graph.
        first: An id, or ``type:id``.
        second: Another one, or None.
        with_rows: Whether to fetch the source rows too.

    Raises:
        UsageError: If a text is an id of several types.
        ProjectError: If a setting of the audit names nothing.
    """
    if second is None:
        (one,) = resolve_ids(session, first)
        return _profile(session, one, one.profile) if one.profile is not None else explain_not_in_graph(session, one)
    one, other = resolve_ids(session, first, second)
    if one.profile is None or one.profile != other.profile:
        return explain_no_match(session, one, other)
    return _chain(session, (one, other), one.profile, with_rows=with_rows)


# --- one id ---


def _profile(session: Session, found: ResolvedId, profile: ProfileRef) -> Profile:
    part = load_profile(session, profile.number)
    cuts = Articulation(session, part)
    counts = {name: int(part.of_type(name).sum()) for name in part.types}
    steps = tuple(_steps_of_profile(session, found.id, part, cuts))
    weigh = session.project.settings.audit.weigh
    return Profile(found.id, profile.main_id, counts, cuts.ids(), cuts.edges(), weigh, found_as(found), steps)


def _steps_of_profile(session: Session, found: Id, part: Subgraph, cuts: Articulation) -> Iterator[NextStep]:
    excluded = list(exclusions(session, part, cuts))
    yield from excluded
    named = culprits(cuts)
    if not named and not excluded:
        yield NextStep("show all ids and edges of the profile", command=f"pb audit cluster {found.value}")
        return
    if named and named[0].id != found:
        command = f"pb audit explain {found.value} {named[0].id.value}"
        yield NextStep("show how this id is linked to the worst of them", command=command)
    if named:
        yield from limits_question(session, named[0].id)
    yield validation(session)


# --- two ids of one profile ---


def _chain(session: Session, ends: tuple[ResolvedId, ResolvedId], profile: ProfileRef, *, with_rows: bool) -> Chain:
    part = load_profile(session, profile.number)
    path = shortest_path(part.graph, *(part.node(end.number) for end in ends if end.number is not None))
    assert path is not None  # noqa: S101 - the certificate of the stitch says so
    cuts = Articulation(session, part)
    pairs = list(pairwise(part.ids(np.array(path))))
    keep_nodes(session, _PATH, part.number[path])
    edges = edges_of(session.fetch(evidence_query(session, _PATH)))
    evidence = {pair: edge.evidence for pair, edge in edges.items()}
    each = [(min(pair), max(pair)) for pair in pairs]
    wanted = [(pair, says) for pair in dict.fromkeys(each) for says in evidence[pair]]
    rows = source_rows(session, wanted) if with_rows else {}
    behind = input_rows(session, wanted) if with_rows else {}
    links = []
    for (one, other), pair, nodes in zip(pairs, each, pairwise(path), strict=True):
        each_source = ((says, (pair, says.source)) for says in evidence[pair])
        sources = tuple(SourceRow(says, rows.get(key), tuple(behind.get(key, ()))) for says, key in each_source)
        links.append(Link(one, other, *cuts.between(*nodes), sources))
    one, other = (end.id for end in ends)
    steps = tuple(_steps_of_chain(session, part, cuts, links, (one, other)))
    return Chain(one, other, profile.main_id, tuple(links), found_as(*ends), steps)


_PATH = "audit_path"
"""Temporary table of the ids on the chain."""


def _steps_of_chain(
    session: Session, part: Subgraph, cuts: Articulation, links: list[Link], ends: tuple[Id, Id]
) -> Iterator[NextStep]:
    """Culprits on the chain first, then the weakest edge."""
    trials = WhatIf(session, part)
    way = list(dict.fromkeys(found for link in links for found in (link.one, link.other)))
    excluded = []
    for step, culprit in _excluded(session, trials, cuts, way):
        is_apart = culprit not in ends and not trials.are_joined(*ends, [culprit])
        excluded.append(replace(step, what=f"{step.what}; this separates the two") if is_apart else step)
    yield from excluded
    cut = [link for link in links if link.is_cut]
    if not cut:
        yield NextStep("several chains join the two, so removing one edge does not separate them")
        what = "find the ids and edges that link the profile"
        yield NextStep(what, command=f"pb audit explain {links[0].one.value}" if links else None)
        if excluded:
            yield validation(session)
        return
    named = {found.id for found in culprits(cuts, way)}
    beside = [link for link in cut if link.one in named or link.other in named] or cut
    worst = max(beside, key=lambda link: (link.cut.damage.persons, link.cut.damage.ids) if link.cut else (0, 0))
    yield exclude_pair(session, worst.one, worst.other, trials.apart(worst.one, worst.other))
    yield validation(session)


def _excluded(session: Session, trials: WhatIf, cuts: Articulation, way: list[Id]) -> Iterator[tuple[NextStep, Id]]:
    """Recommend excluding the culprits on the chain; each exclusion is simulated."""
    for found in culprits(cuts, way)[:MOST_TRIED]:
        outcome = trials.without([found.id])
        if outcome.parts_people and found.kind is not None:
            yield exclude_ids(session, [found.id], KINDS[found.kind], outcome), found.id
