"""Writes the live sentences: each a formula that joins its words, which stand beside it, with numbers of the model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from threegates.definition.declare import Sentence
from threegates.definition.derived import BASE, PICKED_KEY
from threegates.inputs.assumptions import SCENARIOS
from threegates.text import Text
from threegates.workbook.layout import FIRST, ID, LABEL, UNIT, Layout, Spot
from threegates.workbook.page import Page

HOLE = re.compile(r"\{([^{}]+)\}")
ROW_POINTS = 42  # three lines: how long a live sentence gets is not known
OVER = {"most": "MAX", "least": "MIN", "count": "COUNT"}
DATE_FORMULA = "YEAR({})"


def sentences(page: Page) -> None:
    """The sentences of a sheet, below its tables."""
    for sentence in page.layout.model.definition.sentences:
        spot = page.layout.spots.get(f"sentence.{sentence.id}")
        if spot is not None and spot.sheet == page.sheet.id:
            _write(page, sentence, spot)


def _write(page: Page, sentence: Sentence, spot: Spot) -> None:
    layout = page.layout
    words = iter(range(FIRST, 1000))
    text = _joined(page, sentence.text, spot, words)
    if sentence.instead is not None:
        otherwise = _joined(page, sentence.instead, spot, words)
        closed = layout.text(layout.spot(BASE, sentence.unless, PICKED_KEY), page.sheet.id)
        text = f"IF({closed}>0,{text},{otherwise})"
    page.formula(spot.row, LABEL, f"={text}", "Note")
    page.put(spot.row, ID, sentence.id, "Name")
    page.say(spot.row, UNIT, "sentence", "Unit")
    page.ws.row_dimensions[spot.row].height = ROW_POINTS


def _joined(page: Page, text: Text, spot: Spot, columns: Iterator[int]) -> str:
    """The parts of a text joined: words from the cells that they are put into, holes as references."""
    layout = page.layout
    anchor = layout.model.assumptions.entries[SCENARIOS][layout.model.anchor].label.of(page.language)
    parts: list[str] = []
    said = ""

    def say() -> None:
        cell = Spot(page.sheet.id, spot.row, next(columns))
        page.put(cell.row, cell.column, said, "Record words")
        parts.append(layout.text(cell, page.sheet.id))

    for position, part in enumerate(HOLE.split(text.of(page.language))):
        if position % 2 == 0 or part == "anchor":
            said += anchor if position % 2 else part
            continue
        if said:
            say()
            said = ""
        parts.append(_hole(layout, part, page.sheet.id))
    if said:
        say()
    return "&".join(parts)


def _hole(layout: Layout, hole: str, here: str) -> str:
    name, _, decimals = hole.partition(":")
    text = _reference(layout, name, here)
    return f"FIXED({text},{decimals})" if decimals else text


def _reference(layout: Layout, name: str, here: str) -> str:
    word, _, of = name.partition(" ")
    if name in ("scenario", "chip"):
        return layout.text(layout.spots[f"picked_{name}"], here)
    if name == "held":
        return _held(layout, here)
    if word == "year":
        return DATE_FORMULA.format(_own(layout, of, here))
    if of:
        return _over(layout, word, of, here)
    return _own(layout, name, here)


def _own(layout: Layout, name: str, here: str) -> str:
    """A number of the scenario in focus, maybe times a constant; ``power_available`` is the same for all of them."""
    field, _, constant = name.partition("*")
    text = layout.text(layout.spot(BASE, field, PICKED_KEY), here)
    return f"{text}*{layout.text(layout.spot('constants', 'value', constant), here)}" if constant else text


def _over(layout: Layout, word: str, of: str, here: str) -> str:
    table, _, field = of.partition(".")
    keys = layout.model.keys[table]
    first, last = (layout.spot(table, field, keys[i]) for i in (0, -1))
    if word in OVER:
        return f"{OVER[word]}({layout.span(first, last, here)})"
    return layout.text(first if word == "first" else last, here)


def _held(layout: Layout, here: str) -> str:
    """How many claims hold: the cells that say the word for it."""
    keys = layout.model.keys["claims"]
    first, last = (layout.spot("claims", "verdict", keys[i]) for i in (0, -1))
    verdicts = layout.span(first, last, here)
    return f"COUNTIF({verdicts},{layout.text(layout.words['claims.verdict'].shift(columns=1), here)})"
