"""The rules between records: each rule, broken once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.project.conftest import Folder

SELECT = "          select: sum(total)\n"
LIST_OF_VARS = "    vars:\n"
IDS = "          entity: user\n"


@pytest.mark.parametrize(
    ("old", "new", "mistakes"),
    [
        (
            "id_types: [email, device]",
            "id_types: [email, devise]",
            ['pb_project.yaml:8:23: id type "devise" is not declared [unknown-id-type]'],
        ),
        (
            "  - name: device",
            "  - name: device\n  - name: EMAIL",
            ['pb_project.yaml:15:5: id type "EMAIL" is declared twice; first at pb_project.yaml:10:5 [duplicate-name]'],
        ),
        (
            "\nid_types:",
            "\n  - {name: User, id_types: [email]}\nid_types:",
            [
                'pb_project.yaml:9:6: entity "User" is declared twice; first at pb_project.yaml:6:5 [duplicate-name]',
                'pb_project.yaml:9:6: view "User_feature_view" is declared twice; first at pb_project.yaml:6:5 [duplicate-name]',
            ],
        ),
        (
            "id_types: [email, device]",
            "id_types: [email, device]\n    feature_views:\n      using_ids:\n        - {id: email, name: v}\n        - {id: device, name: V}",
            ['pb_project.yaml:12:11: view "V" is declared twice; first at pb_project.yaml:11:11 [duplicate-name]'],
        ),
        (
            "- name: device",
            "- name: device\n  - name: e-mail",
            ['pb_project.yaml:15:11: the name of "id type e-mail" may contain only letters, digits and _ [bad-name]'],
        ),
        (
            'regex: ".*@test"',
            'regex: "(a"',
            [
                'pb_project.yaml:13:16: invalid regex of id type "email": missing ), unterminated subpattern at position 0 [bad-regex]'
            ],
        ),
        (
            'regex: ".*@test"',
            'regex: "a{99999999999}"',
            ['pb_project.yaml:13:16: invalid regex of id type "email": the repetition number is too large [bad-regex]'],
        ),
    ],
)
def test_mistakes_in_the_project_file(folder: Folder, old: str, new: str, mistakes: list[str]) -> None:
    """Names in pb_project.yaml are declared, unique and safe, and regexes are valid."""
    assert folder.project(old, new).mistakes() == mistakes


@pytest.mark.parametrize(
    ("old", "new", "mistakes"),
    [
        ("          type: email", "          type: Emial", ['8:17: id type "Emial" is not declared [unknown-id-type]']),
        (IDS, "          entity: users\n", ['9:19: entity "users" is not declared [unknown-entity]']),
        (
            "      entity_key: user\n      edge",
            "      entity_key: usr\n      edge",
            ['14:19: entity "usr" is not declared [unknown-entity]'],
        ),
        (
            "        - from: inputs/orders\n",
            "        - from: inputs/orders\n          ids: [{select: a, type: nope, entity: user}]\n",
            ['17:35: id type "nope" is not declared [unknown-id-type]'],
        ),
        (
            SELECT,
            SELECT + "      - entity_var: {name: User_Main_Id, select: '1'}\n",
            ['25:28: "User_Main_Id" is the name of the main id column, so no var of this entity can have it [duplicate-name]'],
        ),
        (
            "  - name: stitcher",
            ("  - name: q\n    model_type: sql_template\n    model_spec:\n      single_sql: select 1\n"
            "      ids: [{select: a, type: email, entity: household}]\n  - name: stitcher"),
            ['15:46: entity "household" is not declared [unknown-entity]'],
        ),
        ("    entity_key: user\n    vars", "    entity_key: usr\n    vars", ['19:17: entity "usr" is not declared [unknown-entity]']),
        (
            "    entity_key: user\n    vars",
            "    vars",
            ['18:5: var group "money" has neither entity_key nor entity_cohort [missing-key]'],
        ),
        (
            "      edge_sources:\n        - from: inputs/orders\n",
            "",
            ['14:7: id_stitcher "stitcher" has no edge_sources [missing-key]'],
        ),
        (SELECT, SELECT + "          window: {frame_clause: x}\n", ['25:19: the window of var "spend" needs order_by [missing-key]']),
        (
            SELECT,
            SELECT + "          window: {order_by: a, partition_by: [b]}\n",
            ['25:33: the window of var "spend" is always partitioned by profile; partition_by is not allowed [wrong-value]'],
        ),
        (
            SELECT,
            SELECT + "      - entity_var: {name: Spend, select: '1'}\n",
            ['25:22: var of user "Spend" is declared twice; first at models/all.yaml:22:11 [duplicate-name]'],
        ),
        (
            SELECT,
            SELECT + "  - name: more\n    entity_key: user\n    vars: [{entity_var: {name: spend, select: '1'}}]\n",
            ['27:26: var of user "spend" is declared twice; first at models/all.yaml:22:11 [duplicate-name]'],
        ),
        (
            LIST_OF_VARS,
            LIST_OF_VARS
            + "      - input_var: {name: a, select: b, from: inputs/orders}\n"
            + "      - input_var: {name: a, select: c, from: inputs/orders}\n",
            ['22:21: var of input inputs/orders "a" is declared twice; first at models/all.yaml:21:21 [duplicate-name]'],
        ),
        (
            "  - name: orders",
            "  - name: Orders\n    app_defaults: {table: t}\n  - name: orders",
            ['4:5: input "orders" is declared twice; first at models/all.yaml:2:5 [duplicate-name]'],
        ),
        (
            "  - name: stitcher",
            "  - {name: Stitcher, model_type: propensity}\n  - name: stitcher",
            [
                '12:5: model "stitcher" is declared twice; first at models/all.yaml:11:6 [duplicate-name]',
                '12:5: view "stitcher" is declared twice; first at models/all.yaml:11:6 [duplicate-name]',
            ],
        ),
        ("          name: spend", '          name: "a b"', ['22:17: the name of "var a b" may contain only letters, digits and _ [bad-name]']),
        ("  - name: orders", "  - name: 'é'", ['2:11: the name of "input é" may contain only letters, digits and _ [bad-name]']),
    ],
)  # fmt: skip
def test_mistakes_in_a_model_file(folder: Folder, old: str, new: str, mistakes: list[str]) -> None:
    """Names in model files are declared, unique and safe; stitchers have sources, and windows an order."""
    assert folder.models(old, new).mistakes() == [f"models/all.yaml:{mistake}" for mistake in mistakes]


def test_case_of_entities_and_id_types_matters(folder: Folder) -> None:
    """An entity or id type in another case than declared is an error: its ids would not be read."""
    folder.models(IDS, "          entity: USER\n")

    assert {(f.code, f.hint) for f in folder.findings()} == {
        ("unknown-entity", 'did you mean "user"?'),
    }
    folder.models("          entity: USER\n", IDS).models("          type: email", "          type: Email")
    assert {(f.code, f.hint) for f in folder.findings()} == {("unknown-id-type", 'did you mean "email"?')}


@pytest.mark.parametrize(("version", "is_read"), [(33, False), (34, True), (99, True), (100, False)])
def test_schema_versions(folder: Folder, version: int, is_read: bool) -> None:  # noqa: FBT001
    """Versions 34 to 99 are supported; other versions are reported with their location."""
    folder.project("schema_version: 99", f"schema_version: {version}")

    assert [f.code for f in (() if is_read else folder.findings())] == ([] if is_read else ["schema-version"])
    assert not is_read or folder.load().file.schema_version == version


def test_an_id_type_that_extends_nothing(folder: Folder) -> None:
    """The type that an id type extends is declared; the built-in type is too."""
    folder.project("- name: device", "- name: device\n    extends: emial\n  - {name: other, extends: rudder_id}")

    assert [(f.code, f.hint) for f in folder.findings()] == [("unknown-id-type", 'did you mean "email"?')]


def test_an_id_type_twice(folder: Folder) -> None:
    """An entity lists an id type once."""
    folder.project("[email, device]", "[email, device, email]")

    assert [f.code for f in folder.findings()] == ["duplicate-name"]


def test_the_nearest_name_is_the_hint(folder: Folder) -> None:
    """The hint for a mistyped name is the nearest name; for other names, the list of names."""
    folder.project("[email, device]", "[email, devise, cookie]")

    assert [f.hint for f in folder.findings()] == ['did you mean "device"?', "available: device, email"]


def test_two_entities_may_have_equal_vars(folder: Folder) -> None:
    """Var names are unique within an entity, not within a project."""
    folder.project("\nid_types:", "\n  - {name: account, id_types: [email]}\nid_types:")
    folder.models(
        SELECT, SELECT + "  - {name: g, entity_key: account, vars: [{entity_var: {name: spend, select: 1}}]}\n"
    )

    assert len(folder.load().var_groups) == 2


def test_a_posix_class_is_no_bad_regex(folder: Folder) -> None:
    """POSIX classes and nested brackets, which databases know, are accepted."""
    folder.project('".*@test"', '"[[:space:]]*[^[:alnum:]_][[a]"')

    assert folder.notes() == []


def test_a_stitcher_that_no_entity_uses_is_a_warning(folder: Folder) -> None:
    """A project with an unused id_stitcher loads, and the warning says how to link it."""
    folder.project("    id_stitcher: models/stitcher\n", "")

    (note,) = folder.load().notes
    assert str(note) == (
        'models/all.yaml:11:5: no entity uses id_stitcher "stitcher", so it does not run [unused-stitcher]\n'
        "    hint: set id_stitcher: models/stitcher on entity user"
    )


def test_a_placeholder_main_id_type_is_taken(folder: Folder) -> None:
    """``main_id`` among an entity's id types is the old placeholder and needs no declaration."""
    folder.project("[email, device]", "[main_id, email, device]")

    assert folder.load().file.entities[0].id_types == ("main_id", "email", "device")


def test_a_view_by_main_id_is_taken(folder: Folder) -> None:
    """A feature view may be keyed by the main id column."""
    folder.project(
        "id_types: [email, device]",
        "id_types: [email]\n    feature_views:\n      using_ids: [{id: user_main_id, name: all}]",
    )

    assert folder.load().file.entities[0].feature_views.using_ids[0].name == "all"


def test_a_window_without_from_may_partition(folder: Folder) -> None:
    """A derived var's window runs over the entity table, so it partitions as it likes."""
    folder.models("          from: inputs/orders\n" + SELECT, SELECT + "          window: {partition_by: [a]}\n")

    assert folder.notes() == []
