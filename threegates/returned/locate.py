"""Finds each input of the model in a returned workbook, and what cannot be taken over, as problems in words."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from threegates.definition.declare import Field
from threegates.formula.readers import Address
from threegates.inputs import schema
from threegates.inputs.document import CONTROL, Document
from threegates.inputs.include import some
from threegates.lint.book import Position
from threegates.problems import Problem, nearest, shorten
from threegates.returned.compare import day
from threegates.returned.read_workbook import CellContent, ReturnedWorkbook, printable
from threegates.workbook.layout import ID, LABEL, Block, Layout, Spot, choices
from threegates.workbook.package import ErrorValue, Value

MOST_NAMED = 5  # cells that one sentence lists
MOST_OVERWRITTEN = 20  # formulas reported one by one; a workbook with more lost was saved as values, said once


class Rejection(NamedTuple):
    """Why the value of a cell is not taken over, in the words of a problem."""

    found: str
    allowed: str
    remedy: str = ""


@dataclass
class Located:
    """What was found: ``values`` of the right kind (None where the cell is blank), and ``problems`` for the rest."""

    values: dict[Address, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class SheetIndex(NamedTuple):
    """The filled cells of a sheet, with the columns that are filled in each row and the rows in each column."""

    cells: Mapping[tuple[int, int], CellContent]
    rows: dict[int, list[int]]
    columns: dict[int, list[int]]

    @classmethod
    def of(cls, cells: Mapping[tuple[int, int], CellContent]) -> SheetIndex:
        rows: dict[int, list[int]] = {}
        columns: dict[int, list[int]] = {}
        for row, column in cells:
            rows.setdefault(row, []).append(column)
            columns.setdefault(column, []).append(row)
        return cls(cells, rows, columns)


class Locator:
    """Finds the inputs of a model in a returned workbook: by defined name, or next to cells that kept their names."""

    def __init__(self, book: ReturnedWorkbook, layout: Layout, same_build: bool) -> None:
        self.book, self.layout, self.same_build = book, layout, same_build
        self.model = layout.model
        self.found = Located()
        self._grids: dict[str, SheetIndex] = {}
        self._added: dict[str, list[Value]] = {}  # ids already reported as added, by table

    @cached_property
    def named(self) -> dict[Address, Position]:
        """Where inputs and results stand that still have their defined names."""
        homes = ((address, self.layout.name(*address).casefold()) for address, _ in self.layout.homes.items())
        return {address: self.book.names[name] for address, name in homes if name in self.book.names}

    def locate(self) -> Located:
        missing: list[Address] = []
        for address in self.model.inputs:
            at = self.named.get(address) or self._beside(address)
            if at is None:
                missing.append(address)
            else:
                self._read(address, at)
        self._report_missing(missing)
        self._report_overwritten()
        for block in self.layout.blocks:
            if not block.view and not block.table.derived:
                self._report_added(block)
        return self.found

    def _report(self, path: str, found: str, allowed: str, remedy: str) -> None:
        self.found.problems.append(Problem(self.book.file, 0, path, found, allowed, remedy))

    def _read(self, address: Address, at: Position) -> None:
        model_field, cell = self.model.fields[address[:2]], self.book.cell(at)
        if cell.formula is not None:
            now = "" if cell.value is None else f", which gave {_shown(cell.value)}"
            found = f"found the formula {shorten('=' + printable(cell.formula))} in {at}{now}"
            value: Any = Rejection(found, "a typed value: formulas are not evaluated", "type the value, if you want it")
        else:
            value = self._value(model_field, address, cell.value, at)
        if isinstance(value, Rejection):
            self._report(self.layout.name(*address), *value)
        else:
            self.found.values[address] = value

    def _value(self, model_field: Field, address: Address, value: Value, at: Position) -> Any:
        """The value of the cell as the model would hold it, or a Rejection."""
        wanted, read = KINDS[model_field.kind]
        if value is None:
            needed = Rejection(f"found nothing in {at}", wanted, "type a value: this input is not optional")
            return None if model_field.optional else needed
        made = read(self, model_field, value)
        if isinstance(made, Rejection):
            return Rejection(f"found {made.found} in {at}", made.allowed, made.remedy)
        if model_field.kind in ("number", "date", "month", "text"):
            return self._bounded(model_field, address, made, at)
        return made

    def _bounded(self, model_field: Field, address: Address, value: Any, at: Position) -> Any:
        """The value, or a Rejection where the YAML would not accept it for this field."""
        document = Document(self.book.file, "")
        raw = f"{value:%Y-%m}" if model_field.kind == "month" else value
        if schema.validate(document, schema.value_model(model_field), {"base": raw}, (address[1],)) is None:
            problem = document.problems[0]
            return Rejection(f"{problem.found} in {at}", problem.allowed, "not taken over")
        return value

    def number(self, _: Field, value: Value) -> Any:
        if isinstance(value, float):
            return value
        hint = _reads_as(value) if isinstance(value, str) else ""
        return Rejection(_shown(value), "a number", f"type {hint} as a number" if hint else "type a number")

    def date(self, model_field: Field, value: Value) -> Any:
        made = day(value, self.book.day_shift) if isinstance(value, float) else value
        if isinstance(made, dt.date):
            return made.replace(day=1) if model_field.kind == "month" else made
        return Rejection(_shown(value), KINDS[model_field.kind][0], "type a date")

    def choice(self, model_field: Field, value: Value) -> Any:
        allowed = choices(self.model, model_field)
        if isinstance(value, str) and value in allowed:
            return value
        remedy = nearest(value.strip(), allowed) if isinstance(value, str) else ""
        return Rejection(_shown(value), some(allowed), remedy)

    def text(self, _: Field, value: Value) -> Any:
        if not isinstance(value, str):
            return Rejection(_shown(value), "a text")
        return Rejection("a control character", "printable text", "retype the text") if CONTROL.search(value) else value

    def _beside(self, address: Address) -> Position | None:
        """Where an input without its name stands: in the row and the column of cells that kept theirs.

        The ids beside the row and above the column must be those of the input; None where they are not.
        """
        home = self.layout.spot(*address)
        known = self._neighbours.get(home.sheet, ())
        rows = Counter(at.row for spot, at in known if spot.row == home.row).most_common(1)
        columns = Counter(at.column for spot, at in known if spot.column == home.column).most_common(1)
        if not (rows and columns) and not self.same_build:
            return None
        row, column = rows[0][0] if rows else home.row, columns[0][0] if columns else home.column
        titles = Counter(at.sheet for _, at in known).most_common(1)
        sheets = [title for title, _ in titles] or list(self.book.sheets)  # all, if no cell of the sheet has a name
        ids = address[1:] if self.model.tables[address[0]].across else (address[2], address[1])
        places = [at for at in (Position(sheet, row, column) for sheet in sheets) if self._has_ids(at, *ids)]
        return places[0] if len(places) == 1 else None

    @cached_property
    def _neighbours(self) -> dict[str, list[tuple[Spot, Position]]]:
        """The named cells of each sheet of ours: where they were built, and where they stand now."""
        found: dict[str, list[tuple[Spot, Position]]] = {}
        for address, at in self.named.items():
            spot = self.layout.spot(*address)
            found.setdefault(spot.sheet, []).append((spot, at))
        return found

    def _has_ids(self, at: Position, row_id: str, column_id: str) -> bool:
        """Whether the id of the row stands left of the cell, and the id of the column above it."""
        grid = self._grid(at.sheet)
        left = any(c < at.column and grid.cells[at.row, c].value == row_id for c in grid.rows.get(at.row, ()))
        return left and any(
            r < at.row and grid.cells[r, at.column].value == column_id for r in grid.columns.get(at.column, ())
        )

    def _grid(self, sheet: str) -> SheetIndex:
        if sheet not in self._grids:
            self._grids[sheet] = SheetIndex.of(self.book.sheets.get(sheet, {}))
        return self._grids[sheet]

    def _report_missing(self, missing: list[Address]) -> None:
        if missing:
            names = [self.layout.name(*address) for address in missing]
            found = f"found no cell for {len(names):,} of {len(self.model.inputs):,} inputs: {_some(names)}"
            self._report("names", found, "the names and ids of the cells as they were built", "not compared")

    def _report_overwritten(self) -> None:
        """Reports results whose formula was replaced by a value."""
        results = [address for address in self.named if not self.model.fields[address[:2]].is_input]
        lost = [address for address in results if self.book.cell(self.named[address]).formula is None]
        if len(lost) > MOST_OVERWRITTEN:
            found = f"found values instead of formulas in {len(lost):,} of {len(results):,} results"
            self._report("results", found, "the formulas as they were built", "its results do not follow its inputs")
            return
        for address in lost:
            at = self.named[address]
            found = f"found {_shown(self.book.cell(at).value)} typed over the formula in {at}"
            self._report(self.layout.name(*address), found, "the formula", "not taken over: change an input instead")

    def _report_added(self, block: Block) -> None:
        """Reports rows of a record table, or columns of a scenario table, that a reader has added."""
        addresses = ((block.table.id, f.id, key) for f in block.fields for key in block.keys)
        placed = [self.named[address] for address in addresses if address in self.named]
        if not placed:
            return
        sheet = placed[0].sheet
        here = [at for at in placed if at.sheet == sheet]
        grid = self._grid(sheet)
        if block.across:
            ids = min(at.row for at in here) - 1 - block.table.facts  # the row of ids above the columns
            known = {at.column for at in here}
            texts = {column: Position(sheet, ids, column) for column in grid.rows.get(ids, ())}
        else:
            known = {at.row for at in here}
            texts = {
                row: Position(sheet, row, column) for column in (LABEL, ID) for row in grid.columns.get(column, ())
            }
        within = (
            at for line, at in sorted(texts.items()) if min(known) <= line <= max(known) + 1 and line not in known
        )
        seen = (None, *block.keys, *self._added.get(block.table.id, ()))  # a table may stand on several sheets
        new = {value: at for at in within if (value := self.book.cell(at).value) not in seen}
        self._added.setdefault(block.table.id, []).extend(new)
        if new:
            what = "scenarios or columns" if block.across else "records"
            cells = _some([f"{_shown(value)} in {at}" for value, at in new.items()])
            found = f"found {what} that the YAML does not have: {cells}"
            self._report(block.table.id, found, "the records of the YAML", f"add them to {block.table.id}: by hand")


def _some(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def _shown(value: Value) -> str:
    """What a cell holds, worded for a sentence."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the truth value {str(value).upper()}"
    if isinstance(value, ErrorValue):
        return f"the error {value.code}"
    return f"the text {shorten(printable(value))}" if isinstance(value, str) else f"{value:g}"


def _reads_as(text: str) -> str:
    """The number that a text such as '0,34', '34%' or '１２' probably means; empty where that is not clear."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    match = re.fullmatch(r"([+-]?\d+)(?:[.,](\d+))?(%?)", plain)
    if match is None:
        return ""
    whole, decimals, percent = match.groups()
    grouped = decimals is not None and len(decimals) == 3 and not percent  # 1,567 may be thousands
    return "" if grouped else f"{whole}{'.' + decimals if decimals else ''}{percent}"


# For each kind of input: what is wanted in its cell, and what reads it.
KINDS: dict[str, tuple[str, Callable[[Locator, Field, Value], Any]]] = {
    "number": ("a number", Locator.number),
    "date": ("a date such as 2024-04-21", Locator.date),
    "month": ("a month such as 2024-10", Locator.date),
    "text": ("a text", Locator.text),
    "link": ("an id of the list", Locator.choice),
    "choice": ("an id of the list", Locator.choice),
}
