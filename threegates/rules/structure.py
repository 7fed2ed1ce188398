"""Rules of structure and inputs: what the sheets are, and where a reader may type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from threegates.rules.book import At, Book
from threegates.rules.rule import MODELLING, PROGRAMS, Breach, rule

MOST_FROZEN = 4
INPUT_STYLES = ("Input", "Input text")


@rule("structure", "Every sheet has a tab colour.", "每个工作表都有标签颜色。", MODELLING)
def tab_colours(book: Book) -> Iterator[Breach]:
    for sheet in book.sheets:
        if sheet.sheet_properties.tabColor is None:
            yield sheet.title, "no tab colour"


@rule("structure", "Sheet names are short and plain.", "工作表名称简短、不含特殊字符。", MODELLING)
def sheet_names(book: Book) -> Iterator[Breach]:
    for sheet in book.sheets:
        if len(sheet.title) > 31 or re.search(r"[\[\]:*?/\\']", sheet.title) or sheet.title != sheet.title.strip():
            yield sheet.title, "a name that is long or has special characters"


@rule("structure", "Nothing is hidden.", "没有隐藏内容。", MODELLING)
def nothing_hidden(book: Book) -> Iterator[Breach]:
    for sheet in book.sheets:
        if sheet.sheet_state != "visible":
            yield sheet.title, "a hidden sheet"
        for kind, dimensions in (("row", sheet.row_dimensions), ("column", sheet.column_dimensions)):
            for name, dimension in dimensions.items():
                if dimension.hidden:
                    yield sheet.title, f"hidden {kind} {name}"


@rule("structure", "There are no macros and no links to other files.", "没有宏，也没有指向其他文件的链接。", MODELLING)
def no_macros_or_outside_links(book: Book) -> Iterator[Breach]:
    for name in book.names:
        if "vbaproject" in name.lower() or "externallink" in name.lower() or "/activex/" in name.lower():
            yield name, "a macro, control or outside link"
        elif name.endswith(".rels") and b'TargetMode="External"' in book.part(name):
            yield name, "a relationship that leaves the file"


@rule("structure", "No cells are merged.", "没有合并单元格。", MODELLING)
def no_merged_cells(book: Book) -> Iterator[Breach]:
    for sheet in book.sheets:
        for merged in sheet.merged_cells.ranges:
            yield sheet.title, f"merged {merged.coord}"


@rule("structure", "Cell A1 of every sheet says what the sheet is.", "每个工作表的 A1 写明用途。", MODELLING)
def a1_says_what(book: Book) -> Iterator[Breach]:
    for sheet in book.sheets:
        if not isinstance(book.value(At(sheet.title, 1, 1)), str):
            yield At(sheet.title, 1, 1), "no text"


@rule("structure", "Panes are frozen, at most four rows and columns.", "窗格已冻结，行列各不超过四。", MODELLING)
def frozen_panes(book: Book) -> Iterator[Breach]:
    for sheet in book.sheets:
        frozen = sheet.freeze_panes
        if frozen is None:
            yield sheet.title, "no frozen panes"
        elif sheet[frozen].row > MOST_FROZEN + 1 or sheet[frozen].column > MOST_FROZEN + 1:
            yield sheet.title, f"panes frozen at {frozen}"


@rule(
    "structure",
    "Every sheet prints: area, one page wide, repeated titles, footer with page.",
    "每个工作表都可打印：区域、一页宽、重复标题、页脚页码。",
    MODELLING,
)
def print_setup(book: Book) -> Iterator[Breach]:
    for sheet in book.sheets:
        fits = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
        wanted = {
            "print area": sheet.print_area,
            "one page wide": fits and sheet.page_setup.fitToWidth == 1,
            "title rows": sheet.print_title_rows,
            "page in the footer": "&P" in str(sheet.oddFooter.right.text or ""),
        }
        for name, given in wanted.items():
            if not given:
                yield sheet.title, f"without {name}"


@rule(
    "structure",
    "The first sheet links to every other, and each links back.",
    "首页链接到其余各页，各页也能返回。",
    MODELLING,
)
def contents(book: Book) -> Iterator[Breach]:
    first, *others = book.sheets
    out = {_target(link.location) for link in _links(first)}
    for sheet in others:
        if sheet.title not in out:
            yield first.title, f"no link to {sheet.title}"
        if first.title not in {_target(link.location) for link in _links(sheet)}:
            yield sheet.title, f"no link back to {first.title}"


def _links(sheet: Any) -> list[Any]:
    return [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def _target(location: str | None) -> str:
    return (location or "").rpartition("!")[0].strip("'").replace("''", "'")


@rule("inputs", "Inputs are never formulas.", "输入不是公式。", MODELLING)
def inputs_are_typed(book: Book) -> Iterator[Breach]:
    for at in book.formulas:
        if book.cells[at].style in INPUT_STYLES:
            yield at, "a formula in the style of an input"


@rule("inputs", "Every input is validated.", "每个输入都有数据验证。", MODELLING)
def inputs_are_validated(book: Book) -> Iterator[Breach]:
    covered = {
        sheet.title: [area for v in sheet.data_validations.dataValidation for area in v.sqref.ranges]
        for sheet in book.sheets
    }
    for at, cell in book.cells.items():
        if cell.style in INPUT_STYLES and not any(cell.coordinate in area for area in covered[at.sheet]):
            yield at, "an input without validation"


@rule("inputs", "Lists are ranges on the same sheet.", "下拉列表取自同一工作表。", PROGRAMS)
def lists_are_at_home(book: Book) -> Iterator[Breach]:
    for sheet in book.sheets:
        for validation in sheet.data_validations.dataValidation:
            source = str(validation.formula1 or "")
            if validation.type == "list" and ("!" in source or '"' in source or len(source) > 255):
                yield sheet.title, f"a list from {source[:40]}"


@rule("inputs", "There are no cell comments: what matters prints.", "没有批注：重要内容都能打印。", MODELLING)
def no_comments(book: Book) -> Iterator[Breach]:
    for name in book.names:
        if re.search(r"xl/(threaded)?comments", name, re.IGNORECASE):
            yield name, "comments"
