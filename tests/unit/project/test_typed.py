"""Mappings become records; errors are reported in the user's words, each at its location."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onefold.project import spec
from onefold.project.source import read_yaml
from onefold.project.typed import typed

if TYPE_CHECKING:
    from onefold.errors import Finding

MODEL = "name: m\nmodel_type: sql_template\nmodel_spec:\n  single_sql: select 1\n"


def findings(cls: type[spec.Record], text: str) -> list[Finding]:
    """The errors of a mapping."""
    root = read_yaml(text.encode(), "f.yaml").root
    assert root is not None
    found: list[Finding] = []
    assert (typed(cls, root, found) is None) == bool(found)
    return found


def read(cls: type[spec.Record], text: str) -> spec.Record:
    """The record of a valid mapping."""
    root = read_yaml(text.encode(), "f.yaml").root
    assert root is not None
    record = typed(cls, root, [])
    assert record is not None
    return record


@pytest.mark.parametrize(
    ("cls", "text", "finding"),
    [
        (spec.Macro, "name: a\nvaleu: b\nvalue: c", '2:1: unknown key "valeu" [unknown-key] did you mean "value"?'),
        (spec.Macro, "name: a\nvalue: c\nqqq: b", '3:1: unknown key "qqq" [unknown-key] known keys: name, inputs, value'),
        (spec.Macro, "name: a\nvalue: c\nat: b", '3:1: unknown key "at" [unknown-key] known keys: name, inputs, value'),
        (spec.Macro, "name: a", '1:1: missing key "value" [missing-key] add value: …'),
        (spec.Macro, "name: a\nvalue:", '2:7: missing key "value" [missing-key] add value: …'),
        (spec.Macro, "name: 5\nvalue: b", '1:7: "name" must be text, not a number [wrong-type]'),
        (spec.Macro, "name: true\nvalue: b", '1:7: "name" must be text, not true or false [wrong-type]'),
        (spec.Macro, "name: [a]\nvalue: b", '1:7: "name" must be text, not a list [wrong-type]'),
        (spec.Macro, "name: {a: b}\nvalue: b", '1:7: "name" must be text, not a mapping [wrong-type]'),
        (spec.Macro, "name: a\nvalue: b\ninputs: x", '3:9: "inputs" must be a list, not text [wrong-type]'),
        (spec.Macro, "name: a\nvalue: b\ninputs:\n- x\n- 5", '5:3: an entry of "inputs" must be text, not a number [wrong-type]'),
        (spec.Macro, "name: a\nvalue: b\ninputs: [~]", '3:10: an entry of "inputs" must be text, not nothing [wrong-type]'),
        (spec.ProjectFile, "name: a\nschema_version: '9'", '2:17: "schema_version" must be a whole number, not text [wrong-type]'),
        (spec.ProjectFile, "name: a\nschema_version: 9.5", '2:17: "schema_version" must be a whole number, not a fraction [wrong-type]'),
        (spec.ProjectFile, "name: a\nschema_version: true", '2:17: "schema_version" must be a whole number, not true or false [wrong-type]'),
        (spec.ProjectFile, "name: a\nschema_version: 0", '2:17: "schema_version": input should be greater than or equal to 1 [wrong-value]'),
        (spec.ProjectFile, "name: a\nschema_version: 1\nentities: [u]", '3:12: an entry of "entities" must be a mapping, not text [wrong-type]'),
        (spec.ProjectFile, "name: a\nschema_version: 1\nentities: {u: 1}", '3:11: "entities" must be a list, not a mapping [wrong-type]'),
        (spec.Materialization, "output_type: tables", '1:14: "tables" is not a valid value of "output_type" [wrong-value] did you mean "table"?'),
        (spec.Materialization, "run_type: 5", '1:11: "5" is not a valid value of "run_type" [wrong-value] allowed: discrete, incremental'),
        (spec.EntityVarSpec, "name: a\nselect: b\nis_feature: perhaps", '3:13: "is_feature" must be true or false, not text [wrong-type]'),
        (spec.EntityVarSpec, "name: a\nselect: b\nwindow: {order_by: [[a]]}", '3:21: an entry of "order_by" must be text, not a list [wrong-type]'),
        (spec.SqlTemplateModel, MODEL + "  features:\n  - 5", '6:5: an entry of "features" must be a mapping, not a number [wrong-type]'),
        (spec.SqlTemplateModel, MODEL + "  features:\n  - {name: 5}", '6:12: "name" must be text, not a number [wrong-type]'),
        (spec.SqlTemplateModel, MODEL + "  features:\n  - {nam: a, name: b}", '6:6: unknown key "nam" [unknown-key] did you mean "name"?'),
        (spec.SqlTemplateModel, MODEL + "  multi_sql: x", "4:3: a sql_template must have exactly one of single_sql, multi_sql [wrong-value]"),
        (spec.SqlTemplateModel, MODEL.replace("single_sql: select 1", "ids: []"), "4:3: a sql_template must have exactly one of single_sql, multi_sql [wrong-value]"),
        (spec.SqlTemplateModel, MODEL.replace("select 1", "[a]"), '4:15: "single_sql" must be text, not a list [wrong-type]'),
        (spec.AppDefaults, "table: a\ncsv: b", "1:1: an input must have exactly one of table, view, csv, s3; this one has table, csv [wrong-value]"),
        (spec.AppDefaults, "ids: []", "1:1: an input must have exactly one of table, view, csv, s3; this one has none [wrong-value]"),
        (spec.IdFilter, "type: include", "1:1: a filter must have exactly one of value, regex, sql; this one has none [wrong-value]"),
        (spec.VarEntry, "{}", "1:1: an entry of vars must have exactly one of entity_var, input_var [wrong-value]"),
        (spec.VarGroup, "name: g\nvars:\n- {entity_var: {name: a, select: b, selekt: c}}", '3:37: unknown key "selekt" [unknown-key] did you mean "select"?'),
        (spec.IdType, "name: a\nmaximum_edges: [{b: 1.5}]", '2:21: "b" must be a whole number, not a fraction [wrong-type]'),
    ],
)  # fmt: skip
def test_mistakes(cls: type[spec.Record], text: str, finding: str) -> None:
    """An invalid mapping gives one finding: message, location and hint."""
    (found,) = findings(cls, text)

    assert f"{found} ".replace("\n    hint:", "").strip() == f"f.yaml:{finding}"


def test_all_mistakes_of_a_mapping_are_told() -> None:
    """Errors at several depths are reported together, none twice."""
    text = "name: 5\nvar: []\nvars:\n- entity_var: {name: a}\n- input_var: {nam: b, select: c}\n"

    assert [str(f).split("\n")[0] for f in findings(spec.VarGroup, text)] == [
        'f.yaml:1:7: "name" must be text, not a number [wrong-type]',
        'f.yaml:4:15: missing key "select" [missing-key]',
        'f.yaml:5:14: missing key "name" [missing-key]',
        'f.yaml:5:15: unknown key "nam" [unknown-key]',
        'f.yaml:2:1: unknown key "var" [unknown-key]',
    ]


def test_an_alias_that_is_wrong_is_told_once() -> None:
    """An error in a mapping that is used twice through an anchor is reported once."""
    text = "inputs: [&i {name: a, app_defaults: {tabel: t, view: v}}, *i]"

    assert [str(f).split("\n")[0] for f in findings(spec.ModelFile, text)] == [
        'f.yaml:1:38: unknown key "tabel" [unknown-key]'
    ]


@pytest.mark.parametrize(
    ("written", "sql"),
    [("1", "1"), ("1.50", "1.50"), ("007", "007"), ("false", "false"), ("True", "true"), ("'0x1F'", "0x1F"), ("-1e3", "-1e3")],
)  # fmt: skip
def test_sql_may_be_a_bare_scalar(written: str, sql: str) -> None:
    """SQL that is a number or a boolean is kept as written."""
    macro = read(spec.Macro, f"name: a\nvalue: {written}")

    assert isinstance(macro, spec.Macro)
    assert macro.value == sql


def test_a_known_key_without_a_value_is_as_if_not_written() -> None:
    """An optional key without a value keeps its default."""
    file = read(spec.ProjectFile, "name: a\nschema_version: 1\nentities:\nconnection: ~\nmodel_folders:\n")

    assert isinstance(file, spec.ProjectFile)
    assert (file.entities, file.connection, file.model_folders) == ((), None, ("models",))


def test_one_text_is_a_list_of_one() -> None:
    """``order_by`` accepts a text for a list of one."""
    window = read(spec.Window, "order_by: ts desc")

    assert isinstance(window, spec.Window)
    assert window.order_by == ("ts desc",)


def test_long_values_are_cut_in_messages() -> None:
    """An invalid value of many lines is shortened to one line."""
    (finding,) = findings(spec.Materialization, "output_type: |\n" + "  many words\n" * 20)

    assert finding.message == '"many words many words many words many w…" is not a valid value of "output_type"'
