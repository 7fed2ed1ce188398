"""Changes: the history of the assumptions, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from threegates.workbook.page import Page
from threegates.workbook.sheets.special import Register


class ChangesSheet(Register):
    """Which figures moved, and why."""

    id = "changes"
    heads = ("id", "date", "what_moved", "why")
    sizes = (26.0, 14.0, 90.0, 70.0)

    def rows(self, page: Page) -> Iterable[tuple[str, ...]]:
        history = page.layout.model.assumptions.history
        if not history:
            yield (page.phrase("no_changes"),)
        for name, change in history.items():
            yield name, change.date.isoformat(), change.what.of(page.language), change.why.of(page.language)
