"""Resolves paths of the format to refs of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.errors import suggest
from onefold.project.spec import EntityCohortModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.plan.model import Step
    from onefold.project.spec import ProjectSpec


@dataclass(frozen=True)
class Names:
    """Refs by the paths that resolve to them, both case-insensitive."""

    refs: dict[str, str]
    packages: tuple[str, ...] = ()

    def within(self, path: str, file: str) -> str:
        """The path as a text in ``file`` means it: in a file of a package, names of the package come first."""
        package = file.partition(":")[0]
        inner = f"packages/{package}/{_plain(path)}"
        return inner if package in self.packages and inner.lower() in self.refs else path

    def ref(self, path: str) -> str | None:
        """The ref that ``path`` resolves to, or None."""
        return self.refs.get(_plain(path))

    def nearest(self, path: str) -> str:
        """A hint for a path that resolves to nothing."""
        return suggest(path, self.refs.values()) or f"available: {', '.join(sorted(set(self.refs.values())))}"


def _plain(path: str) -> str:
    return path.strip().removeprefix("~/").removeprefix("./").strip("/").lower()


def view_name(step: Step, author: str) -> str:
    """Name of the view that shows a step's rows, folded as the author dialect folds it."""
    name = step.view or step.name
    return name.upper() if author == "snowflake" else name.lower()


def names_of(project: ProjectSpec) -> Names:
    """All paths that a text may name.

    ``inputs/x``; ``<any model folder>/x`` for ``models/x``; ``<entity>/all``; ``feature_view`` of an entity or cohort;
    and the tables of vars: ``<entity>/all/var_table``, ``inputs/x/var_table``, and their columns.
    """
    refs = {f"inputs/{i.name}".lower(): f"inputs/{i.name}" for i in project.inputs}
    folders = {"models", *(f.strip("/").rsplit("/", 1)[-1].lower() for f in project.file.model_folders)}
    for model in project.models:
        refs |= {f"{folder}/{model.name.lower()}": f"models/{model.name}" for folder in folders}
    for entity in project.file.entities:
        refs[f"{entity.name}/all".lower()] = f"{entity.name}/all"
        if entity.id_stitcher is None:
            name = f"{entity.name}_default_id_stitcher"
            refs[f"models/{name}".lower()] = f"models/{name}"
    refs |= _feature_views(project)
    refs |= _var_tables(project)
    for path, target in project.aliases.items():
        # A path that is mapped to nothing resolves to itself, a disabled ref.
        refs[path] = refs.get(_plain(target), target)
    return Names(refs, tuple(project.package_roots))


def var_table_of(ref: str) -> str | None:
    """The input or cohort that owns the table of vars of a ref; None if the ref is something else."""
    return ref.removesuffix("/var_table") if ref.endswith("/var_table") else None


def column_of(ref: str) -> str | None:
    """The column of a table of vars that a ref names; None if the ref is something else."""
    owner, _, name = ref.rpartition("/")
    return name if ref.startswith("entity/") or owner.endswith("/var_table") else None


def model_type_of(ref: str, project: ProjectSpec) -> str:
    """The model type of a ref as the format's command reports it, which reports inputs as SQL models."""
    declared = next((m.model_type for m in project.models if f"models/{m.name}" == ref), None)
    if declared is not None:
        return declared
    is_input = ref.startswith("inputs/")
    if var_table_of(ref) is not None:
        return "input_var_table" if is_input else "entity_var_table"
    if column_of(ref) is not None:
        return "input_var_item" if is_input else "entity_var_item"
    if is_input:
        return "sql_template"
    if "/feature_view" in ref:
        return "feature_view"
    return "id_stitcher" if ref.startswith("models/") else "entity_cohort"


def _var_tables(project: ProjectSpec) -> dict[str, str]:
    """The paths of tables of vars, and of their columns, as the format's command accepts them.

    ``entity/<entity>/<var>`` and ``<entity>/all/<var>``; ``inputs/<input>/<var>``, ``inputs/<input>/var_table/<var>``.
    """
    found: dict[str, str] = {}
    for entity in project.file.entities:
        found[f"{entity.name}/all/var_table".lower()] = f"{entity.name}/all/var_table"
    for record in project.inputs:
        table = f"inputs/{record.name}/var_table"
        found[table.lower()] = table
        entities = (e for e in project.file.entities if any(i.entity == e.name for i in record.app_defaults.ids))
        found |= {f"{table}/{e.main_id_column}".lower(): f"{table}/{e.main_id_column}" for e in entities}
    for group in project.var_groups:
        for entry in group.vars:
            if entry.entity_var is not None and group.entity_key is not None:
                ref = f"entity/{group.entity_key}/{entry.entity_var.name.lower()}"
                found |= {ref.lower(): ref, f"{group.entity_key}/all/{entry.entity_var.name}".lower(): ref}
            elif entry.input_var is not None and entry.input_var.from_ is not None:
                source, name = _plain(entry.input_var.from_), entry.input_var.name.lower()
                own = found.get(f"{source}/var_table")
                if own is not None:
                    found |= {f"{source}/{name}": f"{own}/{name}", f"{source}/var_table/{name}": f"{own}/{name}"}
    return found


def _feature_views(project: ProjectSpec) -> dict[str, str]:
    """The paths of feature views: of each entity by main id and by id, and of each cohort by main id."""
    found: dict[str, str] = {}
    for entity in project.file.entities:
        ref = f"{entity.name}/all/feature_view"
        found |= {r.lower(): r for r in (ref, *(f"{ref}/using_{v.id}" for v in entity.feature_views.using_ids))}
    cohorts = {m.name.lower(): m for m in project.models if isinstance(m, EntityCohortModel)}
    for name, cohort in cohorts.items():
        entity_name = _entity_of(cohort, cohorts, project)
        if entity_name is not None:
            found[f"models/{name}/feature_view"] = f"{entity_name}/{cohort.name}/feature_view"
    return found


def _entity_of(cohort: EntityCohortModel, cohorts: Mapping[str, EntityCohortModel], project: ProjectSpec) -> str | None:
    """Name of the entity that a cohort belongs to; None if it cannot be determined."""
    entities = {e.name.lower(): e.name for e in project.file.entities}
    for _ in cohorts:  # a cycle of cohorts stops here; it is reported elsewhere
        if cohort.model_spec.extends is None:
            name = cohort.model_spec.entity_key or (project.file.entities[0].name if len(entities) == 1 else "")
            return entities.get(name.lower())
        folder, _, last = _plain(cohort.model_spec.extends).rpartition("/")
        if last == "all" and folder in entities:
            return entities[folder]
        parent = cohorts.get(last)
        if parent is None:
            return None
        cohort = parent
    return None
