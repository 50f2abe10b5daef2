"""The filters of the template language: the Jinja2 filters that are useful for SQL, and pongo2's names for them.

Takes a budget; returns filters that count what they create. A filter reads nothing but its arguments.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Any

from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import FILTERS

from onefold.template.budget import MOST_SIZE, LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from onefold.template.budget import Budget

_OF_JINJA = (
    "abs", "capitalize", "default", "first", "float", "int", "items", "last", "length", "list", "lower", "map", "max",
    "min", "reject", "reverse", "round", "select", "sort", "string", "title", "trim", "unique", "upper",
)  # fmt: skip
_OF_PYTHON = re.compile(r"^\S+\(\) ")
_ALIASES = {"integer": "int", "d": "default", "count": "length"}
NAMES = frozenset({
    *_OF_JINJA, *_ALIASES, "isnil", "safe", "default_if_none", "add", "split", "cut", "replace", "join",
})  # fmt: skip
"""All filters."""


def filters(budget: Budget) -> dict[str, Callable[..., Any]]:
    """All filters by name."""
    known = {name: FILTERS[name] for name in _OF_JINJA}
    known |= {alias: FILTERS[name] for alias, name in _ALIASES.items()}
    known |= {
        "isnil": lambda value: value is None,
        "safe": lambda value: value,
        "default_if_none": lambda value, other: other if value is None else value,
        "add": lambda value, other: value + other,
        "split": lambda value, separator: str(value).split(separator),
        "cut": lambda value, old: replace(budget, str(value), str(old), ""),
        "replace": lambda value, old, new, count=-1: replace(budget, str(value), str(old), str(new), count),
        "join": lambda value, separator="": join(budget, str(separator), value),
    }
    return {name: _counted(name, function, budget) for name, function in known.items()}


def replace(budget: Budget, text: str, old: str, new: str, count: int = -1) -> str:
    """``str.replace`` that checks the length of the result first."""
    found = text.count(old) if count is None or count < 0 else min(text.count(old), count)
    budget.expect(len(text) + found * max(len(new) - len(old), 0))
    return text.replace(old, new, found)


def join(budget: Budget, separator: str, values: Iterable[Any]) -> str:
    """``str.join`` of any values, which checks the length of the result first."""
    parts = [str(value) for value in bounded(values)]
    budget.expect(sum(map(len, parts)) + len(parts) * len(separator))
    return separator.join(parts)


def bounded(values: Iterable[Any]) -> Iterable[Any]:
    """The values, unless there are too many."""
    for number, value in enumerate(values):
        if number > MOST_SIZE:
            raise LimitError("a list is too long")
        yield value


def _counted(name: str, function: Callable[..., Any], budget: Budget) -> Callable[..., Any]:
    """The filter with counting; keeps the attributes by which Jinja2 knows that it needs the environment."""

    @wraps(function)
    def count(*arguments: Any, **named: Any) -> Any:
        budget.call(*arguments, *named.values())
        try:
            return budget.grow(function(*arguments, **named))
        except TypeError as error:
            raise TemplateRuntimeError(f'filter "{name}": {_OF_PYTHON.sub("", str(error))}') from error

    return count
