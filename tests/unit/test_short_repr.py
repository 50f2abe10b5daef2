"""Records show themselves in a line, and as a small table in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import onefold
from onefold.audit.records import Id
from onefold.short_repr import Short

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, repr=False)
class Answer(Short):
    verdict: str
    id: Id
    lines: tuple[int, ...]
    nothing: None = None


def test_a_record_is_short_however_much_it_holds() -> None:
    """Collections are counted and long texts cut, so that a record of any size is a line."""
    found = Answer("ok" * 200, Id("user_id", "ada"), tuple(range(100_000)))

    assert "id=user_id ada, lines=100,000 of them)" in repr(found)
    assert len(repr(found)) < 200


def test_html_is_escaped() -> None:
    """What stands in data is text in a notebook, never markup."""
    page = Answer("<b>", Id("user_id", "<script>"), ())._repr_html_()

    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert page.startswith("<table>")


def test_a_project() -> None:
    """The project of this repository is a line that names it."""
    project = onefold.load(REPOSITORY)

    assert repr(project).startswith("Project(name=ecommerce_profiles, entities=user, inputs=6")
    assert len(repr(project)) < 300
    assert len(project._repr_html_()) < 1000
