"""Mistakes of references and templates are told together with those of the files, and nothing that only follows."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.errors import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "pb_project.yaml": """
        name: shop
        schema_version: 99
        connection: local
        model_folders: [models]
        entities: [{name: user, id_types: [user_id]}]
        id_types: [{name: user_id, filters: [{type: exclude, regex: "test.*"}]}, {name: email}]
    """,
    "models/all.yaml": """
        inputs:
          - name: orders
            app_defaults: {table: raw.main.orders, ids: [{select: user_id, type: user_id, entity: user}]}
          - name: visits
            app_defaults: {table: raw.main.visits, ids: [{select: user_id, type: user_id, entity: user}]}
        macros:
          - {name: all_rows, value: COUNT(*)}
        var_groups:
          - name: vars
            entity_key: user
            vars:
              - entity_var: {name: n, select: "{{all_rows()}}", from: inputs/orders}
              - entity_var: {name: v, select: COUNT(*), from: inputs/visits}
              - entity_var: {name: both, select: "{{user.n}} + {{user.v}}"}
        models:
          - name: totals
            model_type: sql_template
            model_spec:
              single_sql: "SELECT user_id, 1 AS k FROM {{this.DeRef('inputs/orders')}}"
              ids: [{select: user_id, type: user_id, entity: user}]
          - name: big
            model_type: entity_cohort
            model_spec: {extends: user/all, filter_pipeline: [{type: include, value: "{{user.n}} > 1"}]}
    """,
}
OWNER = ("name: visits", "name: visits\n    owner: ana")
REGEX = ('"test.*"', '"["')


def told(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """The codes of what is told of a project with some texts changed."""
    (folder / "models").mkdir()
    for name, content in FILES.items():
        text = dedent(content)
        for old, new in changes:
            text = text.replace(old, new)
        (folder / name).write_text(text)
    with pytest.raises(ProjectError) as error:
        onefold.load(folder)
    assert all(f.where is not None for f in error.value.findings)
    return [f.code for f in error.value.findings]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ([REGEX, ("from: inputs/orders", "from: inputs/order")], ["unknown-model", "bad-regex"]),
        ([REGEX, ("+ {{user.v}}", "+ {{user.w}}")], ["unknown-var", "bad-regex"]),
        ([REGEX, ("'inputs/orders'", "'inputs/order'")], ["unknown-model", "bad-regex"]),
        ([OWNER, ("{{user.n}} > 1", "{{user.nn}} > 1")], ["unknown-key", "unknown-var"]),
        ([OWNER, ("{{user.n}} > 1", "{{use.n}} > 1")], ["unknown-key", "unknown-name"]),
        ([OWNER, ("{{user.n}} > 1", "{{user.n}")], ["unknown-key", "template-syntax"]),
        (
            [("name: n,", "name: n, x: 1,"), ("'inputs/orders'", "'inputs/order'"), ("inputs/visits", "inputs/visit")],
            ["unknown-key", "unknown-model", "unknown-model"],
        ),
    ],
)
def test_together(tmp_path: Path, changes: list[tuple[str, str]], codes: list[str]) -> None:
    """A mistake of a file and one that only a plan finds are told at once, each with its place, by place."""
    assert told(tmp_path, *changes) == codes


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("name: orders", "name: orders\n    owner: ana"), "unknown-key"),
        (("name: n,", "name: n, x: 1,"), "unknown-key"),
        (("name: big", "name: big\n    x: 1"), "unknown-key"),
        (("{name: all_rows,", "{name: all_rows, x: 1,"), "unknown-key"),
        (("entities: [{", "entities: [{x: 1, "), "unknown-key"),
        (("entity_key: user", "entity_key: users"), "unknown-entity"),
        (("type: user_id, entity: user}", "type: user_i, entity: user}"), "unknown-id-type"),
        (("macros:\n", "macro:\n"), "unknown-key"),
    ],
)
def test_what_follows_is_not_told(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    """What refers to a record that cannot be read, or is not what was meant, is not called unknown."""
    assert set(told(tmp_path, change)) == {code}


def test_no_mistakes_of_files(tmp_path: Path) -> None:
    """A project whose files are right loads; what its references mean is found when it is planned."""
    (tmp_path / "models").mkdir()
    for name, content in FILES.items():
        (tmp_path / name).write_text(dedent(content).replace("+ {{user.v}}", "+ {{user.w}}"))

    project = onefold.load(tmp_path)

    with pytest.raises(ProjectError, match=r"all.yaml:15:\d+: .*uses \"w\""):
        project.compile()
