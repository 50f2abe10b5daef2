"""Jinja2's sandbox, with limits: a template can neither leave it nor keep the machine busy.

In: limits. Out: an environment for one rendering. A template reads what its scope gives it, and can do a bounded amount of
work: every call, every turn of a loop and every piece of output counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

MOST_OUTPUT = 4_000_000
"""Characters that expressions of one rendering may put out."""
MOST_CALLS = 50_000
MOST_LOOP_WORK = 20_000_000
"""Turns of all loops, each counted as the length of its template."""
MOST_NUMBER = 1_000_000
"""Largest whole number that may be passed to a function: widths and repeats make text of that length."""
MOST_DEPTH = 20
"""Macros within macros, and files within files."""

_FILTERS = (
    "abs", "default", "first", "float", "int", "join", "last", "length", "list", "lower", "replace", "reverse", "sort",
    "string", "title", "trim", "unique", "upper",
)  # fmt: skip


class Limit(SecurityError):
    """The template asks for more than a template may."""


class Budget:
    """What one rendering may still do; shared by the macros and files that it uses."""

    def __init__(self) -> None:
        self._output, self._calls, self._loops = MOST_OUTPUT, MOST_CALLS, MOST_LOOP_WORK

    def output(self, characters: int) -> None:
        """Count output."""
        self._output -= characters
        if self._output < 0:
            raise Limit(f"the text grows beyond {MOST_OUTPUT} characters")

    def call(self) -> None:
        """Count a call."""
        self._calls -= 1
        if self._calls < 0:
            raise Limit(f"more than {MOST_CALLS} calls")

    def turn(self, size: int) -> None:
        """Count a turn of a loop in a template of ``size`` characters."""
        self._loops -= max(size, 100)
        if self._loops < 0:
            raise Limit("the loops turn too often")


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for one template of one rendering."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, budget: Budget, size: int, macros: Collection[str]) -> None:
        super().__init__(
            undefined=StrictUndefined, keep_trailing_newline=True, finalize=self._finalize, cache_size=0, autoescape=False
        )
        self._budget, self._size, self._macros = budget, size, macros
        known = self.filters
        self.filters = {name: known[name] for name in _FILTERS}
        self.filters["isnil"] = lambda value: value is None
        self.filters["counted"] = self._counted
        self.globals = {"range": self.globals["range"]}

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as in the base class
        """A call from a template, counted, with numbers of a sensible size."""
        __self._budget.call()
        if getattr(__obj, "__name__", "") in {"format", "format_map"}:
            raise Limit("format() has no use here; join text with \"+\"")
        for value in (*args, *kwargs.values()):
            if isinstance(value, int) and abs(value) > MOST_NUMBER:
                raise Limit(f"{value} is too large a number here")
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic whose result stays of a sensible size."""
        if operator == "%" and isinstance(left, str):
            raise Limit('"%" formats no text here')
        if operator == "**":
            raise Limit('"**" has no use here')
        sizes = [len(v) if isinstance(v, str | list | tuple) else v for v in (left, right)]
        if operator == "*" and all(isinstance(s, int) for s in sizes) and abs(sizes[0] * sizes[1]) > MOST_NUMBER:
            raise Limit("the product is too large")
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, str | list | tuple):
            self._budget.output(len(result))
        return result

    def _finalize(self, value: Any) -> Any:
        if callable(value) and not isinstance(value, Undefined):
            raise TemplateRuntimeError(f"{getattr(value, '__name__', 'this')} is a function: call it with ()")
        text = "" if value is None else str(value)
        self._budget.output(len(text))
        return text

    def _counted(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self._budget.turn(self._size)
            yield value

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template with every loop counted, and with ``with`` names passed on to macros."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
        concat = tree.find(nodes.Concat)
        if concat is not None:
            raise Limit('"~" has no use here; join text with "+"')
        _pass_locals(tree, self._macros, frozenset())
        return tree.set_environment(self)  # type: ignore[return-value]


def _pass_locals(node: nodes.Node, macros: Collection[str], names: frozenset[str]) -> None:
    """Give each call of a macro the names that a ``with`` around it assigns; Jinja2 keeps them from functions."""
    if isinstance(node, nodes.With):
        names |= {target.name for target in node.targets if isinstance(target, nodes.Name)}
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in macros:
        node.kwargs += [nodes.Keyword(name, nodes.Name(name, "load", lineno=node.lineno)) for name in sorted(names)]
    for child in node.iter_child_nodes():
        _pass_locals(child, macros, names)
