"""Old files are rewritten in today's spelling with the same meaning, comments and layout, and a second time is a no-op."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from onefold.errors import ProjectError
from onefold.project.legacy import DROPPED, ENABLE_STATUS, RENAMED, Legacy
from onefold.project.migrate import migrated_file
from onefold.project.source import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


def rewritten(text: str, file: str = "models/all.yaml") -> str:
    """The file in today's spelling, which has no old spelling left and does not change again."""
    once = migrated_file(dedent(text).encode(), file).content
    again = migrated_file(once, file)
    assert (again.content, again.notes) == (once, ())
    return once.decode()


def of_project(text: str) -> str:
    return rewritten(text, "pb_project.yaml")


# What the tables of `legacy` map: where the key stands, as it was and as it is. `test_every_entry` counts them.
TABLE: Mapping[str, tuple[str, str, str]] = {
    "profile": ("pb_project.yaml", "profile: mine  # where\n", "connection: mine  # where\n"),
    "tags": ("pb_project.yaml", "'tags': [{name: pii}]\n", "available_tags: [{name: pii}]\n"),
    "gitUrl": (
        "pb_project.yaml",
        "packages:\n  - name: lib\n    gitUrl: ./lib  # near\n",
        "packages:\n  - name: lib\n    url: ./lib  # near\n",
    ),
    "id_served": (
        "pb_project.yaml",
        "entities:\n  - feature_views:\n      using_ids:\n        - id_served: email # by mail\n          name: m\n",
        "entities:\n  - feature_views:\n      using_ids:\n        - id: email # by mail\n          name: m\n",
    ),
    "default": (
        "models/all.yaml",
        "var_groups:\n  - vars:\n      - entity_var: {name: a, default: 1.50} # none\n",
        "var_groups:\n  - vars:\n      - entity_var: {name: a, default_value: 1.50} # none\n",
    ),
    "include_untimed": ("pb_project.yaml", "name: a\ninclude_untimed: true\n# end\n", "name: a\n# end\n"),
    "rebase_incremental": ("pb_project.yaml", "rebase_incremental: true\nname: a\n", "name: a\n"),
    "validity_time": (
        "models/all.yaml",
        "models:\n  - model_spec:\n      validity_time: 24h # 1 day\n      # of whom\n      entity_key: user\n",
        "models:\n  - model_spec:\n      # of whom\n      entity_key: user\n",
    ),
    "compatibility_mode": (
        "models/all.yaml",
        "models:\n- model_type: feature_table_model\n  model_spec: {compatibility_mode: true, entity_key: user}\n",
        "models:\n- model_type: feature_table_model\n  model_spec: {entity_key: user}\n",
    ),
    "not_needed": (
        "models/all.yaml",
        "models:\n  - model_spec:\n      materialization: {enable_status: not_needed}\n",
        "models:\n  - model_spec:\n      materialization: {enable_status: only_if_necessary}\n",
    ),
}


def test_every_entry_of_the_tables_is_here() -> None:
    """Every old spelling has a test of its rewriting."""
    tables = (RENAMED, DROPPED)
    assert {*TABLE} == {old for t in tables for keys in t.values() for old in keys} | {*ENABLE_STATUS}


@pytest.mark.parametrize("old", TABLE)
def test_entry(old: str) -> None:
    """The old spelling becomes today's, and nothing else in the file changes."""
    file, before, after = TABLE[old]

    assert rewritten(before, file) == after


@pytest.mark.parametrize(
    ("old", "name"),
    [
        ("serve_traits", "\n                  name: user_id_user_default_entity_serve_360"),
        ("serve_traits_360", ""),
    ],
)
def test_serve_traits(old: str, name: str) -> None:
    """The list of views moves one level in, with its comments; a view keeps its old name."""
    assert of_project(f"""
        entities:
          - name: user
            {old}: # views
              # the first
              - id_served: email
                name: by_mail  # short

              - id_served: user_id
            id_types: [email]  # all
    """) == dedent(f"""
        entities:
          - name: user
            feature_views:
              using_ids: # views
                # the first
                - id: email
                  name: by_mail  # short

                - id: user_id{name}
            id_types: [email]  # all
    """)


def test_serve_traits_on_one_line_and_first_in_its_entry() -> None:
    """The same for a flow list, and after the dash."""
    assert of_project("entities:\n- serve_traits: [{id_served: email}] # a\n  name: user\n") == (
        "entities:\n- feature_views:\n    using_ids: [{id: email, name: email_user_default_entity_serve_360}] # a\n  name: user\n"
    )


def test_serve_traits_in_braces() -> None:
    """The same inside braces."""
    assert of_project("entities: [{name: user, serve_traits: [{id_served: email}], id_types: [email]}]\n") == (
        "entities: [{name: user, feature_views: "
        "{using_ids: [{id: email, name: email_user_default_entity_serve_360}]}, id_types: [email]}]\n"
    )


def test_feature_views_as_a_list() -> None:
    """A list of views, of an entity or a cohort, moves under using_ids."""
    assert of_project("entities:\n  - name: user\n    feature_views: # by\n      - {id: email, name: m}\n") == (
        "entities:\n  - name: user\n    feature_views:\n      using_ids: # by\n        - {id: email, name: m}\n"
    )
    assert rewritten("models:\n- model_type: entity_cohort\n  model_spec: {feature_views: [{id: email}]}\n") == (
        "models:\n- model_type: entity_cohort\n  model_spec: {feature_views: {using_ids: [{id: email}]}}\n"
    )


def test_list_that_is_not_indented() -> None:
    """A list with dashes at the column of the key may stay so."""
    assert of_project("entities:\n  - name: user\n    serve_traits:\n    - id_served: email\n") == (
        "entities:\n  - name: user\n    feature_views:\n      using_ids:\n      - id: email\n"
        "        name: email_user_default_entity_serve_360\n"
    )


def test_input_without_app_defaults() -> None:
    """Keys directly under an input move into app_defaults; keys that belong elsewhere stay."""
    assert rewritten("""
        inputs:
          # orders of the shop
          - name: orders
            table: raw.orders  # one row per order
            # when
            occurred_at_col: ts
            where: total > 0
            ids:
              - select: "email"  # lower case
                type: email
                entity: user
            contract: {is_optional: true}
    """) == dedent("""
        inputs:
          # orders of the shop
          - name: orders
            app_defaults:
              table: raw.orders  # one row per order
              # when
              occurred_at_col: ts
              ids:
                - select: "email"  # lower case
                  type: email
                  entity: user
            where: total > 0
            contract: {is_optional: true}
    """)


def test_input_in_braces() -> None:
    """The same inside braces."""
    assert rewritten("inputs: [{table: t, name: a, ids: []}]\n") == (
        "inputs: [{app_defaults: {table: t, ids: []}, name: a}]\n"
    )


def test_vars_of_a_feature_table() -> None:
    """The vars become a var group after the others, with block text, comments and old keys inside."""
    assert rewritten("""
        var_groups:
          - name: first
            entity_key: user
            vars: []
        models:
          - name: features
            model_type: feature_table_model
            model_spec:
              validity_time: 24h
              entity_key: user
              vars: # all of them
                # the first
                - entity_var:
                    name: a
                    select: |
                      MAX(
                        b)
                    default: 0 # none
              features: [a]
        # the end
    """) == dedent("""
        var_groups:
          - name: first
            entity_key: user
            vars: []
          - name: features_vars
            entity_key: user
            vars: # all of them
              # the first
              - entity_var:
                  name: a
                  select: |
                    MAX(
                      b)
                  default_value: 0 # none
        models:
          - name: features
            model_type: feature_table_model
            model_spec:
              entity_key: user
              features: [a]
        # the end
    """)


@pytest.mark.parametrize("groups", ["", "var_groups:\n", "var_groups: []\n"])
def test_vars_of_a_feature_table_without_groups(groups: str) -> None:
    """The first group of a file goes to its usual place, or to the end."""
    spec = "{entity_key: user, vars: [{entity_var: {name: a, select: '1'}}]}"
    text = f"{groups}models:\n  - {{name: f, model_type: feature_table_model, model_spec: {spec}}}"

    parsed = yaml.safe_load(rewritten(text))

    assert parsed["models"][0]["model_spec"] == {"entity_key": "user"}
    assert parsed["var_groups"] == [
        {"name": "f_vars", "entity_key": "user", "vars": [{"entity_var": {"name": "a", "select": "1"}}]}
    ]


def test_dropped_key_behind_a_dash() -> None:
    """The dash moves to the next key; comments on their own lines stay."""
    assert of_project(
        "entities:\n  - default_id_stitcher:\n      validity_time: 24h\n      # why\n    name: user\n"
    ) == ("entities:\n  - default_id_stitcher:\n      {}\n      # why\n    name: user\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{validity_time: 1h, entity_key: user}", "{entity_key: user}"),
        ("{entity_key: user, validity_time: 1h}", "{entity_key: user}"),
        ("{entity_key: user, validity_time: 1h, include_untimed: true, x: 1}", "{entity_key: user, x: 1}"),
        ("{validity_time: 1h, include_untimed: true}", "{}"),
        ("{entity_key: user, # who\n    validity_time: 1h}", "{entity_key: user, # who\n    }"),
    ],
)
def test_dropped_keys_in_braces(before: str, after: str) -> None:
    """Keys in braces are removed with their commas."""
    assert rewritten(f"models:\n- model_spec: {before}\n") == f"models:\n- model_spec: {after}\n"


def test_main_id_type() -> None:
    """A stitcher's main_id_type is removed, because it has no effect."""
    assert rewritten(
        "models:\n- model_type: id_stitcher\n  model_spec: {main_id_type: main_id, entity_key: user}\n"
    ) == ("models:\n- model_type: id_stitcher\n  model_spec: {entity_key: user}\n")


def test_anchors() -> None:
    """A mapping that is shared through an anchor is rewritten once."""
    assert rewritten("""
        var_groups:
          - vars:
              - entity_var: &one
                  name: a
                  default: 0
              - entity_var:
                  <<: *one
                  name: b
    """) == dedent("""
        var_groups:
          - vars:
              - entity_var: &one
                  name: a
                  default_value: 0
              - entity_var:
                  <<: *one
                  name: b
    """)


def test_line_ends_and_byte_order_mark_stay() -> None:
    """A Windows file keeps its line ends and its byte order mark."""
    before = b"\xef\xbb\xbfentities:\r\n  - name: user\r\n    serve_traits:\r\n      - id_served: email\r\n"

    assert migrated_file(before, "pb_project.yaml").content == (
        b"\xef\xbb\xbfentities:\r\n  - name: user\r\n    feature_views:\r\n      using_ids:\r\n        - id: email\r\n"
        b"          name: email_user_default_entity_serve_360\r\n"
    )


def test_schema_version() -> None:
    """An older schema version becomes the requested one; a newer one stays."""
    assert of_project("name: a\nschema_version: 42 # old\n") == "name: a\nschema_version: 99 # old\n"
    assert migrated_file(b"schema_version: 70\n", "pb_project.yaml", 69).content == b"schema_version: 70\n"


def test_what_cannot_be_rewritten_is_told() -> None:
    """An alias that would come before its anchor is an error with a location, and no file is written."""
    text = """
        models:
          - name: features
            model_type: feature_table_model
            model_spec:
              entity_key: user
              vars:
                - entity_var: &a {name: a, select: "1"}
          - {name: other, model_type: feature_table_model, model_spec: {entity_key: user, features: [], x: *a}}
    """
    with pytest.raises(ProjectError) as caught:
        rewritten(text)

    assert "models/all.yaml:" in str(caught.value)
    assert "cannot be rewritten automatically" in str(caught.value)


VALUES = st.sampled_from(["1", "'a: b'", '"x # y"', "[1, 2]", "{a: 1}", "|\n{i}  text # no comment\n{i}  more", "~"])
KEYS = st.lists(
    st.sampled_from(["entity_key", "validity_time", "include_untimed", "features", "edge_sources"]),
    unique=True,
    min_size=1,
)


@given(KEYS, st.data())
def test_any_layout(keys: list[str], data: st.DataObject) -> None:
    """However keys, comments and empty lines alternate, everything that is not old is unchanged."""
    lines, kept = ["models:", "  - name: m", "    model_spec:"], 0
    for number, key in enumerate(keys):
        if data.draw(st.booleans()):
            lines.append(data.draw(st.sampled_from(["", f"      # note {number}", f"# far {number}"])))
        value = data.draw(VALUES).replace("{i}", "      ")
        tail = f" # on {number}" if "\n" not in value and data.draw(st.booleans()) else ""
        lines.append(f"      {key}: {value}{tail}")
        kept += key not in DROPPED["model_spec"]
    text = "\n".join(lines) + "\n"

    after = rewritten(text)

    assert [line for line in after.splitlines() if line.strip().startswith("#")] == [
        line for line in text.splitlines() if line.strip().startswith("#")
    ]
    assert yaml.safe_load(after)["models"][0]["model_spec"] == {
        k: v for k, v in yaml.safe_load(text)["models"][0]["model_spec"].items() if k not in DROPPED["model_spec"]
    }
    root = read_yaml(after.encode(), "a").root
    assert root is not None
    legacy = Legacy()
    legacy.model_file(root)
    assert not legacy.notes
    if kept == len(keys):
        assert after == text


def test_keys_beside_app_defaults() -> None:
    """Keys next to app_defaults move into it, in flow or block style."""
    in_braces = "inputs:\n  - name: o # orders\n    app_defaults: {table: a.b}\n    occurred_at_col: ts # when\n"
    on_lines = "inputs:\n  - name: o\n    app_defaults:\n      table: a.b # all\n      # ids\n      ids: []\n    occurred_at_col: ts\n"
    all_braces = "inputs: [{name: o, app_defaults: {table: a.b}, occurred_at_col: ts}]\n"

    assert rewritten(in_braces) == (
        "inputs:\n  - name: o # orders\n    app_defaults:\n      table: a.b\n      occurred_at_col: ts # when\n"
    )
    assert rewritten(on_lines) == (
        "inputs:\n  - name: o\n    app_defaults:\n      table: a.b # all\n      # ids\n      ids: []\n      occurred_at_col: ts\n"
    )
    assert rewritten(all_braces) == "inputs: [{name: o, app_defaults: {table: a.b, occurred_at_col: ts}}]\n"
