"""Charts as figures. It decides nothing but where ink goes."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from threegates.report.pictures import design as look
from threegates.report.pictures.charts import Chart, Points, Row, Rows
from threegates.report.pictures.design import BASE, LIGHT, MARKS, Design

LINE_INCHES, GAP_INCHES = 0.165, 0.13
BASE_BELOW = 0.075  # inches that the base value stands below its range


def draw(chart: Chart, design: Design) -> Figure:
    """The figure of a chart; to be called while the design is applied."""
    return _rows(chart, design) if isinstance(chart, Rows) else _points(chart, design)


def _rows(chart: Rows, design: Design) -> Figure:
    labels = [design.fit(row.label, look.LABEL_WIDTH) for row in chart.rows]
    texts = [design.fit(row.text, look.TEXT_WIDTH) for row in chart.rows]
    heights = [max(label.count("\n"), text.count("\n")) + 1 for label, text in zip(labels, texts, strict=True)]
    tall = [lines * LINE_INCHES + GAP_INCHES for lines in heights]
    places = [sum(tall[:i]) + tall[i] / 2 for i in range(len(tall))]
    figure, axes = look.canvas(design, chart.title, sum(tall) + 0.3)
    axes.set_ylim(sum(tall), 0)
    axes.set_yticks(places, labels, fontsize=8.5)
    axes.tick_params(axis="y", length=0, colors=BASE)
    for label in axes.get_yticklabels():
        label.set_linespacing(look.LINE_SPACING)
    axes.grid(visible=False, axis="y")
    _scale(chart, design, axes)
    for row, place, text in zip(chart.rows, places, texts, strict=True):
        if all(math.isfinite(value) and (value > 0 or not chart.log) for value in row.values):
            _row(axes, chart, row, place)
        beside = axes.get_yaxis_transform()
        axes.text(1.02, place, text, transform=beside, va="center", fontsize=8.5, linespacing=look.LINE_SPACING)
    _below(chart, design, figure, axes)
    return figure


def _scale(chart: Rows, design: Design, axes: Axes) -> None:
    values = [value for row in chart.rows for value in row.values if math.isfinite(value)]
    values += [] if chart.origin is None else [chart.origin]
    if chart.log:
        values = [value for value in values if value > 0]
        axes.set_xscale("log")
        low, high = math.log10(min(values)), math.log10(max(values))
        room = 0.06 * max(high - low, 0.5)
        axes.set_xlim(10 ** (low - room), 10 ** (high + room))
        look.logarithmic(design, axes.xaxis, values)
    else:
        room = 0.08 * (max(values) - min(values))
        axes.set_xlim(min(values) - room, max(values) + room)
        look.linear(design, axes.xaxis)
    if chart.origin is not None:
        axes.axvline(chart.origin, color=BASE, linewidth=1)


def _row(axes: Axes, chart: Rows, row: Row, place: float) -> None:
    shape, fill, edge = MARKS[row.kind]
    if len(row.values) == 1:
        if chart.stems and chart.origin is not None:
            axes.plot([chart.origin, *row.values], [place] * 2, color=edge, linewidth=1.5)
        axes.plot(row.values, [place], shape, markerfacecolor=fill, markeredgecolor=edge)
        return
    if len(row.values) == 2:
        for end, (face, hatch) in zip(row.values, _ENDS, strict=True):
            assert chart.origin is not None
            axes.barh(place, end - chart.origin, 0.17, chart.origin, color=face, edgecolor=BASE, hatch=hatch)
        return
    base, low, quarter, middle, other_quarter, high = row.values
    axes.plot([low, high], [place] * 2, color=LIGHT, linewidth=1.6)
    axes.plot([quarter, other_quarter], [place] * 2, color=LIGHT, linewidth=6, solid_capstyle="butt")
    axes.plot([middle], [place], "|", color=BASE, markersize=9, markeredgewidth=2)
    axes.plot([base], [place + BASE_BELOW], "^", markerfacecolor="white", markeredgecolor=BASE, markersize=4.5)


_ENDS = (("white", "////"), (BASE, ""))


def _below(chart: Rows, design: Design, figure: Figure, axes: Axes) -> None:
    """What the axis measures, the key to the marks, and the note."""
    axes.set_xlabel(design.fit(chart.axis, look.AXIS_WIDTH), linespacing=look.LINE_SPACING)
    keys = _keys(chart) if chart.kinds else []
    columns = 2 if len(keys) > 3 else max(1, len(keys))
    note = design.fit(chart.note, look.NOTE_WIDTH) if chart.note else None
    if keys or note:
        figure.legend(
            handles=keys, loc="outside lower left", ncols=columns, title=note, title_fontsize=8, alignment="left"
        )


def _keys(chart: Rows) -> list[Line2D | Patch]:
    if len(chart.rows[0].values) == 1:
        return [
            Line2D([], [], linestyle="", marker=shape, markerfacecolor=fill, markeredgecolor=edge, label=kind)
            for (shape, fill, edge), kind in zip(MARKS, chart.kinds, strict=False)
        ]
    if len(chart.rows[0].values) == 2:
        return [
            Patch(facecolor=face, edgecolor=BASE, hatch=hatch, label=kind)
            for (face, hatch), kind in zip(_ENDS, chart.kinds, strict=True)
        ]
    outer, quarters, middle, base = chart.kinds
    return [
        Line2D([], [], color=LIGHT, linewidth=1.6, label=outer),
        Line2D([], [], color=LIGHT, linewidth=6, solid_capstyle="butt", label=quarters),
        Line2D([], [], linestyle="", marker="|", color=BASE, markersize=9, markeredgewidth=2, label=middle),
        Line2D([], [], linestyle="", marker="^", markerfacecolor="white", markeredgecolor=BASE, markersize=4.5, label=base),
    ]  # fmt: skip


def _points(chart: Points, design: Design) -> Figure:
    figure, axes = look.canvas(design, chart.title, 3.4)
    every = [point for _, points in chart.groups for point in points]
    xs, ys = [x for x, _, _ in every], [y for _, y, _ in every]
    axes.set_yscale("log")
    if chart.exact:
        axes.set_xscale("log")
        look.logarithmic(design, axes.xaxis, xs)
        ends = min(xs + ys) / 1.5, max(xs + ys) * 1.5
        axes.fill_between(ends, [e / chart.within for e in ends], [e * chart.within for e in ends], color="#EDEDED")
        axes.plot(ends, ends, color=BASE, linewidth=1, label=design.fit(chart.exact, look.LABEL_WIDTH * 2))
        axes.set(xlim=ends, ylim=ends)
    else:
        curve = sorted(every)
        axes.plot([x for x, _, _ in curve], [y for _, y, _ in curve], color=BASE, linewidth=1.2)
        axes.set_xlim(0, max(xs) * 1.3)
        axes.set_ylim(min(ys) / 1.2, max(ys) * 1.3)
    look.logarithmic(design, axes.yaxis, ys)
    for (shape, fill, edge), (name, points) in zip(MARKS, chart.groups, strict=False):
        for x, y, text in points:
            axes.annotate(design.clean(text), (x, y), (6, 3), textcoords="offset points", fontsize=8)
        marks = [x for x, _, _ in points], [y for _, y, _ in points]
        axes.plot(
            *marks, shape, markerfacecolor=fill, markeredgecolor=edge, label=design.fit(name, look.LABEL_WIDTH * 2)
        )
    axes.set_xlabel(design.fit(chart.across, look.AXIS_WIDTH))
    axes.set_ylabel(design.fit(chart.up, look.AXIS_WIDTH))
    figure.legend(loc="outside lower left", ncols=2)
    return figure
