"""Paths of the format -> refs of the plan. Takes a project, answers which step a path means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.errors import suggest

if TYPE_CHECKING:
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
    """The paths of all inputs and models: ``inputs/x``, and ``<any model folder>/x`` for ``models/x``."""
    refs = {f"inputs/{i.name}".lower(): f"inputs/{i.name}" for i in project.inputs}
    folders = {"models", *(f.strip("/").rsplit("/", 1)[-1].lower() for f in project.file.model_folders)}
    for model in project.models:
        refs |= {f"{folder}/{model.name.lower()}": f"models/{model.name}" for folder in folders}
    for entity in project.file.entities:
        refs[f"{entity.name}/all".lower()] = f"{entity.name}/all"
        if entity.id_stitcher is None:
            name = f"{entity.name}_default_id_stitcher"
            refs[f"models/{name}".lower()] = f"models/{name}"
    for path, target in project.aliases.items():
        # A path that is mapped to nothing means itself: a ref that takes no part.
        refs[path] = refs.get(_plain(target), target)
    return Names(refs, tuple(project.package_roots))
