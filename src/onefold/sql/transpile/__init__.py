"""Transpile rules: what a plain translation between dialects would change.

In: a sqlglot tree as the author wrote it. Out: a tree of the engine's own dialect that means the same, with one
answer where the author's dialect leaves the choice to the engine. Touches no database. The rules of the author's
dialect in ``MEANINGS`` run first, then ``RULES``, in the order they stand in; each sees every node once, inner nodes
first. What they leave to sqlglot is tested beside them (``tests/unit/sql``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, UnsupportedError

from onefold.sql.dialect import to_sql
from onefold.sql.positions import without_positions
from onefold.sql.transpile import (
    aggregates,
    authors,
    bigquery,
    databricks,
    deferred,
    documents,
    encodings,
    formats,
    number_formats,
    numbers,
    postgres,
    queries,
    redshift,
    regexes,
    relations,
    semistructured,
    supported,
    texts,
    times,
    unnesting,
    urls,
    values,
    windows,
)
from onefold.sql.transpile.clock import not_repeatable
from onefold.sql.transpile.differences import KNOWN_DIFFERENCES
from onefold.sql.transpile.filtering import filtered

if TYPE_CHECKING:
    from onefold.sql.dialect import EngineDialect

__all__ = ["KEPT", "KNOWN_DIFFERENCES", "MEANINGS", "RULES", "filtered", "not_repeatable", "transpile"]

Rule = Callable[[exp.Expr], exp.Expr]

MEANINGS: Mapping[str, tuple[Rule, ...]] = {
    "snowflake": (
        aggregates.estimated_counts,
        values.refused,
        supported.known,
        texts.compared_in_any_case,
        values.collations,
        regexes.flags_in_patterns,
        regexes.extracted_groups,
        queries.rows_of_tokens,
        unnesting.flattened,
        unnesting.split_rows,
        queries.recursive_queries,
        queries.rows_of_nothing,
        queries.only_now,
        queries.names_told_apart,
        relations.named_values,
        queries.places_of_columns,
        texts.lengths_kept,
        relations.pivoted,
        relations.unpivoted,
        relations.sampled,
        relations.outer_joins,
        aggregates.counted_columns,
        semistructured.meant,
        texts.documents_read,
        times.literals_are_times,
        times.times_of_day,
        times.moments_from_parts,
        times.whole_amounts,
        times.zones_of_timestamps,
        times.whole_epoch,
        times.timestamps_read,
        times.dates_stay_dates,
        numbers.wide_numbers,
        number_formats.formatted_numbers,
        formats.formatted_times,
        numbers.buckets,
        numbers.single_bits,
        numbers.distances,
        numbers.whole_places,
        number_formats.read_numbers,
        regexes.positions,
        regexes.replaced_occurrence,
        encodings.numbers_of_digests,
        encodings.short_digests,
        encodings.encoded_texts,
        encodings.checked_decodings,
        texts.blanks_trimmed,
        texts.inserted_texts,
        texts.similar_texts,
        texts.codes_of_texts,
        texts.named_uuids,
        urls.parsed_addresses,
        aggregates.frequent_values,
        aggregates.max_by_without_ties,
        aggregates.empty_not_null,
        windows.share_of_sum,
        windows.counted_from_last,
        windows.counted_events,
        deferred.texts_repeated,
    ),
    "bigquery": (
        bigquery.known_functions,
        values.refused,
        values.collations,
        bigquery.safe_functions,
        bigquery.chosen_texts,
        bigquery.kept_nulls,
        authors.chosen_items,
        authors.middle_values,
        authors.counted_rows,
        authors.escaped_patterns,
        bigquery.floating_literals,
        bigquery.formatted_casts,
        authors.week_from_one,
        bigquery.whole_units,
        bigquery.parts_of_times,
        bigquery.kept_types,
        authors.fields_of_json,
        bigquery.checked_offsets,
        bigquery.offsets_from_zero,
        bigquery.functions,
        bigquery.nothing_for_errors,
    ),
    "redshift": (
        redshift.known_functions,
        values.refused,
        values.collations,
        authors.other_names,
        authors.lists_within_group,
        authors.whole_division,
        authors.day_of_a_time,
        authors.patterns_of_similar,
        authors.escaped_patterns,
        authors.short_texts,
        authors.decimals(18, 0),
        authors.fields_of_json,
        authors.texts_of_json,
        postgres.parts_of_texts,
        redshift.weeks_from_sunday,
        redshift.names_of_parts,
        windows.share_of_sum,
        redshift.functions,
    ),
    "databricks": (
        databricks.known_functions,
        values.refused,
        values.collations,
        databricks.rows_of_lists,
        databricks.named_values,
        authors.other_names,
        databricks.plain_aggregates,
        authors.counted_rows,
        authors.counted_pairs,
        databricks.empty_lists,
        databricks.weekdays,
        authors.week_from_one,
        databricks.kept_types,
        databricks.moments,
        databricks.rounded_months,
        authors.days_are_dates,
        authors.before_the_nth,
        authors.escaped_patterns,
        authors.decimals(10, 0),
        databricks.parts_of_texts,
        databricks.texts_of_paths,
        authors.texts_of_json,
        databricks.conditions_of_lists,
        databricks.checked_positions,
        databricks.reversed_lists,
        numbers.buckets,
        databricks.functions,
        databricks.cut_off,
    ),
    "postgres": (
        postgres.known_functions,
        postgres.arrows,
        postgres.rows_of_functions,
        relations.named_values,
        authors.other_names,
        authors.mode_within_group,
        postgres.gathered_json,
        postgres.keys_of_json,
        postgres.items_appended,
        authors.whole_division,
        authors.patterns_of_similar,
        authors.escaped_patterns,
        authors.short_texts,
        authors.decimals(38, 10),
        postgres.parts_of_texts,
        postgres.first_match,
        postgres.paths_of_json,
        postgres.fractions_of_seconds,
        postgres.overlapping,
        numbers.buckets,
        postgres.functions,
    ),
}
"""What only SQL of one author dialect means, by its sqlglot name; these rules run first."""

KEPT: Mapping[str, Collection[str]] = {
    "bigquery": bigquery.FUNCTIONS,
    "databricks": databricks.FUNCTIONS,
    "postgres": postgres.FUNCTIONS,
    "redshift": redshift.FUNCTIONS,
}
"""Functions, by the author dialect, that a rule of ``MEANINGS`` reads as they were written."""

RULES: tuple[Rule, ...] = (
    relations.nearest_rows,
    values.equal_in_parentheses,
    aggregates.counted_conditions,
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


def transpile(tree: exp.Expr, author: str, engine: EngineDialect) -> exp.Expr:
    """The tree that means in the engine's SQL what ``tree`` means in the author's.

    It is written and read once, so that what comes out are the engine's own functions, one node each: a FILTER can
    be put on every aggregate (``filtered``).

    Raises:
        sqlglot.errors.UnsupportedError: The engine has no way to say it.
    """
    for rule in (*MEANINGS.get(author.lower(), ()), *RULES):
        for node in reversed(list(tree.walk())):
            changed = rule(node)
            if changed is not node:
                tree = _put(tree, node, changed)
    written = to_sql(tree, engine, pretty=False)
    try:
        return deferred.settled(without_positions(sqlglot.parse_one(written, read=engine.sqlglot)), times.FALLBACKS)
    except ParseError as error:
        raise UnsupportedError(f"it has no way to say: {written[:200]}") from error


def _put(tree: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    """The tree with ``new`` where ``old`` was."""
    if old is tree:
        return new
    old.replace(new)
    return tree
