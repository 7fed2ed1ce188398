"""A rule: a sentence in both languages, the standard that it comes from, and a function that finds breaches."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from threegates.lint.book import Book, Position
from threegates.text import Text

# Where rules come from: standards for financial models, and known limits of spreadsheet programs.
MODELLING = "FAST 02c, ICAEW, BPM 7.2, SMART"
PROGRAMS = "Excel, WPS, LibreOffice, Sheets"

Group = Literal["package", "structure", "inputs", "formulas", "checks", "values", "presentation"]
Breach = tuple[Position | str, str]  # where, and what was found
Find = Callable[[Book], Iterable[Breach]]


@dataclass(frozen=True)
class Rule:
    """``find`` yields every breach of the rule in a book."""

    id: str
    group: Group
    sentence: Text
    standard: str
    find: Find


@dataclass(frozen=True, order=True)
class Finding:
    """One breach of one rule: a cell, a sheet, a part of the package or the workbook, and what was found there."""

    rule: str
    place: str
    detail: str


@dataclass(frozen=True)
class Exemption:
    """Where rules are broken on purpose, and why. ``sheets``, ``cells`` and ``detail`` are patterns of names."""

    rules: tuple[str, ...]
    sheets: tuple[str, ...]
    cells: str
    reason: Text
    detail: str = "*"

    def covers(self, finding: Finding) -> bool:
        sheet, mark, cell = finding.place.rpartition("!")
        where = (sheet, cell) if mark else (finding.place, "")
        return (
            finding.rule in self.rules
            and any(fnmatch.fnmatchcase(where[0], name) for name in self.sheets)
            and fnmatch.fnmatchcase(where[1], self.cells)
            and fnmatch.fnmatchcase(finding.detail, self.detail)
        )


RULES: dict[str, Rule] = {}


def rule(group: Group, standard: str) -> Callable[[Find], Find]:
    """A decorator that adds a function to RULES under the name of the function.

    Its docstring is the rule: a line in English, then a line in Chinese; what follows them explains.
    """

    def enter(find: Find) -> Find:
        en, zh = (line.strip() for line in (find.__doc__ or "").splitlines()[:2])
        RULES[find.__name__] = Rule(find.__name__, group, Text(en, zh), standard, find)
        return find

    return enter
