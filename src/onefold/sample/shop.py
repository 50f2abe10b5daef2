"""Make the sample shop: six tables, and the truth about who owns each id.

In: a size and a seed. Out: a folder of Parquet files; the same size and seed give the same bytes. People are made in
chunks, so that memory does not grow with the shop. It is a simulation of people, not of rows: each has an email or a
plain id, devices, visits, a history of purchases, and identify calls when logging in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.sample import catalog, faults, identifies, people, purchases, sessions, texts
from onefold.sample.write import Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from onefold.sample.catalog import Catalog
    from onefold.sample.faults import Planted
    from onefold.sample.people import Population

CHUNK = 50_000
"""People who are made at once."""

SHOP = "WAREHOUSE/ANALYTICS"
FILES = {
    "orders": f"{SHOP}/F_ORDERS_FILTERED_TP",
    "items": f"{SHOP}/F_ORDER_ITEMS_FILTERED_TP",
    "designs": f"{SHOP}/DIM_DESIGNS",
    "products": f"{SHOP}/DIM_PRODUCTS",
    "js": "rudderstack/marketplace_javascript_production/identifies",
    "rb": "rudderstack/marketplace_ruby_production/identifies",
    "ids": "truth/ids",
    "faults": "truth/faults",
}

_README = """\
# The sample shop

Made by `pb insert --people {people} --seed {seed}`; the same command gives the same bytes. Nobody in it is real:
names are drawn from lists, addresses end in `.example`.

| folder | what |
|---|---|
| `WAREHOUSE/ANALYTICS` | orders, order items, designs, products |
| `rudderstack` | identify calls of browsers (`..._javascript_...`) and servers (`..._ruby_...`) |
| `truth` | who owns each id (`ids`), and which faults were planted where (`faults`). No model reads it |
"""


@dataclass(frozen=True)
class Report:
    """What was made.

    Attributes:
        rows: Rows by file.
    """

    folder: Path
    people: int
    seed: int
    rows: Mapping[str, int]

    def __str__(self) -> str:
        lines = [f"{rows:>12,}  {name}" for name, rows in self.rows.items()]
        return "\n".join([f"{self.people:,} people (seed {self.seed}) in {self.folder}", *lines])


def generate(
    out: Path, *, people: int = 5000, seed: int = 7, progress: Callable[[float, str], None] | None = None
) -> Report:
    """Make a shop in the folder ``out``, in place of one that is there.

    Args:
        out: The folder; it appears when the shop is whole.
        people: How many people it has.
        seed: Another seed, another shop.
        progress: Told the share done, and what was done.
    """
    if people < 1 or seed < 0:
        raise ValueError("people must be 1 or more, and seed 0 or more")
    with Folder(out) as folder:
        goods = catalog.build(np.random.default_rng([seed, 0]), people)
        folder.append(FILES["designs"], goods.designs)
        folder.append(FILES["products"], goods.products)
        for number, first in enumerate(range(0, people, CHUNK)):
            count = min(CHUNK, people - first)
            _chunk(folder, np.random.default_rng([seed, 1, number]), goods, number, first, count)
            if progress is not None:
                progress((first + count) / people, f"{first + count:,} people")
        folder.text("README.md", _README.format(people=people, seed=seed))
        rows = dict(folder.rows)
    return Report(out, people, seed, rows)


def _chunk(  # noqa: PLR0917 - the facts of one chunk
    folder: Folder, rng: np.random.Generator, goods: Catalog, number: int, first: int, count: int
) -> None:
    """Make people ``first`` to ``first + count - 1`` and all they do."""
    population = people.build(rng, first, count)
    visits = sessions.build(rng, population)
    bought = purchases.build(rng, population, visits, goods, number)
    planted = faults.plant(rng, population, is_first=number == 0)
    browser, server = identifies.build(rng, population, visits)
    late: list[str] = []
    for stream, events, added in (("js", browser, planted.browser), ("rb", server, planted.server)):
        every = identifies.joined([events, planted.events(added)])
        table, late_ids = identifies.table(rng, every, stream, number)
        folder.append(FILES[stream], table)
        late += late_ids.to_pylist()
    planted.truth.extend(faults.FaultRow("late_row", case, id_, "message", None) for case, id_ in enumerate(late))
    folder.append(FILES["orders"], bought.orders)
    folder.append(FILES["items"], bought.items)
    folder.append(FILES["ids"], _owners(population, planted))
    folder.append(FILES["faults"], faults.truth_table(planted.truth))


def _owners(population: Population, planted: Planted) -> pa.Table:
    """Who owns each id; null for what belongs to nobody."""
    accounts = pa.table(
        {
            "id": population.account_id,
            "id_type": texts.pick(("user_id",), np.zeros(len(population.account_person), dtype=np.int64)),
            "person_id": pa.array(population.account_person + population.first),
        }
    )
    devices = pa.table(
        {
            "id": population.device_id,
            "id_type": texts.pick(("anonymous_id",), np.zeros(len(population.device_person), dtype=np.int64)),
            "person_id": pa.array(population.device_person + population.first),
        }
    )
    more = [(i, "user_id", p) for i, p in planted.accounts] + [(i, "anonymous_id", p) for i, p in planted.devices]
    extra = pa.table(
        {
            "id": texts.strings([m[0] for m in more]),
            "id_type": texts.strings([m[1] for m in more]),
            "person_id": pa.array([m[2] for m in more], pa.int64()),
        }
    )
    return pa.concat_tables([accounts, devices, extra])
