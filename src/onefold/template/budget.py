"""Limits on the work of one rendering, so that no template exhausts the CPU or the memory.

Counts what a rendering does and raises `LimitError` when it exceeds a limit. Knows no template and no Jinja2
environment.
"""

from __future__ import annotations

import time
from typing import Any

from jinja2.exceptions import SecurityError

MOST_TEXT = 200_000
"""Characters of one template. The longest SQL models seen have a tenth of it."""
MOST_NESTING = 100
"""Depth of nested tags, and of nested brackets or operators."""
MOST_PARTS = 2_000
"""Operators and names in one tag."""
MOST_GROWTH = 4_000_000
"""Total characters and list entries of the values of one rendering."""
MOST_SIZE = 1_000_000
"""Characters and entries of one value, including nested values; also the largest number that a function accepts."""
MOST_CALLS = 50_000
MOST_LOOP_WORK = 20_000_000
"""Iterations of all loops, each weighted by the length of its template."""
MOST_SECONDS = 5.0
"""A last resort: the other limits keep a rendering far below it."""
MOST_DEPTH = 20
"""Depth of nested macros, and of nested files."""


class LimitError(SecurityError):
    """The template exceeds a limit."""


class Budget:
    """The remaining budget of one rendering; shared with the macros and files that it uses."""

    def __init__(self) -> None:
        self._growth, self._calls, self._loops = MOST_GROWTH, MOST_CALLS, MOST_LOOP_WORK
        self._end = time.monotonic() + MOST_SECONDS

    def grow(self, value: Any) -> Any:
        """Count a new value and return it."""
        self.expect(_size(value))
        return value

    def expect(self, size: int) -> None:
        """Count a value of a known size before it is created."""
        self._growth -= size
        if size > MOST_SIZE or self._growth < 0:
            raise LimitError("the values of the template are too large")
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
        """Count a loop iteration in a template of ``size`` characters."""
        self._loops -= max(size, 100)
        if self._loops < 0:
            raise LimitError("the loops have too many iterations")
        self._watch()

    def _watch(self) -> None:
        if time.monotonic() > self._end:
            raise LimitError("the template takes too long")


def _size(value: Any) -> int:
    """Characters and entries of a value including nested values; stops counting at the limit."""
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
