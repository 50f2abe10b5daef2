"""What takes no part in a run: optional inputs that are missing, models of other packages, what is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import call

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id, email]}]
    id_types: [{name: user_id}, {name: email}]
"""

ORDERS = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 10, TIMESTAMP '2026-01-01'), ('u2', 20, TIMESTAMP '2026-01-02')
    ) v(user_id, amount, ts);
"""
VISITS = "CREATE TABLE visits AS SELECT 'u1' AS user_id, 'a@x' AS email, TIMESTAMP '2026-01-01' AS ts;"

MODELS = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          occurred_at_col: ts
          ids: [{select: user_id, type: user_id, entity: user}]
      - name: visits
        contract: {is_optional: true, with_columns: [{name: email}]}
        app_defaults:
          table: raw.main.visits
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: email, type: email, entity: user}
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: spent, select: SUM(amount), from: inputs/orders}
          - entity_var: {name: visits, select: COUNT(*), from: inputs/visits}
          - entity_var: {name: ratio, select: "{{user.spent}} / {{user.visits}}"}
          - entity_var: {name: recent, select: COUNT(*), from: models/recent_visits}
    models:
      - name: recent_visits
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          single_sql: "SELECT user_id FROM {{this.DeRef('inputs/visits')}}"
          ids: [{select: user_id, type: user_id, entity: user}]
      - name: either
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          single_sql: |
            {% set visits = this.DeRef('inputs/visits', dependency='optional') %}
            {% if visits.IsEnabled() %} SELECT email AS id FROM {{visits}} {% else %} SELECT 'none' AS id {% endif %}
      - name: frequent
        model_type: entity_cohort
        model_spec: {extends: user/all, filter_pipeline: [{type: include, value: "{{user.visits}} > 3"}]}
"""


def shop_of(tiny: MakeTiny, tables: str = ORDERS, models: str = MODELS) -> Tiny:
    return tiny(tables, {"pb_project.yaml": PROJECT, "models/all.yaml": models})


def columns(shop: Tiny) -> list[str]:
    return list(onefold.load(shop.folder).read("USER_FEATURE_VIEW").arrow.column_names)


def test_missing_optional_input(tiny: MakeTiny) -> None:
    """Without the optional table the rest runs; everything that needs it is disabled and named."""
    shop = shop_of(tiny)

    result = shop.run()

    assert columns(shop) == ["user_main_id", "spent"]
    assert shop.rows("SELECT id FROM either") == [("none",)]
    said = [note.message for note in result.notes if note.code == "disabled"]
    assert [text.split(" is disabled")[0] for text in said] == [
        "inputs/visits", "models/recent_visits", "entity/user/recent", "entity/user/visits", "entity/user/ratio",
        "models/frequent",
    ]  # fmt: skip
    assert said[0] == "inputs/visits is disabled: its table raw.main.visits does not exist, and it is optional"


def test_optional_input_that_is_there(tiny: MakeTiny) -> None:
    """With the table, all takes part."""
    shop = shop_of(tiny, ORDERS + VISITS)

    result = shop.run()

    assert columns(shop) == ["user_main_id", "ratio", "recent", "spent", "visits"]
    assert shop.rows("SELECT id FROM either") == [("a@x",)]
    assert result.notes == ()


def test_optional_input_without_a_promised_column(tiny: MakeTiny) -> None:
    """An optional input that lacks a promised column is disabled as well."""
    shop = shop_of(tiny, ORDERS + "CREATE TABLE visits AS SELECT 'u1' AS user_id, TIMESTAMP '2026-01-01' AS ts;")

    shop.run()

    assert columns(shop) == ["user_main_id", "spent"]


def test_mandatory_input(tiny: MakeTiny) -> None:
    """An input that is not optional must be there."""
    shop = shop_of(tiny, models=MODELS.replace("is_optional: true, ", ""))

    with pytest.raises(onefold.AccessError, match=r"raw\.main\.visits does not exist"):
        shop.run()


def test_must_have(tiny: MakeTiny) -> None:
    """A project is refused if one of its must_have models is disabled."""
    models = MODELS.replace("{output_type: table}", "{output_type: table, enable_status: must_have}", 1)

    with pytest.raises(onefold.ProjectError, match="models/recent_visits is must_have but is disabled"):
        shop_of(tiny, models=models).run()


def test_disabled_model(tiny: MakeTiny) -> None:
    """A model that is switched off takes what needs it along."""
    models = MODELS.replace("{output_type: table}", "{output_type: table, enable_status: disabled}", 1)
    shop = shop_of(tiny, ORDERS + VISITS, models)

    shop.run()

    assert columns(shop) == ["user_main_id", "ratio", "spent", "visits"]


def test_only_if_necessary(tiny: MakeTiny) -> None:
    """A model that is only made if necessary is not made for itself."""
    necessary = "{output_type: table, enable_status: only_if_necessary}"
    shop = shop_of(tiny, ORDERS + VISITS, MODELS.replace("{output_type: table}", necessary))

    result = shop.run()

    assert "models/recent_visits" in result.published
    assert "models/either" not in result.published


def test_stitcher_without_sources(tiny: MakeTiny) -> None:
    """An entity all of whose sources are missing is disabled with all it has."""
    optional = MODELS.replace("- name: orders\n", "- name: orders\n        contract: {is_optional: true}\n")
    shop = shop_of(tiny, "CREATE TABLE other AS SELECT 1 AS x", optional)

    result = shop.run()

    assert list(result.published) == ["models/either"]


def test_entity_without_ids(tiny: MakeTiny) -> None:
    """An entity that no input has ids of is disabled, and the others run."""
    file = PROJECT.replace("entities: [", "entities: [{name: shop, id_types: [shop_id]}, ").replace(
        "id_types: [{name: user_id}", "id_types: [{name: shop_id}, {name: user_id}"
    )
    shop = tiny(ORDERS + VISITS, {"pb_project.yaml": file, "models/all.yaml": MODELS})

    result = shop.run()

    assert [note.message for note in result.notes] == [
        'models/shop_default_id_stitcher is disabled: no input has ids of entity "shop"'
    ]


VENDOR = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          occurred_at_col: ts
          ids: [{select: user_id, type: user_id, entity: user}]
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: spent, select: SUM(amount), from: inputs/orders}
          - entity_var: {name: at_risk, select: "CASE WHEN {{user.churn_score}} > 0.5 THEN 1 END"}
    models:
      - name: churn
        model_type: propensity
        model_spec:
          entity_key: user
          inputs: [entity/user/spent]
          prediction: {output_columns: {score: {name: churn_score, is_feature: true}}}
"""


def test_vendor_model(tiny: MakeTiny) -> None:
    """A model type of another package is disabled with what uses its columns, and shown as such."""
    shop = shop_of(tiny, models=VENDOR)

    shop.run()
    shown = call(shop.folder, "show", "models", "--include_disabled").out

    assert columns(shop) == ["user_main_id", "spent"]
    for part in ("models/churn", "propensity", "entity/user/at_risk", "disabled"):
        assert part in shown


def test_unknown_model_type(tiny: MakeTiny) -> None:
    """A model type that nobody knows is an error, with those that are known."""
    with pytest.raises(onefold.ProjectError, match='"propensty" is not a model type') as caught:
        shop_of(tiny, models=VENDOR.replace("propensity", "propensty")).run()

    assert 'did you mean "propensity"' in str(caught.value)
