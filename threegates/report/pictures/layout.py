"""Gives a picture its size and its parts their places, by the measures of the text in it: nothing overlaps or is cut."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple, cast

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator
from matplotlib.transforms import Bbox

from threegates.report.pictures import design as look
from threegates.report.pictures.design import Design

MARGIN, GAP = 16.0, 12.0  # pixels at the edges, and between the parts
KEY_POINTS = 36.0  # that the mark of a legend takes before its text
MOST_TICKS = 6
LEGEND: dict[str, Any] = {
    "loc": "lower left",
    "alignment": "left",
    "title_fontsize": look.NOTE_POINTS,
    "borderaxespad": 0.6,
    "borderpad": 0.2,
}


class Words(NamedTuple):
    """What is written around a plot: title, note, and what the axes measure; an axis of names measures nothing."""

    title: str
    note: str
    across: str
    up: str = ""


class Logs(NamedTuple):
    """Whether each axis of numbers is a log axis."""

    across: bool
    up: bool = False


def canvas() -> tuple[Figure, Axes]:
    """A figure with one plot, neither of its final size."""
    figure = Figure((look.WIDE_INCHES, look.WIDE_INCHES), look.DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    return figure, figure.add_axes((0.4, 0.4, 0.2, 0.2))


def extent(figure: Figure, text: str, points: float) -> Bbox:
    """The box that a text takes, in pixels."""
    artist = figure.text(0, 0, text, **look.text(points))
    box = artist.get_window_extent()
    artist.remove()
    return box


def apart(boxes: Sequence[Bbox], gap: float = 0.0) -> bool:
    """Whether no two boxes overlap, or come closer than the gap side by side."""
    return not any(one.padded(gap, 0).overlaps(other) for one, other in combinations(boxes, 2))


def settle(figure: Figure, axes: Axes, design: Design, words: Words, logs: Logs, tall: float) -> None:
    """Gives the plot what its words leave of the width and ``tall`` inches of height, below the title, above the legend."""
    wide, high = look.WIDE_INCHES * look.DOTS_PER_INCH, tall * look.DOTS_PER_INCH
    inner = look.WIDE_INCHES - 2 * MARGIN / look.DOTS_PER_INCH
    text = design.fit(words.title, inner, look.TITLE_POINTS, bold=True)
    style = look.text(look.TITLE_POINTS, color=look.BASE, fontweight="bold")
    title = figure.text(MARGIN / wide, 1, text, va="top", **style)
    heading = title.get_window_extent().height
    key = _legend(figure, axes, design, words.note, inner)
    whole = 4 * high + wide  # more than it can take, until what stands below is known
    figure.set_size_inches(look.WIDE_INCHES, whole / look.DOTS_PER_INCH)
    axes.set_position((0.4, 0.5, 0.2, high / whole))
    if words.up:
        axes.set_ylabel(design.fit(words.up, tall), linespacing=look.LINE_SPACING)
        _ticks(axes.yaxis, logs.up, design)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks([])
    left, right, _, above = _around(axes)
    room = wide - left - right - 2 * MARGIN
    axes.set_position(((MARGIN + left) / wide, 0.5, room / wide, high / whole))
    axes.set_xlabel(design.fit(words.across, room / look.DOTS_PER_INCH), linespacing=look.LINE_SPACING)
    _ticks(axes.xaxis, logs.across, design)
    below = _around(axes)[2]
    total = 2 * MARGIN + heading + GAP + above + high + below + (key + GAP if key else 0)
    figure.set_size_inches(look.WIDE_INCHES, total / look.DOTS_PER_INCH)
    bottom = total - MARGIN - heading - GAP - above - high
    axes.set_position(((MARGIN + left) / wide, bottom / total, room / wide, high / total))
    title.set_y(1 - MARGIN / total)


def _around(axes: Axes) -> tuple[float, float, float, float]:
    """The pixels that words take at the left, right, below and above a plot."""
    plot, whole = axes.bbox, cast(Bbox, axes.get_tightbbox())
    return plot.x0 - whole.x0, whole.x1 - plot.x1, plot.y0 - whole.y0, max(whole.y1 - plot.y1, 0.0)


def _legend(figure: Figure, axes: Axes, design: Design, note: str, inner: float) -> float:
    """Names the marks where there are several, in as many columns as fit, below the note; the height in pixels."""
    handles, labels = axes.get_legend_handles_labels()
    named = dict(reversed(list(zip(labels, handles, strict=True))))  # the first of each name
    text = inner - KEY_POINTS / 72
    names = {label: design.fit(label, text) for label in dict.fromkeys(labels)} if len(named) > 1 else {}
    if not names and not note:
        return 0.0
    marks, title = [named[label] for label in names], design.fit(note, inner - 0.2, look.NOTE_POINTS) or None
    for columns in range(max(len(names), 1), 0, -1):
        legend = figure.legend(marks, list(names.values()), ncols=columns, title=title, **LEGEND)
        box = legend.get_window_extent()
        if box.x1 <= look.WIDE_INCHES * look.DOTS_PER_INCH or columns == 1:
            return float(box.height)
        legend.remove()
    raise AssertionError


def _ticks(axis: Axis, log: bool, design: Design) -> None:
    """The most numbers along an axis that leave room between each other and stay in the figure."""
    axis.set_minor_locator(NullLocator())
    low, high = sorted(axis.get_view_interval())
    for values in _steps(low, high, log):
        axis.set_ticks(values, [design.tick(value) for value in values])
        boxes = [label.get_window_extent() for label in axis.get_ticklabels()]
        inside = all(box.x0 >= 0 and box.x1 <= look.WIDE_INCHES * look.DOTS_PER_INCH for box in boxes)
        if apart(boxes, GAP) and inside:
            return


def _steps(low: float, high: float, log: bool) -> Iterator[list[float]]:
    """Round numbers along an axis, fewer and fewer; in the end one of them alone, which always fits."""
    found = []
    if log:
        decades = [10.0**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]
        found = [[step * decade for decade in decades for step in (1, 2, 5)]]
        found += [decades[::every] for every in range(1, len(decades))]
    found += [list(MaxNLocator(number).tick_values(low, high)) for number in (4, 3, 2, 1)]
    seen = [[value for value in values if low <= value <= high] for values in found]
    yield from (values for values in seen if 2 <= len(values) <= MOST_TICKS)
    yield next((values[:1] for values in seen if values), [])
