from __future__ import annotations

from pathlib import Path

import pytest

from onefold.template.assigned import assignments, with_values

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% set a = 5 %}", [("a", "5", 1, 12)]),
        ("x\n  {%- set  a=5 -%}{% set b = [1, 2] %}", [("a", "5", 2, 14), ("b", "[1, 2]", 2, 30)]),
        ("{# {% set a = 1 %} #}{% comment %}{% set a = 1 %}{% endcomment %}", []),
        ('{% raw %}{% set a = 1 %}{% endraw %}{% set a = "%}" %}', [("a", '"%}"', 1, 48)]),
        ("{% set a %}text{% endset %}{{ a == 1 }}", []),
        ("{% if a == 1 %}{% set a = 2 %}{% endif %}", [("a", "2", 1, 27)]),
    ],
)  # fmt: skip
def test_assignments(text: str, found: list[tuple[str, str, int, int]]) -> None:
    """Each value is found with its location; a template without assignments has none."""
    assert [(a.name, a.value, a.line, a.column) for a in assignments(text)] == found
    for assignment in assignments(text):
        assert text[assignment.start :].startswith(assignment.value)


def test_with_values() -> None:
    """Only the named values change; lines stay the same."""
    text = "{% set a = 5 %}\n{% set b = 20 -%}\n{{ a }}"

    changed = with_values(text, {"b": 1_000_000, "c": 3})

    assert changed == "{% set a = 5 %}\n{% set b = 1000000 -%}\n{{ a }}"


def test_own_thresholds() -> None:
    """The two thresholds of the e-commerce project are found."""
    text = (REPOSITORY / "models/sql_models.yaml").read_text()

    names = [(a.name, a.value) for a in assignments(text)]

    assert names == [("max_users_per_anonymous_id", "5"), ("max_anonymous_ids_per_user", "20")]
