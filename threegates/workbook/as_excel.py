"""Parts of the package as Excel itself writes them: many programs know its spelling, and few know the schema.

What is valid and unlike Excel's spelling breaks readers: ExcelJS, and the previews built on it, look for ``xdr:``;
others take a colour without alpha for transparent, or an axis without a side for one at the left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
ANCHORS = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
for _prefix, _space in (("", MAIN), ("a", DRAWING), ("c", CHART), ("r", RELATION), ("xdr", ANCHORS)):
    ElementTree.register_namespace(_prefix, _space[1:-1])

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FIRST_PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
TRANSPARENT = re.compile(rb'(<(?:tabColor|color) rgb=")00(?=[0-9A-F]{6}")')  # as openpyxl writes six digits
SIDES = ("left", "right", "top", "bottom", "diagonal")
SWISS = "2"  # the family of fonts without serifs, as Arial and Microsoft YaHei are
BACKGROUND = "64"  # the colour of windows: what Excel writes behind a solid fill
APPLIED = {
    "numFmtId": "applyNumberFormat", "fontId": "applyFont", "fillId": "applyFill", "borderId": "applyBorder",
}  # fmt: skip


def in_order(names: Sequence[str]) -> list[str]:
    """The parts with those first by which programs tell what kind of file it is."""
    return sorted(names, key=lambda name: FIRST_PARTS.index(name) if name in FIRST_PARTS else len(FIRST_PARTS))


def written(root: Element) -> bytes:
    """The part with every prefix declared at its root."""
    return tidied(ElementTree.tostring(root, encoding="UTF-8"))


def tidied(content: bytes) -> bytes:
    """The part without blanks before the ends of tags: our writers escape a > in texts, so that each one ends a tag."""
    head, mark, body = content.partition(b"?>")
    body = body.lstrip() if mark and head.startswith(b"<?xml") else content
    return HEAD + body.replace(b" />", b"/>").replace(b"<v >", b"<v>")


def worksheet(content: bytes) -> bytes:
    """The sheet with opaque colours, and the prefix of its links declared at its root, not at each that has one."""
    declared = b' xmlns:r="%b"' % RELATION[1:-1].encode()
    rooted = content.replace(declared, b"").replace(b"<worksheet", b"<worksheet" + declared, 1)
    return tidied(TRANSPARENT.sub(rb"\1FF", rooted))


def complete_drawing(root: Element, descriptions: Sequence[str]) -> None:
    """``descriptions`` are the alternative texts of the charts of the drawing, in their order."""
    for number, frame in enumerate(root.iter(f"{ANCHORS}graphicFrame")):
        frame.set("macro", "")
        said = frame.find(f"{ANCHORS}nvGraphicFramePr/{ANCHORS}cNvPr")
        if said is not None and number < len(descriptions):
            said.set("descr", descriptions[number])
        place = frame.find(f"{ANCHORS}xfrm")
        if place is not None and not len(place):  # the anchor says where it is
            SubElement(place, f"{DRAWING}off", x="0", y="0")
            SubElement(place, f"{DRAWING}ext", cx="0", cy="0")


def complete_chart(root: Element) -> None:
    """Adds what openpyxl has no place for: that the formats of labels are their own, not those of the cells."""
    for code in root.iter(f"{CHART}numFmt"):
        if code.get("sourceLinked") is None:
            code.set("sourceLinked", "0")


def complete_styles(root: Element) -> None:
    """Gives borders all their sides, fonts their family, and colours the digits that say they are not transparent."""
    for palette in root.findall(f"{MAIN}colors"):  # Excel's own, which it does not write
        root.remove(palette)
    for tag, complete in COMPLETIONS.items():
        for element in root.iter(f"{MAIN}{tag}"):
            complete(element)
    for pattern in root.iterfind(f"{MAIN}fills/{MAIN}fill/{MAIN}patternFill"):
        _fill(pattern)
    for font in root.iterfind(f"{MAIN}fonts/{MAIN}font"):
        _font(font)
    for style in root.iterfind(f"{MAIN}cellXfs/{MAIN}xf"):
        _used(style)


def _opaque(colour: Element) -> None:
    code = colour.get("rgb", "")
    if len(code) == 8 and code.startswith("00"):
        colour.set("rgb", f"FF{code[2:]}")


def _plain(mark: Element) -> None:
    """A font is bold by ``<b/>`` alone, and underlined once by ``<u/>``."""
    if mark.get("val") in ("1", "single"):
        del mark.attrib["val"]


def _border(border: Element) -> None:
    sides = [border.find(f"{MAIN}{side}") for side in SIDES]
    border[:] = [Element(f"{MAIN}{name}") if side is None else side for name, side in zip(SIDES, sides, strict=True)]


def _fill(pattern: Element) -> None:
    kind = pattern.get("patternType")
    pattern.set("patternType", kind or "none")
    if kind == "solid" and pattern.find(f"{MAIN}bgColor") is None:
        SubElement(pattern, f"{MAIN}bgColor", indexed=BACKGROUND)


def _font(font: Element) -> None:
    name = font.find(f"{MAIN}name")
    if name is not None and font.find(f"{MAIN}family") is None:
        font.insert(list(font).index(name) + 1, Element(f"{MAIN}family", val=SWISS))


def _used(style: Element) -> None:
    """A cell's format says which parts of it count, and leaves out what is not so."""
    for key, said in APPLIED.items():
        if style.get(key, "0") != "0":
            style.set(said, "1")
    for key in ("pivotButton", "quotePrefix"):
        if style.get(key) == "0":
            del style.attrib[key]


COMPLETIONS: dict[str, Callable[[Element], None]] = {
    "color": _opaque, "fgColor": _opaque, "bgColor": _opaque, "b": _plain, "i": _plain, "u": _plain, "border": _border,
}  # fmt: skip
