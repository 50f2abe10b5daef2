"""Packages: a project may take in others, from a folder or from git (format B2.5). Rows are the parity suite's to compare."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.errors import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeTiny

APP = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    packages: [{name: lib, url: URL}]
"""

LIB = """
    name: lib
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
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: spent, select: SUM(amount), from: inputs/orders}
          - entity_var: {name: n, select: COUNT(*), from: models/all_orders}
    models:
      - name: all_orders
        model_type: sql_template
        model_spec:
          single_sql: "{% exec %}{{this.ReadFile('sql/orders.sql')}}{% endexec %}"
          ids: [{select: user_id, type: user_id, entity: user}]
"""
ORDERS = "CREATE TABLE orders AS SELECT 'u1' AS user_id, 10 AS amount;"


def lib_files(at: str) -> dict[str, str]:
    return {
        f"{at}/pb_project.yaml": LIB,
        f"{at}/models/all.yaml": MODELS,
        f"{at}/sql/orders.sql": "SELECT * FROM {{this.DeRef('inputs/orders')}}",
    }


def test_project_of_packages_alone(tiny: MakeTiny) -> None:
    """A project may have nothing of its own; a file that a package reads is the package's."""
    shop = tiny(ORDERS, {"pb_project.yaml": APP.replace("URL", "./parts/lib"), **lib_files("parts/lib")})

    shop.run()

    assert shop.rows("SELECT n, spent FROM USER_FEATURE_VIEW") == [(1, 10)]


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with a package in the folder ``profiles``."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "team" / "lib.git"
    for name, content in lib_files("profiles").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    git(folder, "tag", "schema_42")
    git(folder, "tag", "schema_900")
    return folder


@pytest.mark.parametrize(
    "part", ["", "/tree/main", "/tag/schema_42", "/tag/schema_{{best_schema_version}}", "/commit/HASH"]
)
def test_git(tiny: MakeTiny, repository: Path, part: str) -> None:
    """A package comes from a branch, a tag, or a commit of a repository."""
    part = part.replace("HASH", git(repository, "rev-parse", "HEAD"))
    shop = tiny(ORDERS, {"pb_project.yaml": APP.replace("URL", f'"file://{repository}{part}/profiles"')})

    shop.run()

    assert shop.rows("SELECT spent FROM USER_FEATURE_VIEW") == [(10,)]


def test_offline(tiny: MakeTiny, repository: Path) -> None:
    """What was fetched once serves when the repository cannot be reached."""
    shop = tiny(ORDERS, {"pb_project.yaml": APP.replace("URL", f'"file://{repository}/profiles"')})
    shop.run()
    repository.rename(repository.with_name("gone"))

    shop.run()

    assert shop.rows("SELECT spent FROM USER_FEATURE_VIEW") == [(10,)]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("./nowhere", "there is no pb_project.yaml"),
        ('"s3://bucket/lib"', "this version cannot fetch packages from S3"),
        ('"file:///nowhere/lib.git"', "does not"),
        ('"file://REPOSITORY/tag/none/profiles"', "couldn't find remote ref"),
        ('"file://REPOSITORY/commit/--upload-pack=x/profiles"', "is not a commit"),
        ('"file://REPOSITORY/tree/main/../../../etc"', "leads out of the repository"),
    ],
)
def test_no_package(tiny: MakeTiny, repository: Path, url: str, said: str) -> None:
    """A package that cannot be had is an error with its place."""
    shop = tiny(ORDERS, {"pb_project.yaml": APP.replace("URL", url.replace("REPOSITORY", str(repository)))})

    with pytest.raises(onefold.ProjectError) as caught:
        shop.run()

    assert "pb_project.yaml:6:" in str(caught.value)
    assert said in str(caught.value)


def test_conflicts(tiny: MakeTiny) -> None:
    """Equal names that do not belong together are errors that name both places."""
    own = "    entities: [{name: user, id_types: [user_id]}]\n    id_types: [{name: user_id, filters: [{type: exclude, value: u9}]}]\n"
    shop = tiny(
        ORDERS,
        {"pb_project.yaml": APP.replace("URL", "./lib") + own, "models/all.yaml": MODELS, **lib_files("lib")},
    )

    with pytest.raises(onefold.ProjectError) as caught:
        shop.run()

    for part in ("lib:pb_project.yaml", "add extends: user_id", "inputsMap: {orders: inputs/orders}"):
        assert part in str(caught.value)


def test_mistakes_in_a_package(tiny: MakeTiny) -> None:
    """A mistake in a package's file is told with the package's name before the file."""
    files = lib_files("lib")
    files["lib/models/all.yaml"] = MODELS.replace("select: SUM", "selct: SUM")
    shop = tiny(ORDERS, {"pb_project.yaml": APP.replace("URL", "./lib"), **files})

    with pytest.raises(onefold.ProjectError, match=r"lib:models/all\.yaml:11:"):
        shop.run()


def test_map_to_nothing_that_is_there(tiny: MakeTiny) -> None:
    """What ``inputsMap`` puts in place of an input must be there."""
    project = APP.replace("url: URL}", "url: ./lib, inputsMap: {orders: inputs/ordres}}")
    shop = tiny(ORDERS, {"pb_project.yaml": project, **lib_files("lib")})

    with pytest.raises(onefold.ProjectError, match='inputsMap replaces "orders" of package lib with "inputs/ordres"'):
        shop.run()


@pytest.mark.parametrize(
    ("path", "status", "disabled", "columns"),
    [
        ("models/all_orders", "disabled", {"models/all_orders", "entity/user/n"}, ["user_main_id", "spent"]),
        ("user/all/spent", "disabled", {"entity/user/spent"}, ["user_main_id", "n"]),
        ("models/all_orders", "only_if_necessary", set(), ["user_main_id", "n", "spent"]),
    ],
)
def test_overrides(tiny: MakeTiny, path: str, status: str, disabled: set[str], columns: list[str]) -> None:
    """A project says which models and vars of a package take part."""
    overrides = f"url: ./lib, overrides: [{{requested_enable_status: {status}, models: [{path}]}}]"
    shop = tiny(ORDERS, {"pb_project.yaml": APP.replace("url: URL", overrides), **lib_files("lib")})

    result = shop.run()

    assert {found.ref for found in onefold.load(shop.folder).plan().disabled} == disabled
    view = next(name for name in result.published.values() if name == "USER_FEATURE_VIEW")
    assert onefold.load(shop.folder).read(view).arrow.column_names == columns


def test_overridden_input(tiny: MakeTiny) -> None:
    """An input of a package may be switched off, with what needs it."""
    overrides = "url: ./lib, overrides: [{requested_enable_status: disabled, models: [inputs/orders]}]"
    shop = tiny(ORDERS, {"pb_project.yaml": APP.replace("url: URL", overrides), **lib_files("lib")})

    plan = onefold.load(shop.folder).plan()

    assert "models/all_orders" in {found.ref for found in plan.disabled}


def test_overrides_of_nothing(tiny: MakeTiny) -> None:
    """An override of what a package does not have is told, with its place and the nearest name."""
    overrides = "url: ./lib, overrides: [{requested_enable_status: disabled, models: [models/all_order]}]"
    shop = tiny(ORDERS, {"pb_project.yaml": APP.replace("url: URL", overrides), **lib_files("lib")})

    with pytest.raises(onefold.ProjectError, match=r"pb_project.yaml:6:.*all_order.*\n.*models/all_orders"):
        shop.run()


def test_csv_file_of_a_package(tiny: MakeTiny) -> None:
    """A CSV file that an input of a package names is the package's, also where the project has one of that path."""
    models = MODELS.replace("table: raw.main.orders", "csv: data/orders.csv")
    files = {
        **lib_files("parts/lib"),
        "parts/lib/models/all.yaml": models,
        "pb_project.yaml": APP.replace("URL", "./parts/lib"),
    }
    shop = tiny(
        "",
        {**files, "parts/lib/data/orders.csv": "user_id,amount\nu1,10\n", "data/orders.csv": "user_id,amount\nu2,99\n"},
    )
    shop.run()

    assert shop.rows("SELECT n, spent::INT FROM USER_FEATURE_VIEW") == [(1, 10)]


def test_csv_file_outside_a_package(tiny: MakeTiny) -> None:
    """A package's path may not lead out of the package, though it is still in the project."""
    models = MODELS.replace("table: raw.main.orders", "csv: ../../secret.csv")
    files = {
        **lib_files("parts/lib"),
        "parts/lib/models/all.yaml": models,
        "pb_project.yaml": APP.replace("URL", "./parts/lib"),
    }
    shop = tiny("", {**files, "secret.csv": "user_id,amount\nu1,10\n"})

    with pytest.raises(onefold.ProjectError, match="outside package lib"):
        shop.run()


def test_id_types_of_a_package(tiny: MakeTiny) -> None:
    """An entity that names no id types has those that a package gives the entity of that name."""
    app = APP.replace("URL", "lib") + "    entities: [{name: user}]\n"
    shop = tiny(
        "CREATE TABLE orders AS SELECT 'u1' AS user_id, 5 AS amount",
        {
            "pb_project.yaml": app,
            "models/all.yaml": "macros: []\n",
            "lib/pb_project.yaml": LIB,
            "lib/models/all.yaml": MODELS.split("          - entity_var: {name: n,", maxsplit=1)[0],
        },
    )
    shop.run()

    assert shop.rows("SELECT spent FROM user_feature_view") == [(5,)]


def test_id_types_of_nobody(tiny: MakeTiny) -> None:
    """Where no package gives it any, the entity is told to say them, with its place."""
    shop = tiny(
        "SELECT 1", {"pb_project.yaml": LIB.replace(", id_types: [user_id]", ""), "models/all.yaml": "macros: []\n"}
    )

    with pytest.raises(ProjectError, match=r'pb_project.yaml:6:\d+: entity "user" has no id_types'):
        onefold.load(shop.folder)


def test_id_type_of_a_package_again(tiny: MakeTiny) -> None:
    """A project may declare an id type of its package again if it says the same of its ids."""
    app = APP.replace("URL", "./lib") + "    id_types: [{name: user_id, description: of the shop}]\n"
    shop = tiny(ORDERS, {"pb_project.yaml": app, **lib_files("lib")})

    shop.run()

    assert shop.rows("SELECT spent FROM USER_FEATURE_VIEW") == [(10,)]


def test_id_type_of_a_package_otherwise(tiny: MakeTiny) -> None:
    """An id type that says something else of its ids than the package's is a mistake with both places."""
    app = APP.replace("URL", "./lib") + "    id_types: [{name: user_id, filters: [{type: exclude, value: u1}]}]\n"
    shop = tiny(ORDERS, {"pb_project.yaml": app, **lib_files("lib")})

    with pytest.raises(ProjectError) as error:
        shop.run()

    assert str(error.value).splitlines() == [
        'pb_project.yaml:7:12: id type "user_id" differs from that of a package, at lib:pb_project.yaml:7:12 [duplicate-name]',
        "    hint: add extends: user_id, or remove it to use that of the package",
    ]
