"""Any input renders to a text or to an error with a location, in limited time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.examples import examples

from onefold.errors import Location, ProjectError
from onefold.template.references import TOKEN
from onefold.template.render import Rendered

if TYPE_CHECKING:
    from tests.unit.template.conftest import Author

    from onefold.errors import Finding

SOON = 60
"""Seconds; the last resort of a rendering is 5."""

TEMPLATES = (
    '{{ user.Var("spend") }} > {{ orders.total }}',
    ("{% with a = this.DeRef('inputs/a', dependency='optional') b = 2 %}{% if a.IsEnabled() && b %}{{ a }}{% endif %}"
     "{% endwith %}"),
    "{% for x in ['a', 'b'] %}{{ forloop.First }}{{ x|default:'y'|upper }}{% if !loop.last %},{% endif %}{% endfor %}",
    "{% set x = range(3)|list %}{{ x|join(', ') }} {{ x|length * 2 }} {{ 'a' ~ x[0] }}",
    "{% exec %}{{ this.ReadFile('a.sql') }}{% endexec %}{# note #}{% raw %}{{ x }}{% endraw %}",
    "{{ datediff('{{user.Var(\"first\")}}', 3) }} {{ end_time.Format('2006-01-02') }} {{ end_time|isnil }}",
    "{% macro f(n) %}{{ n * 3 }}{% endmacro %}{{ f(2) }}{% comment %} {{ ( {% endcomment %}",
    "{{ warehouse.NamedWhObject(name='x', type='VIEW') }} {{ BuildContract('{\"is_append_only\": true}') is defined }}",
)  # fmt: skip

PIECES = st.sampled_from([
    "{{", "}}", "{%", "%}", "{#", "#}", "{%-", "-%}", "'", '"', "\\", "(", ")", "[", "]", "{", "}", "|", "||",
    "&&", "!", ".", ",", ":", "=", "+", "*", "**", "~", "-", " ", "\n", "\r\n", "0", "9" * 12, "1e400", "user",
    "orders", "this", "x", "usr", "if", "endif", "for", "in", "endfor", "with", "endwith", "set", "endset", "exec",
    "endexec", "raw", "endraw", "comment", "endcomment", "macro", "endmacro", "call", "filter", "include", "range",
    "loop", "forloop", "Parentloop", "datediff", "warehouse", "DeRef", "Var", "default", "replace", "join", "list",
    "map", "sort", "isnil", "not", "and", "is", "none", "true", "__class__", "__ref_1__", "_x", "ä", "\x00",
    "\u2028",
])  # fmt: skip


def _holds(author: Author, template: str) -> None:
    """Render; anything other than a text or an error with a location, in limited time, fails the test."""
    author.files["a.sql"] = "SELECT {{ user.x }}"
    author.macro("datediff", "datediff({{ a }}, {{ b }})", "a", "b")
    start = time.perf_counter()
    findings: tuple[Finding, ...] = ()
    rendered = Rendered("")
    try:
        rendered = author.rendered(template)
    except ProjectError as error:
        findings = error.findings
    places = [finding.where for finding in findings]

    assert all(isinstance(place, Location) and place.line >= 1 and place.column >= 1 for place in places)
    assert {token[0] for token in TOKEN.finditer(rendered.text)} <= {*rendered.references}
    assert rendered.text.encode().count(b"\x00") == 0
    assert time.perf_counter() - start < SOON


_SETTINGS = settings(
    max_examples=examples(250), suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


@_SETTINGS
@given(st.lists(PIECES, max_size=25).map("".join))
@example("{{ user.x }}{{ user.x }}")
@example("{% for x in x %}{% endfor %}")
def test_pieces_of_the_language_in_any_order(author: Author, template: str) -> None:
    """Random sequences of tokens never break the renderer."""
    _holds(author, template)


@_SETTINGS
@given(
    st.lists(PIECES, max_size=8).map(" ".join),
    st.sampled_from(["{{ %s }}", "{%% %s %%}", "{%% if %s %%}a{%% endif %%}"]),
)
def test_any_expression(author: Author, words: str, tag: str) -> None:
    """Any content of a tag gives a text or an error."""
    _holds(author, tag % words)


@_SETTINGS
@given(st.text(max_size=40), st.sampled_from(["%s", "{{ %s }}", "{%% %s %%}", "{{ datediff('%s', 1) }}"]))
def test_any_text(author: Author, text: str, around: str) -> None:
    """Any text, alone or in a tag, gives a text or an error."""
    _holds(author, around % text)


@_SETTINGS
@given(st.data())
def test_mutated_templates(author: Author, data: st.DataObject) -> None:
    """Mutations of real templates never break the renderer."""
    template = data.draw(st.sampled_from(TEMPLATES))
    for _ in range(data.draw(st.integers(1, 4))):
        first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(template))] * 2)))
        piece = data.draw(st.one_of(PIECES, st.just(""), st.just(template[first:last] * 2), st.text(max_size=4)))
        template = template[:first] + piece + template[last:]

    _holds(author, template)


def test_the_templates_that_are_mutated_render(author: Author) -> None:
    """The seeds themselves are valid, so that mutations reach deep."""
    author.files["a.sql"] = "SELECT {{ user.x }}"
    author.macro("datediff", "datediff({{ a }}, {{ b }})", "a", "b")

    for template in TEMPLATES:
        assert author.text(template)
