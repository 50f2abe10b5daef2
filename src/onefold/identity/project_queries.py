"""The queries of a stitcher that depend on the project: edge sources, id filters and id rules.

Takes the step and a compiler. Returns a `ProjectQueries`, which a run executes and `pb compile` shows. These queries
contain all SQL of the author, so mistakes in it are found before the run. Runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.identity.read.file_states import source_files
from onefold.identity.read.queries import source_query
from onefold.identity.rules import constraint_queries as constraints
from onefold.identity.rules.id_filter_queries import excluded_query, has_lists, lists_query
from onefold.identity.sql_files import NamedQuery, on_relations, sql
from onefold.plan.model import InputStep
from onefold.sql.compile import relations
from onefold.sql.dialects import render

if TYPE_CHECKING:
    from sqlglot import exp

    from onefold.identity.read.file_states import SourceFiles
    from onefold.plan.model import IdStitcher
    from onefold.sql.dialects import EngineDialect
    from onefold.sql.relations import Compiler


@dataclass(frozen=True)
class SourceQueries:
    """One edge source.

    Attributes:
        number: Its number.
        rows: Its rows with ids (`source_query`).
        is_input: Whether it is a table, which is cheaper to read twice than to store. A model may be expensive.
        files: Its data files, if its rows depend on nothing else.
    """

    number: int
    rows: exp.Select
    is_input: bool
    files: SourceFiles | None


@dataclass(frozen=True)
class ProjectQueries:
    """The queries of a stitcher.

    Attributes:
        sources: Its edge sources.
        lists: Temporary tables for SQL filters and id rules, in running order; empty without these.
        excluded: Finds the excluded ids (`excluded_query`).
        model_hash: The hash of the stitcher's definition.
        dialect: The dialect of the engine.
    """

    sources: tuple[SourceQueries, ...]
    lists: tuple[NamedQuery, ...]
    excluded: NamedQuery
    model_hash: str
    dialect: EngineDialect

    @property
    def has_lists(self) -> bool:
        """Whether SQL filters or id rules decide which ids are excluded."""
        return bool(self.lists)

    def statements(self) -> tuple[tuple[str, str], ...]:
        """(name, query) pairs in running order, for display."""
        rows = (NamedQuery(f"rows_of_source_{source.number + 1}", source.rows) for source in self.sources)
        queries = (*self.lists, *rows, self.excluded)
        return tuple((query.name.replace("_", " "), render(query.tree, self.dialect)) for query in queries)


def project_queries(step: IdStitcher, compiler: Compiler) -> ProjectQueries:
    """The queries of a stitcher that depend on the project.

    Args:
        step: The stitcher.
        compiler: Names the tables of the edge sources.

    Raises:
        ProjectError: If SQL of the author does not parse.
    """
    used = relations(compiler)
    excluded = used.complete(excluded_query(step, used, has_lists=True))
    return ProjectQueries(
        tuple(_source(step, number, compiler) for number in range(len(step.sources))),
        _lists(step, compiler),
        NamedQuery("excluded_ids", excluded),
        compiler.plan.fingerprints[step.ref],
        compiler.engine,
    )


def _source(step: IdStitcher, number: int, compiler: Compiler) -> SourceQueries:
    used = relations(compiler)
    rows = used.complete(source_query(step, number, used))
    is_input = isinstance(compiler.plan.steps[step.sources[number].source], InputStep)
    return SourceQueries(number, rows, is_input, source_files(step, number, compiler))


def _lists(step: IdStitcher, compiler: Compiler) -> tuple[NamedQuery, ...]:
    """The effective id rules, and the ids that SQL filters list."""
    found = []
    if step.id_rules is not None:
        found.append(NamedQuery("rules", constraints.rules_query(step, compiler.plan.author)))
        found.append(NamedQuery("node_rules", on_relations(sql("rules/node_rules").tree)))
    if has_lists(step):
        used = relations(compiler)
        found.append(NamedQuery("lists_now", used.complete(lists_query(step, used))))
    return tuple(found)
