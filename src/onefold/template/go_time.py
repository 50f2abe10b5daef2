"""Formats times with Go layouts, as templates of the format do.

Takes a UTC time and a layout, for example ``2006-01-02 15:04:05``; returns text. Reads no clock and no locale.

A layout shows how Go's reference time, Mon Jan 2 15:04:05 MST 2006, would be written:
https://pkg.go.dev/time#pkg-constants
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOON = 12

STRING_LAYOUT = "2006-01-02 15:04:05.999999999 -0700 MST"
"""The layout that Go uses by default."""

# Longest first where one name is a prefix of another. "Jan" and "Mon" are literal text before a lower-case letter
# ("Month"), and a fraction is literal text before another digit. In "_2006" the underscore is literal text.
_CHUNK = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST"
    r"|002|01|02|03|04|05|06|15|2006|_(?=2006)|__2|_2|[1-5]|PM|pm"
    r"|-07:00:00|-070000|-07:00|-0700|-07|Z07:00:00|Z070000|Z07:00|Z0700|Z07"
    r"|[.,](?:0+|9+)(?!\d)"
)


def _hour12(t: datetime) -> int:
    return t.hour % _NOON or _NOON


_PARTS: Mapping[str, Callable[[datetime], str]] = {
    "January": lambda t: _MONTHS[t.month - 1],
    "Jan": lambda t: _MONTHS[t.month - 1][:3],
    "Monday": lambda t: _DAYS[t.weekday()],
    "Mon": lambda t: _DAYS[t.weekday()][:3],
    "MST": lambda _: "UTC",
    "002": lambda t: f"{t.timetuple().tm_yday:03}",
    "__2": lambda t: f"{t.timetuple().tm_yday:3}",
    "2006": lambda t: f"{t.year:04}",
    "06": lambda t: f"{t.year % 100:02}",
    "01": lambda t: f"{t.month:02}",
    "1": lambda t: str(t.month),
    "02": lambda t: f"{t.day:02}",
    "_2": lambda t: f"{t.day:2}",
    "2": lambda t: str(t.day),
    "15": lambda t: f"{t.hour:02}",
    "03": lambda t: f"{_hour12(t):02}",
    "3": lambda t: str(_hour12(t)),
    "04": lambda t: f"{t.minute:02}",
    "4": lambda t: str(t.minute),
    "05": lambda t: f"{t.second:02}",
    "5": lambda t: str(t.second),
    "PM": lambda t: "PM" if t.hour >= _NOON else "AM",
    "pm": lambda t: "pm" if t.hour >= _NOON else "am",
}


def format_time(time: datetime, layout: str) -> str:
    """Write a UTC time as Go's ``time.Format`` does.

    Args:
        time: The time, in UTC.
        layout: The layout.

    Returns:
        The text; parts of the layout that do not belong to the reference time are copied.

    >>> from datetime import UTC, datetime
    >>> format_time(datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), "Mon Jan _2 15:04:05 2006")
    'Sat Oct 31 23:59:59 2026'
    """
    return _CHUNK.sub(lambda match: _part(time, match[0]), layout)


def _part(time: datetime, chunk: str) -> str:
    if chunk in _PARTS:
        return _PARTS[chunk](time)
    if chunk[0] in ".,":
        return _fraction(time, chunk)
    if chunk[0] == "Z":
        return "Z"
    if chunk[0] == "-":
        return "+" + chunk[1:].replace("7", "0")
    return chunk


def _fraction(time: datetime, chunk: str) -> str:
    """``.000`` keeps its digits; ``.999`` drops trailing zeros, and the point if no digit is left."""
    digits = f"{time.microsecond:06}".ljust(len(chunk) - 1, "0")[: len(chunk) - 1]
    if chunk[1] == "9":
        digits = digits.rstrip("0")
    return chunk[0] + digits if digits else ""
