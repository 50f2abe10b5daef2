"""Finds the folder of a package's url: a local folder, or a cached copy of a git repository.

Runs the user's own ``git``, which has the user's credentials; never a shell, and never a prompt. Cached tags and
commits are not fetched again. Branches are; offline, their last copy is used.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError

if TYPE_CHECKING:
    from onefold.project import spec

NATIVE_SCHEMA = 99
"""The schema version that ``{{best_schema_version}}`` in a tag stands for, or the nearest below."""

_TIME_LIMIT = 120
_BEST = "{{best_schema_version}}"
_REMOTE = re.compile(r"(?P<host>https?://[^/]+/|ssh://[^/]+/|git@[^:/]+[:/]|file://)(?P<path>.+)")
_COMMIT = re.compile(r"[0-9a-fA-F]{7,40}")


@dataclass(frozen=True)
class _Remote:
    """The parts of a git url.

    Attributes:
        repository: The url for git.
        kind: ``tree``, ``tag`` or ``commit``; None for the default branch.
        revision: Name of the branch or tag, or the commit.
        folder: Path within the repository.
    """

    repository: str
    kind: str | None
    revision: str
    folder: str


def package_folder(package: spec.Package, root: Path, cache: Path | None = None) -> Path:
    """The folder of a package.

    Args:
        package: The package as declared.
        root: Folder of the project, to which relative urls refer.
        cache: Folder for copies of repositories; by default in the user's cache folder.

    Raises:
        ProjectError: If there is no such folder, or git cannot fetch it.
    """
    if package.url.strip().lower().startswith("s3://"):
        hint = "copy it to a local folder, for example with `aws s3 sync`, and use that path"
        raise ProjectError(_problem(package, "this version cannot fetch packages from S3", hint))
    remote = _taken_apart(package.url)
    if remote is None:
        folder = (root / Path(package.url).expanduser()).resolve()
    else:
        copy = _Copies(cache or _default_cache(), package).of(remote)
        folder = (copy / remote.folder).resolve()
        if not folder.is_relative_to(copy.resolve()):
            raise ProjectError(_problem(package, "its path leads out of the repository", "fix the url"))
    if not (folder / "pb_project.yaml").is_file():
        raise ProjectError(_problem(package, "there is no pb_project.yaml", "use the folder of a project"))
    return folder


def _problem(package: spec.Package, what: str, hint: str) -> Finding:
    return Finding("error", "no-package", f'package "{package.name}": {what}', package.at.value("url"), hint)


def _default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "onefold" / "packages"


def _taken_apart(url: str) -> _Remote | None:
    """A git url as host, repository, revision and folder; None for a path."""
    found = _REMOTE.fullmatch(url.strip())
    if found is None:
        return None
    parts = found["path"].strip("/").split("/")
    ends = next((n for n, part in enumerate(parts, start=1) if part.endswith(".git")), 2)
    lead = "/" if found["host"] == "file://" else ""
    repository, rest = found["host"] + lead + "/".join(parts[:ends]), parts[ends:]
    if len(rest) > 1 and rest[0] in {"tree", "tag", "commit"}:
        return _Remote(repository, rest[0], rest[1], "/".join(rest[2:]))
    return _Remote(repository, None, "", "/".join(rest))


@dataclass(frozen=True)
class _Copies:
    """Copies of repositories in a cache."""

    cache: Path
    package: spec.Package

    def of(self, remote: _Remote) -> Path:
        """The copy of one revision; fetched unless it is cached and cannot change."""
        revision = remote.revision
        if _BEST in revision:
            revision = self._best(remote)
        name = hashlib.sha256(f"{remote.repository} {remote.kind} {revision}".encode()).hexdigest()[:24]
        copy = self.cache / name
        if copy.is_dir() and remote.kind in {"tag", "commit"}:
            return copy
        try:
            self._fetch(remote, revision, copy)
        except ProjectError:
            if not copy.is_dir():
                raise
        return copy

    def _fetch(self, remote: _Remote, revision: str, copy: Path) -> None:
        self.cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=self.cache))
        try:
            wanted = revision or "HEAD"
            if remote.kind == "commit" and not _COMMIT.fullmatch(revision):
                raise ProjectError(_problem(self.package, f'"{revision}" is not a commit', "use its hexadecimal hash"))
            if remote.kind in {"tree", "tag"}:
                wanted = f"refs/{'heads' if remote.kind == 'tree' else 'tags'}/{revision}"
            self._git("init", "--quiet", "--", str(fresh))
            self._git("-C", str(fresh), "fetch", "--quiet", "--depth", "1", "--", remote.repository, wanted)
            self._git("-C", str(fresh), "checkout", "--quiet", "FETCH_HEAD")
            shutil.rmtree(copy, ignore_errors=True)
            fresh.rename(copy)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _best(self, remote: _Remote) -> str:
        """The tag of the newest schema version that is supported."""
        listed = self._git("ls-remote", "--tags", "--", remote.repository)
        pattern = re.compile(r"refs/tags/(" + r"(\d+)".join(map(re.escape, remote.revision.split(_BEST))) + r")")
        found = [(int(m[2]), m[1]) for line in listed.splitlines() if (m := pattern.fullmatch(line.split("\t")[-1]))]
        fitting = [f for f in found if f[0] <= NATIVE_SCHEMA]
        if not fitting:
            raise ProjectError(_problem(self.package, "no tag matches best_schema_version", "use a tag that exists"))
        return max(fitting)[1]

    def _git(self, *arguments: str) -> str:
        """Run git; it never prompts, and runs no code from the repository."""
        quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -oBatchMode=yes", "LC_ALL": "C"}
        command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", *arguments]
        try:
            done = subprocess.run(  # noqa: S603 - a list of arguments, none of which can be an option
                command, env={**os.environ, **quiet}, capture_output=True, text=True, timeout=_TIME_LIMIT, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ProjectError(_problem(self.package, f"cannot run git: {type(error).__name__}", "")) from error
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["git failed"]
            said = next((line for line in lines if line.startswith("fatal: ")), lines[-1]).removeprefix("fatal: ")
            # A url may contain a password, so messages of git are not repeated.
            said = re.sub(r"//[^/@\s]+@", "//", said)
            raise ProjectError(
                _problem(self.package, said, "check the url, and that you can fetch it with `git fetch`")
            )
        return done.stdout
