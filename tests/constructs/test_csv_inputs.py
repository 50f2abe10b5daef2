"""Inputs that are CSV files of the project (format B3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

FILES = {
    "pb_project.yaml": """
        name: shop
        schema_version: 99
        connection: local
        model_folders: [models]
        entities: [{name: user, id_types: [email]}]
        id_types: [{name: email}]
    """,
    "models/all.yaml": """
        inputs:
          - name: vips
            app_defaults:
              csv: data/vips.csv
              ids: [{select: email, type: email, entity: user}]
        var_groups:
          - name: vars
            entity_key: user
            vars: [{entity_var: {name: note, select: MAX(note), from: inputs/vips}}]
    """,
    "data/vips.csv": 'email,note\na@x,"likes tea, and cake"\n"b@x",none\n',
}


def shop_of(tiny: MakeTiny, **changed: str) -> Tiny:
    return tiny("", {**FILES, **changed})


def test_rows(tiny: MakeTiny) -> None:
    """Quotes around a cell are dropped, and protect commas."""
    shop = shop_of(tiny)

    shop.run()

    assert shop.rows("SELECT note FROM USER_FEATURE_VIEW ORDER BY 1") == [("likes tea, and cake",), ("none",)]


def test_query(tiny: MakeTiny) -> None:
    """A question may read such an input."""
    shop = shop_of(tiny)
    shop.run()

    assert shop.rows("SELECT COUNT(*) FROM {{this.DeRef('inputs/vips')}}") == [(2,)]


def test_missing_file(tiny: MakeTiny) -> None:
    """A file that is not there is an error with the place of its name."""
    shop = shop_of(tiny)
    (shop.folder / "data/vips.csv").unlink()

    with pytest.raises(onefold.AccessError, match=r"models/all\.yaml:5:\d+: .*data/vips\.csv"):
        shop.run()


def test_optional_file(tiny: MakeTiny) -> None:
    """An optional one is left out, with what needs it."""
    models = FILES["models/all.yaml"].replace("name: vips\n", "name: vips\n            contract: {is_optional: true}\n")
    shop = shop_of(tiny, **{"models/all.yaml": models})
    (shop.folder / "data/vips.csv").unlink()

    result = shop.run()

    assert "inputs/vips is left out" in " ".join(note.message for note in result.notes)


def test_missing_column(tiny: MakeTiny) -> None:
    """A column that the file does not have is told, with the nearest."""
    shop = shop_of(tiny, **{"data/vips.csv": "emial,note\na@x,b\n"})

    with pytest.raises(onefold.AccessError, match="emial"):
        shop.run()
