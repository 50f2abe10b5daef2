"""Jinja2's sandbox with limits: a template can neither escape it nor exhaust the machine.

Takes a budget; returns an environment for one template. A template reads only what its scope contains. Calls, loops and
output are counted.
"""

from __future__ import annotations

import inspect
import math
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from onefold.template.budget import LimitError
from onefold.template.filters import filters, join, replace
from onefold.template.objects import Named, This
from onefold.template.warehouse import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from onefold.template.budget import Budget

COUNTED, GROWN, KNOWN, AROUND = "counted turns", "grown value", "known value", "names around"
"""Filters for use by this module: their names cannot be written in a template."""

_METHODS: dict[type, frozenset[str]] = {
    str: frozenset({
        "capitalize", "count", "endswith", "find", "isalnum", "isalpha", "isdigit", "islower", "isupper", "join",
        "lower", "lstrip", "removeprefix", "removesuffix", "replace", "rfind", "rsplit", "rstrip", "split",
        "splitlines", "startswith", "strip", "swapcase", "title", "upper",
    }),
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"get", "items", "keys", "values"}),
    int: frozenset(),
    float: frozenset(),
    range: frozenset(),
}  # fmt: skip
"""The methods that a template may call on plain values.

Only join and replace can create more than they are given, see ``call``.
"""

_OF_JINJA = frozenset({"_loop_vars", "_block_vars"})
"""Arguments that Jinja2 itself adds to calls."""

_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
}


_GUARDS = frozenset({"default", "d", "defined", "undefined"})
"""Filters and tests that accept undefined names."""


class Around(dict[str, Any]):
    """The names that a template has assigned around the call of a macro."""


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for one template of one rendering.

    Args:
        budget: The remaining budget of the rendering.
        size: Length of the template in characters.
        macros: Names of the project's macros.

    Attributes:
        used: Names that the template expects from its scope, with their lines.
    """

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, budget: Budget, size: int, macros: Collection[str]) -> None:
        super().__init__(undefined=StrictUndefined, keep_trailing_newline=True, finalize=self._finalize, cache_size=0)
        self._budget, self._size, self._macros = budget, size, macros
        self.used: tuple[tuple[str, int], ...] = ()
        self.filters = {**filters(budget), COUNTED: self._counted, GROWN: budget.grow, KNOWN: _known, AROUND: Around}
        self.globals = {"range": self.globals["range"]}

    # --- access ---

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow public attributes of our objects, and harmless methods of plain values."""
        for kind in type(obj).__mro__:
            if kind in _METHODS:
                return attr in _METHODS[kind]
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """None: templates may not call ``format``, which can create text of any width."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An attribute; for an entity or a model the reference, even if its name begins with ``_``."""
        if isinstance(obj, Named) or (isinstance(obj, This) and not hasattr(type(obj), attribute)):
            found = obj.named(attribute)
            if found is not None:
                return found
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An item, or else an attribute."""
        if isinstance(obj, Named | This) and isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, Named | This):
            raise TemplateRuntimeError("expected a name in quotes in [ ]")
        return super().getitem(obj, argument)

    # --- limits ---

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805, PYI063 - as in Jinja2
        """A call, counted; numbers in its arguments must not be too large."""
        budget = __self._budget
        budget.call(*args, *kwargs.values())
        for value in (*args, *kwargs.values()):
            _known(value)
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str) and __obj.__name__ == "replace":
            return replace(budget, owner, *args, **kwargs)
        if isinstance(owner, str) and __obj.__name__ == "join":
            return join(budget, owner, *args, **kwargs)
        if inspect.ismethod(__obj) or (inspect.isfunction(__obj) and not hasattr(__obj, "jinja_pass_arg")):
            _check_arguments(__obj, args, kwargs)
        return budget.grow(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic; the result must not be too large."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f'operator "{operator}" is not supported here')
        for many, value in ((left, right), (right, left)):
            if operator == "*" and isinstance(many, str | list | tuple) and isinstance(value, int):
                self._budget.expect(len(many) * max(value, 0))
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, int) and result.bit_length() > 64:  # noqa: PLR2004 - the range of integers in SQL
            raise LimitError("a number is too large")
        return self._budget.grow(result)

    def _finalize(self, value: Any) -> str:
        if isinstance(value, Undefined):
            return str(value)
        if value is not None and not isinstance(value, str | int | float | Value):
            name = getattr(value, "__name__", "")
            if callable(value) and name:
                raise TemplateRuntimeError(f'"{name}" is a function: call it with ()')
            raise TemplateRuntimeError('only text and numbers can be printed; convert a list with |join(", ")')
        if isinstance(value, float) and not math.isfinite(value):
            raise LimitError("a number is too large")
        text = "" if value is None else str(value)
        self._budget.expect(len(text))
        return text

    def _counted(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self._budget.turn(self._size)
            yield value

    # --- the tree ---

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template with every loop and list counted, and names passed on to macros."""
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(tuple(_REFUSED)):
            raise TemplateSyntaxError(f"{{% {_REFUSED[type(node)]} %}} is not supported", node.lineno)
        own = {n.name for n in tree.find_all(nodes.Name) if n.ctx != "load"}
        own |= {n.name for n in tree.find_all(nodes.Macro)}
        guarded = {id(n.node) for n in tree.find_all((nodes.Filter, nodes.Test)) if n.name in _GUARDS}
        loads = (n for n in tree.find_all(nodes.Name) if n.ctx == "load" and id(n) not in guarded)
        self.used = tuple((n.name, n.lineno) for n in loads if n.name not in own)
        _rewrite(tree, frozenset(self._macros) - own, frozenset())
        return tree.set_environment(self)  # type: ignore[return-value]


def _known(value: Any) -> Any:
    if isinstance(value, Undefined):
        str(value)  # raises, with its name
    return value


def _check_arguments(function: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    given = {name: value for name, value in named.items() if name not in _OF_JINJA}
    signature = inspect.signature(function)
    for name in given:
        if name not in signature.parameters:
            known = ", ".join(signature.parameters)
            raise TemplateRuntimeError(f'{function.__name__} has no argument "{name}"; it has {known}')
    try:
        signature.bind(*arguments, **given)
    except TypeError as error:
        raise TemplateRuntimeError(f"{function.__name__}: {error}") from error


def _filter(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _rewrite(node: nodes.Node, macros: frozenset[str], names: frozenset[str]) -> None:
    """Count loops and list literals, and pass the assigned names to each call of a macro.

    A macro is rendered where it is called and sees the names that are assigned there, which Jinja2 hides from
    functions.
    """
    if isinstance(node, nodes.With | nodes.For | nodes.Macro | nodes.CallBlock):
        names |= {n.name for n in node.find_all(nodes.Name) if n.ctx != "load"}
    if isinstance(node, nodes.Output):  # {{ name }} of a macro means {{ name() }}
        node.nodes = [_called(part) if _is_macro(part, macros - names) else part for part in node.nodes]
    for child in node.iter_child_nodes():
        _rewrite(child, macros, names)
    if isinstance(node, nodes.For):
        if node.recursive:
            raise TemplateSyntaxError("recursive loops are not supported", node.lineno)
        node.iter = _filter(node.iter, COUNTED)
    if isinstance(node, nodes.With):  # right away: the name may have another value where it is used
        node.values = [_filter(value, KNOWN) for value in node.values]
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in macros:
        around = [nodes.Pair(nodes.Const(n), nodes.Name(n, "load", lineno=node.lineno)) for n in sorted(names)]
        node.args.insert(0, _filter(nodes.Dict(around, lineno=node.lineno), AROUND))
    for field, value in node.iter_fields():
        if isinstance(value, list):
            setattr(node, field, [_grown(v) for v in value])
        else:
            setattr(node, field, _grown(value))


def _is_macro(node: nodes.Node, macros: frozenset[str]) -> bool:
    return isinstance(node, nodes.Name) and node.name in macros


def _called(node: nodes.Expr) -> nodes.Call:
    return nodes.Call(node, [], [], None, None, lineno=node.lineno)


def _grown(node: Any) -> Any:
    """Count lists and ``~`` that are read, not assigned to."""
    if isinstance(node, nodes.Concat):
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "join", [], [], None, None, lineno=node.lineno)
    if isinstance(node, nodes.List | nodes.Dict) or (isinstance(node, nodes.Tuple) and node.ctx == "load"):
        return _filter(node, GROWN)
    return node
