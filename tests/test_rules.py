"""Each rule finds its breach in a copy of the default workbook, and finds it alone; both editions keep them all."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import formualizer
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula

from tests.conftest import ROOT, built, load, run
from tests.test_hostile import base, dump
from threegates import rules, table
from threegates.workbook.package import read_values, seal

Plant = Callable[[Any], None]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A workbook with fewer chips and sources, so that it can be broken forty times."""
    path = tmp_path_factory.mktemp("rules") / "small.yaml"
    path.write_text(dump(base()), "utf-8")
    return built(table.evaluate(load(path)))[1].package


def test_both_editions_keep_every_rule(edition) -> None:
    assert rules.check(edition[1].package) == []


def resaved(package: bytes, plant: Plant) -> bytes:
    """The package with something planted by openpyxl, recalculated and sealed again as a build does."""
    workbook = load_workbook(io.BytesIO(package))
    plant(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    filled = formualizer.recalculate_xlsx_bytes(stream.getvalue())["bytes"]
    return seal(filled, read_values(filled), dt.date(2024, 4, 21), ("a", "b"))


def replaced(package: bytes, part: str, old: str, new: str) -> bytes:
    """The package with one pattern of one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if re.fullmatch(part, name):
                changed = re.sub(old.encode(), new.encode(), content, count=1)
                assert changed != content
                content = changed
            target.writestr(name, content)
    return out.getvalue()


def with_part(package: bytes, name: str) -> bytes:
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a") as target:
        target.writestr(name, b"x")
    return out.getvalue()


def put(sheet: str, cell: str, value: Any, like: str | None = None) -> Plant:
    def plant(workbook: Any) -> None:
        target = workbook[sheet][cell]
        if like is not None:
            target._style = workbook[sheet][like]._style
        target.value = value

    return plant


def array(workbook: Any) -> None:
    workbook["Power"]["G5"].value = ArrayFormula("G5", workbook["Power"]["G5"].value)


def validation_from_elsewhere(workbook: Any) -> None:
    sheet = workbook["Cards"]
    made = DataValidation("list", formula1="Chips!$B$6:$B$9")
    made.add("Z1")
    sheet.add_data_validation(made)


def style(sheet: str, cell: str, **kwargs: Any) -> Plant:
    def plant(workbook: Any) -> None:
        for name, value in kwargs.items():
            setattr(workbook[sheet][cell], name, value)

    return plant


def many_styles(workbook: Any) -> None:
    from openpyxl.styles import NamedStyle

    for i in range(20):
        workbook.add_named_style(NamedStyle(f"extra {i}", font=Font(name="Arial", size=9)))
        workbook["Words"].cell(10 + i, 2).style = f"extra {i}"


BY_OPENPYXL: dict[str, Plant] = {
    "tab_colours": lambda w: setattr(w["Power"].sheet_properties, "tabColor", None),
    "nothing_hidden": lambda w: setattr(w["Power"].row_dimensions[7], "hidden", True),
    "no_merged_cells": lambda w: w["Words"].merge_cells("H30:I31"),
    "a1_says_what": put("Power", "A1", 5),
    "frozen_panes": lambda w: setattr(w["Power"], "freeze_panes", "F9"),
    "print_setup": lambda w: setattr(w["Power"].page_setup, "fitToWidth", 3),
    "contents": lambda w: setattr(w["Power"]["D2"], "hyperlink", None),
    "inputs_are_typed": put("Assumptions", "D13", "=E13", like="D13"),
    "inputs_are_validated": style("Power", "B20", value=5, style="Input"),
    "lists_are_at_home": validation_from_elsewhere,
    "one_formula": put("Power", "G6", "=G5*Assumptions!G28"),
    "nothing_typed_over": put("Power", "F6", 123),
    "no_constants": put("Power", "D30", "=D5*2", like="D5"),
    "short_formulas": put("Power", "D30", "=" + "+".join(["D5"] * 60), like="D5"),
    "shallow_formulas": put("Power", "D30", "=IF(D5>0,IF(D6>0,1,0),0)", like="D5"),
    "no_volatile_functions": put("Power", "D30", "=D5*RAND()", like="D5"),
    "no_rounding": put("Power", "D30", "=ROUND(D5,0)", like="D5"),
    "shared_functions": put("Power", "D30", "=PRODUCT(D5,D6)", like="D5"),
    "no_arrays": array,
    "no_whole_columns": put("Power", "D30", "=SUM(Words!$H:$H)", like="D5"),
    "no_daisy_chains": put("Power", "D30", "=A2", like="D5"),
    "no_equality": put("Power", "D30", "=IF(D5=D6,1,0)", like="D5"),
    "master_check_everywhere": put("Power", "A2", "no check here"),
    "no_errors": put("Power", "D30", "=D5/Words!$H$90", like="D5"),
    "calculates_on_load": lambda w: setattr(w.calculation, "fullCalcOnLoad", False),
    "named_styles": many_styles,
    "one_format_a_row": style("Power", "G6", number_format="0.000"),
    "explicit_fonts": style("Power", "A6", font=Font(name="Calibri", scheme="minor", color="1F1F1F")),
    "contrast": style("Power", "A6", font=Font(name="Arial", color="BBBBBB"), fill=PatternFill("solid", start_color="FFFFFF")),
    "document_properties": lambda w: setattr(w.properties, "title", None),
    "no_comments": lambda w: setattr(w["Power"]["A6"], "comment", Comment("x", "y")),
}  # fmt: skip
BY_PACKAGE: dict[str, Callable[[bytes], bytes]] = {
    "no_macros_or_outside_links": lambda p: with_part(p, "xl/vbaProject.bin"),
    "cached_values": lambda p: replaced(p, r"xl/worksheets/sheet6\.xml", r"</f><v ?>[^<]*</v>", "</f>"),
    "chart_caches": lambda p: replaced(p, r"xl/charts/chart1\.xml", r"<c:numCache>.*?</c:numCache>", ""),
    "chart_axes": lambda p: replaced(p, r"xl/charts/chart1\.xml", r'<c:delete val="0" ?/>', '<c:delete val="1"/>'),
    "alternative_texts": lambda p: replaced(p, r"xl/drawings/drawing1\.xml", r' descr="[^"]*"', ""),
}
# Two that the engine will not calculate: planted with their caches as they stand.
UNCALCULATED: dict[str, Callable[[bytes], bytes]] = {
    "no_circles": lambda p: replaced(p, r"xl/worksheets/sheet6\.xml", r"<f>D5\*Assumptions!D25</f>", "<f>D9*Assumptions!D25</f>"),
    "sheets_exist": lambda p: replaced(p, r"xl/worksheets/sheet6\.xml", r"<f>D5\*Assumptions!D25</f>", "<f>D5*Nowhere!D25</f>"),
    "sheet_names": lambda p: replaced(p, r"xl/workbook\.xml", r'name="Words"', 'name="Words and many more of them, long"'),
}  # fmt: skip


def test_a_copy_in_which_nothing_is_planted_keeps_every_rule(package: bytes) -> None:
    assert rules.check(resaved(package, lambda _: None)) == []


def test_every_rule_has_its_breach() -> None:
    assert {*BY_OPENPYXL, *BY_PACKAGE, *UNCALCULATED} == set(rules.RULES)


@pytest.mark.parametrize("name", BY_OPENPYXL)
def test_a_rule_finds_its_breach_and_no_other_does(name: str, package: bytes) -> None:
    found = rules.check(resaved(package, BY_OPENPYXL[name]))
    assert {finding.rule for finding in found} == {name}


@pytest.mark.parametrize("name", [*BY_PACKAGE, *UNCALCULATED])
def test_a_rule_finds_its_breach_in_the_package_and_no_other_does(name: str, package: bytes) -> None:
    plant = {**BY_PACKAGE, **UNCALCULATED}[name]
    found = rules.check(plant(package))
    assert name in {finding.rule for finding in found}
    assert {finding.rule for finding in found} <= {name} | ALSO.get(name, set())


# What cannot be broken without something else: the name of a sheet is in its links, a circle changes a row's formula.
ALSO = {
    "no_circles": {"one_formula"},
    "sheets_exist": {"one_formula"},
    "sheet_names": {"contents"},
}


def test_every_exception_is_needed_and_argued(edition, monkeypatch) -> None:
    """Without its exception, a rule is found broken: none is kept for show."""
    for exemption in rules.EXCEPTIONS:
        assert exemption.reason.en
        assert exemption.reason.zh
        others = tuple(e for e in rules.EXCEPTIONS if e is not exemption)
        monkeypatch.setattr(rules, "EXCEPTIONS", others)
        assert exemption.rule in {finding.rule for finding in rules.check(edition[1].package)}, exemption
        monkeypatch.undo()


def test_rules_say_themselves_in_both_languages_and_where_they_come_from() -> None:
    for entry in rules.RULES.values():
        assert entry.sentence.en.endswith(".")
        assert entry.sentence.zh.endswith("。")
        assert entry.standard


def test_lint_passes_on_the_default_workbook() -> None:
    done = run("lint", ROOT / "output" / "scenarios.xlsx")
    assert done.returncode == 0, done.stdout
    assert f"{len(rules.RULES)} rules checked, 0 breaches" in done.stdout


def test_lint_names_what_is_wrong_in_a_strangers_workbook(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active["B2"] = "=NOW()+7"
    workbook.save(tmp_path / "other.xlsx")
    done = run("lint", tmp_path / "other.xlsx")
    assert done.returncode == 1
    assert "no_volatile_functions" in done.stdout
    assert "Sheet!B2" in done.stdout


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html>", b"x" * 1000])
def test_lint_says_in_one_sentence_that_a_file_is_no_workbook(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(content)
    done = run("lint", path)
    assert done.returncode == 1
    assert re.fullmatch(r"other\.xlsx: the file: cannot be read as an \.xlsx workbook: \w+; .*\n", done.stderr)


def test_lint_of_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    done = run("lint", tmp_path / "none.xlsx")
    assert done.returncode == 1
    assert done.stderr.startswith("none.xlsx: the file: cannot be read: no such file or directory")
