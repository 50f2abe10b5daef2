"""Short representations of records: one line of text, or a small table in a notebook.

Takes a record; returns text that always fits on a screen, or HTML with all values escaped.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LONGEST = 80
"""The most characters of a value that are shown."""


class Short:
    """Shows plain values, the sizes of collections, and no nested records.

    Subclasses are dataclasses with ``repr=False``.
    """

    def _facts(self) -> Mapping[str, object]:
        """The shown values by name; None is omitted."""
        assert is_dataclass(self)  # noqa: S101 - all subclasses are
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    def __repr__(self) -> str:
        """The record in one line."""
        said = ", ".join(f"{name}={_cut(value)}" for name, value in self._facts().items() if value is not None)
        return f"{type(self).__name__}({said})"

    def _repr_html_(self) -> str:
        """The record as a table, for notebooks."""
        rows = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(_cut(value))}</td></tr>"
            for name, value in self._facts().items()
            if value is not None
        )
        return f"<table><caption>{escape(type(self).__name__)}</caption>{rows}</table>"


def html_table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as an HTML table; None is an empty cell.

    >>> html_table("1 row", ["id"], [["<b>"]])
    '<table><caption>1 row</caption><tr><th>id</th></tr><tr><td>&lt;b&gt;</td></tr></table>'
    """
    lines = [[f"<th>{escape(_cut(header))}</th>" for header in headers]]
    lines += [[f"<td>{'' if value is None else escape(_cut(value))}</td>" for value in row] for row in rows]
    body = "".join(f"<tr>{''.join(line)}</tr>" for line in lines)
    return f"<table><caption>{escape(caption)}</caption>{body}</table>"


def _plain(value: Any) -> object:
    """The shown form of a value; None to omit it."""
    if isinstance(value, str | int | float | datetime):
        return value
    if isinstance(value, list | tuple | dict | set | frozenset):
        return f"{len(value):,} item{'' if len(value) == 1 else 's'}" if value else None
    return str(value) if is_dataclass(value) and type(value).__name__ == "Id" else None


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
