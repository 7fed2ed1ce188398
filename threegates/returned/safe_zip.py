"""Opens the zip package of a workbook that may come from anybody, in memory and within limits.

The limits are checked before anything is unpacked. XML with a document type or entities is refused, and links to other
files are not followed.
"""

from __future__ import annotations

import io
import posixpath
import time
import zipfile

from defusedxml.ElementTree import DefusedXMLParser

from threegates.problems import shorten

LARGEST_FILE_BYTES = 20_000_000  # ours has 0.4 MB
MOST_ENTRIES = 1_000
LARGEST_UNPACKED_BYTES = 50_000_000
MOST_ELEMENTS = 3_000_000  # of XML, in all parts together
MOST_CELLS = 1_000_000
LONGEST_TEXT = 100_000  # characters of a cell; Excel allows 32,767, and 8,192 for a formula
LONGEST_TAG_BYTES = 1_000_000  # of a tag without an end: parsers take ever longer over it
PATIENCE_SECONDS = 30
CHUNK_BYTES = 1 << 16
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # first bytes of old Office files, and of encrypted new ones
AS_XLSX = "save it as .xlsx"


class Refused(Exception):
    """Raised with two texts: what was found, and what to do."""


def _check_kind(data: bytes) -> None:
    """Raises Refused for what is not a zip package, saying what it is."""
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


def _key(part: str) -> str:
    """The name of a part or entry as it is compared.

    Names do not depend on case (ECMA-376, part 2), and some programs write backslashes or a slash in front.
    """
    return part.replace("\\", "/").lstrip("/").lower()


class SafeZip:
    """A package whose parts are read one after the other, within limits for all together. Raises Refused and library errors."""

    def __init__(self, data: bytes) -> None:
        _check_kind(data)
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        entries = self.zip.infolist()
        self.entries = {_key(entry.filename): entry for entry in entries}
        if len(entries) > MOST_ENTRIES:
            raise Refused(f"found {len(entries):,} entries, above {MOST_ENTRIES:,}", "ask for a plain copy")
        size = sum(entry.file_size for entry in entries)
        if size > LARGEST_UNPACKED_BYTES:
            raise Refused(f"found what unpacks to {size:,} bytes, above {LARGEST_UNPACKED_BYTES:,}", "do not open it")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("found encrypted entries", "save it without a password")
        for part, kind in (("mimetype", "an OpenDocument file"), ("xl/workbook.bin", "a binary workbook, .xlsb")):
            if part in self:
                raise Refused(f"found {kind}", AS_XLSX)
        self.elements = self.cells = self.events = 0
        self.until = time.monotonic() + PATIENCE_SECONDS

    def __contains__(self, part: str) -> bool:
        return _key(part) in self.entries

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part by id, as (last word of the type, target part); targets outside the file are left out."""
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        found = _Relations(self)
        if where in self:
            self.parse(where, found)
        root = posixpath.join("/", folder)
        paths = ((key, kind, posixpath.join(root, target.replace("\\", "/"))) for key, kind, target in found.found)
        return {key: (kind, posixpath.normpath(path)[1:]) for key, kind, path in paths}

    def parse(self, part: str, target: PartReader) -> None:
        """Parses the XML of a part and reports each element to ``target``."""
        if part not in self:
            raise Refused(f"found no part {shorten(part)}", "open it in a spreadsheet program and save it again")
        parser = DefusedXMLParser(target=target, forbid_dtd=True)
        silent, events = 0, self.events
        with self.zip.open(self.entries[_key(part)]) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                parser.feed(chunk)
                silent, events = (silent + len(chunk) if events == self.events else 0), self.events
                if silent > LONGEST_TAG_BYTES:
                    raise Refused(f"found a tag of more than {LONGEST_TAG_BYTES:,} bytes", "do not open it")
                if time.monotonic() > self.until:
                    raise Refused(f"not read within {PATIENCE_SECONDS} seconds", "leave out other sheets")
        parser.close()


class PartReader:
    """A target of the XML parser; subclasses keep what they need of their part.

    Phonetic readings of Asian characters (rPh) are left out.
    """

    def __init__(self, package: SafeZip) -> None:
        self.package = package
        self.text: list[str] | None = None  # of the element that is being read
        self.length = 0  # of the text
        self.in_phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.package.events += 1
        self.package.elements += 1
        if self.package.elements > MOST_ELEMENTS:
            raise Refused(f"found more than {MOST_ELEMENTS:,} elements of XML", "leave out other sheets")
        name = tag.rpartition("}")[2]
        if name == "rPh":
            self.in_phonetic = True
        elif not self.in_phonetic:
            self.begin(name, attributes)

    def data(self, text: str) -> None:
        self.package.events += 1
        if self.text is not None:
            self.text.append(text)
            self.length += len(text)
            if self.length > LONGEST_TEXT:
                raise Refused(f"found a text of more than {LONGEST_TEXT:,} characters", "do not open it")

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "rPh":
            self.in_phonetic = False
        elif not self.in_phonetic:
            self.finish(name)

    def close(self) -> None:
        """Nothing to do, but the parser calls it."""

    def taken(self) -> str:
        """Returns the text read so far and forgets it; ``length`` still counts it until the cell or item ends."""
        text, self.text = "".join(self.text or ()), None
        return text

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def finish(self, name: str) -> None:
        """Nothing to do, by default: most parts have everything in attributes."""


class _Relations(PartReader):
    def __init__(self, package: SafeZip) -> None:
        super().__init__(package)
        self.found: list[tuple[str, str, str]] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found.append((attributes.get("Id", ""), kind, attributes.get("Target", "")))
