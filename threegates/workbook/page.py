"""A sheet being written: puts values with their styles, names and validations, and keeps widths and row heights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from threegates.definition.declare import PER_RECORD, Sheet
from threegates.definition.wording import PHRASES
from threegates.engine.montecarlo import Uncertainty
from threegates.formula import units
from threegates.formula.readers import Address
from threegates.inputs.assumptions import AS_OF, DATES
from threegates.text import Text
from threegates.workbook.formulas import Formulas
from threegates.workbook.layout import FIRST, ID, LABEL, STATUS_ROW, TITLE_ROW, UNIT, Layout, Spot
from threegates.workbook.styles import POINTS_PER_LINE, TALLEST_ROW_POINTS, Stylist, lines

DATA_WIDTH = 15.0
AS_OF_WIDTH = 16.0  # of the day with words before it
NAMED_WIDTH = 60.0  # of labels that a formula gives: their rows cannot grow with them
FACT_WIDTH = 11.5  # many narrow columns
FACT_TEXT_WIDTHS = {"text": 28.0, "link": 20.0}
FACT_WORD_WIDTH = 14.0  # of what a code of a formula says
DOCUMENTATION_WIDTHS = (38.0, 46.0, 24.0, 18.0)
FACT_DOCUMENTATION_WIDTHS = (10.0, 74.0, 40.0, 16.0)
UNREACHED = 16_385  # one more than Excel has columns
SMALLER = 1.12  # letters of notes that fit where one of other cells does


@dataclass(frozen=True)
class Build:
    """What a build knows beside the model: how many numbers it computes twice, and its Monte Carlo."""

    compared: int
    uncertainty: Callable[[], Uncertainty]


class Page:
    """One sheet of the workbook, in the edition's language."""

    def __init__(
        self,
        worksheet: Worksheet,
        sheet: Sheet,
        layout: Layout,
        stylist: Stylist,
        build: Build,
        widths: Mapping[int, float],
    ) -> None:
        self.ws = worksheet
        self.build = build
        self.sheet = sheet
        self.layout = layout
        self.formulas = Formulas(layout)
        self.stylist = stylist
        self.language = layout.language
        blocks = layout.blocks_of(sheet.id)
        self.data_width = FACT_WIDTH if any(block.table.facts for block in blocks) else DATA_WIDTH
        self.widths = dict(widths) | _widths(layout, sheet.id)
        # The first of the last columns, which are in smaller type.
        self.notes = layout.documentation(sheet.id) if any(block.documented for block in blocks) else UNREACHED
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

    def given(self, address: Address) -> Any:
        """An input as a cell holds it; None where it is not given."""
        datum = self.layout.model.data.get(address)
        value = datum.value if datum is not None else None
        return value.of(self.language) if isinstance(value, Text) else cell_value(value)

    def unit(self, unit: str) -> str:
        """A unit in words; nothing for texts."""
        if unit == PER_RECORD:
            return self.phrase("own_units")
        return units.words(unit, self.language) if unit else ""

    def phrase(self, key: str) -> str:
        return PHRASES[key].of(self.language)

    def say(self, row: int, column: int, key: str, style: str) -> None:
        self.put(row, column, self.phrase(key), style)

    def line(self, row: int, label: str, name: str, unit: str) -> None:
        """The left of a row: its label in as many lines as it takes, its id and its unit."""
        self.put(row, LABEL, label, "Label")
        self.put(row, ID, name, "Name")
        self.put(row, UNIT, unit, "Unit")
        self.fit_row(row, [(LABEL, label)])

    def wording(self, first: Spot, label: str, words: Sequence[str]) -> None:
        """Words that formulas look up, in a row from ``first`` on, with what they are for at the left."""
        self.put(first.row, LABEL, label, "Label")
        cells = list(enumerate(words, start=first.column))
        for column, word in cells:
            self.put(first.row, column, word, "Record text")
        self.fit_row(first.row, [(LABEL, label), *cells])

    def link(self, row: int, column: int, sheet: str, text: str) -> None:
        """A link to A1 of another sheet of this workbook."""
        self.put(row, column, text, "Link")
        cell = self.ws.cell(row, column)
        location = f"{quote_sheetname(self.layout.sheet_name(sheet))}!A1"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, display=text)

    def header(self) -> None:
        """Title, master check, what a reader has changed, as of when, and the way home: the same on every sheet."""
        home = self.layout.model.sheets[0].id
        title = self.layout.model.assumptions.report.title if self.sheet.id == home else self.sheet.title
        self.put(TITLE_ROW, LABEL, title.of(self.language), "Title")
        self.ws.row_dimensions[TITLE_ROW].height = 24
        for name, column in (("master", LABEL), ("changed", ID)):
            spot = self.layout.spots[name]
            if spot.sheet != self.sheet.id:
                self.formula(STATUS_ROW, column, "=" + self.layout.text(spot, self.sheet.id), "Status")
        day = self.layout.text(self.layout.spot(DATES, "day", AS_OF), self.sheet.id)
        shown = "as_of" if self.column_width(UNIT) >= AS_OF_WIDTH else "date"
        self.formula(STATUS_ROW, UNIT, f"={day}", "Status", shown)
        if self.sheet.id != home:
            self.link(STATUS_ROW, FIRST, home, self.phrase("home"))
            self.put(TITLE_ROW, FIRST, self.sheet.lead.of(self.language), "Normal text")

    def fit_row(self, row: int, cells: list[tuple[int, str]], bold: bool = False) -> None:
        """Raises the row so that each wrapped text of ``cells`` (column, text) is seen whole."""
        narrower = 0.92 if self.language == "zh" or bold else 1.0  # YaHei's Latin letters are wider than Arial's
        tallest = max(
            (lines(t, self.column_width(c) * narrower * (SMALLER if c >= self.notes else 1)) for c, t in cells),
            default=1,
        )
        if tallest > 1:
            self.ws.row_dimensions[row].height = min(tallest * POINTS_PER_LINE + 2, TALLEST_ROW_POINTS)

    def column_width(self, column: int) -> float:
        return self.widths.get(column, self.data_width)

    def define(self, name: str, spot: Spot) -> None:
        """A defined name is found by people, tests and programs; it points at its cell and nothing else."""
        self.ws.parent.defined_names[name] = DefinedName(name, attr_text=self.layout.absolute(spot))

    def validate(self, validation: DataValidation, error: str, first: Spot, last: Spot) -> None:
        """Lets a reader type into the cells only what ``validation`` allows; ``error`` says what that is."""
        validation.error, validation.errorTitle = error, self.phrase("not_allowed")
        validation.showErrorMessage = True
        validation.add(area(first, last))
        self.ws.add_data_validation(validation)

    def status(self, spot: Spot, count: Spot, texts: Spot, more: str = "") -> None:
        """The sentence of the header: good news, or the count behind the bad news, and ``more``."""
        good, bad, number = (self.layout.text(cell, self.sheet.id) for cell in (texts, texts.shift(columns=1), count))
        self.formula(spot.row, spot.column, f"=IF({number}<1,{good},{bad}&{number}){more}", "Status")


def _widths(layout: Layout, sheet: str) -> dict[int, float]:
    """The widths of columns that the tables of a sheet ask for."""
    blocks = layout.blocks_of(sheet)
    facts = any(block.table.facts for block in blocks)
    widths: dict[int, float] = {}
    if facts:
        for block in blocks:
            for column, field in (
                () if block.across or block.named else enumerate(block.fields, start=block.first.column)
            ):
                wide = FACT_WORD_WIDTH if field.words else FACT_TEXT_WIDTHS.get(field.kind, 0.0)
                if wide:
                    widths[column] = max(wide, widths.get(column, 0.0))
    if any(block.documented for block in blocks):
        texts = FACT_DOCUMENTATION_WIDTHS if facts else DOCUMENTATION_WIDTHS
        if facts and any(b.across or any(field.kind == "formula" for field in b.fields) for b in blocks):
            texts = (DOCUMENTATION_WIDTHS[0], *texts[1:])  # each record has an equation of its own
        widths |= dict(enumerate(texts, start=layout.documentation(sheet)))
    if any(block.named for block in blocks):
        widths[LABEL] = NAMED_WIDTH
    return widths


def area(first: Spot, last: Spot) -> str:
    """The address of a range for parts of the file that are no formulas."""
    return f"{get_column_letter(first.column)}{first.row}:{get_column_letter(last.column)}{last.row}"


def cell_value(value: Any) -> Any:
    """A date as openpyxl takes it, anything else as it is."""
    return dt.datetime(value.year, value.month, value.day) if type(value) is dt.date else value
