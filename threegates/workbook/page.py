"""A sheet being written: puts values with their styles, keeps row heights, and sets up view and print."""

from __future__ import annotations

import datetime as dt
from copy import copy
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from threegates import __version__
from threegates.definition.declare import Sheet
from threegates.definition.wording import PHRASES
from threegates.workbook.layout import FIRST, ID, IDS_ROW, LABEL, STATUS_ROW, TITLE_ROW, UNIT, Layout
from threegates.workbook.styles import POINTS_PER_LINE, TALLEST_ROW_POINTS, Stylist, lines

WIDTHS = {LABEL: 40.0, ID: 22.0, UNIT: 17.0}
SUMMARY_WIDTHS = {LABEL: 42.0, ID: 18.0, UNIT: 11.0}  # more of it on a phone
DATA_WIDTH = 15.0
NAMED_WIDTH = 60.0  # of labels that a formula gives: their rows cannot grow with them
FACT_WIDTH = 11.5  # many narrow columns
FACT_TEXT_WIDTHS = {"text": 28.0, "link": 18.0}
DOCUMENTATION_WIDTHS = (38.0, 46.0, 24.0, 18.0)
FACT_DOCUMENTATION_WIDTHS = (10.0, 74.0, 40.0, 16.0)
SMALLER = 1.18  # letters of notes that fit where one of other cells does
PAGE_ROWS = 45  # that fit a page when rows have one line
A3 = 8  # paper size code of SpreadsheetML


class Page:
    """One sheet of the workbook, in the edition's language."""

    def __init__(self, worksheet: Worksheet, sheet: Sheet, layout: Layout, stylist: Stylist) -> None:
        self.ws = worksheet
        self.sheet = sheet
        self.layout = layout
        self.stylist = stylist
        self.language = layout.language
        self.widths: dict[int, float] = dict(SUMMARY_WIDTHS if sheet.id == "summary" else WIDTHS)
        blocks = layout.blocks_of(sheet.id)
        facts = any(block.table.facts for block in blocks)
        self.data_width = FACT_WIDTH if facts else DATA_WIDTH
        if facts:
            for block in blocks:
                fields = enumerate(block.fields, start=block.first.column)
                self.widths |= {
                    column: FACT_TEXT_WIDTHS[field.kind]
                    for column, field in fields
                    if field.kind in FACT_TEXT_WIDTHS and column > UNIT and not block.named
                }
        if any(block.documented for block in blocks):
            texts = FACT_DOCUMENTATION_WIDTHS if facts else DOCUMENTATION_WIDTHS
            if facts and any(b.across or any(field.kind == "formula" for field in b.fields) for b in blocks):
                texts = (DOCUMENTATION_WIDTHS[0], *texts[1:])  # each record has an equation of its own
            self.widths |= dict(enumerate(texts, start=layout.documentation(sheet.id)))
        if any(block.named for block in blocks):
            self.widths[LABEL] = NAMED_WIDTH
        self.last_column = FIRST

    def put(self, row: int, column: int, value: Any, style: str, number_format: str = "general") -> None:
        """Writes text as text, numbers as numbers, dates as dates; only ``formula`` writes formulas."""
        cell = self.ws.cell(row, column)
        if isinstance(value, str) and value:
            cell.value = value
            cell.data_type = "s"  # text that begins with = stays text
        elif value != "":
            cell.value = value
        self.stylist.apply(cell, style, number_format)
        if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
            cell._style = copy(cell._style)
            cell.quotePrefix = True  # and stays so when a reader edits it
        self.last_column = max(self.last_column, column)

    def formula(self, row: int, column: int, text: str, style: str, number_format: str = "general") -> None:
        cell = self.ws.cell(row, column)
        cell.value = text
        self.stylist.apply(cell, style, number_format)
        self.last_column = max(self.last_column, column)

    def phrase(self, key: str) -> str:
        return PHRASES[key].of(self.language)

    def say(self, row: int, column: int, key: str, style: str) -> None:
        self.put(row, column, self.phrase(key), style)

    def link(self, row: int, column: int, sheet: str, text: str) -> None:
        """A link to A1 of another sheet of this workbook."""
        self.put(row, column, text, "Link")
        cell = self.ws.cell(row, column)
        name = self.layout.sheet_name(sheet).replace("'", "''")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!A1", display=text)

    def header(self) -> None:
        """Title, master check, what a reader has changed, as of when, and the way home: the same on every sheet."""
        self.put(TITLE_ROW, LABEL, self.sheet.title.of(self.language), "Title")
        self.ws.row_dimensions[TITLE_ROW].height = 24
        for name, column in (("master", LABEL), ("changed", ID)):
            spot = self.layout.spots[name]
            if spot.sheet != self.sheet.id:
                self.formula(STATUS_ROW, column, "=" + self.layout.text(spot, self.sheet.id), "Status")
        report = self.layout.model.assumptions.report
        self.put(STATUS_ROW, UNIT, f"{self.phrase('as_of')} {report.as_of.isoformat()}", "Status")
        if self.sheet.id != "summary":
            self.link(STATUS_ROW, FIRST, "summary", self.phrase("home"))
            self.put(TITLE_ROW, FIRST, self.sheet.lead.of(self.language), "Normal text")

    def fit_row(self, row: int, cells: list[tuple[int, str]], bold: bool = False) -> None:
        """Raises the row so that each wrapped text of ``cells`` (column, text) is seen whole."""
        narrower = 0.92 if self.language == "zh" or bold else 1.0  # YaHei's Latin letters are wider than Arial's
        notes = max(self.widths, default=0) - len(DOCUMENTATION_WIDTHS)  # the last columns are in smaller type
        tallest = max(
            (lines(t, self.column_width(c) * narrower * (SMALLER if c > notes else 1)) for c, t in cells), default=1
        )
        if tallest > 1:
            self.ws.row_dimensions[row].height = min(tallest * POINTS_PER_LINE + 2, TALLEST_ROW_POINTS)

    def column_width(self, column: int) -> float:
        return self.widths.get(column, self.data_width)

    def finish(self, frozen: str, pages: int = 0, charts: tuple[int, int] = (0, 0)) -> None:
        """Widths, panes and print: everything fits the width of the paper (and ``pages``, if given), the header repeats."""
        ws = self.ws
        for column in range(1, self.last_column + 1):
            ws.column_dimensions[get_column_letter(column)].width = self.column_width(column)
        ws.freeze_panes = frozen
        ws.sheet_view.showGridLines = False
        ws.sheet_view.zoomScale = 90
        ws.sheet_properties.tabColor = self.sheet.colour
        ws.sheet_properties.pageSetUpPr.fitToPage = True
        ws.page_setup.orientation = "portrait" if pages else "landscape"
        ws.page_setup.paperSize = A3
        ws.page_setup.fitToWidth = 1
        ws.page_setup.fitToHeight = pages
        blocks = self.layout.blocks_of(self.sheet.id)
        # headings of the first table would mislead above the second
        repeated = IDS_ROW if len(blocks) < 2 and self.sheet.id not in ("checks", "shipped") else STATUS_ROW
        ws.print_title_rows = f"{TITLE_ROW}:{repeated}"
        if not pages:
            page_start = 0
            for block in blocks[1:]:
                if block.end - page_start > PAGE_ROWS:
                    page_start = block.heading
                    ws.row_breaks.append(Break(id=block.heading - 1))
            if charts[0]:  # a chart is not cut in two
                ws.row_breaks.append(Break(id=charts[0] - 1))
        last = self.layout.spots["shipped"].row - 2 if self.sheet.id == "shipped" else ws.max_row
        last = max(last, charts[1])
        ws.print_area = f"A1:{get_column_letter(self.last_column)}{last}"
        ws.page_margins.left = ws.page_margins.right = 0.4
        ws.page_margins.top, ws.page_margins.bottom, ws.page_margins.footer = 0.5, 0.8, 0.3
        ws.oddFooter.left.text = f"Three Gates {__version__}"
        ws.oddFooter.center.text = "&A"
        ws.oddFooter.right.text = "&P / &N"


def cell_value(value: Any) -> Any:
    """An input as openpyxl takes it."""
    return dt.datetime(value.year, value.month, value.day) if type(value) is dt.date else value
