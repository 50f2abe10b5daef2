"""Old spellings: each loads as today's, keeps its location, and adds a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onefold.errors import Location
from onefold.project import spec
from onefold.project.legacy import DROPPED, ENABLE_STATUS, RENAMED

if TYPE_CHECKING:
    from tests.unit.project.conftest import Folder

ID_TYPES = "    id_types: [email, device]\n"
SPEC = "      entity_key: user\n      edge"
SELECT = "          select: sum(total)\n"


def test_the_tables_hold_what_is_tested_here() -> None:
    """Every entry of the tables has a test."""
    assert {old for table in (RENAMED, DROPPED) for keys in table.values() for old in keys} | {*ENABLE_STATUS} == {
        "profile", "tags", "gitUrl", "id_served", "default", "include_untimed", "rebase_incremental", "validity_time",
        "not_needed", "compatibility_mode",
    }  # fmt: skip


def test_profile_is_connection(folder: Folder) -> None:
    """``profile`` is ``connection``, at the same location."""
    folder.project("connection: local", "profile: mine")
    file = folder.load().file

    assert folder.notes() == ['note pb_project.yaml:3:1: "profile" is now "connection" [old-spelling]']
    assert file.connection == "mine"
    assert file.at.value("connection") == Location("pb_project.yaml", 3, 10)


def test_tags_are_available_tags(folder: Folder) -> None:
    """``tags`` of the project is ``available_tags``."""
    folder.project("name: shop", "name: shop\ntags: [{name: pii}]")

    assert folder.notes() == ['note pb_project.yaml:2:1: "tags" is now "available_tags" [old-spelling]']
    assert [tag.name for tag in folder.load().file.available_tags] == ["pii"]


def test_git_url_is_url(folder: Folder) -> None:
    """``gitUrl`` of a package is ``url``."""
    folder.project("name: shop", "name: shop\npackages:\n  - name: lib\n    gitUrl: ./lib")
    folder.write("lib/pb_project.yaml", "name: lib\nschema_version: 99\nconnection: local\n")
    folder.write("lib/models/none.yaml", "")

    assert folder.notes() == ['note pb_project.yaml:4:5: "gitUrl" is now "url" [old-spelling]']
    assert folder.load().file.packages[0].url == "./lib"


@pytest.mark.parametrize("old", ["serve_traits", "serve_traits_360"])
def test_serve_traits_are_feature_views(folder: Folder, old: str) -> None:
    """The old lists of views become feature_views by id."""
    folder.project(ID_TYPES, f"{ID_TYPES}    {old}:\n      - id_served: email\n        name: by_email\n")
    views = folder.load().file.entities[0].feature_views

    assert folder.notes() == [
        f'note pb_project.yaml:9:5: "{old}" is now "feature_views", with the list under "using_ids" [old-spelling]',
        'note pb_project.yaml:10:9: "id_served" is now "id" [old-spelling]',
    ]
    assert [(view.id, view.name) for view in views.using_ids] == [("email", "by_email")]
    assert views.using_ids[0].at.value("id") == Location("pb_project.yaml", 10, 20)


def test_id_served_inside_feature_views(folder: Folder) -> None:
    """``id_served`` is ``id`` also under the new key."""
    folder.project(ID_TYPES, f"{ID_TYPES}    feature_views:\n      using_ids: [{{id_served: email}}]\n")

    assert folder.notes() == ['note pb_project.yaml:10:20: "id_served" is now "id" [old-spelling]']


def test_default_is_default_value(folder: Folder) -> None:
    """``default`` of an entity var or input var is ``default_value``."""
    folder.models(
        SELECT,
        f"{SELECT}          default: 1.50\n"
        "      - input_var: {name: a, select: b, from: inputs/orders, default: 007}\n",
    )
    entries = folder.load().var_groups[0].vars

    assert folder.notes() == [
        'note models/all.yaml:25:11: "default" is now "default_value" [old-spelling]',
        'note models/all.yaml:26:62: "default" is now "default_value" [old-spelling]',
    ]
    assert entries[0].entity_var is not None
    assert entries[0].entity_var.default_value == "1.50"
    assert entries[1].input_var is not None
    assert entries[1].input_var.default_value == "007"


@pytest.mark.parametrize("old", ["include_untimed", "rebase_incremental"])
def test_project_keys_without_effect(folder: Folder, old: str) -> None:
    """Project keys that have lost their effect are dropped."""
    folder.project("name: shop", f"name: shop\n{old}: true")

    assert folder.notes() == [
        f'note pb_project.yaml:2:1: "{old}" has no effect: {DROPPED["project"][old]} [old-spelling]'
    ]


@pytest.mark.parametrize("old", ["validity_time", "include_untimed"])
def test_model_keys_without_effect(folder: Folder, old: str) -> None:
    """Model keys that have lost their effect are dropped."""
    folder.models(SPEC, f"      {old}: 24h\n{SPEC}")

    assert folder.notes() == [
        f'note models/all.yaml:14:7: "{old}" has no effect: {DROPPED["model_spec"][old]} [old-spelling]'
    ]


def test_validity_time_of_the_default_stitcher(folder: Folder) -> None:
    """The default stitcher's ``validity_time`` is dropped."""
    folder.project(ID_TYPES, f"{ID_TYPES}    default_id_stitcher: {{validity_time: 24h}}\n")

    assert folder.notes() == [
        'note pb_project.yaml:9:27: "validity_time" has no effect: results are kept until they are cleaned up [old-spelling]'
    ]


def test_main_id_type_of_a_stitcher(folder: Folder) -> None:
    """``main_id_type`` of a stitcher is dropped, and the note names its replacement."""
    folder.models(SPEC, f"      main_id_type: main_id\n{SPEC}")

    assert folder.notes() == [
        (
            'note models/all.yaml:14:7: "main_id_type" has no effect: "id_column_name" of the entity names the '
            "main id column [old-spelling]"
        )
    ]


def test_not_needed_is_only_if_necessary(folder: Folder) -> None:
    """The old value of an enable status becomes today's, in models, vars and the default stitcher."""
    status = "materialization: {enable_status: not_needed}\n"
    folder.models(SPEC, f"      {status}{SPEC}").models(SELECT, f"{SELECT}          {status}")
    folder.project(ID_TYPES, f"{ID_TYPES}    default_id_stitcher:\n      {status}")
    project = folder.load()

    note = '"not_needed" is now "only_if_necessary" [old-spelling]'
    column = len("materialization: {enable_status: ")
    assert folder.notes() == [
        f"note pb_project.yaml:10:{7 + column}: {note}",
        f"note models/all.yaml:14:{7 + column}: {note}",
        f"note models/all.yaml:26:{11 + column}: {note}",
    ]
    assert isinstance(project.models[0], spec.IdStitcherModel)
    assert project.models[0].model_spec.materialization.enable_status == "only_if_necessary"


def test_inputs_without_app_defaults(folder: Folder) -> None:
    """Keys directly under an input move into ``app_defaults`` without a note: both forms are common."""
    folder.write("models/old.yaml", "inputs:\n  - name: old\n    table: t\n    ids: []\n    where: a\n")
    old = folder.load().inputs[1]

    assert folder.notes() == []
    assert (old.app_defaults.table, old.where) == ("t", "a")
    assert old.app_defaults.at.value("table") == Location("models/old.yaml", 3, 12)


def test_vars_of_a_feature_table_become_a_group(folder: Folder) -> None:
    """``vars`` inside a feature table are a var group of its entity."""
    folder.write(
        "models/old.yaml",
        "models:\n  - name: features\n    model_type: feature_table_model\n    model_spec:\n      entity_key: user\n"
        "      features: [a]\n      vars:\n        - entity_var: {name: a, select: '1', default: 2}\n",
    )
    project = folder.load()
    var = project.var_groups[-1].vars[0].entity_var

    assert folder.notes() == [
        'note models/old.yaml:7:7: "vars" of a feature table now belong under "var_groups" [old-spelling]',
        'note models/old.yaml:8:46: "default" is now "default_value" [old-spelling]',
    ]
    assert (project.var_groups[-1].name, project.var_groups[-1].entity_key) == ("features_vars", "user")
    assert var is not None
    assert (var.name, var.default_value) == ("a", "2")


def test_both_spellings_at_once_are_a_mistake(folder: Folder) -> None:
    """An old key next to today's key is unknown, because it is ambiguous."""
    folder.project("connection: local", "connection: local\nprofile: other")

    assert folder.mistakes() == ['pb_project.yaml:4:1: unknown key "profile" [unknown-key]']


@pytest.mark.parametrize("written", ["5", "text", "{a: b}", "~", "true"])
@pytest.mark.parametrize("key", ["packages", "entities", "id_types"])
def test_lists_of_another_kind_are_left_to_the_types(folder: Folder, key: str, written: str) -> None:
    """A value that should be a list and is not does not crash the conversion."""
    folder.write("pb_project.yaml", f"name: a\nschema_version: 99\n{key}: {written}\n")
    folder.write("models/all.yaml", "")

    if written == "~":
        assert folder.load().file.name == "a"
    else:
        assert folder.findings()[0].code == "wrong-type"


@pytest.mark.parametrize("written", ["5", "text", "{a: b}", "true"])
def test_wrong_var_groups_beside_an_old_feature_table(folder: Folder, written: str) -> None:
    """An invalid ``var_groups`` is reported even if old vars would join it."""
    folder.write(
        "models/all.yaml",
        f"var_groups: {written}\nmodels:\n"
        "  - {name: f, model_type: feature_table_model, model_spec: {entity_key: user, vars: []}}\n",
    )

    assert folder.mistakes()[0].startswith("models/all.yaml:1:13: ")
