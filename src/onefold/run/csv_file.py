"""Rows as a CSV file for other programs. In: an Arrow table. Out: a file, whole or not at all.

NULL is an empty cell, and an empty text is ``""``. Lists, objects and maps are JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from onefold.engines.values import as_text_columns
from onefold.environment import replacing

if TYPE_CHECKING:
    from pathlib import Path

_FORMULA = r"^(?:[=@\t\r]|[+-].*[^-+0-9 ().,/])"
"""A cell that a spreadsheet would execute: one that starts with = or @, or a non-number with + or -."""


def write_csv(rows: pa.Table, path: Path, *, escape_formulas: bool = False) -> int:
    """Write rows as CSV; returns the number of cells that a spreadsheet would execute as formulas.

    Args:
        rows: The rows.
        path: The file, which is replaced atomically.
        escape_formulas: Put ``'`` before such cells. They then differ from the values of the table.

    Raises:
        AccessError: If the file cannot be written.
    """
    from pyarrow import csv  # noqa: PLC0415 - takes a while to load

    shown, formulas = _formulas(as_text_columns(rows), escape=escape_formulas)
    with replacing(path) as beside:
        csv.write_csv(shown, beside)
    return formulas


def _formulas(rows: pa.Table, *, escape: bool) -> tuple[pa.Table, int]:
    """The table, escaped on request, and the number of formula cells."""
    import pyarrow.compute as pc  # noqa: PLC0415

    found = 0
    for number, field in enumerate(rows.schema):
        if not (pa.types.is_string(field.type) or pa.types.is_large_string(field.type)):
            continue
        column = rows.column(number)
        runs = pc.match_substring_regex(column, _FORMULA)
        count = pc.sum(runs).as_py() or 0
        found += count
        if escape and count:
            quoted = pc.binary_join_element_wise(pa.scalar("'", field.type), column, pa.scalar("", field.type))
            rows = rows.set_column(number, field, pc.if_else(runs, quoted, column))
    return rows, found
