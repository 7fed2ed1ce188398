"""The only place that knows addresses: (table, field, key) ⇄ 'Cards'!$E$12.

Every sheet has the same columns: A label, B id, C unit, then one column a scenario (or a field of a record), then
the four columns of documentation. Rows 1 to 4 are the same frozen header: title, status, headings, ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property

from openpyxl.utils import get_column_letter, quote_sheetname

from threegates.definition.declare import HIGH, LOW, Field, Sheet, Table, View
from threegates.engine.model import Model
from threegates.engine.resolve import Address
from threegates.formula import grammar
from threegates.formula.nodes import (
    Best,
    Cell,
    Chosen,
    Free,
    Heading,
    Linked,
    Moved,
    Node,
    Others,
    Own,
    Picked,
    Rank,
    Ranked,
    Same,
    Unknown,
    Whole,
)
from threegates.inputs.assumptions import SCENARIOS
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
        """Whether the four columns at the right say more: a derived table of records speaks for itself."""
        return not self.view and (self.across or not self.table.derived)

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

    @property
    def first_id(self) -> Spot:
        """The first of the ids below the headings of the columns."""
        return Spot(self.sheet, self.heading + 1, self.first.column)

    def spot(self, field: int, key: int) -> Spot:
        """The cell of a field and a key, by their positions."""
        if self.named and field == 0:
            return Spot(self.sheet, self.first.row + key, LABEL)
        return self.first.shift(field, key) if self.across else self.first.shift(key, field - self.named)


@dataclass
class Places:
    """What has a place so far, while the sheets are laid out one after the other; :class:`Layout` is the outcome."""

    model: Model
    language: Language
    blocks: list[Block] = attribute(default_factory=list)
    words: dict[str, Spot] = attribute(default_factory=dict)
    legends: dict[str, Spot] = attribute(default_factory=dict)
    lists: dict[tuple[str, str], Spot] = attribute(default_factory=dict)
    spots: dict[str, Spot] = attribute(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """Where everything stands in the workbook of one language."""

    model: Model
    language: Language
    blocks: tuple[Block, ...]
    words: Mapping[str, Spot]  # id of a field with words, or of a phrase → the first of its words, in a row
    legends: Mapping[str, Spot]  # id of a record table → the heading of its list of computed columns
    lists: Mapping[tuple[str, str], Spot]  # sheet, and id of a link or choice field → the first choice, in a column
    spots: Mapping[str, Spot]  # single cells that other cells speak of
    _home: Mapping[tuple[str, str], tuple[Block, int]] = attribute(repr=False)
    _index: Mapping[tuple[str, str], int] = attribute(repr=False)

    @property
    def home(self) -> Sheet:
        """The first sheet, which every other has a link to."""
        return self.model.sheets[0]

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        return {sheet.id: sheet for sheet in self.model.sheets}

    def sheet_name(self, sheet: str) -> str:
        return self.sheets[sheet].name.of(self.language)

    def spot(self, table: str, field: str, key: str) -> Spot:
        """The home of an input or result."""
        block, row = self._home[table, field]
        return block.spot(row, self._index[table, key])

    def block_of(self, table: str, field: str) -> Block:
        """The home of a field."""
        return self._home[table, field][0]

    def blocks_of(self, sheet: str) -> list[Block]:
        return [block for block in self.blocks if block.sheet == sheet]

    def documentation(self, sheet: str) -> int:
        """The first of the four columns of documentation on ``sheet``."""
        return max(block.first.column + block.columns for block in self.blocks_of(sheet) if not block.view)

    def homes(self) -> Iterator[tuple[Address, Spot]]:
        """Every input and result with its cell."""
        for block in self.blocks:
            if not block.view:
                for row, field in enumerate(block.fields):
                    for column, key in enumerate(block.keys):
                        yield (block.table.id, field.id, key), block.spot(row, column)

    def name(self, table: str, field: str, key: str) -> str:
        """The defined name of a cell."""
        return self.model.name(table, field, key)

    def absolute(self, spot: Spot) -> str:
        """The address of a cell as a defined name holds it."""
        sheet = self.sheet_name(spot.sheet).replace("'", "''")
        return f"'{sheet}'!${get_column_letter(spot.column)}${spot.row}"

    def text(self, spot: Spot, here: str, free: Free = "") -> str:
        """The address of a cell as a formula on the sheet ``here`` writes it."""
        column = "" if free in ("column", "both") else "$"
        row = "" if free in ("row", "both") else "$"
        local = f"{column}{get_column_letter(spot.column)}{row}{spot.row}"
        return local if spot.sheet == here else f"{self._quoted(spot.sheet)}!{local}"

    def span(self, first: Spot, last: Spot, here: str) -> str:
        """A range of cells, as a formula on the sheet ``here`` writes it."""
        return f"{self.text(first, here)}:{self.text(last, last.sheet)}"

    def _quoted(self, sheet: str) -> str:
        name = self.sheet_name(sheet)
        return name if re.fullmatch(r"[A-Za-z_][A-Za-z_]*", name) else str(quote_sheetname(name))

    def formula(self, table: str, field: str, key: str) -> str:
        """The Excel formula of a result in its home cell, words included."""
        here = self.spot(table, field, key).sheet
        node = self._home_of(self.model.formula(table, field, key), key)
        assert node is not None, (table, field)
        text = grammar.excel(node, lambda leaf: self._address(leaf, key, here))
        words = self.model.fields[table, field].words
        if not words:
            return text
        first = self.words[f"{table}.{field}"]
        return f"=INDEX({self.span(first, first.shift(columns=len(words) - 1), here)},1+{text[1:].removeprefix('--')})"

    def source_of(self, table: str, field: str, key: str) -> Spot:
        """Where a number comes from: the cell itself, or the one that it is a bare link to."""
        if self.model.fields[table, field].words:  # the words stand there alone
            return self.spot(table, field, key)
        node = self._home_of(self.model.formula(table, field, key), key)
        if isinstance(node, Unknown):
            return self.spots["unknown"]
        if isinstance(node, Cell | Own):
            return self.spot(node.table, node.field, node.key if isinstance(node, Cell) else key)
        return self.spot(table, field, key)

    def _home_of(self, node: Node | None, key: str) -> Node | None:
        """A link to a bare link would be a chain: it goes to where the number comes from."""
        while isinstance(node, Cell | Own):
            at = node.key if isinstance(node, Cell) else key
            further = self.model.formula(node.table, node.field, at)
            if not isinstance(further, Cell | Own):
                break
            node = further if isinstance(further, Cell) or at == key else Cell(further.table, further.field, at)
        return node

    def _address(self, leaf: Node, key: str, here: str) -> str:
        match leaf:
            case Own(table=table, field=field):
                return self.text(self.spot(table, field, key), here, free="both")
            case Cell(table=table, field=field, key=fixed, free=free):
                return self.text(self.spot(table, field, fixed), here, free)
            case Unknown():
                return self.text(self.spots["unknown"], here)
            case Linked(via=via, table=table, field=field):
                return f"INDEX({self._column(table, field, here)},{self._match(via, table, key, here)})"
            case Picked(field=field):
                picker = self.text(self.spots["picker"], here)
                found = f"MATCH({picker},{self._keys(SCENARIOS, field, here)},0)"
                return f"INDEX({self._column(SCENARIOS, field, here)},{found})"
            case Same(own=own, table=table, field=field):
                mine = self.text(self.key_spot(own, key), here, free="both")
                return f"INDEX({self._column(table, field, here)},MATCH({mine},{self._keys(table, field, here)},0))"
            case Whole(table=table, field=field):
                return self._column(table, field, here)
            case Others(table=table, field=field):
                return self._others(table, field, key)
            case Chosen(via=via, table=table, choice=choice, options=options):
                keys = self.model.keys[table]
                grid = self.span(self.spot(table, options[0], keys[0]), self.spot(table, options[-1], keys[-1]), here)
                heads = self.span(self.head_spot(table, options[0]), self.head_spot(table, options[-1]), here)
                chosen = self.text(self.spot(choice.table, choice.field, key), here, free="both")
                return f"INDEX({grid},{self._match(via, table, key, here)},MATCH({chosen},{heads},0))"
        return self._placed(leaf, key, here)

    def _placed(self, leaf: Node, key: str, here: str) -> str:
        """The references that only derived tables make."""
        match leaf:
            case Heading(own=own, column=column, table=table, field=field):
                mine = self.text(self.head_spot(own, column), here, "column")
                return f"INDEX({self._column(table, field, here)},MATCH({mine},{self._keys(table, field, here)},0))"
            case Moved(table=table, field=field):
                row, head = self.spot(table, field, key), self.key_spot(table, key, field)
                mine = self.text(Spot(here, row.row, ID), here, "row")
                cell = self.text(head, here, "column")
                return f"COUNTIF({cell}:{cell},{mine})"  # IronCalc wants a range
            case Best(table=table, key=record, options=options, among=among, choice=choice):
                cells = [self.text(self.spot(table, options[i], record), here, "row") for i in (0, -1)]
                heads = self.span(self.head_spot(table, among[0]), self.head_spot(table, among[-1]), here)
                chosen = self._address(choice, key, here)
                return f"INDEX({cells[0]}:{cells[1].rpartition('!')[2]},MATCH({chosen},{heads},0))"
            case Rank(table=table, field=field):
                keys, letter = self.model.keys[table], get_column_letter(self.spot(table, field, key).column)
                top, end, line = (self.spot(table, field, k).row for k in (keys[0], keys[-1], key))
                mine, so_far = f"{letter}{line}", f"{letter}${top}:{letter}{line}"
                above = f"SUMPRODUCT(--({letter}${top}:{letter}${end}>{mine}))"
                return f"{above}+SUMPRODUCT(({so_far}>={mine})*({so_far}<={mine}))"
            case Ranked(own=own, table=table, rank=rank, field=field):
                column = self._column(table, field or rank, here)
                if not field:
                    keys = self.model.keys[table]
                    ends = [self.key_spot(table, keys[i]).shift(columns=LABEL - ID) for i in (0, -1)]
                    column = self.span(ends[0], ends[1], here)
                top, line = (self.key_spot(own, k).row for k in (self.model.keys[own][0], key))
                letter = get_column_letter(ID)
                place = f"ROWS({letter}${top}:{letter}{line})"
                return f"INDEX({column},MATCH({place},{self._column(table, rank, here)},0))"
        raise AssertionError(leaf)

    def _column(self, table: str, field: str, here: str) -> str:
        """All keys of a field."""
        keys = self.model.keys[table]
        return self.span(self.spot(table, field, keys[0]), self.spot(table, field, keys[-1]), here)

    def _keys(self, table: str, field: str, here: str) -> str:
        """The ids of all keys, beside or above the cells of ``field``."""
        keys = self.model.keys[table]
        return self.span(self.key_spot(table, keys[0], field), self.key_spot(table, keys[-1], field), here)

    def _others(self, table: str, field: str, key: str) -> str:
        """The column above and below a record; a text stands above the first, and nothing below the last."""
        keys, own = self.model.keys[table], self.spot(table, field, key)
        letter = get_column_letter(own.column)
        first, last = (self.spot(table, field, keys[i]).row for i in (0, -1))
        return f"{letter}${first - 1}:{letter}{own.row - 1},{letter}{own.row + 1}:{letter}${last + 1}"

    def _match(self, via: Own, table: str, key: str, here: str) -> str:
        own = self.text(self.spot(via.table, via.field, key), here, free="both")
        first, last = (self.key_spot(table, self.model.keys[table][i]) for i in (0, -1))
        return f"MATCH({own},{self.span(first, last, here)},0)"

    def head_spot(self, table: str, field: str) -> Spot:
        """The cell that holds the id of a column of a record table."""
        block, _ = self._home[table, field]
        return Spot(block.sheet, block.heading + 1, self.spot(table, field, block.keys[0]).column)

    def labels(self, table: str, here: str) -> tuple[str, str]:
        """The labels of all keys of a table, and their ids, as two ranges."""
        field = next(f for t, f in self._home if t == table)
        ends = [self.key_spot(table, self.model.keys[table][i], field) for i in (0, -1)]
        across = self._home[table, field][0].across
        beside = [spot.shift(rows=-1) if across else spot.shift(columns=LABEL - ID) for spot in ends]
        return self.span(beside[0], beside[1], here), self.span(ends[0], ends[1], here)

    def key_spot(self, table: str, key: str, field: str = "") -> Spot:
        """The cell that holds the id of a key: beside a record, or above a column (of the block that has ``field``)."""
        field = field or next(f for t, f in self._home if t == table)
        block, _ = self._home[table, field]
        home = self.spot(table, field, key)
        return Spot(home.sheet, block.heading + 1, home.column) if block.across else Spot(home.sheet, home.row, ID)


def choices(model: Model, field: Field) -> tuple[str, ...]:
    """What a link or choice may say."""
    return model.keys[field.target[0]] if field.kind == "link" else field.target


def computed_columns(model: Model, table: str) -> list[Field]:
    """The equations of a record table: each a column, so that its formula has no row to stand in."""
    return (
        []
        if model.tables[table].across or model.tables[table].derived
        else [field for field in model.fields_of(table) if field.formula]
    )


def checks(model: Model) -> list[Field]:
    """The fields that are checks, whatever their table, in their order."""
    return [field for field in model.fields.values() if field.check]


def is_range(field: Field) -> bool:
    """Whether the field is the low or the high of another."""
    return field.id.endswith((LOW, HIGH))
