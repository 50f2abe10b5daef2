"""Resolves typed ids to ids of the graph.

Takes an open graph and a text: an id, a main id, or ``type:id``. Returns the matching ids with their main ids
(`ResolvedId`), a profile (`ProfileRef`), or an error with the reason. Reads the tables of the graph instead of its
views: one scan of the ids, then single rows by number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.column_lineage import ids_made_of
from onefold.audit.records import Id
from onefold.errors import Finding, UsageError
from onefold.identity.schema import NODE, in_version
from onefold.sql.id_graph import PROFILE

if TYPE_CHECKING:
    from onefold.audit.session import Session


@dataclass(frozen=True)
class ProfileRef:
    """A profile: its number in the graph, and its main id."""

    number: int
    main_id: str


@dataclass(frozen=True)
class ResolvedId:
    """An id and its profile.

    Attributes:
        number: Its number in the graph; None if the graph does not have the id.
        profile: Its profile; None likewise.
        made_by: What the project makes of the text that was given, where that is another one; None for nothing.
    """

    id: Id
    number: int | None = None
    profile: ProfileRef | None = None
    made_by: str | None = None

    @property
    def main_id(self) -> str | None:
        """The main id of its profile."""
        return self.profile.main_id if self.profile is not None else None


def matching_ids(session: Session, *texts: str) -> tuple[tuple[ResolvedId, ...], ...]:
    """Find the matching ids of the graph for each text.

    Args:
        session: The open graph.
        texts: Each an id of any type, ``type:id``, or a raw value of which the project makes an id, such as an email
            that it hashes.
    """
    meant = [_meant(session, text) for text in texts]
    found = _looked_up(session, meant)
    missing = [n for n, ids in enumerate(found) if not ids]
    made = {n: ids_made_of(session, texts[n]) for n in missing}
    derived = _looked_up(session, [set(ids) for ids in made.values()])
    for n, ids in zip(missing, derived, strict=True):
        found[n] = tuple(replace(one, made_by=made[n][one.id]) for one in ids)
    return tuple(found)


def found_as(*found: ResolvedId) -> tuple[str, ...]:
    """How texts were resolved, in words, if the project transforms them into ids."""
    return tuple(f"{one.id} is {one.made_by}" for one in found if one.made_by is not None)


def _looked_up(session: Session, meant: list[set[Id]]) -> list[tuple[ResolvedId, ...]]:
    """The possible ids of each text that are in the graph."""
    values = sorted({found.value for wanted in meant for found in wanted})
    if not values:
        return [() for _ in meant]
    tables = session.tables
    query = exp.select("other_id_type", "other_id", NODE, PROFILE).from_(tables.members)
    is_meant = exp.or_(*(exp.column("other_id").eq(exp.Literal.string(value)) for value in values))
    rows = session.rows(query.where(is_meant, in_version(tables.version)))
    profiles = {number: _profile(session, number) for number in {row[PROFILE] for row in rows}}
    found = [ResolvedId(Id(r["other_id_type"], r["other_id"]), r[NODE], profiles[r[PROFILE]]) for r in rows]
    found.sort(key=lambda f: f.id)
    return [tuple(f for f in found if f.id in wanted) for wanted in meant]


def _meant(session: Session, text: str) -> set[Id]:
    """The possible ids of a text."""
    id_type, _, value = text.partition(":")
    of_type = {Id(id_type, value)} if id_type in session.id_types else set()
    return {Id(name, text) for name in session.id_types} | of_type


def _profile(session: Session, number: int) -> ProfileRef:
    """The profile with a number."""
    same = exp.column(PROFILE).eq(exp.Literal.number(number))
    query = exp.select("main_id").from_(session.tables.names).where(same, in_version(session.tables.version))
    return ProfileRef(number, session.rows(query)[0]["main_id"])


def profile_of_main_id(session: Session, main_id: str) -> ProfileRef | None:
    """The profile with a main id, or None."""
    tables = session.tables
    query = exp.select(PROFILE).from_(tables.names)
    query = query.where(exp.column("main_id").eq(exp.Literal.string(main_id)), in_version(tables.version))
    rows = session.rows(query)
    return ProfileRef(rows[0][PROFILE], main_id) if rows else None


def resolve_profile(session: Session, text: str) -> ProfileRef:
    """Resolve a text to a profile, by id or by main id.

    Raises:
        UsageError: If there is none, or if the text is an id of several types in different profiles.
    """
    found = {f.profile for f in matching_ids(session, text)[0] if f.profile is not None}
    by_main_id = profile_of_main_id(session, text) if not found else None
    if by_main_id is not None:
        return by_main_id
    if not found:
        message = f'no id and no profile is "{text}"'
        hint = f"`pb audit explain {text}` says whether a filter or a threshold leaves it out"
        raise UsageError(Finding("error", "unknown-id", message, hint=hint))
    if len(found) > 1:
        raise UsageError(_ambiguous(session, text))
    return found.pop()


def resolve_ids(session: Session, *texts: str) -> tuple[ResolvedId, ...]:
    """Resolve each text to an id, in the graph or not.

    Raises:
        UsageError: If one is an id of several types in the graph.
    """
    return tuple(_one(session, text, found) for text, found in zip(texts, matching_ids(session, *texts), strict=True))


def _one(session: Session, text: str, found: tuple[ResolvedId, ...]) -> ResolvedId:
    if len(found) > 1:
        raise UsageError(_ambiguous(session, text))
    if found:
        return found[0]
    made = ids_made_of(session, text)
    if len(made) == 1:
        ((only, words),) = made.items()
        return ResolvedId(only, made_by=words)
    id_type, _, value = text.partition(":")
    return ResolvedId(Id(id_type, value) if id_type in session.id_types and value else Id("", text))


def _ambiguous(session: Session, text: str) -> Finding:
    types = [found.id.type for found in matching_ids(session, text)[0]]
    message = f'"{text}" is an id of several types: {", ".join(types)}'
    return Finding("error", "ambiguous-id", message, hint=f"write {types[0]}:{text}")
