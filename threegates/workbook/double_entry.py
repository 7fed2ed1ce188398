"""The double entry: a second program computes the workbook, and the build stops where it differs from the table."""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import formualizer
from openpyxl.utils import get_column_letter

from threegates.definition.declare import SCENARIOS, Field
from threegates.definition.derived import SWINGS
from threegates.engine import montecarlo
from threegates.engine.evaluate import Results
from threegates.engine.montecarlo import Uncertainty
from threegates.formula.readers import Address
from threegates.problems import InputError, InternalError, Problem
from threegates.workbook import charts
from threegates.workbook.layout import Layout, Spot
from threegates.workbook.package import Cells, ErrorValue, Value, read_values, seal
from threegates.workbook.page import Build
from threegates.workbook.write import write

RELATIVE, ABSOLUTE = 1e-9, 1e-12  # the second for differences of figures near 1, such as a deviation of nothing
MOST_FORMULAS = 100_000  # formualizer's limit for one workbook


@dataclass(frozen=True)
class Edition:
    """The finished workbook of one language, with what its double entry found."""

    package: bytes
    compared: int  # numbers that were computed twice
    largest_difference: float
    values: dict[str, Cells]
    uncertainty: Uncertainty


def double_entry(layout: Layout, results: Results, sampled: Callable[[], Uncertainty] | None = None) -> Edition:
    """Writes the workbook, recalculates it and compares every result with the table.

    ``sampled`` gives the Monte Carlo where editions share one; otherwise it is drawn here.
    Raises InputError where the inputs lead to an error value, InternalError where the two computations differ.
    """
    sampled = cache(sampled or partial(montecarlo.sample, results))
    numbers = (address for address, field, _ in _results(layout) if field.is_number and not field.words)
    compared = sum(math.isfinite(results.value(*address)) for address in numbers)
    written = write(layout, Build(compared, sampled))
    _limit(layout, written)
    fixed = dt.datetime(2000, 1, 1, tzinfo=dt.timezone(dt.timedelta(0)))
    filled: bytes = formualizer.recalculate_xlsx_bytes(written, deterministic_timestamp_utc=fixed)["bytes"]
    values = read_values(filled)
    largest = compare(layout, results, values)
    sealed = seal(filled, values, layout.model.assumptions.as_of, charts.descriptions(layout))
    return Edition(sealed, compared, largest, values, sampled())


def _limit(layout: Layout, written: bytes) -> None:
    """Refuses in our words what the engine would refuse in its own."""
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        count = sum(package.read(name).count(b"<f>") for name in sheets)
    if count > MOST_FORMULAS:
        inputs, scenarios = len(layout.model.inputs), len(layout.model.keys[SCENARIOS])
        found = f"found {count:,} formulas, of {scenarios:,} scenarios and {inputs:,} inputs in all"
        allowed = f"at most {MOST_FORMULAS:,}, since the recalculation engine takes no more in one workbook"
        place = layout.model.assumptions.document.place((SCENARIOS,))
        raise InputError([Problem(*place, SCENARIOS, found, allowed, "split the file")])


def _results(layout: Layout) -> Iterator[tuple[Address, Field, Spot]]:
    for address, spot in layout.homes.items():
        field = layout.model.fields[address[0], address[1]]
        if not field.is_input:
            yield address, field, spot


def compare(layout: Layout, results: Results, values: dict[str, Cells]) -> float:
    """The largest relative difference between the table and ``values``; raises as :func:`double_entry` does."""
    broken, different, largest = [], [], 0.0
    dash = _at(layout, values, layout.spots["unknown"])
    for address, field, spot in _results(layout):
        ours, theirs = results.value(*address), _at(layout, values, spot)
        if isinstance(theirs, ErrorValue) or (field.is_number and math.isinf(ours)):
            broken.append(_broken(layout, address, spot, theirs))
            continue
        expected = shown(layout, field, ours, dash)
        difference = _difference(expected, theirs)
        largest = max(largest, difference)
        if difference > RELATIVE:
            different.append(
                f"{_place(layout, spot)} ({layout.name(*address)}): table {expected!r}, workbook {theirs!r}"
            )
    if broken:
        raise InputError(broken)
    if different:
        raise InternalError("the table and the workbook differ:\n" + "\n".join(different[:20]))
    return largest


def shown(layout: Layout, field: Field, ours: Any, dash: Value) -> Value:
    """What the cell of a result should hold: a number, the word for its code, the name of a record, or the dash."""
    if field.kind in ("link", "choice"):
        return str(ours)
    if not field.is_number:  # the label of a record
        return layout.model.assumptions.entries[SWINGS][ours].label.of(layout.language)
    if math.isnan(ours):
        return dash
    return field.words[int(ours)].of(layout.language) if field.words else float(ours)


def _difference(ours: Value, theirs: Value) -> float:
    if isinstance(theirs, bool):
        return math.inf  # COUNTIF counts no TRUE, and a reader expects a number
    if isinstance(ours, float) and isinstance(theirs, float):
        gap = abs(ours - theirs)
        return 0.0 if gap <= ABSOLUTE and abs(ours) < 1 else gap / max(abs(ours), abs(theirs), 1e-300)
    return 0.0 if ours == theirs else math.inf


def _at(layout: Layout, values: dict[str, Cells], spot: Spot) -> Value:
    return values[layout.sheet_name(spot.sheet)].get((spot.row, spot.column))


def _place(layout: Layout, spot: Spot) -> str:
    return f"{layout.sheet_name(spot.sheet)}!{get_column_letter(spot.column)}{spot.row}"


def _broken(layout: Layout, address: Address, spot: Spot, value: Value) -> Problem:
    document = layout.model.assumptions.document
    code = value.code if isinstance(value, ErrorValue) else "too large"
    found = f"these inputs make {_place(layout, spot)} {code}"
    place = document.place((address[0], address[2]))
    allowed, remedy = "inputs that give a number", "look at the inputs of this result"
    return Problem(*place, layout.name(*address), found, allowed, remedy)
