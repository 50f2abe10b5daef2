"""Translation of pongo2 to Jinja2, with the location of every line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.template.syntax import find_name, has_tags, to_jinja


@pytest.mark.parametrize(
    ("template", "jinja"),
    [
        ("a && b", "a && b"),
        ("{{ a && b }}", "{{\n a  and  b }}"),
        ("{{ a||!b }}", "{{\n a or  not b }}"),
        ("{{ a != b }}", "{{\n a != b }}"),
        ("{{- a -}}", "{{-\n a -}}"),
        ("{{ '}}' }}", "{{\n '}}' }}"),
        ('{{ "\\"}}" }}', '{{\n "\\"}}" }}'),
        ("{{ {'a': {'b': 1}} }}", "{{\n {'a': {'b': 1}} }}"),
        ("{% with a=1 b=f(c=2) %}", "{%\n with a=1 ,b=f(c=2) %}"),
        ("{% with a=1, b=2 %}", "{%\n with a=1, b=2 %}"),
        ("{{ a|default:'b'|upper }}", "{{\n a|default('b')|upper }}"),
        ("{{ a|default: b.c(1, 2)[0] }}", "{{\n a|default( b.c(1, 2)[0]) }}".replace("( b", "(b")),
        ("{{ a[1:2] }}", "{{\n a[1:2] }}"),
        ("{{ forloop.Counter }}", "{{\n loop.index }}"),
        ("{{ x.Counter }}", "{{\n x.Counter }}"),
        ("{% exec %}x{%- endexec %}", "{%\n filter exec %}x{%-\n endfilter %}"),
        ("{% empty %}", "{%\n else %}"),
        ("{# a && b #}", "{# a && b #}"),
        ("a{% comment %}\n{{ x }}{% endcomment %}b", "ab"),
        ("{% raw %}{{ a && b }}{% endraw %}", "{%\n raw %}{{ a && b }}{% endraw %}"),
    ],
)
def test_spellings(template: str, jinja: str) -> None:
    """Tags are rewritten, and start on their own line; text is not changed."""
    assert to_jinja(template).text == jinja


def test_each_line_has_its_place() -> None:
    """The tag on a line, or the line inside a tag, is found in the original."""
    template = "a {{ b }} {{ c }}\n  {% if d\n     && e %}\nx"

    jinja = to_jinja(template)

    assert jinja.text == "a {{\n b }} {{\n c }}\n  {%\n if d\n      and  e %}\nx"
    assert jinja.places == ((1, 1), (1, 3), (1, 11), (2, 3), (2, 3), (3, 6), (4, 1))


@given(st.text(st.sampled_from("{}%#-'\" \n\\abx.|:=!&()[]"), max_size=60))
def test_there_is_a_place_for_each_line(template: str) -> None:
    """For any text, every line of the result has a location in the original."""
    jinja = to_jinja(template)
    lines = template.split("\n")

    assert len(jinja.places) == jinja.text.count("\n") + 1
    assert all(1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in jinja.places)


@given(st.text(st.sampled_from("}%#-'\" \n\\abx.|:=!&()[]"), max_size=60))
def test_text_without_tags_stays(text: str) -> None:
    """Nothing is rewritten outside of tags."""
    assert not has_tags(text)
    assert to_jinja(text).text == text


def test_names_are_found_where_they_are_used() -> None:
    """Strings, attributes and assignments of the same name are skipped."""
    template = "x\n{% with a = 'a' + b.a\n + a %}"

    assert find_name(template, 2, 1, "a") == (3, 4)
    assert find_name(template, 2, 1, "a", behind_dot=True) == (2, 21)
    assert find_name(template, 2, 1, "c") is None
    assert find_name("{{ b }} {{ a }}", 1, 1, "a") is None
