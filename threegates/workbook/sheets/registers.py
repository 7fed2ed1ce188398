"""Sources, words and changes: sheets that are lists of texts."""

from __future__ import annotations

from threegates.definition.wording import GLOSSARY
from threegates.formula import units
from threegates.workbook.layout import (
    HEADING_ROW,
    LABEL,
    is_range,
)
from threegates.workbook.page import Page


def sources(page: Page) -> None:
    """The sources as a table of texts: addresses are text, too, so that none can be a link."""
    heads = ("id", "title", "publisher", "kind", "date", "quote", "remark", "address")
    widths = (24.0, 46.0, 30.0, 11.0, 12.0, 64.0, 36.0, 60.0)
    page.widths = dict(enumerate(widths, start=1))
    for column, key in enumerate(heads, start=1):
        page.say(HEADING_ROW, column, key, "Heading")
        page.put(HEADING_ROW + 1, column, "", "Ids")
    for row, (name, source) in enumerate(page.layout.model.assumptions.sources.items(), start=HEADING_ROW + 2):
        kind = page.phrase(f"kind_{source.kind}")
        address = source.address or page.phrase("no_address")
        remark = source.remark.of(page.language) if source.remark is not None else ""
        texts = (name, source.title, source.publisher, kind, source.date, source.quote, remark, address)
        for column, text in enumerate(texts, start=1):
            page.put(row, column, text, "Note")
        page.fit_row(row, list(enumerate(texts, start=1)))


def glossary(page: Page) -> None:
    """The general terms, then every field of the model, in both languages."""
    widths = (26.0, 40.0, 32.0, 16.0, 56.0, 64.0)
    page.widths = dict(enumerate(widths, start=1))
    for column, key in enumerate(("id", "english", "chinese", "unit", "meaning", "equation"), start=1):
        page.say(HEADING_ROW, column, key, "Heading")
        page.put(HEADING_ROW + 1, column, "", "Ids")
    rows = [("", term.en, term.zh, "", meaning.of(page.language), "") for term, meaning in GLOSSARY]
    model = page.layout.model
    for field in model.fields.values():
        if not is_range(field) and not model.tables[field.table].derived:
            unit = units.words(field.unit, page.language) if field.unit and not field.unit.startswith("@") else ""
            rows.append((field.id, field.label.en, field.label.zh, unit, field.why.of(page.language), field.formula))
    rows = list(dict.fromkeys(rows))  # tables may share columns
    for row, texts in enumerate(rows, start=HEADING_ROW + 2):
        for column, text in enumerate(texts, start=1):
            page.put(row, column, text, "Note")
        page.fit_row(row, list(enumerate(texts, start=1)))


def changes(page: Page) -> None:
    """The history of the assumptions, newest first."""
    page.widths = dict(enumerate((26.0, 14.0, 90.0, 70.0), start=1))
    for column, key in enumerate(("id", "date", "what_moved", "why"), start=1):
        page.say(HEADING_ROW, column, key, "Heading")
        page.put(HEADING_ROW + 1, column, "", "Ids")
    history = page.layout.model.assumptions.history
    if not history:
        page.say(HEADING_ROW + 2, LABEL, "no_changes", "Note")
    for row, (name, change) in enumerate(history.items(), start=HEADING_ROW + 2):
        texts = (name, change.date.isoformat(), change.what.of(page.language), change.why.of(page.language))
        for column, text in enumerate(texts, start=1):
            page.put(row, column, text, "Note")
        page.fit_row(row, list(enumerate(texts, start=1)))
