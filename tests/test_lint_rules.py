"""Each rule finds its breach in a copy of the default workbook, and finds it alone; both editions keep them all."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import formualizer
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from tests.conftest import Once, built, how_many, invoke, load
from tests.returning import packed, parts_of
from tests.small import dump, replaced, smallest
from threegates import lint
from threegates.engine import evaluate
from threegates.problems import InputError
from threegates.workbook.exceptions import EXCEPTIONS
from threegates.workbook.package import read_values, seal
from threegates.workbook.sheets.summary import FACTS_ROW, PICKER_ROW
from threegates.workbook.styles import NEVER, SPOKEN

Plant = Callable[[Any], None]


@pytest.mark.parametrize("count", [1, pytest.param(30, marks=pytest.mark.slow)])
def test_editions_of_few_and_of_many_scenarios_keep_every_rule(count: int, tmp_path: Path) -> None:
    data = smallest()
    few = {key: data["scenarios"][key] for key in ("gpt4", "gpt5_high")}
    more = {f"more_{i}": few["gpt5_high"] | {"label": f"More, case {i}"} for i in range(count - 1)}
    path = tmp_path / "many.yaml"
    path.write_text(dump(data | {"scenarios": data["scenarios"] | more}), "utf-8")
    assert lint.check(built(evaluate.evaluate(load(path)))[1].package, exceptions=EXCEPTIONS) == []


def resaved(package: bytes, plant: Plant) -> bytes:
    """The package with something planted by openpyxl, recalculated and sealed again as a build does."""
    workbook = load_workbook(io.BytesIO(package))
    plant(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    filled = formualizer.recalculate_xlsx_bytes(stream.getvalue())["bytes"]
    return seal(filled, read_values(filled), dt.date(2024, 4, 21), [("a chart",) * 3] * 9)


def put(sheet: str, cell: str, value: Any, like: str | None = None) -> Plant:
    def plant(workbook: Any) -> None:
        target = workbook[sheet][cell]
        if like is not None:
            target._style = workbook[sheet][like]._style
        target.value = value

    return plant


def row(sheet: str, line: int, **kwargs: Any) -> Plant:
    """Sets attributes of the cells of all scenarios in one row."""

    def plant(workbook: Any) -> None:
        for cell in workbook[sheet][line][3:6]:
            for name, value in kwargs.items():
                setattr(cell, name, value.format(column=cell.column_letter))

    return plant


def style(sheet: str, cell: str, **kwargs: Any) -> Plant:
    def plant(workbook: Any) -> None:
        for name, value in kwargs.items():
            setattr(workbook[sheet][cell], name, value)

    return plant


def together(*plants: Plant) -> Plant:
    def plant(workbook: Any) -> None:
        for one in plants:
            one(workbook)

    return plant


def line(workbook: Any, sheet: str, name: str, last: bool = False) -> int:
    """The row of an input or result, by its id: the first, or the last that bears it."""
    return [cell.row for cell in workbook[sheet]["B"] if cell.value == name][-1 if last else 0]


def typed_over(workbook: Any) -> None:
    """A number in place of a result that nothing reads: one that a formula reads would be no marked input, too."""
    workbook["Power"].cell(line(workbook, "Power", "average_draw_gw"), 4).value = 123


def unused_input(workbook: Any) -> None:
    """The one formula that reads a constant reads another instead."""
    energy, constant = line(workbook, "Power", "energy"), line(workbook, "Assumptions", "joules_per_kilowatt_hour")
    formula = f"={{column}}{energy}/Assumptions!$D${constant}"
    row("Power", line(workbook, "Power", "energy_twh"), value=formula)(workbook)


def array(workbook: Any) -> None:
    workbook["Power"]["F5"].value = ArrayFormula("F5", workbook["Power"]["F5"].value)


def validation_from_elsewhere(workbook: Any) -> None:
    made = DataValidation("list", formula1="Chips!$B$6:$B$9")
    made.add("Z1")
    workbook["Cards"].add_data_validation(made)


def no_validation(workbook: Any) -> None:
    validations = workbook["Assumptions"].data_validations.dataValidation
    validations[:] = [v for v in validations if "D13" not in v.cells]


def without_source(workbook: Any) -> None:
    sheet = workbook["Assumptions"]
    column = next(cell.column for cell in sheet[3] if cell.value == "source")
    sheet.cell(line(workbook, "Assumptions", "load_factor"), column).value = None


def many_digits(workbook: Any) -> None:
    row("Summary", 1 + line(workbook, "Summary", "chip", last=True), number_format="0.000000")(workbook)


def many_styles(workbook: Any) -> None:
    for i in range(20):
        workbook.add_named_style(NamedStyle(f"extra {i}", font=Font(name="Arial", size=9)))
        workbook["Words"].cell(10 + i, 2).style = f"extra {i}"


def text_like_a_formula(workbook: Any) -> None:
    cell = workbook["Power"]["A30"]
    cell.value, cell.data_type, cell._style = "=1+1", "s", workbook["Power"]["A5"]._style


def picker(workbook: Any) -> None:
    """A row of side-by-side results that moves with the picker."""
    for column in "DE":
        put("Power", f"{column}30", f"={column}5*(LEN(Summary!$B${PICKER_ROW})>0)", like="D5")(workbook)


def a_table(workbook: Any) -> None:
    sheet = workbook["Words"]
    for column, name in ((8, "a"), (9, "b")):
        sheet.cell(5, column, name)._style = sheet["A5"]._style
    sheet.add_table(Table(displayName="heads", ref="H5:I6"))


BY_OPENPYXL: dict[str, Plant] = {
    "tab_colours": lambda w: setattr(w["Power"].sheet_properties, "tabColor", None),
    "nothing_hidden": lambda w: setattr(w["Power"].row_dimensions[7], "hidden", True),
    "no_merged_cells": lambda w: w["Words"].merge_cells("H30:I31"),
    "a1_says_what": put("Power", "A1", 5),
    "frozen_panes": lambda w: setattr(w["Power"], "freeze_panes", "F9"),
    "print_setup": lambda w: setattr(w["Power"].page_setup, "orientation", "portrait"),
    "contents": lambda w: setattr(w["Power"]["D2"], "hyperlink", None),
    "opening_sheet": put("Summary", f"B{FACTS_ROW + 1}", "newest"),
    "same_columns": put("Power", "D3", "GPT-5, high case"),
    "inputs_are_typed": lambda w: put("Assumptions", f"D{(r := line(w, 'Assumptions', 'goodput'))}", f"=E{r}", like=f"D{r}")(w),
    "inputs_stand_out": style("Power", "A8", font=Font(name="Arial", size=10, color="0000FF"), fill=PatternFill("solid", start_color="FFF9E5")),
    "inputs_are_marked": together(put("Power", "C80", 5, like="C5"), put("Power", "D80", "=D5*C80", like="D5")),
    "inputs_are_validated": no_validation,
    "inputs_have_names": lambda w: w.defined_names.pop("mfu__gpt4"),
    "inputs_once": lambda w: put("Assumptions", f"A{line(w, 'Assumptions', 'campuses_used')}", "peak facility power over IT power")(w),
    "inputs_are_documented": without_source,
    "inputs_are_used": unused_input,
    "one_picker": picker,
    "lists_are_at_home": validation_from_elsewhere,
    "one_formula": lambda w: put("Power", "F6", f"=F5*Assumptions!F{line(w, 'Assumptions', 'capacity_factor')}")(w),
    "nothing_typed_over": typed_over,
    "not_protected": lambda w: setattr(w["Power"].protection, "sheet", True),
    "no_constants": put("Power", "D32", "=D5*2", like="D5"),
    "short_formulas": put("Power", "D34", "=" + "+".join(["D5"] * 60), like="D5"),
    "shallow_formulas": put("Power", "D36", "=IF(D5>0,IF(D6>0,1,0),0)", like="D5"),
    "no_volatile_functions": put("Power", "D38", "=D5*RAND()", like="D5"),
    "no_rounding": put("Power", "D40", "=ROUND(D5,0)", like="D5"),
    "shared_functions": put("Power", "D42", "=PRODUCT(D5,D6)", like="D5"),
    "no_arrays": array,
    "no_whole_columns": put("Power", "D44", "=SUM(Words!$H:$H)", like="D5"),
    "no_daisy_chains": put("Power", "D46", "=A2", like="D5"),
    "flow": put("Power", "D48", "=D5+Cost!D5", like="D5"),
    "no_equality": put("Power", "D50", "=IF(D5=D6,1,0)", like="D5"),
    "master_check_everywhere": put("Power", "A2", "no check here"),
    "no_errors": put("Power", "D52", "=D5/Words!$H$90", like="D5"),
    "text_stays_text": text_like_a_formula,
    "calculates_on_load": lambda w: setattr(w.calculation, "fullCalcOnLoad", False),
    "named_styles": many_styles,
    "one_format_a_row": style("Power", "F6", number_format="#,##0.000"),
    "explicit_fonts": style("Power", "A6", font=Font(name="Calibri", size=10, scheme="minor", color="1F1F1F")),
    "contrast": style("Power", "A6", font=Font(name="Arial", size=10, color="BBBBBB"), fill=PatternFill("solid", start_color="FFFFFF")),
    "separators": row("Power", 5, number_format="0"),
    "significant_figures": many_digits,
    "units_stand_apart": row("Power", 9, number_format='0.00" GW"'),
    "colour_is_not_alone": lambda w: w["Power"].conditional_formatting.add("D5:F5", ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color="FFC7CE")),
    "document_properties": lambda w: setattr(w.properties, "title", None),
    "no_comments": lambda w: setattr(w["Power"]["A6"], "comment", Comment("x", "y")),
}  # fmt: skip


def types_last(package: bytes) -> bytes:
    parts = parts_of(package)
    return packed(parts | {"[Content_Types].xml": parts.pop("[Content_Types].xml")})


def broken(package: bytes, name: str) -> bytes:
    breach = BY_PACKAGE[name]
    return breach(package) if callable(breach) else replaced(package, *breach)


POWER = r"xl/worksheets/sheet6\.xml"
FORMULA = r"<f>D5\*Assumptions!D28</f>"  # facility power at rated load
OUTSIDE = '<Relationship Id="out" Type="http://x.y/z" TargetMode="External" Target="http://x.y"/></Relationships>'
# In the package itself: the part, what is there, what is planted. Some are such that no engine would calculate them.
BY_PACKAGE: dict[str, tuple[str, str, str] | Callable[[bytes], bytes]] = {
    "opens": (r"xl/styles\.xml", r'<sz val="16"', '<sz val="sixteen"'),
    "parts_are_sound": (r"docProps/app\.xml", "</Properties>", ""),
    "parts_have_types": (r"\[Content_Types\]\.xml", r'<Override PartName="/docProps/app[^>]*>', ""),
    "links_lead_somewhere": (r"_rels/\.rels", r"docProps/app\.xml", "docProps/gone.xml"),
    "cells_in_order": (r"xl/worksheets/sheet10\.xml", '<row r="20"', '<row r="19"'),
    "values_are_valid": (POWER, '<c r="A4" s="([0-9]+)"[^>]*?(></c>| ?/>)', r'<c r="A4" s="\1" t="b"><v>2</v></c>'),
    "texts_are_shared": (POWER, r't="s"><v>[0-9]+</v>', 't="inlineStr"><is><t>Power: the second gate</t></is>'),
    "names_are_valid": (r"xl/workbook\.xml", 'name="energy__gpt4"', 'name="R1C1"'),
    "validations_are_valid": (r"xl/worksheets/sheet2\.xml", 'errorTitle="', 'errorTitle="' + "x" * 40),
    "within_limits": (POWER, "<oddFooter>&amp;L", "<oddFooter>&amp;L" + "x" * 256),
    "properties_are_plain": (r"docProps/core\.xml", r"(<dc:creator>.*?</dc:creator>)", r"\1\1"),
    "tables_match": (r"xl/tables/table1\.xml", 'name="a"', 'name="x"'),
    "chart_axes_exist": (r"xl/charts/chart1\.xml", r'<c:crossAx val="10" ?/>', '<c:crossAx val="999"/>'),
    "no_macros_or_outside_links": (r"xl/_rels/workbook\.xml\.rels", "</Relationships>", OUTSIDE),
    "cached_values": (POWER, r"</f><v ?>[^<]*</v>", "</f>"),
    "cached_values_are_true": (POWER, rf"({FORMULA}<v ?>)[^<]*", r"\g<1>5"),
    "chart_caches": (r"xl/charts/chart1\.xml", r"<c:numCache>.*?</c:numCache>", ""),
    "chart_axes": (r"xl/charts/chart1\.xml", r'<c:delete val="0" ?/>', '<c:delete val="1"/>'),
    "alternative_texts": (r"xl/drawings/drawing1\.xml", r' descr="[^"]*"', ""),
    "no_circles": (POWER, FORMULA, "<f>D8*Assumptions!D28</f>"),
    "sheets_exist": (POWER, FORMULA, "<f>D5*Nowhere!D28</f>"),
    "sheets_are_quoted": (POWER, FORMULA.replace("D", "E"), "<f>E5*2024!E28</f>"),
    "sheet_names": (r"xl/workbook\.xml", 'name="Words"', 'name="Words and many more of them, long"'),
    "usual_prefixes": (r"xl/drawings/drawing1\.xml", "xmlns:xdr=", 'xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:xdr='),
    "no_stray_blanks": (POWER, "</f><v>", "</f><v >"),
    "types_come_first": types_last,
    "axes_have_their_sides": (r"xl/charts/chart1\.xml", '<c:axPos val="b"/>', '<c:axPos val="l"/>'),
    "categories_are_of_their_kind": (r"xl/charts/chart1\.xml", r"<c:cat><c:strRef>(<c:f>.*?</c:f>)<c:strCache>.*?</c:strCache></c:strRef>", r'<c:cat><c:numRef>\1<c:numCache><c:pt idx="0"><c:v>1</c:v></c:pt></c:numCache></c:numRef>'),
    "formats_say_whose_they_are": (r"xl/charts/chart1\.xml", ' sourceLinked="0"', ""),
    "outlines_are_announced": (POWER, '<col width="', '<col outlineLevel="1" width="'),
    "styles_are_complete": (r"xl/styles\.xml", "<left/>", ""),
}  # fmt: skip
# What cannot be broken without something else: the name of a sheet is in its links, a formula in its row and its value.
CALCULATED = {"cached_values_are_true"}
IN_A_FORMULA = {"one_formula", *CALCULATED}
ALSO = {
    "inputs_are_used": {"significant_figures"},  # another constant makes another number, on Summary too
    "no_daisy_chains": {"one_picker"},  # a link to the master check, which looks at the pick
    "cells_in_order": CALCULATED,  # the engine refuses such a file, and the rule says so
    "tables_match": CALCULATED,
    "values_are_valid": CALCULATED,
    "no_circles": {*IN_A_FORMULA, "flow"},
    "sheets_exist": IN_A_FORMULA,
    "sheets_are_quoted": {*IN_A_FORMULA, "sheets_exist"},
    "sheet_names": {"contents", "names_are_valid", "links_lead_somewhere"},
}


@pytest.mark.slow  # the batches below find what is planted and nothing else
def test_a_copy_in_which_nothing_is_planted_keeps_every_rule(small_package: bytes) -> None:
    assert lint.check(resaved(small_package, lambda _: None), exceptions=EXCEPTIONS) == []


def test_every_rule_has_its_breach() -> None:
    assert {*BY_OPENPYXL, *BY_PACKAGE} == set(lint.RULES)


# Many breaches in one copy; `make slow` plants each alone.
BATCHES = [tuple(list(BY_OPENPYXL)[first::2]) for first in range(2)]


@pytest.mark.parametrize("names", [*BATCHES, *(pytest.param((n,), marks=pytest.mark.slow) for n in BY_OPENPYXL)])
def test_each_rule_finds_its_breach_and_no_other_does(names: tuple[str, ...], small_package: bytes) -> None:
    found = lint.check(resaved(small_package, together(*(BY_OPENPYXL[name] for name in names))), exceptions=EXCEPTIONS)
    also = set().union(*(ALSO.get(name, set()) for name in names))
    assert set(names) <= {finding.rule for finding in found} <= set(names) | also, found


# A number format, a value, and what the rules find in it: words stand for a date or beside one, not for a unit.
DATED = [
    *((text.of(language), value, set()) for text in SPOKEN.values() for language in ("en", "zh") for value in (0, 46_000, NEVER)),
    ('[>=2958465]"never";yyyy-mm-dd', NEVER, set()),
    ('[>=2958465]0" days";yyyy-mm-dd', NEVER, {"separators", "units_stand_apart"}),
    ('"as of "0', 46_000, {"separators", "units_stand_apart"}),
    ('[<1]"open";0', 46_000, {"separators", "units_stand_apart"}),
    ('#,##0" MW"', 46_000, {"units_stand_apart"}),
    ("[<1]0.0;0", 46_000, {"separators"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "expected"), DATED)
def test_words_in_the_format_of_a_date_are_no_units(code: str, value: float, expected: set[str]) -> None:
    workbook = Workbook()
    workbook.active["B3"] = value
    workbook.active["B3"].number_format = code
    stream = io.BytesIO()
    workbook.save(stream)
    found = {finding.rule for finding in lint.check(stream.getvalue())}
    assert found & {"separators", "units_stand_apart"} == expected
    assert expected or "significant_figures" not in found


def test_whatever_is_typed_over_a_result_or_a_status_is_found(small_package: bytes) -> None:
    row = line(load_workbook(io.BytesIO(small_package)), "Checks", "shares_within_one", last=True)
    typed = {"Power!F12": 123, "Power!E12": "n/a", "Power!E14": True, "Power!D12": 0, f"Checks!F{row}": "pass"}
    plants = [put(*place.split("!"), value) for place, value in typed.items()]
    found = lint.check(resaved(small_package, together(*plants)), exceptions=EXCEPTIONS)
    assert {f.place for f in found if f.rule == "nothing_typed_over"} == set(typed)


def test_a_master_check_that_no_sheet_shows_is_missed(small_package: bytes) -> None:
    """The other sign of the header, which counts changed inputs, does not stand in for it."""

    def gone(workbook: Any) -> None:
        for sheet in workbook:
            if sheet.title != "Checks":
                sheet["A2"].value = None

    found = lint.check(resaved(small_package, gone), exceptions=EXCEPTIONS)
    assert {finding.rule for finding in found} == {"master_check_everywhere"}


# Some break what others need; the rest are planted together, and one by one in `make slow`.
GROUPS = (
    ("opens",), ("parts_are_sound",), ("cached_values_are_true",), ("sheet_names", "sheets_exist"),
    ("no_circles", "sheets_are_quoted"),
)  # fmt: skip
TOGETHER = tuple(name for name in BY_PACKAGE if not any(name in group for group in GROUPS))


@pytest.mark.parametrize(
    "names", [TOGETHER, *GROUPS, *(pytest.param((name,), marks=pytest.mark.slow) for name in BY_PACKAGE)]
)
def test_each_rule_finds_its_breach_in_the_package_and_no_other_does(
    names: tuple[str, ...], small_package: bytes
) -> None:
    package = resaved(small_package, a_table) if "tables_match" in names else small_package
    for name in names:
        package = broken(package, name)
    found = {finding.rule for finding in lint.check(package, exceptions=EXCEPTIONS)}
    assert set(names) <= found <= set(names).union(*(ALSO.get(name, set()) for name in names))


@pytest.fixture(scope="module")
def breaches(edition, once: Once) -> list[lint.Finding]:
    """What the default workbook breaks, exceptions included."""
    placed, entry = edition
    return once(f"breaches_{placed.language}", lambda: lint.breaches(entry.package))


@pytest.mark.parametrize("edition", ["en", pytest.param("zh", marks=pytest.mark.slow)], indirect=True)
def test_both_editions_keep_every_rule(breaches: list[lint.Finding]) -> None:
    assert [finding for finding in breaches if not any(exemption.covers(finding) for exemption in EXCEPTIONS)] == []


@pytest.mark.parametrize("edition", ["en", pytest.param("zh", marks=pytest.mark.slow)], indirect=True)
def test_every_exception_is_needed_and_argued(edition, breaches: list[lint.Finding]) -> None:
    """None is kept for show: each covers a breach that no other does.

    The names of Chinese sheets are shorter, and so are the formulas that name them.
    """
    short = {"short_formulas"} if edition[0].language == "zh" else set()
    for exemption in EXCEPTIONS:
        assert exemption.reason.en
        assert exemption.reason.zh
        others = [e for e in EXCEPTIONS if e is not exemption]
        alone = {f.rule for f in breaches if exemption.covers(f) and not any(e.covers(f) for e in others)}
        assert set(exemption.rules) - short <= alone <= set(exemption.rules), exemption


def test_rules_say_themselves_in_both_languages_and_where_they_come_from() -> None:
    for entry in lint.RULES.values():
        assert entry.sentence.en.endswith(".")
        assert entry.sentence.zh.endswith("。")
        assert entry.standard


def test_lint_passes_on_a_workbook_of_ours_and_says_so(small_package: bytes, tmp_path: Path) -> None:
    (tmp_path / "scenarios.xlsx").write_bytes(small_package)
    done = invoke("lint", tmp_path / "scenarios.xlsx")
    assert done.returncode == 0, done.stdout
    assert f"{len(lint.RULES)} rules checked, 0 breaches" in done.stdout


def test_the_exceptions_are_those_of_our_workbook_alone(tmp_path: Path) -> None:
    """A stranger's sheet that happens to be called Summary is held against every rule."""
    workbook = Workbook()
    workbook.active.title = "Summary"
    workbook.active["A1"] = "upright"
    workbook.save(tmp_path / "other.xlsx")
    done = invoke("lint", tmp_path / "other.xlsx")
    assert "Summary: print_setup: prints without landscape" in done.stdout
    assert done.stdout.endswith(" 0 exceptions\n")


def test_lint_names_what_is_wrong_in_a_strangers_workbook(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active["B2"] = "=NOW()+7"
    workbook.save(tmp_path / "other.xlsx")
    done = invoke("lint", tmp_path / "other.xlsx")
    assert done.returncode == 1
    assert "no_volatile_functions" in done.stdout
    assert "Sheet!B2" in done.stdout


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html>", b"x" * 1000])
def test_lint_says_in_one_sentence_that_a_file_is_no_workbook(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(content)
    done = invoke("lint", path)
    assert done.returncode == 1
    assert re.fullmatch(r"other\.xlsx: the file: cannot be read as an \.xlsx workbook: \w+; .*\n", done.stderr)


@pytest.mark.parametrize("count", how_many(2, 500, parts=2))
def test_lint_survives_any_file(count: int, small_package: bytes, record_property) -> None:
    """Any part of the package cut, doubled, emptied or garbled: findings, or one sentence that it is no workbook."""
    with zipfile.ZipFile(io.BytesIO(small_package)) as package:
        names = package.namelist()

    @given(name=st.sampled_from(names), where=st.floats(0, 1), junk=st.binary(max_size=20), blow=st.integers(0, 4))
    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    def survives(name: str, where: float, junk: bytes, blow: int) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(small_package)) as source, zipfile.ZipFile(out, "w") as target:
            for part in names:
                content = source.read(part)
                cut = int(where * len(content))
                if part == name:
                    garbled = (content[:cut], content[:cut] + junk + content[cut:], b"", junk, content * 2)[blow]
                    target.writestr(part, garbled)
                else:
                    target.writestr(part, content)
        data = out.getvalue()
        lint.check(data)
        with contextlib.suppress(InputError):
            lint.check(data[: int(where * len(data))] + junk)

    survives()
    record_property("broken workbooks linted", 2 * count)


def test_a_package_that_would_unpack_to_a_flood_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(3):
            target.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 40_000_000)
    with pytest.raises(InputError, match=r"bomb: the file: unpacks to 120,000,000 bytes, above 50,000,000"):
        lint.check(out.getvalue(), "bomb")


def test_lint_of_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    done = invoke("lint", tmp_path / "none.xlsx")
    assert done.returncode == 1
    assert done.stderr.startswith("none.xlsx: the file: cannot be read: no such file or directory")
