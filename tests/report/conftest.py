"""The report of the sample shop, made once; and of a shop whose ids are hostile."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import Done, call
from tests.sample_shop import copy_published

import onefold
import onefold.starters

if TYPE_CHECKING:
    from pathlib import Path

    from onefold.report.html_report import MadeReport

EVIL = "<script>document.title='owned'</script>"
QUOTES = "\"'><img src=x onerror=alert(1)>"


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> onefold.Project:
    """The shipped project on the shipped shop, run once. Not to be changed."""
    return onefold.load(copy_published(tmp_path_factory.mktemp("reported"), tmp_path_factory))


@pytest.fixture(scope="session")
def made(shop: onefold.Project) -> MadeReport:
    return shop.report()


@pytest.fixture(scope="session")
def page(made: MadeReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample shop, as a file."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    made.write(path)
    return path


@pytest.fixture(scope="session")
def raised_threshold(tmp_path_factory: pytest.TempPathFactory) -> onefold.Project:
    """The shop run twice: the second time without thresholds, which merges hundreds of people."""
    folder = copy_published(tmp_path_factory.mktemp("raised_threshold"), tmp_path_factory)
    models = folder / "models/sql_models.yaml"
    text = models.read_text(encoding="utf-8")
    for name in ("max_users_per_anonymous_id = 5", "max_anonymous_ids_per_user = 20"):
        assert name in text
        text = text.replace(name, name.rsplit(" ", 1)[0] + " 100000")
    models.write_text(text, encoding="utf-8")
    onefold.load(folder).run(end_time="2026-11-01")
    return onefold.load(folder)


PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities: [{name: user, id_types: [user_id, email]}]
id_types:
  - {name: user_id}
  - {name: email, filters: [{type: exclude, value: "x"}]}
"""
INPUTS = """
inputs:
  - name: logins
    app_defaults:
      table: raw.main.logins
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: email, type: email, entity: user}
"""


@pytest.fixture
def hostile_files() -> dict[str, str]:
    return {"pb_project.yaml": PROJECT, "models/inputs.yaml": INPUTS}


@pytest.fixture
def hostile_rows() -> str:
    """Ten people who share an address that is a script."""

    def text(value: str) -> str:
        return "'" + value.replace("'", "''") + "'"

    rows = [f"({text(f'{QUOTES}{n}')}, {text(EVIL)})" for n in range(10)]
    rows += [f"({text(f'{QUOTES}{n}')}, {text(f'own {n}')})" for n in range(10)]
    return f"CREATE TABLE logins AS SELECT * FROM (VALUES {', '.join(rows)}) v(user_id, email);"


@pytest.fixture
def pb(tmp_path: Path) -> partial[Done]:
    """``pb`` in the folder of the minimal project."""
    folder = tmp_path / "small"
    onefold.starters.start("minimal", folder)
    return partial(call, folder)
