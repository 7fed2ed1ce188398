"""Rules of presentation: fonts, colours, number formats, charts, and what readers who do not see colours need."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import range_boundaries

from threegates.lint.book import CHART, REFERENCE, Book, charts, style_of
from threegates.lint.rule import MODELLING, PROGRAMS, Breach, rule

MOST_STYLES = 25
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
LEAST_CONTRAST = 4.5  # WCAG 2.1 AA for text
MOST_DIGITS = 4  # significant figures of the opening sheet
GROUPED_FROM = 10_000
COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}


@rule("presentation", PROGRAMS)
def chart_axes(book: Book) -> Iterator[Breach]:
    """Axes of charts are visible.
    图表坐标轴可见。
    """
    for name, root in charts(book):
        for kind in ("catAx", "valAx", "dateAx"):
            for axis in root.iter(f"{CHART}{kind}"):
                deleted = axis.find(f"{CHART}delete")
                if deleted is None or deleted.get("val", "1") not in ("0", "false"):
                    yield name, f"{kind} is not shown in Excel"


@rule("presentation", "WCAG 2.1, 1.1.1")
def alternative_texts(book: Book) -> Iterator[Breach]:
    """Charts have alternative texts.
    图表有替代文字。
    """
    for name in book.names:
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
            for shape in book.xml(name).iter(f"{DRAWING}cNvPr"):
                if not shape.get("descr", "").strip():
                    yield name, f"{shape.get('name', 'a picture')[:30]} without alternative text"


@rule("presentation", MODELLING)
def named_styles(book: Book) -> Iterator[Breach]:
    """A small set of named styles, and no cell without one.
    样式数量少而有名，单元格都套用样式。
    """
    used = {style_of(cell) for cell in book.cells.values()}
    if len(used) > MOST_STYLES:
        yield "workbook", f"{len(used)} styles"
    for at, cell in book.cells.items():
        if style_of(cell) == "Normal":
            yield at, "a cell without a named style"


@rule("presentation", MODELLING)
def one_format_a_row(book: Book) -> Iterator[Breach]:
    """One number format a row of copies.
    同一行公式用同一数字格式。
    """
    for at in book.formulas:
        left = at.beside(columns=-1)
        if left in book.formulas and book.copies[left] == book.copies[at]:
            formats = book.cells[at].number_format, book.cells[left].number_format
            if formats[0] != formats[1]:
                yield at, f"{formats[0]} beside {formats[1]}"


@rule("presentation", PROGRAMS)
def explicit_fonts(book: Book) -> Iterator[Breach]:
    """Every cell names its font, outside any theme.
    单元格字体明确，不依赖主题。
    """
    for at, cell in book.cells.items():
        if not cell.font.name or cell.font.scheme is not None:
            yield at, "a font of the theme"


@rule("presentation", "WCAG 2.1, 1.4.3")
def contrast(book: Book) -> Iterator[Breach]:
    """Text stands out from its ground, at least 4.5 to 1.
    文字与底色对比度不低于 4.5:1。
    """
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


@rule("presentation", "WCAG 2.1, 2.4.2")
def document_properties(book: Book) -> Iterator[Breach]:
    """The document names its title, author and language.
    文档写明标题、作者与语言。
    """
    properties = book.formulas_book.properties
    for name in ("title", "creator", "language"):
        if not getattr(properties, name):
            yield "workbook", f"no {name}"


@cache
def _sections(code: str) -> tuple[str, ...]:
    """The parts of a number format; a semicolon between quotes does not divide."""
    return tuple(re.findall(r"""((?:"[^"]*"|\\.|[^;])*)(?:;|$)""", code)[: code.count(";") + 1])


def _placeholders(section: str) -> str:
    """A section without conditions, colours and words: what it shows of the value."""
    return re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", section)


@cache
def _is_date(section: str) -> bool:
    return bool(is_date_format(_placeholders(section)))


@cache
def _speaks(section: str) -> bool:
    """Whether words stand there in the place of the value."""
    return bool(re.search(r'"[^"]*\w[^"]*"', section)) and not re.search(r"[0#?@]|General", _placeholders(section))


def _section(code: str, value: float) -> str:
    """The part of a number format that is used for ``value``, without its condition."""
    parts = _sections(code)
    conditions = [re.search(r"\[([<>]=?|=)(-?[\d.]+)\]", part) for part in parts]
    if any(conditions):
        tried = zip(parts, conditions, strict=True)
        chosen = next((part for part, c in tried if c is None or COMPARED[c[1]](value, float(c[2]))), "")
    else:
        chosen = parts[min(1 if value < 0 else 2 if value == 0 else 0, len(parts) - 1)]
    return re.sub(r"\[[^\]]*\]", "", chosen)


def _numbers(book: Book) -> Iterator[tuple[Any, float, str]]:
    """Each number with its cell and the section of its format that applies; dates, and words for a date, are left out."""
    for at, cell in book.cells.items():
        value = book.value(at)
        if isinstance(value, int | float) and not isinstance(value, bool):
            section = _section(cell.number_format, value)
            dated = any(_is_date(part) for part in _sections(cell.number_format))
            if not (dated and (_is_date(section) or _speaks(section))):
                yield at, float(value), section


@rule("presentation", MODELLING)
def separators(book: Book) -> Iterator[Breach]:
    """Large numbers have separators for thousands.
    大数有千位分隔符。
    """
    for at, value, section in _numbers(book):
        shown = _placeholders(section).upper().replace("GENERAL", "")
        if abs(value) >= GROUPED_FROM and "," not in shown and "E" not in shown:
            yield at, f"{value:g} in the format {section[:30]}"


@rule("presentation", MODELLING)
def significant_figures(book: Book) -> Iterator[Breach]:
    """The opening sheet shows at most four significant figures.
    首页数字不超过四位有效数字。
    """
    for at, value, section in _numbers(book):
        if at.sheet == book.sheets[0].title and _digits(value, section) > MOST_DIGITS:
            yield at, f"{_digits(value, section)} significant figures"


def _digits(value: float, section: str) -> int:
    """The significant figures that a format shows of a value; zeros at the end do not count."""
    decimals = len(re.sub(r"[^0#?]", "", section.upper().partition("E")[0].partition(".")[2]))
    scaled = abs(value) * (100 if "%" in section else 1)
    if "E" in section.upper().replace("GENERAL", "") and value:
        scaled = scaled / 10 ** math.floor(math.log10(scaled))
    shown = f"{scaled:.10g}" if "General" in section else f"{scaled:.{decimals}f}"
    return len(re.sub(r"e.*|\D", "", shown).strip("0"))


@rule("presentation", MODELLING)
def units_stand_apart(book: Book) -> Iterator[Breach]:
    """Units stand in cells of their own, not in number formats.
    单位单独成列，不写在数字格式里。

    A date has no unit: words beside it, or in the place of a date that there is not, are none.
    """
    for at, cell in book.cells.items():
        sections = _sections(cell.number_format)
        dated = any(_is_date(part) for part in sections)
        for part in sections:
            texts = re.findall(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)', part)
            named = any(letter.isalpha() or letter in "$€£¥" for text in texts for letter in "".join(text))
            if named and not (dated and (_is_date(part) or _speaks(part))):
                yield at, f"the format {cell.number_format[:30]}"
                break


@rule("presentation", "WCAG 2.1, 1.4.1")
def colour_is_not_alone(book: Book) -> Iterator[Breach]:
    """Colour is never the only signal: it follows what a cell of the row says.
    颜色不是唯一信号：取决于同行单元格的内容。
    """
    for sheet in book.sheets:
        for area in sheet.conditional_formatting:
            _, top, _, _ = range_boundaries(str(area.sqref).split()[0])
            for entry in area.rules:
                rows = {int(m[4]) for formula in entry.formula for m in REFERENCE.finditer(str(formula)) if not m[3]}
                if entry.type == "colorScale" or (entry.type == "expression" and top not in rows):
                    yield sheet.title, f"the colours of {area.sqref}"
