"""Charts: lengths in proportion, marks where they belong, words that do not lie on each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from onefold.audit.records import SweepPoint
from onefold.audit.threshold_sweep import Sweep
from onefold.report.charts import bar_chart, line_charts, nice_steps
from onefold.report.model import Bar, Distribution
from onefold.report.render import collapsed, number, plural, share, ticked


def line(threshold: int, excluded: int = 0, precision: float | None = None) -> SweepPoint:
    return SweepPoint(threshold, is_today=False, excluded=excluded, edges_prevented=0, ids=9, profiles=4, largest=3,
                several=1, precision=precision, recall=precision)  # fmt: skip


SWEEP = Sweep(
    kind="project", of="device", counts="user_id", variable="most", model="models/a", today=5, where="models/a.yaml:1:1",
    lines=tuple(line(t, max(0, 90 - 20 * t), 1 - t / 100) for t in range(2, 51)), unlimited=line(99, precision=0.1),
    suggested=3, reason="because",
)  # fmt: skip


def test_bars_grow_with_what_they_count() -> None:
    """A bar for more profiles is longer, one for none has no length, and each power of ten is as far as the next."""
    bars = (Bar(1, 1, 10_000), Bar(2, 2, 100), Bar(3, 3, 1), Bar(4, 4, 0))

    chart = bar_chart(Distribution(None, bars, None))

    lengths = [bar.width for bar in chart.bars]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] == 0 < lengths[-2]
    steps = {round(b.at - a.at) for a, b in pairwise(chart.ticks)}
    assert len(steps) == 1
    assert all(bar.width + chart.x < chart.width for bar in chart.bars)


def test_bars_beyond_the_bound() -> None:
    """Sizes that are all above the bound are marked, and no others."""
    bars = (Bar(5, 5, 7), Bar(6, 10, 2), Bar(11, None, 1))

    chart = bar_chart(Distribution("user_id", bars, 5))

    assert [bar.is_beyond for bar in chart.bars] == [False, True, True]
    assert [bar.label for bar in chart.bars] == ["5", "6\N{EN DASH}10", "over 10"]


def test_no_profiles() -> None:
    """A graph without profiles has an empty chart, not a broken one."""
    assert bar_chart(Distribution(None, (Bar(1, 1, 0),), None)).bars[0].width == 0


def test_today_and_suggested_are_marked() -> None:
    """Both thresholds are marked in every chart, at their places on the scale."""
    for chart in line_charts(SWEEP, "user_id"):
        marks = {m.text: m for m in chart.marks}

        assert marks.keys() == {"today 5", "suggested 3"}
        ticks = {t.text: t.at for t in chart.x_ticks}
        assert marks["today 5"].x == ticks["5"]
        assert marks["suggested 3"].x == ticks["3"]


def test_marks_do_not_lie_on_each_other() -> None:
    """The words of two marks that are close stand at different heights."""
    chart = line_charts(SWEEP, "user_id")[0]

    assert len({m.y for m in chart.marks}) == 2


def test_one_mark_where_today_is_suggested() -> None:
    """A setting that is as suggested is marked once."""
    chart = line_charts(replace(SWEEP, today=3), "user_id")[0]

    assert [m.text for m in chart.marks] == ["today 3, as suggested"]


@pytest.mark.parametrize(("known", "charts"), [(True, 4), (False, 3)])
def test_scores_only_where_the_truth_is_known(known: bool, charts: int) -> None:  # noqa: FBT001
    """Precision and recall have a chart if they are known, with a line each."""
    sweep = SWEEP if known else replace(SWEEP, unlimited=line(99), lines=tuple(line(t) for t in (2, 3, 50)))

    found = line_charts(sweep, "user_id")

    assert len(found) == charts
    assert len(found[-1].series) == (2 if known else 1)


def test_names_of_two_lines_that_end_together_are_apart() -> None:
    """Names stand where lines end, and not on each other where they end at one place."""
    one, other = line_charts(SWEEP, "user_id")[-1].series

    assert abs(one.end[1] - other.end[1]) >= 12


@pytest.mark.parametrize("most", [0, 1, 3, 7, 42, 719, 99_999, 20_000_000])
def test_axes_have_round_steps(most: int) -> None:
    """An axis begins at 0, ends at or above the greatest value, and has few steps of whole numbers."""
    steps = nice_steps(most)

    assert steps[0] == 0
    assert steps[-1] >= most
    assert len(steps) <= 6
    assert all(float(s).is_integer() for s in steps)


def test_equal_lines_are_one() -> None:
    """Thresholds that do the same are one line of the table, but for those that are marked."""
    rows = [most for most, _, _ in collapsed(replace(SWEEP, lines=tuple(line(t) for t in range(2, 11))))]

    assert rows == ["2", "3", "4", "5", "6 to 10", "any"]


def test_words_for_numbers() -> None:
    """Numbers are grouped, shares are in percent, and a share that is not quite none says so."""
    assert [number(v) for v in (13243, 2.69, 0.00012, None, "2026")] == ["13,243", "2.69", "0.00012", "", "2026"]
    assert [share(v) for v in (0.107, 0.0002, 0.0, None)] == ["10.7%", "<0.1%", "0.0%", ""]
    assert [plural(n, "id") for n in (1, 1200)] == ["1 id", "1,200 ids"]


def test_code_in_advice() -> None:
    """What stands between backticks becomes code, and everything is escaped."""
    assert ticked("set `<b>` & run") == "set <code>&lt;b&gt;</code> &amp; run"
