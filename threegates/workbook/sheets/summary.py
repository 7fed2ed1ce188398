"""What sheets hold besides tables: Summary's text, the lists, the checks, the as-shipped block, sources and words."""

from __future__ import annotations

from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from threegates import __version__
from threegates.definition.derived import BASE, PICKED_KEY
from threegates.formula.references import Cell
from threegates.inputs.assumptions import SCENARIOS
from threegates.workbook.layout import (
    FIRST,
    HEADLINE_ROWS,
    ID,
    LABEL,
    SUMMARY_FACTS,
    Spot,
)
from threegates.workbook.page import Page, cell_value


def summary_text(page: Page) -> None:
    """The answer in three sentences, as of when, which version, how to read it; the tables follow below."""
    layout, model = page.layout, page.layout.model
    report = model.assumptions.report
    for row, name in zip(HEADLINE_ROWS, ("headline", "headline_gates", "headline_claims"), strict=True):
        spot = layout.spots.get(f"sentence.{name}")
        if spot is not None:
            page.formula(row, LABEL, f"={layout.text(spot, page.sheet.id, free='both')}", "Headline")
    facts = (
        ("as_of", cell_value(report.as_of), "date"),
        ("version", __version__, "text"),
        ("hash", model.assumptions.document.digest[:16], "text"),
    )
    keys = (("key_input", "Input text"), ("key_result", "Result text"), ("key_check", "Check"))
    for row, ((fact, value, shown), (key, style)) in enumerate(zip(facts, keys, strict=True), start=SUMMARY_FACTS):
        page.say(row, LABEL, fact, "Label")
        page.put(row, ID, value, "Record", shown)
        page.say(row, FIRST, "colour_key", "Name") if row == SUMMARY_FACTS else None
        page.say(row, FIRST + 1, key, style)
    for block in layout.blocks_of("summary"):
        if block.view is not None:
            page.put(block.heading - 1, LABEL, block.view.lead.of(page.language), "Status")


def closing(page: Page, row: int) -> None:
    """What this is and what it is not, below everything else on Summary."""
    page.put(row, LABEL, page.sheet.lead.of(page.language), "Normal text")
    page.say(row + 1, LABEL, "disclaimer", "Normal text")


def contents(page: Page) -> None:
    """Links to every sheet, beside the scenario in focus, in two columns."""
    top = page.layout.blocks_of("summary")[0].heading
    page.say(top, FIRST + 2, "contents", "Status")
    others = page.layout.model.sheets[1:]
    half = (len(others) + 1) // 2
    for position, sheet in enumerate(others):
        column = FIRST + 2 + 3 * (position // half)
        page.link(top + 1 + position % half, column, sheet.id, sheet.title.of(page.language))


def picker(page: Page) -> None:
    """The one cell that says which scenario the sheets of a single scenario show."""
    layout, model = page.layout, page.layout.model
    spot, here = layout.spots["picker"], page.sheet.id
    page.say(spot.row, LABEL, "picker", "Label")
    page.put(spot.row, spot.column, model.picked, "Input text", "text")
    page.say(spot.row + 1, LABEL, "picked_chip", "Label")
    chip = Cell(BASE, "chip", PICKED_KEY)
    for name, table, value in (
        ("picked_scenario", SCENARIOS, layout.text(spot, here)),
        ("picked_chip", "chips", layout.text(layout.spot(chip.table, chip.field, chip.key), here)),
    ):
        label = layout.spots[name]
        labels, names = layout.labels(table, here)
        page.formula(label.row, label.column, f"=INDEX({labels},MATCH({value},{names},0))", "Large text", "text")
    heads = next(block for block in layout.blocks_of(here) if block.table.id == SCENARIOS)
    ids = Spot(here, heads.heading + 1, heads.first.column)
    validation = DataValidation("list", formula1=layout.span(ids, ids.shift(columns=heads.columns - 1), here))
    validation.add(layout.text(spot, here, free="both"))
    validation.error, validation.errorTitle = page.phrase("from_list"), page.phrase("not_allowed")
    validation.showErrorMessage = True
    page.ws.add_data_validation(validation)
    name = "picked__scenario"
    page.ws.parent.defined_names[name] = DefinedName(name, attr_text=layout.absolute(spot))
