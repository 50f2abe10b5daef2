"""Feature views by ids: of the entity, of a cohort, and of a model of type ``feature_view`` (parity: ``accepted``)."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from onefold.project.migrate import migrated

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

    import onefold

TABLES = """
    CREATE TABLE orders AS SELECT * FROM (VALUES ('u1', 'a@x', 10), ('u1', NULL, 20), ('u2', 'b@x', 5))
        v(user_id, email, amount);
"""
PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id, email], feature_views: {using_ids: [VIEWS]}}]
    id_types: [{name: user_id}, {name: email}, {name: main_id}]
"""
MODELS = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: email, type: email, entity: user}
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: spent, select: SUM(amount), from: inputs/orders}
"""
COHORT = """
    models:
      - name: big
        model_type: entity_cohort
        model_spec:
          extends: user/all
          filter_pipeline: [{type: include, value: "{{user.spent}} > 8"}]
          feature_views: {using_ids: [VIEWS]}
"""
FEATURE_VIEW = """
    models:
      - {name: fv, model_type: feature_view, model_spec: {entity_key: user, SPEC}}
"""


def shop_of(tiny: MakeTiny, views: str, models: str = MODELS) -> Tiny:
    return tiny(TABLES, {"pb_project.yaml": PROJECT.replace("VIEWS", views), "models/all.yaml": models})


def said(result: onefold.RunResult) -> list[str]:
    return [line for note in result.notes if note.code != "check" for line in str(note).splitlines()]


@pytest.mark.parametrize("listed", ["user_id, email", "user_id, email, main_id"])
def test_a_view_by_main_id(tiny: MakeTiny, listed: str) -> None:
    """A view by ids of type main_id has the main ids, whether the entity lists that type or not."""
    project = PROJECT.replace("VIEWS", "{id: main_id, name: by_main}").replace("user_id, email]", f"{listed}]")
    shop = tiny(TABLES, {"pb_project.yaml": project, "models/all.yaml": MODELS})

    assert said(shop.run()) == []

    assert shop.rows("SELECT main_id, spent FROM by_main ORDER BY spent") == shop.rows(
        "SELECT user_main_id, spent FROM user_feature_view ORDER BY spent"
    )
    assert shop.rows("SELECT COUNT(*) FROM by_main") == [(2,)]


def test_a_view_of_a_cohort_by_main_id(tiny: MakeTiny) -> None:
    """A cohort has such a view of its profiles."""
    shop = shop_of(tiny, "", MODELS + COHORT.replace("VIEWS", "{id: main_id, name: by_main}"))

    shop.run()

    assert shop.rows("SELECT spent FROM by_main") == [(30,)]


def test_a_view_by_ids_that_nobody_has(tiny: MakeTiny) -> None:
    """A view by ids that no profile has is made, has no rows, and a warning says so with its place."""
    shop = shop_of(tiny, "{id: emial, name: by_mail}", MODELS + COHORT.replace("VIEWS", "{id: nope}"))

    notes = said(shop.run())

    assert notes == [
        'pb_project.yaml:6:86: entity "user" has no id type "emial", so its view by such ids has no rows [empty-view]',
        '    hint: did you mean "email"?',
        'models/all.yaml:21:40: entity "user" has no id type "nope", so its view by such ids has no rows [empty-view]',
        "    hint: available: user_id, email",
    ]
    assert shop.rows("SELECT emial, spent FROM by_mail") == []
    assert shop.rows("SELECT nope, spent FROM big_feature_view_with_nope") == []


def test_two_views_by_ids_of_one_type(tiny: MakeTiny) -> None:
    """There may be several views by ids of one type; each has all rows."""
    shop = shop_of(tiny, "{id: email, name: one}, {id: email, name: two}, {id: email}")

    shop.run()

    for view in ("one", "two", "user_feature_view_with_email"):
        assert shop.rows(f"SELECT email, spent FROM {view} ORDER BY email") == [("a@x", 30), ("b@x", 5)]


def test_a_feature_view_with_ids_of_its_own(tiny: MakeTiny) -> None:
    """A model of type feature_view has the views by ids that it asks for, and not those of its entity."""
    spec = "using_ids: [{id: user_id, name: mine}, {id: main_id}]"
    shop = shop_of(tiny, "{id: email}", MODELS + FEATURE_VIEW.replace("SPEC", spec))

    result = shop.run()

    views = {view.lower() for view in result.published.values()}
    assert {view for view in views if view.startswith(("fv", "mine"))} == {"fv", "fv_with_main_id", "mine"}
    assert shop.rows("SELECT user_id, spent FROM mine ORDER BY spent") == [("u2", 5), ("u1", 30)]
    assert shop.rows("SELECT COUNT(main_id) FROM fv_with_main_id") == [(2,)]


def test_sources_of_a_feature_view(tiny: MakeTiny) -> None:
    """Models that a feature view has features from leave none out; a note says so, and migrating takes them out."""
    spec = "features: [{from: models/x, include: [a]}]"
    shop = shop_of(tiny, "", MODELS + FEATURE_VIEW.replace("SPEC", spec))

    notes = said(shop.run())

    assert notes == [
        'models/all.yaml:16:73: "features" has no effect: a feature view has all features of its entity [old-spelling]',
        "    hint: remove it; to select features, use a feature_table_model",
    ]
    assert shop.rows("SELECT spent FROM fv ORDER BY spent") == [(5,), (30,)]
    (file,) = migrated(shop.folder)
    assert file.content.decode() == dedent(MODELS + FEATURE_VIEW.replace(", SPEC", ""))


def test_views_kept_as_tables(tiny: MakeTiny) -> None:
    """How feature views and vars are kept may be said, and changes no rows."""
    project = PROJECT.replace("using_ids: [VIEWS]", "materialization: {output_type: table, run_type: discrete}")
    models = MODELS.replace("entity_key: user", "entity_key: user\n        vartable_group: one").replace(
        "from: inputs/orders}", "from: inputs/orders, vartable_group: two}"
    )
    shop = tiny(TABLES, {"pb_project.yaml": project, "models/all.yaml": models})

    assert said(shop.run()) == []
    assert shop.rows("SELECT spent FROM user_feature_view ORDER BY spent") == [(5,), (30,)]
