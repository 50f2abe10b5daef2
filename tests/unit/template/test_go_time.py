"""Go's time layouts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from onefold.template.go_time import format_time

MOMENT = datetime(2026, 3, 7, 5, 8, 9, 120300, tzinfo=UTC)
"""A Saturday."""


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("2006-01-02 15:04:05", "2026-03-07 05:08:09"),
        ("2006-01-02T15:04:05Z07:00", "2026-03-07T05:08:09Z"),
        ("Mon, 02 Jan 2006 15:04:05 MST", "Sat, 07 Mar 2026 05:08:09 UTC"),
        ("Monday January _2 3:4:5 PM 06", "Saturday March  7 5:8:9 AM 26"),
        ("1/2/06 03:04pm", "3/7/26 05:08am"),
        ("002 __2", "066  66"),
        ("-0700 -07:00 -07", "+0000 +00:00 +00"),
        ("15:04:05.000", "05:08:09.120"),
        ("15:04:05.999999", "05:08:09.1203"),
        ("15:04:05.999999999", "05:08:09.1203"),
        ("15:04:05,000000", "05:08:09,120300"),
        ("_2006", "_2026"),
        ("Month", "Month"),
        ("date '2006'", "date '2026'"),
        ("", ""),
    ],
)
def test_layouts(layout: str, text: str) -> None:
    """A layout shows how the reference time would be written."""
    assert format_time(MOMENT, layout) == text


@pytest.mark.parametrize(("hour", "text"), [(0, "12 AM"), (11, "11 AM"), (12, "12 PM"), (23, "11 PM")])
def test_hours_of_twelve(hour: int, text: str) -> None:
    """Midnight and noon are twelve."""
    assert format_time(MOMENT.replace(hour=hour), "3 PM") == text


def test_no_fraction_at_a_full_second() -> None:
    """Nines drop the point with the last digit, zeros keep it."""
    assert format_time(MOMENT.replace(microsecond=0), "05.999 05.000") == "09 09.000"
