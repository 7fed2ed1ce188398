"""Colour beside the words, never instead of them."""

from __future__ import annotations

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from threegates.definition.declare import Field
from threegates.workbook.layout import (
    FIRST,
    STATUS_ROW,
    Spot,
    checks,
)
from threegates.workbook.page import Page
from threegates.workbook.styles import BAD_FILL, GREEN, RED, WARN_FILL


def colour(page: Page) -> None:
    """Colour beside the words, never instead of them: failures red, alerts amber, in the header and the tables."""
    layout = page.layout
    here, bad = page.sheet.id, {"fill": PatternFill("solid", end_color=BAD_FILL), "font": Font(color=RED, bold=True)}
    warn = {"fill": PatternFill("solid", end_color=WARN_FILL)}
    # the signs with which the texts begin in both languages; references to other sheets break in old programs
    for cell, sign, style in ((f"A{STATUS_ROW}", "✘", bad), (f"B{STATUS_ROW}", "✎", warn)):
        page.ws.conditional_formatting.add(cell, FormulaRule(formula=[f'LEFT({cell},1)="{sign}"'], **style))
    if here == "uncertainty":
        cell = f"{get_column_letter(FIRST + 1)}{STATUS_ROW}"
        page.ws.conditional_formatting.add(cell, FormulaRule(formula=[f'LEFT({cell},1)="✎"'], **warn))
    for block in layout.blocks_of(here):
        for position, field in enumerate(block.fields):
            if field.words or field.check:
                _colour_field(page, block.spot(position, 0), block.spot(position, len(block.keys) - 1), field)
    if here == "checks":
        spot, status = layout.spots["check_list"], layout.words["status"]
        column = get_column_letter(FIRST + 2)
        span = f"{column}{spot.row}:{column}{spot.row + len(checks(layout.model))}"
        for offset, style in ((1, bad), (2, warn)):
            rule = FormulaRule(
                formula=[f"{column}{spot.row}={layout.text(status.shift(columns=offset), here)}"], **style
            )
            page.ws.conditional_formatting.add(span, rule)
    if here == "shipped":
        first, count = layout.spots["shipped"], len(layout.model.inputs)
        span = f"A{first.row}:{get_column_letter(FIRST + 3)}{first.row + count - 1}"
        rule = FormulaRule(formula=[f"${get_column_letter(FIRST + 2)}{first.row}>0"], **warn)
        page.ws.conditional_formatting.add(span, rule)


def _colour_field(page: Page, first: Spot, last: Spot, field: Field) -> None:
    cell = f"{get_column_letter(first.column)}{first.row}"
    span = f"{cell}:{get_column_letter(last.column)}{last.row}"
    fill = PatternFill("solid", end_color=BAD_FILL if field.check != "alert" else WARN_FILL)
    if field.check:
        page.ws.conditional_formatting.add(span, FormulaRule(formula=[f"{cell}<1"], fill=fill))
        return
    for word in field.words:
        if word.tone:
            ink = GREEN if word.tone == "good" else RED
            rule = FormulaRule(formula=[f'{cell}="{word.of(page.language)}"'], font=Font(color=ink, bold=True))
            page.ws.conditional_formatting.add(span, rule)
