"""Native charts as data: which cells a chart shows, and how. Titles and values live in cells; packaging fills the caches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart, Series
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.text import Text as ChartText
from openpyxl.chart.title import Title
from openpyxl.chart.updown_bars import ChartLines
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties
from openpyxl.utils import get_column_letter

from threegates.text import NOTHING, Text
from threegates.workbook.layout import FIRST, HEADING_ROW, LABEL, Block, Layout, Spot
from threegates.workbook.page import Page

# Told apart without colour by the shape of their markers and in grey by their darkness.
INKS = (("1F3864", "circle"), ("C55A11", "diamond"), ("2E75B6", "triangle"), ("7F7F7F", "square"))
GRID, LINE = "D9D9D9", "595959"
HEIGHT_CM = 13.0
SUMMARY_HEIGHT_CM = 9.5
ROWS_PER_CM = 2.1
Rows = Mapping[str, int]  # of what has been drawn: id → row of Uncertainty
Kind = Literal["dots", "bars", "tornado", "scatter", "range"]


@dataclass(frozen=True)
class Shown:
    """One series: a field of a table (a row of it where keys stand across), as dots or as a line."""

    table: str
    field: str
    label: Text
    line: bool = False
    against: str = ""  # of a scatter: the field along the horizontal axis


@dataclass(frozen=True)
class Chart:
    """A chart of a sheet: its series, its axes, the sentence that is its title, and what it says to who cannot see it."""

    id: str
    sheet: str
    kind: Kind
    series: tuple[Shown, ...]
    unit: Text
    says: Text
    across: Text = NOTHING
    log: bool = True
    labels: str = ""  # number format of the labels of the first series
    most: int = 0  # keys shown, the first so many
    until: str = ""  # keys shown, up to the first that lacks this input: a text on a log axis would be taken for 0
    wide: float = 24.0  # cm
    column: int = LABEL


GROUPS = (
    ("runs_dense_a100", Text("dense, A100", "稠密，A100")),
    ("runs_dense_hopper", Text("dense, Hopper", "稠密，Hopper")),
    ("runs_moe", Text("mixture of experts", "混合专家")),
    ("runs_tpu", Text("TPU", "TPU")),
)
EXACT = Text("exact", "完全一致")

CHARTS = (
    Chart(
        "chart_compute", "summary", "dots",
        (Shown("scenarios", "compute_multiple", Text("multiple", "倍数")),),
        Text("times, log scale", "倍，对数轴"),
        Text("Dot chart: training compute of each scenario over that of the anchor", "点图：各情景训练算力相当于参照情景的倍数"),
        labels="[<1]0.00;#,##0", wide=16,
    ),
    Chart(
        "chart_gates", "summary", "dots",
        (Shown("verdicts", "ratio", Text("needed over available", "需要与可得之比")),),
        Text("times, log scale; above 1: closed", "倍，对数轴；大于 1 即未开"),
        Text("Dot chart: what the scenario in focus needs over what there is, for each gate", "点图：重点情景在各关的需要与可得之比"),
        labels="0.0", wide=8.6, column=FIRST + 1,
    ),
    Chart(
        "chart_power", "summary", "dots",
        (
            Shown("scenarios", "power_need", Text("needed", "需要")),
            Shown("scenarios", "power_available", Text("largest campus counted", "计入的最大园区"), line=True),
        ),
        Text("GW, log scale", "GW，对数轴"),
        Text("Dots: capacity that each scenario needs; line: the largest campus counted", "点：各情景所需容量；线：计入的最大园区"),
        labels="[<0.1]0.000;0.00", wide=11.6, column=FIRST + 4,
    ),
    Chart(
        "chart_campuses", "supply", "bars",
        (
            Shown("campuses", "campus_mw", Text("campus, facility MW", "园区，设施 MW")),
            Shown("campuses", "picked_need_mw", Text("needed by the scenario in focus", "重点情景所需"), line=True),
        ),
        Text("MW", "MW"),
        Text("Bars: each campus; line: what the scenario in focus needs on one campus", "柱：各园区；线：重点情景在单一园区的需要"),
        log=False, wide=30,
    ),
    Chart(
        "chart_tradeoff", "tradeoff", "scatter",
        (
            Shown("tradeoff", "cards_at", Text("scenario in focus", "重点情景"), line=True, against="months_given"),
            Shown("tradeoff", "yardstick_cards_at", Text("the published job", "公布的那项任务"), line=True, against="months_given"),
        ),
        Text("cards, log scale", "卡，对数轴"),
        Text("Curves: cards over months, of the scenario in focus and of the published job", "曲线：卡数随月数的变化，重点情景与公布的任务"),
        across=Text("months", "月数"),
    ),
    Chart(
        "chart_anychip", "anychip", "dots",
        (Shown("anychip_picked", "cards_on", Text("cards", "卡数")),),
        Text("cards, log scale", "卡，对数轴"),
        Text("Dot chart: cards that the scenario in focus takes on each chip", "点图：重点情景换成每种芯片所需的卡数"),
        until="bf16", wide=34,
    ),
    Chart(
        "chart_tornado", "sensitivity", "tornado",
        (
            Shown("tornado_cards", "cards_low_change", Text("input at its low", "取低值")),
            Shown("tornado_cards", "cards_high_change", Text("input at its high", "取高值")),
        ),
        Text("change in cards", "卡数的变化"),
        Text("Tornado: change in cards as each uncertain input goes to its low and its high", "龙卷风图：各不确定输入取低、高值时卡数的变化"),
        log=False, most=10, wide=26,
    ),
    Chart(
        "chart_drawn", "uncertainty", "range",
        (
            Shown("drawn", "cards_p95", Text("P95", "P95")),
            Shown("drawn", "cards_p50", Text("P50", "P50")),
            Shown("drawn", "cards_p5", Text("P5", "P5")),
        ),
        Text("cards, log scale", "卡，对数轴"),
        Text("Ranges: fifth, fiftieth and ninety-fifth percentile of the cards of each scenario", "区间：各情景卡数的第 5、50、95 百分位"),
    ),
    Chart(
        "chart_backtest", "backtest", "scatter",
        (
            *(Shown(table, "predicted_hours", label, against="reported_hours") for table, label in GROUPS),
            Shown("runs_dense_hopper", "reported_hours", EXACT, line=True, against="reported_hours"),
            Shown("runs_dense_a100", "reported_hours", EXACT, line=True, against="reported_hours"),
        ),
        Text("card-hours, predicted (log scale)", "卡时，预测（对数轴）"),
        Text("Scatter: predicted over reported card-hours of each run, with the line of exact prediction", "散点：各次训练的预测与公布卡时，附完全一致线"),
        across=Text("card-hours, reported (log scale)", "卡时，公布值（对数轴）"),
    ),
)  # fmt: skip


def of(layout: Layout, sheet: str) -> list[Chart]:
    """The charts of a sheet that have something to show."""
    keys = layout.model.keys
    return [
        chart
        for chart in CHARTS
        if chart.sheet == sheet and all(keys.get(shown.table, ("",)) for shown in chart.series)
    ]


def descriptions(layout: Layout) -> tuple[tuple[str, ...], ...]:
    """The alternative texts of the charts in their order, for each sheet that has any, in the order of the sheets."""
    found = (tuple(chart.says.of(layout.language) for chart in of(layout, sheet.id)) for sheet in layout.model.sheets)
    return tuple(filter(None, found))


def add_charts(page: Page, drawn: Rows) -> tuple[int, int]:
    """The charts of a sheet below its tables; the rows where they begin and end, 0 and 0 where there are none."""
    charts = of(page.layout, page.sheet.id)
    if not charts:
        return 0, 0
    row = page.ws.max_row + 2
    height = SUMMARY_HEIGHT_CM if page.sheet.id == "summary" else HEIGHT_CM
    for chart in charts:
        made = _Maker(page, chart, drawn).make()
        made.width, made.height = chart.wide, height
        page.ws.add_chart(made, f"{get_column_letter(chart.column)}{row}")
    return row, row + round(height * ROWS_PER_CM)


class _Maker:
    def __init__(self, page: Page, chart: Chart, drawn: Rows) -> None:
        self.page, self.chart, self.drawn = page, chart, drawn
        self.layout = page.layout

    def make(self) -> Any:
        """The chart, with its title, axes and legend."""
        kind = self.chart.kind
        made = {"dots": LineChart, "range": LineChart, "scatter": ScatterChart}.get(kind, BarChart)()
        for position, shown in enumerate(self.chart.series):
            if kind != "bars" or not shown.line:
                made.series.append(self._series(position, shown))
        if kind == "scatter":
            made.scatterStyle = "lineMarker"  # Excel asks for one
        made.title = self._title()
        self._axes(made)
        if kind == "range":
            made.hiLowLines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=GRID, w=50800)))
        if kind == "tornado":
            made.type, made.overlap, made.gapWidth = "bar", 100, 40
            made.x_axis.scaling.orientation = "maxMin"  # the largest on top
            made.y_axis.crosses = "max"  # and the numbers below
        if kind == "bars":
            made.gapWidth = 60
            lines = LineChart()
            lines.series = [self._series(i, s) for i, s in enumerate(self.chart.series) if s.line]
            made += lines
        made.legend.position = "b"
        if self.chart.series[-1].label == EXACT:  # drawn in two parts, named once
            made.legend.legendEntry = [LegendEntry(idx=len(self.chart.series) - 1, delete=True)]
        if len(self.chart.series) == 1:
            made.legend = None
        return made

    def _series(self, position: int, shown: Shown) -> Any:
        values = self._span(shown.table, shown.field)
        ink, symbol = INKS[3 if shown.line and self.chart.kind != "scatter" else position % len(INKS)]
        if self.chart.kind == "scatter":
            made = XYSeries(idx=position, order=position)
            made.xVal = AxDataSource(numRef=NumRef(f=self._span(shown.table, shown.against)))
            made.yVal = NumDataSource(numRef=NumRef(f=values))
        else:
            made = Series(Reference(self.page.ws, min_col=1, min_row=1), title="-")
            made.val = NumDataSource(numRef=NumRef(f=values))
            made.cat = AxDataSource(strRef=StrRef(f=self._names(shown)))
        made.tx = SeriesLabel(v=shown.label.of(self.page.language))
        self._draw(made, LINE if shown.label == EXACT else ink, symbol, shown)
        if position == 0 and self.chart.labels:
            unwanted = dict.fromkeys(("showSerName", "showCatName", "showLegendKey", "showPercent"), False)
            made.dLbls = DataLabelList(showVal=True, numFmt=self.chart.labels, dLblPos="t", txPr=_small(), **unwanted)
        return made

    def _draw(self, made: Any, ink: str, symbol: str, shown: Shown) -> None:
        line = shown.line
        if self.chart.kind in ("bars", "tornado") and not line:
            made.graphicalProperties = GraphicalProperties(solidFill=ink)
            made.invertIfNegative = False
            return
        stroke = (
            LineProperties(solidFill=ink, w=12700 if shown.label == EXACT else 25400)
            if line
            else LineProperties(noFill=True)
        )
        made.graphicalProperties = GraphicalProperties(ln=stroke)
        made.smooth = False
        plain = (line and self.chart.kind != "scatter") or shown.label == EXACT
        made.marker = Marker(symbol="none") if plain else Marker(symbol=symbol, size=8)
        if not plain:
            made.marker.graphicalProperties = GraphicalProperties(solidFill=ink)
            made.marker.graphicalProperties.line.solidFill = ink

    def _title(self) -> Title:
        """The live sentence that states what is found."""
        formula = self._absolute(self.layout.spots[f"sentence.{self.chart.id}"])
        properties = ParagraphProperties(defRPr=CharacterProperties(sz=1200, b=True))
        text = RichText(p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties())])
        return Title(tx=ChartText(strRef=StrRef(f=formula)), txPr=text, overlay=False)

    def _axes(self, made: Any) -> None:
        chart, language = self.chart, self.page.language
        made.x_axis.delete = made.y_axis.delete = False
        made.y_axis.title, made.y_axis.majorGridlines = (
            _named(chart.unit.of(language)),
            ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=GRID))),
        )
        made.y_axis.number_format = "[<1]General;#,##0"
        made.x_axis.tickLblPos = "low"
        made.x_axis.txPr = _small(-2_700_000 if chart.id in ("chart_anychip", "chart_campuses") else None)
        made.y_axis.txPr = _small()
        if chart.across.en:
            made.x_axis.title = _named(chart.across.of(language))
            made.x_axis.number_format = "#,##0"
            made.x_axis.majorGridlines = None
        if chart.log:
            made.y_axis.scaling.logBase = 10
            made.x_axis.crosses = made.y_axis.crosses = "min"
        if chart.id == "chart_backtest":
            made.x_axis.scaling.logBase = 10

    def _span(self, table: str, field: str) -> str:
        """The cells of a series, on its own sheet or where they live."""
        if table == "drawn":
            keys, row = self.layout.model.keys["scenarios"], self.drawn[field]
            return self._range(*(Spot(self.page.sheet.id, row, FIRST + i) for i in (0, len(keys) - 1)))
        keys = self._keys(table)
        block = self._view(table)
        if block is not None:
            position = [f.id for f in block.fields].index(field)
            return self._range(block.spot(position, 0), block.spot(position, len(keys) - 1))
        return self._range(*(self.layout.spot(table, field, keys[i]) for i in (0, -1)))

    def _keys(self, table: str) -> tuple[str, ...]:
        model, until = self.layout.model, self.chart.until
        keys = model.keys[table][: self.chart.most or None]
        return tuple(takewhile(lambda key: ("chips", until, key) in model.data, keys)) if until else keys

    def _names(self, shown: Shown) -> str:
        """The labels along the axis of categories."""
        here = self.page.sheet.id
        if shown.table == "drawn":
            count = len(self.layout.model.keys["scenarios"])
            return self._range(*(Spot(here, HEADING_ROW, FIRST + i) for i in (0, count - 1)))
        keys = self._keys(shown.table)
        block = self._view(shown.table) or self.layout.block_of(shown.table, shown.field)
        if block.across:
            ends = [Spot(block.sheet, block.heading, block.spot(0, i).column) for i in (0, len(keys) - 1)]
        else:
            ends = [Spot(block.sheet, block.spot(0, i).row, LABEL) for i in (0, len(keys) - 1)]
        return self._range(*ends)

    def _view(self, table: str) -> Block | None:
        """The block on the chart's own sheet that shows the table once more, when it holds every series of it."""
        wanted = {shown.field for shown in self.chart.series if shown.table == table}
        for block in self.layout.blocks_of(self.page.sheet.id):
            if block.table.id == table and wanted <= {field.id for field in block.fields}:
                return block
        return None

    def _range(self, first: Spot, last: Spot) -> str:
        return f"{self._absolute(first)}:{self._absolute(last).rpartition('!')[2]}"

    def _absolute(self, spot: Spot) -> str:
        return self.layout.absolute(spot)


def _small(rotation: int | None = None) -> RichText:
    properties = CharacterProperties(sz=800)
    body = RichTextProperties(rot=rotation) if rotation else RichTextProperties()
    return RichText(bodyPr=body, p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)])


def _named(text: str) -> Title:
    from openpyxl.chart.title import title_maker

    made = title_maker(text)
    made.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=900, b=False))
    made.overlay = False
    return made
