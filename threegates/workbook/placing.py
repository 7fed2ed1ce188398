"""Gives every table, list and word its place in the workbook."""

from __future__ import annotations

from threegates.definition.declare import Field, Sheet, View
from threegates.engine.model import Model
from threegates.text import Language
from threegates.workbook import sheets
from threegates.workbook.layout import FIRST, LABEL, UNIT, Block, Layout, Spot, choices, computed_columns


def place(model: Model, language: Language) -> Layout:
    """Gives every table, list and word its place; the same Model and language give the same addresses."""
    layout = Layout(model, language)
    for sheet in model.sheets:
        _place_sheet(layout, sheet)
    return layout


def _place_sheet(layout: Layout, sheet: Sheet) -> None:
    """Views, tables, lists, what is special about the sheet, words, and live sentences, one below the other."""
    model, special = layout.model, sheets.of(sheet.id)
    row = special.top
    for view in model.views:
        if view.sheet == sheet.id:
            fields = tuple(model.fields[view.table, name] for name in view.shown(layout.language))
            row = _place_table(layout, sheet, view.table, fields, row, view)
    for name in sheet.tables:
        row = _place_table(layout, sheet, name, tuple(model.fields_of(name, sheet.id)), row)
    row = _place_lists(layout, sheet, row)
    if sheet.tables and "unknown" not in layout.spots:  # below the first tables, which hold the inputs
        layout.spots["unknown"] = Spot(sheet.id, row - 1, FIRST)
        layout.words["when"] = Spot(sheet.id, row, FIRST)
        row += 2
    row = special.place(layout, row)
    row = _place_words(layout, sheet, row)
    row = _place_legends(layout, sheet, row)
    _place_sentences(layout, sheet, row)


def _place_table(
    layout: Layout, sheet: Sheet, name: str, fields: tuple[Field, ...], row: int, view: View | None = None
) -> int:
    """From ``row`` on; a view has a line of its own above its headings. Returns the first row that is left."""
    table, keys = layout.model.tables[name], layout.model.keys[name]
    if not fields or not keys:
        return row
    heading = row + (view is not None)
    first = Spot(sheet.id, heading + 2 + table.facts, UNIT if table.facts else FIRST)
    block = Block(sheet.id, table, fields, keys, heading, first, view)
    layout.blocks.append(block)
    return block.end + 2


def _place_lists(layout: Layout, sheet: Sheet, row: int) -> int:
    """The choices of links and choices, on the sheet of the cells that they validate: Sheets fails on another's."""
    fields = {
        field.target: field
        for table in sheet.tables
        for field in layout.model.fields_of(table, sheet.id)
        if field.is_input and field.kind in ("link", "choice")
    }
    if not fields:
        return row
    layout.spots[f"lists.{sheet.id}"] = Spot(sheet.id, row, LABEL)
    for column, target in enumerate(fields, start=FIRST):
        layout.lists[sheet.id, target] = Spot(sheet.id, row + 1, column)
    return row + 3 + max(len(choices(layout.model, field)) for field in fields.values())


def _place_words(layout: Layout, sheet: Sheet, row: int) -> int:
    for field in layout.model.fields.values():
        if field.words and field.sheet == sheet.id:
            layout.words[f"{field.table}.{field.id}"] = Spot(sheet.id, row, FIRST)
            row += 1
    return row


def _place_legends(layout: Layout, sheet: Sheet, row: int) -> int:
    explained: set[tuple[str, str]] = set()  # tables may share columns
    for name in sheet.tables:
        columns = computed_columns(layout.model, name, sheet.id)
        new = {(column.id, column.formula) for column in columns} - explained
        explained |= new
        if new:
            layout.legends[sheet.id, name] = Spot(sheet.id, row + 1, LABEL)
            row += 2 + len(columns)
    return row


def _place_sentences(layout: Layout, sheet: Sheet, row: int) -> None:
    """Live sentences, each with its words beside it, and what its holes compute in the row above."""
    for sentence in layout.model.definition.sentences:
        if sentence.sheet == sheet.id and all(layout.model.keys[table] for table in sentence.needs):
            row += 2
            layout.spots[f"sentence.{sentence.id}"] = Spot(sheet.id, row, LABEL)
