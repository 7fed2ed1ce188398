"""Rules of the zip package and its XML: what Excel reports as a problem with some content, and repairs."""

from __future__ import annotations

import math
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

from openpyxl.utils import column_index_from_string, range_boundaries

from threegates.lint.book import CHART, MAIN, RELATIONS, Book, RawCell, charts
from threegates.lint.rule import PROGRAMS, Breach, rule

TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
CONTENT_TYPES = "[Content_Types].xml"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # Excel limits
LONGEST = {"text": 32_767, "formula": 8_192, "number format": 255, "header or footer": 255, "name": 255}
LONGEST_OF_VALIDATION = {
    "formula1": 255,
    "formula2": 255,
    "errorTitle": 32,
    "error": 255,
    "promptTitle": 32,
    "prompt": 255,
}
ERRORS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"])
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")


@rule("package", PROGRAMS)
def opens(book: Book) -> Iterator[Breach]:
    """The workbook opens.
    工作簿可以打开。
    """
    if book.opening_error:
        yield "workbook", f"cannot be opened: {book.opening_error}; only the rules of the package were checked"


@rule("package", PROGRAMS)
def parts_are_sound(book: Book) -> Iterator[Breach]:
    """Every part is well-formed XML without a document type.
    各部件均为规范的 XML，且无文档类型声明。
    """
    for name in book.names:
        if name.endswith((".xml", ".rels")):
            try:
                book.xml(name)
            except ElementTree.ParseError as error:
                yield name, f"not well formed: {error}"
            if b"<!DOCTYPE" in book.part(name):
                yield name, "a document type"


@rule("package", PROGRAMS)
def parts_have_types(book: Book) -> Iterator[Breach]:
    """Every part stands once and has a content type.
    各部件不重复，且都有内容类型。
    """
    for name, count in Counter(book.names).items():
        if count > 1:
            yield name, f"stands {count} times in the package"
    entries = list(book.xml(CONTENT_TYPES))
    for entry in entries:
        if entry.tag not in (f"{TYPES}Default", f"{TYPES}Override"):
            yield CONTENT_TYPES, f"an unknown element {entry.tag.rpartition('}')[2]}"
    defaults = {e.get("Extension", "").lower(): e.get("ContentType") for e in entries if e.tag == f"{TYPES}Default"}
    overrides = {e.get("PartName", "")[1:] for e in entries if e.tag == f"{TYPES}Override"}
    for name in sorted(overrides.difference(book.names)):
        yield CONTENT_TYPES, f"a type for {name}, which is not there"
    for name in book.names:
        kind = defaults.get(name.rpartition(".")[2].lower())
        if name != CONTENT_TYPES and name not in overrides and kind in (None, "application/xml"):
            yield name, "no content type"


@rule("package", PROGRAMS)
def links_lead_somewhere(book: Book) -> Iterator[Breach]:
    """Relationships and links lead to what exists.
    关系与链接都指向存在的目标。
    """
    for name in (name for name in book.names if name.endswith(".rels")):
        links = [link for link in book.xml(name) if link.tag == f"{RELATIONS}Relationship"]
        home = posixpath.dirname(posixpath.dirname(name))
        for key, count in Counter(link.get("Id") for link in links).items():
            if count > 1:
                yield name, f"the relationship {key} twice"
        for link in links:
            target = posixpath.normpath(posixpath.join("/", home, link.get("Target", "")))[1:]
            if link.get("TargetMode") != "External" and target not in book.names:
                yield name, f"leads to {target[:80]}, which is not there"
    known = set(book.titles.values())
    for part, title in book.titles.items():
        for link in book.elements(part, "hyperlink"):
            sheet, mark, _ = link.get("location", "").rpartition("!")
            if mark and sheet.strip("'").replace("''", "'") not in known:
                yield title, f"a link to {sheet[:40]}, which is not there"


@rule("package", PROGRAMS)
def cells_in_order(book: Book) -> Iterator[Breach]:
    """Cells stand in order, each once.
    单元格按顺序排列，且不重复。
    """
    for part, cells in book.raw.items():
        rows = [row.get("r", "") for row in book.elements(part, "row")]
        numbers = [int(row) if row.isdigit() else 0 for row in rows]
        if any(b <= a for a, b in zip([0, *numbers], numbers, strict=False)):
            yield part, "rows that are not in ascending order"
        before = (0, 0)
        for cell in cells:
            here = _position(cell.address)
            if here <= before or here[0] > LAST_ROW or here[1] > LAST_COLUMN:
                yield part, f"the cell {cell.address[:20]} is out of order"
            before = here


def _position(address: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", address)
    return (int(match[2]), column_index_from_string(match[1])) if match else (0, 0)


@rule("package", PROGRAMS)
def values_are_valid(book: Book) -> Iterator[Breach]:
    """Values are of their kind: finite numbers, known texts, known styles.
    值类型有效：有限数字、存在的文本与样式。
    """
    texts = len(book.xml("xl/sharedStrings.xml"))
    formats = next(book.elements("xl/styles.xml", "cellXfs"), ())
    for part, cells in book.raw.items():
        for cell in cells:
            if cell.style < 0 or cell.style >= max(len(formats), 1):
                yield part, f"{cell.address} has the style {cell.style} of {len(formats)}"
            if problem := _value_problem(cell, texts):
                yield part, f"{cell.address} holds {problem}"


def _value_problem(cell: RawCell, texts: int) -> str:
    value = cell.value
    if value is None:
        return ""
    shown = repr(value[:30])
    if cell.kind == "n":
        return "" if _finite(value) else f"the number {shown}"
    if cell.kind == "s":
        return "" if value.isdigit() and int(value) < texts else f"the shared text {shown} of {texts}"
    if cell.kind == "b":
        return "" if value in ("0", "1") else f"the truth value {shown}"
    if cell.kind == "e":
        return "" if value in ERRORS else f"the error {shown}"
    return "" if cell.kind in ("str", "d") else f"a value of the unknown kind {cell.kind[:20]}"


def _finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


@rule("package", PROGRAMS)
def texts_are_shared(book: Book) -> Iterator[Breach]:
    """Texts stand in the shared table: previews on phones show no others.
    文本存于共享字符串表：手机预览不显示其他写法。
    """
    for part, cells in book.raw.items():
        inline = [cell.address for cell in cells if cell.kind == "inlineStr"]
        if inline:
            yield part, f"{len(inline)} texts written in their cells, the first in {inline[0]}"


@rule("package", PROGRAMS)
def names_are_valid(book: Book) -> Iterator[Breach]:
    """Names are valid, each once, and point at sheets that exist.
    名称有效、不重复，且指向存在的工作表。
    """
    names = list(book.elements("xl/workbook.xml", "definedName"))
    for (name, _), count in Counter((n.get("name", "").lower(), n.get("localSheetId")) for n in names).items():
        if count > 1:
            yield "workbook", f"the name {name[:40]} stands {count} times"
    known = set(book.titles.values())
    for entry in names:
        name = entry.get("name", "")
        sheet = re.fullmatch(r"(?:'((?:[^']|'')*)'|([^'!(),:]*))!.*", entry.text or "")
        if not _valid_name(name):
            yield "workbook", f"the name {name[:40]!r}"
        if "#REF!" in (entry.text or "") or (sheet and (sheet[1] or sheet[2]).replace("''", "'") not in known):
            yield "workbook", f"the name {name[:40]} points at {(entry.text or '')[:40]}"


def _valid_name(name: str) -> bool:
    if name.startswith("_xlnm."):
        return True
    cell = re.fullmatch(r"([A-Za-z]{1,3})(\d+)", name)
    if cell and column_index_from_string(cell[1].upper()) <= LAST_COLUMN and 1 <= int(cell[2]) <= LAST_ROW:
        return False
    return bool(re.fullmatch(r"[^\W\d][\w.?\\]*|\\[\w.?\\]+", name)) and not re.fullmatch(
        r"(?i)r(\d+)?(c(\d+)?)?|c(\d+)?", name
    )


@rule("package", PROGRAMS)
def validations_are_valid(book: Book) -> Iterator[Breach]:
    """Validations name cells and stay within Excel's lengths.
    数据验证的区域与长度有效。
    """
    for part in book.raw:
        for entry in book.elements(part, "dataValidation"):
            for area in entry.get("sqref", "?").split():
                if not _is_area(area):
                    yield part, f"a validation of {area[:30]!r}"
            for key, longest in LONGEST_OF_VALIDATION.items():
                text = entry.get(key) or entry.findtext(f"{MAIN}{key}") or ""
                if len(text) > longest:
                    yield part, f"{key} of a validation has {len(text)} characters, above {longest}"


def _is_area(text: str) -> bool:
    try:
        return None not in range_boundaries(text)
    except (ValueError, TypeError):
        return False


@rule("package", PROGRAMS)
def within_limits(book: Book) -> Iterator[Breach]:
    """Texts, formulas, formats and names stay within Excel's lengths.
    文本、公式、格式与名称不超过 Excel 长度限制。
    """
    for kind, place, text in _lengthy(book):
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST[kind]:
            yield place, f"a {kind} of {len(text):,} characters, above {LONGEST[kind]:,}"


def _lengthy(book: Book) -> Iterator[tuple[str, str, str]]:
    for item in book.elements("xl/sharedStrings.xml", "si"):
        yield "text", "workbook", "".join(part.text or "" for part in item.iter(f"{MAIN}t"))
    for part, cells in book.raw.items():
        yield from (("formula", f"{part} {cell.address}", cell.formula) for cell in cells if cell.formula)
        for footer in book.elements(part, "headerFooter"):
            yield from (("header or footer", part, entry.text or "") for entry in footer)
    for entry in book.elements("xl/styles.xml", "numFmt"):
        yield "number format", "workbook", entry.get("formatCode", "")
    for entry in book.elements("xl/workbook.xml", "definedName"):
        yield "name", "workbook", entry.get("name", "")


@rule("package", PROGRAMS)
def properties_are_plain(book: Book) -> Iterator[Breach]:
    """The properties of the document are plain values, each once.
    文档属性为单值，且不重复。
    """
    name = "docProps/core.xml"
    entries = list(book.xml(name))
    for tag, count in Counter(entry.tag for entry in entries).items():
        if count > 1:
            yield name, f"{tag.rpartition('}')[2]} stands {count} times"
    for entry in entries:
        what = entry.tag.rpartition("}")[2]
        if len(entry):
            yield name, f"{what} holds other elements"
        elif what in ("created", "modified") and not DATE.fullmatch(entry.text or ""):
            yield name, f"{what} is {(entry.text or '')[:30]!r}"


@rule("package", PROGRAMS)
def chart_axes_exist(book: Book) -> Iterator[Breach]:
    """Charts have the axes that they name.
    图表引用的坐标轴都存在。
    """
    for name, root in charts(book):
        area = root.find(f"{CHART}chart/{CHART}plotArea")
        parts = [] if area is None else list(area)
        axes = {_id(axis, "axId") for axis in parts if axis.tag.endswith("Ax")}
        wanted = {_id(axis, "crossAx") for axis in parts if axis.tag.endswith("Ax")}
        wanted |= {e.get("val", "") for p in parts if p.tag.endswith("Chart") for e in p.findall(f"{CHART}axId")}
        for missing in sorted(wanted - axes):
            yield name, f"no axis {missing or 'without a number'}"


def _id(axis: ElementTree.Element, name: str) -> str:
    found = axis.find(f"{CHART}{name}")
    return "" if found is None else found.get("val", "")


@rule("package", PROGRAMS)
def tables_match(book: Book) -> Iterator[Breach]:
    """Tables have the headings that stand above them.
    表格的列名与表头一致。
    """
    for sheet in [] if book.opening_error else book.sheets:
        for table in sheet.tables.values():
            left, top, right, _ = range_boundaries(table.ref)
            heads = [sheet.cell(top, column).value for column in range(left, right + 1)]
            named = [column.name for column in table.tableColumns]
            if heads != named and table.headerRowCount != 0:
                yield sheet.title, f"the table {table.name} names {named} above {heads}"[:200]
