"""Real training runs compared with the model (Back-test), and the forecast with what came after it (Hindcast).

Runs with a similar MFU are a group, and each group is a table, so that the other runs of the group stand directly above
and below a run, where its formula can take their median. The YAML names the groups; until then, one table stands for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from threegates.definition.declare import Chart, Definition, Field, Group, Series, Table, equation, given
from threegates.definition.inputs import NOT_ZERO, PRECISIONS
from threegates.text import Text, Word

_hindcast_given = partial(given, table="hindcast", sheet="hindcast", source="definition")
_hindcast = partial(equation, table="hindcast", sheet="hindcast", source="definition")

HINDCAST_FIELDS = (
    _hindcast_given("published_on", "", "released", "发布时间", kind="month", format="month"),
    _hindcast_given("estimate", "FLOP",
        "training compute, estimated", "训练算力估计",
        format="scientific", minimum=NOT_ZERO, ranged=True, optional=True),
    _hindcast_given("forecast_low", "1", "forecast, low", "预测（低）", kind="formula", optional=True),
    _hindcast_given("forecast_high", "1", "forecast, high", "预测（高）", kind="formula", optional=True),
    _hindcast("times_anchor", "1", "where(estimate > 0, estimate / anchor.training_flop, unknown)",
        "estimate, multiple of {anchor}", "估计值相当于 {anchor} 的倍数",
        "on the model's own {anchor}, whoever made the estimate", "一律除以本模型的 {anchor} 算力"),
    _hindcast("times_low", "1", "where(estimate__low > 0, estimate__low / anchor.training_flop, unknown)",
        "multiple, low", "倍数（低）",
        "— where no interval has been published", "未公布区间时为 —"),
    _hindcast("times_high", "1", "where(estimate__high > 0, estimate__high / anchor.training_flop, unknown)",
        "multiple, high", "倍数（高）",
        "— where no interval has been published", "未公布区间时为 —"),
    _hindcast("forecast_ratio", "1", "where(known(times_anchor) * known(forecast_low) > 0, forecast_low / times_anchor, unknown)",
        "low forecast over estimate", "预测下限与估计值之比",
        "above 1, less was spent than even the low forecast says", "大于 1 表示实际低于预测下限"),
    _hindcast("outcome", "1",
        "known(forecast_ratio) * (1 + (max(estimate, estimate__high) / anchor.training_flop >= forecast_low) "
        "+ (times_anchor >= forecast_low) + (times_anchor > forecast_high))",
        "outcome", "结果",
        "the estimate, and the high end of its interval, against the forecast", "以估计值及其区间上限对照预测",
        format="text",
        words=(
            Word("not compared", "不作对照"),
            Word("below the forecast", "低于预测"),
            Word("below; its interval reaches the forecast", "低于预测，但区间触及"),
            Word("within the forecast", "在预测之内"),
            Word("above the forecast", "高于预测"),
        )),
)

RUNS = Table("run_groups", Text("Groups of training runs", "训练分组"), facts=True, groups="runs_")
LEAST_RUNS = 3  # of a group that is predicted: two would predict each other
MOST_GROUPS = 8  # that are predicted: a chart tells no more marks apart

_run_given = partial(given, table=RUNS.id, sheet="backtest", source="definition", optional=True, minimum=NOT_ZERO)
_run = partial(equation, table=RUNS.id, sheet="backtest", source="definition")

_EVERY_RUN: tuple[Field, ...] = (
    _run_given("released", "", "released", "发布时间", kind="month", format="month", minimum=None),
    _run_given("chip", "", "chip", "芯片", kind="link", target=("chips",), format="text", minimum=None),
    _run_given("precision_used", "", "precision", "精度",
        "the number format whose dense peak counts; 16-bit formats are all bf16",
        "按哪种精度的稠密峰值计算；16 位格式一律作 bf16",
        kind="choice", target=PRECISIONS, format="text", optional=False, minimum=None),
    _run_given("own_peak", "FLOP/s/card",
        "dense peak, where the chip is not on Chips", "稠密峰值（芯片不在“芯片”页时）",
        "at the precision of the run", "按该次训练的精度",
        format="scientific"),
    _run_given("total_params", "param", "total parameters", "总参数", format="scientific"),
    _run_given("active_params", "param", "active parameters", "激活参数", format="scientific", optional=False),
    _run_given("tokens", "token", "training tokens", "训练 token 数", format="scientific", optional=False),
    _run_given("reported_hours", "card*h", "card-hours, reported", "卡时（公布值）", format="whole", optional=False),
    _run_given("stated_mfu", "1", "MFU, stated", "MFU（公布值）",
        "of the peak at the run's own precision", "按该次训练精度的峰值",
        format="percent", maximum=1, ranged=True),
    _run("run_flop", "FLOP", "flop_per_param_token * active_params * tokens",
        "training compute", "训练算力",
        "the equation of the scenarios", "与情景同一公式",
        format="scientific"),
    _run("run_peak", "FLOP/s/card", "where(own_peak > 0, own_peak, chip[precision_used])",
        "dense peak at its precision", "该精度下的稠密峰值",
        "of the run's own chip at the run's own precision", "该次训练所用芯片、所用精度",
        format="scientific"),
    _run("implied_mfu", "1", "run_flop / (reported_hours * seconds_per_hour * run_peak)",
        "MFU implied, failures included", "隐含 MFU（含故障）",
        "compute over what the reported card-hours could do at the peak", "训练算力与公布卡时满载运算量之比",
        format="percent"),
    _run("hours_at_stated", "card*h",
        "where(stated_mfu > 0, run_flop / (run_peak * stated_mfu * seconds_per_hour), unknown)",
        "card-hours at the stated MFU", "按公布 MFU 计算的卡时",
        "what a steady state would take", "按稳态利用率所需",
        format="whole"),
    _run("goodput_gap", "1", "where(stated_mfu > 0, implied_mfu / stated_mfu, unknown)",
        "implied over stated MFU", "隐含与公布 MFU 之比",
        "the gap is what failures, restarts and other losses took", "差额即故障、重启等损失",
        format="percent"),
)
# Further columns of the runs of a group that is predicted.
_PREDICTED: tuple[Field, ...] = (
    _run("group_mfu", "1", "median(others.implied_mfu)",
        "MFU of the others of the group, median", "同组其他训练的 MFU 中位数",
        "no run predicts itself", "预测时不含其自身",
        format="percent"),
    _run("predicted_hours", "card*h", "run_flop / (run_peak * group_mfu * seconds_per_hour)",
        "card-hours, predicted", "卡时（预测）",
        "compute over peak × MFU of the group", "训练算力 ÷（峰值 × 同组 MFU）",
        format="whole"),
    _run("hours_ratio", "1", "predicted_hours / reported_hours",
        "predicted over reported", "预测与公布之比",
        "1 is exact", "1 为完全一致"),
    _run("off_by", "1", "max(hours_ratio, 1 / hours_ratio)",
        "off by a factor of", "偏差倍数",
        "the same, whether too many or too few", "偏多偏少一视同仁"),
)

RUN_FIELDS = (*_EVERY_RUN, *_PREDICTED)

FITS = Table("fits", Text("How good the equations are", "公式有多准"))
ALL_GROUPS, ALL_GROUPS_LABEL = "all_groups", Text("all groups", "全部分组")
OF_THE_RUNS = re.compile(r"\bruns\.(\w+)")  # in the formulas below: a column of the runs of the group, or of all groups

_fit = partial(equation, table=FITS.id, sheet="backtest", source="definition")

FIT_FIELDS = (
    _fit("runs", "1", "count(runs.implied_mfu)",
        "runs", "训练次数",
        "whose hours are predicted from the others of their group", "卡时由同组其他训练预测",
        format="whole"),
    _fit("middle_mfu", "1", "median(runs.implied_mfu)",
        "MFU implied, median", "隐含 MFU 中位数",
        "each of the peak at its own precision", "各按自身精度的峰值",
        format="percent"),
    _fit("middle_ratio", "1", "median(runs.hours_ratio)",
        "predicted over reported, median", "预测与公布之比（中位数）",
        "1 is exact", "1 为完全一致"),
    _fit("half_within", "1", "median(runs.off_by)",
        "half of the runs within a factor of", "一半训练的偏差不超过（倍）",
        "the median of what they are off by", "偏差倍数的中位数"),
    _fit("all_within", "1", "largest(runs.off_by)",
        "all of the runs within a factor of", "全部训练的偏差不超过（倍）",
        "the most that one is off by", "偏差倍数的最大值"),
    _fit("stated", "1", "count(runs.stated_mfu)",
        "runs with a stated MFU", "公布了 MFU 的训练次数",
        "the others publish none", "其余未公布",
        format="whole"),
    _fit("middle_gap", "1", "where(stated > 0, median(runs.goodput_gap), unknown)",
        "implied over stated MFU, median", "隐含与公布 MFU 之比（中位数）",
        "— where none is stated", "均未公布时为 —",
        format="percent"),
)


def formula_of(field: Field, groups: Iterable[Group]) -> str:
    """The formula of a fit, over the runs of all ``groups``."""
    ids = [group.id for group in groups]
    return OF_THE_RUNS.sub(lambda match: ", ".join(f"{name}.{match[1]}" for name in ids), field.formula)


def with_groups(definition: Definition, groups: Sequence[Group]) -> Definition:
    """The definition in which each group is a table of its own, instead of the one table that stood for all."""
    ids = tuple(group.id for group in groups)
    kept = [field for field in definition.equations if field.table != RUNS.id]
    shared = [field for field in definition.equations if field.table == RUNS.id]
    start = definition.equations.index(shared[0])
    own = (replace(field, table=group.id) for group in groups for field in shared if _applies(field, group))
    return replace(
        definition,
        equations=(*kept[:start], *own, *kept[start:]),
        tables=tuple(each for table in definition.tables for each in _tables(table, groups)),
        sheets=tuple(replace(sheet, tables=_instead(sheet.tables, ids)) for sheet in definition.sheets),
        charts=tuple(_chart(chart, groups) for chart in definition.charts),
        groups=tuple(groups),
    )


def _applies(field: Field, group: Group) -> bool:
    return group.predicted or field.id not in {column.id for column in _PREDICTED}


def _tables(table: Table, groups: Iterable[Group]) -> Iterable[Table]:
    if table.id != RUNS.id:
        return (table,)
    least = {True: LEAST_RUNS, False: 1}
    return (replace(table, id=g.id, label=g.label, groups="", least=least[g.predicted]) for g in groups)


def _instead(tables: tuple[str, ...], ids: tuple[str, ...]) -> tuple[str, ...]:
    """The names of tables, with those of the groups in the place of the one that stood for them."""
    return tuple(each for name in tables for each in (ids if name == RUNS.id else (name,)))


def _chart(chart: Chart, groups: Iterable[Group]) -> Chart:
    """Each series over the runs, once for each group that is predicted; one without a label takes that of the group."""

    def each(series: Series) -> Iterable[Series]:
        if series.table != RUNS.id:
            return (series,)
        return (series._replace(table=g.id, label=series.label if series.label.en else g.label) for g in predicted)

    predicted = [group for group in groups if group.predicted]
    return replace(chart, series=tuple(one for series in chart.series for one in each(series)))
