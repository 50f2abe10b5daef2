"""Each known difference exists, and its alternative gives the same result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from onefold.sql.transpile import KNOWN_DIFFERENCES

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("topic", "author", "answers", "instead"),
    [
        (
            "a nested object, cast to text",
            """PARSE_JSON('{"o": {"b": 1, "a": 2}}'):o::string""",
            ('{"a":2,"b":1}', '{"b":1,"a":2}'),
            """TO_JSON(PARSE_JSON('{"o": {"b": 1, "a": 2}}'):o)""",
        ),
        (
            "NULL in an array",
            "ARRAY_CONSTRUCT(1, NULL)::string",
            ("[1,undefined]", "[1,null]"),
            "REPLACE(ARRAY_CONSTRUCT(1, NULL)::string, 'null', 'undefined')",
        ),
    ],
)
def test_difference_is_there_and_has_a_way_round(
    topic: str,
    author: str,
    answers: tuple[object, object],
    instead: str,
    evaluate_typed: Callable[[str], tuple[str, Any]],
) -> None:
    """A listed difference is real; once it disappears, it must leave the list. The alternative agrees."""
    snowflake, here = answers
    assert topic in {difference.topic for difference in KNOWN_DIFFERENCES}
    assert evaluate_typed(author)[1] == here != snowflake
    assert evaluate_typed(instead)[1] == snowflake
