"""What a sheet is that holds more than its tables: the interface of the modules in this folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from threegates.workbook.layout import HEADING_ROW, ID, IDS_ROW, LABEL, UNIT, Layout, Spot
from threegates.workbook.page import Page


class SpecialSheet:
    """A sheet: where that stands which it holds beside its tables, how that is written and coloured, how it prints.

    The defaults are those of a sheet of tables alone, which needs no class of its own. A special sheet is one module:
    a subclass, named in the registry of this folder, with the ``id`` of its record among the sheets of the definition.
    """

    id: ClassVar[str] = ""
    top: ClassVar[int] = HEADING_ROW  # the first row that its tables may take
    widths: ClassVar[Mapping[int, float]] = {LABEL: 40.0, ID: 22.0, UNIT: 17.0}  # of columns, in digits
    frozen: ClassVar[str] = "D5"  # the first cell that scrolls
    upright: ClassVar[bool] = False  # prints upright on one page, not lying on as many as it takes
    further_headings: ClassVar[bool] = False  # below its first table there are columns with headings of their own

    def at(self, row: int, column: int) -> Spot:
        """A cell of this sheet."""
        return Spot(self.id, row, column)

    def place(self, layout: Layout, row: int) -> int:  # noqa: ARG002 - an ordinary sheet has nothing to place
        """Gives its contents their places, from ``row`` below its tables on; returns the first row that is left."""
        return row

    def write(self, page: Page) -> None:
        """Writes what it holds beside its tables."""

    def colour(self, page: Page) -> None:
        """Adds the colours that follow from what its cells say."""

    def close(self, page: Page, row: int) -> None:
        """Writes what stands below its charts, from ``row`` on."""

    def last_printed(self, page: Page) -> int:
        """The last row that is printed."""
        return int(page.ws.max_row)


class Register(SpecialSheet):
    """A sheet that is one list of texts: ``heads`` are the phrases above its columns, ``sizes`` their widths."""

    heads: ClassVar[tuple[str, ...]]
    sizes: ClassVar[tuple[float, ...]]
    frozen = "B5"

    def __init_subclass__(cls) -> None:
        cls.widths = dict(enumerate(cls.sizes, start=LABEL))

    def rows(self, page: Page) -> Iterable[tuple[str, ...]]:
        """The texts, row by row; a row may be shorter than there are columns."""
        raise NotImplementedError

    def write(self, page: Page) -> None:
        for column, phrase in enumerate(self.heads, start=LABEL):
            page.say(HEADING_ROW, column, phrase, "Heading")
            page.put(IDS_ROW, column, "", "Ids")
        for row, texts in enumerate(self.rows(page), start=IDS_ROW + 1):
            cells = list(enumerate(texts, start=LABEL))
            for column, text in cells:
                page.put(row, column, text, "Note")
            page.fit_row(row, cells)
