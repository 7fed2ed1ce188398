"""Reads the names and cells of a returned workbook, which may come from anybody; nothing in it is run."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl.utils import column_index_from_string

from threegates.engine.evaluate import DAY_ZERO
from threegates.lint.book import Position
from threegates.problems import InputError, Problem, reason, shorten
from threegates.returned.safe_zip import AS_XLSX, LARGEST_FILE_BYTES, MOST_CELLS, PartReader, Refused, SafeZip
from threegates.workbook.package import ESCAPE, ErrorValue, Value

WANTED = "an .xlsx workbook"
LAST_ROW = 1_048_576  # Excel limit
# As XML has them: Python's own reading takes 1_000 and digits of other scripts, too.
NUMBER = re.compile(r"\s*[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,9})?\s*", re.ASCII)
LONGEST_QUOTE = 60  # characters of what cannot be read
LONGEST_FORMULA = 200  # characters that are kept: enough for one that repeats another cell
DAYS_FROM_1900_TO_1904 = 1462
REFERENCE = re.compile(r"\$?(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?\3\$?\4)?")
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True)
class Unreadable(ErrorValue):
    """What a cell holds that is no value of its kind, such as a number beyond all numbers: ``code`` quotes it."""


class CellContent(NamedTuple):
    """The value of a cell, cached or typed, and its formula (empty if it shares the formula of another cell)."""

    value: Value
    formula: str | None = None


class Origin(NamedTuple):
    """The build that a workbook comes from: the hash of its assumptions, and the version of the program."""

    digest: str
    version: str


@dataclass(frozen=True)
class ReturnedWorkbook:
    """``sheets`` by title in their order; ``names`` of single cells, in lower case.

    ``day_shift`` is to be added to the serial number of a date; ``remarks`` say what was not read.
    """

    file: str
    sheets: Mapping[str, Mapping[tuple[int, int], CellContent]]
    names: Mapping[str, Position]
    day_shift: int
    remarks: tuple[str, ...]

    def cell(self, at: Position) -> CellContent:
        return self.sheets.get(at.sheet, {}).get((at.row, at.column), CellContent(None))

    @cached_property
    def origin(self) -> Origin | None:
        """Found as a hash with a version directly above it, anywhere, for a reader may have moved them."""
        for cells in self.sheets.values():
            for (row, column), cell in cells.items():
                if isinstance(cell.value, str) and re.fullmatch(r"[0-9a-f]{16}", cell.value):
                    above = cells.get((row - 1, column), CellContent(None)).value
                    if isinstance(above, str) and re.fullmatch(r"\d+\.\d+\.\d+\w*", above):
                        return Origin(cell.value, above)
        return None


def read(path: Path) -> ReturnedWorkbook:
    """The workbook at ``path``. Raises InputError if it is no workbook, broken, encrypted or too large."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
        return _read(path.name, SafeZip(data))
    except OSError as error:
        found, remedy = f"cannot be read: {reason(error)}", "check the name"
    except Refused as refusal:
        found, remedy = refusal.args
    except DefusedXmlException:
        found, remedy = "found a document type or entities in its XML", "ask for a copy saved by a spreadsheet program"
    except ParseError as error:
        found, remedy = f"found broken XML: {error}", "open it in a spreadsheet program and save it again"
    except Exception as error:  # zipfile and expat raise many kinds of errors on a broken file
        found = f"found a broken package ({type(error).__name__})"
        remedy = "open it in a spreadsheet program and save it again"
    raise InputError([Problem(path.name, 0, "the file", found, WANTED, remedy)])


def _read(name: str, package: SafeZip) -> ReturnedWorkbook:
    start = package.relations("")
    main = next((target for kind, target in start.values() if kind == "officeDocument"), "xl/workbook.xml")
    if main not in package:
        raise Refused("found a package without a workbook", AS_XLSX)
    book = _WorkbookReader(package)
    package.parse(main, book)
    parts = package.relations(main)
    texts = _SharedTextsReader(package)
    for kind, target in parts.values():
        if kind == "sharedStrings":
            package.parse(target, texts)
    shift = DAYS_FROM_1900_TO_1904 if book.from_1904 else 0
    sheets: dict[str, dict[tuple[int, int], CellContent]] = {}
    for title, relation in book.sheets:
        kind, target = parts.get(relation, ("", ""))
        if kind not in ("worksheet", "chartsheet", "dialogsheet"):
            raise Refused(f"found no part for the sheet {shorten(title)}", "save it again")
        grid = _SheetReader(package, texts.found, shift)
        if kind == "worksheet":
            package.parse(target, grid)
        sheets[title] = grid.found
    return ReturnedWorkbook(name, sheets, book.cell_names(sheets), shift, tuple(_remarks(package)))


def _remarks(package: SafeZip) -> list[str]:
    """What of the file was not read, worded for the report."""
    kinds = (("vbaproject", "macros: not read, not run"), ("externallinks/", "links to other files: not followed"))
    return [words for mark, words in kinds if any(mark in entry for entry in package.entries)]


class _WorkbookReader(PartReader):
    """Reads workbook.xml: sheets, names and the date system."""

    def __init__(self, package: SafeZip) -> None:
        super().__init__(package)
        self.from_1904 = False
        self.sheets: list[tuple[str, str]] = []  # title, id of the relation
        self.names: list[tuple[bool, str, str]] = []  # whether of one sheet only, name, reference
        self._name: tuple[bool, str] | None = None

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            self.sheets.append((printable(attributes.get("name", "")), relation))
        elif name == "definedName":
            self._name, self.text, self.length = ("localSheetId" in attributes, attributes.get("name", "")), [], 0

    def finish(self, name: str) -> None:
        if name == "definedName" and self._name is not None:
            self.names.append((*self._name, self.taken()))

    def cell_names(self, sheets: Mapping[str, Any]) -> dict[str, Position]:
        """The names of single cells; a name of the workbook wins over one of a sheet, which a copied sheet brings along."""
        found: dict[str, Position] = {}
        for _, name, reference in sorted(self.names, key=lambda entry: not entry[0]):
            match = REFERENCE.fullmatch(reference.strip())
            sheet = printable((match[1] or match[2]).replace("''", "'")) if match else ""
            if match and sheet in sheets and int(match[4]) <= LAST_ROW:
                found[name.casefold()] = Position(sheet, int(match[4]), column_index_from_string(match[3]))
        return found


class _SharedTextsReader(PartReader):
    """Reads sharedStrings.xml."""

    def __init__(self, package: SafeZip) -> None:
        super().__init__(package)
        self.found: list[str] = []
        self._pieces: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002  # none of them is needed
        if name == "si":
            self._pieces, self.length = [], 0
        elif name == "t":
            self.text = []

    def finish(self, name: str) -> None:
        if name == "t" and self.text is not None:
            self._pieces.append(self.taken())
        elif name == "si":
            self.found.append(_unescaped("".join(self._pieces)))


class _SheetReader(PartReader):
    """Reads the cells of a worksheet that hold something."""

    def __init__(self, package: SafeZip, texts: list[str], shift: int) -> None:
        super().__init__(package)
        self.texts, self.shift = texts, shift
        self.found: dict[tuple[int, int], CellContent] = {}
        self._row = self._column = 0
        self._cell: dict[str, str] | None = None  # attributes of the cell that is being read
        self._parts: dict[str, list[str]] = {}

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            match = CELL.fullmatch(attributes.get("r", ""))
            # a cell without an address stands right of the one before it
            self._column = column_index_from_string(match[1]) if match else self._column + 1
            self._cell, self._parts, self.length = attributes, {}, 0
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif self._cell is not None and name in ("v", "f", "t"):
            self.text = []

    def finish(self, name: str) -> None:
        if name in ("v", "f", "t") and self.text is not None:
            self._parts.setdefault(name, []).append(self.taken())
        elif name == "c" and self._cell is not None:
            self._keep(self._cell.get("t", "n"))
            self._cell = None

    def _keep(self, kind: str) -> None:
        formula = "".join(self._parts["f"]) if "f" in self._parts else None
        value = self._value(kind, "".join(self._parts.get("t" if kind == "inlineStr" else "v", ())))
        if value is None and formula is None:
            return
        self.package.cells += 1
        if self.package.cells > MOST_CELLS:
            raise Refused(f"found more than {MOST_CELLS:,} filled cells", "leave out other sheets")
        shown = None if formula is None else formula[:LONGEST_FORMULA]
        self.found[self._row, self._column] = CellContent(value, shown)

    def _value(self, kind: str, text: str) -> Value:
        if not text:
            return None
        match kind:
            case "s":
                return self._shared(text)
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return ErrorValue(printable(text[:20]))
            case "d":
                return self._day(text)
            case "n":
                return _number(text)
        return _unescaped(text)

    def _shared(self, text: str) -> Value:
        if not self.texts:
            raise Refused("found no texts, although cells refer to them", "save it again")
        if re.fullmatch(r"\d{1,9}", text, re.ASCII) and int(text) < len(self.texts):
            return self.texts[int(text)] or None
        return _unreadable(f"text number {text}")

    def _day(self, text: str) -> Value:
        try:
            return float((dt.date.fromisoformat(text[:10]) - DAY_ZERO).days - self.shift)
        except ValueError:
            return _unreadable(text)


def _number(text: str) -> Value:
    number = float(text) if NUMBER.fullmatch(text) else math.nan
    return number if math.isfinite(number) else _unreadable(text)


def _unreadable(text: str) -> Unreadable:
    return Unreadable(shorten(printable(text), LONGEST_QUOTE))


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), text).replace("\r\n", "\n")


def printable(text: str) -> str:
    """The text with · for characters that cannot be printed, or that change the direction of a terminal line."""
    return "".join(sign if sign.isprintable() else "·" for sign in text)
