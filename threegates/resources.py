"""The files that come with the program: at the top of a checkout, and inside the package once it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from threegates.problems import InstallationError

PACKAGE = Path(__file__).resolve().parent
HOME = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else PACKAGE


def read(name: str) -> bytes:
    """The bytes of a file, such as templates/mail.md.j2. Raises InstallationError when it cannot be read."""
    with _readable(HOME / name) as path:
        return path.read_bytes()


def editable() -> list[str]:
    """The names of the files that an analyst edits. Raises InstallationError when their folder cannot be read."""
    with _readable(HOME / "data") as folder:
        data = sorted(path.name for path in folder.iterdir())
    return ["assumptions.yaml", "assumptions.schema.json", *(f"data/{name}" for name in data)]


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    try:
        yield path
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InstallationError(f"{path}: cannot be read: {reason}; reinstall Three Gates") from error
