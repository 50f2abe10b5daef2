"""Render one template of a project.

In: text, a scope, the project's macros. Out: text without tags, and what its tokens stand for. Text without tags comes
back as it is, and Jinja2 is not even imported. Raises `ProjectError` with the place of the fault, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError
from onefold.template.references import TOKEN, References
from onefold.template.syntax import has_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.errors import Location
    from onefold.project.spec import Macro
    from onefold.template.references import Reference
    from onefold.template.scope import Scope


@dataclass(frozen=True)
class Rendered:
    """A rendered text.

    Attributes:
        text: With a token in place of each reference.
        references: What each token stands for.
    """

    text: str
    references: Mapping[str, Reference] = field(default_factory=dict)


def render(text: str, scope: Scope, macros: Mapping[str, Macro], at: Location) -> Rendered:
    """Render a template.

    Args:
        text: The template.
        scope: What it may name.
        macros: The project's macros by name.
        at: Where the text begins.

    Raises:
        ProjectError: If it is wrong; the finding says where.
    """
    looks_like_token = TOKEN.search(text)
    if looks_like_token is not None:
        message = f'"{looks_like_token[0]}" is a name that onefold keeps for itself'
        raise ProjectError(Finding("error", "reserved-name", message, at, "choose another name"))
    if not has_tags(text):
        return Rendered(text)
    from onefold.template.rendering import Rendering  # noqa: PLC0415 - imports Jinja2

    references = References()
    rendering = Rendering(scope, macros, references)
    return Rendered(rendering.text(text, at), references.by_token())
