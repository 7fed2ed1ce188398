"""Colour beside the words, never instead of them: failures red, alerts amber, in the header and the tables."""

from __future__ import annotations

from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from threegates.definition.declare import Field
from threegates.workbook.layout import ID, LABEL, STATUS_ROW, Block, Spot
from threegates.workbook.page import Page, area
from threegates.workbook.styles import BAD_FILL, COUNTS_FILL, GREEN, RED, WARN_FILL

Style = dict[str, Any]
FAILED: Style = {"fill": PatternFill("solid", end_color=BAD_FILL)}
COUNTS: Style = {"fill": PatternFill("solid", end_color=COUNTS_FILL), "font": Font(color=GREEN, bold=True)}
WARN: Style = {"fill": PatternFill("solid", end_color=WARN_FILL)}
BAD: Style = {**FAILED, "font": Font(color=RED, bold=True)}
FAILS, CHANGED = "✘", "✎"  # the signs with which texts of the header begin in both languages


def add(page: Page, cells: str, formula: str, style: Style) -> None:
    """Cells in ``style`` while ``formula`` is true; a reference to another sheet would break in old programs."""
    page.ws.conditional_formatting.add(cells, FormulaRule(formula=[formula], **style))


def sign(page: Page, column: int, mark: str, style: Style) -> None:
    """A cell of the header in ``style`` while its text begins with ``mark``."""
    cell = f"{get_column_letter(column)}{STATUS_ROW}"
    add(page, cell, f'LEFT({cell},1)="{mark}"', style)


def colour(page: Page) -> None:
    """The header, and every check and word of the tables."""
    sign(page, LABEL, FAILS, BAD)
    sign(page, ID, CHANGED, WARN)
    for block in page.layout.blocks_of(page.sheet.id):
        for position, field in enumerate(block.fields):
            if field.words or field.check:
                _colour_field(page, block, position, field)


def _colour_field(page: Page, block: Block, position: int, field: Field) -> None:
    first, last = block.ends(position)
    cell = f"{get_column_letter(first.column)}{first.row}"
    if field.check:
        add(page, area(first, last), f"{cell}<1", WARN if field.check == "alert" else FAILED)
        return
    for word in field.words:
        said = f'"{word.of(page.language)}"'
        if word.tone == "row":
            for ends in ((first, last), (Spot(first.sheet, first.row, LABEL), Spot(last.sheet, last.row, LABEL))):
                add(page, area(*ends), f"${cell}={said}", COUNTS)
        elif word.tone:
            ink = Font(color=GREEN if word.tone == "good" else RED, bold=True)
            add(page, area(first, last), f"{cell}={said}", {"font": ink})
