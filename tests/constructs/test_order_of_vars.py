"""What vars need is found var by var: a cohort, and a model over it, may stand between two vars of one entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.errors import ProjectError

if TYPE_CHECKING:
    from tests.conftest import MakeTiny

TABLES = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 10, TIMESTAMP '2026-01-01'), ('u1', 20, TIMESTAMP '2026-01-02'), ('u1', 20, TIMESTAMP '2026-01-03'),
        ('u2', 5,  TIMESTAMP '2026-01-03')
    ) v(user_id, amount, ts);
"""
PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_stitcher: models/graph, id_types: [user_id]}]
    id_types: [{name: user_id}]
"""
MODELS = """
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
          - entity_var: {name: total, select: SUM(amount), from: inputs/orders}
          - entity_var: {name: best, select: MAX(amount), from: inputs/orders}
          - entity_var: {name: at_best, select: COUNT(*), from: inputs/orders, where: "amount = {{user.Var('best')}}"}
          - entity_var: {name: rank, select: MAX(k), from: models/ranks}
          - entity_var: {name: both, select: "{{user.rank}} + {{user.total}}"}
    models:
      - name: graph
        model_type: id_stitcher
        model_spec: {entity_key: user, edge_sources: [{from: inputs/orders}]}
      - name: big
        model_type: entity_cohort
        model_spec:
          extends: user/all
          filter_pipeline: [{type: include, value: "{{user.Var('total')}} > 10"}]
      - name: ranks
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          single_sql: SELECT user_main_id, 7 AS k FROM {{this.DeRef('models/big')}}
          ids: [{select: user_main_id, type: rudder_id, entity: user}]
"""


def test_a_var_of_a_model_over_a_cohort(tiny: MakeTiny) -> None:
    """A cohort on one var, a model over the cohort, and a var from that model are no cycle."""
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS})

    shop.run()

    asked = "SELECT total, best, at_best, rank, both FROM user_feature_view ORDER BY total"
    assert shop.rows(asked) == [(5, 5, 1, None, None), (50, 20, 2, 7, 57)]
    assert shop.rows("SELECT total, rank FROM big_feature_view") == [(50, 7)]


NESTED = (
    MODELS.replace("models/big')", "models/large')")
    + """
      - name: large
        model_type: entity_cohort
        model_spec:
          extends: models/big
          filter_pipeline: [{type: include, value: "FILTER"}]
"""
)
OF_BIG = """
      - name: of_big
        entity_cohort: models/big
        vars:
          - entity_var: {name: n, select: COUNT(*), from: inputs/orders}
          - entity_var: {name: best, select: "{{big.n}} + 100"}
          - entity_var: {name: ranked, select: "{{user.both}} + {{big.best}}"}
    models:
"""


@pytest.mark.parametrize(
    ("shown", "more", "rank"),
    [
        ("{{user.best}} > 10", "", 7),
        ("{{user.best}} > 10", OF_BIG, 7),
        ("{{big.best}} > 20", "", None),
        ("{{big.best}} > 20", OF_BIG, 7),
        ("{{big.at_best}} + {{big.total}} > 52", "", None),
        ("{{big.total}} > 1 AND {{user.at_best}} > 1", OF_BIG, 7),
    ],
)
def test_a_var_of_a_model_over_a_cohort_of_a_cohort(tiny: MakeTiny, shown: str, more: str, rank: int | None) -> None:
    """A cohort of a cohort may stand between two vars, filtered by vars of either, also of one name."""
    models = NESTED.replace("FILTER", shown).replace("    models:\n", more or "    models:\n", 1)
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": models})

    shop.run()

    assert shop.rows("SELECT total, rank FROM user_feature_view ORDER BY total") == [(5, None), (50, rank)]
    assert shop.rows("SELECT total, rank FROM big_feature_view") == [(50, rank)]
    assert shop.rows("SELECT rank FROM large_feature_view") == ([(rank,)] if rank else [])


def test_vars_of_a_cohort_beside_those_of_its_cohort(tiny: MakeTiny) -> None:
    """The cohort between has all of its vars, also one made of what comes after its own cohort."""
    models = NESTED.replace("FILTER", "{{big.best}} > 20").replace("    models:\n", OF_BIG, 1)
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": models})

    shop.run()

    assert shop.rows("SELECT n, best, ranked FROM big_feature_view") == [(3, 103, 160)]


def test_a_true_circle_through_a_cohort_of_a_cohort(tiny: MakeTiny) -> None:
    """A cohort of a cohort whose filter needs a var that is made of it is a cycle, and is told."""
    models = NESTED.replace("FILTER", "{{user.both}} > 1")
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": models})

    with pytest.raises(ProjectError, match=r"user\.rank"):
        onefold.load(shop.folder).compile()


def test_a_true_circle_through_what_a_cohort_is_cut_from(tiny: MakeTiny) -> None:
    """So is one through the filters of the cohort that it is cut from."""
    models = NESTED.replace("FILTER", "{{user.best}} > 1").replace("Var('total')", "Var('both')")
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": models})

    with pytest.raises(ProjectError, match=r"user\.rank"):
        onefold.load(shop.folder).compile()


def test_a_true_cycle(tiny: MakeTiny) -> None:
    """A cohort on a var that is made of a model over that cohort is one, and is told."""
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS.replace("Var('total')", "Var('both')")})

    with pytest.raises(ProjectError, match=r"user\.rank"):
        onefold.load(shop.folder).compile()


@pytest.mark.parametrize(
    "path", ["total", "./total", "user/all/total", "~/user/all/total", "entity/user/total", "~/entity/user/all/total"]
)
def test_paths_of_vars(tiny: MakeTiny, path: str) -> None:
    """A var may be named by its path."""
    models = MODELS.replace('"{{user.rank}} + {{user.total}}"', f"\"{{{{user.Var('{path}')}}}} * 2\"")
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": models})

    shop.run()

    assert shop.rows("SELECT both FROM user_feature_view ORDER BY both") == [(10,), (100,)]


def test_a_path_of_no_var(tiny: MakeTiny) -> None:
    """A path of another entity, or of nothing, is a mistake."""
    models = MODELS.replace("{{user.rank}}", "{{user.Var('~/shop/all/total')}}")
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": models})

    with pytest.raises(ProjectError, match=r"which entity .user. does not have"):
        onefold.load(shop.folder).compile()


def test_a_feature_view_as_a_model(tiny: MakeTiny) -> None:
    """A model of type feature_view has all features, by main id and by the ids that the entity's views have."""
    view = "      - {name: fv, model_type: feature_view, model_spec: {entity_key: user}}\n"
    project = PROJECT.replace("[user_id]}]", "[user_id], feature_views: {using_ids: [{id: user_id}]}}]")
    shop = tiny(TABLES, {"pb_project.yaml": project, "models/all.yaml": MODELS + view})

    shop.run()

    assert shop.rows("SELECT total FROM fv ORDER BY total") == [(5,), (50,)]
    assert shop.rows("SELECT user_id, total FROM fv_with_user_id ORDER BY total") == [("u2", 5), ("u1", 50)]


@pytest.mark.parametrize(("kind", "said"), [("churn_score", "disabled"), ("sql_templte", None)])
def test_model_types_that_are_not_known(tiny: MakeTiny, kind: str, said: str | None) -> None:
    """A model type of a package that is not here is disabled, with a warning; a typing mistake is an error."""
    model = f"      - {{name: other, model_type: {kind}, model_spec: {{entity_key: user}}}}\n"
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS + model})

    if said is None:
        with pytest.raises(ProjectError, match=r"did you mean .sql_template"):
            shop.run()
    else:
        assert said in {note.code for note in shop.run().notes}
