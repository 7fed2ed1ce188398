"""Records taken from other files: ``include:`` names each file, and which of its sections are taken; without, all of them.

Includes go one level deep: what an included file includes itself is not followed. Each record comes from one included
file; the including file may replace it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from threegates.inputs.document import Document, Place, Records
from threegates.inputs.read_yaml import read
from threegates.inputs.schema import describe, validate
from threegates.inputs.sections import Include
from threegates.inputs.value_types import INCLUDE, OF_ONE_FILE
from threegates.problems import InputError, Problem, nearest, shorten


def include(document: Document, path: Path, contents: Mapping[str, bytes]) -> None:
    """Takes in what ``include:`` of the file at ``path`` names; of files in ``contents``, what is given there.

    A problem of its own stops here, since all else may rest on it.
    """
    taken: list[tuple[Document, Records]] = []
    stop: list[Problem] = []
    for place, entry in _entries(document, path):
        remedy = f"mend include.file in {document.file}, line {document.line((*place, 'file'))}"
        try:
            other = read(path.parent / entry.file, entry.file, remedy, contents.get(entry.file))
        except InputError as error:
            stop += error.problems
            continue
        records, refused = _wanted(document, other, place, entry)
        taken.append((other, records))
        document.problems += other.problems
        stop += refused
    stop += _taken_twice(taken)
    if stop:
        raise InputError([*document.problems, *stop])
    for other, _ in taken:
        document.digest = hashlib.sha256((document.digest + other.digest).encode()).hexdigest()
    document.take(taken)


def _entries(document: Document, path: Path) -> list[tuple[Place, Include]]:
    """What stands under ``include:``, one entry or a list of them, each with its place. Raises InputError at a wrong one."""
    raw, before = document.data[INCLUDE], len(document.problems)
    given = {(INCLUDE, str(n)): one for n, one in enumerate(raw)} if isinstance(raw, list) else {(INCLUDE,): raw}
    entries: list[tuple[Place, Include]] = [
        (place, validate(document, Include, one, place)) for place, one in given.items()
    ]
    if not entries:
        document.report((INCLUDE,), "found an empty list", "a file, or several in a list", f"delete {INCLUDE}:")
    here = path.resolve()
    seen: set[Path] = set()
    for place, entry in entries:
        file = (path.parent / entry.file).resolve() if entry else None
        if file == here:
            document.report((*place, "file"), "found this file itself", "another file", "delete this entry")
        elif file in seen:
            found, remedy = f"found {shorten(entry.file)} a second time", "name all that is taken from it in one entry"
            document.report((*place, "file"), found, "each file once", remedy)
        seen |= {file} if file else set()
    if len(document.problems) > before:
        raise InputError(document.problems)
    return entries


def _wanted(document: Document, other: Document, place: Place, entry: Include) -> tuple[Records, list[Problem]]:
    """Which records of ``other`` an entry means, by section, and what is wrong with that."""
    records: Records = {}
    refused = []
    for name in entry.sections or other.data:
        section, dot, record = name.partition(".") if entry.sections else (name, "", "")
        there = other.data.get(section, {})
        if there is None and not entry.sections:
            continue  # an empty section of a file that is included whole
        if section in OF_ONE_FILE:  # where sections are named, none of these is among them
            found, allowed = f"found {section}: in a file that is included whole", "no report:, mail: or include: there"
            remedy = f"move it to {document.file}, or name the sections to take"
            refused.append(other.problem((section,), found, allowed, remedy))
        elif not isinstance(there, dict):
            found, allowed = f"found {describe(there)}", "a mapping of names to records"
            refused.append(other.problem((section,), found, allowed, "mend that section"))
        else:
            known, sought = (there, record) if dot and there else (other.data, section)
            if sought not in known:
                found = f"found {shorten(name)}, which {other.file} lacks"
                remedy = nearest(sought, known) or (INCLUDE in other.data) * "name the file that it includes instead"
                refused.append(document.problem((*place, "sections"), found, some(known), remedy))
            records.setdefault(section, set()).update([record] if dot else there)
    return records, refused


def _taken_twice(taken: Iterable[tuple[Document, Records]]) -> Iterable[Problem]:
    """The records that two included files give."""
    first: dict[Place, Document] = {}
    for other, records in taken:
        for place in ((section, key) for section, keys in records.items() for key in keys):
            if place in first:
                file, line = first[place].place(place)
                found, allowed = f"found a record that {file}, line {line}, has too", "each record in one included file"
                yield other.problem(place, found, allowed, "delete one, or name the sections to take from each file")
            first.setdefault(place, other)


def some(names: Iterable[str]) -> str:
    """The names that are allowed, as many as a line takes."""
    first = list(names)
    return ", ".join(first[:12]) + (" …" if len(first) > 12 else "")
