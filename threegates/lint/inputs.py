"""Rules of inputs: where a reader may type, how it is marked and documented, and that it is used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from openpyxl.utils import range_boundaries

from threegates.lint.book import FROZEN, INPUT_STYLES, Book, Position, style_of
from threegates.lint.rule import MODELLING, PROGRAMS, Breach, rule

DOCUMENTED = {"unit": ("unit", "单位"), "source": ("source", "来源"), "confidence": ("confidence", "可信度")}
FIRST_DATA = 3  # column; a heading left of it labels a row
REGISTER_SHARE = 0.9  # of the inputs: a sheet that reads as many is a register, a list of inputs
REGISTER_LEAST = 20  # inputs; a workbook with fewer has no register


@rule("inputs", MODELLING)
def inputs_are_typed(book: Book) -> Iterator[Breach]:
    """Inputs are never formulas.
    输入不是公式。
    """
    for at in book.formulas:
        if at in book.inputs:
            yield at, "a formula in the style of an input"


@rule("inputs", MODELLING)
def inputs_stand_out(book: Book) -> Iterator[Breach]:
    """Inputs stand out: no other cell has their fill and font.
    输入醒目：其他单元格不用其底色与字色。
    """
    looks = {_look(cell) for cell in book.inputs.values()}
    for at, cell in book.cells.items():
        if style_of(cell) not in INPUT_STYLES and _look(cell) in looks:
            yield at, f"looks like an input, but has the style {style_of(cell)}"


def _look(cell: Any) -> tuple[str, str]:
    return str(getattr(cell.fill.start_color, "rgb", "")), str(getattr(cell.font.color, "rgb", ""))


@rule("inputs", MODELLING)
def inputs_are_marked(book: Book) -> Iterator[Breach]:
    """Numbers that formulas read are marked as inputs.
    公式引用的数字都标为输入。
    """
    read = set().union(*book.precedents.values()) if book.precedents else set()
    for at, cell in book.cells.items():
        if at in read and cell.data_type == "n" and style_of(cell) not in INPUT_STYLES:
            yield at, f"the number {cell.value!r} in the style {style_of(cell)}"


@rule("inputs", MODELLING)
def inputs_are_validated(book: Book) -> Iterator[Breach]:
    """Every input is validated.
    每个输入都有数据验证。
    """
    covered = {sheet.title: [area for v in _validations(sheet) for area in v.sqref.ranges] for sheet in book.sheets}
    for at in book.inputs:
        if not any(
            area.min_row <= at.row <= area.max_row and area.min_col <= at.column <= area.max_col
            for area in covered[at.sheet]
        ):
            yield at, "an input without validation"


def _validations(sheet: Any) -> list[Any]:
    return list(sheet.data_validations.dataValidation)


@rule("inputs", PROGRAMS)
def lists_are_at_home(book: Book) -> Iterator[Breach]:
    """Lists are ranges on the same sheet.
    下拉列表取自同一工作表。
    """
    for sheet in book.sheets:
        for validation in _validations(sheet):
            source = str(validation.formula1 or "")
            if validation.type == "list" and ("!" in source or '"' in source or len(source) > 255):
                yield sheet.title, f"a list from {source[:40]}"


@rule("inputs", MODELLING)
def no_comments(book: Book) -> Iterator[Breach]:
    """There are no cell comments: what matters prints.
    没有批注：重要内容都能打印。
    """
    for name in book.names:
        if re.search(r"xl/(threaded)?comments", name, re.IGNORECASE):
            yield name, "comments"


@rule("inputs", MODELLING)
def inputs_have_names(book: Book) -> Iterator[Breach]:
    """Every input has a name.
    每个输入都有名称。
    """
    for at in book.inputs:
        if at not in book.named:
            yield at, "an input without a name"


@rule("inputs", MODELLING)
def inputs_once(book: Book) -> Iterator[Breach]:
    """Every input stands once: no two have the same label and heading.
    每个输入只出现一次：标签与列名不重复。
    """
    seen: dict[tuple[str, str], Position] = {}
    for at in book.inputs:
        label = book.cells.get(Position(at.sheet, at.row, 1))
        if label is not None and at.column > 1:
            key = str(label.value), " ".join(_heads(book, at))
            if seen.setdefault(key, at) != at:
                yield at, f"{' '.join(key)[:60]!r} stands at {seen[key]} already"


@rule("inputs", MODELLING)
def inputs_are_documented(book: Book) -> Iterator[Breach]:
    """Every number put in has a unit, a source and a confidence, in columns that print.
    每个输入的数字都有单位、来源和可信度，且能打印。
    """
    heads = _headings(book)
    printed = {sheet.title: _last_printed(sheet) for sheet in book.sheets}
    for at, cell in book.inputs.items():
        missing = [what for what in DOCUMENTED if not _documented(book, heads, at, what, printed[at.sheet])]
        if cell.data_type == "n" and missing:
            yield at, f"without {', '.join(missing)}"


def _heads(book: Book, at: Position) -> list[str]:
    """The headings of a cell: the nearest text above it in its column, and the texts directly above that one."""
    rows = range(at.row - 1, 0, -1)
    above = (book.cells.get(Position(at.sheet, row, at.column)) for row in rows)
    texts = [_head(cell) for cell in above]
    first = next((i for i, text in enumerate(texts) if text), len(texts))
    return list(takewhile(bool, texts[first:]))[::-1]


def _head(cell: Any) -> str:
    """The text of a cell that is neither a formula nor an input; empty for any other cell."""
    typed = cell is not None and cell.data_type == "s" and style_of(cell) not in INPUT_STYLES
    return str(cell.value) if typed else ""


def _headings(book: Book) -> dict[tuple[str, str], list[Position]]:
    """The cells of each sheet that say unit, source or confidence, from top to bottom."""
    found = defaultdict(list)
    for at, cell in book.cells.items():
        for what, words in DOCUMENTED.items():
            if isinstance(cell.value, str) and cell.value.lower() in words:
                found[at.sheet, what].append(at)
    return found


def _documented(book: Book, heads: dict[tuple[str, str], list[Position]], at: Position, what: str, last: int) -> bool:
    """Whether ``what`` is stated for a cell: under a heading in the cell's row, or beside a label in the cell's column."""
    above = [head for head in heads.get((at.sheet, what), []) if head.row < at.row]
    nearest = [head for head in above if head.row == above[-1].row]
    places = [
        Position(at.sheet, head.row, at.column) if head.column < FIRST_DATA else Position(at.sheet, at.row, head.column)
        for head in nearest
        if head.column <= last
    ]
    return any(place in book.cells for place in places)


def _last_printed(sheet: Any) -> int:
    """The last column of the print area; a very large number without a print area, for then everything prints."""
    area = str(sheet.print_area or "").rpartition("!")[2].replace("$", "")
    return range_boundaries(area)[2] or 0 if re.fullmatch(r"[A-Z]+\d+:[A-Z]+\d+", area) else 10**6


@rule("inputs", MODELLING)
def inputs_are_used(book: Book) -> Iterator[Breach]:
    """Every input is used by a formula.
    每个输入都有公式使用。

    To be listed in a register, a sheet that reads nearly all inputs, does not count as being used.
    """
    inputs = book.inputs
    readers: dict[Position, set[str]] = defaultdict(set)
    for at, read in book.precedents.items():
        for cell in read & inputs.keys():
            readers[cell].add(at.sheet)
    sheets = {sheet for found in readers.values() for sheet in found}
    registers = set()
    if len(sheets) > 2 and len(inputs) >= REGISTER_LEAST:
        registers = {s for s in sheets if sum(s in found for found in readers.values()) >= REGISTER_SHARE * len(inputs)}
    for at in inputs:
        if not readers[at] - registers:
            yield at, f"no formula reads {book.named.get(at, 'it')}"


@rule("inputs", MODELLING)
def one_picker(book: Book) -> Iterator[Breach]:
    """The picker is one cell of the opening sheet, and no side-by-side result depends on it.
    选择器是首页的一个单元格，并列结果不受其影响。

    A picker is an input of the opening sheet with a list; side by side are columns with one heading on several sheets.
    """
    first = book.sheets[0]
    areas = [area for v in _validations(first) if v.type == "list" for area in v.sqref.ranges]
    inputs = {at: cell for at, cell in book.inputs.items() if at.sheet == first.title}
    pickers = [at for at, cell in inputs.items() if any(cell.coordinate in area for area in areas)]
    for at in pickers[1:]:
        yield at, f"a second picker beside {pickers[0]}"
    shared = _shared_columns(book)
    moved: set[Position] = set(pickers)
    while more := {at for at, read in book.precedents.items() if at not in moved and not moved.isdisjoint(read)}:
        moved |= more
    for at in sorted(moved - set(pickers)):
        if (at.sheet, at.column) in shared and at.row > FROZEN:
            yield at, f"moves with {pickers[0]}"


def _shared_columns(book: Book) -> set[tuple[str, int]]:
    """The (sheet, column) of results whose heading in the frozen rows heads results on at least three sheets."""
    places: dict[str, set[tuple[str, int]]] = defaultdict(set)
    computed = {(at.sheet, at.column) for at in book.formulas if at.row > FROZEN}
    for at, cell in book.cells.items():
        if at.row <= FROZEN and cell.data_type == "s" and cell.hyperlink is None and (at.sheet, at.column) in computed:
            places[cell.value].add((at.sheet, at.column))
    return {place for found in places.values() if len(found) >= 3 for place in found}
