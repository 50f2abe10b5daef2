"""Mend what a plain translation between dialects would change.

In: a sqlglot tree as the author wrote it. Out: a tree of the engine's own dialect that means the same, with one
answer where the author's dialect leaves the choice to the engine. Touches no database. The rules of the author's
dialect in ``MEANINGS`` run first, then ``RULES``, in the order they stand in; each sees every node once, inner nodes
first. What they leave to sqlglot is tested beside them (``tests/unit/sql``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, UnsupportedError

from onefold.sql.dialect import to_sql
from onefold.sql.mend import (
    aggregates,
    authors,
    deferred,
    documents,
    formats,
    numbers,
    relations,
    semistructured,
    texts,
    times,
    unnesting,
    values,
    windows,
)
from onefold.sql.mend.clock import not_repeatable
from onefold.sql.mend.differences import KNOWN_DIFFERENCES
from onefold.sql.mend.filtering import filtered

if TYPE_CHECKING:
    from onefold.sql.dialect import EngineDialect

__all__ = ["KNOWN_DIFFERENCES", "MEANINGS", "RULES", "filtered", "mend", "not_repeatable"]

Rule = Callable[[exp.Expr], exp.Expr]

MEANINGS: Mapping[str, tuple[Rule, ...]] = {
    "snowflake": (
        values.refused,
        unnesting.flattened,
        unnesting.split_rows,
        relations.named_values,
        texts.lengths_kept,
        relations.pivoted,
        relations.unpivoted,
        relations.sampled,
        aggregates.counted_columns,
        semistructured.meant,
        times.literals_are_times,
        times.whole_amounts,
        times.zones_of_timestamps,
        times.whole_epoch,
        times.timestamps_read,
        times.dates_stay_dates,
        formats.formatted_times,
        numbers.wide_numbers,
        numbers.buckets,
        values.first_group,
        texts.blanks_trimmed,
        aggregates.max_by_without_ties,
        aggregates.empty_not_null,
        windows.share_of_sum,
        windows.counted_events,
        deferred.texts_repeated,
    ),
    "bigquery": (
        values.refused,
        authors.chosen_items,
        authors.middle_values,
        authors.week_from_one,
        authors.days_are_dates,
    ),
    "redshift": (
        values.refused,
        authors.other_names,
        authors.lists_within_group,
        authors.whole_division,
        authors.day_of_a_time,
        authors.patterns_of_similar,
        windows.share_of_sum,
    ),
    "databricks": (
        values.refused,
        authors.other_names,
        authors.week_from_one,
        authors.short_units,
        authors.days_are_dates,
        authors.epoch_of_a_time,
        authors.before_the_nth,
    ),
    "postgres": (
        authors.other_names,
        authors.mode_within_group,
        authors.gathered_json,
        authors.whole_division,
        authors.patterns_of_similar,
        authors.first_match,
        authors.paths_of_json,
        authors.hex_digests,
        numbers.buckets,
    ),
}
"""What only SQL of one author dialect means, by its sqlglot name; these rules run first."""

RULES: tuple[Rule, ...] = (
    relations.nearest_rows,
    values.equal_in_parentheses,
    aggregates.smallest_mode,
    aggregates.smallest_any_value,
    aggregates.ordered_lists,
    aggregates.ordered_arrays,
    aggregates.exact_percentile,
    aggregates.exact_distinct,
    windows.values_without_ties,
    documents.arrows_in_parentheses,
)
"""What holds for every author dialect: one answer, and SQL that reads as it is meant."""


def mend(tree: exp.Expr, author: str, engine: EngineDialect) -> exp.Expr:
    """The tree that means in the engine's SQL what ``tree`` means in the author's.

    It is written and read once, so that what comes out are the engine's own functions, one node each: a FILTER can
    be put on every aggregate (``filtered``).

    Raises:
        sqlglot.errors.UnsupportedError: The engine has no way to say it.
    """
    for rule in (*MEANINGS.get(author.lower(), ()), *RULES):
        for node in reversed(list(tree.walk())):
            mended = rule(node)
            if mended is not node:
                tree = _put(tree, node, mended)
    written = to_sql(tree, engine, pretty=False)
    try:
        return deferred.settled(sqlglot.parse_one(written, read=engine.sqlglot), times.FALLBACKS)
    except ParseError as error:
        raise UnsupportedError(f"it has no way to say: {written[:200]}") from error


def _put(tree: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    """The tree with ``new`` where ``old`` was."""
    if old is tree:
        return new
    old.replace(new)
    return tree
