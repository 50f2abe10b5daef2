"""Limits of templates: they cannot leave the sandbox, or exhaust the machine."""

from __future__ import annotations

import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.template.conftest import Author


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''['__class__'] }}",
        "{{ user.__class__ }}",
        "{{ user.Var.__globals__ }}",
        "{{ user.Var.__func__.__code__ }}",
        "{{ this.DeRef('a').__init__ }}",
        "{{ this.DeRef('a')._scope }}",
        "{{ this._scope.files }}",
        "{{ warehouse['_scope'] }}",
        "{{ this.ReadFile.__self__ }}",
        "{{ ['a']|unique(attribute='__class__')|list|length }}",
        "{{ [[1]]|map(attribute='__class__')|first }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ '{a.__class__}'.format_map({'a': 1}) }}",
        "{% set f = '{:>99}'.format %}{{ f(1) }}",
        "{{ self._TemplateReference__context }}",
        "{% for x in [1] %}{{ loop._iterator }}{% endfor %}",
        "{% macro f() %}{% endmacro %}{{ f._func }}",
        "{% set a = [] %}{{ a.append(1) }}",
        "{% set a = {} %}{{ a.update({}) }}",
        "{{ 'a'.encode() }}",
        "{{ (1).real }}",
        "{{ '%s' % 1 }}",
        "{{ 2 ** 3 }}",
    ],
)
def test_a_template_cannot_leave_the_sandbox(author: Author, template: str) -> None:
    """Everything that leads out of the scope, or changes its values, is rejected by name."""
    (finding,) = author.mistakes(template)

    assert finding.code == "template-forbidden"


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{{ dict() }}", "unknown-name"),
        ("{{ lipsum() }}", "unknown-name"),
        ("{{ cycler }}", "unknown-name"),
        ("{{ namespace() }}", "unknown-name"),
        ("{{ __builtins__ }}", "unknown-name"),
        ("{{ __import__('os') }}", "unknown-name"),
        ("{{ ''|attr('__class__') }}", "template-syntax"),
        ("{{ 1|pprint }}", "template-syntax"),
        ("{{ {}|xmlattr }}", "template-syntax"),
        ("{{ 1|counted }}", "template-syntax"),
        ("{% import 'x' as y %}", "template-syntax"),
        ("{% from 'x' import y %}", "template-syntax"),
        ("{% extends 'x' %}", "template-syntax"),
        ("{% block a %}{% endblock %}", "template-syntax"),
        ("{% autoescape true %}{% endautoescape %}", "template-syntax"),
        ("{% for x in [[]] recursive %}{{ loop(x) }}{% endfor %}", "template-syntax"),
        ("{{ self }}", "template-error"),
    ],
)
def test_a_template_has_no_more_than_the_format_gives(author: Author, template: str, code: str) -> None:
    """Functions, filters and tags of Jinja2 that lead elsewhere do not exist."""
    (finding,) = author.mistakes(template)

    assert finding.code == code


_DOUBLED = "".join("{% set a = a + a %}" for _ in range(60))
_NESTED = "".join("{% set a = [a, a] %}" for _ in range(60))
_JOINED = "".join("{% set a = a ~ a %}" for _ in range(60))


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(10 * 1000000) %}x{% endfor %}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) if false %}{% endfor %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 1000000000 * 'a' }}",
        "{{ ([1] * 1000000000)|length }}",
        "{{ 9999999999 * 9999999999 }}",
        "{{ 'a'|replace('', 'b' * 900000)|replace('b', 'c' * 900000) }}",
        "{{ ('a' * 900000).replace('a', 'b' * 900000) }}",
        "{{ (['a'] * 900000)|join('b' * 900000) }}",
        "{{ ('b' * 900000).join(['a'] * 900000) }}",
        "{{ range(100000)|map('string')|map('list')|list|length }}",
        "{% set a = 'a' %}" + _DOUBLED,
        "{% set a = ['a'] %}" + _DOUBLED,
        "{% set a = 'a' %}" + _JOINED,
        "{% set a = ['a'] %}" + _NESTED + "{{ a|string }}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for i in range(90000) %}{{ 'a' * 1000 }}{% endfor %}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ 1" + "+1" * 20000 + " }}",
        "{{ user" + ".a" * 900 + " }}",
        "{% if 1 %}" * 5000 + "{% endif %}" * 5000,
        "{{ " + "[" * 900 + "]" * 900 + " }}",
        "{{ " + "9" * 9000 + " }}",
        "{{ 1 }}" + " " * 200_000,
    ],
)
def test_too_much_work_is_refused_quickly(author: Author, template: str) -> None:
    """Long loops, long texts and deep nesting end with an error quickly."""
    start = time.perf_counter()

    (finding,) = author.mistakes(template)

    assert finding.code == "template-limit"
    assert time.perf_counter() - start < 60  # a hang, not a slow machine


@pytest.mark.parametrize(
    "template",
    [
        "{{ '" + "\\'" * 90_000,
        '{{ "\\"' * 20_000,
        "{{ '" * 40_000,
        "{{" * 90_000,
        "{%" * 90_000,
        "{#" * 90_000,
        "{% raw %}" * 20_000,
        "{% comment %}" * 15_000,
        "{{ usr }} " * 15_000,
        "{{ user." * 20_000,
        "}}" * 90_000 + "{{",
    ],
    ids=lambda template: template[:12],
)
def test_broken_tags_are_scanned_in_linear_time(author: Author, template: str) -> None:
    """Text full of openings and quotes is rejected without scanning it repeatedly."""
    start = time.perf_counter()

    author.mistakes(template)

    assert time.perf_counter() - start < 60  # a hang, not a slow machine


def test_a_slow_template_is_stopped(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is limited where no other limit applies."""
    monkeypatch.setattr("onefold.template.budget.MOST_SECONDS", 0.1)
    template = "{% set x = 'a' * 900000 %}{% for i in range(90000) %}{% if x in x %}{% endif %}{% endfor %}"

    assert author.mistake(template) == "features.yaml:11:33: the template takes too long [template-limit]"


def test_work_of_a_sensible_size_is_done(author: Author) -> None:
    """The limits are far above real projects."""
    text = author.text("{% for i in range(5000) %}{{ user.Var('x' ~ i) }},\n{% endfor %}")

    assert text.count("\n") == 5000
    assert len(author.text("{{ user.x }}, " * 2000)) == 2000 * len("__ref_1__, ")


@pytest.mark.parametrize(
    "template",
    [
        "{{ ('a' * 10000)|replace('a', 'b' * 10000) }}",
        "{{ ('a' * 10000).replace('a', 'b' * 10000) }}",
        "{{ (['a'] * 10000)|join('b' * 10000) }}",
        "{{ 'a' * 100000000 }}",
    ],
)
def test_a_large_value_is_refused_before_it_is_made(author: Author, template: str) -> None:
    """The size is computed first: a hundred megabytes are never allocated."""
    tracemalloc.start()

    (finding,) = author.mistakes(template)

    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert finding.code == "template-limit"
    assert most < 20_000_000
