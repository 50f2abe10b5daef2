"""What the report says of the sample shop, and what its page is made of; nothing here needs a browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.conftest import call
from tests.report.conftest import EVIL, QUOTES

import onefold
import onefold.starters
from onefold.cli.audit_text import as_plain
from onefold.report.html_report import MadeReport
from onefold.report.pictures import MOST_DRAWN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeTiny


MOST_BYTES = 3_000_000


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


# --- what it says ---


def test_verdict_first(made: MadeReport) -> None:
    """The planted faults make the sample shop a warning, and each remark leads to a part of the page."""
    found = made.content.conclusion

    assert found.verdict == "warn"
    assert any("link unrelated people: 2 shared accounts" in r.text for r in found.remarks)
    assert {r.section for r in found.remarks} == {"health", "bridges", "features"}
    assert found.steps[-1].command == "pb plan -m models/user_id_stitcher"


def test_sizes_count_every_profile(made: MadeReport) -> None:
    """The bars of all ids add up to the profiles, those of a type to the profiles that have any of it."""
    health = made.content.health.health

    every, *by_type = made.content.sizes

    assert sum(bar.profiles for bar in every.bars) == health.profiles
    counts = {t.id_type: t.profiles for t in health.by_type}
    assert {d.of: sum(bar.profiles for bar in d.bars) for d in by_type} == counts


def test_pictures_show_the_worst(made: MadeReport) -> None:
    """The chain of forty people is the first picture, whole: every id and every link, and its links marked."""
    first = made.content.pictures[0]

    assert first.main_id == made.content.clusters.lines[0].main_id
    assert first.drawing is not None
    assert not first.is_sampled
    assert len(first.drawing.nodes) == first.ids
    assert len(first.drawing.lines) == first.edges
    assert [n.number for n in first.drawing.nodes] == list(range(1, first.ids + 1))
    assert sum(n.is_cut for n in first.drawing.nodes) == first.articulation_points
    assert sum(line.is_bridge for line in first.drawing.lines) == first.bridges
    assert any("chains of small bridges" in reason for reason in first.why)


def test_articulation_points_of_a_picture_come_first(made: MadeReport) -> None:
    """Numbers begin with the ids that link unrelated people, the worst first."""
    for picture in made.content.pictures:
        assert picture.drawing is not None
        kinds = [n.kind is not None for n in picture.drawing.nodes]
        named = [n.persons_off for n in picture.drawing.nodes if n.kind is not None]
        assert kinds == sorted(kinds, reverse=True)
        assert named == sorted(named, reverse=True)


def test_giant_profiles_are_sampled(raised_threshold: onefold.Project) -> None:
    """Of a giant profile some ids are drawn, in one piece around its worst cut point, and it says how many are missing."""
    made = raised_threshold.report(thresholds=False)
    first = made.content.pictures[0]

    assert first.drawing is not None
    assert first.is_sampled
    assert len(first.drawing.nodes) <= MOST_DRAWN < first.ids
    hub = first.drawing.nodes[0]
    drawn = sum(1 in (line.one, line.other) for line in first.drawing.lines)
    edges = "SELECT COUNT(DISTINCT id1 || id2) AS n FROM USER_ID_STITCHER_EDGES WHERE '{}' IN (id1, id2)"
    assert hub.hidden + drawn == raised_threshold.query(edges.format(hub.id.value)).arrow["n"][0].as_py()
    assert f"<strong>{len(first.drawing.nodes)} of its {first.ids} ids are drawn</strong>" in made.html()
    reached = {1}
    for _ in first.drawing.nodes:
        reached |= {
            n for line in first.drawing.lines if {line.one, line.other} & reached for n in (line.one, line.other)
        }
    assert len(reached) == len(first.drawing.nodes)


def test_nothing_to_compare_with(made: MadeReport) -> None:
    """After the first run every profile is created, and the page says that there is nothing to compare with."""
    assert made.content.changes.is_first
    assert made.content.changes.runs[0].counts["created"] == made.content.health.health.profiles
    assert made.content.changes.since is None
    assert "there is nothing to compare with" in made.html()


def test_what_the_last_run_merged(raised_threshold: onefold.Project) -> None:
    """After a second run its merges are counted as the history has them, and the largest are named."""
    changes = raised_threshold.report(thresholds=False).content.changes

    history = "SELECT COUNT(*) AS n, SUM(ids_moved) AS ids FROM USER_ID_STITCHER_ID_HISTORY WHERE seq_no = 2"
    row = raised_threshold.query(history).arrow.to_pylist()[0]
    assert not changes.is_first
    assert [run.seq_no for run in changes.runs] == [2, 1]
    assert changes.runs[0].counts["merged"] == changes.shown_of == row["n"]
    assert changes.runs[0].ids_moved == row["ids"]
    moved = [e.ids_moved for e in changes.events]
    assert moved == sorted(moved, reverse=True)


def test_what_differs_since_the_run_before(raised_threshold: onefold.Project) -> None:
    """The page tells what a comparison of the two runs tells: how many, the largest, the links that did it, by day."""
    made = raised_threshold.report(thresholds=False, mask="none")
    since = made.content.changes.since
    found = raised_threshold.audit().diff(1, 2, top=5)

    assert since is not None
    assert (since.kinds, since.causes, since.days) == (found.kinds, found.causes, found.days[:31])
    assert [(c.kind, c.main_id, c.moved) for c in since.changes] == [
        (c.kind, c.main_id, c.moved) for c in found.changes
    ]
    merged = next(c for c in since.changes if c.kind == "merged")
    page = made.html()
    assert merged.edges
    assert f"{merged.edges[0].one.value[:8]}" in page.split('id="changes"')[1]
    assert f"Grown: the 5 of {since.count('grown'):,} profiles with the most ids moved" in page
    assert "These edges by day" in page


def test_what_differs_tells_no_values(raised_threshold: onefold.Project) -> None:
    """Keys of rows and values of features may be personal: how many differ is told, not what."""
    since = raised_threshold.report(thresholds=False).content.changes.since

    assert since is not None
    assert since.features is not None
    assert since.features.lines
    assert not any(line.examples for line in since.features.lines)
    assert {edge.sample_key for change in since.changes for edge in change.edges} == {None}


def test_features_are_measured(made: MadeReport, shop: onefold.Project) -> None:
    """Nulls, least and most of a feature are those of the view; of a text no value is told."""
    assert made.content.features is not None
    columns = {c.name: c for c in made.content.features.columns}

    row = shop.query(
        "SELECT COUNT(*) AS n, SUM(IFF(avg_order_value_usd IS NULL, 1, 0)) AS nulls, MAX(total_orders) AS most "
        "FROM USER_FEATURE_VIEW"
    ).arrow.to_pylist()[0]
    assert made.content.features.profiles == row["n"]
    assert columns["avg_order_value_usd"].nulls == row["nulls"]
    assert columns["total_orders"].most == row["most"]
    assert columns["count_user_ids"].beyond == made.content.features.broken.profiles == 3
    assert (columns["favorite_theme"].least, columns["favorite_theme"].most) == (None, None)


def test_thresholds_are_not_tried_unless_wanted(shop: onefold.Project) -> None:
    """Without thresholds the page says so, and how to get them."""
    made = shop.report(thresholds=False)

    assert made.content.thresholds is None
    assert "pb report --thresholds" in made.html()


# --- what the page is made of ---


def test_one_small_file(page: Path) -> None:
    """The page of the sample shop is one file under 3 MB that names no other."""
    text = page.read_text(encoding="utf-8")

    assert len(text.encode()) < MOST_BYTES
    tags = Tags(text)
    assert not tags.of("img", "iframe", "object", "embed", "form", "base")
    assert [link["href"] for link in tags.of("link")] == ["data:,"]
    assert all("src" not in script for script in tags.of("script"))
    assert all((a["href"] or "").startswith("#") for a in tags.of("a"))
    assert not re.search(r"@import|url\((?!#)", text)


def test_no_handlers_and_no_inline_styles(page: Path) -> None:
    """Nothing in the page needs a looser content policy."""
    for _, attributes in Tags(page.read_text(encoding="utf-8")).tags:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


def test_ids_in_the_page_are_unique_and_links_lead_to_them(page: Path) -> None:
    """Every link and every label of the page names a part that is there once."""
    tags = Tags(page.read_text(encoding="utf-8")).tags
    ids = [a["id"] for _, a in tags if "id" in a]
    wanted = {(a["href"] or "")[1:] for tag, a in tags if tag == "a"}
    wanted |= {name for _, a in tags for name in (a.get("aria-labelledby") or "").split()}

    assert len(ids) == len(set(ids))
    assert wanted <= set(ids)


def test_hostile_ids_are_text(tiny: MakeTiny, hostile_rows: str, hostile_files: dict[str, str]) -> None:
    """Ids that are HTML stand on the page as they are, and make no tag."""
    shop = tiny(hostile_rows, hostile_files)
    shop.run()
    made = onefold.load(shop.folder).report(mask="none")

    assert made.content.pictures
    tags = Tags(made.html())
    assert len(tags.of("script")) == 1
    assert not tags.of("img")
    assert EVIL not in made.html()
    assert "&lt;script&gt;document.title=&#39;owned&#39;&lt;/script&gt;" in made.html()
    assert QUOTES not in made.html()


def test_a_project_without_features_and_thresholds(
    tiny: MakeTiny, hostile_rows: str, hostile_files: dict[str, str]
) -> None:
    """What a project does not have, the page says it has not."""
    shop = tiny(hostile_rows, hostile_files)
    shop.run()
    made = onefold.load(shop.folder).report()

    assert made.content.features is None
    assert "No features of user are published." in made.html()


def test_masked(shop: onefold.Project, made: MadeReport) -> None:
    """Masked, no id of a picture stands on the page; unmasked they do, and the page says which."""
    assert made.content.pictures[0].drawing is not None
    ids = [n.id.value for n in made.content.pictures[0].drawing.nodes]
    hidden = shop.report(mask="all", thresholds=False).html()

    assert not [i for i in ids if i in hidden]
    assert "All ids are masked" in hidden
    assert all(i in made.html() for i in ids)
    assert "Ids that look like emails are masked" in made.html()


def test_emails_are_masked_unless_asked_for(tiny: MakeTiny, hostile_files: dict[str, str]) -> None:
    """Emails are on no page by default, and on the page that is asked for them."""
    rows = ", ".join(f"('u{n}', 'desk@shop.example'), ('u{n}', 'p{n}@home.example')" for n in range(9))
    shop = tiny(f"CREATE TABLE logins AS SELECT * FROM (VALUES {rows}) v(user_id, email);", hostile_files)
    shop.run()
    project = onefold.load(shop.folder)

    assert "desk@shop.example" not in project.report().html()
    assert "desk@shop.example" in project.report(mask="none").html()


# --- the command ---


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """The minimal project, run."""
    folder = tmp_path / "small"
    onefold.starters.start("minimal", folder)
    onefold.load(folder).run()
    return folder


def test_pb_report(ran: Path) -> None:
    """The command says on stdout where the file is, on stderr its verdict; a second time it replaces the file."""
    for _ in range(2):
        done = call(ran, "report")

        assert (done.code, done.out.strip()) == (0, str((ran / "output/report.html").resolve()))
        assert re.match(r"(pass|warn|fail): ", done.err)
    assert [p.name for p in (ran / "output").glob("*report*")] == ["report.html"]


def test_pb_report_to_a_file(ran: Path) -> None:
    """-o names the file, whose folder is made."""
    done = call(ran, "report", "-o", "for/meeting.html", "--mask")

    assert done.code == 0
    assert (ran / "for/meeting.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_pb_report_as_json(ran: Path) -> None:
    """--json prints what the page shows, and writes no file."""
    done = call(ran, "report", "--json")

    found: dict[str, Any] = json.loads(done.out)
    assert done.code == 0
    expected = as_plain(onefold.load(ran).report().content)
    assert {k: v for k, v in found.items() if k != "about"} == {k: v for k, v in expected.items() if k != "about"}
    assert not (ran / "output/report.html").exists()


def test_pb_report_before_a_run(pb: Any) -> None:
    """Without a run it says what to do, and writes nothing."""
    done = pb("report")

    assert done.code == 1
    assert "pb run" in done.err


def test_pb_report_where_nothing_can_be_written(ran: Path) -> None:
    """A path that cannot be written is told in one sentence."""
    (ran / "taken").write_text("")

    done = call(ran, "report", "-o", "taken/report.html")

    assert done.code == 1
    assert "error: cannot write report.html: there is a file where a folder is needed" in done.err
    assert "at: taken/report.html" in done.err


def test_marks_of_the_reading_direction_are_escaped(made: MadeReport) -> None:
    """An id cannot turn the reading direction of the page, nor fill it."""
    hostile = replace(made.content, about=replace(made.content.about, project="abc\u202ecba " + "x" * 80_000))
    page = MadeReport(hostile, "none").html()
    assert "\u202e" not in page
    assert "abc\\u202ecba" in page
    assert "x" * 1000 not in page
