"""The only place that knows addresses: (table, field, key) ⇄ 'Cards'!$E$12.

Every sheet has the same columns: A label, B id, C unit, then one column a scenario (or a field of a record), then
the four columns of documentation. Rows 1 to 4 are the same frozen header: title, status, headings, ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property

from openpyxl.utils import get_column_letter, quote_sheetname

from threegates.definition.declare import HIGH, LOW, Field, Sheet, Table, View
from threegates.engine.model import Model
from threegates.formula.readers import Address, Free, Step
from threegates.text import Language

LABEL, ID, UNIT, FIRST = 1, 2, 3, 4  # columns
TITLE_ROW, STATUS_ROW, HEADING_ROW, IDS_ROW = 1, 2, 3, 4
DOCUMENTATION = ("equation", "in_words", "source", "confidence")


@dataclass(frozen=True)
class Spot:
    """A cell: sheet id, row, column (both from 1)."""

    sheet: str
    row: int
    column: int

    def shift(self, rows: int = 0, columns: int = 0) -> Spot:
        return Spot(self.sheet, self.row + rows, self.column + columns)


@dataclass(frozen=True)
class Block:
    """A table, or a part of it, on a sheet: ``heading`` is the row of labels, ``heading + 1`` that of ids."""

    sheet: str
    table: Table
    fields: tuple[Field, ...]
    keys: tuple[str, ...]
    heading: int
    first: Spot
    view: View | None = None

    @property
    def across(self) -> bool:
        return self.table.across

    @property
    def documented(self) -> bool:
        """Whether the four columns at the right say more: of records, they do beside what is given of them."""
        given = any(field.is_input or field.kind == "formula" for field in self.fields)
        return not self.view and (self.across or (given and not self.table.derived))

    @property
    def named(self) -> bool:
        """Whether a formula names each record: its first field, which stands where the label would."""
        return self.table.derived and not self.across and self.fields[0].kind == "text"

    @property
    def rows(self) -> int:
        return len(self.fields if self.across else self.keys)

    @property
    def columns(self) -> int:
        return len(self.keys if self.across else self.fields) - self.named

    @property
    def end(self) -> int:
        """The last row."""
        return self.first.row + self.rows - 1

    def spot(self, field: int, key: int) -> Spot:
        """The cell of a field and a key, by their positions."""
        if self.named and field == 0:
            return Spot(self.sheet, self.first.row + key, LABEL)
        return self.first.shift(field, key) if self.across else self.first.shift(key, field - self.named)

    def id_spot(self, position: int, of_field: bool) -> Spot:
        """The cell that holds the id of a field, or of a key: left of its row, or above its column."""
        field, key = (position, 0) if of_field else (0, position)
        home = self.spot(field, key)
        return (
            Spot(self.sheet, home.row, ID)
            if of_field is self.across
            else Spot(self.sheet, self.heading + 1, home.column)
        )

    def ends(self, field: int) -> tuple[Spot, Spot]:
        """The first and the last cell of a field."""
        return self.spot(field, 0), self.spot(field, len(self.keys) - 1)


@dataclass(frozen=True)
class Layout:
    """Where everything stands in the workbook of one language; empty until :func:`placing.place` has filled it."""

    model: Model
    language: Language
    blocks: list[Block] = attribute(default_factory=list)
    # id of a field with words, or of a phrase → the first of its words, in a row
    words: dict[str, Spot] = attribute(default_factory=dict)
    # sheet, and id of a record table → the heading of its list of computed columns
    legends: dict[tuple[str, str], Spot] = attribute(default_factory=dict)
    # sheet, and what links or choices of it point to → the first choice, in a column
    lists: dict[tuple[str, tuple[str, ...]], Spot] = attribute(default_factory=dict)
    # single cells that formulas refer to
    spots: dict[str, Spot] = attribute(default_factory=dict)

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        return {sheet.id: sheet for sheet in self.model.sheets}

    def sheet_name(self, sheet: str) -> str:
        return self.sheets[sheet].name.of(self.language)

    @cached_property
    def homes(self) -> Mapping[Address, Spot]:
        """Every input and result with its cell."""
        return {
            (block.table.id, field.id, key): block.spot(row, column)
            for block in self.blocks
            if not block.view
            for row, field in enumerate(block.fields)
            for column, key in enumerate(block.keys)
        }

    @cached_property
    def _blocks(self) -> Mapping[Step, Block]:
        return {(b.table.id, field.id): b for b in self.blocks if not b.view for field in b.fields}

    def spot(self, table: str, field: str, key: str) -> Spot:
        """The home of an input or result."""
        return self.homes[table, field, key]

    def block_of(self, table: str, field: str) -> Block:
        """The home of a field."""
        return self._blocks[table, field]

    def blocks_of(self, sheet: str) -> list[Block]:
        return [block for block in self.blocks if block.sheet == sheet]

    def documentation(self, sheet: str) -> int:
        """The first of the four columns of documentation on ``sheet``."""
        return max(block.first.column + block.columns for block in self.blocks_of(sheet) if not block.view)

    def name(self, table: str, field: str, key: str) -> str:
        """The defined name of a cell."""
        return self.model.name(table, field, key)

    def absolute(self, spot: Spot) -> str:
        """The address of a cell as a defined name holds it."""
        return f"{quote_sheetname(self.sheet_name(spot.sheet))}!${get_column_letter(spot.column)}${spot.row}"

    def text(self, spot: Spot, here: str, free: Free = "") -> str:
        """The address of a cell as a formula on the sheet ``here`` writes it."""
        column = "" if free in ("column", "both") else "$"
        row = "" if free in ("row", "both") else "$"
        local = f"{column}{get_column_letter(spot.column)}{row}{spot.row}"
        return local if spot.sheet == here else f"{self._quoted[spot.sheet]}!{local}"

    def span(self, first: Spot, last: Spot, here: str) -> str:
        """A range of cells, as a formula on the sheet ``here`` writes it."""
        return f"{self.text(first, here)}:{self.text(last, last.sheet)}"

    @cached_property
    def _quoted(self) -> Mapping[str, str]:
        """The names of the sheets as formulas write them."""
        names = {sheet.id: sheet.name.of(self.language) for sheet in self.model.sheets}
        plain = re.compile(r"[A-Za-z_][A-Za-z_]*")
        return {id_: name if plain.fullmatch(name) else str(quote_sheetname(name)) for id_, name in names.items()}

    def head_spot(self, table: str, field: str) -> Spot:
        """The cell that holds the id of a column of a record table."""
        block = self._blocks[table, field]
        return block.id_spot([f.id for f in block.fields].index(field), of_field=True)

    def labels(self, table: str, here: str) -> tuple[str, str]:
        """The labels of all keys of a table, and their ids, as two ranges."""
        field = next(f for t, f in self._blocks if t == table)
        ends = [self.key_spot(table, self.model.keys[table][i], field) for i in (0, -1)]
        across = self._blocks[table, field].across
        beside = [spot.shift(rows=-1) if across else spot.shift(columns=LABEL - ID) for spot in ends]
        return self.span(beside[0], beside[1], here), self.span(ends[0], ends[1], here)

    def key_spot(self, table: str, key: str, field: str = "") -> Spot:
        """The cell that holds the id of a key: beside a record, or above a column (of the block that has ``field``)."""
        field = field or next(f for t, f in self._blocks if t == table)
        block = self._blocks[table, field]
        return block.id_spot(block.keys.index(key), of_field=False)


def drawn_spot(line: str) -> str:
    """The name of the spot where a line of the Monte Carlo stands; its values begin at FIRST, below the ids of IDS_ROW."""
    return f"drawn.{line}"


def choices(model: Model, field: Field) -> tuple[str, ...]:
    """What a link or choice may say."""
    return model.keys[field.target[0]] if field.kind == "link" else field.target


def computed_columns(model: Model, table: str, sheet: str) -> list[Field]:
    """The equations of a record table on a sheet: each a column, so that its formula has no row to stand in."""
    return (
        []
        if model.tables[table].across or model.tables[table].derived
        else [field for field in model.fields_of(table, sheet) if field.formula]
    )


def checks(model: Model) -> list[Field]:
    """The fields that are checks, whatever their table, in their order."""
    return [field for field in model.fields.values() if field.check]


def is_range(field: Field) -> bool:
    """Whether the field is the low or the high of another."""
    return field.id.endswith((LOW, HIGH))
