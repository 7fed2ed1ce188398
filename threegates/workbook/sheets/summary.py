"""Summary: the answer in three sentences, the scenario in focus and its picker, and the way to every other sheet."""

from __future__ import annotations

from typing import ClassVar

from openpyxl.worksheet.datavalidation import DataValidation

from threegates.definition.declare import SCENARIOS
from threegates.definition.derived import BASE, PICKED_KEY
from threegates.engine import names
from threegates.inputs.assumptions import AS_OF, DATES
from threegates.version import __version__
from threegates.workbook.layout import FIRST, ID, LABEL, UNIT, Layout, Spot
from threegates.workbook.page import Page
from threegates.workbook.sheets.special import SpecialSheet

HEADLINE_ROWS = (3, 4, 5, 6, 7)
FACTS_ROW = 8
COLOUR_KEY = (("key_input", "Input text"), ("key_result", "Result text"), ("key_check", "Check"))
PICKER_ROW = FACTS_ROW + len(COLOUR_KEY)
CONTENTS_COLUMNS = (FIRST + 2, FIRST + 5)  # beside the scenario in focus


class SummarySheet(SpecialSheet):
    """The first page, with views of the tables of other sheets."""

    id = "summary"
    top = PICKER_ROW + 3
    # Narrow, so that more of it is seen on a phone; what the verdict on a claim proves takes more.
    widths: ClassVar = {**SpecialSheet.widths, LABEL: 42.0, ID: 18.0, UNIT: 11.0, FIRST + 6: 18.0}
    frozen = "A3"
    upright = True

    def place(self, layout: Layout, row: int) -> int:
        layout.spots["picker"] = self.at(PICKER_ROW, ID)
        layout.spots["picked_scenario"] = self.at(PICKER_ROW, FIRST)
        layout.spots["picked_chip"] = self.at(PICKER_ROW + 1, FIRST)
        return row

    def write(self, page: Page) -> None:
        _headline(page)
        _facts(page)
        _picker(page)
        _contents(page)

    def close(self, page: Page, row: int) -> None:
        """What the workbook is, and what it is not."""
        page.put(row, LABEL, page.sheet.lead.of(page.language), "Normal text")
        page.say(row + 1, LABEL, "disclaimer", "Normal text")


def _headline(page: Page) -> None:
    for row, sentence in zip(HEADLINE_ROWS, page.layout.model.definition.headline, strict=True):
        spot = page.layout.spots.get(f"sentence.{sentence.id}")
        if spot is not None:
            said = page.layout.text(spot, page.sheet.id, free="both")
            unknown = page.layout.text(page.layout.words["headline"], page.sheet.id)
            page.formula(row, LABEL, f"=IF(ISTEXT({said}),{said},{unknown})", "Headline")


def _facts(page: Page) -> None:
    """As of when, which version and which assumptions; beside them what the colours of cells mean."""
    assumptions = page.layout.model.assumptions
    day = page.layout.text(page.layout.spot(DATES, "day", AS_OF), page.sheet.id)
    facts = ((AS_OF, day), ("version", __version__), ("hash", assumptions.document.digest[:16]))
    for row, ((fact, value), (key, style)) in enumerate(zip(facts, COLOUR_KEY, strict=True), start=FACTS_ROW):
        page.say(row, LABEL, fact, "Label")
        if fact == AS_OF:
            page.formula(row, ID, f"={value}", "Result", "date")
        else:
            page.put(row, ID, value, "Record", "text")
        if row == FACTS_ROW:
            page.say(row, FIRST, "colour_key", "Name")
        page.say(row, FIRST + 1, key, style)


def _picker(page: Page) -> None:
    """The one cell that says which scenario the sheets of a single scenario show."""
    layout, here = page.layout, page.sheet.id
    spot = layout.spots["picker"]
    page.say(spot.row, LABEL, "picker", "Label")
    page.put(spot.row, spot.column, layout.model.picked, "Input text", "text")
    page.say(spot.row + 1, LABEL, "picked_chip", "Label")
    for name, table, value in (
        ("picked_scenario", SCENARIOS, layout.text(spot, here)),
        ("picked_chip", "chips", layout.text(layout.spot(BASE, "chip", PICKED_KEY), here)),
    ):
        label = layout.spots[name]
        labels, ids = layout.labels(table, here)
        page.formula(label.row, label.column, f"=INDEX({labels},MATCH({value},{ids},0))", "Large text", "text")
    heads = next(block for block in layout.blocks_of(here) if block.table.id == SCENARIOS)
    first = Spot(here, heads.heading + 1, heads.first.column)
    ids = layout.span(first, first.shift(columns=heads.columns - 1), here)
    page.validate(DataValidation("list", formula1=ids), page.phrase("from_list"), spot, spot)
    page.define(names.PICKER, spot)


def _contents(page: Page) -> None:
    """Links to every other sheet, in two columns beside the first table."""
    top = page.layout.blocks_of(page.sheet.id)[0].heading
    page.say(top, CONTENTS_COLUMNS[0], "contents", "Status")
    others = [sheet for sheet in page.layout.model.sheets if sheet.id != page.sheet.id]
    half = (len(others) + 1) // 2
    for position, sheet in enumerate(others):
        column = CONTENTS_COLUMNS[position // half]
        page.link(top + 1 + position % half, column, sheet.id, sheet.title.of(page.language))
