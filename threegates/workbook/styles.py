"""One restrained design: a few named styles, number formats by kind, fonts by edition."""

from __future__ import annotations

import math
import unicodedata
from copy import copy
from functools import cache
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from threegates.text import Language, Text

# The order in which Excel itself writes the parts of a font; openpyxl's own is one that strict readers refuse.
Font.__elements__ = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
FONTS: dict[Language, str] = {"en": "Arial", "zh": "Microsoft YaHei"}

# Four significant figures at most for what spans decades; one format a row.
FORMATS = {
    "general": "General",
    "significant": "[<1]0.0000;[<100]0.00;#,##0",
    "any": "[<1]0.0000;[<1000000000]#,##0.00;0.000E+00",  # inputs of every size in one row
    "whole": "#,##0",
    "percent": "0.0%",
    "scientific": "0.000E+00",
    "multiple": "[<10]0.00;[<10000]#,##0;0.000E+00",
    "counted": "[<100]0.00;[<10000]#,##0;0.000E+00",
    "month": "yyyy-mm",
    "date": "yyyy-mm-dd",
    "whole_if_any": '#,##0;;"–"',
    "scientific_if_any": '0.000E+00;;"–"',
    "date_if_any": 'yyyy-mm-dd;;"–"',
    "text": "General",
}
# Formats with words in them. NEVER and the first of days stand for what has no date.
NEVER = 2958465  # 9999-12-31, the last day of spreadsheets
SPOKEN: dict[str, Text] = {
    "until": Text(
        f'[>={NEVER}]"beyond horizon";[<1]"open";yyyy-mm-dd', f'[>={NEVER}]"展望期之后";[<1]"已开";yyyy-mm-dd'
    ),
    "opening": Text(f'[>={NEVER}]"never";[<=1]"long open";yyyy-mm-dd', f'[>={NEVER}]"永不";[<=1]"早已打开";yyyy-mm-dd'),
    "as_of": Text('"as of "yyyy-mm-dd', '"截至 "yyyy-mm-dd'),
}

DATED = ("date", "date_if_any", *SPOKEN)

INK, BLUE, GREY, RED, GREEN = "1F1F1F", "0000FF", "595959", "9C0006", "375623"
INPUT_FILL, HEAD_FILL, RESULT_FILL, BAD_FILL, WARN_FILL = "FFF9E5", "1F3864", "FFFFFF", "FFC7CE", "FFEB9C"
COUNTS_FILL = "E2EFDA"
LINE = Side(style="hair", color="BFBFBF")

# name: (colour, bold, size, fill, horizontal, wraps, bordered)
STYLES: dict[str, tuple[str, bool, int, str, str, bool, bool]] = {
    "Normal text": (INK, False, 10, "", "left", False, False),
    "Title": (HEAD_FILL, True, 16, "", "left", False, False),
    "Status": (GREEN, True, 10, "", "left", False, False),
    "Heading": ("FFFFFF", True, 10, HEAD_FILL, "center", True, False),
    "Ids": (GREY, False, 8, "F2F2F2", "center", False, False),
    "Label": (INK, False, 10, "", "left", True, True),
    "Name": (GREY, False, 8, "", "left", False, True),
    "Unit": (GREY, False, 9, "", "left", False, True),
    "Input": (BLUE, False, 10, INPUT_FILL, "right", False, True),
    "Input text": (BLUE, False, 10, INPUT_FILL, "left", True, True),
    "Result": (INK, False, 10, RESULT_FILL, "right", False, True),
    "Result text": (INK, False, 10, RESULT_FILL, "right", True, True),
    "Key figure": (INK, True, 10, "E2EFDA", "right", False, True),
    "Large figure": (HEAD_FILL, True, 14, "E2EFDA", "right", False, True),
    "Large text": (HEAD_FILL, True, 11, "E2EFDA", "right", False, True),
    "Headline": (HEAD_FILL, True, 12, "", "left", False, False),
    "Check": (GREEN, False, 10, "F2F2F2", "right", False, True),
    "Record": (GREY, False, 10, "F2F2F2", "right", False, True),
    "Record text": (GREY, False, 10, "F2F2F2", "right", True, True),
    "Record words": (GREY, False, 8, "F2F2F2", "left", True, True),
    "Note": (INK, False, 9, "", "left", True, True),
    "Formula text": (GREY, False, 9, "", "left", True, True),
    "Link": ("0563C1", False, 10, "", "left", False, False),
}
POINTS_PER_LINE = 13.5
TALLEST_ROW_POINTS = 400  # Excel limit: 409


class Stylist:
    """Gives cells their style and number format. Each pair is built once; cells then share it."""

    def __init__(self, workbook: Workbook, language: Language) -> None:
        self.font = FONTS[language]
        self.formats = FORMATS | {name: text.of(language) for name, text in SPOKEN.items()}
        self.scratch: Worksheet = workbook.create_sheet("scratch")
        self.arrays: dict[tuple[str, str], Any] = {}
        normal = workbook._named_styles["Normal"]  # openpyxl has no public way to the default font
        normal.font = Font(name=self.font, size=10, color=INK)
        for name in STYLES:
            workbook.add_named_style(self._named(name))

    def _named(self, name: str) -> NamedStyle:
        colour, bold, size, fill, horizontal, wraps, bordered = STYLES[name]
        style = NamedStyle(name)
        style.font = Font(
            name=self.font, size=size, bold=bold, color=colour, underline="single" if name == "Link" else None
        )
        if fill:
            style.fill = PatternFill("solid", start_color=fill)
        vertical = "center" if name == "Heading" else "top"
        indent = 1 if name in ("Note", "Formula text") else 0
        style.alignment = Alignment(horizontal=horizontal, vertical=vertical, wrap_text=wraps, indent=indent)
        if bordered:
            style.border = Border(bottom=LINE)
        return style

    def apply(self, cell: Cell, style: str, number_format: str = "general") -> None:
        key = (style, number_format)
        if key not in self.arrays:
            sample = self.scratch.cell(1, 1)
            sample.style = style
            sample.number_format = self.formats[number_format]
            self.arrays[key] = copy(sample._style)
        cell._style = self.arrays[key]


@cache
def width(text: str) -> float:
    """Widths of a digit that ``text`` takes: East Asian characters count as two, capitals as more than small letters."""
    return sum(
        2.0 if unicodedata.east_asian_width(letter) in "WF" else 1.25 if letter.isupper() else 0.92 for letter in text
    )


def lines(text: str, columns: float) -> int:
    """Lines that ``text`` takes when wrapped into ``columns``: between words, or within one that is too long."""
    return sum(_wrapped(part, columns) for part in text.split("\n"))


def _wrapped(text: str, columns: float) -> int:
    count, used = 1, 0.0
    for word in text.split(" "):
        wide = width(word)
        if used and used + 0.92 + wide > columns:
            count, used = count + 1, 0.0
        if wide > columns:  # Chinese, or an address: broken anywhere
            more = math.ceil((used + wide) / columns) - 1
            count, used = count + more, used + wide - more * columns
        else:
            used += wide + (0.92 if used else 0)
    return count
