"""Sources: where the figures come from. Addresses are text, too, so that none can be a link."""

from __future__ import annotations

from collections.abc import Iterable

from threegates.workbook.page import Page
from threegates.workbook.sheets.special import Register


class SourcesSheet(Register):
    """The sources of the assumptions in their order."""

    id = "sources"
    heads = ("id", "title", "publisher", "kind", "date", "quote", "remark", "address")
    sizes = (24.0, 46.0, 30.0, 11.0, 12.0, 64.0, 36.0, 60.0)

    def rows(self, page: Page) -> Iterable[tuple[str, ...]]:
        for name, source in page.layout.model.assumptions.sources.items():
            kind = page.phrase(f"kind_{source.kind}")
            address = source.address or page.phrase("no_address")
            remark = source.remark.of(page.language) if source.remark is not None else ""
            yield name, source.title, source.publisher, kind, source.date, source.quote, remark, address
