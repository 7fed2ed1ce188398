"""Records taken from another file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from threegates.inputs.document import Document, read
from threegates.inputs.schema import (
    INCLUDE,
    Include,
    describe,
    validate,
)
from threegates.problems import InputError, Problem, nearest, shorten


def _include(document: Document, folder: Path) -> None:
    """Takes in what the section include: names. A problem of its own stops here, since all else may rest on it."""
    include = validate(document, Include, document.data[INCLUDE], (INCLUDE,))
    if include is None:
        raise InputError(document.problems)
    remedy = f"mend include.file in {document.file}, line {document.line((INCLUDE, 'file'))}"
    try:
        other = read(folder / include.file, include.file, remedy)
    except InputError as error:
        raise InputError([*document.problems, *error.problems]) from error
    if INCLUDE in other.data:
        found, allowed = "found an include in a file that is itself included", "one include, one level deep"
        other.report((INCLUDE,), found, allowed, f"include that file in {document.file} instead")
    wanted: dict[str, set[str]] = {}
    before = len(document.problems)
    for name in include.sections:
        _want(document, other, name, wanted)
    if INCLUDE in other.data or len(document.problems) > before:
        raise InputError([*document.problems, *other.problems])
    document.problems += other.problems
    document.digest = hashlib.sha256((document.digest + other.digest).encode()).hexdigest()
    for section, keys in wanted.items():
        document.take(other, section, keys)


def _want(document: Document, other: Document, name: str, wanted: dict[str, set[str]]) -> None:
    """Notes which records of ``other`` an entry of include.sections means: ``section`` or ``section.record``."""
    section, dot, record = name.partition(".")
    records = other.data.get(section, {})
    if not isinstance(records, dict):
        place, found = other.place((section,)), f"found {describe(records)}"
        document.problems.append(Problem(*place, section, found, "a mapping of names to records", "mend that section"))
        return
    known, sought = (records, record) if dot and records else (other.data, section)
    if sought not in known:
        found = f"found {shorten(name)}, which {other.file} lacks"
        document.report((INCLUDE, "sections"), found, _some(known), nearest(sought, known))
    wanted.setdefault(section, set()).update([record] if dot else records)


def _some(names: Iterable[str]) -> str:
    """The names that are allowed, as many as a line takes."""
    first = list(names)
    return ", ".join(first[:12]) + (" …" if len(first) > 12 else "")
