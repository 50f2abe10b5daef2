"""Texts that show nothing are no ids, whatever they are made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from .test_inherited_main_ids import MODELS, PROJECT, TABLES, change, main_ids

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

SHIPPED = Path(__file__).parents[2] / "models/sql_models.yaml"
BLANKS = {
    "space": " ",
    "tab": "\t",
    "end of line": "\r\n",
    "no-break space": "\u00a0",
    "em space": "\u2003",
    "ideographic space": "\u3000",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "byte order mark": "\ufeff",
    "NUL": "\0",
    "Hangul filler": "\u3164",
    "several": "\t \u200b\u00a0\n",
}


@pytest.fixture
def shop(tiny: MakeTiny) -> Tiny:
    return tiny(TABLES, {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS})


def add(shop: Tiny, *rows: tuple[str, str]) -> None:
    with duckdb.connect(str(shop.folder / "raw.duckdb")) as raw:
        raw.executemany("INSERT INTO logins VALUES (?, ?, '2026-04-01')", list(rows))


@pytest.mark.parametrize("setting", ["drop", "warn", "keep"])
def test_blanks_link_nobody(shop: Tiny, setting: str) -> None:
    """Two people with the same blank device are two profiles, and the blank text is quarantined with its rule."""
    settings = shop.folder / "onefold.yaml"
    settings.write_text(settings.read_text() + f"placeholder_ids: {setting}\n")
    people = [(f"{who}{n}", blank) for n, blank in enumerate(BLANKS.values()) for who in ("a", "b")]
    add(shop, *people)
    result = shop.run()

    ids = main_ids(shop)
    assert len({ids[person] for person, _ in people}) == len(people)
    assert not set(BLANKS.values()) & set(ids)
    assert {row[0] for row in shop.rows("SELECT DISTINCT rule FROM GRAPH_QUARANTINE")} == {"blank_id"}
    assert not [n for n in result.notes if n.code == "placeholder-ids"]


@pytest.mark.parametrize("text", ["\t#{device}", " \u200b{{ id }}", "\u00a0null\n", "NaN\t", "\ufeffundefined"])
def test_placeholders_between_blanks(shop: Tiny, text: str) -> None:
    """A placeholder between blanks of any kind is still a placeholder."""
    settings = shop.folder / "onefold.yaml"
    settings.write_text(settings.read_text() + "placeholder_ids: drop\n")
    add(shop, ("a", text), ("b", text))
    shop.run()

    ids = main_ids(shop)
    assert ids["a"] != ids["b"]
    assert shop.rows("SELECT DISTINCT rule, id1 FROM GRAPH_QUARANTINE") == [("placeholder_id", text)]


@pytest.mark.parametrize("text", ["x\u200b", "\u00a0x", "\u200b1\u200b", "é", "日本", "a b", "-"])
def test_ids_with_something_to_see(shop: Tiny, text: str) -> None:
    """An id with a visible character is kept to the letter, with the blanks around it."""
    add(shop, ("a", text), ("b", text))
    shop.run()

    ids = main_ids(shop)
    assert ids["a"] == ids["b"] == ids[text]


def test_blanks_that_come_later(shop: Tiny) -> None:
    """An incremental run leaves blanks out as the first one does."""
    shop.run()
    change(shop, "INSERT INTO logins SELECT 'n' || i, chr(9), TIMESTAMP '2026-05-01' FROM range(2) r(i)")
    shop.run()

    ids = main_ids(shop)
    assert ids["n0"] != ids["n1"]
    assert "\t" not in ids


def test_the_shipped_filter(tiny: MakeTiny) -> None:
    """The macro that the shipped project cleans its ids with takes blanks of each kind away, at both ends only."""
    macros = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["macros"]
    models = yaml.safe_load(MODELS)
    cleaned = {
        "name": "cleaned",
        "model_type": "sql_template",
        "model_spec": {
            "materialization": {"output_type": "table"},
            "single_sql": 'SELECT user_id, {{ bare("device") }} AS device FROM {{ this.DeRef("inputs/logins") }}',
        },
    }
    files = {"models": [*models["models"], cleaned], "macros": macros}
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/models.yaml": yaml.safe_dump({**models, **files})})
    shown = {name: blank for name, blank in BLANKS.items() if name not in {"NUL", "Hangul filler"}}
    add(shop, *((name, f"{blank}x{blank}y{blank}") for name, blank in shown.items()))
    add(shop, ("nothing", "\t\u200b"))
    shop.run()

    found = dict(shop.rows("SELECT user_id, device FROM cleaned"))
    assert {name: found[name] for name in shown} == {name: f"x{blank}y" for name, blank in shown.items()}
    assert found["nothing"] == ""
