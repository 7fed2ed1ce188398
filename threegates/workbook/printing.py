"""How a sheet is seen and printed: widths, panes, paper, page breaks, header and footer."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from threegates.version import __version__
from threegates.workbook.layout import IDS_ROW, STATUS_ROW, TITLE_ROW
from threegates.workbook.page import Page
from threegates.workbook.sheets.special import SpecialSheet

PAGE_ROWS = 45  # that fit a page when rows have one line
A3 = 8  # paper size code of SpreadsheetML


def finish(page: Page, special: SpecialSheet, charts: tuple[int, int]) -> None:
    """Sets up view and print; ``charts`` are the rows where the charts begin and end, 0 and 0 where there are none."""
    ws = page.ws
    for column in range(1, page.last_column + 1):
        ws.column_dimensions[get_column_letter(column)].width = page.column_width(column)
    ws.freeze_panes = special.frozen
    ws.sheet_view.showGridLines = False
    ws.sheet_view.zoomScale = 90
    ws.sheet_properties.tabColor = page.sheet.colour
    _paper(page, special)
    if not special.upright:
        _breaks(page, charts[0])
    last = max(special.last_printed(page), charts[1])
    ws.print_area = f"A1:{get_column_letter(page.last_column)}{last}"


def _paper(page: Page, special: SpecialSheet) -> None:
    """Everything fits the width of the paper, and the header repeats on every page."""
    ws = page.ws
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.page_setup.orientation = "portrait" if special.upright else "landscape"
    ws.page_setup.paperSize = A3
    ws.page_setup.fitToWidth = 1
    ws.page_setup.fitToHeight = int(special.upright)  # 0: as many pages as it takes
    several = len(page.layout.blocks_of(page.sheet.id)) > 1 or special.further_headings
    # headings of the first table would mislead above the second
    ws.print_title_rows = f"{TITLE_ROW}:{STATUS_ROW if several else IDS_ROW}"
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.page_margins.top, ws.page_margins.bottom, ws.page_margins.footer = 0.5, 0.8, 0.3
    ws.oddFooter.left.text = f"Three Gates {__version__}"
    ws.oddFooter.center.text = "&A"
    ws.oddFooter.right.text = "&P / &N"
    for unused in ("oddHeader", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
        setattr(ws.HeaderFooter, unused, None)  # otherwise written as empty elements, as Excel never does


def _breaks(page: Page, chart: int) -> None:
    """Tables and charts that would not fit the page begin on a new one."""
    page_start = 0
    for block in page.layout.blocks_of(page.sheet.id)[1:]:
        if block.end - page_start > PAGE_ROWS:
            page_start = block.heading
            page.ws.row_breaks.append(Break(id=block.heading - 1))
    if chart:
        page.ws.row_breaks.append(Break(id=chart - 1))
