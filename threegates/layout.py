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

from threegates import expressions
from threegates.assumptions import SCENARIOS
from threegates.expressions import Cell, Chosen, Linked, Node, Own, Unknown
from threegates.joining import Address
from threegates.model import Model
from threegates.records import HIGH, LOW, Field, Language, Sheet, Table
from threegates.rules import EXCEPTIONS

LABEL, ID, UNIT, FIRST = 1, 2, 3, 4  # columns
TITLE_ROW, STATUS_ROW, HEADING_ROW, IDS_ROW = 1, 2, 3, 4
DOCUMENTATION = ("equation", "in_words", "source", "confidence")
FITS = FIRST + 4  # the column of As shipped that says whether an input is of its kind
CHANGED_SHOWN = 20  # rows of the list of changed inputs on As shipped
SUMMARY_FACTS = 6  # the first row of the facts and links on Summary
SUMMARY_TOP = 13  # rows of text on Summary above its first table


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
    view: bool = False

    @property
    def across(self) -> bool:
        return self.table.across

    @property
    def has_unit_row(self) -> bool:
        return self.table.facts

    @property
    def rows(self) -> int:
        return len(self.fields if self.across else self.keys)

    @property
    def columns(self) -> int:
        return len(self.keys if self.across else self.fields)

    @property
    def end(self) -> int:
        """The last row."""
        return self.first.row + self.rows - 1

    def spot(self, field: int, key: int) -> Spot:
        return self.first.shift(field, key) if self.across else self.first.shift(key, field)


@dataclass(frozen=True)
class Layout:
    """Where everything stands in the workbook of one language."""

    model: Model
    language: Language
    blocks: tuple[Block, ...]
    words: Mapping[str, Spot]  # id of a field with words, or of a phrase → the first of its words, in a row
    legends: Mapping[str, Spot]  # id of a record table → the heading of its list of computed columns
    lists: Mapping[str, Spot]  # id of a link or choice field → the first of its choices, in a column
    spots: Mapping[str, Spot]  # single cells that other cells speak of
    _home: Mapping[tuple[str, str], tuple[Block, int]] = attribute(repr=False)
    _index: Mapping[tuple[str, str], int] = attribute(repr=False)

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        return {sheet.id: sheet for sheet in self.model.sheets}

    def sheet_name(self, sheet: str) -> str:
        return self.sheets[sheet].name.of(self.language)

    def spot(self, table: str, field: str, key: str) -> Spot:
        """The home of an input or result."""
        block, row = self._home[table, field]
        return block.spot(row, self._index[table, key])

    def blocks_of(self, sheet: str) -> list[Block]:
        return [block for block in self.blocks if block.sheet == sheet]

    def documentation(self, sheet: str) -> int:
        """The first of the four columns of documentation on ``sheet``."""
        return max(block.first.column + block.columns for block in self.blocks_of(sheet))

    def homes(self) -> Iterator[tuple[Address, Spot]]:
        """Every input and result with its cell."""
        for block in self.blocks:
            if not block.view:
                for row, field in enumerate(block.fields):
                    for column, key in enumerate(block.keys):
                        yield (block.table.id, field.id, key), block.spot(row, column)

    def name(self, table: str, field: str, key: str) -> str:
        """The defined name of a cell: cards__gpt6_low, mfu__low__gpt5_high, constant__x, chips__h100_sxm__fp8."""
        record = self.model.tables[table]
        if table == SCENARIOS:
            return f"{field}__{key}"
        if record.main and field.startswith(record.main):
            return f"{record.prefix}__{key}{field.removeprefix(record.main)}"
        return f"{table}__{key}__{field}"

    def text(self, spot: Spot, here: str, fixed: bool = True) -> str:
        """The address of a cell as a formula on the sheet ``here`` writes it."""
        letter = get_column_letter(spot.column)
        local = f"${letter}${spot.row}" if fixed else f"{letter}{spot.row}"
        return local if spot.sheet == here else f"{self._quoted(spot.sheet)}!{local}"

    def span(self, first: Spot, last: Spot, here: str, fixed: bool = True) -> str:
        """A range of cells, as a formula on the sheet ``here`` writes it."""
        return f"{self.text(first, here, fixed)}:{self.text(last, last.sheet, fixed)}"

    def _quoted(self, sheet: str) -> str:
        name = self.sheet_name(sheet)
        return name if re.fullmatch(r"[A-Za-z_][A-Za-z_]*", name) else str(quote_sheetname(name))

    def formula(self, table: str, field: str, key: str) -> str:
        """The Excel formula of a result in its home cell, words included."""
        here = self.spot(table, field, key).sheet
        node = self.model.formula(table, field, key)
        assert node is not None, (table, field)
        text = expressions.excel(node, lambda leaf: self._address(leaf, key, here))
        words = self.model.fields[table, field].words
        if not words:
            return text
        first = self.words[f"{table}.{field}"]
        return f"=INDEX({self.span(first, first.shift(columns=len(words) - 1), here)},1+{text[1:].removeprefix('--')})"

    def _address(self, leaf: Node, key: str, here: str) -> str:
        match leaf:
            case Own(table=table, field=field):
                return self.text(self.spot(table, field, key), here, fixed=False)
            case Cell(table=table, field=field, key=fixed):
                return self.text(self.spot(table, field, fixed), here)
            case Unknown():
                return self.text(self.spots["unknown"], here)
            case Linked(via=via, table=table, field=field):
                keys = self.model.keys[table]
                column = self.span(self.spot(table, field, keys[0]), self.spot(table, field, keys[-1]), here)
                return f"INDEX({column},{self._match(via, table, key, here)})"
            case Chosen(via=via, table=table, choice=choice, options=options):
                keys = self.model.keys[table]
                grid = self.span(self.spot(table, options[0], keys[0]), self.spot(table, options[-1], keys[-1]), here)
                heads = self.span(self.head_spot(table, options[0]), self.head_spot(table, options[-1]), here)
                chosen = self.text(self.spot(choice.table, choice.field, key), here, fixed=False)
                return f"INDEX({grid},{self._match(via, table, key, here)},MATCH({chosen},{heads},0))"
        raise AssertionError(leaf)

    def _match(self, via: Own, table: str, key: str, here: str) -> str:
        own = self.text(self.spot(via.table, via.field, key), here, fixed=False)
        first, last = (self.key_spot(table, self.model.keys[table][i]) for i in (0, -1))
        return f"MATCH({own},{self.span(first, last, here)},0)"

    def head_spot(self, table: str, field: str) -> Spot:
        """The cell that holds the id of a column of a record table."""
        block, _ = self._home[table, field]
        return Spot(block.sheet, block.heading + 1, self.spot(table, field, block.keys[0]).column)

    def key_spot(self, table: str, key: str) -> Spot:
        """The cell that holds the id of a record."""
        field = next(f for t, f in self._home if t == table)
        home = self.spot(table, field, key)
        return Spot(home.sheet, home.row, ID)


def place(model: Model, language: Language) -> Layout:
    """Gives every table, list and word its place; the same Model and language give the same addresses."""
    placer = _Placer(model)
    for sheet in model.sheets:
        placer.place_sheet(sheet)
    home: dict[tuple[str, str], tuple[Block, int]] = {}
    for block in placer.blocks:
        if not block.view:
            home |= {(block.table.id, f.id): (block, i) for i, f in enumerate(block.fields)}
    index = {(table, key): i for table, keys in model.keys.items() for i, key in enumerate(keys)}
    return Layout(
        model, language, tuple(placer.blocks), placer.words, placer.legends, placer.lists, placer.spots, home, index
    )


class _Placer:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.blocks: list[Block] = []
        self.words: dict[str, Spot] = {}
        self.legends: dict[str, Spot] = {}
        self.lists: dict[str, Spot] = {}
        self.spots: dict[str, Spot] = {}

    def place_sheet(self, sheet: Sheet) -> None:
        heading = HEADING_ROW
        if sheet.id == "summary":
            heading = SUMMARY_TOP + 1
        for view in self.model.views:
            if view.sheet == sheet.id:
                fields = tuple(self.model.fields[view.table, name] for name in view.fields)
                heading = self._add(sheet, view.table, fields, heading, view=True)
        for name in sheet.tables:
            heading = self._add(sheet, name, tuple(self.model.fields_of(name, sheet.id)), heading)
        match sheet.id:
            case "assumptions":
                heading = self._place_lists(heading)
            case "checks":
                heading = self._place_checks(heading)
            case "shipped":
                heading = self._place_shipped(heading)
        if sheet.tables or sheet.id == "shipped":
            self._place_words(sheet, heading)
        self.spots[f"end.{sheet.id}"] = Spot(sheet.id, heading, LABEL)

    def _add(self, sheet: Sheet, name: str, fields: tuple[Field, ...], heading: int, view: bool = False) -> int:
        table, keys = self.model.tables[name], self.model.keys[name]
        if not fields or not keys:
            return heading
        first = Spot(sheet.id, heading + 2 + table.facts, UNIT if table.facts else FIRST)
        block = Block(sheet.id, table, fields, keys, heading, first, view)
        self.blocks.append(block)
        return block.end + 2 + view  # a view has a line of its own above

    def _place_lists(self, row: int) -> int:
        """The choices of links and choices, on the sheet of the cells that they validate: Sheets fails on another's."""
        self.spots["lists"] = Spot("assumptions", row, LABEL)
        longest = 0
        fields = [f for f in self.model.fields_of(SCENARIOS) if f.kind in ("link", "choice")]
        for column, field in enumerate(fields):
            self.lists[field.id] = Spot("assumptions", row + 1, FIRST + column)
            longest = max(longest, len(choices(self.model, field)))
        self.spots["unknown"] = Spot("assumptions", row + longest + 2, FIRST)
        return row + longest + 3

    def _place_checks(self, row: int) -> int:
        count = len(checks(self.model)) + 1  # and whether every input is of its kind
        self.spots["check_list"] = Spot("checks", row + 1, LABEL)
        self.spots["errors_failed"] = Spot("checks", row + 1 + count, FIRST)
        self.spots["alerts_raised"] = Spot("checks", row + 2 + count, FIRST)
        self.spots["double_entry"] = Spot("checks", row + 3 + count, LABEL)
        self.spots["master"] = Spot("checks", STATUS_ROW, LABEL)
        self.words["master"] = Spot("checks", row + 5 + count, FIRST)
        self.words["status"] = Spot("checks", row + 6 + count, FIRST)
        self.spots["rules"] = Spot("checks", row + 8 + count, LABEL)
        return row + 10 + count + len(EXCEPTIONS)

    def _place_shipped(self, row: int) -> int:
        self.spots["changed"] = Spot("shipped", STATUS_ROW, ID)
        self.spots["changed_list"] = Spot("shipped", row + 2, LABEL)
        self.words["changed"] = Spot("shipped", row + 3 + CHANGED_SHOWN, FIRST)
        self.spots["shipped"] = Spot("shipped", row + 6 + CHANGED_SHOWN, LABEL)
        return row + 7 + CHANGED_SHOWN + len(self.model.inputs)

    def _place_words(self, sheet: Sheet, row: int) -> None:
        for field in self.model.fields.values():
            if field.words and field.sheet == sheet.id:
                self.words[f"{field.table}.{field.id}"] = Spot(sheet.id, row, FIRST)
                row += 1
        for name in sheet.tables:
            columns = computed_columns(self.model, name)
            if columns:
                self.legends[name] = Spot(sheet.id, row + 1, LABEL)
                row += 2 + len(columns)


def choices(model: Model, field: Field) -> tuple[str, ...]:
    """What a link or choice may say."""
    return model.keys[field.target[0]] if field.kind == "link" else field.target


def computed_columns(model: Model, table: str) -> list[Field]:
    """The equations of a record table: each a column, so that its formula has no row to stand in."""
    return [] if model.tables[table].across else [field for field in model.fields_of(table) if field.formula]


def checks(model: Model) -> list[Field]:
    """The fields that are checks, whatever their table, in their order."""
    return [field for field in model.fields.values() if field.check]


def is_range(field: Field) -> bool:
    """Whether the field is the low or the high of another."""
    return field.id.endswith((LOW, HIGH))
