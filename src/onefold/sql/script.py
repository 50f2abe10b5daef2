"""Statements of the author's -> statements for the engine: ``multi_sql``, and hooks (format B4.0, B4.2).

In: a rendered text, and the step that it belongs to. Out: trees in order. They may make and change the step's own
material, temporary tables of their own, and objects that the template names by ``warehouse.ObjRef``; anything else is
refused, so that neither a source nor what is published can change. Runs nothing.
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
_MAY = "it may change {{this}}, temporary tables of its own, and what warehouse.ObjRef names"
RESERVED = ("material_", "run_registry", "material_registry", "published_registry", "publication_registry")
"""How the names of objects begin that only the engine itself makes."""
_OF_ANY_GRAPH = ("_id_history", "_migrated_anchors", "_migrated_members")
"""How names end of what outlives a run, beside a graph of this project or of an earlier state of it."""
_OF_A_GRAPH = tuple(f"_{name.lower()}" for name in (*PARTS, EDGES, ALIASES, QUARANTINE, AUDIT))
"""How names go on, after that of a graph's view, of what stands beside it."""


@dataclass(frozen=True)
class Script:
    """Statements, and what of them has no meaning on the engine.

    Attributes:
        makes_material: Whether one of them creates the step's own table.
    """

    statements: tuple[exp.Expr, ...]
    skipped: tuple[Finding, ...] = ()
    makes_material: bool = False


@dataclass
class _ScriptReader:
    """Reads the statements of one text."""

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
                message = f"{tree.key.upper()} has no meaning on {compiler.engine.name}, and is skipped"
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
            resolved.set("replace", True)  # a run that is resumed makes it again
        inner = resolved.args.get("expression")
        if isinstance(inner, exp.Query):
            used.complete(inner)
            self._remember(resolved, inner, used)
        elif isinstance(resolved, exp.Query) or used.ctes:
            used.complete(resolved)
        return resolved

    def _remember(self, tree: exp.Expr, query: exp.Query, used: Relations) -> None:
        """Keep the columns of a table that later statements may read."""
        inference, target = used.inference(), tree.find(exp.Table)
        if inference is not None and isinstance(tree, exp.Create) and target is not None and not target.db:
            self.made[target.name.lower()] = inference.shape(query)

    def _check(self, tree: exp.Expr) -> bool:
        """Refuse what may not be changed; says whether the statement creates the step's own table."""
        if isinstance(tree, exp.Query):
            return False
        if not isinstance(tree, _CHANGES):
            raise self._refused(f"{tree.key.upper()} is not run here")
        if isinstance(tree, exp.Create) and tree.kind not in {"TABLE", "VIEW"}:
            raise self._refused(f"CREATE {tree.kind} is not run here")
        found = [self._check_target(target, tree) for target in _targets(tree)]
        return any(found)

    def _check_target(self, target: exp.Table, tree: exp.Expr) -> bool:
        """Whether the statement creates the step's own table, and that is what ``target`` is."""
        creates = isinstance(tree, exp.Create)
        reference = self.text.references.get(target.name)
        if isinstance(reference, ThisReference):
            if isinstance(tree, exp.Drop) or (creates and tree.args["kind"] != "TABLE"):
                raise self._refused("the model's own material is a table, and stays one")
            return creates
        if isinstance(reference, ObjectReference):
            if self._is_of_the_engine(reference.name.lower()):
                raise self._refused(f'"{reference.name}" is made by the engine')
            return False
        if target.db or target.catalog:
            raise self._refused(f"{target.sql()} cannot be changed")
        if isinstance(tree, exp.Create) and _is_temporary(tree):
            self.temporary.add(target.name.lower())
        elif target.name.lower() not in self.temporary:
            raise self._refused(f"{target.sql()} cannot be {'made' if creates else 'changed'}")
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
        step: Whose material ``this`` is.
        relations: Makes empty relations, one for each statement.

    Raises:
        ProjectError: If it does not parse, or changes what it may not.
    """
    plan = relations().compiler.plan
    shown = frozenset((s.view or s.name).lower() for s in plan.steps.values())
    return _ScriptReader(text, step, relations, shown).read()


def material_script(step: SqlTemplate, relations: Callable[[], Relations]) -> Script:
    """The statements that make a model's table.

    Raises:
        ProjectError: As `script`, or if none of them does.
    """
    found = script(step.body, step, relations)
    if not found.makes_material:
        message = "no statement of multi_sql makes the model's table"
        hint = "one of them must be CREATE TABLE {{this}} AS ..."
        raise ProjectError(Finding("error", "no-table", message, step.body.at, hint))
    return found


def _targets(tree: exp.Expr) -> list[exp.Table]:
    """The tables that a statement makes or changes."""
    if isinstance(tree, exp.TruncateTable):
        return [t for t in tree.expressions if isinstance(t, exp.Table)]
    target = tree.args["tables"] if isinstance(tree, exp.Drop) else [tree.this]
    return [t if isinstance(t, exp.Table) else t.find(exp.Table) for t in target]


def _is_temporary(tree: exp.Create) -> bool:
    properties = tree.args.get("properties")
    return properties is not None and properties.find(exp.TemporaryProperty) is not None
