"""Parses durations as the format writes them."""

from __future__ import annotations

from datetime import timedelta

_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def duration(text: str) -> timedelta:
    """A Go duration, for example ``720h0m0s``; zero or more.

    Raises:
        ValueError: If the text is not a duration.

    >>> duration("36h30m")
    datetime.timedelta(days=1, seconds=45000)
    """
    seconds, rest = 0.0, text.strip()
    if not rest:
        raise ValueError("a duration must not be empty; write for example 24h or 720h0m0s")
    while rest:
        digits = len(rest) - len(rest.lstrip("0123456789."))
        number, rest = rest[:digits], rest[digits:]
        unit = "ms" if rest.startswith("ms") else rest[:1]
        if not number or number.count(".") > 1 or unit not in _SECONDS:
            raise ValueError(f'"{text}" is not a duration; write for example 24h or 720h0m0s')
        seconds, rest = seconds + float(number) * _SECONDS[unit], rest[len(unit) :]
    try:
        return timedelta(seconds=seconds)
    except OverflowError as error:
        raise ValueError(f'"{text}" is too long') from error
