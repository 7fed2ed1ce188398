"""A reader of the workbook: types into named cells, moves things about, and saves with other programs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import load_workbook
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import get_column_letter

from threegates.workbook.layout import Layout

Parts = dict[str, bytes]


def parts_of(package: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        return {name: source.read(name) for name in source.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return stream.getvalue()


def typed(package: bytes, layout: Layout, values: Mapping[str, Any]) -> bytes:
    """The workbook after a reader typed into named cells: a number, a text, None to clear, or '=…' for a formula."""
    parts = parts_of(package)
    homes = {layout.name(*address): spot for address, spot in layout.homes.items()}
    order = [sheet.id for sheet in layout.model.sheets]
    for name, value in values.items():
        spot = homes[name]
        part = f"xl/worksheets/sheet{order.index(spot.sheet) + 1}.xml"
        cell = layout.text(spot, spot.sheet, free="both").encode()
        inner, kind = _content(value)
        pattern = rb'<c r="%b"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)' % cell
        parts[part], count = re.subn(
            pattern, lambda m, k=kind, i=inner, c=cell: b'<c r="%b"%b%b>%b</c>' % (c, m[1], k, i), parts[part], count=1
        )
        assert count == 1, name
    return packed(parts)


def _content(value: Any) -> tuple[bytes, bytes]:
    if value is None:
        return b"", b""
    if isinstance(value, bool):
        return b"<v>%d</v>" % value, b' t="b"'
    if isinstance(value, str) and value.startswith("="):
        return f"<f>{escape(value[1:])}</f><v>1</v>".encode(), b""
    if isinstance(value, str):
        return f"<is><t>{escape(value)}</t></is>".encode(), b' t="inlineStr"'
    return f"<v>{float(value)!r}</v>".encode(), b""


def replaced_in(package: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """The workbook with patterns of one part replaced wherever they stand."""
    parts = parts_of(package)
    for old, new in changes:
        parts[part], count = re.subn(old.encode(), new.encode(), parts[part])
        assert count, old
    return packed(parts)


def without_names(package: bytes, *names: str) -> bytes:
    """The workbook in which some cells have lost their names."""
    return replaced_in(
        package, "xl/workbook.xml", *((rf'<definedName name="{name}">[^<]*</definedName>', "") for name in names)
    )


def with_rows_inserted(package: bytes, sheet: str, row: int, count: int) -> bytes:
    """Rows inserted above a row of a sheet, as far as pull looks: cells and the names that point at them move down."""
    book = load_workbook(io.BytesIO(package))
    book[sheet].insert_rows(row, count)
    for name in book.defined_names.values():
        title, _, cell = name.attr_text.rpartition("!")
        column, line = cell.replace("$", " ").split()
        if title.strip("'") == sheet and int(line) >= row:
            name.attr_text = f"{title}!${column}${int(line) + count}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_lines_sorted(
    package: bytes, sheet: str, lines: Sequence[int], order: Iterable[int], across: Sequence[int], rows: bool = True
) -> bytes:
    """Rows (or columns) of a range in another order, as a sort leaves them: cells move, names and other sheets stay.

    References of a formula that moves are those of a copied one, or lost where there is no such cell.
    """
    book = load_workbook(io.BytesIO(package))
    worksheet = book[sheet]
    places = {line: [(line, other) if rows else (other, line) for other in across] for line in lines}
    found = {line: [worksheet.cell(*place).value for place in cells] for line, cells in places.items()}
    for line, source in zip(lines, order, strict=True):
        for place, origin, value in zip(places[line], places[source], found[source], strict=True):
            worksheet.cell(*place).value = _moved(value, origin, place)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _moved(value: Any, origin: tuple[int, int], place: tuple[int, int]) -> Any:
    there, here = (f"{get_column_letter(column)}{row}" for row, column in (origin, place))
    if not (isinstance(value, str) and value.startswith("=")):
        return value
    try:
        return Translator(value, there).translate_formula(here)
    except TranslatorError:
        return "=#REF!"
