"""Records show themselves in a line, and as a small table in a notebook."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pytest

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

    assert "id=user_id ada, lines=100,000 items)" in repr(found)
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


def test_what_the_api_returns_before_a_run_is_short() -> None:
    """A plan of many models, compiled or not, is a line."""
    project = onefold.load(REPOSITORY)

    assert repr(project.plan()).startswith("Plan(project=ecommerce_profiles, author=snowflake")
    for answer in (project.plan(), project.spec, project.audit()):
        assert len(repr(answer)) < 300


def test_rows_show_the_first_of_them_in_a_notebook() -> None:
    """Ten rows and twenty columns are shown of a table of any size, each value as text and never as markup."""
    wide = {f"c{number}": ["<b>", None] * 500 for number in range(50)}
    page = onefold.Rows(pa.table(wide))._repr_html_()

    assert "1,000 rows, 50 columns" in page
    assert page.count("<tr>") == 11
    assert page.count("<th>") == 20
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_rows_without_columns_show_themselves() -> None:
    """An empty table is shown as one."""
    assert "0 rows, 0 columns" in onefold.Rows(pa.table({}))._repr_html_()


@pytest.mark.parametrize("extra", ["polars", "pandas"])
def test_a_missing_extra_names_the_command_that_installs_it(
    extra: Literal["polars", "pandas"], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks for a frame of a library that is not installed is told what to type."""
    monkeypatch.setitem(sys.modules, extra, None)
    rows = onefold.Rows(pa.table({"a": [1]}))

    with pytest.raises(onefold.UsageError) as refused:
        getattr(rows, extra)()

    assert refused.value.findings[0].code == "missing-extra"
    assert refused.value.findings[0].hint == f'install it: pip install "onefold[{extra}]"'
