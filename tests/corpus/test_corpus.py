"""Each project of the corpus runs, with the rows that it should have, and with no word but those expected."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from tests.corpus.dialects import DIALECTS
from tests.corpus.projects import CORPUS
from tests.corpus.shop import TABLES

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny


def plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


EVERY = {**CORPUS, **DIALECTS}


@pytest.mark.parametrize("name", EVERY)
def test_project(name: str, tiny: MakeTiny) -> None:
    """It runs, each question has its answer, and the types that were foretold are those of the views."""
    project = EVERY[name]
    shop = tiny(TABLES, project.all_files())

    result = shop.run()

    said = sorted(
        {note.code for note in result.notes} - {"old-spelling", "check"}
    )  # checks of an id graph of nine ids say little
    assert said == sorted(project.notes), [note.message for note in result.notes]
    for question, answer in project.asks.items():
        sql = question if question.startswith("SELECT") else f"SELECT {question} FROM BY_USER ORDER BY user_id"
        rows = [tuple(map(plain, row)) for row in shop.rows(sql)]
        assert [row[0] if len(row) == 1 else row for row in rows] == answer, question
    assert not mistaken(shop)


def mistaken(shop: Tiny) -> list[tuple[str, str, str, str]]:
    """Columns of views whose type is not that which follows from the project alone."""
    compiled = onefold.load(shop.folder).compile()
    assert any(typed.type for model in compiled.types for typed in model.columns.values())
    found = []
    with duckdb.connect(str(shop.folder / "output/warehouse.duckdb"), read_only=True) as connection:
        connection.execute(f"ATTACH '{shop.folder / 'raw.duckdb'}' AS raw (READ_ONLY)")
        for model in compiled.types:
            if model.view is None:
                continue
            rows = connection.execute(f'DESCRIBE profiles."{model.view}"').fetchall()
            types = {row[0].lower(): row[1] for row in rows}
            said = {name: typed.type for name, typed in model.columns.items()}
            assert model.rest or said.keys() == types.keys(), model.ref
            found += [(model.ref, n, t, types.get(n, "-")) for n, t in said.items() if t and t != types.get(n)]
    return found
