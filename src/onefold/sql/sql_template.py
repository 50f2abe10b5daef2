"""Compiles a SQL model to the author's query with its references resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

    from onefold.plan.model import SqlTemplate
    from onefold.sql.relations import Relations


def sql_template_query(step: SqlTemplate, used: Relations) -> exp.Query:
    """The author's query."""
    return used.query(step.body)
