"""Model type ``ntile``: parts of equal size by a value, 1 for the smallest: deciles of revenue, quintiles of recency.

Equal values fall into the same part; a profile without a value has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from onefold.plugins import Context, ModelType, Spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class NTileSpec(Spec):
    """``model_spec``: the model to read, with one row per profile, and how to cut it."""

    entity_key: str
    model: str
    main_id: str
    value: str
    parts: int = 10
    name: str


class NTile(ModelType):
    """Adds the column ``name`` to the entity's features."""

    version = "1"
    spec = NTileSpec

    def reads(self, spec: NTileSpec) -> Sequence[str]:
        """The model with the values."""
        return (spec.model,)

    def columns(self, spec: NTileSpec) -> pa.Schema:
        """The main id and the part."""
        return pa.schema([(spec.main_id, pa.string()), (spec.name, pa.int32())])

    def features(self, spec: NTileSpec) -> Mapping[str, Sequence[str]]:
        """The part is a feature."""
        return {spec.entity_key: (spec.name,)}

    def run(self, spec: NTileSpec, tables: Mapping[str, pa.Table], context: Context) -> pa.Table:  # noqa: ARG002
        """One row per profile with a value."""
        table = tables[spec.model].select([spec.main_id, spec.value])
        known = table.filter(pc.is_valid(table[spec.value]))
        rank = pc.subtract(pc.rank(known[spec.value], tiebreaker="min"), 1)
        part = pc.add(pc.divide(pc.multiply(rank, spec.parts), max(known.num_rows, 1)), 1)
        return pa.table({spec.main_id: known[spec.main_id], spec.name: part.cast(pa.int32())})
