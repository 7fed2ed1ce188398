"""What the Monte Carlo of a build has drawn: static, labelled so, with the live value beside it and a flag when stale."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from itertools import groupby

from openpyxl.workbook.defined_name import DefinedName

from threegates.engine.evaluate import DAY_ZERO
from threegates.engine.montecarlo import ALL_OPEN, Line, Uncertainty
from threegates.formula import units
from threegates.inputs.assumptions import SCENARIOS
from threegates.workbook.layout import FIRST, HEADING_ROW, ID, IDS_ROW, LABEL, STATUS_ROW, UNIT, Spot
from threegates.workbook.page import Page
from threegates.workbook.sheets.checks import status_formula

LABEL_WIDTH = 62.0


def lines(page: Page, drawn: Uncertainty) -> dict[str, int]:
    """Returns the row of each line. Draws, seed and hash; then percentiles by result, probabilities by gate and date, and the share in which each binds."""
    layout, model = page.layout, page.layout.model
    here, texts = page.sheet.id, layout.words["changed"].shift(columns=2)
    status_formula(page, Spot(here, STATUS_ROW, FIRST + 1), layout.spots["changed_count"], texts)
    page.widths[LABEL] = LABEL_WIDTH
    keys, entries = model.keys[SCENARIOS], model.assumptions.entries[SCENARIOS]
    page.say(HEADING_ROW, LABEL, "drawn", "Heading")
    page.say(HEADING_ROW, ID, "id", "Heading")
    page.say(HEADING_ROW, UNIT, "unit", "Heading")
    for column in (LABEL, ID, UNIT):
        page.put(IDS_ROW, column, "", "Ids")
    heads = [(FIRST + i, entries[key].label.of(page.language)) for i, key in enumerate(keys)]
    for (column, label), key in zip(heads, keys, strict=True):
        page.put(HEADING_ROW, column, label, "Heading")
        page.put(IDS_ROW, column, key, "Ids")
    page.fit_row(HEADING_ROW, heads)
    row = IDS_ROW + 1
    facts = (("draws", drawn.draws), ("seed", f"{drawn.seed}"), ("inputs_drawn", drawn.inputs), ("hash", drawn.digest))
    for name, value in facts:
        page.say(row, LABEL, name, "Label")
        page.put(row, ID, name, "Name")
        page.put(row, FIRST, value, "Record", "whole" if name in ("draws", "inputs_drawn") else "text")
        row += 1
    label = entries[model.picked].label.of(page.language)
    median = drawn.value("cards_p50", keys.index(model.picked))
    title = layout.spots["sentence.chart_drawn"]
    text = page.phrase("chart_drawn").format(label=label, median=f"{median:,.0f}")
    page.put(title.row, title.column, text, "Note")
    page.fit_row(title.row, [(LABEL, text)])
    row = layout.spots["end.uncertainty"].row
    rows: dict[str, int] = {}
    for of, group in groupby(drawn.lines, key=lambda line: line.of):
        row = _group(page, of, group, row, rows) + 1
    return rows


def _group(page: Page, of: str, group: Iterable[Line], row: int, rows: dict[str, int]) -> int:
    """The lines of one result, below its live value; or of the gates, below a title. Returns the row after them."""
    layout, model = page.layout, page.layout.model
    if (SCENARIOS, of) in model.fields:
        field = model.fields[SCENARIOS, of]
        label = page.phrase("now_live").format(label=field.label.of(page.language))
        page.put(row, LABEL, label, "Label")
        page.put(row, ID, of, "Name")
        page.put(row, UNIT, units.words(field.unit, page.language), "Unit")
        page.fit_row(row, [(LABEL, label)])
        home = "all_open_on" if of == ALL_OPEN else of
        for offset, key in enumerate(model.keys[SCENARIOS]):
            live = layout.text(layout.spot(SCENARIOS, home, key), page.sheet.id, free="both")
            shown = model.fields[SCENARIOS, home].format
            page.formula(row, FIRST + offset, f"={live}", "Key figure", shown)
    else:
        page.say(row, LABEL, {"open": "gates_open", "binds": "gates_bind"}[of], "Status")
    for line in group:
        row += 1
        rows[line.id] = row
        _line(page, line, row)
    return row + 1


def _line(page: Page, line: Line, row: int) -> None:
    layout = page.layout
    label = line.label.of(page.language)
    page.put(row, LABEL, label, "Label")
    page.put(row, ID, line.id, "Name")
    page.put(row, UNIT, units.words(line.unit, page.language), "Unit")
    page.fit_row(row, [(LABEL, label)])
    for offset, (key, value) in enumerate(zip(layout.model.keys[SCENARIOS], line.values, strict=True)):
        spot = Spot(page.sheet.id, row, FIRST + offset)
        page.put(row, spot.column, _shown(line, value), "Record", line.format)
        page.ws.parent.defined_names[f"{line.id}__{key}"] = DefinedName(
            f"{line.id}__{key}", attr_text=layout.absolute(spot)
        )


def _shown(line: Line, value: float) -> float | str | dt.date:
    if math.isnan(value):
        return "—"
    return (
        dt.datetime.combine(DAY_ZERO + dt.timedelta(days=math.floor(value)), dt.time())
        if line.format == "date"
        else value
    )
