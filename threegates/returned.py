"""A workbook that came back, read as a stranger's file: its names, and its cells as they stand.

Nothing in it is run, followed or unpacked to disk: entries are read in memory, within bounds that are checked before,
and their XML may not bring a document type, entities or anything from outside.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import posixpath
import re
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from openpyxl.utils import column_index_from_string

from threegates.problems import InputError, Problem, shorten
from threegates.rules.book import At
from threegates.table import DAY_ZERO
from threegates.workbook.package import ESCAPE, ErrorValue, Value

LARGEST_FILE_BYTES = 20_000_000  # ours has 0.4 MB
MOST_ENTRIES = 1_000
LARGEST_UNPACKED_BYTES = 50_000_000
MOST_ELEMENTS = 3_000_000  # of XML, in all parts that are read
MOST_CELLS = 1_000_000
LONGEST_TEXT = 100_000  # of a cell; Excel takes 32,767 characters, and a formula 8,192
LONGEST_TAG_BYTES = 1_000_000  # without an end, or a text: parsers take ever longer over it
PATIENCE_SECONDS = 30
LONGEST_NUMBER = 40  # characters; a double needs 24
LONGEST_FORMULA_SHOWN = 60
CHUNK_BYTES = 1 << 16
DAYS_FROM_1900_TO_1904 = 1462
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how the containers of old Office files begin, and of encrypted new ones
REFERENCE = re.compile(r"\$?(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?\3\$?\4)?")
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
WANTED = "an .xlsx workbook"
AS_XLSX = "save it as .xlsx"


class Refused(Exception):
    """Why the file is not read: what was found, and what to do."""


class Cell(NamedTuple):
    """What a cell holds: its value, cached or typed, and its formula (empty where another cell's is shared)."""

    value: Value
    formula: str | None = None


class Origin(NamedTuple):
    """What Summary says of the build: the hash of the assumptions, and the version of the program."""

    digest: str
    version: str


@dataclass(frozen=True)
class Returned:
    """``sheets`` by title in their order; ``names`` are casefolded, and only those that name a single cell.

    ``day_shift`` is what to add to a date's serial number; ``remarks`` are sentences on what was left alone.
    """

    file: str
    sheets: Mapping[str, Mapping[tuple[int, int], Cell]]
    names: Mapping[str, At]
    day_shift: int
    remarks: tuple[str, ...]

    def cell(self, at: At) -> Cell:
        return self.sheets.get(at.sheet, {}).get((at.row, at.column), Cell(None))

    @cached_property
    def origin(self) -> Origin | None:
        """The hash that stands below a version, wherever the reader has moved the two."""
        for cells in self.sheets.values():
            for (row, column), cell in cells.items():
                if isinstance(cell.value, str) and re.fullmatch(r"[0-9a-f]{16}", cell.value):
                    above = cells.get((row - 1, column), Cell(None)).value
                    if isinstance(above, str) and re.fullmatch(r"\d+\.\d+\.\d+\w*", above):
                        return Origin(cell.value, above)
        return None


def read(path: Path) -> Returned:
    """The workbook at ``path``. Raises InputError in one sentence when it is none, broken, encrypted or too large."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
        return _Package(path.name, data).read()
    except OSError as error:
        found, remedy = f"cannot be read: {(error.strerror or str(error)).lower()}", "check the name"
    except Refused as refusal:
        found, remedy = refusal.args
    except DefusedXmlException:
        found, remedy = "found a document type or entities in its XML", "ask for a copy saved by a spreadsheet program"
    except ParseError as error:
        found, remedy = f"found broken XML: {error}", "open it in a spreadsheet program and save it again"
    except Exception as error:  # zipfile and expat raise whatever they meet in a broken file
        found = f"found a broken package ({type(error).__name__})"
        remedy = "open it in a spreadsheet program and save it again"
    raise InputError([Problem(path.name, 0, "the file", found, WANTED, remedy)])


def _check_kind(data: bytes) -> None:
    """Names what is no package of Office 2007 or later."""
    if len(data) > LARGEST_FILE_BYTES:
        raise Refused(f"found more than {LARGEST_FILE_BYTES:,} bytes", "leave out pictures and other sheets")
    if not data:
        raise Refused("found an empty file", "ask for it once more")
    if data.startswith(OLE2):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("found an encrypted workbook", "save it without a password")
        raise Refused("found an old Office file, such as .xls", AS_XLSX)
    if not data.startswith(b"PK"):
        raise Refused("found no workbook", AS_XLSX)


class _Package:
    """The parts of a package that matter, read one after the other within common bounds."""

    def __init__(self, name: str, data: bytes) -> None:
        _check_kind(data)
        self.name = name
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        entries = self.zip.infolist()
        self.entries = {entry.filename: entry for entry in entries}
        if len(entries) > MOST_ENTRIES:
            raise Refused(f"found {len(entries):,} entries, above {MOST_ENTRIES:,}", "ask for a plain copy")
        size = sum(entry.file_size for entry in entries)
        if size > LARGEST_UNPACKED_BYTES:
            raise Refused(f"found what unpacks to {size:,} bytes, above {LARGEST_UNPACKED_BYTES:,}", "do not open it")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("found encrypted entries", "save it without a password")
        for part, kind in (("mimetype", "an OpenDocument file"), ("xl/workbook.bin", "a binary workbook, .xlsb")):
            if part in self.entries:
                raise Refused(f"found {kind}", AS_XLSX)
        self.elements = self.cells = self.events = 0
        self.until = time.monotonic() + PATIENCE_SECONDS

    def read(self) -> Returned:
        start = self._relations("")
        main = next((target for kind, target in start.values() if kind == "officeDocument"), "xl/workbook.xml")
        if main not in self.entries:
            raise Refused("found a package without a workbook", AS_XLSX)
        book = _Book(self)
        self.parse(main, book)
        parts = self._relations(main)
        texts = _Texts(self)
        for kind, target in parts.values():
            if kind == "sharedStrings":
                self.parse(target, texts)
        shift = DAYS_FROM_1900_TO_1904 if book.from_1904 else 0
        sheets: dict[str, dict[tuple[int, int], Cell]] = {}
        for title, relation in book.sheets:
            kind, target = parts.get(relation, ("", ""))
            if kind not in ("worksheet", "chartsheet", "dialogsheet"):
                raise Refused(f"found no part for the sheet {shorten(title)}", "save it again")
            grid = _Grid(self, texts.found, shift)
            if kind == "worksheet":
                self.parse(target, grid)
            sheets[title] = grid.found
        return Returned(self.name, sheets, book.cell_names(sheets), shift, tuple(self._remarks()))

    def _remarks(self) -> list[str]:
        kinds = (("vbaProject", "macros: not read, not run"), ("externalLinks/", "links to other files: not followed"))
        return [words for mark, words in kinds if any(mark in entry for entry in self.entries)]

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The last word of the type, and the part, of each relation by its id; what leads outside is left out."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        found = _Relations(self)
        if where in self.entries:
            self.parse(where, found)
        return {key: (kind, posixpath.normpath(posixpath.join("/", folder, target))[1:]) for key, kind, target in found.found}  # fmt: skip

    def parse(self, part: str, target: _Target) -> None:
        if part not in self.entries:
            raise Refused(f"found no part {shorten(part)}", "open it in a spreadsheet program and save it again")
        parser = DefusedXMLParser(target=target, forbid_dtd=True)
        silent, events = 0, self.events
        with self.zip.open(self.entries[part]) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                parser.feed(chunk)
                silent, events = (silent + len(chunk) if events == self.events else 0), self.events
                if silent > LONGEST_TAG_BYTES:
                    raise Refused(f"found a tag of more than {LONGEST_TAG_BYTES:,} bytes", "do not open it")
                if time.monotonic() > self.until:
                    raise Refused(f"not read within {PATIENCE_SECONDS} seconds", "leave out other sheets")
        parser.close()


class _Target:
    """What a parser tells of a part: nothing is kept but what a kind of part asks for."""

    def __init__(self, package: _Package) -> None:
        self.package = package
        self.text: list[str] | None = None  # of the element that is being read
        self.length = 0  # of the text

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.package.events += 1
        self.package.elements += 1
        if self.package.elements > MOST_ELEMENTS:
            raise Refused(f"found more than {MOST_ELEMENTS:,} elements of XML", "leave out other sheets")
        self.begin(tag.rpartition("}")[2], attributes)

    def data(self, text: str) -> None:
        self.package.events += 1
        if self.text is not None:
            self.text.append(text)
            self.length += len(text)
            if self.length > LONGEST_TEXT:
                raise Refused(f"found a text of more than {LONGEST_TEXT:,} characters", "do not open it")

    def end(self, tag: str) -> None:
        self.finish(tag.rpartition("}")[2])

    def close(self) -> None:
        """Nothing is left to do: the parser asks for it."""

    def taken(self) -> str:
        """The text that has been read, which then is forgotten; its length is kept until the cell or item ends."""
        text, self.text = "".join(self.text or ()), None
        return text

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def finish(self, name: str) -> None:
        """Most parts say everything in attributes."""


class _Relations(_Target):
    def __init__(self, package: _Package) -> None:
        super().__init__(package)
        self.found: list[tuple[str, str, str]] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found.append((attributes.get("Id", ""), kind, attributes.get("Target", "")))


class _Book(_Target):
    """workbook.xml: sheets, names and the date system."""

    def __init__(self, package: _Package) -> None:
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

    def cell_names(self, sheets: Mapping[str, Any]) -> dict[str, At]:
        """The names of single cells; a name of the whole book wins over that of a copied sheet."""
        found: dict[str, At] = {}
        for _, name, reference in sorted(self.names, key=lambda entry: not entry[0]):
            match = REFERENCE.fullmatch(reference.strip())
            sheet = printable((match[1] or match[2]).replace("''", "'")) if match else ""
            if match and sheet in sheets:
                found[name.casefold()] = At(sheet, int(match[4]), column_index_from_string(match[3]))
        return found


class _Texts(_Target):
    """The shared texts; the readings of Asian characters that stand beside them are left out."""

    def __init__(self, package: _Package) -> None:
        super().__init__(package)
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._beside = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002  # texts have none that matter
        if name == "si":
            self._pieces, self.length = [], 0
        elif name == "rPh":
            self._beside = True
        elif name == "t" and not self._beside:
            self.text = []

    def finish(self, name: str) -> None:
        if name == "t" and self.text is not None:
            self._pieces.append(self.taken())
        elif name == "rPh":
            self._beside = False
        elif name == "si":
            self.found.append(_unescaped("".join(self._pieces)))


class _Grid(_Target):
    """The cells of a worksheet that hold something."""

    def __init__(self, package: _Package, texts: list[str], shift: int) -> None:
        super().__init__(package)
        self.texts, self.shift = texts, shift
        self.found: dict[tuple[int, int], Cell] = {}
        self._row = self._column = 0
        self._cell: dict[str, str] | None = None  # attributes of the cell that is being read
        self._parts: dict[str, list[str]] = {}
        self._beside = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            match = CELL.fullmatch(attributes.get("r", ""))
            # a cell without an address stands right of the one before
            self._column = column_index_from_string(match[1]) if match else self._column + 1
            self._cell, self._parts, self.length = attributes, {}, 0
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif name == "rPh":
            self._beside = True
        elif self._cell is not None and name in ("v", "f", "t") and not self._beside:
            self.text = []

    def finish(self, name: str) -> None:
        if name in ("v", "f", "t") and self.text is not None:
            self._parts.setdefault(name, []).append(self.taken())
        elif name == "rPh":
            self._beside = False
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
        shown = None if formula is None else formula[:LONGEST_FORMULA_SHOWN]
        self.found[self._row, self._column] = Cell(value, shown)

    def _value(self, kind: str, text: str) -> Value:
        if not text:
            return None
        match kind:
            case "s":
                return self.texts[int(text)] or None
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return ErrorValue(printable(text[:20]))
            case "d":
                return float((dt.date.fromisoformat(text[:10]) - DAY_ZERO).days - self.shift)
            case "n":
                return _number(text)
        return _unescaped(text)


def _number(text: str) -> Value:
    if len(text) > LONGEST_NUMBER:
        return ErrorValue("#NUM!")
    number = float(text)
    return number if math.isfinite(number) else ErrorValue("#NUM!")


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), text).replace("\r\n", "\n")


def printable(text: str) -> str:
    """The text without what could not be printed, or would turn a terminal's line around."""
    return "".join(sign if sign.isprintable() else "·" for sign in text)


__all__ = ["At", "Cell", "Origin", "Returned", "printable", "read"]
