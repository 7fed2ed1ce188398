"""Native charts of Summary. openpyxl writes no data caches: packaging fills them from the recalculated cells."""

from __future__ import annotations

from openpyxl.chart import LineChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter

from threegates.layout import Block, Layout
from threegates.workbook.page import Page
from threegates.workbook.phrases import PHRASES

COLOUR = "1F3864"
SIZE_CM = (17.5, 8.5)
ROWS = 19  # that a chart covers


def add_charts(page: Page, block: Block, row: int) -> None:
    """Compute and capacity by scenario: dots, for on a log axis the length of a bar means nothing."""
    compute = _dots(page, block, "compute_multiple", _named(page.layout, "chart_compute"), "#,##0")
    power = _dots(page, block, "facility_capacity_gw", page.phrase("chart_power"), "0.00")
    page.ws.add_chart(compute, f"A{row}")
    page.ws.add_chart(power, f"{get_column_letter(block.first.column + 1)}{row}")


def descriptions(layout: Layout) -> tuple[str, ...]:
    """The alternative texts of the charts, in their order."""
    return _named(layout, "chart_compute_alt"), _named(layout, "chart_power_alt")


def _named(layout: Layout, key: str) -> str:
    anchor = layout.model.assumptions.entries["scenarios"][layout.model.anchor].label
    return PHRASES[key].of(layout.language).replace("{anchor}", anchor.of(layout.language))


def _dots(page: Page, block: Block, name: str, title: str, number_format: str) -> LineChart:
    first, last = block.first.column, block.first.column + len(block.keys) - 1
    row = block.first.row + [field.id for field in block.fields].index(name)
    series = Series(Reference(page.ws, min_col=first, max_col=last, min_row=row), title_from_data=False)
    series.tx = _title(page, row)
    labels = Reference(page.ws, min_col=first, max_col=last, min_row=block.heading)
    series.cat = AxDataSource(strRef=StrRef(str(labels)))  # set_categories would take the labels for numbers
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    series.smooth = False
    series.marker = Marker(symbol="circle", size=9)
    series.marker.graphicalProperties = GraphicalProperties(solidFill=COLOUR)
    series.marker.graphicalProperties.line.solidFill = COLOUR
    unwanted = dict.fromkeys(("showSerName", "showCatName", "showLegendKey", "showPercent"), False)
    series.dLbls = DataLabelList(showVal=True, numFmt=number_format, dLblPos="t", txPr=_small_text(), **unwanted)
    chart = LineChart()
    chart.title = title
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1200, b=True))
    chart.width, chart.height = SIZE_CM
    chart.append(series)
    chart.y_axis.scaling.logBase = 10
    chart.y_axis.number_format = "General"
    chart.x_axis.crosses = chart.y_axis.crosses = "min"
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend = None
    return chart


def _small_text() -> RichText:
    properties = CharacterProperties(sz=800)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)])


def _title(page: Page, row: int) -> SeriesLabel:
    name = page.layout.sheet_name(page.sheet.id).replace("'", "''")
    return SeriesLabel(strRef=StrRef(f"'{name}'!$A${row}"))
