"""The one design of the pictures: sizes, colours, marks and fonts; and text that the fonts can show, in lines that fit."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from PIL import Image

from threegates.report.numbers import counted
from threegates.text import Language
from threegates.workbook.styles import FONTS, GREY, HEAD_FILL, INK, width

WIDE_INCHES, DOTS_PER_INCH, TITLE_LINE_INCHES = (
    6.0,
    200,
    0.2,
)  # read on a phone, too: so narrow that the type stays large
TITLE_WIDTH, AXIS_WIDTH, NOTE_WIDTH, LABEL_WIDTH, TEXT_WIDTH = (
    66.0,
    60.0,
    95.0,
    27.0,
    32.0,
)  # in widths of a digit, at the size of each
MOST_LINES, LINE_SPACING, COLOURS = 3, 1.25, 64
BASE, LIGHT, WARM = f"#{HEAD_FILL}", "#56B4E9", "#D55E00"  # navy and two of Okabe and Ito: unlike in grey, too
MARKS = (("o", BASE, BASE), ("D", WARM, WARM), ("s", "white", BASE), ("^", LIGHT, BASE))  # shape, fill, edge

# Chinese fonts of Windows, macOS and Linux; the last serve where no simplified face is known by name.
CHINESE_FONTS = (
    *(FONTS["zh"], "PingFang SC", "Hiragino Sans GB", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"),
    *("Source Han Sans CN", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Heiti SC", "STHeiti"),
    *("Droid Sans Fallback", "Noto Sans CJK JP", "Arial Unicode MS"),
)
LATIN_FONTS = (FONTS["en"], "Liberation Sans", "DejaVu Sans")  # matplotlib brings the last
# What stays together on a line: a number and its word; a word or one Chinese character, with its brackets and marks.
PARTS = re.compile(
    r"[\d.,]+ (?:万亿|万|亿|[mbtr]{1,2}illion|GW)[张，。、；：）]*"
    r"|[（“《]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。、；：）”》！？]*|\s+"
)

STYLE: dict[str, Any] = {
    "text.parse_math": False,  # a dollar is a dollar
    "axes.unicode_minus": False,
    "font.size": 9,
    "text.color": f"#{INK}",
    "axes.labelcolor": f"#{GREY}",
    "axes.labelsize": 8.5,
    "axes.edgecolor": "#BFBFBF",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.7,
    "xtick.color": f"#{GREY}",
    "ytick.color": f"#{GREY}",
    "xtick.labelsize": 8.5,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.markersize": 6.5,
    "hatch.linewidth": 0.6,
    "hatch.color": BASE,
}


def installed(wanted: Iterable[str]) -> tuple[str, ...]:
    """Those of the wanted fonts that this machine has, in their order."""
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return tuple(name for name in wanted if name in known)


@dataclass(frozen=True)
class Design:
    """Fonts and counting words of one language; ``families`` must be installed."""

    language: Language
    families: tuple[str, ...]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The settings of matplotlib for the time of a drawing, whatever the user's own may be."""
        settings: Any = {**STYLE, "font.family": list(self.families)}
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(settings)
            yield

    def clean(self, text: str) -> str:
        """The text on one line for each of its own, with a dot for every character that no font can show."""
        shown = _characters(self.families)
        lines = (" ".join(line.split()) for line in text.split("\n"))
        return "\n".join("".join(c if ord(c) in shown else "·" for c in line) for line in lines)

    def fit(self, text: str, wide: float, most: int = MOST_LINES) -> str:
        """The text in at most so many lines of that width, counted in digits; … stands for what is cut off."""
        lines = [line for part in self.clean(text).split("\n") for line in _wrapped(part, wide)]
        if len(lines) > most:
            lines = [*lines[: most - 1], f"{lines[most - 1].rstrip()}…"]
        return "\n".join(lines)

    def tick(self, value: float, _position: int | None = None) -> str:
        return counted(value, self.language)


@cache
def _characters(families: tuple[str, ...]) -> frozenset[int]:
    fonts = [font_manager.get_font(font_manager.findfont(name)) for name in families]
    return frozenset({32, *(code for font in fonts for code in font.get_charmap())})


def _wrapped(text: str, wide: float) -> list[str]:
    """Lines broken between words or Chinese characters, a longer word where it must be; about as long as each other."""
    lines = _filled(text, wide)
    while len(lines) > 1 and len(shorter := _filled(text, wide - 1)) == len(lines):
        lines, wide = shorter, wide - 1
    return lines


def _filled(text: str, wide: float) -> list[str]:
    lines = [""]
    for part in PARTS.findall(text):
        for piece in [part] if width(part) <= wide else list(part):
            if lines[-1] and width(lines[-1] + piece.rstrip()) > wide:
                lines[-1] = lines[-1].rstrip()
                lines.append(piece.lstrip())
            else:
                lines[-1] += piece
    return [line.rstrip() for line in lines]


def canvas(design: Design, title: str, tall: float) -> tuple[Figure, Axes]:
    """A figure under its title, with one plot; ``tall`` is the height of the plot in inches."""
    heading = design.fit(title, TITLE_WIDTH)
    size = (WIDE_INCHES, tall + TITLE_LINE_INCHES * heading.count("\n") + 1.1)
    figure = Figure(size, DOTS_PER_INCH, layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08))
    figure.suptitle(heading, x=0.015, ha="left", fontsize=11, fontweight="bold", color=BASE, linespacing=LINE_SPACING)
    return figure, figure.add_subplot()


def logarithmic(design: Design, axis: Any, values: Iterable[float]) -> None:
    """A log axis with words for its numbers: at the decades, and between them where there are few."""
    known = [value for value in values if value > 0]
    spans = max(known) / min(known)
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if spans < 30 else (1.0,), numticks=7))
    axis.set_major_formatter(FuncFormatter(design.tick))
    axis.set_minor_formatter(NullFormatter())


def linear(design: Design, axis: Any) -> None:
    """An even axis of few numbers, in the words of the language."""
    axis.set_major_locator(MaxNLocator(4))
    axis.set_major_formatter(FuncFormatter(design.tick))


def png(figure: Figure) -> bytes:
    """The figure as PNG, without a date or the name of a program, in few colours: a third of the bytes."""
    drawn, stream = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="rgba", dpi=DOTS_PER_INCH)
    size = figure.canvas.get_width_height(physical=True)
    whole = Image.frombytes("RGBA", size, drawn.getvalue()).convert("RGB")
    few = whole.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(stream, "PNG", optimize=True, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return stream.getvalue()
