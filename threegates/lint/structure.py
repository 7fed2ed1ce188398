"""Rules of structure: how sheets are named, linked, frozen and printed; no macros, protection or merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from threegates.lint.book import FROZEN, INPUT_STYLES, Book, Position, style_of
from threegates.lint.rule import MODELLING, Breach, rule

VERSION = re.compile(r"\d+\.\d+(\.\d+)*")


@rule("structure", MODELLING)
def tab_colours(book: Book) -> Iterator[Breach]:
    """Every sheet has a tab colour.
    每个工作表都有标签颜色。
    """
    for sheet in book.sheets:
        if sheet.sheet_properties.tabColor is None:
            yield sheet.title, "no tab colour"


@rule("structure", MODELLING)
def sheet_names(book: Book) -> Iterator[Breach]:
    """Sheet names are short, plain and distinct.
    工作表名称简短、无特殊字符、互不相同。
    """
    titles = [sheet.title for sheet in book.sheets]
    for title in titles:
        if len(title) > 31 or re.search(r"[\[\]:*?/\\']", title) or title != title.strip():
            yield title, "a name that is long or has special characters"
        if [other.lower() for other in titles].count(title.lower()) > 1 or title.lower() == "history":
            yield title, "a name that another sheet has, or that Excel keeps for itself"


@rule("structure", MODELLING)
def nothing_hidden(book: Book) -> Iterator[Breach]:
    """Nothing is hidden.
    没有隐藏内容。
    """
    for sheet in book.sheets:
        if sheet.sheet_state != "visible":
            yield sheet.title, "a hidden sheet"
        for kind, dimensions in (("row", sheet.row_dimensions), ("column", sheet.column_dimensions)):
            for name, dimension in dimensions.items():
                if dimension.hidden:
                    yield sheet.title, f"hidden {kind} {name}"


# Pieces of the names of parts that can run, fetch or embed something.
ACTIVE_PARTS = (
    *("vbaproject", "activex", "ctrlprops", "macrosheets", "dialogsheets", "customui", "webextension"),
    *("externallink", "connections", "querytable", "embeddings", "oleobject", "richdata"),
)


@rule("structure", MODELLING)
def no_macros_or_outside_links(book: Book) -> Iterator[Breach]:
    """There are no macros, controls, embedded objects or data connections, and no links to other files.
    没有宏、控件、嵌入对象和数据连接，也没有指向其他文件的链接。
    """
    for name in book.names:
        if any(piece in name.lower() for piece in ACTIVE_PARTS):
            yield name, "a part that can run, fetch or embed something"
        for link in book.xml(name) if name.endswith(".rels") else ():
            kind = link.get("Type", "").lower()
            if link.get("TargetMode", "").lower() == "external" or any(piece in kind for piece in ACTIVE_PARTS):
                yield name, "a relationship that leaves the file, or leads to what can run"


LOCKS = ("sheet", "lockStructure", "lockWindows", "lockRevision", "readOnlyRecommended")


@rule("structure", MODELLING)
def not_protected(book: Book) -> Iterator[Breach]:
    """Sheets and workbook are not protected.
    工作表与工作簿均未加保护。
    """
    for part in ["xl/workbook.xml", *book.raw]:
        for tag in ("workbookProtection", "sheetProtection", "fileSharing"):
            for entry in book.elements(part, tag):
                for name in LOCKS:
                    if entry.get(name) in ("1", "true"):
                        yield part, f"{tag}: {name}"


@rule("structure", MODELLING)
def no_merged_cells(book: Book) -> Iterator[Breach]:
    """No cells are merged.
    没有合并单元格。
    """
    for sheet in book.sheets:
        for merged in sheet.merged_cells.ranges:
            yield sheet.title, f"merged {merged.coord}"


@rule("structure", MODELLING)
def a1_says_what(book: Book) -> Iterator[Breach]:
    """Cell A1 of every sheet says what the sheet is.
    每个工作表的 A1 写明用途。
    """
    for sheet in book.sheets:
        if not isinstance(book.value(Position(sheet.title, 1, 1)), str):
            yield Position(sheet.title, 1, 1), "no text"


@rule("structure", MODELLING)
def frozen_panes(book: Book) -> Iterator[Breach]:
    """Panes are frozen, at most four rows and columns.
    窗格已冻结，行列各不超过四。
    """
    for sheet in book.sheets:
        pane = sheet.sheet_view.pane
        if pane is None or pane.state not in ("frozen", "frozenSplit"):
            yield sheet.title, "no frozen panes"
        elif max(pane.xSplit or 0, pane.ySplit or 0) > FROZEN:
            yield sheet.title, f"{pane.ySplit or 0:g} rows and {pane.xSplit or 0:g} columns frozen"


@rule("structure", MODELLING)
def print_setup(book: Book) -> Iterator[Breach]:
    """Every sheet prints: area, landscape, one page wide, repeated titles, footer with version and page.
    每个工作表都可打印：区域、横向、一页宽、重复标题、页脚有版本与页码。
    """
    for sheet in book.sheets:
        fits = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
        footer = " ".join(
            str(part.text or "") for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right)
        )
        wanted = {
            "print area": sheet.print_area,
            "one page wide": fits and sheet.page_setup.fitToWidth == 1,
            "landscape": sheet.page_setup.orientation == "landscape",
            "title rows": sheet.print_title_rows,
            "page in the footer": "&P" in footer,
            "version in the footer": VERSION.search(footer),
        }
        for name, given in wanted.items():
            if not given:
                yield sheet.title, f"prints without {name}"


@rule("structure", MODELLING)
def contents(book: Book) -> Iterator[Breach]:
    """The first sheet links to every other, and each links back.
    首页链接到其余各页，各页也能返回。
    """
    first, *others = book.sheets
    out = {_target(link.location) for link in _links(first)}
    for sheet in others:
        if sheet.title not in out:
            yield first.title, f"no link to {sheet.title}"
        if first.title not in {_target(link.location) for link in _links(sheet)}:
            yield sheet.title, f"no link back to {first.title}"


def _links(sheet: Any) -> list[Any]:
    return [cell.hyperlink for cell in sheet._cells.values() if cell.hyperlink]


def _target(location: str | None) -> str:
    return (location or "").rpartition("!")[0].strip("'").replace("''", "'")


@rule("structure", MODELLING)
def opening_sheet(book: Book) -> Iterator[Breach]:
    """The opening sheet shows the version, the hash of the inputs and what an input looks like.
    首页写明版本、输入的哈希和输入单元格的样式。
    """
    first = book.sheets[0].title
    texts = [str(cell.value) for at, cell in book.cells.items() if at.sheet == first]
    if not any(VERSION.fullmatch(text) for text in texts):
        yield first, "no version"
    if not any(re.fullmatch(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{12,64}", text) for text in texts):
        yield first, "no hash of the inputs"
    if not any(at.sheet == first and style_of(cell) in INPUT_STYLES for at, cell in book.cells.items()):
        yield first, "no key to what an input looks like"


@rule("structure", MODELLING)
def same_columns(book: Book) -> Iterator[Breach]:
    """The same columns do the same job: what heads numbers on one sheet heads them in the same column on all.
    同一列各页用途相同：某页数字列的列名，在其他页也在同一列。

    A heading is a text of the frozen rows with a number or formula below it.
    """
    over_numbers = {(at.sheet, at.column) for at, c in book.cells.items() if at.row > FROZEN and c.data_type in "nf"}
    seen: dict[str, Position] = {}
    for at, cell in book.cells.items():
        if at.row <= FROZEN and cell.data_type == "s" and (at.sheet, at.column) in over_numbers:
            first = seen.setdefault(cell.value, at)
            if first.column != at.column and first.sheet != at.sheet:
                yield at, f"{cell.value[:40]!r} heads another column than at {first}"
