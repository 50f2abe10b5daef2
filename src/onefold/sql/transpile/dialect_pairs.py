"""The transpile rules of each pair of author dialect and engine.

Rules are tested per pair, so a pair that is not listed is rejected, never guessed. A pair of equal dialects has no
rules: the author's SQL is already the engine's. Takes names of dialects; returns rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import UnsupportedError

from onefold.sql.transpile import (
    aggregates,
    author_dialects,
    bigquery,
    databricks,
    deferred,
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
    strings,
    supported,
    times,
    unnesting,
    urls,
    values,
    windows,
)

if TYPE_CHECKING:
    from onefold.sql.dialects import EngineDialect

Rule = Callable[[exp.Expr], exp.Expr]

_FOR_EVERY_PAIR: tuple[Rule, ...] = (aggregates.counted_conditions, aggregates.exact_distinct)

_RULES: Mapping[tuple[str, str], tuple[Rule, ...]] = {
    ("snowflake", "duckdb"): (
        aggregates.estimated_counts,
        values.unsupported_functions,
        supported.known,
        strings.compared_in_any_case,
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
        strings.lengths_kept,
        relations.pivoted,
        relations.unpivoted,
        relations.sampled,
        relations.outer_joins,
        aggregates.counted_columns,
        semistructured.meant,
        strings.documents_read,
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
        strings.blanks_trimmed,
        strings.inserted_texts,
        strings.similar_texts,
        strings.codes_of_texts,
        strings.named_uuids,
        urls.parsed_addresses,
        aggregates.frequent_values,
        aggregates.max_by_without_ties,
        aggregates.empty_not_null,
        windows.share_of_sum,
        windows.counted_from_last,
        windows.counted_events,
        deferred.texts_repeated,
        relations.nearest_rows,
        *_FOR_EVERY_PAIR,
    ),
    ("bigquery", "duckdb"): (
        bigquery.known_functions,
        values.unsupported_functions,
        values.collations,
        bigquery.safe_functions,
        bigquery.chosen_texts,
        bigquery.kept_nulls,
        author_dialects.chosen_items,
        author_dialects.middle_values,
        author_dialects.counted_rows,
        author_dialects.escaped_patterns,
        bigquery.floating_literals,
        bigquery.formatted_casts,
        author_dialects.week_from_one,
        bigquery.whole_units,
        bigquery.parts_of_times,
        bigquery.kept_types,
        author_dialects.fields_of_json,
        bigquery.checked_offsets,
        bigquery.offsets_from_zero,
        bigquery.functions,
        bigquery.nothing_for_errors,
        *_FOR_EVERY_PAIR,
    ),
    ("redshift", "duckdb"): (
        redshift.known_functions,
        values.unsupported_functions,
        values.collations,
        author_dialects.other_names,
        author_dialects.lists_within_group,
        author_dialects.whole_division,
        author_dialects.day_of_a_time,
        author_dialects.patterns_of_similar,
        author_dialects.escaped_patterns,
        author_dialects.short_texts,
        author_dialects.decimals(18, 0),
        author_dialects.fields_of_json,
        author_dialects.texts_of_json,
        postgres.parts_of_texts,
        redshift.weeks_from_sunday,
        redshift.names_of_parts,
        windows.share_of_sum,
        redshift.functions,
        *_FOR_EVERY_PAIR,
    ),
    ("databricks", "duckdb"): (
        databricks.known_functions,
        values.unsupported_functions,
        values.collations,
        databricks.rows_of_lists,
        databricks.named_values,
        author_dialects.other_names,
        databricks.plain_aggregates,
        author_dialects.counted_rows,
        author_dialects.counted_pairs,
        databricks.empty_lists,
        databricks.weekdays,
        author_dialects.week_from_one,
        databricks.kept_types,
        databricks.moments,
        databricks.rounded_months,
        author_dialects.days_are_dates,
        author_dialects.before_the_nth,
        author_dialects.escaped_patterns,
        author_dialects.decimals(10, 0),
        databricks.parts_of_texts,
        databricks.texts_of_paths,
        author_dialects.texts_of_json,
        databricks.conditions_of_lists,
        databricks.checked_positions,
        databricks.reversed_lists,
        numbers.buckets,
        databricks.functions,
        databricks.cut_off,
        *_FOR_EVERY_PAIR,
    ),
    ("postgres", "duckdb"): (
        postgres.known_functions,
        postgres.arrows,
        postgres.rows_of_functions,
        relations.named_values,
        author_dialects.other_names,
        author_dialects.mode_within_group,
        postgres.gathered_json,
        postgres.keys_of_json,
        postgres.items_appended,
        author_dialects.whole_division,
        author_dialects.patterns_of_similar,
        author_dialects.escaped_patterns,
        author_dialects.short_texts,
        author_dialects.decimals(38, 10),
        postgres.parts_of_texts,
        postgres.first_match,
        postgres.paths_of_json,
        postgres.fractions_of_seconds,
        postgres.overlapping,
        numbers.buckets,
        postgres.functions,
        *_FOR_EVERY_PAIR,
    ),
}
"""By the sqlglot names of author dialect and engine, in execution order."""

_KEPT: Mapping[tuple[str, str], Collection[str]] = {
    ("bigquery", "duckdb"): bigquery.FUNCTIONS,
    ("databricks", "duckdb"): databricks.FUNCTIONS,
    ("postgres", "duckdb"): postgres.FUNCTIONS,
    ("redshift", "duckdb"): redshift.FUNCTIONS,
}


def rules_for(author: str, engine: EngineDialect) -> tuple[Rule, ...]:
    """The transpile rules of a pair, none if both dialects are the same.

    Args:
        author: The author dialect, by its sqlglot name.
        engine: The engine that will run the SQL.

    Raises:
        sqlglot.errors.UnsupportedError: There are no tested rules for the pair.
    """
    pair = (author.lower(), engine.sqlglot)
    if pair[0] == pair[1]:
        return ()
    if pair not in _RULES:
        raise UnsupportedError(f"there are no transpile rules from {author} to {engine.name}")
    return _RULES[pair]


def functions_kept(author: str, engine: EngineDialect) -> Collection[str]:
    """Functions that a rule of the pair needs as the author wrote them, before sqlglot rewrites them."""
    return _KEPT.get((author.lower(), engine.sqlglot), ())
