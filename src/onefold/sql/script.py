"""Compiles the author's statements for the engine: ``multi_sql``, and hooks (format B4.0, B4.2).

Takes a rendered text and its step; returns trees in order. The statements may create and change the step's own
material, their own temporary tables, and objects that the template names by ``warehouse.ObjRef``. Everything else is
rejected, so that neither a source nor a published view can change. Runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.errors import Finding, ProjectError
from onefold.plan.model import IdStitcher
from onefold.sql.author import parse_statements
from onefold.sql.id_graph import ALIASES, AUDIT, EDGES, PARTS, QUARANTINE
from onefold.template.references import ObjectReference, ThisReference

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.plan.model import SqlTemplate, SqlText, Step
    from onefold.sql.relations import Relations
    from onefold.sql.types import Shape

_CHANGES = (exp.Create, exp.Insert, exp.Update, exp.Delete, exp.Drop, exp.Merge, exp.TruncateTable)
_WITHOUT_MEANING = (exp.Grant, exp.Revoke)
_MAY = "allowed are changes of {{this}}, of its own temporary tables, and of objects from warehouse.ObjRef"
RESERVED = ("material_", "run_registry", "material_registry", "published_registry", "publication_registry")
"""Prefixes of objects that only the engine creates."""
_OF_ANY_GRAPH = ("_id_history", "_migrated_anchors", "_migrated_members")
"""Suffixes of objects that outlive a run, next to a graph of this project or of an earlier state of it."""
_OF_A_GRAPH = tuple(f"_{name.lower()}" for name in (*PARTS, EDGES, ALIASES, QUARANTINE, AUDIT))
"""Continuations of a graph view's name, for the objects next to it."""


@dataclass(frozen=True)
class Script:
    """Statements, and which of them have no effect on the engine.

    Attributes:
        makes_material: Whether one of them creates the step's own table.
    """

    statements: tuple[exp.Expr, ...]
    skipped: tuple[Finding, ...] = ()
    makes_material: bool = False


@dataclass
class _ScriptReader:
    """Compiles the statements of one text."""

    text: SqlText
    step: Step
    relations: Callable[[], Relations]
    shown: frozenset[str]
    temporary: set[str] = field(default_factory=set)
    made: dict[str, Shape] = field(default_factory=dict)

    def read(self) -> Script:
        compiler = self.relations().compiler
        trees = parse_statements(self.text.sql, compiler.plan.author, compiler.engine, self.text.at)
        statements, skipped, makes = [], [], False
        for tree in trees:
            if isinstance(tree, _WITHOUT_MEANING):
                message = f"{tree.key.upper()} has no effect on {compiler.engine.name} and is skipped"
                skipped.append(Finding("warning", "skipped-statement", message, self.text.at))
                continue
            makes |= self._check(tree)
            statements.append(self._resolved(tree))
        return Script(tuple(statements), tuple(skipped), makes)

    def _resolved(self, tree: exp.Expr) -> exp.Expr:
        used = self.relations()
        used.this, used.grain, used.made = self.step.ref, self.step.grain, self.made
        resolved = used.resolve(tree, self.text, {})
        if isinstance(resolved, exp.Create) and resolved.kind in {"TABLE", "VIEW"} and not resolved.args.get("exists"):
            resolved.set("replace", True)  # a resumed run creates it again
        inner = resolved.args.get("expression")
        if isinstance(inner, exp.Query):
            used.complete(inner)
            self._remember(resolved, inner, used)
        elif isinstance(resolved, exp.Query) or used.ctes:
            used.complete(resolved)
        return resolved

    def _remember(self, tree: exp.Expr, query: exp.Query, used: Relations) -> None:
        """Record the columns of a table that later statements may read."""
        inference, target = used.inference(), tree.find(exp.Table)
        if inference is not None and isinstance(tree, exp.Create) and target is not None and not target.db:
            self.made[target.name.lower()] = inference.shape(query)

    def _check(self, tree: exp.Expr) -> bool:
        """Reject forbidden changes; returns whether the statement creates the step's own table."""
        if isinstance(tree, exp.Query):
            return False
        if not isinstance(tree, _CHANGES):
            raise self._refused(f"{tree.key.upper()} is not allowed here")
        if isinstance(tree, exp.Create) and tree.kind not in {"TABLE", "VIEW"}:
            raise self._refused(f"CREATE {tree.kind} is not allowed here")
        found = [self._check_target(target, tree) for target in _targets(tree)]
        return any(found)

    def _check_target(self, target: exp.Table, tree: exp.Expr) -> bool:
        """Whether the statement creates the step's own table, and ``target`` is that table."""
        creates = isinstance(tree, exp.Create)
        reference = self.text.references.get(target.name)
        if isinstance(reference, ThisReference):
            if isinstance(tree, exp.Drop) or (creates and tree.args["kind"] != "TABLE"):
                raise self._refused("the model's own material must stay a table")
            return creates
        if isinstance(reference, ObjectReference):
            if self._is_of_the_engine(reference.name.lower()):
                raise self._refused(f'"{reference.name}" is managed by onefold')
            return False
        if target.db or target.catalog:
            raise self._refused(f"{target.sql()} cannot be changed")
        if isinstance(tree, exp.Create) and _is_temporary(tree):
            self.temporary.add(target.name.lower())
        elif target.name.lower() not in self.temporary:
            raise self._refused(f"{target.sql()} cannot be {'created' if creates else 'changed'}")
        return False

    def _is_of_the_engine(self, name: str) -> bool:
        steps = self.relations().compiler.plan.steps.values()
        graphs = [(s.view or s.name).lower() for s in steps if isinstance(s, IdStitcher)]
        beside = any(name.startswith(g) and name.removeprefix(g) in _OF_A_GRAPH for g in graphs)
        return name.startswith(RESERVED) or name.endswith(_OF_ANY_GRAPH) or beside or name in self.shown

    def _refused(self, message: str) -> ProjectError:
        return ProjectError(Finding("error", "not-allowed", message, self.text.at, _MAY))


def script(text: SqlText, step: Step, relations: Callable[[], Relations]) -> Script:
    """The statements of a text.

    Args:
        text: Rendered.
        step: The step whose material ``this`` is.
        relations: Creates empty relations, one set per statement.

    Raises:
        ProjectError: If it does not parse, or makes a forbidden change.
    """
    plan = relations().compiler.plan
    shown = frozenset((s.view or s.name).lower() for s in plan.steps.values())
    return _ScriptReader(text, step, relations, shown).read()


def material_script(step: SqlTemplate, relations: Callable[[], Relations]) -> Script:
    """The statements that create a model's table.

    Raises:
        ProjectError: As for `script`, or if none of them creates the table.
    """
    found = script(step.body, step, relations)
    if not found.makes_material:
        message = "no statement of multi_sql creates the model's table"
        hint = "one of them must be CREATE TABLE {{this}} AS ..."
        raise ProjectError(Finding("error", "no-table", message, step.body.at, hint))
    return found


def _targets(tree: exp.Expr) -> list[exp.Table]:
    """The tables that a statement creates or changes."""
    if isinstance(tree, exp.TruncateTable):
        return [t for t in tree.expressions if isinstance(t, exp.Table)]
    target = tree.args["tables"] if isinstance(tree, exp.Drop) else [tree.this]
    return [t if isinstance(t, exp.Table) else t.find(exp.Table) for t in target]


def _is_temporary(tree: exp.Create) -> bool:
    properties = tree.args.get("properties")
    return properties is not None and properties.find(exp.TemporaryProperty) is not None
