"""A YAML file read from disk: fast where it is plain, carefully where it is not or where there is something to report."""

from __future__ import annotations

import hashlib
from pathlib import Path

from threegates.inputs import fast_yaml
from threegates.inputs.document import Document, stop
from threegates.problems import reason

LARGEST_FILE_BYTES = 500_000


def read(path: Path, name: str = "", remedy: str = "check --assumptions", content: bytes | None = None) -> Document:
    """Reads ``path``, which messages call ``name``; ``remedy`` is what to do where it cannot be opened.

    ``content`` is what the file is going to hold, where that is to be tried before it is written. What stops the
    reading altogether raises InputError; the rest waits in ``problems``.
    """
    name = name or path.name
    content = _bytes(path, name, remedy) if content is None else content
    document = Document(name, hashlib.sha256(content).hexdigest(), content=content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise stop(name, line, "found text that is not UTF-8", "UTF-8", "save the file as UTF-8") from error
    if plain := fast_yaml.parse(text):
        document.data, document.lines = plain
    else:
        from threegates.inputs import careful_yaml  # with ruamel, which a plain file does without

        careful_yaml.parse(document, text)
    return document


def _bytes(path: Path, name: str, remedy: str) -> bytes:
    """The bytes of a YAML file. Raises InputError in one sentence when it cannot be read or is too large."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise stop(name, 0, f"cannot be read: {reason(error)}", "a readable YAML file", remedy) from error
    if len(content) > LARGEST_FILE_BYTES:
        raise stop(name, 0, "the file is too large", f"at most {LARGEST_FILE_BYTES:,} bytes")
    return content
