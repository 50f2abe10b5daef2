"""Compiles all vars of an entity that read one source to one query with one scan.

Returns one row per profile that has rows in the source, with the number of the profile and a column per var, before
defaults.

    joined    the source's rows, each with the number of its profile, and with the values of other vars that are used
    row_<i>   the same with one more column, an input var; only if there are any
    windowed  the same with one column per var that has a window; only if there are any
    ...       grouped by profile; where vars differ in ``where``, each aggregate gets a FILTER
    counts_<i>, values_<i>   for a MODE, see ``value_counts``; they are joined to ``grouped``

A row belongs to the profile of its first declared id that is in the graph (format A2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.plan.model import IdStitcher
from onefold.sql.id_graph import PROFILE
from onefold.sql.identity_join import first_known, ids_named, ids_of, joined_by_ids, main_id_of, of_source
from onefold.sql.node_marks import as_id
from onefold.sql.transpile import filtered
from onefold.sql.value_counts import answer, counted_values, joined_values, some_rows, with_counts
from onefold.sql.var_table import finished
from onefold.sql.window import window
from onefold.template.references import ColumnReference, VarReference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onefold.plan.feature_steps import EntityVars, InputVar, Var
    from onefold.plan.model import IdColumn, SqlText
    from onefold.sql.relations import Relations

_KNOWN = "__known_"
_WINDOW = "__window_"
_INPUT = "__input_"
_GROUPED = "grouped"


def entity_vars_query(step: EntityVars, used: Relations) -> exp.Select:
    """One row per profile that has rows in the source."""
    known = _known_columns(step)
    rows: exp.Select = _joined(step, used, known)
    windows = [v for v in step.vars if v.window is not None]
    used_in = {name: exp.column(_KNOWN + name) for name in known}
    named = ids_named(step.source, step.entity, _texts(step), used)
    named |= {v.name.lower(): exp.column(_INPUT + v.name.lower()) for v in step.input_vars}
    used = replace(used, row_values=named)
    wheres = {v.name: used.expression(v.where, used_in) for v in step.vars if v.where is not None}
    common = _common(step.vars, wheres)
    query = exp.Select()
    query, rows_at = query.with_("joined", as_=rows, copy=False), "joined"
    for number, input_var in enumerate(step.input_vars, start=1):
        query = query.with_(f"row_{number}", as_=_with_input_var(input_var, rows_at, step, used), copy=False)
        rows_at = f"row_{number}"
    if windows:
        query = query.with_("windowed", as_=_windowed(windows, rows_at, used, used_in, common), copy=False)
        rows_at = "windowed"
    # The author may qualify columns by the name of the source.
    source = exp.alias_(exp.to_table(rows_at), source_name(step), table=True)
    found = _Values(step, used, used_in, wheres, common)
    return found.added_to(query, source)


@dataclass(frozen=True)
class _Values:
    """The aggregates of a step's vars.

    Attributes:
        used_in: The column of each other var that the step's SQL uses.
        wheres: The condition of each var that has one.
        common: The condition that all of them share.
    """

    step: EntityVars
    used: Relations
    used_in: Mapping[str, exp.Expr]
    wheres: Mapping[str, exp.Expr]
    common: exp.Expr | None

    def added_to(self, query: exp.Select, source: exp.Expr) -> exp.Select:
        """The query with a column per var, one row per profile of the rows of ``source``."""
        values = {var.name: self._value(var) for var in self.step.vars}
        counted = counted_values(values, self.wheres)
        if not counted:
            columns = [self._among_its_rows(values[v.name], v.name).as_(v.name.lower()) for v in self.step.vars]
            return self._grouped(query, columns, source)
        counts = {name: (n, each) for n, each in enumerate(counted, start=1) for name in (*each.distinct, *each.modes)}
        columns = [
            self._among_its_rows(value, name).as_(name.lower()) for name, value in values.items() if name not in counts
        ]
        every = exp.Count(this=exp.Star())
        for number, each in enumerate(counted, start=1):
            query = with_counts(query, each, number, source)
            if each.distinct and each.condition is not None and self.common is None:
                columns.append(filtered(every, each.condition).as_(some_rows(number)))
        query = query.with_(_GROUPED, as_=self._grouped(exp.Select(), columns, source), copy=False)
        query = query.select(exp.column(PROFILE, table=_GROUPED), copy=False).from_(_GROUPED, copy=False)
        for var in self.step.vars:
            name = var.name.lower()
            column: exp.Expr = exp.column(name, table=_GROUPED)
            if var.name in counts:
                number, each = counts[var.name]
                # Every profile of ``grouped`` has rows that meet the shared condition.
                each = replace(each, condition=None) if self.common is not None else each
                column = answer(each, number, var.name, _GROUPED).as_(name)
            query.select(column, copy=False)
        for number in range(1, len(counted) + 1):
            query = joined_values(query, number, _GROUPED)
        return query

    def _grouped(self, query: exp.Select, columns: Sequence[exp.Expr], source: exp.Expr) -> exp.Select:
        query = query.select(exp.column(PROFILE), *columns, copy=False).from_(source.copy(), copy=False)
        if self.common is not None:
            query = query.where(self.common.copy(), copy=False)
        return query.group_by(exp.column(PROFILE), copy=False)

    def _value(self, var: Var) -> exp.Expr:
        if var.window is not None:
            return exp.Max(this=exp.column(_WINDOW + var.name.lower()))
        value = self.used.expression(var.select, self.used_in)
        is_graph = isinstance(self.used.compiler.plan.steps[self.step.source], IdStitcher)
        return _count_of_rows(value, self.wheres.get(var.name)) if is_graph else value

    def _among_its_rows(self, value: exp.Expr, name: str) -> exp.Expr:
        """The aggregate over the rows that meet the var's where.

        A profile without such rows has no value, as if the rows had been filtered before grouping: COUNT is then null,
        not 0.
        """
        condition = self.wheres.get(name) if self.common is None else None
        if condition is None:
            return value
        some = filtered(exp.Count(this=exp.Star()), condition)
        return exp.Case().when(some > 0, filtered(value, condition, self.used.compiler.engine.aggregates))


def _count_of_rows(value: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    """COUNT(DISTINCT other_id) of one id type becomes COUNT(other_id): a graph has each id of a type once."""
    asked = value.this if isinstance(value, exp.Count) else None
    ids = asked.expressions if isinstance(asked, exp.Distinct) else []
    is_of_ids = len(ids) == 1 and isinstance(ids[0], exp.Column) and ids[0].name.lower() == "other_id"
    conditions = where.flatten() if isinstance(where, exp.And) else [where]
    is_of_one_type = any(
        isinstance(c, exp.EQ)
        and isinstance(c.this, exp.Column)
        and c.this.name.lower() == "other_id_type"
        and isinstance(c.expression, exp.Literal)
        for c in conditions
    )
    return exp.Count(this=ids[0].copy()) if is_of_ids and is_of_one_type else value


def source_name(step: EntityVars) -> str:
    """The name of the source in the author's SQL."""
    return step.source.partition("@")[0].rsplit("/", 1)[-1]


def _common(vars_: Sequence[Var], wheres: Mapping[str, exp.Expr]) -> exp.Expr | None:
    """The condition that all vars share, if they do: it then filters rows instead of aggregates."""
    if len(wheres) != len(vars_):
        return None
    texts = {condition.sql() for condition in wheres.values()}
    return next(iter(wheres.values())).copy() if len(texts) == 1 else None


def _with_input_var(var: InputVar, rows: str, step: EntityVars, used: Relations) -> exp.Select:
    """Rows with one more column: the value of an input var, computed over the rows that meet its where."""
    value = window(var, used, {}, where=True) if var.window is not None else used.expression(var.select)
    if var.where is not None:
        value = exp.Case().when(used.expression(var.where), value)
    value = finished(value, var, used, {})
    column = exp.alias_(value, _INPUT + var.name.lower())
    # The author may qualify columns by the name of the source.
    return exp.select("*", column).from_(exp.alias_(exp.to_table(rows), source_name(step), table=True))


def _windowed(
    windows: Sequence[Var], rows: str, used: Relations, used_in: Mapping[str, exp.Expr], common: exp.Expr | None
) -> exp.Select:
    """Rows with one more column per var with a window, computed over the profile's rows that meet its where."""
    query = exp.select("*").from_(rows)
    if common is not None:
        query = query.where(common.copy())
    for var in windows:
        value = window(var, used, used_in, among=[exp.column(PROFILE)], where=common is None)
        query.select(value.as_(_WINDOW + var.name.lower()), copy=False)
    return query


# --- rows with their profiles ---


def _known_columns(step: EntityVars) -> tuple[str, ...]:
    """Names of the other vars that the step's SQL uses, in a stable order."""
    texts = [t for v in step.vars for t in (v.select, v.where, *(v.window.order_by if v.window else ())) if t]
    names = {r.name.lower() for text in texts for r in text.references.values() if isinstance(r, VarReference)}
    return tuple(sorted(names))


def _joined(step: EntityVars, used: Relations, known: Sequence[str]) -> exp.Select:
    """The source's rows with the numbers of their profiles and the values of the vars in ``known``."""
    if isinstance(used.compiler.plan.steps[step.source], IdStitcher):
        profile: exp.Expr = exp.column(PROFILE, table="source")
        graph = used.graph(step.source)
        rows = graph.numbered if _names_main_id(step) else graph.members
        query = exp.select("source.*").from_(exp.alias_(rows, "source", table=True))
    else:
        query = exp.select("source.*").from_(exp.alias_(used.table(step.source), "source", table=True))
        ids = ids_of(step.source, step.entity, used)
        own = main_id_of(step.source, step.entity, used)
        if own is not None or not ids:
            query, profile = _by_main_id(query, own, step, used)
        else:
            query, profile = _with_profile(query, ids, step, used)
        query = query.select(profile.as_(PROFILE), copy=False)
        if own is not None and own.select.sql.lower() != step.main_id.lower() and _names_main_id(step):
            query = query.select(exp.column(step.main_id, table="profiles"))
        elif own is None and ids and _names_main_id(step):
            query = query.select(first_known(step.main_id, ids).as_(step.main_id))
    if step.known_vars is not None:
        table = exp.alias_(used.table(step.known_vars), "known", table=True)
        on = exp.column(PROFILE, table="known").eq(profile.copy())
        query = query.join(table, on=on, join_type="inner" if step.members_only else "left", copy=False)
        for name in known:
            query.select(exp.column(name, table="known").as_(_KNOWN + name), copy=False)
    return query


def _with_profile(
    query: exp.Select, ids: Sequence[IdColumn], step: EntityVars, used: Relations
) -> tuple[exp.Select, exp.Expr]:
    """Join the graph once per declared id; the first id that is in the graph wins."""
    graph, columns = used.graph(step.stitcher), [PROFILE]
    rows = graph.members
    if _names_main_id(step):
        rows, columns = graph.numbered, [PROFILE, step.main_id]
    is_one = len(ids) == 1
    query = joined_by_ids(query, ids, rows, columns, used, join="inner" if is_one else "left")
    profile = first_known(PROFILE, ids)
    return query if is_one else query.where(exp.not_(profile.copy().is_(exp.null()))), profile


def _by_main_id(
    query: exp.Select, own: IdColumn | None, step: EntityVars, used: Relations
) -> tuple[exp.Select, exp.Expr]:
    """Join the graph by the main id that the source has itself: the id ``own``, or a column of that name."""
    profiles = exp.alias_(used.graph(step.stitcher).profiles, "profiles", table=True)
    main_id: exp.Expr = exp.column(step.main_id, table="source")
    if own is not None:
        main_id = as_id(of_source(used.expression(own.select)))
    on = exp.column(step.main_id, table="profiles").eq(main_id)
    return query.join(profiles, on=on), exp.column(PROFILE, table="profiles")


def _names_main_id(step: EntityVars) -> bool:
    """Whether a text may read the main id of its row like a column (format A2)."""
    named = step.main_id.lower()
    return any(
        named in text.sql.lower()
        or any(isinstance(r, ColumnReference) and r.name.lower() == named for r in text.references.values())
        for text in _texts(step)
    )


def _texts(step: EntityVars) -> list[SqlText]:
    """All SQL texts of a step that may name columns of its source."""
    of_rows = [text for var in step.input_vars for text in var.texts()]
    windows = [v.window for v in step.vars if v.window is not None]
    ordered = [text for window in windows for text in (*window.partition_by, *window.order_by)]
    return [*of_rows, *(text for v in step.vars for text in (v.select, v.where) if text is not None), *ordered]
