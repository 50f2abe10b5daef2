"""The truth of the sample shop: the owner of each id, and the planted faults.

Takes the people of one chunk, their data, and the planted faults. Returns the tables ``truth/ids`` and
``truth/faults``, which no model reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from onefold.sample import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from onefold.sample.people import Shoppers

IdType = Literal["user_id", "anonymous_id", "message"]
Part = Literal["cause", "touched"]
Owned = tuple[str, IdType, int | None]
"""An id that faults added, its type, and the ``person_id`` of its owner, if it has one."""

NOTES = {
    "store_tablet": "one device in a shop, on which many people log in",
    "call_centre_account": "one account that helps customers on their own devices",
    "internal_admin": "a member of staff who logs in on a dozen devices of customers, below any threshold",
    "bridge_chain": "each of some forty people used the device of the next: no suspicious id, but one profile",
    "role_mailbox": "the email address of a department, with which several people log in",
    "same_text_both_types": "a device id with the same text as another person's customer id",
    "family_laptop": "one device of two to four people, too few for a threshold to exclude",
    "placeholder": "a template that a program sent without filling it in",
    "null_like": "a text that programs send for a missing id",
    "sloppy_email": "the only login on this device is its owner's email in capitals or with spaces around it",
    "guest_checkout": "a customer who buys but never logs in: a single id, correctly",
    "late_row": "an identify call received days after it happened",
}
"""All faults by name."""


@dataclass(frozen=True)
class FaultRow:
    """One id of a fault.

    Attributes:
        fault: A name of ``NOTES``.
        case: The number of the case among those of the same fault.
        id: The id after normalization; if it is not an id at all, as it was sent.
        id_type: ``user_id``, ``anonymous_id``, or ``message`` for a row of an identify table.
        part: ``cause`` for the id that a QA tool should find, ``touched`` for the affected ids.
        person_id: The true owner of the id, or None.
    """

    fault: str
    case: int
    id: str
    id_type: IdType
    part: Part
    person_id: int | None


def ids_table(population: Shoppers, was_seen: NDArray[np.bool_], extra: Sequence[Owned]) -> pa.Table:
    """The owner of each id in the shop's tables; null for ids without an owner.

    Args:
        population: The people of the chunk.
        was_seen: By account, whether it logged in or bought. An account without a trace cannot be found.
        extra: Ids that faults added.
    """
    seen = pa.array(was_seen)
    owners = population.account_person[was_seen]
    return pa.concat_tables(
        [
            _owned(population.account_id.filter(seen), "user_id", pa.array(owners + population.first)),
            _owned(population.device_id, "anonymous_id", pa.array(population.device_person + population.first)),
            pa.table(
                {
                    "id": texts.strings([id_ for id_, _, _ in extra]),
                    "id_type": texts.strings([id_type for _, id_type, _ in extra]),
                    "person_id": pa.array([person for _, _, person in extra], pa.int64()),
                }
            ),
        ]
    )


def _owned(ids: pa.StringArray, id_type: IdType, person: pa.Int64Array) -> pa.Table:
    return pa.table({"id": ids, "id_type": texts.pick((id_type,), np.zeros(len(ids), np.int64)), "person_id": person})


def faults_table(rows: Sequence[FaultRow]) -> pa.Table:
    """The rows of ``truth/faults``, each with the description of its fault."""
    return pa.table(
        {
            "fault": texts.strings([r.fault for r in rows]),
            "case": pa.array([r.case for r in rows], pa.int32()),
            "id": texts.strings([r.id for r in rows]),
            "id_type": texts.strings([r.id_type for r in rows]),
            "part": texts.strings([r.part for r in rows]),
            "person_id": pa.array([r.person_id for r in rows], pa.int64()),
            "note": texts.strings([NOTES[r.fault] for r in rows]),
        }
    )
