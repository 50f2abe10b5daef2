"""An id as a person types it -> the ids of the graph that it means.

In: an open graph and a text: an id, a main id, or ``type:id``. Out: `Found` ids with their main ids; or an error that
says why there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.records import Id
from onefold.errors import Finding, UsageError

if TYPE_CHECKING:
    from onefold.audit.published import Published


@dataclass(frozen=True)
class Found:
    """An id and its profile.

    Attributes:
        main_id: Its profile; None if the graph does not have the id.
    """

    id: Id
    main_id: str | None


def find(published: Published, text: str) -> tuple[Found, ...]:
    """The ids of the graph that a text means; none if there is none.

    Args:
        published: The open graph.
        text: An id of any type, or ``type:id``.
    """
    wanted = _condition(exp.column("other_id"), text)
    id_type, _, value = text.partition(":")
    if id_type in published.id_types:
        typed = exp.and_(
            exp.column("other_id_type").eq(exp.Literal.string(id_type)), _condition(exp.column("other_id"), value)
        )
        wanted = exp.or_(wanted, typed)
    query = exp.select("other_id_type", "other_id", exp.column(published.step.main_id).as_("main_id"))
    rows = published.rows(query.from_(published.graph).where(wanted))
    found = (Found(Id(r["other_id_type"], r["other_id"]), r["main_id"]) for r in rows)
    return tuple(sorted(found, key=lambda f: f.id))


def profile_of(published: Published, text: str) -> str:
    """The main id of the profile that a text means: that of an id, or a main id itself.

    Raises:
        UsageError: If there is none, or if the text is an id of several types in different profiles.
    """
    main_ids = {f.main_id for f in find(published, text) if f.main_id is not None}
    if not main_ids:
        query = exp.select(exp.column(published.step.main_id).as_("main_id")).from_(published.graph)
        query = query.where(_condition(exp.column(published.step.main_id), text)).limit(1)
        main_ids = {row["main_id"] for row in published.rows(query)}
    if not main_ids:
        message = f'no id and no profile is "{text}"'
        hint = f"`pb audit explain {text}` says whether a filter or a threshold leaves it out"
        raise UsageError(Finding("error", "unknown-id", message, hint=hint))
    if len(main_ids) > 1:
        raise UsageError(_ambiguous(published, text))
    return main_ids.pop()


def one_id(published: Published, text: str) -> Found:
    """The id that a text means, whether the graph has it or not.

    Raises:
        UsageError: If it is an id of several types in the graph.
    """
    found = find(published, text)
    if len(found) > 1:
        raise UsageError(_ambiguous(published, text))
    if found:
        return found[0]
    id_type, _, value = text.partition(":")
    return Found(Id(id_type, value), None) if id_type in published.id_types and value else Found(Id("", text), None)


def _ambiguous(published: Published, text: str) -> Finding:
    types = [found.id.type for found in find(published, text)]
    message = f'"{text}" is an id of several types: {", ".join(types)}'
    return Finding("error", "ambiguous-id", message, hint=f"write {types[0]}:{text}")


def _condition(column: exp.Column, text: str) -> exp.Expr:
    return column.eq(exp.Literal.string(text))
