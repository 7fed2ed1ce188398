"""The charts as PNG, drawn from their records and the results: one restrained design, a title that states the finding.

matplotlib costs a second to import: this package is imported only where pictures are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matplotlib.figure import Figure

from threegates.definition.declare import Chart
from threegates.definition.wording import PHRASES
from threegates.engine.evaluate import Results
from threegates.engine.montecarlo import Uncertainty
from threegates.report.pictures.design import CHINESE_FONTS, LATIN_FONTS, Design, installed, png
from threegates.report.pictures.drawing import draw
from threegates.report.summary import Album, Picture, named
from threegates.text import Language
from threegates.workbook.charts import has_data
from threegates.workbook.holes import Readout
from threegates.workbook.live_sentences import text_of

FOLDER = "pictures"  # of the output


def album(
    results: Results, drawn: Uncertainty, language: Language, chinese_fonts: Sequence[str] = CHINESE_FONTS
) -> Album:
    """The pictures of an edition. A chart is left out where the assumptions have nothing to show in it."""
    design, readout = speech(language, chinese_fonts), Readout(results, drawn, language)
    stop = PHRASES["full_stop"].of(language)
    made = []
    for chart, figure in figures(results, drawn, design):
        path = f"{FOLDER}/{named(chart.id, language, 'png')}"
        said = f"{chart.says.of(language)}{stop}{text_of(chart.title, readout)}"
        made.append(Picture(chart.id, path, said, png(figure)))
    return Album(tuple(made), design.language != language)


def speech(language: Language, chinese_fonts: Sequence[str] = CHINESE_FONTS) -> Design:
    """The language and the fonts of the labels: English for want of Chinese fonts."""
    chinese, latin = installed(chinese_fonts)[:1], installed(LATIN_FONTS)
    if language == "zh" and chinese:
        return Design("zh", (*chinese, *latin))
    return Design("en", (*latin, *chinese))


def figures(results: Results, drawn: Uncertainty, design: Design) -> Iterator[tuple[Chart, Figure]]:
    """The charts that have something to show, each with its figure, one by one."""
    readout = Readout(results, drawn, design.language)
    for chart in results.model.definition.charts:
        if has_data(chart, results.model):
            with design.applied():
                figure = draw(chart, readout, design)
                if figure is not None:
                    yield chart, figure
