"""Compares the inputs and results of two sides, for ``pull``, ``diff`` and for what has moved since the last build.

A side is a YAML file, a workbook, or the results.csv of an earlier build. It holds statements under the defined names of
the workbook. Their values can be compared: numbers, words in English, dates, and None for blank or not known.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from threegates.definition import MODEL
from threegates.definition.declare import PER_RECORD, SCENARIOS, Field
from threegates.engine import names
from threegates.engine.evaluate import DAY_ZERO, Results
from threegates.engine.model import Model
from threegates.formula.readers import Address
from threegates.returned.key_results import PER_CENT, ordered
from threegates.returned.read_workbook import ReturnedWorkbook, Unreadable
from threegates.text import LANGUAGES, Language, Text
from threegates.workbook import placing
from threegates.workbook.package import ErrorValue, Value
from threegates.workbook.styles import DATED

SAME_INPUT = 1e-14  # some programs keep fifteen digits
SAME_RESULT = 1e-9  # as in the double entry


@dataclass(frozen=True)
class Statement:
    """The value that one side has under a name; ``unit`` is empty where the side does not state it."""

    value: Any
    unit: str = ""
    format: str = ""


@dataclass(frozen=True)
class Side:
    """One side of a comparison; ``language`` is that of its texts, None where it has both.

    ``results`` is None where they are not known. Of a side that is one ``scenario`` alone, names are those of fields.
    ``notes`` are sentences on where the values come from.
    """

    inputs: Mapping[str, Statement]
    results: Mapping[str, Statement] | None
    language: Language | None = None
    scenario: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Move:
    """A value that differs."""

    name: str
    unit: str
    format: str
    ours: Any
    theirs: Any

    @property
    def absolute(self) -> float | None:
        """How far a number moved; None for what is no number."""
        return self.theirs - self.ours if isinstance(self.ours, float) and isinstance(self.theirs, float) else None

    @property
    def is_in_points(self) -> bool:
        """Whether it is the move of a share: from 0.1 % to 160 % is no × 1,600."""
        return self.format == PER_CENT and self.absolute is not None and min(abs(self.ours), abs(self.theirs)) < 1

    @property
    def relative(self) -> float | None:
        """The same as a share of ours; None where that says nothing: from zero, across zero, of a share, and of a date."""
        if self.absolute is None or self.is_in_points or self.format in DATED:
            return None
        if not self.ours or self.ours * self.theirs < 0:
            return None
        return float(self.absolute / abs(self.ours))


Records = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Difference:
    """From ``ours`` to ``theirs``: what only one has, and values that differ.

    ``records_removed`` and ``records_added`` are whole scenarios and records, by table; the other names are those of
    records that both have. ``key_results`` are the moves that readers look at first, ``moved`` all others, the largest
    first. ``language`` is that in which the sides state units.
    """

    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[Move, ...] = ()
    results_removed: tuple[str, ...] = ()
    results_added: tuple[str, ...] = ()
    moved: tuple[Move, ...] = ()
    key_results: tuple[Move, ...] = ()
    records_removed: Records = field(default_factory=dict)
    records_added: Records = field(default_factory=dict)
    language: Language = "en"
    results_known: bool = True  # on both sides
    notes: tuple[str, ...] = ()


def differ(ours: Side, theirs: Side) -> Difference:
    """What differs between two sides; inputs in the order of theirs, results as readers look at them."""
    told = {side.language for side in (ours, theirs) if side.language}
    language: Language = "zh" if told == {"zh"} else "en"
    changed = _moves(ours.inputs, theirs.inputs, SAME_INPUT)
    if len(told) > 1:  # the same text in two languages is no difference
        changed = [move for move in changed if not (isinstance(move.ours, str) and _is_text(move.name))]
    one, other = ({}, {}) if ours.results is None or theirs.results is None else (ours.results, theirs.results)
    key_results, moved = ordered(_moves(one, other, SAME_RESULT), _scenarios(ours, theirs), language)
    whole = ({**ours.inputs, **one}, {**theirs.inputs, **other})
    (gone, removed), (new, added) = (_only(mine, others, not ours.scenario) for mine, others in (whole, whole[::-1]))
    return Difference(
        tuple(name for name in removed if name in ours.inputs),
        tuple(name for name in added if name in theirs.inputs),
        tuple(changed),
        tuple(name for name in removed if name not in ours.inputs),
        tuple(name for name in added if name not in theirs.inputs),
        moved,
        key_results,
        gone,
        new,
        language,
        ours.results is not None and theirs.results is not None,
        tuple(dict.fromkeys(ours.notes + theirs.notes)),
    )


def _scenarios(*sides: Side) -> dict[str, None]:
    """The scenarios of both, the picked ones first."""
    picked = dict.fromkeys(side.inputs[names.PICKER].value for side in sides if names.PICKER in side.inputs)
    places = (_record(name) for side in sides for name in side.results or ())
    return picked | dict.fromkeys(place[1] for place in places if place and place[0] == SCENARIOS)


def _only(
    ours: Mapping[str, Statement], theirs: Mapping[str, Statement], grouped: bool
) -> tuple[Records, tuple[str, ...]]:
    """What only ours has: whole records, and names of records that both have; a blank counts like a missing name."""
    names_ = [name for name, entry in ours.items() if name not in theirs and entry.value is not None]
    if not grouped or not names_:
        return {}, tuple(names_)
    both = {_record(name) for name in theirs} | {None}
    alone = dict.fromkeys(record for name in names_ if (record := _record(name)) not in both and record)
    records = {table: tuple(key for at, key in alone if at == table) for table, _ in alone}
    return records, tuple(name for name in names_ if _record(name) in both)


@lru_cache(maxsize=20_000)
def _record(name: str) -> tuple[str, str] | None:
    """The scenario or record that a name speaks of, with its table."""
    address = None if name == names.PICKER else names.address(name, MODEL.tables)
    return address and (address[0], address[2])


def _moves(ours: Mapping[str, Statement], theirs: Mapping[str, Statement], tolerance: float) -> list[Move]:
    found = []
    for name, entry in theirs.items():
        mine = ours.get(name)
        if mine is not None and not same(mine.value, entry.value, tolerance):
            unit, form = mine.unit or entry.unit, mine.format or entry.format
            found.append(Move(name, unit, form, one_of(mine.value), one_of(entry.value)))
    return found


def same(one: Any, other: Any, tolerance: float = SAME_INPUT) -> bool:
    """Whether two values are equal: numbers within a relative tolerance, a text in either of its languages."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=tolerance)
    if isinstance(one, Text) and isinstance(other, str):
        return other in one
    return one in other if isinstance(other, Text) and isinstance(one, str) else bool(one == other)


def one_of(value: Any) -> Any:
    """A text in English, anything else as it is."""
    return value.en if isinstance(value, Text) else value


@cache
def _fields() -> dict[tuple[str, str], Field]:
    return {(field.table, field.id): field for field in MODEL.equations}


@lru_cache(maxsize=20_000)
def field_of(name: str) -> Field | None:
    """The input or result that a defined name means; for a low or a high, that of its base value.

    None for what this version of the model does not have. Derived tables are left out: they show once more what other
    results say.
    """
    address = names.address(name, MODEL.tables)
    if address is None:
        return None
    table, field_id, _ = address
    field = _fields().get((table, names.base(field_id)))
    if field is None or field.id == field_id:
        return field
    return replace(field, kind="number") if field.may_range else None  # the ends of a formula are inputs


def of_results(results: Results) -> Side:
    """The side of a YAML file: its inputs and computed results."""
    model, report = results.model, results.model.assumptions.report
    placed = placing.place(model, "en")
    found: dict[bool, dict[str, Statement]] = {True: {names.PICKER: Statement(report.picked)}, False: {}}
    for address, _ in placed.homes.items():
        field = model.fields[address[:2]]
        if model.tables[address[0]].derived or (not field.is_input and not field.is_number):
            continue
        value = value_of(model, address) if field.is_input else result_of(field, float(results.value(*address)))
        unit = model.unit_of(field, address[2])
        found[field.is_input][placed.name(*address)] = Statement(value, unit, model.format_of(field, address[2]))
    return Side(found[True], found[False])


def value_of(model: Model, address: Address) -> Any:
    """The value of an input in comparable form; None where it is blank."""
    datum = model.data.get(address)
    return None if datum is None else _comparable(datum.value)


def _comparable(value: Any) -> Any:
    """Integers become floats."""
    return float(value) if isinstance(value, int | float) else value


def result_of(field: Field, value: float) -> Any:
    """A computed number in comparable form: None where it is not known, the word where it is the code of one."""
    if math.isnan(value):
        return None
    if field.words:
        return field.words[int(value)].en if 0 <= value < len(field.words) else None
    return value


def of_workbook(book: ReturnedWorkbook) -> Side:
    """The side of a workbook: its named cells, results by their cached values."""
    inputs: dict[str, Statement] = {}
    results: dict[str, Statement] = {}
    for name, at in book.names.items():
        field = field_of(name)
        if name == names.PICKER:
            inputs[name] = Statement(book.cell(at).value)
        elif field is not None:
            unit = "" if field.unit == PER_RECORD else field.unit
            value = book.cell(at).value
            made = stated(field, value, book.day_shift) if field.is_input else _cached(field, value)
            if field.is_input or field.is_number:
                (inputs if field.is_input else results)[name] = Statement(made, unit, field.format)
    return Side(inputs, results, language_of(book))


def stated(field: Field, value: Value, shift: int) -> Any:
    """What the cell of an input says: for a date its day, for an error its name."""
    if field.kind in ("date", "month") and isinstance(value, float):
        return day(value, shift)
    if isinstance(value, Unreadable):
        return f"{value.code} (cannot be read)"
    return f"{value.code} (an error)" if isinstance(value, ErrorValue) else value


def _cached(field: Field, value: Value) -> Any:
    if isinstance(value, str):
        words = {text: word.en for word in field.words for text in (word.en, word.zh)}
        return words.get(value) or (None if value == "—" else value)
    return value.code if isinstance(value, ErrorValue) else _comparable(value)


def day(serial: float, shift: int = 0) -> dt.date | float:
    """The day of a serial number; the number itself if it is out of the range of dates."""
    try:
        return DAY_ZERO + dt.timedelta(days=int(serial) + shift)
    except OverflowError:
        return serial


def language_of(book: ReturnedWorkbook) -> Language:
    """The language in which most sheets have the names that we give them; English if none has."""
    titles = set(book.sheets)
    return max(LANGUAGES, key=lambda language: len({s.name.of(language) for s in MODEL.sheets} & titles))


def _is_text(name: str) -> bool:
    field = field_of(name)
    return field is not None and field.kind == "text"
