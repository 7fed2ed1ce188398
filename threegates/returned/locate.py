"""Finds each input of the model in a returned workbook, and what cannot be taken over, as problems in words."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from threegates.definition.declare import Field
from threegates.formula.readers import Address
from threegates.inputs import schema
from threegates.inputs.document import CONTROL, Document
from threegates.inputs.include import some
from threegates.lint.book import Position
from threegates.problems import Problem, nearest, shorten
from threegates.returned.areas import Area, Areas
from threegates.returned.compare import day
from threegates.returned.read_workbook import CellContent, ReturnedWorkbook, Unreadable, printable
from threegates.workbook.layout import ID, LABEL, Block, Layout, choices
from threegates.workbook.package import ErrorValue, Value

EMPTY = CellContent(None)
MOST_NAMED = 5  # cells that one sentence lists
MOST_OVERWRITTEN = 20  # formulas reported one by one; a workbook with more lost was saved as values, said once


class Rejection(NamedTuple):
    """Why the value of a cell is not taken over, in the words of a problem."""

    found: str
    allowed: str
    remedy: str = ""


@dataclass
class Located:
    """What was found: ``values`` of the right kind (None where the cell is blank), ``problems`` for the rest, and ``notes``."""

    values: dict[Address, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Locator:
    """Finds the inputs of a model in a returned workbook: by name, and by id where a name is lost or an id disagrees."""

    def __init__(self, book: ReturnedWorkbook, layout: Layout) -> None:
        self.book, self.layout = book, layout
        self.model = layout.model
        self.found = Located()
        homes = ((address, layout.name(*address).casefold()) for address in layout.homes)
        self.named = {address: book.names[name] for address, name in homes if name in book.names}
        self.areas = Areas(book, layout, self.named)
        self.places = {address: self._place(address) for address in layout.homes}
        self._added: dict[str, list[Value]] = {}  # ids already reported as added, by table

    def locate(self) -> Located:
        for address in self.model.inputs:
            at = self.places[address]
            if at is not None:
                self._read(address, at)
        self._report_missing()
        self._report_overwritten()
        for block in self.layout.blocks:
            area = None if block.view or block.table.derived else self.areas.of(block)
            if area is not None:
                self._report_doubles(block, area)
                self._report_added(block, area)
                self._tell(block, area)
        return self.found

    def _place(self, address: Address) -> Position | None:
        """Where an input or result stands: by its name, unless the ids of the row and the column say another place."""
        named, block = self.named.get(address), self.layout.block_of(*address[:2])
        area = None if block.table.derived else self.areas.of(block)
        ids = address[1:] if block.across else (address[2], address[1])
        if area is None or (named is not None and area.agrees(named, *ids)):
            return named
        at = area.crossing(*ids)
        if named is None or at is None or area.rows.moved or area.columns.moved:
            return at
        dragged = (
            self.book.cell(at) == EMPTY != self.book.cell(named)
        )  # a cell moved alone, which says nothing of either
        return None if dragged else at

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
            cell = self.book.cell(at).value  # of a date the day is ours: what was typed stands as it is
            typed = f"found {_shown(cell)}" if isinstance(value, dt.date) else problem.found
            return Rejection(f"{typed} in {at}", problem.allowed, "not taken over")
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

    def _report_missing(self) -> None:
        names = [self.layout.name(*address) for address in self.model.inputs if self.places[address] is None]
        if names:
            found = f"found no cell for {len(names):,} of {len(self.model.inputs):,} inputs: {_some(names)}"
            self._report("names", found, "the names and ids of the cells as they were built", "not compared")

    def _report_overwritten(self) -> None:
        """Reports results whose formula was replaced by a value."""
        results = {a: at for a, at in self.places.items() if at is not None and not self.model.fields[a[:2]].is_input}
        lost = [address for address, at in results.items() if self.book.cell(at).formula is None]
        if len(lost) > MOST_OVERWRITTEN:
            found = f"found values instead of formulas in {len(lost):,} of {len(results):,} results"
            self._report("results", found, "the formulas as they were built", "its results do not follow its inputs")
            return
        for address in lost:
            found = (
                f"found {_shown(self.book.cell(results[address]).value)} typed over the formula in {results[address]}"
            )
            self._report(self.layout.name(*address), found, "the formula", "not taken over: change an input instead")

    def _report_doubles(self, block: Block, area: Area) -> None:
        """Reports ids of rows or columns that stand more than once: a reader may have copied a record."""
        for axis, what in ((area.rows, "row"), (area.columns, "column")):
            for name, lines in axis.lines.items():
                if len(lines) > 1:
                    cells = _some([str(area.id_cell(line, axis is area.rows)) for line in lines])
                    read = any(axis.texts.get(line) == name for line in self._lines(block, area, axis is area.rows))
                    remedy = f"only the {what} that its names point to was read" if read else "not taken over"
                    self._report(f"{block.table.id}.{name}", f"found its id in {cells}", f"one {what} with it", remedy)

    def _lines(self, block: Block, area: Area, in_row: bool) -> set[int]:
        """The rows, or the columns, that cells of a table were found in."""
        addresses = ((block.table.id, field.id, key) for field in block.fields for key in block.keys)
        found = (at for address in addresses if (at := self.places[address]) is not None and at.sheet == area.sheet)
        return {at.row if in_row else at.column for at in found}

    def _report_added(self, block: Block, area: Area) -> None:
        """Reports rows of a record table, or columns of a scenario table, that a reader has added."""
        known = self._lines(block, area, not block.across)
        if not known:
            return
        cells = self.areas.grid(area.sheet)
        if block.across:
            texts = {column: Position(area.sheet, area.heads, column) for column in cells.rows.get(area.heads, ())}
        else:
            beside = (area.ids + LABEL - ID, area.ids)
            texts = {row: Position(area.sheet, row, c) for c in beside for row in cells.columns.get(c, ())}
        within = (
            at for line, at in sorted(texts.items()) if min(known) <= line <= max(known) + 1 and line not in known
        )
        seen = (None, *block.keys, *self._added.get(block.table.id, ()))  # a table may stand on several sheets
        new = {value: at for at in within if (value := self.book.cell(at).value) not in seen}
        self._added.setdefault(block.table.id, []).extend(new)
        if new:
            what = "scenarios or columns" if block.across else "records"
            told = _some([f"{_shown(value)} in {at}" for value, at in new.items()])
            found = f"found {what} that the YAML does not have: {told}"
            self._report(block.table.id, found, "the records of the YAML", f"add them to {block.table.id}: by hand")

    def _tell(self, block: Block, area: Area) -> None:
        """Notes rows or columns that stand elsewhere than their names say, and copies of inputs, which are not read."""
        for axis, what in ((area.rows, "rows"), (area.columns, "columns")):
            if axis.moved:
                moved = f"{len(axis.moved):,} {what} of {block.table.id} stand elsewhere than their names say"
                self.found.notes.append(f"{area.sheet}: {moved}, as after a sort: their cells were found by their ids")
        if any(field.is_input for field in block.fields):
            self.found.notes += [
                f"{sheet} is a copy of {block.table.id}: not read" for sheet in self.areas.copies(block)
            ]


def _some(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def _shown(value: Value) -> str:
    """What a cell holds, worded for a sentence."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the truth value {str(value).upper()}"
    if isinstance(value, Unreadable):
        return f"{value.code}, which cannot be read,"
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
