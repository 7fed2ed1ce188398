"""Sources: where the figures come from. Addresses are text, too, so that none can be a link."""

from __future__ import annotations

from collections.abc import Iterable

from threegates.workbook.page import Page
from threegates.workbook.sheets.special import Register


class SourcesSheet(Register):
    """The sources of the assumptions in their order."""

    id = "sources"
    columns = (
        ("id", 24.0),
        ("title", 46.0),
        ("publisher", 30.0),
        ("kind", 11.0),
        ("date", 12.0),
        ("quote", 64.0),
        ("remark", 36.0),
        ("address", 60.0),
    )

    def rows(self, page: Page) -> Iterable[tuple[str, ...]]:
        for name, source in page.layout.model.assumptions.sources.items():
            kind = page.phrase(f"kind_{source.kind}")
            address = source.address or page.phrase("no_address")
            remark = source.remark.of(page.language) if source.remark is not None else ""
            yield name, source.title, source.publisher, kind, source.date, source.quote, remark, address
