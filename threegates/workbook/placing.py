"""Gives every table, list and word its place in the workbook."""

from __future__ import annotations

from threegates.definition.declare import Field, Sheet, View
from threegates.engine.model import Model
from threegates.text import Language
from threegates.workbook.exceptions import EXCEPTIONS
from threegates.workbook.layout import (
    CHANGED_SHOWN,
    DRAWN_FACTS,
    FIRST,
    HEADING_ROW,
    ID,
    IDS_ROW,
    LABEL,
    PICKER_ROW,
    STATUS_ROW,
    SUMMARY_TOP,
    UNIT,
    Block,
    Layout,
    Spot,
    checks,
    choices,
    computed_columns,
)


def place(model: Model, language: Language) -> Layout:
    """Gives every table, list and word its place; the same Model and language give the same addresses."""
    placer = _Placer(model, language)
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
    def __init__(self, model: Model, language: Language) -> None:
        self.model = model
        self.language = language
        self.blocks: list[Block] = []
        self.words: dict[str, Spot] = {}
        self.legends: dict[str, Spot] = {}
        self.lists: dict[tuple[str, str], Spot] = {}
        self.spots: dict[str, Spot] = {}

    def place_sheet(self, sheet: Sheet) -> None:
        heading = HEADING_ROW
        if sheet.id == "summary":
            heading = SUMMARY_TOP + 1
        for view in self.model.views:
            if view.sheet == sheet.id:
                fields = tuple(self.model.fields[view.table, name] for name in view.shown(self.language))
                heading = self._add(sheet, view.table, fields, heading, view)
        for name in sheet.tables:
            heading = self._add(sheet, name, tuple(self.model.fields_of(name, sheet.id)), heading)
        heading = self._place_lists(sheet, heading)
        if sheet.id == "assumptions":
            self.spots["unknown"] = Spot(sheet.id, heading - 1, FIRST)
            heading += 1
        match sheet.id:
            case "summary":
                self.spots["picker"] = Spot("summary", PICKER_ROW, ID)
                self.spots["picked_scenario"] = Spot("summary", PICKER_ROW, FIRST)
                self.spots["picked_chip"] = Spot("summary", PICKER_ROW + 1, FIRST)
            case "uncertainty":
                heading = IDS_ROW + DRAWN_FACTS + 2
                self.spots["sentence.chart_drawn"] = Spot(sheet.id, heading, LABEL)
            case "checks":
                heading = self._place_checks(heading)
            case "shipped":
                heading = self._place_shipped(heading)
        if sheet.tables or sheet.id == "shipped":
            heading = self._place_words(sheet, heading)
        self._place_sentences(sheet, heading)

    def _add(self, sheet: Sheet, name: str, fields: tuple[Field, ...], heading: int, view: View | None = None) -> int:
        table, keys = self.model.tables[name], self.model.keys[name]
        if not fields or not keys:
            return heading
        first = Spot(sheet.id, heading + 2 + table.facts, UNIT if table.facts else FIRST)
        block = Block(sheet.id, table, fields, keys, heading, first, view)
        self.blocks.append(block)
        return block.end + (3 if view else 2)  # a view has a line of its own above

    def _place_lists(self, sheet: Sheet, row: int) -> int:
        """The choices of links and choices, on the sheet of the cells that they validate: Sheets fails on another's."""
        fields = {
            field.id: field
            for table in sheet.tables
            for field in self.model.fields_of(table, sheet.id)
            if field.is_input and field.kind in ("link", "choice")
        }
        if not fields:
            return row
        self.spots[f"lists.{sheet.id}"] = Spot(sheet.id, row, LABEL)
        for column, field in enumerate(fields.values()):
            self.lists[sheet.id, field.id] = Spot(sheet.id, row + 1, FIRST + column)
        return row + 3 + max(len(choices(self.model, field)) for field in fields.values())

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
        self.spots["changed_count"] = Spot("shipped", row + 5 + CHANGED_SHOWN + len(self.model.inputs), FIRST + 3)
        self.spots["shipped"] = Spot("shipped", row + 6 + CHANGED_SHOWN, LABEL)
        return row + 7 + CHANGED_SHOWN + len(self.model.inputs)

    def _place_words(self, sheet: Sheet, row: int) -> int:
        for field in self.model.fields.values():
            if field.words and field.sheet == sheet.id:
                self.words[f"{field.table}.{field.id}"] = Spot(sheet.id, row, FIRST)
                row += 1
        explained: set[tuple[str, str]] = set()  # tables may share columns
        for name in sheet.tables:
            columns = computed_columns(self.model, name)
            new = {(column.id, column.formula) for column in columns} - explained
            explained |= new
            if new:
                self.legends[name] = Spot(sheet.id, row + 1, LABEL)
                row += 2 + len(columns)
        return row

    def _place_sentences(self, sheet: Sheet, row: int) -> None:
        """Live sentences, each with its words beside it; then charts, which begin at the end."""
        for sentence in self.model.definition.sentences:
            if sentence.sheet == sheet.id and all(self.model.keys[table] for table in sentence.needs):
                row += 1
                self.spots[f"sentence.{sentence.id}"] = Spot(sheet.id, row, LABEL)
        self.spots[f"end.{sheet.id}"] = Spot(sheet.id, row + 2, LABEL)
