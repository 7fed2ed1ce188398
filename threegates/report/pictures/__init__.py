"""The key charts as PNG, drawn from the results: one restrained design, a title that states the finding.

matplotlib costs a second to import: this package is imported only where pictures are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from matplotlib.figure import Figure

from threegates.engine.evaluate import Results
from threegates.engine.montecarlo import Uncertainty
from threegates.report.pictures import design as look
from threegates.report.pictures.charts import CHARTS, Chart, Picker
from threegates.report.pictures.design import CHINESE_FONTS, LATIN_FONTS, Design, installed
from threegates.report.pictures.drawing import draw
from threegates.report.pictures.words import ALTERNATIVES
from threegates.text import Language


class Picture(NamedTuple):
    """One picture: its name, what it shows in words, and the bytes of the PNG."""

    name: str
    alternative: str
    png: bytes


@dataclass(frozen=True)
class Album:
    """The pictures of an edition; ``in_english`` where the machine has no Chinese font for their labels."""

    pictures: tuple[Picture, ...]
    in_english: bool


def album(
    results: Results, drawn: Uncertainty, language: Language, chinese_fonts: Sequence[str] = CHINESE_FONTS
) -> Album:
    """The pictures of an edition. A chart is left out where the assumptions have nothing to show in it."""
    spoken, gap = speech(language, chinese_fonts), "" if language == "zh" else " "
    pictures = tuple(
        Picture(name, f"{ALTERNATIVES[name].of(language)}{gap}{title}", look.png(figure))
        for (name, title), figure in zip(
            _titles(results, drawn, language), figures(results, drawn, spoken), strict=True
        )
    )
    return Album(pictures, spoken.language != language)


def speech(language: Language, chinese_fonts: Sequence[str] = CHINESE_FONTS) -> Design:
    """The language and the fonts of the labels: English for want of Chinese fonts."""
    chinese, latin = installed(chinese_fonts)[:1], installed(LATIN_FONTS)
    if language == "zh" and chinese:
        return Design("zh", (*chinese, *latin))
    return Design("en", (*latin, *chinese))


def figures(results: Results, drawn: Uncertainty, spoken: Design) -> Iterator[Figure]:
    """The figures one by one, in the order of the charts."""
    for _, chart in _charts(results, drawn, spoken.language):
        with spoken.applied():
            yield draw(chart, spoken)


def _charts(results: Results, drawn: Uncertainty, language: Language) -> Iterator[tuple[str, Chart]]:
    pick = Picker(results, drawn, language)
    for make in CHARTS:
        if (chart := make(pick)) is not None:
            yield make.__name__, chart


def _titles(results: Results, drawn: Uncertainty, language: Language) -> Iterator[tuple[str, str]]:
    for name, chart in _charts(results, drawn, language):
        yield name, " ".join(chart.title.split())
