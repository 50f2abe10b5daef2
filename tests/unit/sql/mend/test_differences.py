"""What is said to stay different does, and has a way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from onefold.sql.mend import KNOWN_DIFFERENCES

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("topic", "author", "answers", "instead"),
    [
        ("a JSON column as text without a path", "TO_JSON('x')::string", ("x", '"x"'), "'x'"),
    ],
)
def test_difference_is_there_and_has_a_way_round(
    topic: str, author: str, answers: tuple[object, object], instead: str, evaluate: Callable[[str], tuple[str, Any]]
) -> None:
    """A listed difference is real; the day it goes away, it leaves the list. What to write instead agrees."""
    snowflake, here = answers
    assert topic in {difference.topic for difference in KNOWN_DIFFERENCES}
    assert evaluate(author)[1] == here != snowflake
    assert evaluate(instead)[1] == snowflake
