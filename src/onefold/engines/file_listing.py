"""Finds the data files of the tables of a catalog folder.

Takes folders; returns a `FileTable` per table, or the reason why there is none. Lists folders, and opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMATS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".ndjson": "json",
    ".jsonl": "json",
}
"""The format of a data file by its lower-case suffix."""

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
"""Suffixes that may follow the suffix of a text file."""

READ = "csv, tsv, json, ndjson, jsonl (each also with .gz or .zst) and parquet"

_FOREIGN = {"_delta_log": "a Delta table", ".hoodie": "a Hudi table", "metadata": "an Iceberg table"}
"""Folders that mark other table formats: some of their files may no longer be part of the table."""


class UnreadableError(Exception):
    """A table of files cannot be read. The message says which file, where, and why."""


@dataclass(frozen=True)
class DataFile:
    """A data file.

    Attributes:
        path: Its path.
        format: ``csv``, ``json`` or ``parquet``.
        suffix: Suffix of the format in lower case, for example ``.tsv``.
        compression: ``none``, ``gzip`` or ``zstd``.
        keys: The Hive folders (``key=value``) that contain it, below the table's folder.
    """

    path: Path
    format: str
    suffix: str
    compression: str = "none"
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileTable:
    """The files of one table, ordered by path.

    Attributes:
        files: At least one, all of one format.
        folders: The folders that were listed to find them; none for a single file.
        keys: The names of the Hive folders, which become columns of the table.
    """

    files: tuple[DataFile, ...]
    folders: tuple[Path, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def format(self) -> str:
        """The format of all files."""
        return self.files[0].format


def data_file(path: Path) -> DataFile | None:
    """The format of a file by its name; None if such files are not read."""
    suffixes = [s.lower() for s in path.suffixes[-2:]]
    compression = COMPRESSIONS.get(suffixes[-1], "none") if suffixes else "none"
    kept = suffixes[:-1] if compression != "none" else suffixes
    if not kept or (kind := FORMATS.get(kept[-1])) is None or (kind == "parquet" and compression != "none"):
        return None
    return DataFile(path, kind, kept[-1], compression)


def table_name(path: Path) -> str:
    """The table of a file or folder in a schema's folder."""
    if path.is_dir():
        return path.name
    found = data_file(path)
    if found is None:
        return path.name.split(".")[0]
    name = path.name[: -len(path.suffix)] if found.compression != "none" else path.name
    return name[: -len(found.suffix)]


def file_table(path: Path) -> FileTable:
    """The table of a data file, or of a folder of data files.

    All files below a folder belong to the table, except those with a dot or an underscore at the start of their name or
    of their folder's name. Programs that write folders keep their own files under such names.

    Raises:
        UnreadableError: If there is an unsupported file, no file at all, or files of several formats.
    """
    if not path.is_dir():
        found = data_file(path)
        if found is None:
            raise UnreadableError(f"{path.name} has an unsupported format; supported formats: {READ}")
        return FileTable((found,))
    folders: list[Path] = []
    files = tuple(_below(path, path, folders, set()))
    if not files:
        raise UnreadableError(f"folder {path.name} has no data file; supported formats: {READ}")
    other = next((f for f in files if f.format != files[0].format), None)
    if other is not None:
        first = f"{files[0].path.relative_to(path)} is {files[0].format}"
        raise UnreadableError(f"folder {path.name}: {first}, {other.path.relative_to(path)} is {other.format}")
    for file in files:
        if file.keys != files[0].keys:
            names = f"{files[0].path.relative_to(path)} and {file.path.relative_to(path)}"
            raise UnreadableError(f"folder {path.name}: {names} are in folders with different keys")
    return FileTable(files, tuple(folders), files[0].keys)


def _below(root: Path, folder: Path, folders: list[Path], seen: set[Path]) -> Iterator[DataFile]:
    """The data files below a folder, by path."""
    real = folder.resolve()
    if real in seen:
        raise UnreadableError(f"folder {root.name}: {folder.relative_to(root)} is a link to a folder that contains it")
    folders.append(folder)
    for path in sorted(folder.iterdir()):
        is_foreign = path.name in _FOREIGN and path.is_dir()
        if is_foreign and (path.name != "metadata" or any(path.glob("*.metadata.json"))):
            message = (
                f"is {_FOREIGN[path.name]}, whose files also contain deleted rows; export its current rows as Parquet"
            )
            raise UnreadableError(f"folder {root.name} {message}")
        if path.name.startswith((".", "_")):
            continue
        if path.is_dir():
            yield from _below(root, path, folders, seen | {real})
            continue
        found = data_file(path)
        if found is None:
            hint = f"supported formats: {READ}; to ignore the file, prefix its name with _"
            raise UnreadableError(f"folder {root.name}: {path.relative_to(root)} has an unsupported format; {hint}")
        yield DataFile(path, found.format, found.suffix, found.compression, _keys(path.relative_to(root)))


def _keys(path: Path) -> tuple[str, ...]:
    parts = (part.partition("=") for part in path.parts[:-1])
    return tuple(key for key, equals, _ in parts if equals and key)
