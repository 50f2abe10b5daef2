"""Converts errors of the operating system into findings, for example a full disk or a missing permission.

Takes an `OSError` or its number; returns an `AccessError` with the location, the cause and the next step. Also writes
files atomically.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from onefold.errors import AccessError, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CAUSES: Mapping[int, tuple[str, str, str]] = {
    errno.ENOSPC: ("disk-full", "the disk is full", "free space on that disk, then run the command again"),
    errno.EDQUOT: ("disk-full", "the disk quota is used up", "free space, or ask for a larger quota"),
    errno.EFBIG: (
        "file-too-large",
        "the file would be larger than this process may write",
        "raise the limit: `ulimit -f` shows it",
    ),
    errno.EACCES: ("no-permission", "permission denied", "check the owner and the permissions: `ls -ld`"),
    errno.EPERM: ("no-permission", "operation not permitted", "check the owner and the permissions: `ls -ld`"),
    errno.EROFS: ("read-only", "the file system is read-only", "use a folder that can be written to"),
    errno.ENOTDIR: ("not-a-folder", "there is a file where a folder is needed", "move the file away"),
    errno.EEXIST: ("not-a-folder", "there is a file where a folder is needed", "move the file away"),
    errno.EISDIR: ("is-a-folder", "there is a folder where a file is needed", "choose another name"),
    errno.ENOENT: ("no-file", "there is no such file or folder", "check the path"),
    errno.EMFILE: (
        "too-many-open-files",
        "too many open files in this process",
        "raise the limit (`ulimit -n`), or keep the data in fewer files",
    ),
    errno.ENFILE: ("too-many-open-files", "too many open files on this machine", "close other programs"),
    errno.EIO: ("io-error", "the device reports an input/output error", "check the disk, or the network drive"),
    errno.ENAMETOOLONG: ("name-too-long", "the file name is too long", "choose a shorter name"),
    errno.EBADF: ("stream-closed", "the stream is closed", "do not close it (`>&-`); discard it with `> /dev/null`"),
    errno.ESTALE: ("io-error", "the network drive lost the file", "mount the drive again"),
    errno.ENOMEM: ("out-of-memory", "there is not enough memory", "close other programs, or use a larger machine"),
}
"""Code, cause and next step, by error number."""


def access_error(error: OSError, doing: str, path: Path | str | None = None) -> AccessError:
    """The `AccessError` for an error of the operating system.

    Args:
        error: The error.
        doing: The failed action, for example ``write report.html``.
        path: The path; None takes the path from the error.
    """
    where = path if path is not None else error.filename
    number = error.errno or 0
    if number == errno.EINVAL and isinstance(error.__context__, OSError):
        number = error.__context__.errno or 0
    code, cause, hint = CAUSES.get(number, ("cannot-access", (error.strerror or str(error)).lower(), None))
    return AccessError(Finding("error", code, f"cannot {doing}: {cause}", None if where is None else str(where), hint))


def of_environment(error: BaseException) -> AccessError | None:
    """A machine error behind an unexpected exception; None if the exception is a bug."""
    if isinstance(error, OSError) and error.errno is not None:
        return access_error(error, "continue")
    if isinstance(error, MemoryError):
        return AccessError(out_of_memory(str(error)))
    return None


def out_of_memory(detail: str = "") -> Finding:
    """The machine has too little memory."""
    said = f": {detail}" if detail else ""
    return Finding("error", "out-of-memory", f"there is not enough memory{said}", hint=MORE_MEMORY)


MORE_MEMORY = (
    "give the database less memory (`memory_limit: 40%` in onefold.yaml), close other programs, raise the container's "
    "limit, or use a machine with more memory"
)


def errno_in(message: str) -> int | None:
    """The number of the system error that a library's message quotes; None if it quotes none.

    Libraries append the text of `os.strerror` after a colon, so the message is compared with that text.
    """
    folded = message.lower()
    return next((number for number in CAUSES if f": {os.strerror(number).lower()}" in folded), None)


@contextmanager
def translate_os_errors(doing: str, path: Path | str | None = None) -> Iterator[None]:
    """Convert an `OSError` in the block into an `AccessError`.

    Raises:
        AccessError: If the operating system reports an error.
    """
    try:
        yield
    except OSError as error:
        raise access_error(error, doing, path) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path to write to; the finished file replaces ``path``, and a failure leaves it unchanged.

    Special files, for example ``/dev/stdout`` or a pipe, are written to directly.

    Raises:
        AccessError: If the file cannot be written.
    """
    with translate_os_errors(f"write {path.name or path}", path):
        if path.exists() and not path.is_file():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            yield path
            return
        whole = path.resolve()  # a link keeps pointing at the file
        whole.parent.mkdir(parents=True, exist_ok=True)
        beside = whole.with_name(f".{whole.name[:200]}.{os.getpid()}.part")
        try:
            yield beside
            if whole.exists():
                beside.chmod(whole.stat().st_mode & 0o7777)
            beside.replace(whole)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file completely or not at all.

    Raises:
        AccessError: If the file cannot be written.
    """
    with replacing(path) as beside:
        beside.write_bytes(content if isinstance(content, bytes) else content.encode(errors="replace"))
