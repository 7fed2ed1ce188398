"""Draws the picture of a chart from its record and the results. It decides nothing but where ink goes."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from threegates.definition.declare import Chart, Series
from threegates.report.pictures import design as look
from threegates.report.pictures.data import Point, Row, points, rows
from threegates.report.pictures.design import BASE, LIGHT, MARKS, Design
from threegates.report.pictures.layout import Logs, Words, apart, canvas, extent, settle
from threegates.workbook.holes import Readout
from threegates.workbook.live_sentences import text_of

LABEL_INCHES, BESIDE_INCHES = 1.7, 1.6
GAP_INCHES, CURVES_INCHES = 0.1, 3.4
BAR_INCHES = 0.17
BARS = ("bars", "tornado")  # the kinds of charts with bars
FILLS = ((BASE, ""), ("white", "////"))  # of bars: colour and hatch
GREY = "#7F7F7F"


def draw(chart: Chart, readout: Readout, design: Design) -> Figure | None:
    """The figure of a chart, None where no number is known; to be called while the design is applied."""
    return _curves(chart, readout, design) if chart.across.en else _rows(chart, readout, design)


def _curves(chart: Chart, readout: Readout, design: Design) -> Figure | None:
    """Numbers over numbers."""
    groups = points(chart, readout)
    every = [point for group in groups for point in group]
    if not every:
        return None
    figure, axes = canvas()
    for position, (series, group) in enumerate(zip(chart.series, groups, strict=True)):
        _curve(axes, series, position, group, readout)
    if chart.origin is not None:
        axes.axhline(chart.origin, color=BASE, linewidth=1)
    _limit(axes, "x", [point.x for point in every], chart.log_across)
    _limit(axes, "y", [point.y for point in every], chart.log)
    across, up = chart.across.of(readout.language), chart.axis.of(readout.language)
    words = Words(text_of(chart.title, readout), "", across, up)
    settle(figure, axes, design, words, Logs(chart.log_across, chart.log), CURVES_INCHES)
    _annotate(figure, axes, design, groups[0])
    return figure


def _rows(chart: Chart, readout: Readout, design: Design) -> Figure | None:
    """Numbers of a key in a row of its own."""
    found, note = rows(chart, readout)
    if not found:
        return None
    figure, axes = canvas()
    places, tall = _lines(figure, axes, design, found)
    for position in range(len(chart.series)):
        _series(axes, chart, position, found, places, readout, tall)
    if chart.kind == "range":
        ends = [min(row.values) for row in found], [max(row.values) for row in found]
        axes.hlines(places, *ends, color=LIGHT, linewidth=4, zorder=1)
    origin = 0.0 if chart.kind in BARS else chart.origin
    values = [value for row in found for value in row.values]
    if origin is not None:
        values.append(origin)
        axes.axvline(origin, color=BASE, linewidth=1)
    if chart.origin is not None:
        stems = [chart.origin] * len(found), [row.values[0] for row in found]
        axes.hlines(places, *stems, color=BASE, linewidth=1.5, zorder=1)
    _limit(axes, "x", values, chart.log)
    words = Words(text_of(chart.title, readout), note, chart.axis.of(readout.language))
    settle(figure, axes, design, words, Logs(chart.log), tall)
    return figure


def _lines(figure: Figure, axes: Axes, design: Design, found: Sequence[Row]) -> tuple[list[float], float]:
    """Writes label and text of each row, as high as they need; the places of the rows and the height in inches."""
    labels = [design.fit(row.label, LABEL_INCHES) for row in found]
    texts = [design.fit(row.beside, BESIDE_INCHES) for row in found]
    heights = [
        max(extent(figure, text, look.TEXT_POINTS).height for text in both) / look.DOTS_PER_INCH + GAP_INCHES
        for both in zip(labels, texts, strict=True)
    ]
    places = [sum(heights[:i]) + high / 2 for i, high in enumerate(heights)]
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks(places, labels, **look.text(look.TEXT_POINTS))
    axes.tick_params(axis="y", length=0, colors=BASE)
    axes.grid(visible=False, axis="y")
    for place, text in zip(places, texts, strict=True):
        at = axes.get_yaxis_transform()
        axes.annotate(text, (1, place), (6, 0), at, "offset points", va="center", **look.text(look.TEXT_POINTS))
    return places, sum(heights)


def _series(
    axes: Axes, chart: Chart, position: int, found: Sequence[Row], places: list[float], readout: Readout, tall: float
) -> None:
    """One series over the rows: a line, bars, or marks; those of the other kind look and are named differently."""
    series, split = chart.series[position], chart.split
    values = [row.values[position] for row in found]
    if series.line:
        line = [values[0], *values, values[-1]], [0.0, *places, tall]
        axes.plot(*line, color=GREY, linewidth=1.5, label=series.label.of(readout.language))
        return
    kinds = [(position, series.label, list(range(len(found))))]
    if split is not None and not position:
        kinds = [
            (int(is_other), label, [i for i, row in enumerate(found) if row.is_other is is_other])
            for is_other, label in ((False, split.others), (True, split.those))
        ]
    for kind, name, which in kinds:
        xs, ys, label = [values[i] for i in which], [places[i] for i in which], name.of(readout.language)
        if chart.kind in BARS:
            fill, hatch = FILLS[kind % len(FILLS)]
            axes.barh(ys, xs, BAR_INCHES, color=fill, edgecolor=BASE, hatch=hatch, label=label)
        else:
            shape, fill, edge = MARKS[kind % len(MARKS)]
            axes.plot(xs, ys, shape, mfc=fill, mec=edge, label=label)


def _curve(axes: Axes, series: Series, position: int, group: Sequence[Point], readout: Readout) -> None:
    xs, ys, label = [point.x for point in group], [point.y for point in group], series.label.of(readout.language)
    if series.guide:
        axes.plot(xs, ys, color=BASE, linewidth=1, label=label)
        return
    shape, fill, edge = MARKS[position % len(MARKS)]
    line = "-" if series.line else "none"
    axes.plot(xs, ys, linestyle=line, color=edge, linewidth=1.2, marker=shape, mfc=fill, mec=edge, label=label)


def _annotate(figure: Figure, axes: Axes, design: Design, group: Sequence[Point]) -> None:
    """Texts beside points, but for those that would overlap another or leave the picture."""
    placed = [axes.xaxis.label.get_window_extent()]
    for point in (point for point in group if point.beside):
        words, at = design.clean(point.beside), (point.x, point.y)
        text = axes.annotate(words, at, (6, 3), textcoords="offset points", **look.text(look.NOTE_POINTS))
        box = text.get_window_extent()
        if box.x1 <= figure.bbox.x1 and box.y1 <= axes.bbox.y1 and apart([*placed, box]):
            placed.append(box)
        else:
            text.remove()


def _limit(axes: Axes, which: str, values: Sequence[float], log: bool) -> None:
    """The ends of an axis, a little beyond the numbers."""
    low, high = min(values), max(values)
    if log:
        room = max(high / low, 1.5) ** 0.06
        axes.set(**{f"{which}scale": "log", f"{which}lim": (low / room, high * room)})
    else:
        room = 0.08 * (high - low) or 1.0
        axes.set(**{f"{which}lim": (low - room, high + room)})
