"""Rules that every finished workbook must keep, checked on the file alone; each rule is one function."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

# Imported for the rules that they enter, in the order in which rules are reported.
from threegates.lint import formulas, inputs, package, spelling, values, presentation, structure  # noqa: F401  # isort: skip
from threegates.lint.book import Book, TooLarge, Unreadable
from threegates.lint.rule import RULES, Breach, Exemption, Finding, Rule
from threegates.problems import InputError, Problem

__all__ = ["RULES", "Finding", "breaches", "check"]


def check(data: bytes, name: str = "workbook", exceptions: Iterable[Exemption] = ()) -> list[Finding]:
    """Every breach that none of ``exceptions`` covers; raises as :func:`breaches` does."""
    exceptions = tuple(exceptions)
    return [found for found in breaches(data, name) if not any(e.covers(found) for e in exceptions)]


def breaches(data: bytes, name: str = "workbook") -> list[Finding]:
    """Every breach of every rule. Raises InputError when ``data`` is not a zip package, and nothing else."""
    try:
        book = Book(data)
    except Unreadable as problem:
        raise InputError(
            [Problem(name, 0, "the file", str(problem), "a workbook of Excel 2007 or later", "")]
        ) from problem
    applicable = [rule for rule in RULES.values() if rule.group == "package" or not book.opening_error]
    return [Finding(rule.id, str(place), detail) for rule in applicable for place, detail in _breaches_of(book, rule)]


def _breaches_of(book: Book, rule: Rule) -> list[Breach]:
    try:
        return list(rule.find(book))
    except ElementTree.ParseError:
        return []  # parts_are_sound reports it
    except TooLarge:
        return [("workbook", "too large to be checked")]
    except Exception as error:  # any file may be given; the other rules still run
        return [("workbook", f"could not be checked: {type(error).__name__}")]
