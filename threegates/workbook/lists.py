"""What stands below the tables of a sheet: lists of choices, the words of codes, and how columns are computed."""

from __future__ import annotations

from threegates.workbook.layout import ID, LABEL, choices, computed_columns
from threegates.workbook.page import Page


def below_tables(page: Page) -> None:
    """Lists, the sign for "not known", words and legends, each where the layout has placed it on this sheet."""
    _choices(page)
    unknown = page.layout.spots["unknown"]
    if unknown.sheet == page.sheet.id:
        page.say(unknown.row, LABEL, "unknown", "Label")
        page.put(unknown.row, unknown.column, "—", "Record")
        page.wording(
            page.layout.words["when"],
            page.phrase("when_words"),
            [page.phrase("year").removeprefix("{year}"), page.phrase("beyond")],
        )
    _words(page)
    _legends(page)


def _choices(page: Page) -> None:
    """The choices that validations allow, linked to the ids of their records."""
    layout, here = page.layout, page.sheet.id
    own = {target: first for (sheet, target), first in layout.lists.items() if sheet == here}
    if not own:
        return
    spot = layout.spots[f"lists.{here}"]
    page.say(spot.row, LABEL, "lists", "Heading")
    every = layout.model.fields.values()
    for target, first in own.items():
        field = next(f for f in every if f.sheet == here and f.is_input and f.target == target)
        is_link = field.kind == "link"
        listed = target[0] if is_link else next(f.table for f in every if f.id == target[0] and f.is_input)
        label = layout.model.tables[listed].label if is_link else field.label
        page.put(spot.row, first.column, label.of(page.language), "Heading")
        for row, choice in enumerate(choices(layout.model, field), start=first.row):
            source = layout.key_spot(listed, choice) if is_link else layout.head_spot(listed, choice)
            page.formula(row, first.column, "=" + layout.text(source, here, free="both"), "Name", "text")


def _words(page: Page) -> None:
    """The words that codes stand for, on the sheet that uses them."""
    for name, first in page.layout.words.items():
        table, _, field_id = name.partition(".")
        if field_id and first.sheet == page.sheet.id:
            field = page.layout.model.fields[table, field_id]
            label = page.phrase("words_of") + field.label.of(page.language)
            page.wording(first, label, [word.of(page.language) for word in field.words])


def _legends(page: Page) -> None:
    """How the computed columns of record tables are computed."""
    for (sheet, name), spot in page.layout.legends.items():
        if sheet != page.sheet.id:
            continue
        page.say(spot.row, LABEL, "columns", "Heading")
        page.say(spot.row, ID, "equation", "Heading")
        for row, field in enumerate(computed_columns(page.layout.model, name, sheet), start=spot.row + 1):
            page.put(row, LABEL, field.label.of(page.language), "Label")
            page.put(row, ID, f"{field.id} = {field.formula}", "Normal text")
