"""The lists, wordings and legends below the tables of a sheet."""

from __future__ import annotations

from threegates.workbook.layout import (
    ID,
    LABEL,
    choices,
    computed_columns,
)
from threegates.workbook.page import Page


def lists(page: Page) -> None:
    """The choices that validations allow, linked to the ids of their records, and the sign for 'not known'."""
    layout, model = page.layout, page.layout.model
    own = {name: first for (sheet, name), first in layout.lists.items() if sheet == page.sheet.id}
    if not own:
        return
    spot = layout.spots[f"lists.{page.sheet.id}"]
    page.say(spot.row, LABEL, "lists", "Heading")
    fields = {field.id: field for field in model.fields.values() if field.sheet == page.sheet.id and field.is_input}
    linked = next(field.target[0] for field in fields.values() if field.kind == "link")
    for name, first in own.items():
        field = fields[name]
        page.put(spot.row, first.column, field.label.of(page.language), "Heading")
        for offset, choice in enumerate(choices(model, field)):
            if field.kind == "link":
                source = layout.key_spot(field.target[0], choice)
            else:
                source = layout.head_spot(linked, choice)
            page.formula(
                first.row + offset, first.column, "=" + layout.text(source, page.sheet.id, free="both"), "Name", "text"
            )
    unknown = layout.spots["unknown"]
    if unknown.sheet == page.sheet.id:
        page.say(unknown.row, LABEL, "unknown", "Label")
        page.put(unknown.row, unknown.column, "—", "Record")


def words(page: Page) -> None:
    """The words that codes stand for, on the sheet that uses them; coloured where they are the result."""
    layout, model = page.layout, page.layout.model
    for name, first in layout.words.items():
        if first.sheet != page.sheet.id or "." not in name:
            continue
        table, field_id = name.split(".")
        field = model.fields[table, field_id]
        page.put(first.row, LABEL, page.phrase("words_of") + field.label.of(page.language), "Label")
        for offset, text in enumerate(field.words):
            page.put(first.row, first.column + offset, text.of(page.language), "Record text")
        shown = [(LABEL, page.phrase("words_of") + field.label.of(page.language))]
        page.fit_row(
            first.row, shown + [(first.column + i, text.of(page.language)) for i, text in enumerate(field.words)]
        )


def legend(page: Page) -> None:
    """How the computed columns of record tables are computed, below the tables."""
    for name, spot in page.layout.legends.items():
        if spot.sheet != page.sheet.id:
            continue
        page.say(spot.row, LABEL, "columns", "Heading")
        page.say(spot.row, ID, "equation", "Heading")
        for offset, field in enumerate(computed_columns(page.layout.model, name), start=1):
            page.put(spot.row + offset, LABEL, field.label.of(page.language), "Label")
            page.put(spot.row + offset, ID, f"{field.id} = {field.formula}", "Normal text")
