"""Values that a template assigns with ``{% set name = 5 %}``: finds and replaces them.

Takes a template as the author wrote it; returns the location of each such value, or the template with other values and
the same lines. Renders nothing. Assignments in comments and raw text are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.template.syntax import set_tags

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Assignment:
    """An assigned name and its value.

    Attributes:
        name: The name.
        value: The value as written.
        line: Line of the value in the template, from 1.
        column: Column of the value, from 1.
        start: Offset of the value in characters.
    """

    name: str
    value: str
    line: int
    column: int
    start: int


def assignments(text: str) -> tuple[Assignment, ...]:
    """The assignments of a template, in order.

    >>> assignments("{% set most = 5 %}")
    (Assignment(name='most', value='5', line=1, column=15, start=14),)
    """
    found = []
    for name, start, end in set_tags(text):
        line = text.count("\n", 0, start) + 1
        found.append(Assignment(name, text[start:end], line, start - text.rfind("\n", 0, start), start))
    return tuple(found)


def with_values(text: str, values: Mapping[str, int]) -> str:
    """The template with other values for some names, wherever they are assigned.

    >>> with_values("{% set most = 5 %}", {"most": 9})
    '{% set most = 9 %}'
    """
    for found in reversed(assignments(text)):
        if found.name in values:
            text = f"{text[: found.start]}{values[found.name]}{text[found.start + len(found.value) :]}"
    return text
