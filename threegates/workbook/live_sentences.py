"""Sentences with two readings: the live formula in a cell, and the same text from the results.

A formula joins cells beside it, which hold words and what the holes compute; FIXED writes the numbers.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from threegates.definition.declare import SCENARIOS, Sentence
from threegates.engine.model import Model
from threegates.text import Text
from threegates.workbook.holes import Parts, Readout, formula, value_of
from threegates.workbook.layout import ID, LABEL, UNIT, Spot
from threegates.workbook.page import Page

HOLE = re.compile(r"\{([^{}]+)\}")
ROW_POINTS = 42  # three lines: how long a live sentence gets is not known
ANCHOR = "anchor"  # the one hole that no formula fills: nothing in the workbook changes the anchor


def sentences(page: Page) -> None:
    """The sentences of a sheet, below its tables."""
    for sentence in page.layout.model.definition.sentences:
        spot = page.layout.spots.get(f"sentence.{sentence.id}")
        if spot is not None and spot.sheet == page.sheet.id:
            _write(page, sentence, spot)


def applies(sentence: Sentence, model: Model) -> bool:
    """Whether there are records in the tables that a sentence needs."""
    return all(model.keys[table] for table in sentence.needs)


def text_of(sentence: Sentence, readout: Readout) -> str:
    """The sentence as its cell says it."""
    text = sentence.texts[int(value_of(readout, sentence.by)) if sentence.by else 0]
    return HOLE.sub(lambda match: _filled(readout, match[1]), text.of(readout.language))


def _filled(readout: Readout, hole: str) -> str:
    if hole == ANCHOR:
        return readout.label(SCENARIOS, readout.model.anchor)
    name, _, decimals = hole.partition(":")
    value = value_of(readout, name)
    return fixed(value, int(decimals)) if decimals else f"{value}"


def fixed(value: float, decimals: int) -> str:
    """The number as FIXED writes it: a half is rounded away from zero."""
    if math.isnan(value):
        return "—"
    return f"{Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"


def _write(page: Page, sentence: Sentence, spot: Spot) -> None:
    parts = Parts(page, spot)
    code = parts.cell(formula(parts, sentence.by)) if sentence.by else ""
    texts = [_joined(parts, text) for text in sentence.texts]
    said = f"CHOOSE(1+{code},{','.join(texts)})" if code else texts[0]
    page.formula(spot.row, LABEL, f"={said}", "Note")
    page.put(spot.row, ID, sentence.id, "Name")
    page.say(spot.row, UNIT, "sentence", "Unit")
    page.ws.row_dimensions[spot.row].height = ROW_POINTS


def _joined(parts: Parts, text: Text) -> str:
    """The parts of a text joined: words and holes by the cells that they stand in."""
    page, model = parts.page, parts.layout.model
    anchor = model.assumptions.entries[SCENARIOS][model.anchor].label.of(page.language)
    split = HOLE.split(text.of(page.language))
    joined: list[str] = []
    words = ""
    for before, hole in zip(split[::2], [*split[1::2], ""], strict=True):
        words += before
        if hole == ANCHOR:
            words += anchor
            continue
        if words:
            joined.append(parts.words(words))
            words = ""
        if hole:
            name, _, decimals = hole.partition(":")
            found = formula(parts, name)
            joined.append(parts.cell(f"FIXED({found},{decimals})" if decimals else found))
    return "&".join(joined)
