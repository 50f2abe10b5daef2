"""Scores a stitched graph against the truth.

Takes the mapping and ``truth/ids`` as Arrow tables; returns precision and recall, by pairs of ids and by id.

Pairwise figures weigh large profiles by the square of their size; B-cubed figures weigh each id equally (Bagga and
Baldwin, 1998). Ids that belong to nobody are ignored. An id that is missing in the graph counts as a profile of its
own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1; 1.0 if there is nothing to get wrong.

    Attributes:
        pairwise_precision: Of the pairs of ids that share a profile, those that share a person.
        pairwise_recall: Of the pairs that share a person, those that share a profile.
        bcubed_precision: Mean over ids of the share of the id's profile that belongs to the same person.
        bcubed_recall: Mean over ids of the share of the person's ids that are in the id's profile.
        ids: Number of ids scored.
    """

    pairwise_precision: float
    pairwise_recall: float
    bcubed_precision: float
    bcubed_recall: float
    ids: int


def score(mapping: pa.Table, truth: pa.Table) -> Score:
    """Score a mapping.

    Args:
        mapping: Its first column is the main id; it has ``other_id`` and ``other_id_type``, one row per node.
        truth: ``id, id_type, person_id``.
    """
    known = truth.filter(pc.is_valid(truth["person_id"]))
    # Engines differ in the string type: plain, large or dictionary-encoded.
    columns = (mapping.column_names[0], "other_id", "other_id_type")
    right = pa.table([mapping[name].cast(pa.string()) for name in columns], names=["main_id", "id", "id_type"])
    found = known.join(right, keys=["id", "id_type"], join_type="left outer")
    alone = pc.binary_join_element_wise("alone", found["id_type"], found["id"], " ")
    profile = _codes(pc.coalesce(found["main_id"], alone))
    person = _codes(found["person_id"])
    return score_codes(profile, person)


def score_codes(profile: np.ndarray, person: np.ndarray) -> Score:
    """Score two partitions of the same ids, given as group numbers from 0."""
    total = profile.size
    if total == 0:
        return Score(1.0, 1.0, 1.0, 1.0, 0)
    base = int(person.max()) + 1
    cells, both = np.unique(profile * base + person, return_counts=True)
    of_profile, of_person = np.bincount(profile), np.bincount(person)
    together = _pairs(both)
    return Score(
        pairwise_precision=_share(together, _pairs(of_profile)),
        pairwise_recall=_share(together, _pairs(of_person)),
        bcubed_precision=float((both**2 / of_profile[cells // base]).sum() / total),
        bcubed_recall=float((both**2 / of_person[cells % base]).sum() / total),
        ids=int(total),
    )


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    encoded = pc.dictionary_encode(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column)
    chunk = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    return chunk.indices.to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]


def _pairs(counts: np.ndarray) -> int:
    return int((counts * (counts - 1) // 2).sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
