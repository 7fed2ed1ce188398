"""Sentences with two readings: the live formula in a cell, and the same text from the results.

A formula joins words, which stand in cells beside it, with numbers of the model; FIXED writes the numbers.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from threegates.definition.declare import SCENARIOS, Sentence
from threegates.definition.derived import BASE, PICKED_KEY, SWINGS
from threegates.definition.published import HOLDS, TEST
from threegates.definition.wording import PHRASES
from threegates.engine.evaluate import DAY_ZERO, Results
from threegates.engine.model import Model
from threegates.engine.montecarlo import Uncertainty
from threegates.text import Language, Text, Word
from threegates.workbook.layout import FIRST, ID, IDS_ROW, LABEL, UNIT, Spot
from threegates.workbook.page import Page

HOLE = re.compile(r"\{([^{}]+)\}")
ROW_POINTS = 42  # three lines: how long a live sentence gets is not known
ANCHOR = "anchor"  # the one hole that no formula fills: nothing in the workbook changes the anchor


class Readout(NamedTuple):
    """The results in one language, as sentences and pictures read them."""

    results: Results
    uncertainty: Uncertainty
    language: Language

    @property
    def model(self) -> Model:
        return self.results.model

    def label(self, table: str, key: str) -> str:
        return self.model.assumptions.entries[table][key].label.of(self.language)

    def shown(self, table: str, field: str, key: str) -> Any:
        """A number, the word for a code, or the label that a ranked table repeats."""
        made, value = self.model.fields[table, field], self.results.value(table, field, key)
        if made.words:
            return made.words[int(value)].of(self.language)
        return value if made.is_number else self.label(SWINGS, value)


class Hole(NamedTuple):
    """A kind of hole: how a formula on a page refers to what stands in it, and what it is in the results."""

    formula: Callable[[Page, str], str]
    value: Callable[[Readout, str], Any]


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
    text = sentence.texts[int(_value(readout, sentence.by)) if sentence.by else 0]
    return HOLE.sub(lambda match: _filled(readout, match[1]), text.of(readout.language))


def _filled(readout: Readout, hole: str) -> str:
    if hole == ANCHOR:
        return readout.label(SCENARIOS, readout.model.anchor)
    name, _, decimals = hole.partition(":")
    value = _value(readout, name)
    return fixed(value, int(decimals)) if decimals else f"{value}"


def _value(readout: Readout, name: str) -> Any:
    """What a hole speaks of, maybe times a constant."""
    name, _, constant = name.partition("*")
    kind, of = _kind(name)
    value = kind.value(readout, of)
    return value * readout.results.value("constants", "value", constant) if constant else value


def fixed(value: float, decimals: int) -> str:
    """The number as FIXED writes it: a half is rounded away from zero."""
    if math.isnan(value):
        return "—"
    return f"{Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"


def _write(page: Page, sentence: Sentence, spot: Spot) -> None:
    words = iter(range(FIRST, 1000))
    texts = [_joined(page, text, spot, words) for text in sentence.texts]
    text = f"CHOOSE(1+{_formula(page, sentence.by)},{','.join(texts)})" if sentence.by else texts[0]
    page.formula(spot.row, LABEL, f"={text}", "Note")
    page.put(spot.row, ID, sentence.id, "Name")
    page.say(spot.row, UNIT, "sentence", "Unit")
    page.ws.row_dimensions[spot.row].height = ROW_POINTS


def _joined(page: Page, text: Text, spot: Spot, columns: Iterator[int]) -> str:
    """The parts of a text joined: words from the cells that they are put into, holes as references."""
    layout = page.layout
    anchor = layout.model.assumptions.entries[SCENARIOS][layout.model.anchor].label.of(page.language)
    split = HOLE.split(text.of(page.language))
    parts: list[str] = []
    words = ""
    for before, hole in zip(split[::2], [*split[1::2], ""], strict=True):
        words += before
        if hole == ANCHOR:
            words += anchor
            continue
        if words:
            cell = Spot(page.sheet.id, spot.row, next(columns))
            page.put(cell.row, cell.column, words, "Record words")
            parts.append(layout.text(cell, page.sheet.id))
            words = ""
        if hole:
            name, _, decimals = hole.partition(":")
            reference = _formula(page, name)
            parts.append(f"FIXED({reference},{decimals})" if decimals else reference)
    return "&".join(parts)


def _formula(page: Page, name: str) -> str:
    """How a formula refers to what a hole speaks of."""
    name, _, constant = name.partition("*")
    kind, of = _kind(name)
    text, layout = kind.formula(page, of), page.layout
    return f"{text}*{layout.text(layout.spot('constants', 'value', constant), page.sheet.id)}" if constant else text


def _kind(name: str) -> tuple[Hole, str]:
    """The kind of a hole and what it speaks of; a bare name is a field of the scenario in focus."""
    word, _, of = name.partition(" ")
    return (HOLES[word], of) if word in HOLES else (OWN, name)


def _own(page: Page, name: str) -> str:
    """A field of the scenario in focus."""
    return page.layout.text(page.layout.spot(BASE, name, PICKED_KEY), page.sheet.id)


def _at_key(page: Page, name: str) -> str:
    """A field of the key that is named: table.key.field."""
    table, key, field = name.split(".")
    return page.layout.text(page.layout.spot(table, field, key), page.sheet.id)


def _at_key_value(readout: Readout, name: str) -> Any:
    table, key, field = name.split(".")
    return readout.shown(table, field, key)


def _when(page: Page, name: str) -> str:
    """The year of a day; in words where it lies beyond the horizon."""
    layout, here = page.layout, page.sheet.id
    day = _formula(page, name)
    horizon = layout.text(layout.spot("dates", "day", "horizon"), here)
    year, beyond = (layout.text(layout.words["when"].shift(columns=i), here) for i in (0, 1))
    return f"IF({day}>{horizon},{beyond},YEAR({day})&{year})"


def _when_value(readout: Readout, name: str) -> str:
    day = _value(readout, name)
    if day > readout.results.value("dates", "day", "horizon"):
        return PHRASES["beyond"].of(readout.language)
    year = (DAY_ZERO + dt.timedelta(days=math.floor(day))).year
    return PHRASES["year"].of(readout.language).format(year=year)


def _gate(page: Page, name: str) -> str:
    """The word for the code of a gate."""
    layout = page.layout
    first = layout.words[f"{SCENARIOS}.binding_gate"]
    words = layout.span(first, first.shift(columns=len(_gate_words(layout.model)) - 1), page.sheet.id)
    return f"INDEX({words},1+{_formula(page, name)})"


def _gate_words(model: Model) -> tuple[Word, ...]:
    return model.fields[SCENARIOS, "binding_gate"].words


def _ends(page: Page, name: str) -> tuple[Spot, Spot]:
    """The first and the last cell of a field."""
    table, _, field = name.partition(".")
    keys = page.layout.model.keys[table]
    return page.layout.spot(table, field, keys[0]), page.layout.spot(table, field, keys[-1])


def _over(function: str, value: Callable[[Any], Any]) -> Hole:
    """A function over all keys of a field; it passes over what is not known."""

    def formula(page: Page, name: str) -> str:
        return f"{function}({page.layout.span(*_ends(page, name), page.sheet.id)})"

    def number(readout: Readout, name: str) -> Any:
        table, _, field = name.partition(".")
        known = [key for key in readout.model.keys[table] if not readout.model.is_blank(table, field, key)]
        return value([v for v in (readout.results.value(table, field, key) for key in known) if not math.isnan(v)])

    return Hole(formula, number)


def _at(position: int) -> Hole:
    """A field of the first or the last key."""

    def value(readout: Readout, name: str) -> Any:
        table, _, field = name.partition(".")
        return readout.shown(table, field, readout.model.keys[table][position])

    return Hole(lambda page, name: page.layout.text(_ends(page, name)[position], page.sheet.id), value)


def _drawn(page: Page, name: str) -> str:
    """A line of the Monte Carlo, which stands on the page itself, at the scenario in focus."""
    layout, here, row = page.layout, page.sheet.id, page.rows[name]
    last = FIRST + len(layout.model.keys[SCENARIOS]) - 1
    line, ids = (layout.span(Spot(here, at, FIRST), Spot(here, at, last), here) for at in (row, IDS_ROW))
    return f"INDEX({line},MATCH({layout.text(layout.spots['picker'], here)},{ids},0))"


def _claims(**codes: int) -> Hole:
    """How many claims have these codes: the cells that say the words for them."""

    def formula(page: Page, _: str) -> str:
        layout, here = page.layout, page.sheet.id
        wanted = []
        for field, code in codes.items():
            word = layout.words[f"claims.{field}"].shift(columns=code)
            wanted += [layout.span(*_ends(page, f"claims.{field}"), here), layout.text(word, here)]
        return f"COUNTIFS({','.join(wanted)})"

    def number(readout: Readout, _: str) -> int:
        have = [readout.results.columns["claims", field] == code for field, code in codes.items()]
        return int(np.logical_and.reduce(have).sum())

    return Hole(formula, number)


OWN = Hole(_own, lambda readout, name: readout.shown(BASE, name, PICKED_KEY))
HOLES = {
    "scenario": Hole(
        lambda page, _: page.layout.text(page.layout.spots["picked_scenario"], page.sheet.id),
        lambda readout, _: readout.label(SCENARIOS, readout.model.picked),
    ),
    "chip": Hole(
        lambda page, _: page.layout.text(page.layout.spots["picked_chip"], page.sheet.id),
        lambda readout, _: readout.label("chips", readout.results.value(BASE, "chip", PICKED_KEY)),
    ),
    "when": Hole(_when, _when_value),
    "gate": Hole(
        _gate, lambda readout, name: _gate_words(readout.model)[int(_value(readout, name))].of(readout.language)
    ),
    "at": Hole(_at_key, _at_key_value),
    "held": _claims(verdict=HOLDS),
    "tests": _claims(proves=TEST),
    "tests_held": _claims(verdict=HOLDS, proves=TEST),
    "drawn": Hole(
        _drawn,
        lambda readout, name: readout.uncertainty.value(
            name, readout.model.keys[SCENARIOS].index(readout.model.picked)
        ),
    ),
    "most": _over("MAX", partial(max, default=0.0)),
    "least": _over("MIN", partial(min, default=0.0)),
    "count": _over("COUNT", len),
    "first": _at(0),
    "last": _at(-1),
}
