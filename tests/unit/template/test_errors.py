"""Errors of invalid templates: location, message and hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.template.conftest import Author


@pytest.mark.parametrize(
    ("template", "mistake"),
    [
        # names
        ("{{ usr.x }}", '11:10: "usr" is not defined in this template [unknown-name]'),
        ("a\n\n  {{ user.x }} {{ usr.x }}", '13:25: "usr" is not defined in this template [unknown-name]'),
        ("{{ 'usr' + usr }}", '11:18: "usr" is not defined in this template [unknown-name]'),
        ("{{ user.usr + usr }}", '11:21: "usr" is not defined in this template [unknown-name]'),
        ("{{ 1 and\n   usr }}", '12:10: "usr" is not defined in this template [unknown-name]'),
        ("{% if\n\n usr %}{% endif %}", '13:8: "usr" is not defined in this template [unknown-name]'),
        ("{{ forloop.First }}", '11:10: "forloop" is not defined in this template [unknown-name]'),
        ("{% with a=1 b=a %}{{ b }}{% endwith %}", '11:21: "a" is not defined in this template [unknown-name]'),
        ("x\r\n{{ usr }}", '12:10: "usr" is not defined in this template [unknown-name]'),
        ("{{ this.Nope }}", '11:15: "this" has no "Nope" [unknown-name]'),
        ("{{ warehouse.Nope() }}", '11:20: "warehouse" has no "Nope" [unknown-name]'),
        ("{{ begin_time.Format('2006') }}", '11:21: the value that "Format" is read from does not exist [unknown-name]'),
        ("{{ user[0] }}", "11:7: expected a name in quotes in [ ] [template-error]"),
        # values
        ("{{ user }}", '11:7: "user" is not a value; use one of its columns or vars: user.x [template-error]'),
        ("{{ user.Var }}", '11:7: "Var" is a function: call it with () [template-error]'),
        ("{{ 1 }} {{ [1] }}",
         '11:15: only text and numbers can be printed; convert a list with |join(", ") [template-error]'),
        ("{{ user.x + 1 }}", '11:7: can only concatenate str (not "int") to str [template-error]'),
        ("ab {{ 1 }} {{ 1 / 0 }}", "11:18: division by zero [template-error]"),
        ("{% for x in user %}{% endfor %}", "11:7: an entity or model is not iterable [template-error]"),
        # arguments
        ("{{ user.Var() }}", "11:7: Var: missing a required argument: 'name' [template-error]"),
        ("{{ user.Var(1) }}", '11:7: Var: expected a name in quotes, got "1" [template-error]'),
        ("{{ this.DeRef('') }}", '11:7: DeRef: expected a path in quotes, got "" [template-error]'),
        ("{{ this.DeRef('a', 'b') }}", "11:7: DeRef: too many positional arguments [template-error]"),
        ("{{ this.DeRef('a', depend='b') }}",
         ('11:7: DeRef has no argument "depend"; it has path, dependency, prereqs, pre_existing, checkpoint_name, '
         "baseline_name, time_grain_spec, skip_dependency, contract [template-error]")),
        ("{{ this.DeRef('a', dependency='b') }}",
         '11:7: DeRef: dependency must be normal, optional or coercive, got "b" [template-error]'),
        ("{{ this.DeRef('a', prereqs=['b']) }}", "11:7: DeRef: prereqs must be a list of results of DeRef [template-error]"),
        ("{{ this.DeRef('a', pre_existing='no') }}",
         '11:7: DeRef: pre_existing must be true or false, got "no" [template-error]'),
        ("{{ this.DeRef('a', contract='{}') }}", "11:7: DeRef: contract must be the result of BuildContract [template-error]"),
        ("{{ BuildContract('{\"x\": 1}') }}",
         "11:7: BuildContract: x: extra inputs are not permitted [template-error]"),
        ("{{ BuildContract('{') }}",
         ("11:7: BuildContract: not valid JSON: Expecting property name enclosed in double quotes: "
         "line 1 column 2 (char 1) [template-error]")),
        ("{{ 'a'|round }}", "11:7: filter \"round\": type str doesn't define __round__ method [template-error]"),
        # files
        ("a {{ this.ReadFile('no.sql') }}", '11:9: cannot read "no.sql": No such file or directory [template-error]'),
        # syntax
        ("a {{", "11:9: unexpected 'end of template' [template-syntax]"),
        ("a\n{{ 'b }}", "12:7: unexpected char \"'\" at 6 [template-syntax]"),
        ("{{ 1 }} {{ 1; 2 }}", "11:15: expected token 'end of print statement', got ';' [template-syntax]"),
        ("{% nope %}", "11:7: Encountered unknown tag 'nope' [template-syntax]"),
        ("{{ 1|nope }}", '11:7: there is no filter "nope" [template-syntax]'),
        ("{{ 1 }}\n {% if 1 %}\n{% endfor %}",
         ("13:7: Encountered unknown tag 'endfor'. Jinja was looking for the following tags: "
         "'elif' or 'else' or 'endif'. "
         "The innermost block that needs to be closed is 'if' [template-syntax]")),
        ("{% with a=1 %}\n  {% if a %}", "12:9: this block is not closed [template-syntax]"),
        ("{% exec %} x", "11:7: this block is not closed [template-syntax]"),
        ("a\n{% comment %} x", "12:7: this block is not closed [template-syntax]"),
        ("{% include 'x' %}", "11:7: {% include %} is not supported [template-syntax]"),
        # tokens
        ("a\n  __ref_1__", '12:9: the name "__ref_1__" is reserved by onefold [reserved-name]'),
        ("{{ '__REF_7__' }}", '11:11: the name "__REF_7__" is reserved by onefold [reserved-name]'),
        ("a\nb {{ user.x }}_tmp",
         '12:19: a reference is not separated from the word around it: "__ref_1___tmp" [touching-reference]'),
        ("{{ user.x }}{{ user.y }}",
         '11:17: a reference is not separated from the word around it: "__ref_1____ref_2__" [touching-reference]'),
        ("{{ '__re' + 'f_9__' }}",
         '10:5: a reference is not separated from the word around it: "__ref_9__" [touching-reference]'),
        ("{{ '\\x00' }}", "10:5: the text contains a character that databases do not accept: U+0000 [template-error]"),
        ("a\x00", "10:5: the text contains a character that databases do not accept: U+0000 [template-error]"),
        ("{{ '\\ud800' }}",
         "10:5: the text contains a character that databases do not accept: U+D800 [template-error]"),
    ],
)  # fmt: skip
def test_mistakes_have_their_place(author: Author, template: str, mistake: str) -> None:
    """Each error is one finding with the file, line and column of the tag or name."""
    assert author.mistake(template) == f"features.yaml:{mistake}"


@pytest.mark.parametrize(
    ("template", "hint"),
    [
        ("{{ usr.x }}", 'did you mean "user"?'),
        ("{{ order.x }}", 'did you mean "orders"?'),
        ("{{ datedif('a') }}", 'did you mean "datediff"?'),
        ("{{ zzz }}", ("available: BuildContract, account, begin_time, datediff, end_time, end_time_sql, orders, "
                      "this, user, warehouse")),
        ("{% with a=1 b=a %}{{ b }}{% endwith %}",
         "names in one {% with %} cannot use each other; nest a second {% with %}"),
        ("{{ begin_time.Format('2006') }}", "the value does not exist in this run; test it first: {% if x|isnil %}"),
        ("{{ 'a'|uper }}", 'did you mean "upper"?'),
        ("{% exec %}", "close it with {% endexec %}"),
        ("{{ user.x + 1 }}", "a reference is only text while the template is rendered; move the arithmetic out of {{ }}"),
        ("{% include 'x' %}", 'to read a file, use {% exec %}{{ this.ReadFile("path") }}{% endexec %}'),
        ("{{", 'to write a literal "{{" or "{%", use {{ "{{" }}'),
        ("{{ user.x }}1", "separate them with a space, a quote or an operator"),
    ],
)  # fmt: skip
def test_mistakes_come_with_the_next_step(author: Author, template: str, hint: str) -> None:
    """The hint says what to do."""
    author.macro("datediff", "{{ column }}", "column")

    (finding,) = author.mistakes(template)

    assert finding.hint == hint


def test_all_unknown_names_are_told_at_once(author: Author) -> None:
    """Every unknown name of a template is a finding, in text order; guarded names are not."""
    template = "{{ one }} {{ kept|default('x') }} {% if two is defined %}{% endif %}\n{{ three }}\n{{ one }}"

    assert [str(finding.where) for finding in author.mistakes(template)] == [
        "models/features.yaml:11:10", "models/features.yaml:12:10",
    ]  # fmt: skip


def test_a_mistake_in_a_file_is_placed_in_the_file(author: Author) -> None:
    """The file that exec reads has its own lines."""
    author.files["models/x.sql"] = "SELECT 1\nFROM {{ usr }}\n"
    author.files["models/y.sql"] = "SELECT 1,\n __ref_1__"

    read = '{% exec %}\n {{ this.ReadFile("models/x.sql") }}{% endexec %}'
    assert author.mistake(read) == 'x.sql:2:9: "usr" is not defined in this template [unknown-name]'
    assert author.mistake(read.replace("x.sql", "y.sql")) == (
        'y.sql:2:2: the name "__ref_1__" is reserved by onefold [reserved-name]'
    )


def test_a_file_that_reads_itself_ends(author: Author) -> None:
    """Nested files are limited, with an error."""
    author.files["x.sql"] = "{% exec %}{{ this.ReadFile('x.sql') }}{% endexec %}"

    assert author.mistake("{% exec %}{{ this.ReadFile('x.sql') }}{% endexec %}") == (
        "x.sql:1:1: macros and files are nested too deeply [template-limit]"
    )


def test_without_files_none_is_read(author: Author) -> None:
    """ReadFile in a scope without files is an error."""
    assert author.mistake("{{ this.ReadFile('x') }}", files=None) == (
        "features.yaml:11:7: ReadFile is not available here [template-error]"
    )


def test_time_of_former_days(author: Author) -> None:
    """The hint for the old name of the end time has today's name."""
    (finding,) = author.mistakes("{{ timestamp }}")

    assert "end_time_sql" in (finding.hint or "")
