"""Model + Layout → an .xlsx without cached values; the recalculation fills them in. No numbers of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from threegates import __version__
from threegates.engine.montecarlo import Uncertainty
from threegates.workbook import blocks, charts, live_sentences
from threegates.workbook.exceptions import CREATOR
from threegates.workbook.layout import Layout
from threegates.workbook.page import Page
from threegates.workbook.sheets import checks, colour, lists, registers, shipped, summary, uncertainty
from threegates.workbook.styles import Stylist


def write(layout: Layout, compared: int, drawn: Callable[[], Uncertainty]) -> bytes:
    """The package as bytes. ``compared`` is how many numbers the build computes twice, ``drawn`` gives its Monte Carlo."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    stylist = Stylist(workbook, layout.language)
    for sheet in layout.model.sheets:
        page = Page(workbook.create_sheet(layout.sheet_name(sheet.id)), sheet, layout, stylist)
        _write_page(page, compared, drawn)
    workbook.remove(stylist.scratch)
    _properties(workbook, layout)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:  # not compressed: sealing does
        _InMemory(workbook, archive).write_data()
    return stream.getvalue()


class _InMemory(ExcelWriter):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's writer without its temporary files, which a build that is killed would leave behind."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        writer = WorksheetWriter(ws, out=io.BytesIO())
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


def _write_page(page: Page, compared: int, drawn: Callable[[], Uncertainty]) -> None:
    layout, name = page.layout, page.sheet.id
    page.header()
    for block in layout.blocks_of(name):
        blocks.write_block(page, block)
    lists.lists(page)
    lists.words(page)
    lists.legend(page)
    rows: dict[str, int] = {}
    match name:
        case "summary":
            summary.summary_text(page)
            summary.picker(page)
            summary.contents(page)
        case "checks":
            checks.check_list(page, compared)
            checks.rules_list(page)
        case "shipped":
            shipped.shipped(page)
        case "uncertainty":
            rows = uncertainty.lines(page, drawn())
        case "sources":
            registers.sources(page)
        case "words":
            registers.glossary(page)
        case "changes":
            registers.changes(page)
    live_sentences.sentences(page)
    colour.colour(page)
    first, last = charts.add_charts(page, rows)
    if name == "summary":
        summary.closing(page, last + 1)
        page.finish("A3", pages=1)
    else:
        page.finish("D5" if layout.blocks_of(name) or name == "uncertainty" else "B5", charts=(first, last))


def _properties(workbook: Workbook, layout: Layout) -> None:
    report = layout.model.assumptions.report
    workbook.properties.title = report.title.of(layout.language)
    workbook.properties.creator = CREATOR
    workbook.properties.language = {"en": "en", "zh": "zh-CN"}[layout.language]
    workbook.properties.version = __version__
    workbook.calculation.fullCalcOnLoad = True
