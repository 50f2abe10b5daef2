"""Rows that were read, for notebooks. In: an Arrow table. Out: the same, as Polars or pandas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.short_repr import Short

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


@dataclass(frozen=True, repr=False)
class Rows(Short):
    """Rows of a view or a query, as Arrow, Polars or pandas."""

    arrow: pa.Table

    def _facts(self) -> dict[str, object]:
        """See `Short`."""
        return {"rows": self.arrow.num_rows, "columns": ", ".join(self.arrow.column_names)}

    def __len__(self) -> int:
        """How many rows."""
        return int(self.arrow.num_rows)

    def polars(self) -> pl.DataFrame:
        """As a Polars frame; needs the extra ``onefold[polars]``."""
        import polars as pl  # noqa: PLC0415 - an extra

        frame = pl.from_arrow(self.arrow)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - tables become frames
        return frame

    def pandas(self) -> pd.DataFrame:
        """As a pandas frame; needs the extra ``onefold[pandas]``."""
        return self.arrow.to_pandas()  # type: ignore[no-any-return]
