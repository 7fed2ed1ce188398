"""Rules of spelling: what the schema allows, and programs that know Excel's own files alone do not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from threegates.lint.book import CHART, MAIN, OFFICE, Book, charts
from threegates.lint.rule import PROGRAMS, Breach, rule

ANCHORS = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
FIRST = "[Content_Types].xml"
PREFIXES = {ANCHORS: "xdr", DRAWING: "a", CHART: "c", OFFICE: "r", MAIN: ""}
SPELLED = ("xl/drawings/", "xl/charts/", "xl/worksheets/", "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml")
ROOT = re.compile(rb"<(?![?!])[^>]*>")
DECLARED = re.compile(rb"""\sxmlns(?::([\w.-]+))?=["']([^"']*)["']""")
BLANK = re.compile(rb"<[^<>]*\s/?>")
SIDES = ("left", "right", "top", "bottom", "diagonal")


def _parts(book: Book) -> Iterator[str]:
    return (name for name in book.names if name.startswith(SPELLED) and name.endswith(".xml"))


@rule("package", PROGRAMS)
def usual_prefixes(book: Book) -> Iterator[Breach]:
    """Elements have the prefixes that Excel gives them, declared at the root of each part.
    元素使用 Excel 惯用的前缀，并在各部件的根元素上声明。
    """
    for name in _parts(book):
        part = book.part(name)
        root = ROOT.search(part)
        head = root[0] if root else b""
        for prefix, space in DECLARED.findall(head):
            usual = PREFIXES.get(f"{{{space.decode(errors='replace')}}}")
            if usual is not None and usual != prefix.decode():
                yield name, f"the prefix {prefix.decode() or 'none'!r} where Excel writes {usual or 'none'!r}"
        if len(DECLARED.findall(part)) > len(DECLARED.findall(head)):
            yield name, "prefixes declared below the root"


@rule("package", PROGRAMS)
def no_stray_blanks(book: Book) -> Iterator[Breach]:
    """Tags end without a blank.
    标签结尾没有多余空格。
    """
    for name in _parts(book):
        if stray := BLANK.search(book.part(name)):
            yield name, f"a blank before the end of {stray[0][:40].decode(errors='replace')}"


@rule("package", PROGRAMS)
def types_come_first(book: Book) -> Iterator[Breach]:
    """The package begins with its content types, by which programs tell what it is.
    文件包以内容类型开头：程序据此识别文件。
    """
    if book.names and book.names[0] != FIRST:
        yield FIRST, f"stands behind {book.names[0][:40]}"


@rule("package", PROGRAMS)
def axes_have_their_sides(book: Book) -> Iterator[Breach]:
    """Axes stand where their charts have them: across at the bottom, up at the left, the reverse for lying bars.
    坐标轴位置正确：横轴在下、纵轴在左；横向条形图相反。
    """
    for name, root in charts(book):
        lying = any(bars.get("val") == "bar" for bars in root.iter(f"{CHART}barDir"))
        area = root.find(f"{CHART}chart/{CHART}plotArea")
        axes = [axis for axis in ([] if area is None else area) if axis.tag.endswith("Ax")]
        for position, axis in enumerate(axes):
            first = not axis.tag.endswith("valAx") or (position == 0 and len(axes) > 1)
            sides = ("l", "r") if first is lying else ("b", "t")
            if (side := _value(axis, "axPos")) not in sides:
                yield name, f"an axis at {side or 'no side'!r}, which belongs at {sides[0]!r}"


def _value(parent: Element, tag: str) -> str:
    found = parent.find(f"{CHART}{tag}")
    return "" if found is None else found.get("val", "")


@rule("package", PROGRAMS)
def categories_are_of_their_kind(book: Book) -> Iterator[Breach]:
    """Charts refer to texts as texts and to numbers as numbers.
    图表按文本引用文本，按数字引用数字。
    """
    for name, root in charts(book):
        for place in (*root.iter(f"{CHART}cat"), *root.iter(f"{CHART}xVal")):
            for reference in place:
                kind = reference.tag.removeprefix(CHART)
                formula = reference.findtext(f"{CHART}f") or ""
                values = [] if book.opening_error else [v for v in book.values_in(formula) if v is not None]
                texts = sum(isinstance(value, str) for value in values)
                if (kind == "numRef" and values and texts == len(values)) or (
                    kind == "strRef" and values and not texts
                ):
                    yield name, f"{formula} as {kind}, which holds {'texts' if texts else 'numbers'}"


@rule("package", PROGRAMS)
def formats_say_whose_they_are(book: Book) -> Iterator[Breach]:
    """Number formats in charts say whether they follow the cells.
    图表中的数字格式注明是否链接到单元格。
    """
    for name, root in charts(book):
        for code in root.iter(f"{CHART}numFmt"):
            if code.get("sourceLinked") is None:
                yield name, f"the format {code.get('formatCode', '')[:30]!r} without sourceLinked"


@rule("package", PROGRAMS)
def outlines_are_announced(book: Book) -> Iterator[Breach]:
    """A sheet with grouped rows or columns says how deep the groups go.
    有分组行列的工作表注明分组层数。
    """
    for part in book.raw:
        said = next(book.elements(part, "sheetFormatPr"), Element("none"))
        for tag, key in (("col", "outlineLevelCol"), ("row", "outlineLevelRow")):
            deepest = max((e.get("outlineLevel", "0") for e in book.elements(part, tag)), default="0")
            if said.get(key, "0") != deepest:
                yield part, f"{key} is {said.get(key, '0')}, and groups go {deepest} deep"


@rule("package", PROGRAMS)
def styles_are_complete(book: Book) -> Iterator[Breach]:
    """Styles have all their parts: sides of borders, families of fonts, grounds of fills, colours that are not transparent.
    样式完整：边框各边、字体族、填充底色，颜色不透明。
    """
    name = "xl/styles.xml"
    wanted = {"borders/border": SIDES, "fonts/font": ("sz", "name", "family"), "fills/fill": ("patternFill",)}
    for path, tags in wanted.items():
        for number, element in enumerate(book.xml(name).findall("/".join(f"{MAIN}{step}" for step in path.split("/")))):
            if missing := [tag for tag in tags if element.find(f"{MAIN}{tag}") is None]:
                yield name, f"{path.partition('/')[2]} {number} without {', '.join(missing)}"
    for number, fill in enumerate(book.xml(name).findall(f"{MAIN}fills/{MAIN}fill/{MAIN}patternFill")):
        if fill.get("patternType") is None or (
            fill.get("patternType") == "solid" and fill.find(f"{MAIN}bgColor") is None
        ):
            yield name, f"fill {number} without its kind or its ground"
    for part in (name, *book.raw):
        for element in book.xml(part).iter():
            if element.tag in COLOURS and element.get("rgb", "").startswith("00") and len(element.get("rgb", "")) == 8:
                yield part, f"the transparent colour {element.get('rgb')}"


COLOURS = {f"{MAIN}{tag}" for tag in ("color", "fgColor", "bgColor", "tabColor")}
