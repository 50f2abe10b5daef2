"""Model types of plugins: Arrow in, Arrow back; the example of docs/plugins.md at work."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import onefold
from onefold import plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import MakeTiny, Tiny

EXAMPLE = Path(__file__).parents[2] / "examples" / "onefold-ntile" / "src"

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id]}]
    id_types: [{name: user_id}]
"""

MODELS = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          ids: [{select: user_id, type: user_id, entity: user}]
    models:
      - name: spent
        model_type: sql_template
        model_spec:
          single_sql: |
            SELECT user_main_id, SUM(amount) AS amount
            FROM {{this.DeRef('inputs/orders')}} AS o
            JOIN {{this.DeRef('models/user_default_id_stitcher')}} AS g ON g.other_id = o.user_id
            GROUP BY user_main_id
      - name: halves
        model_type: ntile
        model_spec: {entity_key: user, model: models/spent, main_id: user_main_id, value: amount, parts: 2, name: half}
"""
ORDERS = (
    "CREATE TABLE orders AS SELECT 'u' || i AS user_id, CASE WHEN i < 5 THEN i * 10 END AS amount FROM range(6) t(i);"
)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Makes a class a model type, as installing its package would."""
    monkeypatch.syspath_prepend(str(EXAMPLE))

    def install(value: str) -> None:
        entry = importlib.metadata.EntryPoint("ntile", value, plugins.GROUP)
        monkeypatch.setattr(plugins, "entry_points", lambda group: [entry] if group == plugins.GROUP else [])
        plugins.model_types.cache_clear()

    yield install
    plugins.model_types.cache_clear()
    sys.modules.pop("onefold_ntile", None)


def shop_of(tiny: MakeTiny, models: str = MODELS) -> Tiny:
    return tiny(ORDERS, {"pb_project.yaml": PROJECT, "models/all.yaml": models})


def test_example(tiny: MakeTiny, installed: Callable[[str], None]) -> None:
    """The example's column joins the features; profiles without a value have none."""
    installed("onefold_ntile:NTile")
    shop = shop_of(tiny)

    shop.run()

    rows = shop.rows(
        "SELECT other_id, half FROM USER_FEATURE_VIEW JOIN USER_DEFAULT_ID_STITCHER USING (user_main_id) ORDER BY 1"
    )
    assert rows == [("u0", 1), ("u1", 1), ("u2", 1), ("u3", 2), ("u4", 2), ("u5", None)]
    assert shop.rows("SELECT COUNT(*) FROM HALVES") == [(5,)]


def test_mistakes_have_a_place(tiny: MakeTiny, installed: Callable[[str], None]) -> None:
    """A wrong key of ``model_spec`` is told as any other of the project."""
    installed("onefold_ntile:NTile")

    with pytest.raises(onefold.ProjectError, match=r"models/all\.yaml:18:") as caught:
        shop_of(tiny, MODELS.replace("parts: 2", "part: 2")).run()

    assert 'did you mean "parts"' in str(caught.value)


def test_unknown_path(tiny: MakeTiny, installed: Callable[[str], None]) -> None:
    """A plugin that reads what is not there is an error before anything runs."""
    installed("onefold_ntile:NTile")

    with pytest.raises(onefold.ProjectError, match='there is no model "models/spend"'):
        shop_of(tiny, MODELS.replace("model: models/spent", "model: models/spend")).run()


def broken(how: str) -> type[plugins.ModelType]:
    """The example, broken."""
    example: Any = importlib.import_module("onefold_ntile").NTile

    class Broken(example):  # type: ignore[misc]
        def run(self, spec: Any, tables: Any, context: Any) -> Any:
            if how == "raises":
                raise ZeroDivisionError("by zero")
            return "rows" if how == "no table" else super().run(spec, tables, context).drop_columns(["half"])

    return Broken


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("raises", "ZeroDivisionError: by zero"),
        ("no table", "the result is not a table"),
        ("column", "declared user_main_id, half"),
    ],
)
def test_plugin_that_fails(
    tiny: MakeTiny, installed: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, how: str, said: str
) -> None:
    """Whatever goes wrong in a plugin is an error that names it, and nothing is published."""
    installed("onefold_ntile:NTile")
    monkeypatch.setattr(importlib.import_module("onefold_ntile"), "Broken", broken(how), raising=False)
    installed("onefold_ntile:Broken")
    shop = shop_of(tiny)

    with pytest.raises(onefold.RunError, match='model type "ntile"') as caught:
        shop.run()

    assert said in str(caught.value)
    with pytest.raises(onefold.RunError):
        shop.rows("SELECT * FROM HALVES")


@pytest.mark.parametrize("value", ["onefold_ntile:Nothing", "no_such_package:X", "onefold_ntile:NTileSpec"])
def test_plugin_that_cannot_be_loaded(tiny: MakeTiny, installed: Callable[[str], None], value: str) -> None:
    """A plugin that cannot be imported, or is none, is named."""
    installed(value)

    with pytest.raises(onefold.ProjectError, match='the plugin for model type "ntile"'):
        shop_of(tiny).run()
