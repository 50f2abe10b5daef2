"""Scores graphs of numbered nodes against ground truth, as of the sample shop.

Takes the folder from ``audit.truth`` and the nodes. Returns a `Truth`, which computes the precision and recall of a
partition. The folder is optional.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from onefold.identity.columns import to_arrow, to_numpy
from onefold.sample.score import score_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.audit.session import Session

IDS = "ids.parquet"


@dataclass(frozen=True, eq=False)
class Truth:
    """The true owner of each id.

    Attributes:
        node: Per id that has an owner, its node; -1 where it never is one.
        person: Per such id, the number of its owner, from 0.
    """

    node: NDArray[np.int64]
    person: NDArray[np.int64]

    def score(self, component: NDArray[np.int64], takes_part: NDArray[np.bool_]) -> tuple[float, float]:
        """Pairwise precision and recall; an excluded id is a profile of its own.

        Args:
            component: Per node, a node that names its profile.
            takes_part: Per node.
        """
        is_there = (self.node >= 0) & takes_part[self.node]
        alone = component.size + np.arange(self.node.size)
        profile = np.where(is_there, component[self.node], alone)
        _, codes = np.unique(profile, return_inverse=True)
        found = score_codes(codes, self.person)
        return found.pairwise_precision, found.pairwise_recall


def truth_of(session: Session, nodes: pa.Table) -> Truth | None:
    """Read the ground truth about nodes; None if there is none.

    Args:
        session: The open graph.
        nodes: ``id`` and ``id_type`` of each node, in order.
    """
    given = session.project.settings.audit.truth
    path = Path(session.project.root) / given / IDS if given else None
    if path is None or not path.is_file() or not nodes.num_rows:
        return None
    ids = parquet.read_table(path, columns=["id", "id_type", "person_id"])
    ids = ids.filter(pc.is_valid(ids["person_id"]))
    numbered = pa.table(
        {
            "id": nodes["id"].cast(pa.string()),
            "id_type": nodes["id_type"].cast(pa.string()),
            "node": to_arrow(np.arange(nodes.num_rows), pa.int64()),
        }
    )
    texts = [ids[name].cast(pa.string()) for name in ("id", "id_type")]
    known = pa.table([*texts, ids["person_id"]], names=["id", "id_type", "person"])
    joined = known.join(numbered, keys=["id", "id_type"], join_type="left outer")
    _, person = np.unique(to_numpy(joined["person"]), return_inverse=True)
    return Truth(to_numpy(joined["node"], null=-1), person.astype(np.int64))
