"""A project becomes steps: scans by stage and source, a table of vars, feature views; errors have locations."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from onefold.errors import Finding, Location, ProjectError
from onefold.plan.feature_steps import EntityVars, FeatureView, VarTable
from onefold.plan.model import IdStitcher, InputStep, SqlTemplate

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.plan.model import Plan


def _vars(text: str) -> str:
    """A var group with one var per line: ``name | key: value | ...``."""
    lines = ["var_groups:", "  - name: g", "    entity_key: user", "    vars:"]
    for line in text.strip().splitlines():
        name, *keys = (part.strip() for part in line.split("|"))
        lines += ["      - entity_var:", f"          name: {name}", *(f"          {key}" for key in keys)]
    return "\n".join(lines) + "\n"


def _scans(plan: Plan) -> dict[str, tuple[str, ...]]:
    return {s.ref: tuple(v.name for v in s.vars) for s in plan.steps.values() if isinstance(s, EntityVars)}


def _tables(plan: Plan) -> list[VarTable]:
    return [s for s in plan.steps.values() if isinstance(s, VarTable)]


def _names(layers: tuple[tuple[object, ...], ...]) -> list[list[str]]:
    return [[var.name for var in layer] for layer in layers]  # type: ignore[attr-defined]


def _findings(planner: Callable[..., Plan], models: str, **changed: str) -> tuple[Finding, ...]:
    with pytest.raises(ProjectError) as caught:
        planner(models, **changed)
    return caught.value.findings


# --- inputs, models, stitchers ---


def test_input_keeps_what_the_project_says(plan_of: Callable[..., Plan]) -> None:
    """An input becomes an inline step with its table, time column, ids and filter."""
    step = plan_of(
        inputs="""
        inputs:
          - name: orders
            app_defaults:
              table: raw.orders
              occurred_at_col: ts
              row_identifier: [order_id]
              ids:
                - {select: "lower(email)", type: email, entity: user}
            where: amount > 0
            contract:
              is_optional: true
              with_columns: [{name: amount}]
        """
    ).steps["inputs/orders"]

    assert isinstance(step, InputStep)
    assert (step.kind, step.output, step.table, step.csv, step.occurred_at) == (
        "input",
        "inline",
        "raw.orders",
        False,
        "ts",
    )
    assert [(i.select.sql, i.id_type) for i in step.ids] == [("lower(email)", "email")]
    assert step.where is not None
    assert step.where.sql == "amount > 0"
    assert (step.row_identifier, step.is_optional, step.columns) == (("order_id",), True, ("amount",))


def test_entity_without_a_stitcher_gets_one_over_every_input(plan_of: Callable[..., Plan]) -> None:
    """The default stitcher reads each input that has ids of the entity."""
    step = plan_of().steps["models/user_default_id_stitcher"]

    assert isinstance(step, IdStitcher)
    assert [(s.source, [i.id_type for i in s.ids]) for s in step.sources] == [
        ("inputs/orders", ["user_id", "email"]),
        ("inputs/visits", ["email"]),
    ]
    assert step.needs == ("inputs/orders", "inputs/visits")
    assert (step.main_id, step.view) == ("user_main_id", "user_default_id_stitcher")


def test_id_that_is_not_meant_for_the_default_stitcher_is_left_out(plan_of: Callable[..., Plan]) -> None:
    """``to_default_stitcher: false`` keeps an id out of the default stitcher."""
    step = plan_of(
        inputs="""
        inputs:
          - name: orders
            app_defaults:
              table: raw.orders
              ids:
                - {select: user_id, type: user_id, entity: user}
                - {select: email, type: email, entity: user, to_default_stitcher: false}
        """
    ).steps["models/user_default_id_stitcher"]

    assert isinstance(step, IdStitcher)
    assert [i.id_type for s in step.sources for i in s.ids] == ["user_id"]


@pytest.mark.parametrize(
    ("written", "output", "view"),
    [("ephemeral", "inline", None), ("table", "table", "recent"), ("view", "view", "recent")],
)
def test_output_of_a_sql_model(written: str, output: str, view: str | None, plan_of: Callable[..., Plan]) -> None:
    """An ephemeral model is inline and has no view; a table or view is stored and has one."""
    step = plan_of(_model("recent", "SELECT * FROM {{ this.DeRef('inputs/orders') }}", written)).steps["models/recent"]

    assert isinstance(step, SqlTemplate)
    assert (step.output, step.view, step.needs) == (output, view, ("inputs/orders",))


def _model(name: str, sql: str, output: str = "ephemeral") -> str:
    return (
        f"models:\n  - name: {name}\n    model_type: sql_template\n    model_spec:\n"
        f"      materialization: {{output_type: {output}}}\n      single_sql: |\n        {sql}\n"
    )


def test_unknown_model_is_named_with_its_place(plan_of: Callable[..., Plan]) -> None:
    """A DeRef of an unknown model is reported at the text, with the nearest model."""
    (finding,) = _findings(plan_of, _model("recent", "SELECT * FROM {{ this.DeRef('inputs/order') }}"))

    assert finding.code == "unknown-model"
    assert finding.message == 'DeRef: there is no model "inputs/order"'
    assert isinstance(finding.where, Location)
    assert (finding.where.file, finding.where.text_line) == ("models/profiles.yaml", 7)
    assert finding.hint == 'did you mean "inputs/orders"?'


def test_input_on_s3_is_refused_with_its_place(plan_of: Callable[..., Plan]) -> None:
    """An input on S3 is reported with its location and an alternative."""
    inputs = "inputs:\n  - name: old\n    app_defaults: {s3: 's3://bucket/old.csv'}\n"

    with pytest.raises(ProjectError) as told:
        plan_of(inputs=inputs)

    assert "models/inputs.yaml:3:24" in str(told.value)
    assert "set csv" in str(told.value)


def test_models_that_need_each_other_are_a_cycle(plan_of: Callable[..., Plan]) -> None:
    """Two SQL models that read each other are reported as a cycle, at the first of them."""
    models = _model("one", "SELECT * FROM {{ this.DeRef('models/two') }}") + _model(
        "two", "SELECT * FROM {{ this.DeRef('models/one') }}"
    ).removeprefix("models:\n")

    (finding,) = _findings(plan_of, models)

    assert finding.message == "these models depend on each other in a cycle: models/one -> models/two -> models/one"
    assert finding.where == Location("models/profiles.yaml", 2, 5)


# --- vars ---


def test_vars_of_one_source_are_one_scan(plan_of: Callable[..., Plan]) -> None:
    """All vars of a source are computed in one step, which needs the source and the stitcher."""
    plan = plan_of(
        _vars("""
            orders | from: inputs/orders | select: count(*)
            visits | from: inputs/visits | select: count(*)
            last_order | from: inputs/orders | select: max(ts)
        """)
    )

    assert _scans(plan) == {
        "user/vars/inputs_orders": ("orders", "last_order"),
        "user/vars/inputs_visits": ("visits",),
    }
    step = plan.steps["user/vars/inputs_orders"]
    assert step.needs == ("inputs/orders", "models/user_default_id_stitcher")
    assert (step.output, step.view) == ("table", None)


def test_var_that_uses_another_comes_in_a_later_stage(plan_of: Callable[..., Plan]) -> None:
    """A var with a source whose where uses a var scans its source again, joined to the table of the previous stage."""
    plan = plan_of(
        _vars("""
            first_order | from: inputs/orders | select: min(ts)
            early | from: inputs/orders | where: "ts <= {{ user.first_order }}" | select: count(*)
            share | select: "{{ user.early }} / 2"
        """)
    )

    assert _scans(plan) == {
        "user/vars/inputs_orders": ("first_order",),
        "user/vars/inputs_orders_2": ("early",),
    }
    first, second = _tables(plan)
    assert (first.ref, first.base, first.carried) == ("user/var_table_1", "models/user_default_id_stitcher", ())
    assert (second.ref, second.base, second.carried) == ("user/var_table", first.ref, ("first_order",))
    scan = plan.steps["user/vars/inputs_orders_2"]
    assert isinstance(scan, EntityVars)
    assert scan.known_vars == first.ref
    assert first.ref in scan.needs
    assert (_names(first.derived), _names(second.derived)) == ([], [["share"]])


def test_derived_vars_are_laid_in_layers(plan_of: Callable[..., Plan]) -> None:
    """A derived var is in the layer after those that it uses."""
    plan = plan_of(
        _vars("""
            c | select: "{{ user.b }} + {{ user.n }}"
            a | select: "{{ user.n }} + 1"
            b | select: "{{ user.a }} + 1"
            other | select: "{{ user.n }} * 2"
            n | from: inputs/orders | select: count(*)
        """)
    )

    (table,) = _tables(plan)
    assert _names(table.derived) == [["a", "other"], ["b"], ["c"]]
    assert {ref: [v.name for v in vs] for ref, vs in table.parted.items()} == {"user/vars/inputs_orders": ["n"]}


def test_var_that_no_feature_needs_is_left_out(plan_of: Callable[..., Plan]) -> None:
    """A var that is not a feature is computed only if a feature needs it, and is never shown."""
    plan = plan_of(
        _vars("""
            unused | from: inputs/visits | select: count(*) | is_feature: false
            helper | from: inputs/orders | select: count(*) | is_feature: false
            shown | select: "{{ user.helper }} + 1"
        """)
    )

    assert _scans(plan) == {"user/vars/inputs_orders": ("helper",)}
    view = plan.steps["user/all/feature_view"]
    assert isinstance(view, FeatureView)
    assert view.features == ("shown",)


def test_unknown_var_is_named_with_its_place(plan_of: Callable[..., Plan]) -> None:
    """A var that uses an unknown var is reported with its location."""
    (finding,) = _findings(plan_of, _vars('a | select: "{{ user.missing }} + 1"'))

    assert finding.code == "unknown-var"
    assert finding.message == 'var "a" uses "missing", which entity "user" does not have'
    assert str(finding.where).startswith("models/profiles.yaml:7:")


def test_unknown_source_of_a_var_is_named_with_its_place(plan_of: Callable[..., Plan]) -> None:
    """A ``from`` with an unknown model is reported with its location."""
    findings = _findings(plan_of, _vars("a | from: inputs/ordes | select: count(*)"))

    assert [(str(f.where), f.hint) for f in findings] == [
        ("models/profiles.yaml:7:17", 'did you mean "inputs/orders"?')
    ]


def test_vars_that_use_each_other_are_a_cycle(plan_of: Callable[..., Plan]) -> None:
    """Vars that use each other are reported as a cycle."""
    (finding,) = _findings(plan_of, _vars('a | select: "{{ user.b }}"\nb | select: "{{ user.a }}"'))

    assert finding.code == "cycle"
    assert finding.message.endswith("in a cycle: user.a -> user.b -> user.a")


def test_all_mistakes_are_told_at_once(plan_of: Callable[..., Plan]) -> None:
    """Errors in models and in vars are raised together."""
    models = _model("recent", "SELECT * FROM {{ this.DeRef('inputs/x') }}") + _vars('a | select: "{{ user.y }}"')

    assert [f.code for f in _findings(plan_of, models)] == ["unknown-model", "unknown-var"]


# --- feature views ---


_NAMES = [
    ("{}", {"user_feature_view": None}),
    ("{name: people}", {"people": None}),
    (
        "{using_ids: [{id: email}]}",
        {"user_feature_view": None, "user_feature_view_with_email": "email"},
    ),
    (
        "{name: people, using_ids: [{id: email, name: by_email}, {id: user_id}]}",
        {"people": None, "by_email": "email", "people_with_user_id": "user_id"},
    ),
    ("{using_ids: [{id: user_main_id, name: profiles}]}", {"user_feature_view": None, "profiles": None}),
]


@pytest.mark.parametrize(("feature_views", "expected"), _NAMES)
def test_names_of_feature_views(
    feature_views: str, expected: dict[str, str | None], plan_of: Callable[..., Plan]
) -> None:
    """There is one view by main id, and one per requested id type, with the format's names."""
    plan = plan_of(_vars("n | from: inputs/orders | select: count(*)"), feature_views=feature_views)

    assert {s.view: s.id_type for s in plan.steps.values() if isinstance(s, FeatureView)} == expected


def test_features_are_in_alphabetical_order(plan_of: Callable[..., Plan]) -> None:
    """The columns of a view are its features in alphabetical order, in lower case."""
    plan = plan_of(
        _vars("""
            beta | from: inputs/orders | select: count(*)
            Alpha | from: inputs/visits | select: count(*) | description: How many
        """)
    )

    view = plan.steps["user/all/feature_view"]
    assert isinstance(view, FeatureView)
    assert view.features == ("alpha", "beta")
    assert view.descriptions == {"alpha": "How many"}


def test_feature_table_shows_a_selection(plan_of: Callable[..., Plan]) -> None:
    """A feature_table_model is a view by main id over the features it lists, in its order."""
    table = (
        "models:\n  - name: short\n    model_type: feature_table_model\n    model_spec:\n"
        "      entity_key: user\n      features: [b, a]\n"
    )
    group = _vars("""
        a | from: inputs/orders | select: count(*)
        b | from: inputs/visits | select: count(*)
        c | from: inputs/visits | select: max(email)
    """)

    view = plan_of(table + group).steps["models/short"]

    assert isinstance(view, FeatureView)
    assert (view.view, view.features, view.id_type) == ("short", ("b", "a"), None)


def test_steps_come_after_what_they_need(plan_of: Callable[..., Plan]) -> None:
    """The plan's steps are in running order."""
    plan = plan_of(_vars('n | from: inputs/orders | select: count(*)\nm | select: "{{ user.n }}"'))

    order = list(plan.steps)
    assert all(order.index(need) < order.index(ref) for ref, step in plan.steps.items() for need in step.needs)
    assert plan.needed_by("user/var_table") == ("user/all/feature_view",)


def test_var_of_a_stitcher_that_no_entity_uses(plan_of: Callable[..., Plan]) -> None:
    """A step that reads a stitcher which no entity uses is reported with its location."""
    stitcher = """
        models:
          - name: graph
            model_type: id_stitcher
            model_spec: {entity_key: user, edge_sources: [{from: inputs/orders}]}
    """
    finding = _findings(plan_of, dedent(stitcher) + _vars("ids | select: COUNT(*) | from: models/graph"))[0]

    assert finding.code == "unused-stitcher"
    assert "models/graph, which no entity uses" in finding.message
    assert isinstance(finding.where, Location)
