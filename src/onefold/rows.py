"""Query results for notebooks: an Arrow table that converts to Polars or pandas."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onefold.errors import Finding, UsageError
from onefold.short_repr import Short, html_table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

_SHOWN_ROWS = 10
_SHOWN_COLUMNS = 20


@dataclass(frozen=True, repr=False)
class Rows(Short):
    """Rows of a view or a query, as Arrow, Polars or pandas.

    Attributes:
        arrow: The rows as an Arrow table.

    >>> rows = project.query("SELECT 1 AS one, 'a' AS letter")
    >>> rows
    Rows(rows=1, columns=one, letter)
    >>> rows.arrow.to_pylist()
    [{'one': 1, 'letter': 'a'}]
    """

    arrow: pa.Table

    def _facts(self) -> dict[str, object]:
        """See `Short`."""
        return {"rows": self.arrow.num_rows, "columns": ", ".join(self.arrow.column_names)}

    def _repr_html_(self) -> str:
        """The first rows, for notebooks."""
        shown = self.arrow.select(list(range(min(_SHOWN_COLUMNS, self.arrow.num_columns)))).slice(0, _SHOWN_ROWS)
        columns = [column.to_pylist() for column in shown.columns]
        caption = f"{self.arrow.num_rows:,} rows, {self.arrow.num_columns:,} columns"
        return html_table(caption, shown.column_names, zip(*columns, strict=True))

    def __len__(self) -> int:
        """How many rows.

        >>> len(project.query("SELECT 1 UNION ALL SELECT 2"))
        2
        """
        return int(self.arrow.num_rows)

    def polars(self) -> pl.DataFrame:
        """As a Polars frame; needs the extra ``onefold[polars]``.

        Raises:
            UsageError: If Polars is not installed.

        >>> project.query("SELECT 1 AS one").polars().shape
        (1, 1)
        """
        frame: pl.DataFrame = _extra("polars", "Polars").from_arrow(self.arrow)
        return frame

    def pandas(self) -> pd.DataFrame:
        """As a pandas frame; needs the extra ``onefold[pandas]``.

        Raises:
            UsageError: If pandas is not installed.

        >>> project.query("SELECT 1 AS one").pandas().shape
        (1, 1)
        """
        _extra("pandas", "pandas")  # Arrow imports it too, but its error does not name the extra
        return self.arrow.to_pandas()  # type: ignore[no-any-return]


def _extra(name: str, library: str) -> Any:
    """The module of an extra, imported on demand.

    Raises:
        UsageError: If it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{library} is not installed, or cannot be imported"
        hint = f'install it: pip install "onefold[{name}]"'
        raise UsageError(Finding("error", "missing-extra", message, hint=hint)) from error
