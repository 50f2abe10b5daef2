"""Renders one template of a project.

Takes text, a scope and the project's macros; returns text without tags, and the reference of each token. Text without
tags is returned as it is, without importing Jinja2. Raises only `ProjectError`, with the location of the error.
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
        text: The text, with a token in place of each reference.
        references: The reference of each token.
    """

    text: str
    references: Mapping[str, Reference] = field(default_factory=dict)


def render(text: str, scope: TemplateScope, macros: Mapping[str, Macro], at: Location) -> Rendered:
    """Render a template.

    Args:
        text: The template.
        scope: The names that it may use.
        macros: The project's macros by name.
        at: Location of the template.

    Raises:
        ProjectError: If the template is invalid; the finding has the location.
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
    """The text with its tokens in canonical case; raises if a character or a token is invalid.

    Templates can concatenate words. A word that looks like a token must be a token of this rendering. A token must not
    touch another word, because it would be read as part of it.
    """
    _refuse_broken(text, at)
    for word in _TOKEN_WORD.findall(text):
        if word.lower() not in by_token:
            message = f'a reference is not separated from the word around it: "{word}"'
            hint = "separate them with a space, a quote or an operator"
            raise ProjectError(Finding("error", "touching-reference", message, _touching(source, at), hint))
    return TOKEN.sub(lambda token: token[0].lower(), text)


def _refuse_broken(text: str, at: Location) -> None:
    broken = _NO_TEXT.search(text)
    if broken is not None:
        message = f"the text contains a character that databases do not accept: U+{ord(broken[0]):04X}"
        raise ProjectError(Finding("error", "template-error", message, at))


def _touching(source: str, at: Location) -> Location:
    """The first location where a tag touches a word; the start of the text if that happens in a macro."""
    found = _TOUCHING.search(source)
    if found is None:
        return at
    before = source[: found.start()]
    return at.inside(before.count("\n") + 1, found.start() - before.rfind("\n"))
