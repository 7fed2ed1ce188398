"""Model + Layout → an .xlsx without cached values, which the recalculation fills in; nothing is computed here."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from threegates.version import __version__
from threegates.workbook import blocks, charts, colour, lists, live_sentences, printing, sheets
from threegates.workbook.exceptions import CREATOR
from threegates.workbook.layout import Layout
from threegates.workbook.page import Build, Page
from threegates.workbook.sheets.special import SpecialSheet
from threegates.workbook.styles import Stylist


def write(layout: Layout, build: Build) -> bytes:
    """The package as bytes."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    stylist = Stylist(workbook, layout.language)
    for sheet in layout.model.sheets:
        special = sheets.of(sheet.id)
        worksheet = workbook.create_sheet(layout.sheet_name(sheet.id))
        _write_page(Page(worksheet, sheet, layout, stylist, build, special.widths), special)
    workbook.remove(stylist.scratch)
    _properties(workbook, layout)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:  # not compressed: sealing does
        _InMemory(workbook, archive).write_data()
    return stream.getvalue()


class _WriteOnly(io.BytesIO):
    """Not readable: the text layer above it would otherwise prepare for reading at each of 400,000 writes."""

    def readable(self) -> bool:
        return False


class _InMemory(ExcelWriter):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's writer without its temporary files, which a build that is killed would leave behind."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        writer = WorksheetWriter(ws, out=_WriteOnly())
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


def _write_page(page: Page, special: SpecialSheet) -> None:
    page.header()
    for block in page.layout.blocks_of(page.sheet.id):
        blocks.write_block(page, block)
    lists.below_tables(page)
    special.write(page)
    live_sentences.sentences(page)
    colour.colour(page)
    special.colour(page)
    first, last = charts.add_charts(page)
    special.close(page, last + 1)
    printing.finish(page, special, (first, last))


def _properties(workbook: Workbook, layout: Layout) -> None:
    report = layout.model.assumptions.report
    workbook.properties.title = report.title.of(layout.language)
    workbook.properties.creator = CREATOR
    workbook.properties.language = {"en": "en", "zh": "zh-CN"}[layout.language]
    workbook.properties.version = __version__
    workbook.calculation.fullCalcOnLoad = True
    workbook.security = None  # there is none, and an empty one confuses readers
