"""Native charts of Summary. openpyxl writes no data caches: packaging fills them from the recalculated cells."""

from __future__ import annotations

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.utils import get_column_letter

from threegates.layout import Block
from threegates.workbook.page import Page

COLOURS = ("1F3864", "C55A11")  # distinct in print without colour, too
SIZE_CM = (22.0, 8.5)


def add_charts(page: Page, block: Block, row: int) -> None:
    """Compute, and average and peak power, by scenario; both on log axes, since values span decades."""
    anchor = page.layout.model.assumptions.entries["scenarios"][page.layout.model.anchor].label
    title = page.phrase("chart_compute").replace("{anchor}", anchor.of(page.language))
    compute = _bars(page, block, ("compute_multiple",), title, "#,##0")
    power = _bars(page, block, ("facility_power_gw", "facility_capacity_gw"), page.phrase("chart_power"), "0.00")
    page.ws.add_chart(compute, f"A{row}")
    page.ws.add_chart(power, f"{get_column_letter(block.first.column + 3)}{row}")


def _bars(page: Page, block: Block, names: tuple[str, ...], title: str, number_format: str) -> BarChart:
    chart = BarChart()
    chart.type = "col"
    chart.title = title
    chart.style = 10
    chart.width, chart.height = SIZE_CM
    first, last = block.first.column, block.first.column + len(block.keys) - 1
    labels = Reference(page.ws, min_col=first, max_col=last, min_row=block.heading)
    ids = [field.id for field in block.fields]
    for position, name in enumerate(names):
        row = block.first.row + ids.index(name)
        values = Reference(page.ws, min_col=first, max_col=last, min_row=row)
        series = Series(values, title_from_data=False)
        series.tx = _title(page, row)
        series.graphicalProperties = GraphicalProperties(solidFill=COLOURS[position])
        series.dLbls = DataLabelList(showVal=True, numFmt=number_format)
        for flag in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
            setattr(series.dLbls, flag, False)
        chart.append(series)
    chart.set_categories(labels)
    chart.y_axis.scaling.logBase = 10
    chart.y_axis.number_format = "General"
    chart.y_axis.majorGridlines = None
    chart.y_axis.crosses = "min"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
    if len(names) == 1:
        chart.legend = None
    return chart


def _title(page: Page, row: int):  # type: ignore[no-untyped-def]  # openpyxl's own type has no stub
    from openpyxl.chart.series import SeriesLabel, StrRef

    name = page.layout.sheet_name(page.sheet.id).replace("'", "''")
    return SeriesLabel(strRef=StrRef(f"'{name}'!$A${row}"))
