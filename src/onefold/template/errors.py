"""Converts errors of a template into a `ProjectError` with its location and a hint.

Takes an exception from Jinja2 or from a function that the template called, and the template. Renders nothing.
"""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError

from onefold.errors import Finding, Location, ProjectError, suggest
from onefold.template.budget import LimitError
from onefold.template.filters import NAMES
from onefold.template.syntax import find_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from onefold.template.syntax import Jinja

_UNDEFINED = re.compile(r"^'([^']+)' is undefined$")
_NO_ATTRIBUTE = re.compile(r"^'([^']+)' has no attribute '([^']+)'$")
_NO_FILTER = re.compile(r"^No filter named '([^']+)'")
_WITH = re.compile(r"\{%[-+]?\s*with\b")
_MOST_FINDINGS = 20
"""Unknown names that are reported at once."""
_LESS = "do less in the template, more in SQL"
_OUTSIDE = "a reference is only text while the template is rendered; move the arithmetic out of {{ }}"
_LITERAL = 'to write a literal "{{" or "{%", use {{ "{{" }}'
_NEST = "names in one {% with %} cannot use each other; nest a second {% with %}"
_TIME = "the end time of the run is end_time, for example {{ end_time.Format(...) }}; in SQL it is end_time_sql"
_TYPE = "use .Model.ModelType()"
_FILE = 'to read a file, use {% exec %}{{ this.ReadFile("path") }}{% endexec %}'


@dataclass(frozen=True)
class TemplateSource:
    """A template and its location.

    Attributes:
        text: The template as the author wrote it.
        at: Location of the first character.
        jinja: The template translated to Jinja2's syntax.
    """

    text: str
    at: Location
    jinja: Jinja

    def place(self, error: BaseException) -> Location:
        """The location in the template that an error comes from."""
        return self.at.inside(*self.start(_line_of(error)))

    def start(self, line: int) -> tuple[int, int]:
        """The location of the tag on a line of the Jinja2 text."""
        places = self.jinja.places
        return places[min(max(line, 1), len(places)) - 1]

    def name(self, name: str, line: int, *, behind_dot: bool = False) -> Location:
        """The location of a name in the tag on a line of the Jinja2 text."""
        start = self.start(line)
        return self.at.inside(*(find_name(self.text, *start, name, behind_dot=behind_dot) or start))


def located(
    error: Exception, source: TemplateSource, used: Iterable[tuple[str, int]], known: Collection[str]
) -> ProjectError:
    """The error for the user.

    Args:
        error: The exception.
        source: The template.
        used: Names that the template expects from its scope, with their lines in the Jinja2 text.
        known: Names that are available to it.
    """
    message = _first_line(error)
    if isinstance(error, UndefinedError):
        return _undefined(error, message, source, used, known)
    if isinstance(error, TemplateSyntaxError):
        return _syntax(error, message.rstrip("."), source)
    where = source.place(error)
    if isinstance(error, ValueError) and message.startswith("Exceeds the limit"):
        message, error = "a number is too large", LimitError()
    if isinstance(error, LimitError | OverflowError | MemoryError):
        return template_error("template-limit", message or "out of memory", where, _LESS)
    if isinstance(error, SecurityError):
        return template_error("template-forbidden", f"this is not allowed in a template: {message.rstrip('.')}", where)
    arithmetic = isinstance(error, TypeError) and ("operand" in message or "concatenate" in message)
    return template_error("template-error", message or type(error).__name__, where, _OUTSIDE if arithmetic else None)


def template_error(code: str, message: str, where: Location, hint: str | None = None) -> ProjectError:
    """An error with one finding."""
    return ProjectError(Finding("error", code, message, where, hint))


def called(error: ProjectError, macro: str, caller: Location) -> ProjectError:
    """The error of a macro, with the location of the call unless an inner call is already named."""
    if any("called at " in finding.message for finding in error.findings):
        return error
    return ProjectError(
        Finding(f.severity, f.code, f'{f.message}, in macro "{macro}" called at {caller}', f.where, f.hint)
        for f in error.findings
    )


def _syntax(error: TemplateSyntaxError, message: str, source: TemplateSource) -> ProjectError:
    if message.startswith("Unexpected end of template") and source.jinja.unclosed:
        word, place = source.jinja.unclosed[0]
        close = f"close it with {{% {word} %}}"
        return template_error("template-syntax", "this block is not closed", source.at.inside(*place), close)
    where, hint = source.place(error), None
    if "end of template" in message:  # in a tag that is not closed: the last one
        where = source.at.inside(*source.jinja.places[-1])
    if found := _NO_FILTER.match(message):
        message = f'there is no filter "{found[1]}"'
        hint = suggest(found[1], NAMES) or f"filters: {', '.join(sorted(NAMES))}"
    elif message.startswith("{% ") and message.endswith(" is not supported"):
        hint = _FILE
    elif message.lower().startswith(("unexpected", "expected")):
        hint = _LITERAL
    return template_error("template-syntax", message, where, hint)


def _undefined(
    error: Exception, message: str, source: TemplateSource, used: Iterable[tuple[str, int]], known: Collection[str]
) -> ProjectError:
    line = _line_of(error)
    if found := _UNDEFINED.match(message):
        missing: dict[str, int] = {}
        for name, place in sorted(used, key=lambda use: use[1]):
            if name not in known and name != "range" and len(missing) < _MOST_FINDINGS:
                missing.setdefault(name, place)
        missing.setdefault(found[1], line)
        findings = [_unknown(name, place, source, known) for name, place in missing.items()]
        return ProjectError(sorted(findings, key=_order))
    if found := _NO_ATTRIBUTE.match(message):
        owner, name = found[1], found[2]
        where = source.name(name, line, behind_dot=True)
        if owner == "None":
            hint = "the value does not exist in this run; test it first: {% if x|isnil %}"
            return template_error("unknown-name", f'the value that "{name}" is read from does not exist', where, hint)
        kind = owner.removesuffix(" object").rsplit(".", 1)[-1].lower()
        return template_error(
            "unknown-name", f'"{kind}" has no "{name}"', where, _TYPE if name == "ModelType" else None
        )
    return template_error("unknown-name", message, source.place(error))


def _unknown(name: str, line: int, source: TemplateSource, known: Collection[str]) -> Finding:
    start = source.start(line)
    spelled = "forloop" if name == "loop" and find_name(source.text, *start, "forloop") else name
    names = sorted(n for n in known if not n.startswith("_") and n != "range")
    rest = "\n".join(source.text.split("\n")[start[0] - 1 :])[start[1] - 1 :]
    hint: str | None = suggest(name, names) or f"available: {', '.join(names)}"
    hint = _TIME if name == "timestamp" else hint
    if _WITH.match(rest) and re.search(rf"\b{re.escape(name)}\s*=", rest.partition("%}")[0]):
        hint = _NEST
    message = f'"{spelled}" is not defined in this template'
    return Finding("error", "unknown-name", message, source.name(spelled, line), hint)


def _order(finding: Finding) -> tuple[int, int]:
    where = finding.where
    return (where.line, where.column) if isinstance(where, Location) else (0, 0)


def _line_of(error: BaseException) -> int:
    """The line of the template that an error comes from; Jinja2 adds it to the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return int(error.lineno)
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == "<template>"]
    return lines[-1] if lines else 1


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "message", None) or error).strip()
    return text.splitlines()[0].replace("'Named' object", "an entity or model") if text else ""
