"""Projects put together at random from old, loose and odd spellings, with and without mistakes.

Whatever is put together either compiles or gives findings, each with a place; what is made of accepted spellings alone
compiles, and publishes the rows of the same project in plain spelling.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import duckdb
import pytest

import onefold
from onefold.errors import Finding, Location, OnefoldError

if TYPE_CHECKING:
    from pathlib import Path

IDS = "[{select: user_id, type: user_id, entity: user}, {select: email, type: email, entity: user}]"
VERSIONS = (34, 40, 46, 53, 69, 93, 94, 99)
PLAIN_VIEW = "feature_views: {using_ids: [{id: email, name: NAME}]}"
ENTITY = (
    ("feature_views: {using_ids: [{id: email}]}", PLAIN_VIEW),
    ("feature_views: [{id: email}]", PLAIN_VIEW),
    ("serve_traits: [{id_served: email}]", PLAIN_VIEW.replace("NAME", "email_user_default_entity_serve_360")),
    ("serve_traits_360: {using_ids: [{id: email, name: by_email}]}", PLAIN_VIEW.replace("NAME", "by_email")),
    ("hooks: {pre_run: SELECT 1}", ""),
    ("default_id_stitcher: {validity_time: 24h}", ""),
    ("feature_views:", ""),
)
"""Each spelling, and the plain one that means the same."""
ID_TYPES = (
    ("[user_id, email]", "[user_id, email]"),
    ("[rudder_id, user_id, email]", "[user_id, email]"),
    ("[main_id, user_id, email]", "[user_id, email]"),
)
PLAIN_INPUT = f"app_defaults: {{table: raw.main.orders, occurred_at_col: ts, ids: {IDS}}}"
OF_MAIN_ID = f"ids: {IDS[:-1]}, {{select: shop, type: rudder_id, entity: user}}]"
INPUTS = (
    (PLAIN_INPUT, PLAIN_INPUT),
    (f"app_defaults: {{table: raw.main.orders}}\n    occurred_at_col: ts\n    ids: {IDS}", PLAIN_INPUT),
    (
        f"table: raw.main.orders\n    occurred_at_col: date_trunc('day', ts)\n    ids: {IDS}",
        f"app_defaults: {{table: raw.main.orders, occurred_at_col: \"date_trunc('day', ts)\", ids: {IDS}}}",
    ),
    (
        f"app_defaults: &it\n      table: raw.main.orders\n      occurred_at_col: '\"ts\"'\n      ids: {IDS}",
        PLAIN_INPUT,
    ),
    (
        f"contract:\n    app_defaults: {{view: raw.main.orders, {OF_MAIN_ID}}}",
        f"app_defaults: {{table: raw.main.orders, {OF_MAIN_ID}}}",
    ),
)
LAST = "name: d, select: LAST_VALUE(shop), from: inputs/orders, window: {order_by: "
VARS = (
    ("name: a, select: COUNT(*), from: inputs/orders", "name: a, select: COUNT(*), from: inputs/orders"),
    (
        "name: b, select: SUM(amount), from: Inputs/Orders, default: 0",
        "name: b, select: SUM(amount), from: inputs/orders, default_value: 0",
    ),
    (
        "name: c, select: \"{{user.Var('~/entity/user/all/n')}} + 1\"",
        "name: c, select: '{{user.n}} + 1'",
    ),
    (
        f"{LAST}ts, frame_clause: '{{{{ whole() }}}}'}}",
        f"{LAST}[ts], frame_clause: rows between unbounded preceding and unbounded following}}",
    ),
    (
        "name: e, select: n + 1, is_feature: false, tags: [], where: ",
        "name: e, select: '{{user.n}} + 1', is_feature: false",
    ),
)
BIG = "{name: big, model_type: entity_cohort, model_spec: {extends: user/all, filter_pipeline: [{type: include, value: '{{user.n}} > 1'}]}}"
FT = "{name: ft, model_type: feature_table_model, model_spec: {entity_key: user, features: [n]}}"
FV = "{name: fv, model_type: feature_view, model_spec: {entity_key: user}}"
T = (
    "{name: t, model_type: sql_template, model_spec: {single_sql: \"SELECT * FROM {{this.DeRef('inputs/orders')}}\", "
    "ids: [{select: user_id, type: user_id, entity: user}], features: [{name: amount}]"
)
OLD_VAR = "name: o, select: MAX(amount), from: inputs/orders"
OLD_TABLE = "{name: old, model_type: feature_table_model, model_spec: {entity_key: user, features: [o]}}"
MODELS = (
    (FT.replace("model_spec: {", "model_spec: {validity_time: 24h, "), FT),
    (FV, FV),
    ("{name: py, model_type: some_score, model_spec: {entity_key: user}}", ""),
    (BIG, BIG),
    (T + ", contract: {with_columns: [{name: nope}]}}}", T + ", entity_key: user}}"),
    (
        OLD_TABLE.replace("features", f"compatibility_mode: true, vars: [{{entity_var: {{{OLD_VAR}}}}}], features"),
        OLD_TABLE,
    ),
)
TABLES = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 'a@x', 10, 'web', TIMESTAMP '2026-01-01 10:00:00'), ('u1', 'b@x', 20, 'app', TIMESTAMP '2026-01-02 09:00:00'),
        ('u2', 'c@x', 5,  'web', TIMESTAMP '2026-01-02 08:00:00'), (NULL, 'c@x', 7, NULL, TIMESTAMP '2026-01-03 10:00:00'),
        ('u3', NULL, NULL, 'app', TIMESTAMP '2026-01-04 10:00:00')
    ) v(user_id, email, amount, shop, ts);
"""
RUN = (21, 3, 5, 24, 47)
"""Few, which together have nearly all spellings in them."""

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


def put_together(choose: random.Random, *, plain: bool = False) -> dict[str, str]:
    """The files of a project; the same choices in plain spelling."""
    way = 1 if plain else 0

    def some(of: tuple[tuple[str, str], ...]) -> list[str]:
        return [pair[way] for pair in choose.sample(of, choose.randint(0, len(of)))]

    version, entity = choose.choice(VERSIONS), choose.choice(ENTITY)[way]
    vars_ = ["name: n, select: COUNT(*), from: inputs/orders", *some(VARS)]
    models = [model for model in some(MODELS) if model]
    key = choose.choice(["connection", "profile"])
    folders = f"[models, {choose.choice(['./models', 'models/more', 'nowhere'])}]"
    id_types, given = choose.choice(ID_TYPES)[way], choose.choice(INPUTS)[way]
    odd = choose.choice(ODD_FILES)
    if plain:
        vars_ += [OLD_VAR] if OLD_TABLE in models else []
        entity = entity.replace("NAME", f"{'user_' if version >= 94 else ''}feature_view_with_email")
        vars_ = _as_features(vars_, version, models)
        given, models = _of_the_stitcher(given, version), [_of_the_stitcher(model, version) for model in models]
        version, key, folders, odd = 99, "connection", "[models]", ""
    groups = "".join(f"      - entity_var: {{{var}}}\n" for var in vars_)
    return {
        "pb_project.yaml": (
            f"name: shop\nschema_version: {version}\n{key}: local\n"
            f"model_folders: {folders}\n"
            f"entities:\n  - name: user\n    id_types: {id_types}\n    {entity}\n"
            "id_types: [{name: user_id}, {name: email}, {name: shop}]\n"
        ),
        "models/inputs.yaml": f"inputs:\n  - name: orders\n    {given}\n",
        "models/profiles.yml": (
            f"var_groups:\n  - name: vars\n    entity_key: user\n    vars:\n{groups}"
            "macros:\n  - {name: whole, value: rows between unbounded preceding and unbounded following}\n"
            + ("models:\n" + "".join(f"  - {model}\n" for model in models) if models else "")
        ),
        "models/more/odd.yaml": odd,
    }


def _as_features(vars_: list[str], version: int, models: list[str]) -> list[str]:
    """The vars with what an old version takes for no feature named so."""
    listed = {"n": FT in models, "o": True}
    return [
        f"{var}, is_feature: false"
        if version < 49 and "is_feature" not in var and not listed.get(var[len("name: ")], False)
        else var
        for var in vars_
    ]


def _of_the_stitcher(given: str, version: int) -> str:
    """Ids as an old version takes them: not for the default stitcher."""
    return given.replace("entity: user}", "entity: user, to_default_stitcher: false}") if version < 46 else given


def write(files: dict[str, str], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


@pytest.mark.parametrize("seed", range(40))
def test_accepted_spellings_compile(seed: int, tmp_path: Path) -> None:
    """A project of accepted spellings compiles, in any combination."""
    write(put_together(random.Random(seed)), tmp_path)  # noqa: S311 - no secret

    assert onefold.load(tmp_path).compile()


@pytest.mark.parametrize("seed", RUN)
def test_accepted_spellings_mean_the_same(seed: int, tmp_path: Path) -> None:
    """A project of accepted spellings publishes the rows of the same project in plain spelling."""
    with duckdb.connect(str(tmp_path / "raw.duckdb")) as connection:
        connection.execute(TABLES)

    spelled, plain = (published(seed, tmp_path, plain=plain) for plain in (False, True))

    assert spelled.keys() == plain.keys()
    assert spelled == plain


def published(seed: int, folder: Path, *, plain: bool) -> dict[str, list[str]]:
    """The rows of each view of a project, sorted."""
    own = folder / ("plain" if plain else "spelled")
    write(put_together(random.Random(seed), plain=plain), own)  # noqa: S311 - no secret
    (own / "onefold.yaml").write_text("catalogs: {raw: ../raw.duckdb}\n")
    project = onefold.load(own)
    views = project.run(end_time="2026-10-31T00:00:00Z").published
    return {view: sorted(map(repr, project.read(view).arrow.to_pylist())) for view in views.values()}


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
