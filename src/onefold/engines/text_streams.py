"""Reads the beginning of a text file, and checks whether a compressed one is complete."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import IO, TYPE_CHECKING, Any

from onefold.engines.file_listing import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.engines.file_listing import DataFile

_ZSTD_FRAME, _ZSTD_SKIPPED = 0xFD2FB528, range(0x184D2A50, 0x184D2A60)
_RAW_OF_ONE_BYTE, _RESERVED = 1, 3
_GZIP = b"\x1f\x8b"

READ_FAULTS = (OSError, EOFError, zlib.error)
"""Errors that reading a stream from `opened` may raise."""


def opened(file: DataFile) -> IO[str]:
    """The text of a file, decompressed, without a byte order mark; line ends are kept.

    Bytes that are not UTF-8 become lone surrogates; see `is_utf8`.

    Raises:
        OSError: If it cannot be opened.
    """
    if file.compression == "gzip":
        raw: Any = gzip.GzipFile(file.path)
    elif file.compression == "zstd":
        import pyarrow as pa  # noqa: PLC0415 - such files are rare

        raw = pa.CompressedInputStream(pa.OSFile(str(file.path)), "zstd")
    else:
        raw = file.path.open("rb")
    return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")


def is_utf8(text: str) -> bool:
    """Whether all bytes of a text from `opened` were UTF-8."""
    return not any("\udc80" <= c <= "\udcff" for c in text)


def check_whole(file: DataFile) -> None:
    """Check for the end of a zstd file: DuckDB reads a truncated one as if it were complete.

    Raises:
        UnreadableError: If it is truncated, or not a zstd file.
        OSError: If it cannot be opened.
    """
    if file.compression == "none":
        with file.path.open("rb") as raw:
            if raw.read(2) == _GZIP:
                raise UnreadableError(f"{file.path.name} is compressed with gzip; rename it to {file.path.name}.gz")
    if file.compression != "zstd":
        return
    with file.path.open("rb") as raw:
        size = raw.seek(0, io.SEEK_END)
        raw.seek(0)
        end = 0
        for end in _zstd_frames(raw):
            if end > size:
                break
        if end != size:
            raise UnreadableError(f"{file.path.name} is truncated: its zstd stream has no end; copy the file again")


def _zstd_frames(raw: IO[bytes]) -> Iterator[int]:
    """The end of each frame, from the headers of its blocks (RFC 8878); 0 for data that is not a frame."""
    while head := raw.read(4):
        magic = int.from_bytes(head, "little")
        if magic in _ZSTD_SKIPPED:
            yield raw.seek(int.from_bytes(raw.read(4), "little"), io.SEEK_CUR)
            continue
        if magic != _ZSTD_FRAME:
            yield 0
            return
        descriptor = int.from_bytes(raw.read(1), "little")
        is_single = bool(descriptor & 32)
        of_size = (1 if is_single else 0, 2, 4, 8)[descriptor >> 6]
        raw.seek((0 if is_single else 1) + (0, 1, 2, 4)[descriptor & 3] + of_size, io.SEEK_CUR)
        is_last = False
        while not is_last:
            block = raw.read(3)
            if len(block) < 3:  # noqa: PLR2004 - the header of a block has three bytes
                yield 0
                return
            header = int.from_bytes(block, "little")
            is_last, kind = bool(header & 1), header >> 1 & 3
            if kind == _RESERVED:
                yield 0
                return
            raw.seek(1 if kind == _RAW_OF_ONE_BYTE else header >> 3, io.SEEK_CUR)
        yield raw.seek(4 if descriptor & 4 else 0, io.SEEK_CUR)
