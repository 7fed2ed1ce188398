"""The .xlsx as a package of parts: reads the values of its cells, and seals it: chart caches, fixed dates, same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from openpyxl.utils import column_index_from_string, range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip entry can bear


@dataclass(frozen=True)
class ErrorValue:
    """An error in a cell, such as #DIV/0!."""

    code: str


Value = float | str | bool | ErrorValue | None
Cells = dict[tuple[int, int], Value]  # (row, column), from 1


def read_values(data: bytes) -> dict[str, Cells]:
    """The values, cached ones included, of every sheet by name. Our own packages only: nothing here is hardened."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        shared = _shared_strings(package)
        relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        sheets = {}
        for sheet in book.iter(f"{MAIN}sheet"):
            part = "xl/" + targets[sheet.get(RELATION)].removeprefix("/xl/")
            sheets[sheet.get("name", "")] = _cells(package.read(part), shared)
        return sheets


def _shared_strings(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    root = ElementTree.fromstring(package.read("xl/sharedStrings.xml"))
    return ["".join(text.text or "" for text in item.iter(f"{MAIN}t")) for item in root]


def _cells(part: bytes, shared: list[str]) -> Cells:
    cells: Cells = {}
    for row in ElementTree.fromstring(part).iter(f"{MAIN}row"):
        number = int(row.get("r", "0"))
        for cell in row:
            letters = cell.get("r", "").rstrip("0123456789")
            cells[number, column_index_from_string(letters)] = _value(cell, shared)
    return cells


def _value(cell: ElementTree.Element, shared: list[str]) -> Value:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
    text = cell.findtext(f"{MAIN}v")
    if text is None:
        return None
    match kind:
        case "s":
            return shared[int(text)]
        case "n":
            return float(text)
        case "b":
            return text == "1"
        case "e":
            return ErrorValue(text)
    return text


def seal(data: bytes, values: Mapping[str, Cells], created: dt.date, descriptions: Sequence[str]) -> bytes:
    """The package with chart caches from ``values``, ``created`` as its only date, and entries in a fixed form.

    ``descriptions`` are the alternative texts of the charts, in their order: openpyxl has no place for them.
    """
    sealed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in package.namelist():
            content = package.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb">\d{4}-\d\d-\d\dT[\d:.]+Z?<", f">{created.isoformat()}T00:00:00Z<".encode(), content
                )
            elif name.startswith("xl/drawings/drawing"):
                content = _describe_charts(content, descriptions)
            elif name.startswith("xl/charts/chart"):
                content = _cache_chart(content, values)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            out.writestr(entry, content)
    return sealed.getvalue()


def _describe_charts(content: bytes, descriptions: Sequence[str]) -> bytes:
    for number, text in enumerate(descriptions, start=1):
        name = f'name="Chart {number}"'
        content = content.replace(name.encode(), f"{name} descr={quoteattr(text)}".encode())
    return content


def _cache_chart(content: bytes, values: Mapping[str, Cells]) -> bytes:
    ElementTree.register_namespace("c", CHART)
    ElementTree.register_namespace("a", DRAWING)
    root = ElementTree.fromstring(content)
    for kind, cache in (("numRef", "numCache"), ("strRef", "strCache")):
        for reference in root.iter(f"{{{CHART}}}{kind}"):
            formula = reference.findtext(f"{{{CHART}}}f") or ""
            for old in reference.findall(f"{{{CHART}}}{cache}"):
                reference.remove(old)
            reference.append(_cache(cache, _referred(formula, values)))
    text: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text


def _referred(formula: str, values: Mapping[str, Cells]) -> list[Value]:
    sheet, span = formula.rsplit("!", 1)
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    left, top, right, bottom = range_boundaries(span.replace("$", ""))
    assert None not in (left, top, right, bottom), formula
    return [values[sheet].get((row, column)) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _cache(kind: str, found: list[Value]) -> ElementTree.Element:
    cache = ElementTree.Element(f"{{{CHART}}}{kind}")
    if kind == "numCache":
        ElementTree.SubElement(cache, f"{{{CHART}}}formatCode").text = "General"
    ElementTree.SubElement(cache, f"{{{CHART}}}ptCount", val=str(len(found)))
    for index, value in enumerate(found):
        if isinstance(value, float) or (kind == "strCache" and isinstance(value, str)):
            point = ElementTree.SubElement(cache, f"{{{CHART}}}pt", idx=str(index))
            text = repr(value) if isinstance(value, float) else value
            ElementTree.SubElement(point, f"{{{CHART}}}v").text = text
    return cache
