"""One rendering: a template with the macros and files that it uses. The only module that runs Jinja2.

Takes a scope, macros, and a collection for references; returns text. Raises `ProjectError` with the location in the
macro, file or text that is wrong. A macro is text: its inputs are substituted, and the result is rendered where the
macro is called. It therefore sees the names of its caller, and a template in a quoted argument works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Undefined, pass_context
from jinja2.exceptions import TemplateRuntimeError

from onefold.errors import Location, ProjectError
from onefold.template.budget import MOST_DEPTH, MOST_NESTING, MOST_PARTS, MOST_TEXT, Budget
from onefold.template.errors import TemplateSource, called, located, template_error
from onefold.template.objects import objects
from onefold.template.references import refuse_tokens
from onefold.template.sandbox import Around, Sandbox
from onefold.template.syntax import has_tags, to_jinja

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2.runtime import Context

    from onefold.project.spec import Macro
    from onefold.template.references import References
    from onefold.template.scope import TemplateScope

_LESS = "do less in the template, more in SQL"


class Rendering:
    """Renders one text and everything that it calls."""

    def __init__(self, scope: TemplateScope, macros: Mapping[str, Macro], references: References) -> None:
        self._macros, self._budget, self._depth = macros, Budget(), 0
        self._calls: list[str] = []
        self._read: dict[str, str] = {}
        self._names: dict[str, Any] = {name: self._caller(macro) for name, macro in macros.items()}
        self._names |= objects(scope, references, self._read)

    def text(self, text: str, at: Location, own: Mapping[str, Any] | None = None) -> str:
        """Render a text.

        Args:
            text: The template.
            at: Location of the template.
            own: Names besides those of the scope.

        Raises:
            ProjectError: If the template is invalid.
        """
        if not has_tags(text):
            return text
        if self._depth >= MOST_DEPTH:
            raise template_error("template-limit", "macros and files are nested too deeply", at, _LESS)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > MOST_TEXT:
            raise template_error("template-limit", f"the template has more than {MOST_TEXT} characters", at, _LESS)
        jinja = to_jinja(text)
        if jinja.depth > MOST_NESTING or jinja.parts > MOST_PARTS:
            raise template_error("template-limit", "a tag is too long, or tags are nested too deeply", at, _LESS)
        names = {**self._names, **(own or {})}
        self._depth += 1
        sandbox = Sandbox(self._budget, len(text), self._macros)
        try:
            sandbox.filters["exec"] = self._exec(at)
            return sandbox.from_string(jinja.text).render(names)
        except _CalledError as error:
            raise called(error.cause, error.macro, TemplateSource(text, at, jinja).place(error)) from error.cause
        except ProjectError:
            raise
        except RecursionError:
            raise template_error(
                "template-limit", "the template calls itself, or is nested too deeply", at, _LESS
            ) from None
        except Exception as error:
            raise located(error, TemplateSource(text, at, jinja), sandbox.used, names) from error
        finally:
            self._depth -= 1

    # --- macros and files ---

    def _caller(self, macro: Macro) -> Callable[..., str]:
        """The function that a template calls by the name of a macro."""

        @pass_context
        def call(context: Context, *arguments: Any, **named: Any) -> str:
            around, *given = arguments if arguments and isinstance(arguments[0], Around) else ({}, *arguments)
            _check_inputs(macro, given, named)
            seen = {**context.parent, **context.vars}
            seen |= {name: value for name, value in around.items() if not isinstance(value, Undefined)}
            try:
                return self._expand(macro, given, seen)
            except ProjectError as error:
                raise _CalledError(macro.name, error) from error

        call.__name__ = macro.name
        return call

    def _expand(self, macro: Macro, given: list[Any], seen: Mapping[str, Any]) -> str:
        at = macro.at.value("value")
        if macro.name in self._calls:
            cycle = " -> ".join([*self._calls[self._calls.index(macro.name) :], macro.name])
            raise template_error("macro-cycle", f"these macros call each other in a cycle: {cycle}", at)
        refuse_tokens(macro.value, at)
        inputs = {n: self._argument(v, at, seen) for n, v in zip(macro.inputs, given, strict=True)}
        self._calls.append(macro.name)
        try:
            return self.text(macro.value, at, {**seen, **inputs})
        finally:
            self._calls.pop()

    def _argument(self, value: Any, at: Location, seen: Mapping[str, Any]) -> Any:
        """An argument; an argument that is a template is rendered with the names of the caller."""
        return self.text(value, at, seen) if isinstance(value, str) and has_tags(value) else value

    def _exec(self, at: Location) -> Callable[..., str]:
        """The filter behind ``{% exec %}``: renders its body, for example the text of a file."""

        @pass_context
        def execute(context: Context, body: str) -> str:
            file = self._read.get(body.strip())
            skipped = body[: len(body) - len(body.lstrip())] if file else ""
            place = Location(file, 1 - skipped.count("\n"), 1) if file else at
            return self.text(body, place, {**context.parent, **context.vars})

        return execute


class _CalledError(Exception):
    """An error in a macro, before the location of the call is added."""

    def __init__(self, macro: str, cause: ProjectError) -> None:
        super().__init__(str(cause))
        self.macro, self.cause = macro, cause


def _check_inputs(macro: Macro, given: list[Any], named: Mapping[str, Any]) -> None:
    if named:
        raise TemplateRuntimeError(f'macro "{macro.name}" takes its inputs by position, not by name')
    if len(given) != len(macro.inputs):
        wanted = f"{len(macro.inputs)} ({', '.join(macro.inputs)})" if macro.inputs else "none"
        raise TemplateRuntimeError(f'macro "{macro.name}" takes {wanted} inputs, got {len(given)}')
