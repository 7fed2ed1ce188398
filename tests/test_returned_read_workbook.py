"""Workbooks that are none, or not ours, or not sound: each gets one sentence within its bound, and nothing is written."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from tests.conftest import ASSUMPTIONS, ROOT
from tests.returning import packed, parts_of, replaced_in
from threegates import cli
from threegates.returned import read_workbook, safe_zip
from threegates.returned.read_workbook import Unreadable
from threegates.workbook.package import ErrorValue

BOUND_SECONDS, BOUND_BYTES = 60, 1_000_000_000  # as README and SECURITY.md state them
SHEET = "xl/worksheets/sheet3.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
ROOM = 40_000_000  # bytes that one part may add
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def of_others(title: str, name: str = "") -> bytes:
    """A workbook of somebody else."""
    book = Workbook()
    book.active.title = title
    book.active.append(["mfu", 0.34, "=B1*2"])
    if name:
        book.defined_names[name] = DefinedName(name, attr_text=f"'{title}'!$B$1")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(package: bytes, part: str, content: bytes | None) -> bytes:
    """The package with another part in the place of one, or without it."""
    parts = parts_of(package)
    if content is None:
        del parts[part]
    else:
        parts[part] = content
    return packed(parts)


def many_entries() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for number in range(5_000):
            target.writestr(str(number), b"")
    return stream.getvalue()


def flagged_as_encrypted(package: bytes) -> bytes:
    """Every entry says that it wants a password."""
    central = package.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    return central.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00")


# what came, and the sentence about it
CORPUS = {
    "an empty file": (lambda _: b"", "found an empty file"),
    "an encrypted workbook": (lambda _: safe_zip.OLE2 + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "found an encrypted workbook; allowed: an .xlsx workbook; save it without a password"),
    "an old workbook": (lambda _: safe_zip.OLE2 + b"\0" * 600, "found an old Office file, such as .xls; allowed: an .xlsx workbook; save it as .xlsx"),
    "a text": (lambda _: b"scenario,id,value\n", "found no workbook"),
    "half a workbook": (lambda p: p[: len(p) // 2], "found a broken package (BadZipFile)"),
    "a broken zip": (lambda p: p.replace(b"sheet2.xml", b"sheetX.xml", 1), "found a broken package (BadZipFile)"),
    "a zip of other things": (lambda _: packed({"a": b"b"}), "found a package without a workbook"),
    "a document of OpenOffice": (lambda _: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "found an OpenDocument file"),
    "a binary workbook": (lambda _: packed({"xl/workbook.bin": b""}), "found a binary workbook, .xlsb"),
    "encrypted entries": (flagged_as_encrypted, "found encrypted entries"),
    "many entries": (lambda _: many_entries(), "found 5,000 entries, above 1,000"),
    "too large a file": (lambda _: b"PK" + b"\0" * 20_000_000, "found more than 20,000,000 bytes"),
    "a bomb": (lambda p: changed(p, "xl/media/a.bin", b"\0" * 60_000_000), "found what unpacks to 6"),
    "a missing sheet": (lambda p: changed(p, SHEET, None), f"found no part '{SHEET}'"),
    "missing relations": (lambda p: changed(p, "xl/_rels/workbook.xml.rels", None), "found no part for the sheet 'Summary'"),
    "missing texts": (lambda p: changed(p, "xl/sharedStrings.xml", b"<sst/>"), "found no texts, although cells refer to them"),
    "broken XML": (lambda p: changed(p, SHEET, HEAD + b"<row>"), "found broken XML: no element found"),
    "no XML": (lambda p: changed(p, SHEET, b"\xff\xfe\x00"), "found broken XML"),
    "an unknown encoding": (lambda p: changed(p, SHEET, b'<?xml version="1.0" encoding="x-none"?><a/>'), "found a broken package (LookupError)"),
    "entities": (lambda p: changed(p, SHEET, LAUGHS + HEAD + b'<row><c><v>&b;</v></c></row>' + TAIL), "found a document type or entities in its XML"),
    "an entity from outside": (lambda p: changed(p, "xl/workbook.xml", OUTSIDE + b"<workbook/>"), "found a document type or entities in its XML"),
    "entities in UTF-16": (lambda p: changed(p, SHEET, (LAUGHS + b"<a/>").decode().encode("utf-16")), "found a document type or entities in its XML"),
    "a number that is none": (lambda p: changed(p, SHEET, HEAD + b'<row r="x"/>' + TAIL), "found a broken package (ValueError)"),
    "a workbook of others": (lambda _: of_others("Sheet1", "revenue__2025"), "found none of the names that this model gives its inputs"),
    "a workbook of others in Chinese": (lambda _: of_others("假设（修订）"), "found none of the names"),
    "a workbook of others with macros": (lambda _: changed(of_others("Sheet1"), "xl/vbaProject.bin", b"x"), "found none of the names"),
    "a million rows": (lambda _: replaced_in(of_others("Sheet1"), "xl/worksheets/sheet1.xml", ('<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')), "found none of the names"),
}  # fmt: skip


@pytest.mark.parametrize("what", CORPUS)
def test_an_odd_workbook_gets_one_sentence(what: str, small_package: bytes, tmp_path: Path) -> None:
    make, words = CORPUS[what]
    path = tmp_path / "odd.xlsx"
    path.write_bytes(make(small_package))
    arguments = ["pull", "--assumptions", str(ASSUMPTIONS), str(path), "--to", str(tmp_path / "new.yaml")]
    done = CliRunner().invoke(cli.cli, arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert re.fullmatch(rf"odd\.xlsx: the file: {re.escape(words)}.*\n", done.stderr), done.stderr
    assert list(tmp_path.iterdir()) == [path]


LIMITS = {
    "cells": (HEAD + b"<row>" + b"<c><v>1</v></c>" * (ROOM // 15) + b"</row>" + TAIL, "found more than 1,000,000 filled cells"),
    "rows": (HEAD + b"<row/>" * (ROOM // 6) + TAIL, "found more than 3,000,000 elements of XML"),
    "depth": (HEAD + b"<a>" * (ROOM // 7) + b"</a>" * (ROOM // 7) + TAIL, "found more than 3,000,000 elements of XML"),
    "attributes": (HEAD + b"<row " + b" ".join(b'a%d="1"' % i for i in range(ROOM // 14)) + b"/>" + TAIL, "found a tag of more than 1,000,000 bytes"),
    "a text": (HEAD + b"<row><c><f>" + b"x" * ROOM + b"</f></c></row>" + TAIL, "found a text of more than 100,000 characters"),
    "pieces of a text": (HEAD + b'<row><c t="inlineStr"><is>' + b"<t>a</t>" * (ROOM // 8) + b"</is></c></row>" + TAIL, "found a text of more than 100,000 characters"),
}  # fmt: skip


@pytest.mark.parametrize("what", [w if w == "a text" else pytest.param(w, marks=pytest.mark.slow) for w in LIMITS])  # fmt: skip
def test_a_bomb_within_the_size_ends_within_a_minute_and_a_gigabyte(
    what: str, small_package: bytes, tmp_path: Path
) -> None:
    content, words = LIMITS[what]
    (tmp_path / "bomb.xlsx").write_bytes(changed(small_package, SHEET, content))
    script = f"import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_DATA, ({BOUND_BYTES},) * 2); sys.argv[0] = {str(ROOT / 'build_model.py')!r}; runpy.run_path(sys.argv[0], run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", script, "pull", str(tmp_path / "bomb.xlsx")],
        cwd=ROOT, capture_output=True, text=True, timeout=BOUND_SECONDS, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"bomb.xlsx: the file: {words}"), done.stderr
    assert done.stderr.count("\n") == 1


def test_formulas_that_share_one_text_are_formulas(small_package: bytes, tmp_path: Path) -> None:
    """Excel and others write the text once, and a number in the other cells."""
    path = tmp_path / "shared.xlsx"
    cells = b'<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>4</v></c></row><row><c><f t="shared" si="0"/><v>6</v></c></row>'
    path.write_bytes(changed(small_package, SHEET, HEAD + cells + TAIL))
    assert read_workbook.read(path).sheets["Chips"] == {(1, 1): (4.0, "B1*2"), (2, 1): (6.0, "")}


CELLS = [
    (b'<c r="A1"><v>1.1499999999999999</v></c>', 1.15),
    (b'<c r="A1"><v>0.3400000000000000000000000000000000000000000000000001</v></c>', 0.34),
    (b'<c r="A1"><v>123456789012345678901234567890123456789012345678901234</v></c>', 1.2345678901234568e53),
    (b'<c r="A1"><v>1e400</v></c>', Unreadable("'1e400'")),
    (b'<c r="A1"><v>1_000</v></c>', Unreadable("'1_000'")),
    (b'<c r="A1"><v>0,34</v></c>', Unreadable("'0,34'")),
    (b'<c r="A1"><v>NaN</v></c>', Unreadable("'NaN'")),
    (b'<c r="A1" t="s"><v>99999</v></c>', Unreadable("'text number 99999'")),
    (b'<c r="A1" t="d"><v>12:30:00</v></c>', Unreadable("'12:30:00'")),
    (b'<c r="A1" t="b"><v>1</v></c>', True),
    (b'<c r="A1" t="e"><v>#REF!</v></c>', ErrorValue("#REF!")),
    (b'<c r="A1" t="str"><f>A2</f><v>a_x000D_b</v></c>', "a\rb"),
    (b'<c r="A1" t="d"><v>2023-03-15T00:00:00</v></c>', 45000.0),
    ('<c r="A1" t="inlineStr"><is><r><t>东</t></r><r><t>京</t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is></c>'.encode(), "东京"),
    (b'<x:c xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main" r="A1"><x:v>2</x:v></x:c>', 2.0),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), CELLS)
def test_cells_are_read_as_programs_write_them(
    cell: bytes, value: object, small_package: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "cells.xlsx"
    path.write_bytes(changed(small_package, SHEET, HEAD + b'<row r="1">' + cell + b"</row>" + TAIL))
    assert read_workbook.read(path).sheets["Chips"][1, 1].value == value


NAMES = [
    ("Chips!$B$5", (5, 2)),
    ("'Chips'!$B$5", (5, 2)),
    ("$Chips.$B$5", None),
    ("'Chips'!$B$5:$B$5", (5, 2)),
    ("'Chips'!$B$5:$C$9", None),
    ("Chips!#REF!", None),
    ("[1]Chips!$B$5", None),
]


@pytest.mark.parametrize(("reference", "place"), NAMES)
def test_a_name_counts_where_it_means_one_cell(
    reference: str, place: tuple[int, int] | None, small_package: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "names.xlsx"
    name = '<definedName name="MFU__GPT4">'
    path.write_bytes(replaced_in(small_package, "xl/workbook.xml", ('<definedName name="mfu__gpt4">[^<]*', name + reference)))  # fmt: skip
    at = read_workbook.read(path).names.get("mfu__gpt4")
    assert (at and (at.row, at.column)) == place


def renamed(package: bytes, rename: Callable[[str], str], content: Callable[[bytes], bytes] = lambda c: c) -> bytes:
    """The workbook with other names of its entries, and maybe with other targets in its relations."""
    parts = parts_of(package)
    return packed({rename(name): content(c) if name.endswith(".rels") else c for name, c in parts.items()})


NAMED = {
    "in small letters": lambda p: renamed(p, str.lower),
    "in capitals": lambda p: renamed(p, lambda n: n.replace("sharedStrings", "SharedStrings").replace("sheet3", "Sheet3")),
    "with backslashes": lambda p: renamed(p, lambda n: n.replace("/", "\\")),
    "with a slash in front": lambda p: renamed(p, lambda n: f"/{n}"),
    "with backslashes in relations": lambda p: renamed(p, str, lambda c: c.replace(b"worksheets/sheet", b"worksheets\\sheet")),
}  # fmt: skip


@pytest.mark.parametrize("how", NAMED)
def test_parts_are_found_under_the_names_that_programs_give_them(how: str, small_package: bytes, tmp_path: Path) -> None:  # fmt: skip
    """Part names do not depend on case by ECMA-376, and zips written on Windows have backslashes."""
    (tmp_path / "as_built.xlsx").write_bytes(small_package)
    (tmp_path / "renamed.xlsx").write_bytes(NAMED[how](small_package))
    as_built = read_workbook.read(tmp_path / "as_built.xlsx")
    assert read_workbook.read(tmp_path / "renamed.xlsx").sheets == as_built.sheets


def test_macros_are_seen_under_any_spelling(tmp_path: Path) -> None:
    (tmp_path / "odd.xlsm").write_bytes(changed(of_others("Sheet1"), "XL\\VBAPROJECT.BIN", b"x"))
    assert read_workbook.read(tmp_path / "odd.xlsm").remarks == ("macros: not read, not run",)
