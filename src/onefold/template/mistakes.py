"""What went wrong in a template -> a `ProjectError` with its place and the next step.

In: an exception from Jinja2 or from what a template called, and the template. Out: the error for the user. Renders
nothing.
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
"""Unknown names that are told at once."""
_LESS = "do less in the template, more in SQL"
_OUTSIDE = "a reference is text while the template runs: write the arithmetic outside of {{ }}"
_LITERAL = 'text that holds "{{" or "{%" is written {{ "{{" }}'
_NEST = "names of one {% with %} do not see each other: put a second {% with %} inside"
_TIME = "the end of the run is end_time, as in {{ end_time.Format(...) }}, or end_time_sql for SQL"
_TYPE = "the type of a model is that of its .Model: .Model.ModelType()"
_FILE = 'a file is read by {% exec %}{{ this.ReadFile("path") }}{% endexec %}'


@dataclass(frozen=True)
class TemplateSource:
    """A template and where it begins.

    Attributes:
        text: As the author wrote it.
        at: Where it begins.
        jinja: In Jinja2's spelling.
    """

    text: str
    at: Location
    jinja: Jinja

    def place(self, error: BaseException) -> Location:
        """Where in the template an error comes from."""
        return self.at.inside(*self.start(_line_of(error)))

    def start(self, line: int) -> tuple[int, int]:
        """The place of the tag on a line of the Jinja2 text."""
        places = self.jinja.places
        return places[min(max(line, 1), len(places)) - 1]

    def name(self, name: str, line: int, *, behind_dot: bool = False) -> Location:
        """The place of a name in the tag on a line of the Jinja2 text."""
        start = self.start(line)
        return self.at.inside(*(find_name(self.text, *start, name, behind_dot=behind_dot) or start))


def located(
    error: Exception, source: TemplateSource, used: Iterable[tuple[str, int]], known: Collection[str]
) -> ProjectError:
    """The error for the user.

    Args:
        error: What was raised.
        source: The template.
        used: Names that it takes from outside, with their lines in the Jinja2 text.
        known: Names that it could have used.
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
        return mistake("template-limit", message or "out of memory", where, _LESS)
    if isinstance(error, SecurityError):
        return mistake("template-forbidden", f"a template may not do this: {message.rstrip('.')}", where)
    arithmetic = isinstance(error, TypeError) and ("operand" in message or "concatenate" in message)
    return mistake("template-error", message or type(error).__name__, where, _OUTSIDE if arithmetic else None)


def mistake(code: str, message: str, where: Location, hint: str | None = None) -> ProjectError:
    """An error with one finding."""
    return ProjectError(Finding("error", code, message, where, hint))


def called(error: ProjectError, macro: str, caller: Location) -> ProjectError:
    """The error of a macro, with the place where the macro was called, unless an inner call is named already."""
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
        return mistake("template-syntax", "nothing closes this block", source.at.inside(*place), close)
    where, hint = source.place(error), None
    if "end of template" in message:  # in a tag that nothing closes: the last one
        where = source.at.inside(*source.jinja.places[-1])
    if found := _NO_FILTER.match(message):
        message = f'there is no filter "{found[1]}"'
        hint = suggest(found[1], NAMES) or f"filters: {', '.join(sorted(NAMES))}"
    elif message.startswith("there is no {% "):
        hint = _FILE
    elif message.lower().startswith(("unexpected", "expected")):
        hint = _LITERAL
    return mistake("template-syntax", message, where, hint)


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
            hint = "this run does not have the value; ask first: {% if x|isnil %}"
            return mistake("unknown-name", f'there is nothing to take "{name}" of', where, hint)
        kind = owner.removesuffix(" object").rsplit(".", 1)[-1].lower()
        return mistake("unknown-name", f'"{kind}" has no "{name}"', where, _TYPE if name == "ModelType" else None)
    return mistake("unknown-name", message, source.place(error))


def _unknown(name: str, line: int, source: TemplateSource, known: Collection[str]) -> Finding:
    start = source.start(line)
    spelled = "forloop" if name == "loop" and find_name(source.text, *start, "forloop") else name
    names = sorted(n for n in known if not n.startswith("_") and n != "range")
    rest = "\n".join(source.text.split("\n")[start[0] - 1 :])[start[1] - 1 :]
    hint: str | None = suggest(name, names) or f"known here: {', '.join(names)}"
    hint = _TIME if name == "timestamp" else hint
    if _WITH.match(rest) and re.search(rf"\b{re.escape(name)}\s*=", rest.partition("%}")[0]):
        hint = _NEST
    message = f'"{spelled}" is not known in this template'
    return Finding("error", "unknown-name", message, source.name(spelled, line), hint)


def _order(finding: Finding) -> tuple[int, int]:
    where = finding.where
    return (where.line, where.column) if isinstance(where, Location) else (0, 0)


def _line_of(error: BaseException) -> int:
    """The line of the template that an error comes from; Jinja2 puts it into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return int(error.lineno)
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == "<template>"]
    return lines[-1] if lines else 1


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "message", None) or error).strip()
    return text.splitlines()[0].replace("'Named' object", "an entity or model") if text else ""
