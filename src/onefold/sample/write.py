"""Writes Parquet files in pieces, with reproducible bytes.

Takes tables; writes files into a new folder, which replaces the old one when it is complete. Never touches a folder
with other content than its own.
"""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.errors import AccessError, Finding, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

_LEVEL = 15
_ROWS_PER_GROUP = 1 << 20


class Folder:
    """A folder of Parquet files that is being written. A context manager: only a complete folder replaces the old one.

    Args:
        path: The folder to create.
        own: Paths of the files that an earlier folder may contain, relative to it.

    Attributes:
        rows: Rows appended so far, by file.

    Raises:
        UsageError: If ``path`` is a file, or contains files that are not ``own``.
        AccessError: If something cannot be written.
    """

    def __init__(self, path: Path, own: AbstractSet[str]) -> None:
        # Absolute, so that "." has a name. Symbolic links are kept, and their targets are replaced.
        self._path = path.resolve()
        self._own = own
        self._temporary = self._path.with_name(f".{self._path.name}.part")
        self._old = self._path.with_name(f".{self._path.name}.old")
        self._writers: dict[str, pq.ParquetWriter] = {}
        self.rows: dict[str, int] = {}

    def __enter__(self) -> Self:
        with self._writing():
            if self._old.exists() and not self._path.exists():
                # An earlier run was killed between its two renames.
                self._old.rename(self._path)
            self._refuse_foreign_files()
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary.mkdir(parents=True)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._discard()
            return
        try:
            with self._writing():
                for writer in self._writers.values():
                    writer.close()
                self._refuse_foreign_files()
                self._swap()
        except BaseException:
            self._discard()
            raise

    def append(self, name: str, table: pa.Table) -> None:
        """Add rows to the file ``name``, for example ``WAREHOUSE/ANALYTICS/DIM_DESIGNS``."""
        with self._writing():
            if name not in self._writers:
                path = self._temporary / f"{name}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                self._writers[name] = _writer(path, table.schema)
            self._writers[name].write_table(table, row_group_size=_ROWS_PER_GROUP)
        self.rows[name] = self.rows.get(name, 0) + table.num_rows

    def text(self, name: str, text: str) -> None:
        """Write a text file."""
        with self._writing():
            (self._temporary / name).write_text(text, encoding="utf-8", newline="\n")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or type(error).__name__
            hint = "check the free space and the permissions of the folder; the previous content is unchanged"
            message = f'cannot write "{self._path.name}": {why}'
            raise AccessError(Finding("error", "cannot-write", message, None, hint)) from error

    def _refuse_foreign_files(self) -> None:
        if self._path.is_file():
            raise _not_ours(self._path.name, "is a file")
        if not self._path.exists():
            return
        # The first file is enough: the folder may be someone's home.
        foreign_files = (p for p in self._path.rglob("*") if p.is_symlink() or not p.is_dir())
        names = (p.relative_to(self._path).as_posix() for p in foreign_files)
        foreign = next((name for name in names if name not in self._own), None)
        if foreign is not None:
            raise _not_ours(self._path.name, f'contains other files, for example "{foreign}"')

    def _swap(self) -> None:
        shutil.rmtree(self._old, ignore_errors=True)
        if self._path.exists():
            self._path.rename(self._old)
        try:
            self._temporary.rename(self._path)
        except BaseException:
            if self._old.exists():
                self._old.rename(self._path)
            raise
        shutil.rmtree(self._old, ignore_errors=True)

    def _discard(self) -> None:
        for writer in self._writers.values():
            # The first error is the one to report.
            with contextlib.suppress(OSError, pa.ArrowException):
                writer.close()
        shutil.rmtree(self._temporary, ignore_errors=True)


def _not_ours(name: str, why: str) -> UsageError:
    hint = "choose a folder that does not exist yet, or move these files away"
    return UsageError(Finding("error", "not-a-shop", f'"{name}" would be replaced, but it {why}', None, hint))


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer whose files have half the size of those with default settings.

    Sorted times are stored byte by byte, numbered ids as differences, repeated texts as dictionaries.
    """
    numbered = {"id", "order_id", "order_item_id"}
    encodings = {f.name: "BYTE_STREAM_SPLIT" for f in schema if pa.types.is_timestamp(f.type)}
    encodings |= {f.name: "DELTA_BYTE_ARRAY" for f in schema if f.name in numbered}
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=_LEVEL,
        version="2.6",
        use_dictionary=[f.name for f in schema if f.name not in encodings],
        column_encoding=encodings,
        write_statistics=True,
        store_schema=True,
    )
