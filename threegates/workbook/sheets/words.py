"""Words: the general terms, then every field of the model, in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from threegates.definition.wording import GLOSSARY
from threegates.formula import units
from threegates.workbook.layout import is_range
from threegates.workbook.page import Page
from threegates.workbook.sheets.special import Register


class WordsSheet(Register):
    """The glossary, once for each field: tables may share columns."""

    id = "words"
    heads = ("id", "english", "chinese", "unit", "meaning", "equation")
    sizes = (26.0, 40.0, 32.0, 16.0, 56.0, 64.0)

    def rows(self, page: Page) -> Iterable[tuple[str, ...]]:
        rows = [("", term.en, term.zh, "", meaning.of(page.language), "") for term, meaning in GLOSSARY]
        model = page.layout.model
        for field in model.fields.values():
            if not is_range(field) and not model.tables[field.table].derived:
                unit = units.words(field.unit, page.language) if field.unit and not field.unit.startswith("@") else ""
                why = field.why.of(page.language)
                rows.append((field.id, field.label.en, field.label.zh, unit, why, field.formula))
        return dict.fromkeys(rows)
