"""The .xlsx as a package of parts: reads the values of its cells, and gives it its final form.

Sealing fills the caches of charts, moves texts into one shared table, spells the parts as Excel does and fixes dates
and order: the same workbook has the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import range_to_tuple

from threegates.workbook import as_excel
from threegates.workbook.as_excel import CHART, MAIN

OFFICE = as_excel.RELATION[1:-1]
RELATION = f"{{{OFFICE}}}id"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip entry can bear
INLINE_TEXT = re.compile(rb' t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is>')
TYPED_BLANK = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="n"(?: ?/>|></c>)')  # IronCalc reads it as 0
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")  # a character by its code, in any text of SpreadsheetML
LOOKS_ESCAPED = re.compile(rb"_(?=x[0-9A-Fa-f]{1,4}_)")  # LibreOffice takes fewer digits than the standard
SHARED_TEXTS = "xl/sharedStrings.xml"
SHARED_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


@dataclass(frozen=True)
class ErrorValue:
    """An error in a cell, such as #DIV/0!."""

    code: str


Value = float | str | bool | ErrorValue | None
Cells = dict[tuple[int, int], Value]  # (row, column), from 1


def read_values(data: bytes) -> dict[str, Cells]:
    """The values, cached ones included, of every sheet by name. For our own packages only: a stranger's may be hostile."""
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
    if SHARED_TEXTS not in package.namelist():
        return []
    root = ElementTree.fromstring(package.read(SHARED_TEXTS))
    texts = ("".join(text.text or "" for text in item.iter(f"{MAIN}t")) for item in root)
    return [ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) for text in texts]


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


def seal(data: bytes, values: Mapping[str, Cells], created: dt.date, descriptions: Sequence[Sequence[str]]) -> bytes:
    """The package with chart caches from ``values``, ``created`` as its only date, and its parts in a fixed form.

    ``descriptions`` are the alternative texts of the charts of each drawing, in their order: openpyxl has no place
    for them.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    core = parts["docProps/core.xml"]
    date = f">{created.isoformat()}T00:00:00Z<".encode()
    parts["docProps/core.xml"] = re.sub(rb">\d{4}-\d\d-\d\dT[\d:.]+Z?<", date, core)
    _share_texts(parts)
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            parts[name] = _spelled(name, content, values, descriptions)
    return _zipped(parts)


def _spelled(name: str, content: bytes, values: Mapping[str, Cells], descriptions: Sequence[Sequence[str]]) -> bytes:
    """A part as Excel writes it."""
    number = int(re.sub(r"\D", "", name) or 0)
    if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
        root = ElementTree.fromstring(content)
        as_excel.complete_drawing(root, descriptions[number - 1] if number <= len(descriptions) else ())
    elif name.startswith("xl/charts/chart"):
        root = ElementTree.fromstring(content)
        _cache_chart(root, values)
        as_excel.complete_chart(root)
    elif name == "xl/styles.xml":
        root = ElementTree.fromstring(content)
        as_excel.complete_styles(root)
    else:
        return (as_excel.worksheet if name.startswith("xl/worksheets/sheet") else as_excel.tidied)(content)
    return as_excel.written(root)


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name in as_excel.in_order([*parts]):
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            package.writestr(part, parts[name])
    return stream.getvalue()


def _share_texts(parts: dict[str, bytes]) -> None:
    """Moves the texts of cells into one table: the mail previews of phones show nothing for texts written in cells.

    Blank cells lose their type on the way.
    """
    texts: dict[bytes, int] = {}
    count = 0

    def shared(match: re.Match[bytes]) -> bytes:
        nonlocal count
        count += 1
        return b' t="s"><v>%d</v>' % texts.setdefault(LOOKS_ESCAPED.sub(b"_x005F_", match[1]), len(texts))

    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        parts[name] = INLINE_TEXT.sub(shared, TYPED_BLANK.sub(rb"\1/>", parts[name]))
    items = b"".join(b'<si><t xml:space="preserve">%b</t></si>' % text for text in texts)
    head = f'<sst xmlns="{MAIN[1:-1]}" count="{count}" uniqueCount="{len(texts)}">'.encode()
    parts[SHARED_TEXTS] = head + items + b"</sst>"
    link = f'<Relationship Id="texts" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    kind = f'<Override PartName="/{SHARED_TEXTS}" ContentType="{SHARED_TYPE}"/></Types>'
    for name, end, more in (
        ("xl/_rels/workbook.xml.rels", "</Relationships>", link),
        ("[Content_Types].xml", "</Types>", kind),
    ):
        parts[name] = parts[name].replace(end.encode(), more.encode())


def _cache_chart(root: ElementTree.Element, values: Mapping[str, Cells]) -> None:
    for kind, cache in (("numRef", "numCache"), ("strRef", "strCache")):
        for reference in root.iter(f"{CHART}{kind}"):
            formula = reference.findtext(f"{CHART}f") or ""
            for old in reference.findall(f"{CHART}{cache}"):
                reference.remove(old)
            reference.append(_cache(cache, _referred(formula, values)))


def _referred(formula: str, values: Mapping[str, Cells]) -> list[Value]:
    sheet, (left, top, right, bottom) = range_to_tuple(formula)
    cells = values[sheet.replace("''", "'")]
    return [cells.get((row, column)) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _cache(kind: str, found: list[Value]) -> ElementTree.Element:
    cache = ElementTree.Element(f"{CHART}{kind}")
    if kind == "numCache":
        ElementTree.SubElement(cache, f"{CHART}formatCode").text = "General"
    ElementTree.SubElement(cache, f"{CHART}ptCount", val=str(len(found)))
    for index, value in enumerate(found):
        if isinstance(value, float) or (kind == "strCache" and isinstance(value, str)):
            point = ElementTree.SubElement(cache, f"{CHART}pt", idx=str(index))
            text = repr(value).removesuffix(".0") if isinstance(value, float) else value
            ElementTree.SubElement(point, f"{CHART}v").text = text
    return cache
