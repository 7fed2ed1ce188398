"""Real training runs compared with the model (Back-test), and the forecast with what came after it (Hindcast)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from threegates.definition.declare import Field, equation, given
from threegates.definition.inputs import NOT_ZERO
from threegates.text import Word

_hindcast_given = partial(given, table="hindcast", sheet="hindcast", source="definition")
_hindcast = partial(equation, table="hindcast", sheet="hindcast", source="definition")

HINDCAST_FIELDS = (
    _hindcast_given("published_on", "", "released", "发布时间", kind="month", format="month"),
    _hindcast_given("estimate", "FLOP",
        "training compute, estimated", "训练算力估计",
        format="scientific", minimum=NOT_ZERO, ranged=True, optional=True),
    _hindcast_given("forecast_low", "1", "forecast, low", "预测（低）", kind="formula"),
    _hindcast_given("forecast_high", "1", "forecast, high", "预测（高）", kind="formula"),
    _hindcast("times_anchor", "1", "where(estimate > 0, estimate / anchor.training_flop, unknown)",
        "estimate, multiple of {anchor}", "估计值相当于 {anchor} 的倍数",
        "on the model's own {anchor}, whoever made the estimate", "一律除以本模型的 {anchor} 算力"),
    _hindcast("times_low", "1", "where(estimate__low > 0, estimate__low / anchor.training_flop, unknown)",
        "multiple, low", "倍数（低）",
        "— where no interval has been published", "未公布区间时为 —"),
    _hindcast("times_high", "1", "where(estimate__high > 0, estimate__high / anchor.training_flop, unknown)",
        "multiple, high", "倍数（高）",
        "— where no interval has been published", "未公布区间时为 —"),
    _hindcast("forecast_ratio", "1", "where(known(times_anchor), forecast_low / times_anchor, unknown)",
        "low forecast over estimate", "预测下限与估计值之比",
        "above 1, less was spent than even the low forecast says", "大于 1 表示实际低于预测下限"),
    _hindcast("outcome", "1",
        "(estimate > 0) + (max(estimate, estimate__high) / anchor.training_flop >= forecast_low) "
        "+ (estimate / anchor.training_flop >= forecast_low) + (estimate / anchor.training_flop > forecast_high)",
        "outcome", "结果",
        "the estimate, and the high end of its interval, against the forecast", "以估计值及其区间上限对照预测",
        format="text",
        words=(
            Word("not known", "未知"),
            Word("below the forecast", "低于预测"),
            Word("below; its interval reaches the forecast", "低于预测，但区间触及"),
            Word("within the forecast", "在预测之内"),
            Word("above the forecast", "高于预测"),
        )),
)

# Groups of runs with a similar MFU. Each group is a table, so that the other runs of the group stand directly above and
# below a run, where its formula can take their median.
RUN_GROUPS = ("runs_dense_a100", "runs_dense_hopper", "runs_moe", "runs_tpu")

_run_given = partial(given, sheet="backtest", source="definition", optional=True, minimum=NOT_ZERO)
_run = partial(equation, sheet="backtest", source="definition")

_RUN: tuple[Field, ...] = (
    _run_given("released", "", "released", "发布时间", kind="month", format="month", minimum=None),
    _run_given("chip", "", "chip", "芯片", kind="link", target=("chips",), format="text", minimum=None),
    _run_given("precision_used", "", "precision", "精度", kind="text", format="text", minimum=None),
    _run_given("own_peak_16bit", "FLOP/s/card",
        "16-bit peak, where the chip is not on Chips", "16 位峰值（芯片不在“芯片”页时）",
        format="scientific"),
    _run_given("total_params", "param", "total parameters", "总参数", format="scientific"),
    _run_given("active_params", "param", "active parameters", "激活参数", format="scientific", optional=False),
    _run_given("tokens", "token", "training tokens", "训练 token 数", format="scientific", optional=False),
    _run_given("reported_hours", "card*h", "card-hours, reported", "卡时（公布值）", format="whole", optional=False),
    _run_given("stated_mfu", "1", "MFU, stated", "MFU（公布值）", format="percent", maximum=1, ranged=True),
    _run("run_flop", "FLOP", "flop_per_param_token * active_params * tokens",
        "training compute", "训练算力",
        "the equation of the scenarios", "与情景同一公式",
        format="scientific"),
    _run("peak_16bit", "FLOP/s/card", "where(own_peak_16bit > 0, own_peak_16bit, chip.bf16)",
        "16-bit dense peak", "16 位稠密峰值",
        "of the run's own chip", "该次训练所用芯片",
        format="scientific"),
    _run("implied_mfu", "1", "run_flop / (reported_hours * seconds_per_hour * peak_16bit)",
        "MFU implied, failures included", "隐含 MFU（含故障）",
        "compute over what the reported card-hours could do at the peak", "训练算力与公布卡时满载运算量之比",
        format="percent"),
    _run("hours_at_stated", "card*h",
        "where(stated_mfu > 0, run_flop / (peak_16bit * stated_mfu * seconds_per_hour), unknown)",
        "card-hours at the stated MFU", "按公布 MFU 计算的卡时",
        "what a steady state would take", "按稳态利用率所需",
        format="whole"),
    _run("goodput_gap", "1", "where(stated_mfu > 0, implied_mfu / stated_mfu, unknown)",
        "implied over stated MFU", "隐含与公布 MFU 之比",
        "the gap is what failures, restarts and other losses took", "差额即故障、重启等损失",
        format="percent"),
)
# Further columns of runs in a group, which are predicted from the others of the group.
_GROUPED: tuple[Field, ...] = (
    _run("group_mfu", "1", "median(others.implied_mfu)",
        "MFU of the others of the group, median", "同组其他训练的 MFU 中位数",
        "no run predicts itself", "预测时不含其自身",
        format="percent"),
    _run("predicted_hours", "card*h", "run_flop / (peak_16bit * group_mfu * seconds_per_hour)",
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

RUN_FIELDS = (
    *(replace(field, table=table) for table in RUN_GROUPS for field in (*_RUN, *_GROUPED)),
    *(replace(field, table="runs_single") for field in _RUN),
)

_fit = partial(given, table="fits", sheet="backtest", source="definition", kind="formula", optional=True)

FIT_FIELDS = (
    _fit("runs", "1", "runs", "训练次数", format="whole"),
    _fit("middle_mfu", "1", "MFU implied, median", "隐含 MFU 中位数", format="percent"),
    _fit("middle_ratio", "1", "predicted over reported, median", "预测与公布之比（中位数）"),
    _fit("half_within", "1", "half of the runs within a factor of", "一半训练的偏差不超过（倍）"),
    _fit("all_within", "1", "all of the runs within a factor of", "全部训练的偏差不超过（倍）"),
    _fit("middle_gap", "1", "implied over stated MFU, median", "隐含与公布 MFU 之比（中位数）", format="percent"),
)
