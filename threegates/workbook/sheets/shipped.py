"""As shipped: every input as it was built, beside its live value; on top what a reader has changed; below, every id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from openpyxl.utils import get_column_letter

from threegates.definition.declare import Field
from threegates.formula.readers import Address
from threegates.workbook import colour
from threegates.workbook.layout import FIRST, ID, LABEL, STATUS_ROW, UNIT, Block, Layout, Spot
from threegates.workbook.page import Page, area
from threegates.workbook.sheets.special import SpecialSheet

SHIPPED, LIVE, CHANGED, RUNNING, FITS, UNUSED = range(FIRST, FIRST + 6)  # columns; no formula reads the last
LISTED = 20  # changed inputs that the list on top has room for
WORDS = ("nothing_changed", "some_changed", "as_drawn", "stale")


class ShippedSheet(SpecialSheet):
    """The list of changed inputs, the words of the header, then a line for every input, and one for every id."""

    id = "shipped"
    widths: ClassVar = {**SpecialSheet.widths, LABEL: 76.0, ID: 46.0}
    frozen = "B5"
    further_headings = True

    def place(self, layout: Layout, row: int) -> int:
        spots, inputs = layout.spots, len(layout.model.inputs)
        spots["changed"] = self.at(STATUS_ROW, ID)
        spots["changed_list"] = self.at(row + 1, LABEL)  # its first line, below the headings
        layout.words["changed"] = self.at(row + LISTED + 3, FIRST)
        first = row + LISTED + 6
        spots["shipped"] = self.at(first, LABEL)
        spots["inputs_fit"] = self.at(first, FITS)
        spots["changed_count"] = self.at(first + inputs - 1, RUNNING)  # the last of the running counts
        spots["ids_fit"] = self.at(first + inputs + 2, FITS)
        return spots["ids_fit"].row + sum(1 for _ in ids_before(layout)) + 1

    def write(self, page: Page) -> None:
        spots = page.layout.spots
        _headings(page, spots["changed_list"].row - 1, page.phrase("changed_list").format(count=LISTED))
        _headings(page, spots["shipped"].row - 1, page.phrase("all_inputs"))
        for column, phrase in ((CHANGED, "changed"), (RUNNING, "running"), (FITS, "fits")):
            page.say(spots["shipped"].row - 1, column, phrase, "Heading")
        for row, address in enumerate(page.layout.model.inputs, start=spots["shipped"].row):
            _input(page, row, address)
        _ids(page)
        for row in range(LISTED):
            _changed(page, spots["changed_list"].row + row)
        texts = page.layout.words["changed"]
        page.wording(texts, page.phrase("changed_words"), [page.phrase(word) for word in WORDS])
        page.status(spots["changed"], spots["changed_count"], texts)

    def colour(self, page: Page) -> None:
        first, last = page.layout.spots["shipped"], page.layout.spots["changed_count"]
        colour.add(page, area(first, last), f"${get_column_letter(CHANGED)}{first.row}>0", colour.WARN)
        ids = page.layout.spots["ids_fit"]
        last = ids.shift(rows=sum(1 for _ in ids_before(page.layout)) - 1)
        colour.add(page, area(ids, last), f"{get_column_letter(FITS)}{ids.row}<1", colour.BAD)

    def last_printed(self, page: Page) -> int:
        return page.layout.spots["shipped"].row - 2


def _headings(page: Page, row: int, title: str) -> None:
    page.put(row, LABEL, title, "Heading")
    for column, phrase in ((ID, "name"), (UNIT, "unit"), (SHIPPED, "shipped"), (LIVE, "live")):
        page.say(row, column, phrase, "Heading")


def _input(page: Page, row: int, address: Address) -> None:
    """An input with the value that it was shipped with, its live value, and whether the two differ."""
    layout, model = page.layout, page.layout.model
    table, name, key = address
    field, here = model.fields[table, name], page.sheet.id
    entry = model.assumptions.entries[table][key].label
    label = f"{entry.of(page.language)}{page.phrase('colon')}{field.label.of(page.language)}"
    page.line(row, label, layout.name(*address), page.unit(model.unit_of(field, key)))
    number_format = model.format_of(field, key)
    page.put(row, SHIPPED, page.given(address), "Record", number_format)
    live, dash = (layout.text(spot, here) for spot in (layout.spot(*address), layout.spots["unknown"]))
    was, changed, above = (
        layout.text(Spot(here, line, column), here, free="both")
        for line, column in ((row, SHIPPED), (row, CHANGED), (row - 1, RUNNING))
    )
    page.formula(row, LIVE, f"=IF(ISBLANK({live}),{dash},{live})", "Result", number_format)
    page.formula(row, CHANGED, f"=--({live}<>{was})", "Check", "whole")
    page.formula(row, FITS, _fits(field, live), "Check", "whole")
    page.formula(row, RUNNING, f"=MAX({above},0)+{changed}", "Check", "whole")


def ids_before(layout: Layout) -> Iterator[tuple[Block, str, str, Spot]]:
    """The ids of the rows and the columns of the tables on earlier sheets: label, id and cell of each."""
    order = [sheet.id for sheet in layout.model.sheets]
    for block in layout.blocks:
        if block.view or block.table.derived or order.index(block.sheet) >= order.index(ShippedSheet.id):
            continue
        entries = layout.model.assumptions.entries[block.table.id]
        for field in block.fields:
            label = field.label.of(layout.language)
            yield block, label, field.id, block.id_spot(block.fields.index(field), of_field=True)
        for position, key in enumerate(block.keys):
            yield block, entries[key].label.of(layout.language), key, block.id_spot(position, of_field=False)


def _ids(page: Page) -> None:
    """A line an id: 1 where it stands where it was built. A sort moves it away, while what refers to the cells stays."""
    layout, first = page.layout, page.layout.spots["ids_fit"]
    for column, phrase in ((LABEL, "all_ids"), (ID, "id"), (FITS, "in_place")):
        page.say(first.row - 1, column, phrase, "Heading")
    for row, (block, label, name, spot) in enumerate(ids_before(layout), start=first.row):
        page.line(row, f"{layout.sheet_name(block.sheet)}{page.phrase('colon')}{label}", name, "")
        shipped = layout.text(Spot(page.sheet.id, row, ID), page.sheet.id, free="both")
        page.formula(row, FITS, f"=--EXACT({layout.text(spot, page.sheet.id)},{shipped})", "Check", "whole")


def _fits(field: Field, live: str) -> str:
    """1 where the live cell holds what the input asks for: a number (or date), a text, or nothing where it may."""
    kind = f"ISNUMBER({live})" if field.kind in ("number", "month", "date") else f"ISTEXT({live})"
    return f"=--({kind}+ISBLANK({live})>0)" if field.optional else f"=--{kind}"


def _changed(page: Page, row: int) -> None:
    """The k-th changed input, found by the running count; — when fewer have changed."""
    layout, here = page.layout, page.sheet.id
    first, last = layout.spots["shipped"].row, layout.spots["changed_count"]
    total, dash = layout.text(last, here), layout.text(layout.spots["unknown"], here)
    running = layout.span(Spot(here, first, RUNNING), last, here)
    unused = get_column_letter(UNUSED)
    top = layout.spots["changed_list"].row
    page.formula(row, LABEL, f"=ROWS({unused}${top}:{unused}{row})", "Check", "whole")
    for column in (ID, UNIT, SHIPPED, LIVE):
        among = layout.span(Spot(here, first, column), Spot(here, last.row, column), here)
        text = f"=IF($A{row}>{total},{dash},INDEX({among},MATCH($A{row},{running},0)))"
        page.formula(row, column, text, "Result text")
