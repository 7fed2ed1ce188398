"""The gates held against what came: forecasts from an earlier day at the growth then assumed, and windows of growth."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from threegates.definition.declare import Field, Table, equation, given
from threegates.definition.inputs import SLOWEST
from threegates.text import Text, Word


class Record(NamedTuple):
    """A table of figures by date that forecasts are made of: its id, that of its spans, its day, its figure, the unit and the format.

    ``carried`` tells whether its records say up to which day they were still the largest; ``is_there`` is above 0 for
    what came and not for what is only planned.
    """

    table: str
    spans: str
    day: str
    value: str
    unit: str
    format: str
    label: Text
    carried: bool = False
    is_there: str = ""


RECORDS = (
    Record("campuses", "campus_spans", "operating_from", "campus_mw", "MW", "whole",
        Text("Power: the largest campus", "电：最大园区"), carried=True, is_there=" * (end.announced <= 0)"),
    Record("developers", "developer_spans", "held_on", "h100e", "card", "whole",
        Text("Cards: the best supplied developer", "卡：持卡最多的开发者")),
    Record("shipped", "shipped_spans", "counted_on", "shipped_h100e", "card", "whole",
        Text("Cards: all that was shipped", "卡：累计出货")),
    Record("corpora", "corpus_spans", "reported_on", "corpus_tokens", "token", "scientific",
        Text("Data: the largest corpus", "数据：最大语料"), carried=True),
    Record("spending", "spending_spans", "year_ends", "spent", "USD", "scientific",
        Text("Money: capital spending", "钱：资本开支")),
)
SPAN_TABLES = tuple(Table(record.spans, record.label, facts=True, cited=True) for record in RECORDS)


def _span_fields(record: Record) -> tuple[Field, ...]:
    """From one record to a later one: what came, and what the growth assumed would have made of the first."""
    return *_chosen(record), *_came(record), *_forecast(record)


def _chosen(record: Record) -> tuple[Field, ...]:
    """What the analyst chooses: the two records, the growth assumed, and whether it is a test."""
    own = partial(given, table=record.spans, sheet="gatetests", source="definition")
    carried = (
        own("carried", "1",
            "to the last day on which it was still the largest (1)", "计至其仍为最大的最后一日（1）",
            format="whole", minimum=0, maximum=1, optional=True),
    )
    return (
        own("start", "", "from the record", "起点记录", kind="link", target=(record.table,), format="text"),
        own("end", "", "to the record", "终点记录", kind="link", target=(record.table,), format="text"),
        own("assumed", "", "growth that was assumed", "采用的增速假设", kind="link", target=("growths",), format="text"),
        own("tested", "1",
            "a test (1), or a window to show (0)", "检验（1）或仅示区间（0）",
            format="whole", minimum=0, maximum=1),
        *(carried if record.carried else ()),
    )


def _came(record: Record) -> tuple[Field, ...]:
    """What came between the two records."""
    row = partial(equation, table=record.spans, sheet="gatetests", source="definition")
    ends_on = f"end.{record.day}"
    if record.carried:
        ends_on = f"max({ends_on}, (carried > 0) * end.still_largest_on)"
    return (
        row("start_value", record.unit, f"start.{record.value}", "figure at the start", "起点值",
            "of the record at the start", "取自起点记录", format=record.format),
        row("starts_on", "day", f"start.{record.day}", "start", "起点日期",
            "the day of that record", "该记录的日期", format="date"),
        row("ends_on", "day", ends_on, "end", "终点日期",
            "the day of the record at the end", "终点记录的日期", format="date"),
        row("came", record.unit, f"end.{record.value}", "what came", "后来实际",
            "of the record at the end", "取自终点记录", format=record.format),
        row("years", "1", "(ends_on - starts_on) / days_per_growth_period", "years", "年数",
            "between the two days", "两个日期之间"),
        row("growth_came", "1", "(came / start_value) ** (1 / years)", "growth a year, as it came", "年增长倍数（实际）",
            "the factor a year that leads from the one to the other", "由起点到终点的年增长倍数"),
        row(f"{record.spans}_run_forward", "1", "years > 0",
            f"end after start ({record.label.en})", f"终点晚于起点（{record.label.zh}）",
            "between two records of one day, or backwards, there is no growth a year",
            "起点与终点为同一日或先后颠倒时，没有年增长可言",
            format="whole", check="error"),
    )


def _forecast(record: Record) -> tuple[Field, ...]:
    """What the growth assumed would have made of the first record, held against the second."""
    row = partial(equation, table=record.spans, sheet="gatetests", source="definition")
    return (
        row("growth_assumed", "1", "assumed.factor", "growth a year, as assumed", "年增长倍数（假设）",
            "as it could be argued then", "当时可论证者"),
        row("forecast", record.unit, "start_value * growth_assumed ** years", "forecast", "预测",
            "the start, grown at the growth assumed", "起点值按所设增速外推", format=record.format),
        row("forecast_low", record.unit, "start_value * assumed.factor__low ** years", "forecast, P5", "预测（P5）",
            "at the low end of that growth", "按增速低值", format=record.format),
        row("forecast_high", record.unit, "start_value * assumed.factor__high ** years", "forecast, P95", "预测（P95）",
            "at the high end of that growth", "按增速高值", format=record.format),
        row("test_ratio", "1", f"where(tested{record.is_there} > 0, came / forecast, unknown)",
            "came over forecast", "实际与预测之比",
            "above 1 more came than was forecast; — for a window or a plan", "大于 1 表示实际高于预测；区间或计划为 —"),
        row("ratio_within", "1",
            "where(known(test_ratio) * (came >= forecast_low) * (came <= forecast_high) > 0, test_ratio, unknown)",
            "the same, where within the range", "同上（在区间之内者）",
            "— outside the stated range", "在区间之外为 —"),
        row("outcome", "1",
            "where(known(test_ratio), 1 + (came >= forecast_low) + (came > forecast_high), 0)",
            "against its range", "与区间对照",
            "what came, against the range of the forecast", "实际值对照预测区间",
            format="text", words=(
                Word("no test", "不作检验"), Word("BELOW", "低于区间", "bad"),
                Word("within", "在区间内", "good"), Word("ABOVE", "高于区间", "bad"),
            )),
    )


GROWTH_FIELDS = (
    given("factor", "1",
        "growth a year", "年增长倍数",
        table="growths", sheet="gatetests", minimum=SLOWEST, maximum=100, ranged=True, scale="rate"),
)

_fit = partial(given, table="growth_fits", sheet="gatetests", source="definition", kind="formula", optional=True)

SPAN_FIELDS: tuple[Field, ...] = (
    *GROWTH_FIELDS,
    *(field for record in RECORDS for field in _span_fields(record)),
    _fit("tests", "1", "tests", "检验次数", format="whole"),
    _fit("middle", "1", "came over forecast, median", "实际与预测之比（中位数）"),
    _fit("least", "1", "the smallest", "最小"),
    _fit("most", "1", "the largest", "最大"),
    _fit("within", "1", "within the stated range", "在所给区间之内", format="whole"),
)
