"""Building again whenever the assumptions, or a file that they include, are saved."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from threegates.inputs import read_yaml
from threegates.inputs.value_types import INCLUDE
from threegates.problems import InputError

SECONDS = 0.3  # between two looks at the files

Stamps = dict[Path, tuple[int, int] | None]


def watch(
    path: Path, work: Callable[[], None], wrong: Callable[[str], None], waiting: Callable[[str], None]
) -> NoReturn:
    """Does ``work`` now and after each save of the YAML at ``path``, until the process is interrupted.

    ``wrong`` gets the sentences about a wrong YAML, after which the watching goes on; ``waiting`` what is waited for.
    """
    gc.enable()  # a single build does without; many would fill the memory
    files = [path]
    while True:
        files = _files(path, files)
        seen = _stamps(files)  # before the work, so that a save meanwhile counts
        try:
            work()
        except InputError as error:
            wrong(str(error))
        waiting(f"watching {path} and {len(files) - 1} included files; Ctrl-C ends it")
        _wait(files, seen)


def _files(path: Path, before: list[Path]) -> list[Path]:
    """The YAML and what it includes; while it cannot be read, those that were known ``before``."""
    try:
        raw = read_yaml.read(path).data.get(INCLUDE, [])
    except InputError:
        return before
    entries = raw if isinstance(raw, list) else [raw]
    named = [entry.get("file") for entry in entries if isinstance(entry, dict)]
    return [path, *(path.parent / name for name in named if isinstance(name, str))]


def _stamps(files: Iterable[Path]) -> Stamps:
    """When each file was saved, and its size; None where it is not there."""
    found: Stamps = {}
    for path in files:
        try:
            state = path.stat()
            found[path] = state.st_mtime_ns, state.st_size
        except (OSError, ValueError):  # a name that the YAML gives may be no name of a file
            found[path] = None
    return found


def _wait(files: list[Path], seen: Stamps) -> None:
    """Until a file differs from what was ``seen``, and none has changed since the last look: editors save in steps."""
    last = seen
    while True:
        time.sleep(SECONDS)
        now = _stamps(files)
        if now != seen and now == last:
            return
        last = now
