"""Macros: text that is substituted where it is called, with the names of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onefold.template.references import VarReference

if TYPE_CHECKING:
    from tests.unit.template.conftest import Author


def test_a_macro_is_rendered_where_it_is_called(author: Author) -> None:
    """Inputs are substituted, and the result is rendered as a template."""
    author.macro("datediff", "datediff(day, {{ column }}, date('{{ end_time.Format(\"2006-01-02\") }}'))", "column")

    assert author.text("{{ datediff('a') }}") == "datediff(day, a, date('2026-10-31'))"


def test_a_template_in_a_quoted_argument_is_rendered(author: Author) -> None:
    """A reference inside quotes, as projects write it, becomes a reference."""
    author.macro("datediff", "datediff(day, {{ column }})", "column")

    rendered = author.rendered("{{datediff('{{user.Var(\"first_seen\")}}')}}")

    assert rendered.text == "datediff(day, __ref_1__)"
    assert rendered.references == {"__ref_1__": VarReference("user", "first_seen")}


def test_macros_call_macros(author: Author) -> None:
    """An argument passes through any number of macros."""
    author.macro("days", "days({{ column }})", "column")
    author.macro("within", "{{ days(column) }} <= {{ n }}", "column", "n")

    assert author.text("{{ within('{{ user.x }}', 30) }}") == "days(__ref_1__) <= 30"


def test_a_macro_in_the_argument_of_itself_is_no_cycle(author: Author) -> None:
    """An argument is rendered before the macro."""
    author.macro("f", "f({{ x }})", "x")

    assert author.text("{{ f('{{ f(1) }}') }} {{ f(f(2)) }}") == "f(f(1)) f(f(2))"


def test_a_macro_branches_on_the_dialect(author: Author) -> None:
    """Projects test the database in macros; here the else branch is used."""
    author.macro("agg", '{% if warehouse.DatabaseType() == "bigquery" %}a{% else %}b{% endif %}')

    assert author.text("{{ agg() }}") == "b"
    assert author.text("{{ agg() }}", author="bigquery") == "a"


@pytest.mark.parametrize(
    "template",
    [
        "{% with seen = 1 %}{{ m() }}{% endwith %}",
        "{% for seen in [1] %}{{ m() }}{% endfor %}",
        "{% set seen = 1 %}{{ m() }}",
        "{% with seen = 0 %}{% set seen = 1 %}{{ m() }}{% endwith %}",
        "{% macro f(seen) %}{{ m() }}{% endmacro %}{{ f(1) }}",
        "{% with seen = 1 %}{% for x in [1] %}{{ m() }}{% endfor %}{% endwith %}",
    ],
)
def test_a_macro_sees_what_its_caller_sees(author: Author, template: str) -> None:
    """A macro is text at the place of the call, so names around the call are defined in it."""
    author.macro("m", "[{{ seen }}]")

    assert author.text(template) == "[1]"


def test_this_goes_through_an_input(author: Author) -> None:
    """An object is passed as it is."""
    author.macro("end", "{{ mat.WhtCtx.TimeInfo.EndTime.Format('2006') }}", "mat")

    assert author.text("{{ end(this) }}") == "2026"


def test_names_of_a_template_go_before_macros(author: Author) -> None:
    """A template may use the name of a macro for its own value."""
    author.macro("f", "macro")

    assert author.text("{% set f = 1 %}{{ f }}") == "1"
    assert author.text("{% macro f(a) %}{{ a }}{% endmacro %}{{ f(2) }}") == "2"


@pytest.mark.parametrize(
    ("template", "mistake"),
    [
        ("{{ f() }}", 'features.yaml:11:7: macro "f" takes 1 (x) inputs, got 0 [template-error]'),
        ("{{ f(1, 2) }}", 'features.yaml:11:7: macro "f" takes 1 (x) inputs, got 2 [template-error]'),
        ("{{ f(x=1) }}", 'features.yaml:11:7: macro "f" takes its inputs by position, not by name [template-error]'),
        ("{{ f }}", 'features.yaml:11:7: macro "f" takes 1 (x) inputs, got 0 [template-error]'),
        ("{{ f(usr) }}", 'features.yaml:11:12: "usr" is not defined in this template [unknown-name]'),
        (
            "a\n {{ wrong() }}",
            (
                'macros.yaml:22:12: "usr" is not defined in this template, in macro "wrong" called at '
                "models/features.yaml:12:8 [unknown-name]"
            ),
        ),
        (
            "{{ outer() }}",
            (
                'macros.yaml:22:12: "usr" is not defined in this template, in macro "wrong" called at '
                "models/macros.yaml:21:9 [unknown-name]"
            ),
        ),
        (
            "{{ a() }}",
            (
                'macros.yaml:20:12: these macros call each other in a cycle: a -> b -> a, in macro "a" called at '
                "models/macros.yaml:21:7 [macro-cycle]"
            ),
        ),
        (
            "{{ token() }}",
            (
                'macros.yaml:21:9: the name "__ref_1__" is reserved by onefold, in macro "token" called at '
                "models/features.yaml:11:7 [reserved-name]"
            ),
        ),
    ],
)
def test_mistakes_with_macros(author: Author, template: str, mistake: str) -> None:
    """An error in a macro has the location in the macro, and names the caller."""
    author.macro("f", "{{ x }}", "x")
    author.macro("wrong", "x\n  {{ usr.x }}")
    author.macro("outer", "  {{ wrong() }}")
    author.macro("a", "{{ b() }}")
    author.macro("b", "{{ a() }}")
    author.macro("token", "  __ref_1__")

    assert author.mistake(template) == mistake


def test_a_long_chain_of_macros_is_refused(author: Author) -> None:
    """Nested macros are limited, with an error."""
    for number in range(40):
        author.macro(f"m{number}", f"{{{{ m{number + 1}() }}}}")
    author.macro("m40", "end {{ 1 }}")

    assert author.text("{{ m30() }}") == "end 1"
    assert author.mistake("{{ m0() }}").startswith(
        "macros.yaml:20:12: macros and files are nested too deeply, in macro "
    )
