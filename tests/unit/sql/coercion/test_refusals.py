"""Messages for texts that cannot be converted."""

from __future__ import annotations

import pytest

from onefold.engines.base import EngineError
from onefold.run.failures import failure


@pytest.mark.parametrize(
    ("message", "said", "hint"),
    [
        (
            "Could not convert string ''abc' in column \"amount\" is not a number' to DOUBLE",
            'column "amount": the text "abc" cannot be read as a number',
            "TRY_TO_NUMBER(amount)",
        ),
        (
            'invalid date field format: "\'it\'s\' in column "day" is not a date", expected format is (YYYY-MM-DD)',
            'column "day": the text "it\'s" cannot be read as a date',
            "TRY_TO_DATE(day)",
        ),
        (
            "Could not convert string ''abc' is not a boolean' to BOOL",
            'the text "abc" cannot be read as a boolean',
            "TRY_TO_BOOLEAN(...)",
        ),
    ],
)
def test_the_error_says_column_text_and_next_step(message: str, said: str, hint: str) -> None:
    """A failed conversion is reported with column and text, and the function that gives NULL instead."""
    found = failure(EngineError("value", message, "SELECT 1"), None)
    assert (found.code, found.message) == ("bad-value", said)
    assert hint in str(found.hint)
