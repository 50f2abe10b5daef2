"""Paths of the format -> refs of the plan. Takes a project, answers which step a path means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.errors import suggest
from onefold.project.spec import EntityCohort

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.project.spec import Project


@dataclass(frozen=True)
class Names:
    """Refs by the paths that mean them; both without regard to case."""

    refs: dict[str, str]
    packages: tuple[str, ...] = ()

    def within(self, path: str, file: str) -> str:
        """The path as a text in ``file`` means it: in a file of a package, what is the package's comes first."""
        package = file.partition(":")[0]
        inner = f"packages/{package}/{_plain(path)}"
        return inner if package in self.packages and inner.lower() in self.refs else path

    def ref(self, path: str) -> str | None:
        """The ref that ``path`` means, or None."""
        return self.refs.get(_plain(path))

    def nearest(self, path: str) -> str:
        """What to tell a user whose path means nothing."""
        return suggest(path, self.refs.values()) or f"there are: {', '.join(sorted(set(self.refs.values())))}"


def _plain(path: str) -> str:
    return path.strip().removeprefix("~/").removeprefix("./").strip("/").lower()


def names_of(project: Project) -> Names:
    """The paths of all that a text may name.

    ``inputs/x``, ``<any model folder>/x`` for ``models/x``, ``<entity>/all``, and ``<that, or a cohort>/feature_view``.
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
    for path, target in project.aliases.items():
        # A path that is mapped to nothing means itself: a ref that takes no part.
        refs[path] = refs.get(_plain(target), target)
    return Names(refs, tuple(project.package_roots))


def _feature_views(project: Project) -> dict[str, str]:
    """The paths of feature views: of each entity by main id and by id, and of each cohort by main id."""
    found: dict[str, str] = {}
    for entity in project.file.entities:
        ref = f"{entity.name}/all/feature_view"
        found |= {r.lower(): r for r in (ref, *(f"{ref}/using_{v.id}" for v in entity.feature_views.using_ids))}
    cohorts = {m.name.lower(): m for m in project.models if isinstance(m, EntityCohort)}
    for name, cohort in cohorts.items():
        entity_name = _entity_of(cohort, cohorts, project)
        if entity_name is not None:
            found[f"models/{name}/feature_view"] = f"{entity_name}/{cohort.name}/feature_view"
    return found


def _entity_of(cohort: EntityCohort, cohorts: Mapping[str, EntityCohort], project: Project) -> str | None:
    """Name of the entity that a cohort is cut from; None where that is not to be found."""
    entities = {e.name.lower(): e.name for e in project.file.entities}
    for _ in cohorts:  # a circle of cohorts ends here, and is told elsewhere
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
