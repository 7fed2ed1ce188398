"""Bytes to disk, all or nothing: whatever happens, a reader finds the old file or the new one, whole."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import stat
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

from threegates.problems import InputError, Problem, reason

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PREFIX, SUFFIX = ".threegates-", ".tmp"
STALE_SECONDS = 60  # a build writes its files within a second; what is older was left by one that was killed
PATIENCE_SECONDS = 10  # for another build that is writing into the same folder
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
        found = f"cannot be read: {reason(error)}"
        raise InputError([Problem(path.name, 0, "the file", found, "a workbook", "check the name")]) from error


def write_all(folder: Path, contents: Mapping[str, bytes], option: str = "--output") -> list[Path]:
    """Writes every file of ``contents`` into ``folder``: first all of them beside their places, then each into place.

    A name may have a folder of its own before it, as ``pictures/compute.png`` has. ``option`` is that of the
    command line which chooses another place.

    Two builds into one folder take turns, and Ctrl-C waits until all is written. Raises InputError in one sentence when
    a file cannot be written; the earlier files then stay as they were, unless the failure comes between two
    replacements, when each file is still whole.
    """
    waiting: list[tuple[Path, Path]] = []
    target = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder) as alone, _uninterrupted(), _removed(waiting):
            for place in dict.fromkeys([folder, *((folder / name).parent for name in contents)]):
                target = place
                place.mkdir(exist_ok=True)
                _sweep(place, alone)
            for name, content in contents.items():
                target = folder / name
                _write_beside(target, content, waiting)
            for _, target in waiting:  # where one is open in Excel, none is replaced
                if target.exists():
                    target.open("r+b").close()
            for temporary, target in waiting:
                temporary.replace(target)
    except OSError as error:
        raise InputError([_problem(target, error, option)]) from error
    return [target for _, target in waiting]


def create(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Writes every file of ``contents`` into ``folder``. Raises InputError that names those which are there already."""
    there = [name for name in contents if os.path.lexists(folder / name)]
    if there:
        remedy = "move them away, or name another folder"
        found = f"found {', '.join(there)}"
        raise InputError([Problem(str(folder), 0, "the folder", found, "a folder without them", remedy)])
    write_all(folder, contents, "folder")


def amend(source: Path, target: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Path]:
    """Writes ``after``, made from ``before``, into the folder of ``target``: the source itself, or a new file.

    Both give contents by name. Raises InputError where one of the files has been changed in the meantime, or the new
    file is there already.
    """
    folder = target.parent
    if target.resolve() != source.resolve():
        if os.path.lexists(target):
            raise InputError([Problem(str(target), 0, "--to", "is there already", "a new file", "choose another name")])
    elif changed := [folder / name for name, content in before.items() if read(folder / name) != content]:
        said = ("the file", "was changed in the meantime", "", "try again")
        raise InputError(Problem(str(path), 0, *said) for path in changed)
    places = {str((folder / name).resolve()): content for name, content in after.items()}  # a link stays a link
    write_all(target.resolve().parent, places, "--to")
    return [folder / name for name in after]


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Holds the folder against other builds; False where that cannot be had, as on Windows or some network drives."""
    if fcntl is None:
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield _locked(handle)
    finally:
        os.close(handle)  # and with it the lock, as the death of a process does


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C within has its effect at the end: a few milliseconds later, and no file is left half-written."""
    if threading.current_thread() is not threading.main_thread():  # which alone is interrupted
        yield
        return
    interrupts: list[tuple[int, FrameType | None]] = []
    before = signal.signal(signal.SIGINT, lambda *interrupt: interrupts.append(interrupt))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if interrupts and callable(before):
            before(*interrupts[0])


@contextlib.contextmanager
def _removed(waiting: list[tuple[Path, Path]]) -> Iterator[None]:
    """Removes at the end the temporary files that have not replaced their targets."""
    try:
        yield
    finally:
        for temporary, _ in waiting:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _locked(handle: int) -> bool:
    assert fcntl is not None
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        except OSError:
            return False
        else:
            return True


def _sweep(folder: Path, alone: bool) -> None:
    """Removes what killed builds have left: all of it, or what no other build can still be writing."""
    for left in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            if alone or time.time() - left.stat().st_mtime > STALE_SECONDS:
                left.unlink()


def _write_beside(target: Path, content: bytes, waiting: list[tuple[Path, Path]]) -> None:
    """Writes the temporary file of a target. It is ``waiting`` from its beginning, so that it is removed in any case."""
    handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=target.parent)
    temporary = Path(name)
    waiting.append((temporary, target))
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.chmod(_mode(target))


def _mode(target: Path) -> int:
    """The rights that the file has, or that a new one gets here."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _problem(target: Path, error: OSError, option: str) -> Problem:
    unusual = (f"cannot be written: {reason(error)}", "check --output")
    found, remedy = REASONS.get(error.errno or 0, unusual)
    return Problem(str(target), 0, "output", found, "", remedy.replace("--output", option))
