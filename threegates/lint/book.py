"""A finished workbook for the rules: its cells, the tokens of its formulas, and the parts of its zip package."""

from __future__ import annotations

import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
REFERENCE = re.compile(r"(\$?)\b([A-Za-z]{1,3})(\$?)(\d+)\b(?!!)")
FROZEN = 4  # rows and columns at most
INPUT_STYLES = ("Input", "Input text")
LARGEST_PACKAGE_BYTES = 50_000_000  # unpacked; above that it is taken for a zip bomb
LARGEST_RANGE = 20_000  # cells; larger ranges are not expanded into cells
MOST_REFERENCES = 5_000_000  # cells of all expanded ranges of a workbook


class Unreadable(Exception):
    """The file cannot be read as a zip package; the message says why."""


class TooLarge(Exception):
    """The workbook has so many references that a rule would take too long."""


class Position(NamedTuple):
    """A cell: sheet name, row, column (from 1)."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.sheet}!{get_column_letter(self.column)}{self.row}"

    def beside(self, rows: int = 0, columns: int = 0) -> Position:
        return Position(self.sheet, self.row + rows, self.column + columns)


class Range(NamedTuple):
    """A reference of a formula: a rectangle on a sheet; ``whole`` for entire rows or columns."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int
    whole: bool = False

    def cells(self) -> Iterator[Position]:
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield Position(self.sheet, row, column)

    @property
    def size(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


class RawCell(NamedTuple):
    """A cell as the XML has it: address, type, index of its style, and formula and value as text."""

    address: str
    kind: str
    style: int
    formula: str | None
    value: str | None


class Book:
    """The workbook in ``data``. It is opened, for formulas or for cached values, only when a rule needs that."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._roots: dict[str, ElementTree.Element] = {}
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            self.names = self.zip.namelist()
            size = sum(entry.file_size for entry in self.zip.infolist())
        except Exception as error:  # zipfile raises many kinds of errors on a broken file
            raise Unreadable(f"cannot be read as an .xlsx workbook: {type(error).__name__}") from error
        if size > LARGEST_PACKAGE_BYTES:
            raise Unreadable(f"unpacks to {size:,} bytes, above {LARGEST_PACKAGE_BYTES:,}")

    @cached_property
    def opening_error(self) -> str:
        """The kind of error that opening the workbook raises; empty when it opens."""
        try:
            _ = self.formulas_book, self.values_book
        except Exception as error:  # openpyxl raises many kinds of errors on a broken file
            return type(error).__name__
        return ""

    @cached_property
    def formulas_book(self) -> Any:
        return _opened(self.data, values=False)

    @cached_property
    def values_book(self) -> Any:
        return _opened(self.data, values=True)

    @property
    def sheets(self) -> list[Any]:
        return list(self.formulas_book.worksheets)

    def part(self, name: str) -> bytes:
        return self.zip.read(name) if name in self.names else b""

    def xml(self, name: str) -> ElementTree.Element:
        """The root of a part, an empty element if there is no such part; raises ParseError if it is not well formed."""
        if name not in self._roots:
            part = self.part(name)
            root = ElementTree.fromstring(part) if part else ElementTree.Element("nothing")  # noqa: S314  # expat bounds the growth of entities
            self._roots[name] = root
        return self._roots[name]

    def elements(self, name: str, tag: str) -> Iterator[ElementTree.Element]:
        """The elements of SpreadsheetML of one kind in a part."""
        return self.xml(name).iter(f"{MAIN}{tag}")

    @cached_property
    def titles(self) -> dict[str, str]:
        """The name of the sheet that each part of a worksheet holds."""
        targets = {r.get("Id"): r.get("Target", "") for r in self.xml("xl/_rels/workbook.xml.rels")}
        sheets = self.elements("xl/workbook.xml", "sheet")
        return {
            posixpath.normpath(posixpath.join("/xl", targets.get(s.get(f"{OFFICE}id"), "")))[1:]: s.get("name", "")
            for s in sheets
        }

    @cached_property
    def raw(self) -> dict[str, list[RawCell]]:
        """The cells of each part of a worksheet, in their order."""
        parts = [name for name in self.names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
        return {name: [_raw(cell) for cell in self.elements(name, "c")] for name in parts}

    @cached_property
    def cells(self) -> dict[Position, Any]:
        """Every cell that holds something, row by row."""
        return {
            Position(sheet.title, row, column): cell
            for sheet in self.sheets
            for (row, column), cell in sorted(sheet._cells.items())  # sheet.rows would create every empty cell
            if cell.value is not None
        }

    @cached_property
    def formulas(self) -> dict[Position, str]:
        return {at: _text(cell.value) for at, cell in self.cells.items() if cell.data_type == "f"}

    @cached_property
    def inputs(self) -> dict[Position, Any]:
        """The cells in the style of an input."""
        return {at: cell for at, cell in self.cells.items() if style_of(cell) in INPUT_STYLES}

    @cached_property
    def named(self) -> dict[Position, str]:
        """The defined name of each cell that has one."""
        found = {}
        for name, entry in self.formulas_book.defined_names.items():
            span = self._span("", entry.attr_text or "")
            if span is not None and span.size == 1 and not span.whole:
                found[Position(span.sheet, span.top, span.left)] = name
        return found

    @cached_property
    def _values(self) -> dict[str, Any]:
        return {sheet.title: sheet._cells for sheet in self.values_book.worksheets}

    def value(self, at: Position) -> Any:
        cell = self._values[at.sheet].get((at.row, at.column))
        return None if cell is None else cell.value

    def values_in(self, reference: str) -> list[Any]:
        """The values of a range with its sheet, as charts have it; none where it is broken or too large."""
        span = self._span("", reference)
        if span is None or span.size > LARGEST_RANGE or span.sheet not in self._values:
            return []
        return [self.value(at) for at in span.cells()]

    @cached_property
    def spans(self) -> dict[Position, list[Range]]:
        """The ranges that the formula of a cell refers to; names and broken references are left out."""
        found = {}
        for at, formula in self.formulas.items():
            spans = [self._span(at.sheet, token.value) for token in tokens(formula) if token.subtype == "RANGE"]
            found[at] = [span for span in spans if span is not None]
        return found

    @cached_property
    def precedents(self) -> dict[Position, set[Position]]:
        """The cells that each formula refers to; ranges of more than LARGEST_RANGE cells are left out."""
        found, count = {}, 0
        for at in self.formulas:
            spans = [span for span in self.spans[at] if span.size <= LARGEST_RANGE]
            count += sum(span.size for span in spans)
            if count > MOST_REFERENCES:
                raise TooLarge
            found[at] = {cell for span in spans for cell in span.cells()}
        return found

    @cached_property
    def copies(self) -> dict[Position, str]:
        """Each formula with relative references written as distances: copies of one formula become equal texts."""
        return {at: _distances(formula, at) for at, formula in self.formulas.items()}

    def _span(self, here: str, text: str) -> Range | None:
        sheet, _, cells = text.rpartition("!")
        if sheet.startswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        try:
            left, top, right, bottom = range_boundaries(cells.replace("$", ""))
        except (ValueError, TypeError):
            return None
        whole = not re.search(r"\d", cells) or not re.search(r"[A-Za-z]", cells)
        return Range(sheet or here, left or 1, top or 1, right or 1, bottom or 1, whole)


def charts(book: Book) -> Iterator[tuple[str, ElementTree.Element]]:
    """The charts of a package: the name of each part and its root."""
    for name in book.names:
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
            yield name, book.xml(name)


def style_of(cell: Any) -> str:
    """The name of a cell's style; empty if the style has none."""
    names = _style_names(cell.parent.parent)
    number = cell._style.xfId if cell.has_style else 0
    return names[number] if number < len(names) else ""


@lru_cache(maxsize=2)
def _style_names(workbook: Any) -> list[str]:
    """The names of the styles, cached because openpyxl collects them again at each access."""
    return [str(name) for name in workbook._named_styles.names]


def _opened(data: bytes, values: bool) -> Any:
    with warnings.catch_warnings(action="ignore"):  # the rules report what openpyxl would warn of
        return load_workbook(io.BytesIO(data), data_only=values)


def _raw(cell: ElementTree.Element) -> RawCell:
    style = cell.get("s", "0")
    return RawCell(
        cell.get("r", ""),
        cell.get("t", "n"),
        int(style) if style.isdigit() else -1,
        cell.findtext(f"{MAIN}f"),
        cell.findtext(f"{MAIN}v"),
    )


def _distances(formula: str, at: Position) -> str:
    def distance(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, digits = match.groups()
        column = column_index_from_string(letters) - (0 if fixed_column else at.column)
        row = int(digits) - (0 if fixed_row else at.row)
        return f"{fixed_column}C{column}{fixed_row}R{row}"

    return "".join(
        REFERENCE.sub(distance, token.value) if token.subtype == "RANGE" else token.value for token in tokens(formula)
    )


def _text(value: Any) -> str:
    return str(getattr(value, "text", None) or value)


@cache
def tokens(formula: str) -> tuple[Token, ...]:
    """The tokens of a formula in Excel's grammar."""
    return tuple(Tokenizer(formula if formula.startswith("=") else f"={formula}").items)
