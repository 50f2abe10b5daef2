"""Generates the sample shop: six tables, and the truth about the owner of each id.

Takes a size and a seed; writes a folder of Parquet files. The same size and seed give the same rows on every machine,
and the same bytes with the same versions of numpy and pyarrow. People are generated in chunks, so memory does not grow
with the shop. People are simulated, not rows: each has an email or a plain id, devices, visits, a purchase history, and
identify calls when logging in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.sample import catalog, faults, identifies, people, purchases, sessions, truth
from onefold.sample.write import Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from onefold.sample.catalog import Catalog

CHUNK = 50_000
"""People generated at once."""

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
README = "README.md"
OWN_FILES = frozenset({README, *(f"{name}.parquet" for name in FILES.values())})

_README = """\
# The sample shop

Made by `pb insert --people {people} --seed {seed}`: {people:,} simulated people, their purchases and log-ins.
The same command gives the same rows, and with the same versions of numpy and pyarrow (here {numpy} and {pyarrow}) the
same bytes. Nobody in it is real: names are drawn from lists, addresses end in `.example`.

| file | rows |
|---|---:|
{files}

The project reads `WAREHOUSE` and `rudderstack`. No model reads `truth`:

- `ids`: every id of the tables, its type, and the person who owns it (null: nobody's).
- `faults`: the planted faults. `part` is `cause` for the id behind a fault and `touched` for the affected ids; `case`
  numbers the faults of one name.

| fault | cases | description |
|---|---:|---|
{faults}
"""


@dataclass(frozen=True)
class SampleSummary:
    """A generated shop.

    Attributes:
        folder: Its folder.
        people: Number of people.
        seed: The seed.
        rows: Rows by file, in the order of ``FILES``.
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
) -> SampleSummary:
    """Generate a shop in the folder ``out``, replacing an earlier shop.

    Args:
        out: The folder; it appears when the shop is complete.
        people: Number of people.
        seed: Another seed gives another shop.
        progress: Called with the finished share and a description of the step.

    Raises:
        UsageError: If ``out`` contains anything other than an earlier shop.
        ValueError: If ``people`` is below 1 or ``seed`` below 0.
    """
    if people < 1 or seed < 0:
        raise ValueError("people must be 1 or more, and seed 0 or more")
    with Folder(out, OWN_FILES) as folder:
        goods = catalog.build(np.random.default_rng([seed, 0]), people)
        folder.append(FILES["designs"], goods.designs)
        folder.append(FILES["products"], goods.products)
        cases: Counter[str] = Counter()
        for number, first in enumerate(range(0, people, CHUNK)):
            count = min(CHUNK, people - first)
            tables = _chunk(np.random.default_rng([seed, 1, number]), goods, number, first, count)
            for name, table in tables.items():
                folder.append(FILES[name], table)
            cases.update(_cases(tables["faults"]))
            if progress is not None:
                progress((first + count) / people, f"{first + count:,} people")
        rows = {name: folder.rows[name] for name in FILES.values()}
        folder.text(README, _readme(people, seed, rows, cases))
    return SampleSummary(out, people, seed, rows)


def _chunk(rng: np.random.Generator, goods: Catalog, number: int, first: int, count: int) -> dict[str, pa.Table]:
    """Generate people ``first`` to ``first + count - 1`` and all of their data: rows by table."""
    population = people.build(rng, first, count)
    visits = sessions.build(rng, population)
    bought = purchases.build(rng, population, visits, goods, number)
    planted = faults.plant(rng, population, number)
    browser, server = identifies.build(rng, population, visits)
    browser = identifies.joined([browser, faults.events(planted.browser)])
    server = identifies.joined([server, faults.events(planted.server)])
    js, late_js = identifies.table(rng, browser, "js", number)
    rb, late_rb = identifies.table(rng, server, "rb", number)
    faults.note_late(planted, number, late_js.to_pylist() + late_rb.to_pylist())
    was_seen = np.zeros(len(population.account_person), dtype=np.bool_)
    was_seen[visits.account] = True
    was_seen[bought.accounts] = True
    return {
        "orders": bought.orders,
        "items": bought.items,
        "js": js,
        "rb": rb,
        "ids": truth.ids_table(population, was_seen, planted.ids),
        "faults": truth.faults_table(planted.truth),
    }


def _cases(table: pa.Table) -> dict[str, int]:
    """The number of cases of each fault in a chunk."""
    cases = table.select(["fault", "case"]).group_by(["fault", "case"]).aggregate([])
    return Counter(cases["fault"].to_pylist())


def _readme(people: int, seed: int, rows: Mapping[str, int], cases: Mapping[str, int]) -> str:
    return _README.format(
        people=people,
        seed=seed,
        numpy=np.__version__,
        pyarrow=pa.__version__,
        files="\n".join(f"| `{name}` | {count:,} |" for name, count in rows.items()),
        faults="\n".join(f"| `{name}` | {cases[name]:,} | {note} |" for name, note in truth.NOTES.items()),
    )
