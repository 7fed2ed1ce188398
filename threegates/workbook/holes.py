"""Holes of live sentences: how a formula refers to what stands in each, and what it is in the results."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from threegates.definition.declare import SCENARIOS, Sheet
from threegates.definition.derived import BASE, PICKED_KEY, SWINGS
from threegates.definition.published import HOLDS, TEST
from threegates.definition.wording import PHRASES
from threegates.engine.evaluate import DAY_ZERO, Results
from threegates.engine.model import Model
from threegates.engine.montecarlo import Uncertainty
from threegates.text import Language, Word
from threegates.workbook.layout import FIRST, IDS_ROW, Layout, Spot, drawn_spot
from threegates.workbook.page import Page

PLAIN = re.compile(r"[^(*]+")  # a formula that is an address


class Parts:
    """The cells of a sentence on a page: beside it its words, in the row above what its holes compute, each once."""

    def __init__(self, page: Page, spot: Spot) -> None:
        self.page = page
        self._words = count(FIRST)
        self._computed = count(FIRST, 2)  # formulas side by side would be taken for one
        self._spot = spot
        self._taken: dict[str, str] = {}

    @property
    def layout(self) -> Layout:
        return self.page.layout

    @property
    def sheet(self) -> Sheet:
        return self.page.sheet

    def words(self, text: str) -> str:
        """The address of a cell that holds these words."""
        spot = Spot(self.sheet.id, self._spot.row, next(self._words))
        self.page.put(spot.row, spot.column, text, "Record words")
        return self.layout.text(spot, self.sheet.id)

    def cell(self, text: str, shown: str = "general") -> str:
        """The address of a cell that computes the formula; of an address, itself."""
        if PLAIN.fullmatch(text):
            return text
        if text not in self._taken:
            spot = Spot(self.sheet.id, self._spot.row - 1, next(self._computed))
            self.page.formula(spot.row, spot.column, f"={text}", "Name", shown)
            self._taken[text] = self.layout.text(spot, self.sheet.id)
        return self._taken[text]


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

    formula: Callable[[Parts, str], str]
    value: Callable[[Readout, str], Any]


def value_of(readout: Readout, name: str) -> Any:
    """What a hole speaks of, maybe times a constant."""
    name, _, constant = name.partition("*")
    kind, of = _kind(name)
    value = kind.value(readout, of)
    return value * readout.results.value("constants", "value", constant) if constant else value


def formula(parts: Parts, name: str) -> str:
    """How a formula refers to what a hole speaks of."""
    name, _, constant = name.partition("*")
    kind, of = _kind(name)
    text, layout = kind.formula(parts, of), parts.layout
    return f"{text}*{layout.text(layout.spot('constants', 'value', constant), parts.sheet.id)}" if constant else text


def _kind(name: str) -> tuple[Hole, str]:
    """The kind of a hole and what it speaks of; a bare name is a field of the scenario in focus."""
    word, _, of = name.partition(" ")
    return (HOLES[word], of) if word in HOLES else (OWN, name)


def _own(parts: Parts, name: str) -> str:
    """A field of the scenario in focus."""
    return parts.layout.text(parts.layout.spot(BASE, name, PICKED_KEY), parts.sheet.id)


def _at_key(parts: Parts, name: str) -> str:
    """A field of the key that is named: table.key.field."""
    table, key, field = name.split(".")
    return parts.layout.text(parts.layout.spot(table, field, key), parts.sheet.id)


def _at_key_value(readout: Readout, name: str) -> Any:
    table, key, field = name.split(".")
    return readout.shown(table, field, key)


def _when(parts: Parts, name: str) -> str:
    """The year of a day; in words where it lies beyond the horizon."""
    layout, here = parts.layout, parts.sheet.id
    day = parts.cell(formula(parts, name), "date")
    horizon = layout.text(layout.spot("dates", "day", "horizon"), here)
    year, beyond = (layout.text(layout.words["when"].shift(columns=i), here) for i in (0, 1))
    return f"IF({day}>{horizon},{beyond},YEAR({day})&{year})"


def _when_value(readout: Readout, name: str) -> str:
    day = value_of(readout, name)
    if day > readout.results.value("dates", "day", "horizon"):
        return PHRASES["beyond"].of(readout.language)
    year = (DAY_ZERO + dt.timedelta(days=math.floor(day))).year
    return PHRASES["year"].of(readout.language).format(year=year)


def _gate(parts: Parts, name: str) -> str:
    """The word for the code of a gate."""
    layout = parts.layout
    first = layout.words[f"{SCENARIOS}.binding_gate"]
    words = layout.span(first, first.shift(columns=len(_gate_words(layout.model)) - 1), parts.sheet.id)
    return f"INDEX({words},1+{parts.cell(formula(parts, name))})"


def _gate_words(model: Model) -> tuple[Word, ...]:
    return model.fields[SCENARIOS, "binding_gate"].words


def _ends(parts: Parts, name: str) -> tuple[Spot, Spot]:
    """The first and the last cell of a field."""
    table, _, field = name.partition(".")
    keys = parts.layout.model.keys[table]
    return parts.layout.spot(table, field, keys[0]), parts.layout.spot(table, field, keys[-1])


def _over(function: str, value: Callable[[Any], Any]) -> Hole:
    """A function over all keys of a field; it passes over what is not known."""

    def formula(parts: Parts, name: str) -> str:
        return f"{function}({parts.layout.span(*_ends(parts, name), parts.sheet.id)})"

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

    return Hole(lambda parts, name: parts.layout.text(_ends(parts, name)[position], parts.sheet.id), value)


def _drawn(parts: Parts, name: str) -> str:
    """A line of the Monte Carlo at the scenario in focus."""
    layout, here, spot = parts.layout, parts.sheet.id, parts.layout.spots[drawn_spot(name)]
    last = FIRST + len(layout.model.keys[SCENARIOS]) - 1
    line, ids = (
        layout.span(Spot(spot.sheet, row, FIRST), Spot(spot.sheet, row, last), here) for row in (spot.row, IDS_ROW)
    )
    return f"INDEX({line},MATCH({layout.text(layout.spots['picker'], here)},{ids},0))"


def _claims(**codes: int) -> Hole:
    """How many claims have these codes: the cells that say the words for them."""

    def formula(parts: Parts, _: str) -> str:
        layout, here = parts.layout, parts.sheet.id
        wanted = []
        for field, code in codes.items():
            word = layout.words[f"claims.{field}"].shift(columns=code)
            wanted += [layout.span(*_ends(parts, f"claims.{field}"), here), layout.text(word, here)]
        return f"COUNTIFS({','.join(wanted)})"

    def number(readout: Readout, _: str) -> int:
        have = [readout.results.columns["claims", field] == code for field, code in codes.items()]
        return int(np.logical_and.reduce(have).sum())

    return Hole(formula, number)


OWN = Hole(_own, lambda readout, name: readout.shown(BASE, name, PICKED_KEY))
HOLES = {
    "scenario": Hole(
        lambda parts, _: parts.layout.text(parts.layout.spots["picked_scenario"], parts.sheet.id),
        lambda readout, _: readout.label(SCENARIOS, readout.model.picked),
    ),
    "chip": Hole(
        lambda parts, _: parts.layout.text(parts.layout.spots["picked_chip"], parts.sheet.id),
        lambda readout, _: readout.label("chips", readout.results.value(BASE, "chip", PICKED_KEY)),
    ),
    "when": Hole(_when, _when_value),
    "gate": Hole(
        _gate, lambda readout, name: _gate_words(readout.model)[int(value_of(readout, name))].of(readout.language)
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
