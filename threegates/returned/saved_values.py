"""Whether the values that a workbook was saved with belong to its inputs; where they do not, its results are computed.

Programs that calculate nothing save no values, or keep those from before an edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from openpyxl.utils import column_index_from_string

from threegates.definition.declare import SCENARIOS
from threegates.engine import evaluate, names
from threegates.engine.evaluate import Results
from threegates.engine.model import Model
from threegates.lint.book import Position
from threegates.problems import InputError, Problem, shorten
from threegates.returned import changes, compare, origin
from threegates.returned.compare import Side
from threegates.returned.locate import Locator
from threegates.returned.read_workbook import CellContent, ReturnedWorkbook, printable
from threegates.workbook import placing
from threegates.workbook.package import ErrorValue

CELL = r"(?:(?:'((?:[^']|'')+)'|([\w.]+))!)?\$?([A-Z]{1,3})\$?(\d{1,7})"
QUOTED = "'(?:[^']|'')*'"
LINKS = (re.compile(CELL), re.compile(rf"IF\(ISBLANK\((?P<cell>{CELL})\),(?:{QUOTED})?[^,()']+,(?P=cell)\)"))
BY_IDS = "its cells were found by the ids of their rows and columns"
UNKNOWN = "—"  # what a link to a blank input shows


def side_of(book: ReturnedWorkbook, bases: Iterable[Results]) -> Side:
    """The side of a workbook: its inputs, and its results as they were saved.

    Where the saved values are missing or older than the inputs, the results are computed with the equations of that
    one of ``bases`` from which the workbook was built, or of one that has the same inputs. Raises InputError for a
    workbook that is not ours.
    """
    bases = list(bases) if not (side := compare.of_workbook(book)).inputs else bases
    if not side.inputs:
        book = _named_by_ids(book, bases)
        side = replace(compare.of_workbook(book), notes=(f"{book.file} lost all names: {BY_IDS}",))
    doubt = _missing(book) or _stale(book)
    if not doubt:
        return side
    digest = book.origin.digest if book.origin else ""
    for base in sorted(bases, key=lambda base: base.model.assumptions.document.digest[:16] != digest):
        if computed := _computed(book, side, base, doubt):
            return computed
    told = f"{book.file} {doubt}: its results are not known; open it in a spreadsheet program and save it there, or name with --assumptions the YAML that it was built from"  # fmt: skip
    return replace(side, results=None, notes=(*side.notes, told))


def _named_by_ids(book: ReturnedWorkbook, bases: Iterable[Results]) -> ReturnedWorkbook:
    """The workbook with the names that it lost, as the ids beside its cells tell. Raises InputError if it is not ours."""
    for base in bases:
        placed = placing.place(base.model, compare.language_of(book))
        locator = Locator(book, placed)
        with suppress(InputError):
            origin.lost_names(book, base.model, locator)
            found = {placed.name(*address): at for address, at in locator.places.items() if at is not None}
            return replace(book, names=found)
    said = "found none of the names that this model gives its inputs"
    remedy = "it is another workbook, or it lost its names; ask for a copy saved as .xlsx"
    raise InputError([Problem(book.file, 0, "the file", said, "a workbook that Three Gates has built", remedy)])


def _missing(book: ReturnedWorkbook) -> str:
    """Says so where formulas of results were saved without their values."""
    fields = ((compare.field_of(name), at) for name, at in book.names.items())
    cells = [book.cell(at) for field, at in fields if field is not None and not field.is_input]
    without = sum(cell.formula is not None and cell.value is None for cell in cells)
    return f"holds no saved values for {without:,} of its {len(cells):,} results" if without else ""


def _stale(book: ReturnedWorkbook) -> str:
    """Says so where a cell that only repeats another was saved with a value that the other no longer has."""
    for sheet, cells in book.sheets.items():
        for (row, column), cell in cells.items():
            if cell.formula and (target := _linked(sheet, cell.formula)) is not None:
                source = book.cell(target)
                if source.formula is None and not _repeats(cell, source):
                    here = Position(sheet, row, column)
                    return f"was not recalculated after its last change: {here} repeats {target} and shows {_told(cell)} for {_told(source)}"  # fmt: skip
    return ""


def _linked(sheet: str, formula: str) -> Position | None:
    """The cell that a formula repeats as it is; None for any other formula."""
    match = next((found for link in LINKS if (found := link.fullmatch(formula))), None)
    if match is None:
        return None
    quoted, plain, column, row = match.groups()[-4:]
    title = printable((quoted or plain or sheet).replace("''", "'"))
    return Position(title, int(row), column_index_from_string(column))


def _repeats(link: CellContent, source: CellContent) -> bool:
    if source.value is None:
        return link.value in (None, 0.0, UNKNOWN)
    if isinstance(link.value, str) and isinstance(source.value, str):
        return link.value.split() == source.value.split()
    return compare.same(link.value, source.value)


def _told(cell: CellContent) -> str:
    value = cell.value.code if isinstance(cell.value, ErrorValue) else cell.value
    return "nothing" if value is None else f"{value:g}" if isinstance(value, float) else shorten(printable(str(value)))


def _computed(book: ReturnedWorkbook, side: Side, base: Results, doubt: str) -> Side | None:
    """The side with results computed from its inputs; None where ``base`` has other inputs than the workbook."""
    model = base.model
    placed = placing.place(model, compare.language_of(book))
    document = model.assumptions.document
    located = Locator(book, placed).locate()
    known = {placed.name(*address).casefold(): address for address in model.inputs}
    if side.inputs.keys() - known.keys() - {names.PICKER} or any(
        address not in located.values and name not in side.inputs for name, address in known.items()
    ):
        return None
    values = {a: v for a, v in located.values.items() if not compare.same(compare.value_of(model, a), v)}
    after = _picking(changes.with_values(model, values), side)
    found = compare.of_results(evaluate.evaluate(after)).results or {}
    told = f"{book.file} {doubt}: its results are computed here, from its inputs and the equations of {document.file}"
    left = len(model.inputs) - len(located.values)
    more = [f"{left:,} cells of {book.file} hold no such values as they should: computed with those of {document.file}; pull names them"] if left else []  # fmt: skip
    results = {name: entry for name, entry in found.items() if name in (side.results or ())}
    return replace(side, results=results, notes=(*side.notes, told, *more))


def _picking(model: Model, side: Side) -> Model:
    """The model with the scenario in focus that the reader picked."""
    picked = side.inputs[names.PICKER].value if names.PICKER in side.inputs else None
    if picked not in model.keys[SCENARIOS]:
        return model
    report = model.assumptions.report.model_copy(update={"picked": picked})
    return replace(model, assumptions=replace(model.assumptions, report=report))
