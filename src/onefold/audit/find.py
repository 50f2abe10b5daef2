"""An id as a person types it -> the ids of the graph that it means.

In: an open graph and a text: an id, a main id, or ``type:id``. Out: `Found` ids with their main ids, or the `Named`
profile; or an error that says why there is none. Looks into the tables of the graph, not into their views: one scan of
the ids, and for the rest single rows by their number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.origins import made_of
from onefold.audit.records import Id
from onefold.errors import Finding, UsageError
from onefold.identity.schema import NODE, in_version
from onefold.sql.id_graph import PROFILE

if TYPE_CHECKING:
    from onefold.audit.published import Published


@dataclass(frozen=True)
class Named:
    """A profile: its number in the graph, and its main id."""

    number: int
    main_id: str


@dataclass(frozen=True)
class Found:
    """An id and its profile.

    Attributes:
        number: Its number in the graph; None if the graph does not have the id.
        profile: Its profile; None likewise.
        made_by: What the project makes of the text that was given, where that is another one; None for nothing.
    """

    id: Id
    number: int | None = None
    profile: Named | None = None
    made_by: str | None = None

    @property
    def main_id(self) -> str | None:
        """The main id of its profile."""
        return self.profile.main_id if self.profile is not None else None


def find(published: Published, *texts: str) -> tuple[tuple[Found, ...], ...]:
    """The ids of the graph that each text means; none if there is none.

    Args:
        published: The open graph.
        texts: Each an id of any type, ``type:id``, or a raw value of which the project makes an id, such as an email
            that it hashes.
    """
    meant = [_meant(published, text) for text in texts]
    found = _looked_up(published, meant)
    missing = [n for n, ids in enumerate(found) if not ids]
    made = {n: made_of(published, texts[n]) for n in missing}
    derived = _looked_up(published, [set(ids) for ids in made.values()])
    for n, ids in zip(missing, derived, strict=True):
        found[n] = tuple(replace(one, made_by=made[n][one.id]) for one in ids)
    return tuple(found)


def found_as(*found: Found) -> tuple[str, ...]:
    """What the project makes of the texts that were given, in words, where it makes ids of them."""
    return tuple(f"{one.id} is {one.made_by}" for one in found if one.made_by is not None)


def _looked_up(published: Published, meant: list[set[Id]]) -> list[tuple[Found, ...]]:
    """The ids of the graph among those that each text can mean."""
    values = sorted({found.value for wanted in meant for found in wanted})
    if not values:
        return [() for _ in meant]
    kept = published.kept
    query = exp.select("other_id_type", "other_id", NODE, PROFILE).from_(kept.members)
    is_meant = exp.or_(*(exp.column("other_id").eq(exp.Literal.string(value)) for value in values))
    rows = published.rows(query.where(is_meant, in_version(kept.version)))
    profiles = {number: _profile(published, number) for number in {row[PROFILE] for row in rows}}
    found = [Found(Id(r["other_id_type"], r["other_id"]), r[NODE], profiles[r[PROFILE]]) for r in rows]
    found.sort(key=lambda f: f.id)
    return [tuple(f for f in found if f.id in wanted) for wanted in meant]


def _meant(published: Published, text: str) -> set[Id]:
    """The ids that a text can mean."""
    id_type, _, value = text.partition(":")
    of_type = {Id(id_type, value)} if id_type in published.id_types else set()
    return {Id(name, text) for name in published.id_types} | of_type


def _profile(published: Published, number: int) -> Named:
    """The profile of a number."""
    same = exp.column(PROFILE).eq(exp.Literal.number(number))
    query = exp.select("main_id").from_(published.kept.names).where(same, in_version(published.kept.version))
    return Named(number, published.rows(query)[0]["main_id"])


def named(published: Published, main_id: str) -> Named | None:
    """The profile of a main id; None if there is none."""
    kept = published.kept
    query = exp.select(PROFILE).from_(kept.names)
    query = query.where(exp.column("main_id").eq(exp.Literal.string(main_id)), in_version(kept.version))
    rows = published.rows(query)
    return Named(rows[0][PROFILE], main_id) if rows else None


def profile_of(published: Published, text: str) -> Named:
    """The profile that a text means: that of an id, or the one of a main id.

    Raises:
        UsageError: If there is none, or if the text is an id of several types in different profiles.
    """
    found = {f.profile for f in find(published, text)[0] if f.profile is not None}
    by_main_id = named(published, text) if not found else None
    if by_main_id is not None:
        return by_main_id
    if not found:
        message = f'no id and no profile is "{text}"'
        hint = f"`pb audit explain {text}` says whether a filter or a threshold leaves it out"
        raise UsageError(Finding("error", "unknown-id", message, hint=hint))
    if len(found) > 1:
        raise UsageError(_ambiguous(published, text))
    return found.pop()


def one_each(published: Published, *texts: str) -> tuple[Found, ...]:
    """The id that each text means, whether the graph has it or not.

    Raises:
        UsageError: If one is an id of several types in the graph.
    """
    return tuple(_one(published, text, found) for text, found in zip(texts, find(published, *texts), strict=True))


def _one(published: Published, text: str, found: tuple[Found, ...]) -> Found:
    if len(found) > 1:
        raise UsageError(_ambiguous(published, text))
    if found:
        return found[0]
    made = made_of(published, text)
    if len(made) == 1:
        ((only, words),) = made.items()
        return Found(only, made_by=words)
    id_type, _, value = text.partition(":")
    return Found(Id(id_type, value) if id_type in published.id_types and value else Id("", text))


def _ambiguous(published: Published, text: str) -> Finding:
    types = [found.id.type for found in find(published, text)[0]]
    message = f'"{text}" is an id of several types: {", ".join(types)}'
    return Finding("error", "ambiguous-id", message, hint=f"write {types[0]}:{text}")
