"""Render one template of a project.

In: text, a scope, the project's macros. Out: text without tags, and what its tokens stand for. Text without tags
comes back as it is, and Jinja2 is not even imported. Raises `ProjectError` with the place of the fault, and nothing
else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError
from onefold.template.references import TOKEN, References, refuse_tokens
from onefold.template.syntax import has_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.errors import Location
    from onefold.project.spec import Macro
    from onefold.template.references import Reference
    from onefold.template.scope import TemplateScope

_TOKEN_WORD = re.compile(r"\w*__ref_\d+__\w*", re.IGNORECASE)
_TOUCHING = re.compile(r"(?<=\w)\{\{|\}\}(?=\w|\{\{)")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Rendered:
    """A rendered text.

    Attributes:
        text: With a token in place of each reference.
        references: What each token stands for.
    """

    text: str
    references: Mapping[str, Reference] = field(default_factory=dict)


def render(text: str, scope: TemplateScope, macros: Mapping[str, Macro], at: Location) -> Rendered:
    """Render a template.

    Args:
        text: The template.
        scope: What it may name.
        macros: The project's macros by name.
        at: Where the text begins.

    Raises:
        ProjectError: If it is wrong; the finding says where.
    """
    refuse_tokens(text, at)
    if not has_tags(text):
        _refuse_broken(text, at)
        return Rendered(text)
    from onefold.template.rendering import Rendering  # noqa: PLC0415 - imports Jinja2

    references = References()
    rendered = Rendering(scope, macros, references).text(text, at)
    by_token = references.by_token()
    return Rendered(_checked(rendered, text, by_token, at), by_token)


def _checked(text: str, source: str, by_token: Mapping[str, Reference], at: Location) -> str:
    """The text with its tokens in their usual case; refuses what is no text, or no token of this rendering.

    Templates can put words together. What came to look like a token must be one, and a token that touches another
    word would be read as a part of it.
    """
    _refuse_broken(text, at)
    for word in _TOKEN_WORD.findall(text):
        if word.lower() not in by_token:
            message = f'a reference touches the word around it: "{word}"'
            hint = "put a space, a quote or an operator between them"
            raise ProjectError(Finding("error", "touching-reference", message, _touching(source, at), hint))
    return TOKEN.sub(lambda token: token[0].lower(), text)


def _refuse_broken(text: str, at: Location) -> None:
    broken = _NO_TEXT.search(text)
    if broken is not None:
        message = f"the text holds a character that no database takes: U+{ord(broken[0]):04X}"
        raise ProjectError(Finding("error", "template-error", message, at))


def _touching(source: str, at: Location) -> Location:
    """The first place where a tag touches a word; where the text begins if it happens elsewhere, in a macro."""
    found = _TOUCHING.search(source)
    if found is None:
        return at
    before = source[: found.start()]
    return at.inside(before.count("\n") + 1, found.start() - before.rfind("\n"))
