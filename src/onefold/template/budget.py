"""How much one rendering may do, so that no template keeps the machine busy or fills its memory.

In: what is done. Out: `LimitError` when it is too much. Knows no template and no Jinja2 environment.
"""

from __future__ import annotations

import time
from typing import Any

from jinja2.exceptions import SecurityError

MOST_TEXT = 200_000
"""Characters of one template. The longest SQL models seen are a tenth of it."""
MOST_NESTING = 100
"""Tags within tags, and brackets or signs within each other."""
MOST_PARTS = 2_000
"""Operators and names in one tag."""
MOST_GROWTH = 4_000_000
"""Characters and list entries that the values of one rendering may have together."""
MOST_SIZE = 1_000_000
"""Characters and entries of one value, nested ones with their parts; and the largest number for a function."""
MOST_CALLS = 50_000
MOST_LOOP_WORK = 20_000_000
"""Turns of all loops, each counted as the length of its template."""
MOST_SECONDS = 5.0
"""A last resort: everything else keeps a rendering far below it."""
MOST_DEPTH = 20
"""Macros within macros, and files within files."""


class LimitError(SecurityError):
    """The template asks for more than a template may."""


class Budget:
    """What one rendering may still do; shared by the macros and files that it uses."""

    def __init__(self) -> None:
        self._growth, self._calls, self._loops = MOST_GROWTH, MOST_CALLS, MOST_LOOP_WORK
        self._end = time.monotonic() + MOST_SECONDS

    def grow(self, value: Any) -> Any:
        """Count a new value and give it back."""
        self.expect(_size(value))
        return value

    def expect(self, size: int) -> None:
        """Count a value of a size that is about to be made."""
        self._growth -= size
        if size > MOST_SIZE or self._growth < 0:
            raise LimitError("the values of the template grow too large")
        self._watch()

    def call(self, *arguments: Any) -> None:
        """Count a call."""
        self._calls -= 1
        if self._calls < 0:
            raise LimitError(f"more than {MOST_CALLS} calls")
        for value in arguments:
            if isinstance(value, int) and abs(value) > MOST_SIZE:
                raise LimitError("a number is too large for a function")
        self._watch()

    def turn(self, size: int) -> None:
        """Count a turn of a loop in a template of ``size`` characters."""
        self._loops -= max(size, 100)
        if self._loops < 0:
            raise LimitError("the loops turn too often")
        self._watch()

    def _watch(self) -> None:
        if time.monotonic() > self._end:
            raise LimitError("the template takes too long")


def _size(value: Any) -> int:
    """Characters and entries of a value with all its parts, as far as they matter."""
    size, todo = 0, [value]
    while todo and size <= MOST_SIZE:
        part = todo.pop()
        size += 1
        if isinstance(part, str):
            size += len(part)
        elif isinstance(part, list | tuple):
            todo += part
        elif isinstance(part, dict):
            todo += [*part, *part.values()]
    return size
