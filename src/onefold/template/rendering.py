"""One rendering: a template with the macros and files it uses. The only module that runs Jinja2.

In: a scope, macros, the references to fill. Out: text; or a `ProjectError` with the line of the fault, in the macro or in the
text that it is in. A macro is text: its inputs are put in, and the result is rendered where the macro is called, so that
it sees what the caller sees, and a template in a quoted argument works.
"""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError

from onefold.errors import Finding, ProjectError, suggest
from onefold.template.objects import objects
from onefold.template.sandbox import MOST_DEPTH, Budget, Limit, Sandbox
from onefold.template.syntax import has_tags, tags, to_jinja

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2.runtime import Context

    from onefold.errors import Location
    from onefold.project.spec import Macro
    from onefold.template.references import References
    from onefold.template.scope import Scope

_UNDEFINED = re.compile(r"^'([^']+)' is undefined$")
_NO_ATTRIBUTE = re.compile(r"has no attribute '([^']+)'")


class Rendering:
    """Renders one text, and what that text calls."""

    def __init__(self, scope: Scope, macros: Mapping[str, Macro], references: References) -> None:
        self._macros, self._budget, self._depth = macros, Budget(), 0
        self._names: dict[str, Any] = {name: self._caller(macro) for name, macro in macros.items()}
        self._names |= objects(scope, references)

    def text(self, text: str, at: Location, own: Mapping[str, Any] | None = None) -> str:
        """Render a text.

        Args:
            text: The template.
            at: Where it begins.
            own: Names besides those of the scope.

        Raises:
            ProjectError: If it is wrong.
        """
        if not has_tags(text):
            return text
        if self._depth >= MOST_DEPTH:
            raise _error("macro-too-deep", "macros call each other in a circle, or too deeply", at)
        names = {**self._names, **(own or {})}
        self._depth += 1
        try:
            sandbox = Sandbox(self._budget, len(text), self._macros)
            sandbox.filters["exec"] = self._exec(at)
            template = sandbox.from_string(to_jinja(text))
            return template.render(names)
        except ProjectError:
            raise
        except RecursionError:
            raise _error("macro-too-deep", "the template calls itself too deeply", at) from None
        except Exception as error:
            raise self._located(error, text, at, names) from error
        finally:
            self._depth -= 1

    # --- macros and files ---

    def _caller(self, macro: Macro) -> Callable[..., str]:
        """The function that a template calls by the macro's name."""

        @pass_context
        def call(context: Context, *arguments: Any, **around: Any) -> str:
            if len(arguments) != len(macro.inputs):
                wanted = f"{len(macro.inputs)} ({', '.join(macro.inputs)})" if macro.inputs else "none"
                message = f'macro "{macro.name}" takes {wanted} arguments, not {len(arguments)}'
                raise TemplateError(message)
            place = macro.at.value("value")
            seen = {**_own_names(context), **around}
            given = {n: self._argument(v, place, seen) for n, v in zip(macro.inputs, arguments, strict=True)}
            return self.text(macro.value, place, {**seen, **given})

        return call

    def _argument(self, value: Any, at: Location, seen: Mapping[str, Any]) -> Any:
        """An argument; one that is a template itself is rendered with what the caller sees."""
        return self.text(value, at, seen) if isinstance(value, str) and has_tags(value) else value

    def _exec(self, at: Location) -> Callable[..., str]:
        """The filter behind ``{% exec %}``: renders what its body gave, the text of a file for example."""

        @pass_context
        def execute(context: Context, body: str) -> str:
            return self.text(body, at, _own_names(context))

        return execute

    # --- errors ---

    def _located(self, error: Exception, text: str, at: Location, names: Mapping[str, Any]) -> ProjectError:
        line = _line_of(error)
        message = _first_line(error)
        if isinstance(error, UndefinedError) and (found := _UNDEFINED.match(message)):
            name = found[1]
            known = [n for n in names if not n.startswith("_")]
            hint = suggest(name, known) or f"known here: {', '.join(sorted(known))}"
            return _error("unknown-name", f'"{name}" is not known in this template', _place(text, at, line, name), hint)
        if isinstance(error, UndefinedError) and (found := _NO_ATTRIBUTE.search(message)):
            return _error("unknown-name", f'there is no "{found[1]}" here', _place(text, at, line, found[1]))
        where = _place(text, at, line)
        if isinstance(error, Limit):
            return _error("template-limit", message, where, "do less in the template, more in SQL")
        if isinstance(error, SecurityError):
            return _error("template-forbidden", f"a template may not do this: {message}", where)
        if isinstance(error, TemplateSyntaxError):
            return _error("template-syntax", message.rstrip("."), where, 'text that holds "{{" or "{%" is written {{ "{{" }}')
        if isinstance(error, OverflowError):
            return _error("template-limit", message, where, "do less in the template, more in SQL")
        return _error("template-error", message or type(error).__name__, where)


def _error(code: str, message: str, at: Location, hint: str | None = None) -> ProjectError:
    return ProjectError(Finding("error", code, message, at, hint))


def _own_names(context: Context) -> dict[str, Any]:
    """What the template itself has set so far."""
    return {**context.parent, **context.vars}


def _line_of(error: Exception) -> int:
    """The line of the template that an error comes from; Jinja2 puts it into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return int(error.lineno)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
    return int(frames[-1].lineno or 1) if frames else 1


def _first_line(error: Exception) -> str:
    text = getattr(error, "message", None) or str(error)
    return str(text).strip().splitlines()[0] if str(text).strip() else ""


def _place(text: str, at: Location, line: int, name: str | None = None) -> Location:
    """The tag of ``text`` on a line; of several the one that holds ``name``."""
    found = [t for t in tags(text) if t.line <= line <= t.line + t.text.count("\n")]
    named = [t for t in found if name is not None and name in t.text]
    for tag in (*named, *found):
        return at.inside(tag.line, tag.column)
    return at.inside(line, 1)
