"""The one design of the pictures: colours, marks, fonts; and text, measured as it is drawn, that fits its place."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import Image

from threegates.report.numbers import counted
from threegates.text import Language
from threegates.workbook.styles import FONTS, GREY, HEAD_FILL, INK

WIDE_INCHES, DOTS_PER_INCH = 6.0, 200  # read on a phone, too: so narrow that the type stays large
TITLE_POINTS, TEXT_POINTS, NOTE_POINTS = 11.0, 8.5, 8.0
MOST_LINES, LINE_SPACING, COLOURS = 3, 1.25, 64
BASE, LIGHT, WARM = f"#{HEAD_FILL}", "#56B4E9", "#D55E00"  # navy and two of Okabe and Ito: unlike in grey, too
MARKS = (  # shape, fill, edge
    *(("o", BASE, BASE), ("D", WARM, WARM), ("s", "white", BASE), ("^", LIGHT, BASE)),
    *(("v", "white", WARM), ("P", BASE, BASE), ("X", LIGHT, BASE), ("*", WARM, BASE)),
)

# Chinese fonts of Windows, macOS and Linux; the last serve where no simplified face is known by name.
CHINESE_FONTS = (
    *(FONTS["zh"], "PingFang SC", "Hiragino Sans GB", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"),
    *("Source Han Sans CN", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Heiti SC", "STHeiti"),
    *("Droid Sans Fallback", "Noto Sans CJK JP", "Arial Unicode MS"),
)
LATIN_FONTS = (FONTS["en"], "Liberation Sans", "DejaVu Sans")  # matplotlib brings the last
# What stays together on a line: a number and its word; a word or one Chinese character, with its brackets and marks.
PARTS = re.compile(
    r"[\d.,]+ (?:万亿|万|亿|[mbtr]{1,2}illion|GW|MW|months?|cards|times|个月|张|倍|次)[张，。、；：）]*"
    r"|[（“《]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。、；：）”》！？]*|\s+"
)

STYLE: dict[str, Any] = {
    "text.parse_math": False,  # a dollar is a dollar
    "axes.unicode_minus": False,
    "font.size": 9,
    "text.color": f"#{INK}",
    "axes.labelcolor": f"#{GREY}",
    "axes.labelsize": TEXT_POINTS,
    "axes.edgecolor": "#BFBFBF",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.7,
    "xtick.color": f"#{GREY}",
    "ytick.color": f"#{GREY}",
    "xtick.labelsize": TEXT_POINTS,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.frameon": False,
    "legend.fontsize": TEXT_POINTS,
    "lines.markersize": 6.5,
    "hatch.linewidth": 0.6,
    "hatch.color": BASE,
}


def text(points: float, **more: Any) -> dict[str, Any]:
    """The settings of a text of that size."""
    return {"fontsize": points, "linespacing": LINE_SPACING, **more}


def installed(wanted: Iterable[str]) -> tuple[str, ...]:
    """Those of the wanted fonts that this machine has, in their order; where it seems to have none, it is asked again."""
    wanted = tuple(wanted)
    if not _listed(wanted):
        _list_new_fonts()
    return _listed(wanted)


def _listed(wanted: Iterable[str]) -> tuple[str, ...]:
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return tuple(name for name in wanted if name in known)


def _list_new_fonts() -> None:
    """matplotlib keeps its list of fonts in a file, which may be older than a font."""
    listed = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in sorted({*font_manager.findSystemFonts()} - listed):
        with suppress(Exception):  # a font that cannot be read is none; matplotlib raises whatever it meets
            font_manager.fontManager.addfont(path)


@dataclass(frozen=True)
class Design:
    """Fonts and counting words of one language; ``families`` must be installed."""

    language: Language
    families: tuple[str, ...]

    def tick(self, value: float) -> str:
        return counted(value, self.language)

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

    def wide(self, text: str, points: float, *, bold: bool = False) -> float:
        """The width in inches of a line of text, as matplotlib draws it."""
        return _wide(self.families, text, points, bold)

    def fit(self, text: str, inches: float, points: float = TEXT_POINTS, *, bold: bool = False) -> str:
        """The text in a few lines of at most that width; … stands for what is cut off."""
        wide = partial(self.wide, points=points, bold=bold)
        lines = [line for part in self.clean(text).split("\n") for line in _wrapped(part, inches, wide)]
        if len(lines) > MOST_LINES:
            last = lines[MOST_LINES - 1].rstrip()
            while wide(f"{last}…") > inches:
                last = last[:-1]
            lines = [*lines[: MOST_LINES - 1], f"{last}…"]
        return "\n".join(lines)


@cache
def _characters(families: tuple[str, ...]) -> frozenset[int]:
    fonts = [font_manager.get_font(font_manager.findfont(name)) for name in families]
    return frozenset({32, *(code for font in fonts for code in font.get_charmap())})


@lru_cache(1 << 14)
def _wide(families: tuple[str, ...], text: str, points: float, bold: bool) -> float:
    font = FontProperties(family=list(families), size=points, weight="bold" if bold else "normal")
    pixels, _, _ = _renderer().get_text_width_height_descent(text, font, ismath=False)  # type: ignore[no-untyped-call]
    return float(pixels) / DOTS_PER_INCH


@cache
def _renderer() -> RendererAgg:
    return RendererAgg(1, 1, DOTS_PER_INCH)  # type: ignore[no-untyped-call]


def _wrapped(text: str, inches: float, wide: Callable[[str], float]) -> list[str]:
    """Lines broken between words or Chinese characters, a longer word where it must be; about as long as each other."""
    lines = _filled(text, inches, wide)
    while len(lines) > 1 and len(shorter := _filled(text, inches * 0.97, wide)) == len(lines):
        lines, inches = shorter, inches * 0.97
    return lines


def _filled(text: str, inches: float, wide: Callable[[str], float]) -> list[str]:
    lines = [""]
    for part in PARTS.findall(text):
        for piece in [part] if wide(part) <= inches else list(part):
            if lines[-1] and wide(lines[-1] + piece.rstrip()) > inches:
                lines[-1] = lines[-1].rstrip()
                lines.append(piece.lstrip())
            else:
                lines[-1] += piece
    return [line.rstrip() for line in lines]


def png(figure: Figure) -> bytes:
    """The figure as PNG, without a date or the name of a program, in few colours: a third of the bytes."""
    drawn, stream = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="rgba", dpi=DOTS_PER_INCH)
    size = figure.canvas.get_width_height(physical=True)
    whole = Image.frombytes("RGBA", size, drawn.getvalue()).convert("RGB")
    few = whole.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(stream, "PNG", optimize=True, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return stream.getvalue()
