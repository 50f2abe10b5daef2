"""Projects put together at random from old, loose and odd spellings, with and without mistakes.

Whatever is put together either compiles or gives findings, each with a place; what is made of accepted spellings alone
compiles.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.errors import Finding, Location, OnefoldError

if TYPE_CHECKING:
    from pathlib import Path

IDS = "[{select: user_id, type: user_id, entity: user}, {select: email, type: email, entity: user}]"
VERSIONS = (34, 40, 46, 53, 69, 93, 94, 99)
ENTITY = (
    "feature_views: {using_ids: [{id: email}]}",
    "feature_views: [{id: email}]",
    "serve_traits: [{id_served: email}]",
    "serve_traits_360: {using_ids: [{id: email, name: by_email}]}",
    "hooks: {pre_run: SELECT 1}",
    "default_id_stitcher: {validity_time: 24h}",
    "feature_views:",
)
ID_TYPES = ("[user_id, email]", "[rudder_id, user_id, email]", "[main_id, user_id, email]")
INPUTS = (
    f"app_defaults: {{table: raw.main.orders, occurred_at_col: ts, ids: {IDS}}}",
    f"app_defaults: {{table: raw.main.orders}}\n    occurred_at_col: ts\n    ids: {IDS}",
    f"table: raw.main.orders\n    occurred_at_col: date_trunc('day', ts)\n    ids: {IDS}",
    f"app_defaults: &it\n      table: raw.main.orders\n      occurred_at_col: '\"ts\"'\n      ids: {IDS}",
    f"contract:\n    app_defaults: {{view: raw.main.orders, ids: {IDS[:-1]}, {{select: shop, type: rudder_id, entity: user}}]}}",
)
VARS = (
    "entity_var: {name: a, select: COUNT(*), from: inputs/orders}",
    "entity_var: {name: b, select: SUM(amount), from: Inputs/Orders, default: 0}",
    "entity_var: {name: c, select: \"{{user.Var('~/entity/user/all/n')}} + 1\"}",
    "entity_var: {name: d, select: LAST_VALUE(shop), from: inputs/orders, window: {order_by: ts, frame_clause: '{{ whole() }}'}}",
    "entity_var: {name: e, select: n + 1, is_feature: false, tags: [], where: }",
)
MODELS = (
    "{name: ft, model_type: feature_table_model, model_spec: {validity_time: 24h, entity_key: user, features: [n]}}",
    "{name: fv, model_type: feature_view, model_spec: {entity_key: user}}",
    "{name: py, model_type: some_score, model_spec: {entity_key: user}}",
    "{name: big, model_type: entity_cohort, model_spec: {extends: user/all, filter_pipeline: [{type: include, value: '{{user.n}} > 1'}]}}",
    (
        "{name: t, model_type: sql_template, model_spec: {single_sql: \"SELECT * FROM {{this.DeRef('inputs/orders')}}\", "
        "ids: [{select: user_id, type: user_id, entity: user}], features: [{name: amount}], contract: {with_columns: [{name: nope}]}}}"
    ),
    (
        "{name: old, model_type: feature_table_model, model_spec: {entity_key: user, compatibility_mode: true, "
        "vars: [{entity_var: {name: o, select: MAX(amount), from: inputs/orders}}], features: [o]}}"
    ),
)
ODD_FILES = ("", "# nothing\n", "---\n", "models:\n", "inputs: []\nmodels: []\n")
MISTAKES = (
    ("type: email", "type: Email"),
    ("entity: user", "entity: nobody"),
    ("models:", "modles:"),
    ("COUNT(*)", "COUNT("),
    ("[n]", "[nope]"),
    ("name: n,", "name: n, name: m,"),
    ("from: inputs/orders", "from: inputs/order"),
    ("{{user.n}}", "{{user.nope}}"),
    ("- name: orders", "- orders"),
    ("var_groups:", "- var_groups:"),
    ("select: SUM", "selct: SUM"),
    ("schema_version: ", "schema_version: 1"),
    ("model_spec: {", "model_spec: ["),
)


def put_together(choose: random.Random) -> dict[str, str]:
    """The files of a project."""

    def some(of: tuple[str, ...]) -> list[str]:
        return choose.sample(of, choose.randint(0, len(of)))

    version, entity = choose.choice(VERSIONS), choose.choice(ENTITY)
    vars_ = ["entity_var: {name: n, select: COUNT(*), from: inputs/orders}", *some(VARS)]
    models = some(MODELS)
    groups = "".join(f"      - {var}\n" for var in vars_)
    return {
        "pb_project.yaml": (
            f"name: shop\nschema_version: {version}\n{choose.choice(['connection', 'profile'])}: local\n"
            f"model_folders: [models, {choose.choice(['./models', 'models/more', 'nowhere'])}]\n"
            f"entities:\n  - name: user\n    id_types: {choose.choice(ID_TYPES)}\n    {entity}\n"
            "id_types: [{name: user_id}, {name: email}, {name: shop}]\n"
        ),
        "models/inputs.yaml": f"inputs:\n  - name: orders\n    {choose.choice(INPUTS)}\n",
        "models/profiles.yml": (
            f"var_groups:\n  - name: vars\n    entity_key: user\n    vars:\n{groups}"
            "macros:\n  - {name: whole, value: rows between unbounded preceding and unbounded following}\n"
            + ("models:\n" + "".join(f"  - {model}\n" for model in models) if models else "")
        ),
        "models/more/odd.yaml": choose.choice(ODD_FILES),
    }


def write(files: dict[str, str], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


@pytest.mark.parametrize("seed", range(40))
def test_accepted_spellings_compile(seed: int, tmp_path: Path) -> None:
    """A project of accepted spellings compiles, in any combination."""
    write(put_together(random.Random(seed)), tmp_path)  # noqa: S311 - no secret

    assert onefold.load(tmp_path).compile()


@pytest.mark.parametrize("seed", range(60))
def test_mistakes_have_places(seed: int, tmp_path: Path) -> None:
    """A project with mistakes compiles all the same, or gives findings that each have a place."""
    choose = random.Random(1000 + seed)  # noqa: S311 - no secret
    files = put_together(choose)
    for old, new in choose.sample(MISTAKES, choose.randint(1, 4)):
        files = {name: content.replace(old, new, 1) for name, content in files.items()}
    write(files, tmp_path)

    found = mistakes(tmp_path)

    assert found is None or found
    assert all(isinstance(f.where, Location) and f.where.file in files for f in found or ()), found


def mistakes(folder: Path) -> tuple[Finding, ...] | None:
    """What is wrong with a project; None if it compiles."""
    try:
        onefold.load(folder).compile()
    except OnefoldError as error:
        return tuple(error.findings)
    return None
