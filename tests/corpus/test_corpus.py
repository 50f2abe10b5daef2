"""Each project of the corpus runs, with the rows that it should have, and with no word but those expected."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.corpus.dialects import DIALECTS
from tests.corpus.projects import CORPUS
from tests.corpus.shop import TABLES

if TYPE_CHECKING:
    from tests.conftest import MakeTiny


def plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


EVERY = {**CORPUS, **DIALECTS}


@pytest.mark.parametrize("name", EVERY)
def test_project(name: str, tiny: MakeTiny) -> None:
    """It runs, and each question has its answer."""
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
