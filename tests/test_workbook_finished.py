"""The finished workbook, read as a stranger's program would: from the file alone."""

from __future__ import annotations

import ast
import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.conftest import built, load
from threegates import lint
from threegates.definition import MODEL
from threegates.definition.declare import Field, Sheet
from threegates.engine import evaluate, model
from threegates.report.results import results_csv
from threegates.text import Text, Word
from threegates.workbook import colour, double_entry, layout, sheets
from threegates.workbook.as_excel import CHART
from threegates.workbook.exceptions import EXCEPTIONS
from threegates.workbook.package import ErrorValue, read_values
from threegates.workbook.page import Page
from threegates.workbook.sheets.special import SpecialSheet
from threegates.workbook.sheets.summary import FACTS_ROW
from threegates.workbook.styles import GREEN, RED

Edition = tuple[layout.Layout, double_entry.Edition]
INPUTS = {"Input", "Input text"}
RECORDS = {"Record", "Record text"}  # facts that are no result: as-shipped values, words, dates


@pytest.fixture(scope="module")
def formulas(edition: Edition):
    return load_workbook(io.BytesIO(edition[1].package))


@pytest.fixture(scope="module")
def values(edition: Edition):
    return load_workbook(io.BytesIO(edition[1].package), data_only=True)


def cells(workbook) -> list[tuple[Worksheet, Cell]]:
    return [(sheet, cell) for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_sheets_stand_in_the_order_of_the_flow(edition: Edition, formulas) -> None:
    english = [
        "Summary",
        "Assumptions",
        "Chips",
        "FLOPs",
        "Cards",
        "Power",
        "Data",
        "Cost",
        "Supply",
        "Gates",
        "Engineering",
        "Cases",
        "Trade-off",
        "Any chip",
        "Sensitivity",
        "Uncertainty",
        "Published",
        "Back-test",
        "Gates back-tested",
        "Hindcast",
        "As shipped",
        "Checks",
        "Sources",
        "Words",
        "Changes",
    ]
    chinese = [
        "摘要",
        "假设",
        "芯片",
        "算力",
        "卡",
        "电",
        "数据",
        "成本",
        "供给",
        "关口",
        "工程",
        "单项变动",
        "取舍",
        "任选芯片",
        "敏感性",
        "不确定性",
        "公开数字",
        "回测",
        "关口回测",
        "回看",
        "初始值",
        "校验",
        "来源",
        "词汇",
        "变更",
    ]
    assert formulas.sheetnames == (english if edition[0].language == "en" else chinese)


def test_every_formula_has_a_cached_value_and_none_is_an_error(edition: Edition, formulas) -> None:
    cached = edition[1].values
    for sheet, cell in cells(formulas):
        if cell.data_type == "f":
            value = cached[sheet.title].get((cell.row, cell.column))
            assert value is not None, (sheet.title, cell.coordinate, cell.value)
            assert not isinstance(value, ErrorValue), (sheet.title, cell.coordinate, value)


def test_at_least_95_percent_of_the_numbers_outside_inputs_and_records_are_formulas(formulas, values) -> None:
    """And none of the rest is a result: what is typed is an input, or a record such as an as-shipped value."""
    live, typed = 0, []
    for sheet, cell in cells(formulas):
        number = isinstance(values[sheet.title][cell.coordinate].value, int | float)
        if number and cell.style not in INPUTS | RECORDS:
            if cell.data_type == "f":
                live += 1
            else:
                typed.append((sheet.title, cell.coordinate, cell.value))
    assert live > 2000
    assert typed == []


def test_inputs_are_never_formulas_and_formulas_never_look_like_inputs(formulas) -> None:
    for sheet, cell in cells(formulas):
        if cell.data_type == "f":
            assert cell.style not in INPUTS | RECORDS, (sheet.title, cell.coordinate)


def test_every_input_cell_is_validated_by_a_range_or_list_on_its_own_sheet(edition: Edition, formulas) -> None:
    placed = edition[0]
    for sheet in placed.model.sheets:
        ws = formulas[placed.sheet_name(sheet.id)]
        covered = set()
        for validation in ws.data_validations.dataValidation:
            assert "!" not in (validation.formula1 or "")
            assert len(validation.formula1 or "") <= 255
            for area in validation.sqref.ranges:
                covered |= {
                    (row, column)
                    for row in range(area.min_row, area.max_row + 1)
                    for column in range(area.min_col, area.max_col + 1)
                }
        for address, spot in placed.homes.items():
            if spot.sheet == sheet.id and placed.model.fields[address[:2]].is_input:
                assert (spot.row, spot.column) in covered, address


def test_chips_and_precisions_are_lists_of_what_the_catalogue_holds(edition: Edition) -> None:
    """Each on the sheet of the cells that it validates."""
    placed, entry = edition
    precisions = ("bf16", "fp8", "fp4")
    tables = {"assumptions": {"chips"}, "supply": {"chips"}, "published": {"chips"}, "backtest": {"chips"}}
    tables["gatetests"] = {"campuses", "developers", "shipped", "corpora", "spending", "growths"}
    expected = {(sheet, (name,)): placed.model.keys[name] for sheet, names in tables.items() for name in names}
    expected |= {(sheet, precisions): precisions for sheet in ("assumptions", "backtest")}
    assert set(placed.lists) == set(expected)
    for (sheet, target), choices in expected.items():
        first, cells_ = placed.lists[sheet, target], entry.values[placed.sheet_name(sheet)]
        assert first.sheet == sheet
        assert tuple(cells_[first.row + i, first.column] for i in range(len(choices))) == choices
        assert (first.row + len(choices), first.column) not in cells_


def test_every_input_and_result_bears_its_defined_name(edition: Edition, formulas) -> None:
    placed = edition[0]
    for address, spot in placed.homes.items():
        name = formulas.defined_names[placed.name(*address)]
        sheet, cell = next(iter(name.destinations))
        assert sheet == placed.sheet_name(spot.sheet)
        assert formulas[sheet][cell.replace("$", "")].row == spot.row
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*__[A-Za-z0-9_.]+", placed.name(*address))


def test_every_sheet_shows_the_master_check_what_was_changed_and_the_way_home(edition: Edition, values) -> None:
    placed = edition[0]
    for sheet in placed.model.sheets:
        ws = values[placed.sheet_name(sheet.id)]
        assert ws["A2"].value in ("✔ no errors; alerts: 4", "✔ 无错误；提醒：4")
        assert ws["B2"].value in ("inputs as shipped", "输入与初始值一致")
        assert ws["C2"].value == dt.datetime(2024, 4, 21)
        said = {"en": "as of ", "zh": "截至 "}[placed.language]
        assert ws["C2"].number_format == ("yyyy-mm-dd" if sheet.id == "summary" else f'"{said}"yyyy-mm-dd')
        assert isinstance(ws["A1"].value, str)
        if sheet.id != "summary":
            assert ws["D2"].hyperlink.location == f"'{placed.sheet_name('summary')}'!A1"
        frozen = ws.freeze_panes
        assert ws[frozen].row <= 5
        assert ws[frozen].column <= 5


def test_sheets_print_on_one_width_with_titles_footer_and_page(formulas) -> None:
    for ws in formulas:
        assert ws.page_setup.fitToWidth == 1
        assert ws.sheet_properties.pageSetUpPr.fitToPage
        assert ws.print_title_rows in ("$1:$4", "$1:$2")  # the second where a further table has headings of its own
        assert ws.print_area
        assert ws.oddFooter.left.text.startswith("Three Gates")
        assert not ws.merged_cells.ranges
        assert ws.sheet_state == "visible"


def test_every_cell_has_the_font_of_the_edition(edition: Edition, formulas) -> None:
    font = {"en": "Arial", "zh": "Microsoft YaHei"}[edition[0].language]
    for sheet, cell in cells(formulas):
        assert cell.font.name == font, (sheet.title, cell.coordinate)
        assert cell.font.scheme is None


def test_summary_says_as_of_when_which_version_and_which_assumptions(edition: Edition, values) -> None:
    placed = edition[0]
    ws = values[placed.sheet_name("summary")]
    column = [ws.cell(FACTS_ROW + row, 2).value for row in range(3)]
    assert str(column[0]).startswith("2024-04-21")
    assert column[2] == placed.model.assumptions.document.digest[:16]


def test_checks_says_how_many_numbers_were_computed_twice(edition: Edition, values) -> None:
    placed, entry = edition
    text = values[placed.sheet_name("checks")].cell(placed.spots["double_entry"].row, 1).value
    assert f"{entry.compared:,}" in text
    assert "1e-9" in text


def test_charts_carry_caches_equal_to_their_cells_and_visible_axes(edition: Edition) -> None:
    with zipfile.ZipFile(io.BytesIO(edition[1].package)) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        for name in charts:
            check_chart(ElementTree.fromstring(package.read(name)), edition[1].values)
    assert len(charts) == len(MODEL.charts)


def check_chart(root: ElementTree.Element, values: dict) -> None:
    c = CHART
    references = [*root.iter(f"{c}numRef"), *root.iter(f"{c}strRef")]
    assert references
    for reference in references:
        sheet, span = reference.findtext(f"{c}f").replace("$", "").rsplit("!", 1)
        first, _, last = span.partition(":")
        grid = load_span(first, last or first)
        cells_ = [values[sheet.strip("'")].get(position) for position in grid]
        if reference.tag == f"{c}numRef":  # a dash is no number
            cells_ = [value for value in cells_ if isinstance(value, float)]
        cached = [v.text for v in reference.iter(f"{c}v")]
        assert [float(v) if isinstance(w, float) else v for v, w in zip(cached, cells_, strict=True)] == cells_
    assert all(
        delete.get("val") == "0"
        for axis in ("catAx", "valAx")
        for a in root.iter(f"{c}{axis}")
        for delete in a.iter(f"{c}delete")
    )


def load_span(first: str, last: str) -> list[tuple[int, int]]:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(f"{first}:{last}")
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def test_the_workbook_asks_for_a_full_calculation_and_holds_no_macros_or_outside_links(edition: Edition) -> None:
    with zipfile.ZipFile(io.BytesIO(edition[1].package)) as package:
        names = package.namelist()
        assert b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")
        assert not [n for n in names if "vba" in n.lower() or "externalLink" in n]
        for name in names:
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in package.read(name)


class LargestSheet(SpecialSheet):
    """A toy: one live figure over all scenarios, which turns amber where it is large."""

    id = "largest"
    frozen = "B5"

    def place(self, places: layout.Layout, row: int) -> int:
        places.spots["largest"] = self.at(row + 2, layout.FIRST)
        return row + 3

    def write(self, page: Page) -> None:
        placed, spot = page.layout, page.layout.spots["largest"]
        keys = placed.model.keys["scenarios"]
        cells = placed.span(*(placed.spot("scenarios", "cards", keys[i]) for i in (0, -1)), self.id)
        page.put(spot.row, layout.LABEL, "most cards", "Label")
        page.formula(spot.row, spot.column, f"=MAX({cells})", "Key figure", "whole")

    def colour(self, page: Page) -> None:
        cell = f"D{page.layout.spots['largest'].row}"
        colour.add(page, cell, f"{cell}>1", colour.WARN)


def test_a_new_special_sheet_is_one_module_and_its_record(monkeypatch: pytest.MonkeyPatch, small_file) -> None:
    """It is placed, written, coloured, linked to, recalculated, and keeps every rule."""
    monkeypatch.setitem(sheets.SPECIAL, LargestSheet.id, LargestSheet())
    title = Text("Largest: one figure", "最大：一个数字")
    sheet = Sheet(LargestSheet.id, Text("Largest", "最大"), title, Text("The largest need.", "最大的需要。"), "7F7F7F")
    results = evaluate.evaluate(model.load(small_file(), replace(MODEL, sheets=(*MODEL.sheets, sheet))))
    placed, edition = built(results)
    spot = placed.spots["largest"]
    assert edition.values["Largest"][spot.row, spot.column] == pytest.approx(results.frame().loc["cards"].max())
    assert [str(finding) for finding in lint.check(edition.package, exceptions=EXCEPTIONS)] == []
    book = load_workbook(io.BytesIO(edition.package))
    assert [str(cells.sqref) for cells in book["Largest"].conditional_formatting] == ["A2", "B2", "D5"]
    assert book["Largest"].freeze_panes == "B5"
    assert title.en in edition.values["Summary"].values()


def test_no_module_but_its_own_knows_a_special_sheet() -> None:
    """Neither compares the id of a sheet with a special one nor keeps a list of them."""
    for path in Path(sheets.__file__).parents[1].rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare | ast.MatchValue):
                found = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
                assert not found & set(sheets.SPECIAL), f"{path.name}: line {node.lineno}"


def test_text_of_the_yaml_that_begins_like_a_formula_stays_text(small_file) -> None:
    changes = {("scenarios", "gpt4", "label"): "=HYPERLINK(1)", ("report", "title"): "@Three Gates"}
    results = evaluate.evaluate(load(small_file(changes)))
    placed, entry = built(results)
    found = [cell for _, cell in cells(load_workbook(io.BytesIO(entry.package))) if cell.value == "=HYPERLINK(1)"]
    assert found
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)
    assert "\n=" not in results_csv(results).replace(",", "\n")
    assert read_values(entry.package)[placed.sheet_name("cards")][3, 4] == "=HYPERLINK(1)"


def test_a_verdict_is_coloured_by_the_tone_of_its_word_whatever_the_word(small_yaml: Path) -> None:
    """Reworded in both languages, good stays green and bad stays red."""

    def reworded(field: Field) -> Field:
        words = tuple(Word(f"{word.en}, reworded", f"{word.zh}（改）", word.tone) for word in field.words)
        return replace(field, words=words)

    joined = model.load(small_yaml, replace(MODEL, equations=tuple(map(reworded, MODEL.equations))))
    placed, edition = built(evaluate.evaluate(joined))
    sheet = load_workbook(io.BytesIO(edition.package))[placed.sheet_name("published")]
    rules = {rule.formula[0]: rule.dxf.font.color.rgb[2:] for rules in sheet.conditional_formatting for rule in rules.rules if rule.dxf.font and rule.dxf.font.color}  # fmt: skip
    coloured = {word: ink for formula, ink in rules.items() for word in re.findall(r'"(.*)"', formula)}
    assert coloured["holds, reworded"] == GREEN
    assert coloured["not reproducible, reworded"] == RED
    assert "context only, reworded" not in coloured
