"""Bytes to disk, all or nothing: whatever happens, a reader finds the old file or the new one, whole."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from threegates.problems import InputError, Problem

PREFIX, SUFFIX = ".threegates-", ".tmp"
STALE_SECONDS = 60  # a build writes its files within a second; what is older was left by one that was killed
REASONS = {
    errno.EACCES: ("cannot be written: no permission", "close the file in Excel, or choose another --output"),
    errno.EPERM: ("cannot be written: no permission", "close the file in Excel, or choose another --output"),
    errno.EROFS: ("cannot be written: the disk is read-only", "choose another --output"),
    errno.ENOSPC: ("cannot be written: the disk is full", "free some space, or choose another --output"),
    errno.EDQUOT: ("cannot be written: the disk quota is used up", "free some space, or choose another --output"),
}


def read(path: Path) -> bytes:
    """The bytes of a file. Raises InputError in one sentence when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        found = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise InputError([Problem(path.name, 0, "the file", found, "a workbook", "check the name")]) from error


def write_all(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Writes every file of ``contents`` into ``folder``: first all of them beside their places, then each into place.

    Raises InputError in one sentence when one cannot be written; the earlier files then stay as they were, unless
    the failure comes between two replacements, when each file is still whole.
    """
    waiting: list[tuple[Path, Path]] = []
    target = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        for name, content in contents.items():
            target = folder / name
            waiting.append((_write_beside(target, content), target))
        for temporary, target in waiting:
            temporary.replace(target)
    except OSError as error:
        raise InputError([_problem(target, error)]) from error
    finally:
        for temporary, _ in waiting:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    return [target for _, target in waiting]


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_SECONDS:
                left.unlink()


def _write_beside(target: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _problem(target: Path, error: OSError) -> Problem:
    found, remedy = REASONS.get(
        error.errno or 0, (f"cannot be written: {(error.strerror or str(error)).lower()}", "check --output")
    )
    return Problem(str(target), 0, "output", found, "", remedy)
