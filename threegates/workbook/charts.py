"""The charts of the workbook, from their records. Titles and values live in cells; packaging fills the caches."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart
from openpyxl.chart import Series as CategorySeries
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.text import Text as ChartText
from openpyxl.chart.title import Title, title_maker
from openpyxl.chart.updown_bars import ChartLines
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties
from openpyxl.utils import get_column_letter

from threegates.definition.declare import SCENARIOS, Chart, Series
from threegates.engine.model import Model
from threegates.workbook.layout import FIRST, HEADING_ROW, LABEL, Block, Layout, Spot, drawn_spot
from threegates.workbook.live_sentences import applies
from threegates.workbook.page import Page

# Edition apart without colour by the shape of their markers and in grey by their darkness.
INKS = (
    *(("1F3864", "circle"), ("C55A11", "diamond"), ("2E75B6", "triangle"), ("7F7F7F", "square"), ("548235", "x")),
    *(("1F3864", "dot"), ("C55A11", "plus"), ("2E75B6", "star"), ("7F7F7F", "dash")),
)
GRID, LINE = "D9D9D9", "595959"
ROWS_PER_CM = 2.1
TURNED = -2_700_000  # 45 degrees, in units of 1/60,000
KINDS = {"dots": LineChart, "range": LineChart, "scatter": ScatterChart, "bars": BarChart, "tornado": BarChart}


def has_data(chart: Chart, model: Model) -> bool:
    """Whether the tables that a chart and its finding speak of have any records."""
    return applies(chart.title, model) and all(model.keys[series.table or SCENARIOS] for series in chart.series)


def of(layout: Layout, sheet: str) -> list[Chart]:
    """The charts of a sheet that have something to show."""
    model = layout.model
    return [chart for chart in model.definition.charts if chart.sheet == sheet and has_data(chart, model)]


def descriptions(layout: Layout) -> tuple[tuple[str, ...], ...]:
    """The alternative texts of the charts in their order, for each sheet that has any, in the order of the sheets."""
    found = (tuple(chart.says.of(layout.language) for chart in of(layout, sheet.id)) for sheet in layout.model.sheets)
    return tuple(filter(None, found))


def add_charts(page: Page) -> tuple[int, int]:
    """The charts of a sheet below its tables; the rows where they begin and end, 0 and 0 where there are none."""
    charts = of(page.layout, page.sheet.id)
    if not charts:
        return 0, 0
    row = page.ws.max_row + 2
    for chart in charts:
        made = _Maker(page, chart).make()
        made.width, made.height = chart.width, chart.height
        page.ws.add_chart(made, f"{get_column_letter(chart.column)}{row}")
    return row, row + round(max(chart.height for chart in charts) * ROWS_PER_CM)


class _Maker:
    def __init__(self, page: Page, chart: Chart) -> None:
        self.page, self.chart, self.layout = page, chart, page.layout

    def make(self) -> Any:
        """The chart, with its title, axes and legend."""
        kind = self.chart.kind
        every = [series for series in self.chart.series if not series.table or self._keys(series.table)]
        made = KINDS[kind]()
        made.roundedCorners = made.varyColors = False  # said, as Excel says it: where it is not, programs differ
        over = LineChart() if kind == "bars" else made  # lines over bars are a chart of their own
        for position, one in enumerate(every):
            (over if one.line else made).series.append(self._series(position, one))
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
            made += over
        made.legend.position = "b"
        labels = [one.label for one in every]
        again = [LegendEntry(idx=i, delete=True) for i, label in enumerate(labels) if label in labels[:i]]
        made.legend.legendEntry = again
        if len(every) == 1:
            made.legend = None
        return made

    def _series(self, position: int, series: Series) -> Any:
        values = self._span(series, series.field)
        ink, symbol = INKS[3 if series.line and self.chart.kind != "scatter" else position % len(INKS)]
        if series.against:
            made = XYSeries(idx=position, order=position)
            made.xVal = AxDataSource(numRef=NumRef(f=self._span(series, series.against)))
            made.yVal = NumDataSource(numRef=NumRef(f=values))
        else:
            made = CategorySeries(Reference(self.page.ws, min_col=1, min_row=1), title="-")
            made.val = NumDataSource(numRef=NumRef(f=values))
            made.cat = AxDataSource(strRef=StrRef(f=self._names(series)))
        made.tx = SeriesLabel(v=series.label.of(self.page.language))
        self._draw(made, LINE if series.guide else ink, symbol, series)
        if position == 0 and self.chart.labels:
            unwanted = dict.fromkeys(
                ("showSerName", "showCatName", "showLegendKey", "showPercent", "showBubbleSize"), False
            )
            made.dLbls = DataLabelList(showVal=True, numFmt=self.chart.labels, dLblPos="t", txPr=_small(), **unwanted)
        return made

    def _draw(self, made: Any, ink: str, symbol: str, series: Series) -> None:
        if self.chart.kind in ("bars", "tornado") and not series.line:
            made.graphicalProperties = GraphicalProperties(solidFill=ink)
            made.invertIfNegative = False
            return
        stroke = LineProperties(noFill=True)
        if series.line:
            stroke = LineProperties(solidFill=ink, w=12700 if series.guide else 25400)
        made.graphicalProperties = GraphicalProperties(ln=stroke)
        made.smooth = False
        plain = series.guide or (series.line and not series.against)
        made.marker = Marker(symbol="none") if plain else Marker(symbol=symbol, size=8)
        if not plain:
            made.marker.graphicalProperties = GraphicalProperties(solidFill=ink)
            made.marker.graphicalProperties.line.solidFill = ink

    def _title(self) -> Title:
        """The live sentence that states what is found."""
        formula = self.layout.absolute(self.layout.spots[f"sentence.{self.chart.title.id}"])
        properties = ParagraphProperties(defRPr=CharacterProperties(sz=1200, b=True))
        text = RichText(p=[_empty(properties, CharacterProperties())])
        return Title(tx=ChartText(strRef=StrRef(f=formula)), txPr=text, overlay=False)

    def _axes(self, made: Any) -> None:
        chart, language = self.chart, self.page.language
        made.x_axis.delete = made.y_axis.delete = False
        flat = chart.kind == "tornado"
        made.x_axis.axPos, made.y_axis.axPos = ("l", "b") if flat else ("b", "l")
        made.y_axis.crossBetween = "midCat" if chart.kind == "scatter" else "between"
        made.y_axis.title = _named(chart.axis.of(language))
        made.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=GRID)))
        made.y_axis.number_format = "[<1]General;#,##0"
        made.x_axis.tickLblPos = "low"
        made.x_axis.txPr = _small(TURNED if chart.turned else None)
        made.y_axis.txPr = _small()
        if chart.across.en:
            made.x_axis.title = _named(chart.across.of(language))
            made.x_axis.number_format = "#,##0"
            made.x_axis.majorGridlines = None
        if chart.log:
            made.y_axis.scaling.logBase = 10
            made.x_axis.crosses = made.y_axis.crosses = "min"
        if chart.origin is not None and chart.log:  # where more than 1 is told from less
            made.x_axis.crosses, made.x_axis.crossesAt = None, chart.origin
        if chart.log_across:
            made.x_axis.scaling.logBase = 10

    def _span(self, series: Series, field: str) -> str:
        """The cells of a series, on its own sheet or where they live."""
        if not series.table:
            return self._drawn(self.layout.spots[drawn_spot(field)].row)
        keys = self._keys(series.table)
        block = self._view(series.table)
        if block is not None:
            position = [f.id for f in block.fields].index(field)
            return self._range(block.spot(position, 0), block.spot(position, len(keys) - 1))
        return self._range(*(self.layout.spot(series.table, field, keys[i]) for i in (0, -1)))

    def _drawn(self, row: int) -> str:
        """A row of what the Monte Carlo has drawn, which stands on the chart's own sheet, over all scenarios."""
        last = FIRST + len(self.layout.model.keys[SCENARIOS]) - 1
        return self._range(Spot(self.page.sheet.id, row, FIRST), Spot(self.page.sheet.id, row, last))

    def _keys(self, table: str) -> tuple[str, ...]:
        model, until = self.layout.model, self.chart.until
        keys = model.keys[table][: self.chart.most or None]
        if until:
            return tuple(takewhile(lambda key: (*until, key) in model.data, keys))
        first = self.chart.first
        return tuple(takewhile(lambda key: model.data[table, first, key].value == 1, keys)) if first else keys

    def _names(self, series: Series) -> str:
        """The labels along the axis of categories."""
        if not series.table:
            return self._drawn(HEADING_ROW)
        keys = self._keys(series.table)
        block = self._view(series.table) or self.layout.block_of(series.table, series.field)
        if block.across:
            ends = [Spot(block.sheet, block.heading, block.spot(0, i).column) for i in (0, len(keys) - 1)]
        else:
            ends = [Spot(block.sheet, block.spot(0, i).row, LABEL) for i in (0, len(keys) - 1)]
        return self._range(*ends)

    def _view(self, table: str) -> Block | None:
        """The block on the chart's own sheet that shows the table once more, when it holds every series of it."""
        wanted = {series.field for series in self.chart.series if series.table == table}
        for block in self.layout.blocks_of(self.page.sheet.id):
            if block.table.id == table and wanted <= {field.id for field in block.fields}:
                return block
        return None

    def _range(self, first: Spot, last: Spot) -> str:
        return f"{self.layout.absolute(first)}:{self.layout.absolute(last).rpartition('!')[2]}"


def _small(rotation: int | None = None) -> RichText:
    properties = CharacterProperties(sz=800)
    body = RichTextProperties(rot=rotation) if rotation else RichTextProperties()
    return RichText(bodyPr=body, p=[_empty(ParagraphProperties(defRPr=properties), properties)])


def _empty(properties: ParagraphProperties, end: CharacterProperties) -> Paragraph:
    """How the text is drawn that stands elsewhere: openpyxl gives each paragraph a text of its own, be it empty."""
    made = Paragraph(pPr=properties, endParaRPr=end)
    made.r = []
    return made


def _named(text: str) -> Title:
    made = title_maker(text)
    made.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=900, b=False))
    made.overlay = False
    return made
