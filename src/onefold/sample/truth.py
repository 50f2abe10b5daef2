"""What is really so: who owns each id, and which faults were planted where.

In: the people of one chunk, what they did, and the faults planted among them. Out: the tables ``truth/ids`` and
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
"""An id that faults brought in, its type, and the ``person_id`` of its owner, if anybody owns it."""

NOTES = {
    "store_tablet": "one device in a shop, on which many people log in",
    "call_centre_account": "one account that helps customers on their own devices",
    "internal_admin": "a member of staff who logs in on a dozen devices of customers, too few for a threshold",
    "bridge_chain": "each of some forty people once used the device of the next: no id looks bad, all become one",
    "role_mailbox": "the address of a department, which several people log in with",
    "same_text_both_types": "a device id that reads like another person's customer id",
    "family_laptop": "one device of two to four people, few enough for the threshold to let through",
    "placeholder": "a template that a program sent without filling it in",
    "null_like": "what programs send for nothing",
    "sloppy_email": "an email in capitals or between blanks is the only login of this device, which is its owner's",
    "guest_checkout": "buys, and never logs in: one id, and that is right",
    "late_row": "an identify call received days after it happened",
}
"""Every fault by its name."""


@dataclass(frozen=True)
class FaultRow:
    """One id that a fault concerns.

    Attributes:
        fault: A name of ``NOTES``.
        case: Which of several of that name.
        id: The id after normalisation; where it is no id at all, as it was sent.
        id_type: ``user_id``, ``anonymous_id``, or ``message`` for a row of an identify table.
        part: ``cause`` for what a QA tool should name, ``touched`` for the ids of those it happened to.
        person_id: The true owner of the id, or None.
    """

    fault: str
    case: int
    id: str
    id_type: IdType
    part: Part
    person_id: int | None


def ids_table(population: Shoppers, was_seen: NDArray[np.bool_], extra: Sequence[Owned]) -> pa.Table:
    """Who owns each id that occurs in the shop's tables; null for what belongs to nobody.

    Args:
        population: The people of the chunk.
        was_seen: By account: it logged in or bought. An account without a trace cannot be found.
        extra: What faults brought in besides.
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
    """The rows of ``truth/faults``, each with the note of its fault."""
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
