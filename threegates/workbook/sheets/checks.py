"""What a reader can check: the list of checks with the master check, and every input as it was shipped."""

from __future__ import annotations

from threegates.definition.declare import Field
from threegates.lint import RULES
from threegates.workbook.exceptions import EXCEPTIONS
from threegates.workbook.layout import FIRST, FITS, ID, LABEL, UNIT, Spot, checks
from threegates.workbook.page import Page


def check_list(page: Page, compared: int) -> None:
    """One line a check, whatever its table: how many cells pass; then the master check."""
    layout, model = page.layout, page.layout.model
    spot = layout.spots["check_list"]
    row = spot.row - 1
    heads = ((LABEL, "check"), (ID, "id"), (UNIT, "class"), (FIRST, "passes"), (FIRST + 1, "of"), (FIRST + 2, "status"))
    for column, key in heads:
        page.say(row, column, key, "Heading")
    status = layout.words["status"]
    for offset, field in enumerate(checks(model)):
        _check_line(page, field, spot.row + offset, status)
    last = spot.row + len(checks(model))
    _inputs_line(page, last, status)
    _total(page, layout.spots["errors_failed"], "errors_failed", status, spot.row, last, fails=True)
    _total(page, layout.spots["alerts_raised"], "alerts_raised", status, spot.row, last, fails=False)
    double = layout.spots["double_entry"]
    page.put(double.row, LABEL, page.phrase("double_entry").format(count=f"{compared:,}"), "Normal text")
    for key, name, texts in (
        ("master", "master_words", ("all_pass", "some_fail", "alerts")),
        ("status", "status_words", ("pass", "fail", "alert")),
    ):
        first = layout.words[key]
        page.say(first.row, LABEL, name, "Label")
        for column, text in enumerate(texts):
            page.say(first.row, first.column + column, text, "Record text")
        page.fit_row(first.row, [(first.column + i, page.phrase(text)) for i, text in enumerate(texts)])
    raised = layout.text(layout.spots["alerts_raised"], page.sheet.id)
    alerts = f"&{layout.text(layout.words['master'].shift(columns=2), page.sheet.id)}&{raised}"
    status_formula(page, layout.spots["master"], layout.spots["errors_failed"], layout.words["master"], alerts)


def rules_list(page: Page) -> None:
    """How many rules of form every edition is held against, and where one is broken on purpose, with the reason."""
    spot = page.layout.spots["rules"]
    page.put(spot.row, LABEL, page.phrase("rules").format(count=len(RULES)), "Heading")
    page.say(spot.row, ID, "where", "Heading")
    page.say(spot.row, UNIT, "why", "Heading")
    page.fit_row(spot.row, [(LABEL, page.phrase("rules").format(count=len(RULES)))])
    own = {"en": slice(0, None, 2), "zh": slice(1, None, 2)}[page.language]  # the names stand in pairs
    for row, exemption in enumerate(EXCEPTIONS, start=spot.row + 1):
        space = " " if page.language == "en" else ""
        sentence = space.join(RULES[name].sentence.of(page.language) for name in exemption.rules)
        names = page.phrase("comma").join(exemption.sheets[own] or exemption.sheets)
        page.put(row, LABEL, sentence, "Label")
        page.put(row, ID, f"{names} {exemption.cells}".strip(), "Name")
        page.put(row, UNIT, exemption.reason.of(page.language), "Normal text")
        page.fit_row(row, [(LABEL, sentence)])


def _check_line(page: Page, field: Field, row: int, status: Spot) -> None:
    layout = page.layout
    keys = layout.model.keys[field.table]
    cells = layout.span(
        layout.spot(field.table, field.id, keys[0]), layout.spot(field.table, field.id, keys[-1]), page.sheet.id
    )
    label = field.label.of(page.language)
    page.put(row, LABEL, label, "Label")
    page.fit_row(row, [(LABEL, label)])
    page.put(row, ID, field.id, "Name")
    page.say(row, UNIT, f"class_{field.check}", "Unit")
    _counts(page, row, cells, status.shift(columns=1 if field.check == "error" else 2), status)


def _inputs_line(page: Page, row: int, status: Spot) -> None:
    """Whether every input is of its kind: a number that somebody has cleared or overtyped is an error, not a 0."""
    first, count = page.layout.spots["shipped"], len(page.layout.model.inputs)
    column = first.shift(columns=FITS - 1)
    cells = page.layout.span(column, column.shift(rows=count - 1), page.sheet.id)
    page.say(row, LABEL, "inputs_fit", "Label")
    page.fit_row(row, [(LABEL, page.phrase("inputs_fit"))])
    page.put(row, ID, "inputs_fit", "Name")
    page.say(row, UNIT, "class_error", "Unit")
    _counts(page, row, cells, status.shift(columns=1), status)


def _counts(page: Page, row: int, cells: str, otherwise: Spot, status: Spot) -> None:
    """How many cells are 1, of how many, and the word for it."""
    layout, here = page.layout, page.sheet.id
    page.formula(row, FIRST, f"=COUNTIF({cells},1)", "Check", "whole")
    page.formula(row, FIRST + 1, f"=ROWS({cells})*COLUMNS({cells})", "Check", "whole")
    passes, of = (layout.text(Spot(here, row, FIRST + i), here, free="both") for i in (0, 1))
    text = f"=IF({passes}<{of},{layout.text(otherwise, here)},{layout.text(status, here)})"
    page.formula(row, FIRST + 2, text, "Check")


def _total(page: Page, spot: Spot, key: str, status: Spot, first: int, last: int, fails: bool) -> None:
    """Counts the words FAIL or look, so that an error value in a check counts as a failure."""
    layout, here = page.layout, page.sheet.id
    column = layout.span(Spot(here, first, FIRST + 2), Spot(here, last, FIRST + 2), here)
    word = layout.text(status.shift(columns=1 if fails else 2), here)
    page.say(spot.row, LABEL, key, "Label")
    page.formula(spot.row, spot.column, f"=COUNTIF({column},{word})", "Key figure", "whole")


def status_formula(page: Page, spot: Spot, count: Spot, texts: Spot, more: str = "") -> None:
    """The sentence of the header: good news, or the count behind the bad news, and ``more``."""
    here, layout = page.sheet.id, page.layout
    good, bad, number = (layout.text(s, here) for s in (texts, texts.shift(columns=1), count))
    page.formula(spot.row, spot.column, f"=IF({number}<1,{good},{bad}&{number}){more}", "Status")
