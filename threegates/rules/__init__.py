"""What every finished workbook must keep, read from the file alone: rules, and the exceptions that are argued."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass

from threegates.problems import InputError, Problem
from threegates.records import Text
from threegates.rules import formulas, presentation, structure
from threegates.rules.book import At, Book, Unreadable
from threegates.rules.rule import RULES, Rule


@dataclass(frozen=True)
class Exemption:
    """A place where a rule is broken on purpose: sheets by name in either language, cells by pattern, and why."""

    rule: str
    sheets: tuple[str, ...]
    cells: str
    reason: Text


EXCEPTIONS = (
    Exemption(
        "one_formula",
        ("*",),
        "[AB]2",
        Text("The header shows two different signs side by side.", "页眉并排显示两个不同的提示。"),
    ),
    Exemption(
        "one_formula",
        ("Published", "公开数字", "Summary", "摘要"),
        "[F-H]*",
        Text("Each claim names the results that answer it.", "每条说法对应各自的结果。"),
    ),
    Exemption(
        "one_formula",
        ("Checks", "校验"),
        "[D-F]*",
        Text("Each line of the list counts another check.", "列表每行统计不同的校验项。"),
    ),
    Exemption(
        "one_formula",
        ("Assumptions", "假设"),
        "E*",
        Text(
            "The list of precisions runs down, the columns of Chips run across.", "精度列表纵向排列，“芯片”页中为横向。"
        ),
    ),
    Exemption(
        "one_formula",
        ("As shipped", "初始值"),
        "[EFH]*",
        Text("Each line looks at another input.", "每行对应不同的输入。"),
    ),
    Exemption(
        "one_format_a_row",
        ("Summary", "摘要"),
        "[D-J]*",
        Text(
            "The claims on Summary are records: a column has one format, a row has its unit.",
            "摘要中的公开数字是记录：每列一种格式，每行一个单位。",
        ),
    ),
    Exemption(
        "inputs_are_validated",
        ("Summary", "摘要"),
        "B9",
        Text("The colour key shows what an input looks like.", "颜色说明展示输入的样式。"),
    ),
    Exemption(
        "no_equality",
        ("As shipped", "初始值"),
        "F*",
        Text("A changed input is one that is not equal to its shipped value.", "与初始值不相等即为改动。"),
    ),
)


@dataclass(frozen=True, order=True)
class Finding:
    """One breach of one rule."""

    rule: str
    place: str
    detail: str


def check(data: bytes, name: str = "workbook") -> list[Finding]:
    """Every breach that no exemption covers. Raises InputError when ``data`` is no workbook; never anything else."""
    try:
        book = Book(data)
    except Unreadable as problem:
        raise InputError(
            [Problem(name, 0, "the file", str(problem), "a workbook of Excel 2007 or later", "")]
        ) from problem
    found = []
    for rule, entry in RULES.items():
        try:
            breaches = list(entry.find(book))
        except Exception as error:  # a stranger's file may hold anything; the other rules go on
            breaches = [("workbook", f"could not be checked: {type(error).__name__}")]
        found += [Finding(rule, str(place), detail) for place, detail in breaches if not _exempt(rule, place)]
    return found


def _exempt(rule: str, place: At | str) -> bool:
    if not isinstance(place, At):
        return False
    cell = str(place).rpartition("!")[2]
    return any(
        e.rule == rule
        and any(fnmatch.fnmatchcase(place.sheet, sheet) for sheet in e.sheets)
        and fnmatch.fnmatchcase(cell, e.cells)
        for e in EXCEPTIONS
    )


__all__ = [
    "EXCEPTIONS",
    "RULES",
    "Exemption",
    "Finding",
    "Rule",
    "Unreadable",
    "check",
    "formulas",
    "presentation",
    "structure",
]
