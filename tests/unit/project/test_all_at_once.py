"""Errors of shape do not hide errors of meaning, and consequences of unread parts are not reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.project.conftest import Folder


def _told(folder: Folder) -> list[tuple[str, str]]:
    return [(f.code, str(f.where)) for f in folder.findings()]


def test_shape_and_meaning_are_told_together(folder: Folder) -> None:
    """A wrong key of one record and wrong names in two others give exactly three findings."""
    folder.write("models/more.yaml", _MORE)

    assert _told(folder) == [
        ("unknown-key", "models/more.yaml:4:5"),
        ("unknown-entity", "models/more.yaml:8:30"),
        ("bad-name", "models/more.yaml:13:25"),
    ]


_MORE = """\
inputs:
  - name: visits
    app_defaults: {table: db.s.visits}
    owner: ana
models:
  - name: by_hand
    model_type: sql_template
    model_spec: {entity_key: usre, materialization: {output_type: ephemeral}, single_sql: select 1}
var_groups:
  - name: others
    entity_key: user
    vars: [entity_var: {name: fine, select: "1"},
    {entity_var: {name: "not fine", select: "1"}}]
"""


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("pb_project.yaml", "  - name: device", "  - name: device\n    filter: x", "unknown-key"),
        ("pb_project.yaml", "    id_stitcher:", "    id_stitche:", "unknown-key"),
        ("pb_project.yaml", "schema_version: 99", "schema_version: new", "wrong-type"),
        ("pb_project.yaml", "id_types:\n  - name: email", "id_type:\n  - name: email", "unknown-key"),
        ("pb_project.yaml", "name: shop\n", "name: shop\nname: shop\n", "duplicate-key"),
        ("models/all.yaml", "    app_defaults:", "    app_default:", "unknown-key"),
        ("models/all.yaml", "      edge_sources:", "      edge_source:", "unknown-key"),
        ("models/all.yaml", "inputs:\n", "input:\n", "unknown-key"),
        ("models/all.yaml", "    entity_key: user\n    vars", "    entity_kye: user\n    vars", "unknown-key"),
    ],
)
def test_what_follows_is_not_told(folder: Folder, file: str, old: str, new: str, code: str) -> None:
    """One wrong key is one finding (two if a required key is misspelled), whatever refers to its record."""
    text = (folder.path / file).read_text(encoding="utf-8")
    assert old in text
    folder.write(file, text.replace(old, new, 1))

    told = folder.findings()

    assert code in {f.code for f in told}
    assert {f.code for f in told} <= {code, "missing-key", "wrong-value"}
    assert {str(f.where).partition(":")[0] for f in told} == {file}


def test_a_file_that_is_no_yaml_hides_no_mistake_of_another(folder: Folder) -> None:
    """If a file cannot be read, names that it may declare are not reported as unknown; an invalid regex is reported."""
    folder.project('".*@test"', '"["').write("models/broken.yaml", "inputs: [\n").write(
        "models/more.yaml", _MORE.replace("usre", "user").replace("not fine", "fine2").replace("    owner: ana\n", "")
    )

    assert [code for code, _ in _told(folder)] == ["yaml-syntax", "bad-regex"]


def test_the_other_vars_of_a_group_are_looked_at(folder: Folder) -> None:
    """The valid vars of a group are checked despite an invalid one: two of one name are reported."""
    folder.write(
        "models/more.yaml",
        "var_groups:\n  - name: others\n    entity_key: user\n    vars:\n"
        '      - entity_var: {name: a, select: "1", x: 1}\n'
        '      - entity_var: {name: b, select: "1"}\n'
        '      - entity_var: {name: b, select: "2"}\n',
    )

    assert ("unknown-key", "models/more.yaml:5:44") in _told(folder)
    assert ("duplicate-name", "models/more.yaml:7:22") in _told(folder)
