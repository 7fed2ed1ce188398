"""A finished workbook as the rules see it: cells, formulas cut into tokens, and the parts of the package."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

REFERENCE = re.compile(r"(\$?)\b([A-Za-z]{1,3})(\$?)(\d+)\b(?!!)")
LARGEST_RANGE = 20_000  # cells of one reference that are looked at one by one


class Unreadable(Exception):
    """The file is no workbook that can be read; the words say why."""


class At(NamedTuple):
    """A cell: sheet name, row, column (from 1)."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.sheet}!{get_column_letter(self.column)}{self.row}"

    def beside(self, rows: int = 0, columns: int = 0) -> At:
        return At(self.sheet, self.row + rows, self.column + columns)


class Span(NamedTuple):
    """A reference of a formula: a rectangle on a sheet; ``whole`` for entire rows or columns."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int
    whole: bool = False

    def cells(self) -> Iterator[At]:
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield At(self.sheet, row, column)


class Book:
    """The workbook in ``data``, opened for its formulas and for its cached values."""

    def __init__(self, data: bytes) -> None:
        try:
            self.package = zipfile.ZipFile(io.BytesIO(data))
            self.names = self.package.namelist()
            with warnings.catch_warnings(action="ignore"):  # what openpyxl warns of, the rules find
                self.formulas_book = load_workbook(io.BytesIO(data))
                self.values_book = load_workbook(io.BytesIO(data), data_only=True)
        except Exception as error:  # openpyxl raises whatever it meets in a broken file
            raise Unreadable(f"cannot be read as an .xlsx workbook: {type(error).__name__}") from error

    @property
    def sheets(self) -> list[Any]:
        return list(self.formulas_book.worksheets)

    def part(self, name: str) -> bytes:
        return self.package.read(name) if name in self.names else b""

    @cached_property
    def cells(self) -> dict[At, Any]:
        """Every cell that holds something."""
        found = {}
        for sheet in self.sheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        found[At(sheet.title, cell.row, cell.column)] = cell
        return found

    @cached_property
    def formulas(self) -> dict[At, str]:
        return {at: _text(cell.value) for at, cell in self.cells.items() if cell.data_type == "f"}

    def value(self, at: At) -> Any:
        return self.values_book[at.sheet].cell(at.row, at.column).value

    def spans(self, at: At) -> list[Span]:
        """What the formula of a cell refers to; names and broken references are left out."""
        found = [self._span(at.sheet, token.value) for token in tokens(self.formulas[at]) if token.subtype == "RANGE"]
        return [span for span in found if span is not None]

    @cached_property
    def copies(self) -> dict[At, str]:
        """Each formula with its relative references as distances: equal texts are copies of one formula."""
        return {at: _distances(formula, at) for at, formula in self.formulas.items()}

    def _span(self, here: str, text: str) -> Span | None:
        sheet, _, cells = text.rpartition("!")
        if sheet.startswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        try:
            left, top, right, bottom = range_boundaries(cells.replace("$", ""))
        except (ValueError, TypeError):
            return None
        whole = not re.search(r"\d", cells) or not re.search(r"[A-Za-z]", cells)
        return Span(sheet or here, left or 1, top or 1, right or 1, bottom or 1, whole)


def _distances(formula: str, at: At) -> str:
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
    """The formula in tokens of Excel's grammar."""
    return tuple(Tokenizer(formula if formula.startswith("=") else f"={formula}").items)
