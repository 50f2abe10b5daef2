"""Model type ``ntile``: divides profiles into parts of equal size by a value, such as deciles of revenue.

Part 1 has the smallest values. Equal values are in the same part. A profile without a value has no part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from onefold.plugins import Context, ModelType, Spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class NTileSpec(Spec):
    """The keys of ``model_spec``: the model to read, with one row per profile, and the number of parts."""

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
        """Read the model with the values."""
        return (spec.model,)

    def columns(self, spec: NTileSpec) -> pa.Schema:
        """Return the main id and the part."""
        return pa.schema([(spec.main_id, pa.string()), (spec.name, pa.int32())])

    def features(self, spec: NTileSpec) -> Mapping[str, Sequence[str]]:
        """Declare the part as a feature."""
        return {spec.entity_key: (spec.name,)}

    def run(self, spec: NTileSpec, tables: Mapping[str, pa.Table], context: Context) -> pa.Table:  # noqa: ARG002
        """Return one row per profile with a value."""
        table = tables[spec.model].select([spec.main_id, spec.value])
        known = table.filter(pc.is_valid(table[spec.value]))
        rank = pc.subtract(pc.rank(known[spec.value], tiebreaker="min"), 1)
        part = pc.add(pc.divide(pc.multiply(rank, spec.parts), max(known.num_rows, 1)), 1)
        return pa.table({spec.main_id: known[spec.main_id], spec.name: part.cast(pa.int32())})
