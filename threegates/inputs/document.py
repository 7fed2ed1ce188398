"""A YAML file as plain data with the line of every key, and the problems found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from threegates.inputs import lookalikes
from threegates.problems import InputError, Problem

DEEPEST_NESTING = 12
LONGEST_TEXT = 32_767  # Excel limit: characters in a cell, counted as UTF-16 does
LONGEST_KEY = 60
LARGEST_INTEGER_BITS = 1000
# What XML 1.0, and so a workbook, cannot hold, and what terminals obey.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
CHARACTER_CODE = re.compile("_x[0-9A-Fa-f]{4}_")

WORD = re.compile("[a-z][a-z0-9_]*")
PROSE = ("label", "note")  # keys of texts that name nothing

Place = tuple[str, ...]
Records = dict[str, set[str]]  # the names of records, by section


@dataclass
class Document:
    """A file as ``data``, made of dicts, lists and scalars; ``lines`` gives the 1-based line of each path.

    ``included`` gives the file of each record, and of each section, that was taken from another file.
    """

    file: str
    digest: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    included: dict[Place, Document] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)  # of the file, as it was read

    def report(self, path: Place, found: str, allowed: str, remedy: str = "") -> None:
        """Adds a problem at ``path``, or at its nearest ancestor that stands in a file."""
        self.problems.append(self.problem(path, found, allowed, remedy))

    def problem(self, path: Place, found: str, allowed: str, remedy: str = "") -> Problem:
        """A problem at ``path``, or at its nearest ancestor that stands in a file; of a value that holds look-alikes, these first."""
        strays = self._strays(path)
        remedy = "; ".join(filter(None, (lookalikes.said(strays), remedy)))
        return Problem(*self.place(path), ".".join(path) or "the file", found, allowed, remedy)

    def _strays(self, path: Place) -> list[lookalikes.Stray]:
        """The look-alikes in a value that is no prose, where they stand in the text of its file."""
        value = self.value(path)
        if not isinstance(value, str) or not lookalikes.is_meant_plain(value) or not self.has(path):
            return []
        line = self.source(path)
        column = line.find(value, max(0, line.find(path[-1])))
        return (
            [stray._replace(column=stray.column + column) for stray in lookalikes.within(value)] if column >= 0 else []
        )

    def value(self, path: Place) -> Any:
        """What stands at ``path``; None where nothing does."""
        found: Any = self.data
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def place(self, path: Place) -> tuple[str, int]:
        """The file and line of ``path``, or of its nearest ancestor that stands in one; line 1 for the file itself."""
        while path:
            holder = self.holder(path)
            if path in holder.lines:
                return holder.file, holder.lines[path]
            path = path[:-1]
        return self.file, 1

    def line(self, path: Place) -> int:
        """The line of :meth:`place`."""
        return self.place(path)[1]

    def source(self, path: Place) -> str:
        """The line of its file on which ``path`` stands, as it is written."""
        holder = self.holder(path)
        lines = holder.content.decode(errors="replace").splitlines()
        number = holder.lines.get(path, 0)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def has(self, path: Place) -> bool:
        """Whether a key stands at ``path``."""
        return path in self.holder(path).lines

    def holder(self, path: Place) -> Document:
        """The file that ``path`` is taken from: an included one, or this one."""
        return self.included.get(path[:2]) or self.included.get(path[:1]) or self

    def words(self) -> set[str]:
        """All words that may be names, of the texts among the values that are no prose."""
        return set(WORD.findall(" ".join(_texts(self.data))))

    def contents(self) -> dict[str, bytes]:
        """What this file and the included ones held when they were read, by name."""
        return {each.file: each.content for each in (self, *self.included.values())}

    def take(self, taken: Iterable[tuple[Document, Records]]) -> None:
        """Takes records of other files in; a record that stands here already replaces theirs whole.

        Theirs come first and keep their order, replaced ones in place. Nothing is taken where our section is no mapping.
        """
        theirs: dict[str, dict[str, Any]] = {}
        for other, records in taken:
            for section, keys in records.items():
                own = self.data.get(section, {})
                if isinstance(own, dict):
                    found = {key: value for key, value in other.data[section].items() if key in keys}
                    theirs.setdefault(section, {}).update(found)
                    new = {(section, key) for key in keys - own.keys()} | {(section,)} - {(name,) for name in self.data}
                    self.included = dict.fromkeys(new, other) | self.included
        self.data |= {section: records | self.data.get(section, {}) for section, records in theirs.items()}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for inner in (inner for key, inner in items if key not in PROSE):
            yield from _texts(inner)


def stop(file: str, line: int, found: str, allowed: str, remedy: str = "") -> InputError:
    """What ends the reading of a file at once."""
    return InputError([Problem(file, line, "the file", found, allowed, remedy)])
