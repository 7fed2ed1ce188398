"""Rules of values and presentation: what is cached, how it looks, and what the document says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from threegates.rules.book import Book
from threegates.rules.rule import MODELLING, PROGRAMS, Breach, rule

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MOST_STYLES = 25
LEAST_CONTRAST = 4.5  # WCAG 2.1 AA for text


@rule("values", "Every formula has a cached value.", "每个公式都有缓存值。", PROGRAMS)
def cached_values(book: Book) -> Iterator[Breach]:
    for at in book.formulas:
        if book.value(at) is None:
            yield at, "no value for previews and phones"


@rule("values", "No cell shows an error.", "没有错误值。", MODELLING)
def no_errors(book: Book) -> Iterator[Breach]:
    for at in book.cells:
        value = book.value(at)
        if isinstance(value, str) and re.fullmatch(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|CIRC!|SPILL!)", value):
            yield at, value


@rule("values", "The workbook asks to be calculated when it is opened.", "打开时重新计算。", PROGRAMS)
def calculates_on_load(book: Book) -> Iterator[Breach]:
    if not book.formulas_book.calculation.fullCalcOnLoad:
        yield "workbook", "fullCalcOnLoad is not set"


def _charts(book: Book) -> Iterator[tuple[str, ElementTree.Element]]:
    for name in book.names:
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
            yield name, ElementTree.fromstring(book.part(name))  # noqa: S314  # expat bounds the growth of entities


@rule("values", "Charts carry the values of their cells.", "图表带有所引用单元格的值。", PROGRAMS)
def chart_caches(book: Book) -> Iterator[Breach]:
    for name, root in _charts(book):
        for kind, cache in (("numRef", "numCache"), ("strRef", "strCache")):
            for reference in root.iter(f"{CHART}{kind}"):
                if reference.find(f"{CHART}{cache}/{CHART}pt") is None:
                    yield name, f"no values for {reference.findtext(f'{CHART}f')}"


@rule("values", "Axes of charts are visible.", "图表坐标轴可见。", PROGRAMS)
def chart_axes(book: Book) -> Iterator[Breach]:
    for name, root in _charts(book):
        for kind in ("catAx", "valAx", "dateAx"):
            for axis in root.iter(f"{CHART}{kind}"):
                deleted = axis.find(f"{CHART}delete")
                if deleted is None or deleted.get("val", "1") not in ("0", "false"):
                    yield name, f"{kind} is not shown in Excel"


@rule("presentation", "Charts have alternative texts.", "图表有替代文字。", "WCAG 2.1, 1.1.1")
def alternative_texts(book: Book) -> Iterator[Breach]:
    for name in book.names:
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
            for shape in re.findall(rb"<[^>]*:?cNvPr [^>]*>", book.part(name)):
                if b'name="Chart' in shape and b"descr=" not in shape:
                    yield name, "a chart without alternative text"


@rule(
    "presentation",
    "A small set of named styles, and no cell without one.",
    "样式数量少而有名，单元格都套用样式。",
    MODELLING,
)
def named_styles(book: Book) -> Iterator[Breach]:
    used = {cell.style for cell in book.cells.values()}
    if len(used) > MOST_STYLES:
        yield "workbook", f"{len(used)} styles"
    for at, cell in book.cells.items():
        if cell.style == "Normal":
            yield at, "a cell without a named style"


@rule("presentation", "One number format a row of copies.", "同一行公式用同一数字格式。", MODELLING)
def one_format_a_row(book: Book) -> Iterator[Breach]:
    for at in book.formulas:
        left = at.beside(columns=-1)
        if left in book.formulas and book.copies[left] == book.copies[at]:
            formats = book.cells[at].number_format, book.cells[left].number_format
            if formats[0] != formats[1]:
                yield at, f"{formats[0]} beside {formats[1]}"


@rule("presentation", "Every cell names its font, outside any theme.", "单元格字体明确，不依赖主题。", PROGRAMS)
def explicit_fonts(book: Book) -> Iterator[Breach]:
    for at, cell in book.cells.items():
        if not cell.font.name or cell.font.scheme is not None:
            yield at, "a font of the theme"


@rule(
    "presentation",
    "Text stands out from its ground, at least 4.5 to 1.",
    "文字与底色对比度不低于 4.5:1。",
    "WCAG 2.1, 1.4.3",
)
def contrast(book: Book) -> Iterator[Breach]:
    known: dict[tuple[str, str], float] = {}
    for at, cell in book.cells.items():
        ink = _rgb(cell.font.color) or "000000"
        ground = (_rgb(cell.fill.start_color) if cell.fill.fill_type == "solid" else None) or "FFFFFF"
        if (ink, ground) not in known:
            known[ink, ground] = _ratio(ink, ground)
        if known[ink, ground] < LEAST_CONTRAST:
            yield at, f"{known[ink, ground]:.1f} to 1"


def _rgb(colour: object) -> str | None:
    value = getattr(colour, "rgb", None)
    return value[-6:] if isinstance(value, str) and re.fullmatch(r"[0-9A-Fa-f]{6,8}", value) else None


def _ratio(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(rgb: str) -> float:
    parts = [int(rgb[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@rule(
    "presentation",
    "The document names its title, author and language.",
    "文档写明标题、作者与语言。",
    "WCAG 2.1, 2.4.2",
)
def document_properties(book: Book) -> Iterator[Breach]:
    properties = book.formulas_book.properties
    for name in ("title", "creator", "language"):
        if not getattr(properties, name):
            yield "workbook", f"no {name}"
