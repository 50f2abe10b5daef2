"""Sums of digests are the same for the same rows, whether or not the engine's hash is signed."""

from __future__ import annotations

import duckdb
import pytest
from sqlglot import exp

from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB
from onefold.sql.statements import DIGESTS, digest_total


def total(digests: list[int]) -> int:
    rows = exp.Values(
        expressions=[exp.Tuple(expressions=[exp.Literal.number(one)]) for one in digests],
        alias=exp.TableAlias(this=exp.to_identifier("r"), columns=[exp.to_identifier("digest")]),
    )
    query = exp.select(digest_total(exp.column("digest")).as_("total")).from_(rows)
    found = duckdb.execute(render(query, DUCKDB)).fetchall()
    return found[0][0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "digests",
    [[0], [5, 7], [-5], [-5, 3], [2**63 - 1] * 3, [-(2**63)] * 5 + [1], [2**64 - 1, 2**64 - 2]],
)
def test_a_total_is_a_signed_number_of_64_bits(digests: list[int]) -> None:
    """The remainder is never negative, as in Python, for signed and unsigned digests."""
    assert total(digests) == sum(digests) % DIGESTS


def test_totals_add_up() -> None:
    """The total of all rows follows from the totals of two parts of them."""
    one, other = [-(2**63), 17, 2**63 - 1], [-3, -(2**62)]
    assert total(one + other) == (total(one) + total(other)) % DIGESTS
