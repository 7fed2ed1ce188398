"""As shipped: every input as it was built, and what a reader has changed."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from threegates.definition.declare import Field
from threegates.formula import units
from threegates.text import Text
from threegates.workbook.layout import CHANGED_SHOWN, FIRST, FITS, ID, LABEL, UNIT, Spot
from threegates.workbook.page import Page, cell_value
from threegates.workbook.sheets.checks import status_formula


def shipped(page: Page) -> None:
    """Every input with the value that it was shipped with, beside the live one; what has changed is listed on top."""
    layout, model = page.layout, page.layout.model
    top, first = layout.spots["changed_list"], layout.spots["shipped"]
    count = len(model.inputs)
    page.widths |= {LABEL: 76.0, ID: 46.0}
    page.say(top.row - 2, LABEL, "changed_list", "Heading")
    for column, key in ((ID, "name"), (UNIT, "unit"), (FIRST, "shipped"), (FIRST + 1, "live")):
        page.say(top.row - 2, column, key, "Heading")
        page.say(first.row - 1, column, key, "Heading")
    page.say(first.row - 1, LABEL, "all_inputs", "Heading")
    page.say(first.row - 1, FIRST + 2, "changed", "Heading")
    page.say(first.row - 1, FIRST + 3, "running", "Heading")
    page.say(first.row - 1, FITS, "fits", "Heading")
    for offset, address in enumerate(model.inputs):
        _shipped_line(page, first.row + offset, address)
    for offset in range(-1, CHANGED_SHOWN - 1):
        _changed_line(page, top.row + offset, top.row - 1, first.row, first.row + count - 1)
    texts = layout.words["changed"]
    page.say(texts.row, LABEL, "changed_words", "Label")
    wording = ("nothing_changed", "some_changed", "as_drawn", "stale")
    for offset, key in enumerate(wording):
        page.say(texts.row, texts.column + offset, key, "Record text")
    page.fit_row(texts.row, [(texts.column + i, page.phrase(k)) for i, k in enumerate(wording)])
    status_formula(page, layout.spots["changed"], Spot("shipped", first.row + count - 1, FIRST + 3), texts)


def _shipped_line(page: Page, row: int, address: tuple[str, str, str]) -> None:
    layout, model = page.layout, page.layout.model
    table, name, key = address
    field, datum, here = model.fields[table, name], model.data.get(address), page.sheet.id
    live = layout.text(layout.spot(*address), here)
    entry = model.assumptions.entries[table][key].label
    label = f"{entry.of(page.language)}{page.phrase('colon')}{field.label.of(page.language)}"
    page.put(row, LABEL, label, "Label")
    page.fit_row(row, [(LABEL, label)])
    page.put(row, ID, layout.name(*address), "Name")
    unit = model.unit_of(field, key)
    page.put(row, UNIT, units.words(unit, page.language) if unit else "", "Unit")
    value = datum.value if datum is not None else None
    value = value.of(page.language) if isinstance(value, Text) else cell_value(value)
    number_format = model.format_of(field, key)
    page.put(row, FIRST, value, "Record", number_format)
    was = layout.text(Spot(here, row, FIRST), here, free="both")
    dash = layout.text(layout.spots["unknown"], here)
    page.formula(row, FIRST + 1, f"=IF(ISBLANK({live}),{dash},{live})", "Result", number_format)
    page.formula(row, FIRST + 2, f"=--({live}<>{was})", "Check", "whole")
    page.formula(row, FITS, _fits(field, live), "Check", "whole")
    changed = layout.text(Spot(here, row, FIRST + 2), here, free="both")
    above = layout.text(Spot(here, row - 1, FIRST + 3), here, free="both")
    page.formula(row, FIRST + 3, f"=MAX({above},0)+{changed}", "Check", "whole")


def _fits(field: Field, live: str) -> str:
    """1 where the live cell holds what the input asks for: a number (or date), a text, or nothing where it may."""
    kind = f"ISNUMBER({live})" if field.kind in ("number", "month", "date") else f"ISTEXT({live})"
    return f"=--({kind}+ISBLANK({live})>0)" if field.optional else f"=--{kind}"


def _changed_line(page: Page, row: int, top: int, first: int, last: int) -> None:
    """The k-th changed input, found by the running count; — when fewer have changed."""
    layout, here = page.layout, page.sheet.id
    total = layout.text(Spot(here, last, FIRST + 3), here)
    dash = layout.text(layout.spots["unknown"], here)
    running = layout.span(Spot(here, first, FIRST + 3), Spot(here, last, FIRST + 3), here)
    beside = get_column_letter(FITS + 1)  # a column that depends on nothing
    page.formula(row, LABEL, f"=ROWS({beside}${top}:{beside}{row})", "Check", "whole")
    for column in (ID, UNIT, FIRST, FIRST + 1):
        among = layout.span(Spot(here, first, column), Spot(here, last, column), here)
        text = f"=IF($A{row}>{total},{dash},INDEX({among},MATCH($A{row},{running},0)))"
        page.formula(row, column, text, "Result text")
