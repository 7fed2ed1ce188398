"""Uncertainty: what the Monte Carlo of a build gave, as static numbers, each result below its live value."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import groupby
from typing import ClassVar

from threegates.definition.declare import SCENARIOS
from threegates.engine import names
from threegates.engine.montecarlo import Line, lines
from threegates.workbook import colour
from threegates.workbook.layout import (
    FIRST,
    HEADING_ROW,
    ID,
    IDS_ROW,
    LABEL,
    STATUS_ROW,
    UNIT,
    Layout,
    Spot,
    drawn_spot,
)
from threegates.workbook.page import Page
from threegates.workbook.sheets.special import SpecialSheet

FACTS = ("draws", "seed", "inputs_drawn", "percentiles_drawn", "bounds_drawn", "hash")  # rows above the results
HOW = ("how_percentiles", "how_bounds", "how_growths", "how_shared")  # sentences below them
STALE_COLUMN = FIRST + 1  # of the header: whether inputs have changed since


class UncertaintySheet(SpecialSheet):
    """Percentiles of results, probabilities by gate and date, and how often each gate binds; a flag when stale."""

    id = "uncertainty"
    widths: ClassVar = {**SpecialSheet.widths, LABEL: 62.0}

    def place(self, layout: Layout, row: int) -> int:
        facts_end = row + len(FACTS) + len(HOW) + 2  # below headings and ids; then comes the title of the chart
        line_row = facts_end + 3  # of the results
        for of, group in groupby(lines(layout.model), key=lambda line: line.of):
            layout.spots[drawn_spot(of)] = self.at(line_row, LABEL)
            for line in group:
                line_row += 1
                layout.spots[drawn_spot(line.id)] = self.at(line_row, LABEL)
            line_row += 2
        return facts_end

    def write(self, page: Page) -> None:
        found, spots = page.build.uncertainty(), page.layout.spots
        texts = page.layout.words["changed"].shift(columns=2)
        page.status(self.at(STATUS_ROW, STALE_COLUMN), spots["changed_count"], texts)
        _headings(page)
        facts = (found.draws, f"{found.seed}", found.inputs, found.percentiles, found.bounds, found.digest)
        for row, (name, value) in enumerate(zip(FACTS, facts, strict=True), start=IDS_ROW + 1):
            page.say(row, LABEL, name, "Label")
            page.put(row, ID, name, "Name")
            page.put(row, FIRST, value, "Record", "whole" if isinstance(value, int) else "text")
        for row, name in enumerate(HOW, start=IDS_ROW + 1 + len(FACTS)):
            page.say(row, LABEL, name, "Note")
            page.put(row, ID, name, "Name")
            page.fit_row(row, [(LABEL, page.phrase(name))])
        for of, group in groupby(found.lines, key=lambda line: line.of):
            _group(page, of, group, spots[drawn_spot(of)].row)

    def colour(self, page: Page) -> None:
        colour.sign(page, STALE_COLUMN, colour.CHANGED, colour.WARN)


def _headings(page: Page) -> None:
    for column, phrase in ((LABEL, "drawn"), (ID, "id"), (UNIT, "unit")):
        page.say(HEADING_ROW, column, phrase, "Heading")
        page.put(IDS_ROW, column, "", "Ids")
    entries = page.layout.model.assumptions.entries[SCENARIOS]
    heads = []
    for column, key in enumerate(page.layout.model.keys[SCENARIOS], start=FIRST):
        heads.append((column, entries[key].label.of(page.language)))
        page.put(HEADING_ROW, *heads[-1], "Heading")
        page.put(IDS_ROW, column, key, "Ids")
    page.fit_row(HEADING_ROW, heads)


def _group(page: Page, of: str, group: Iterable[Line], row: int) -> None:
    """The lines of one result, below its live value; or of the gates, below a title."""
    if (SCENARIOS, of) in page.layout.model.fields:
        _live(page, of, row)
    else:
        page.say(row, LABEL, {"open": "gates_open", "binds": "gates_bind"}[of], "Status")
    for line in group:
        _line(page, line, page.layout.spots[drawn_spot(line.id)].row)


def _live(page: Page, of: str, row: int) -> None:
    """The live values of a result."""
    layout, model = page.layout, page.layout.model
    field = model.fields[SCENARIOS, of]
    label = page.phrase("now_live").format(label=field.label.of(page.language))
    page.line(row, label, of, page.unit(field.unit))
    shown = model.fields[SCENARIOS, of].format
    for column, key in enumerate(model.keys[SCENARIOS], start=FIRST):
        live = layout.text(layout.spot(SCENARIOS, of, key), page.sheet.id, free="both")
        page.formula(row, column, f"={live}", "Key figure", shown)


def _line(page: Page, line: Line, row: int) -> None:
    """The values of a line, each under a defined name."""
    page.line(row, line.label.of(page.language), line.id, page.unit(line.unit))
    keys = page.layout.model.keys[SCENARIOS]
    for column, (key, value) in enumerate(zip(keys, line.values, strict=True), start=FIRST):
        page.put(row, column, _shown(line, value), "Record", line.format)
        page.define(names.of_scenario(line.id, key), Spot(page.sheet.id, row, column))


def _shown(line: Line, value: float) -> float | str:
    if math.isnan(value):
        return "—"
    return math.floor(value) if line.format == "until" else value
