"""What the model is held against: real training runs, and what came after the forecast."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import Field
from threegates.definition.inputs import NOT_ZERO
from threegates.definition.published import RUNS_ALONE
from threegates.text import Text, Word

_hindcast = partial(Field, table="hindcast", sheet="hindcast", source="definition")

HINDCAST_FIELDS = (
    _hindcast("published_on", Text("released", "发布时间"), kind="month", format="month"),
    _hindcast(
        "estimate",
        Text("training compute, estimated", "训练算力估计"),
        "FLOP",
        format="scientific",
        minimum=NOT_ZERO,
        ranged=True,
    ),
    _hindcast("forecast_low", Text("forecast, low", "预测（低）"), "1", kind="formula"),
    _hindcast("forecast_high", Text("forecast, high", "预测（高）"), "1", kind="formula"),
    _hindcast(
        "times_anchor",
        Text("estimate, multiple of {anchor}", "估计值相当于 {anchor} 的倍数"),
        "1",
        "estimate / anchor.training_flop",
        why=Text("on the model's own {anchor}, whoever made the estimate", "一律除以本模型的 {anchor} 算力"),
    ),
    _hindcast(
        "times_low",
        Text("multiple, low", "倍数（低）"),
        "1",
        "where(estimate__low > 0, estimate__low / anchor.training_flop, unknown)",
        why=Text("— where no interval has been published", "未公布区间时为 —"),
    ),
    _hindcast(
        "times_high",
        Text("multiple, high", "倍数（高）"),
        "1",
        "where(estimate__high > 0, estimate__high / anchor.training_flop, unknown)",
        why=Text("— where no interval has been published", "未公布区间时为 —"),
    ),
    _hindcast(
        "forecast_ratio",
        Text("low forecast over estimate", "预测下限与估计值之比"),
        "1",
        "forecast_low / times_anchor",
        why=Text("above 1, less was spent than even the low forecast says", "大于 1 表示实际低于预测下限"),
    ),
    _hindcast(
        "outcome",
        Text("outcome", "结果"),
        "1",
        "(max(estimate, estimate__high) / anchor.training_flop >= forecast_low) + (times_anchor >= forecast_low) "
        "+ (times_anchor > forecast_high)",
        format="text",
        words=(
            Word("below the forecast", "低于预测"),
            Word("below; its interval reaches the forecast", "低于预测，但区间触及"),
            Word("within the forecast", "在预测之内"),
            Word("above the forecast", "高于预测"),
        ),
        why=Text(
            "the estimate, and the high end of its interval, against the forecast", "以估计值及其区间上限对照预测"
        ),
    ),
)

# Groups of runs that share an MFU; each has a table of its own, so that the others of a run stand above and below it.
RUN_GROUPS = ("runs_dense_a100", "runs_dense_hopper", "runs_moe", "runs_tpu")


def _run_fields(table: str) -> tuple[Field, ...]:
    run = partial(Field, table=table, sheet="backtest", source="definition")
    fact = partial(run, optional=True, minimum=NOT_ZERO)
    known = (
        fact("released", Text("released", "发布时间"), kind="month", format="month", minimum=None),
        fact("chip", Text("chip", "芯片"), kind="link", target=("chips",), format="text", minimum=None),
        fact("precision_used", Text("precision", "精度"), kind="text", format="text", minimum=None),
        fact(
            "own_peak_16bit",
            Text("16-bit peak, where the chip is not on Chips", "16 位峰值（芯片不在“芯片”页时）"),
            "FLOP/s/card",
            format="scientific",
        ),
        fact("total_params", Text("total parameters", "总参数"), "param", format="scientific"),
        fact("active_params", Text("active parameters", "激活参数"), "param", format="scientific", optional=False),
        fact("tokens", Text("training tokens", "训练 token 数"), "token", format="scientific", optional=False),
        fact("reported_hours", Text("card-hours, reported", "卡时（公布值）"), "card*h", format="whole", optional=False),
        fact("stated_mfu", Text("MFU, stated", "MFU（公布值）"), "1", format="percent", maximum=1, ranged=True),
        run(
            "run_flop",
            Text("training compute", "训练算力"),
            "FLOP",
            "flop_per_param_token * active_params * tokens",
            format="scientific",
            why=Text("the equation of the scenarios", "与情景同一公式"),
        ),
        run(
            "peak_16bit",
            Text("16-bit dense peak", "16 位稠密峰值"),
            "FLOP/s/card",
            "where(own_peak_16bit > 0, own_peak_16bit, chip.bf16)",
            format="scientific",
            why=Text("of the run's own chip", "该次训练所用芯片"),
        ),
        run(
            "implied_mfu",
            Text("MFU implied, failures included", "隐含 MFU（含故障）"),
            "1",
            "run_flop / (reported_hours * seconds_per_hour * peak_16bit)",
            format="percent",
            why=Text("compute over what the reported card-hours could do at the peak", "训练算力与公布卡时满载运算量之比"),
        ),
        run(
            "hours_at_stated",
            Text("card-hours at the stated MFU", "按公布 MFU 计算的卡时"),
            "card*h",
            "where(stated_mfu > 0, run_flop / (peak_16bit * stated_mfu * seconds_per_hour), unknown)",
            format="whole",
            why=Text("what a steady state would take", "按稳态利用率所需"),
        ),
        run(
            "goodput_gap",
            Text("implied over stated MFU", "隐含与公布 MFU 之比"),
            "1",
            "where(stated_mfu > 0, implied_mfu / stated_mfu, unknown)",
            format="percent",
            why=Text("the gap is what failures, restarts and other losses took", "差额即故障、重启等损失"),
        ),
    )  # fmt: skip
    if table == RUNS_ALONE:
        return known
    return (
        *known,
        run(
            "group_mfu",
            Text("MFU of the others of the group, median", "同组其他训练的 MFU 中位数"),
            "1",
            "median(others.implied_mfu)",
            format="percent",
            why=Text("no run predicts itself", "预测时不含其自身"),
        ),
        run(
            "predicted_hours",
            Text("card-hours, predicted", "卡时（预测）"),
            "card*h",
            "run_flop / (peak_16bit * group_mfu * seconds_per_hour)",
            format="whole",
            why=Text("compute over peak × MFU of the group", "训练算力 ÷（峰值 × 同组 MFU）"),
        ),
        run(
            "hours_ratio",
            Text("predicted over reported", "预测与公布之比"),
            "1",
            "predicted_hours / reported_hours",
            why=Text("1 is exact", "1 为完全一致"),
        ),
        run(
            "off_by",
            Text("off by a factor of", "偏差倍数"),
            "1",
            "max(hours_ratio, 1 / hours_ratio)",
            why=Text("the same, whether too many or too few", "偏多偏少一视同仁"),
        ),
    )


RUN_FIELDS = tuple(field for table in (*RUN_GROUPS, RUNS_ALONE) for field in _run_fields(table))

_fit = partial(Field, table="fits", sheet="backtest", source="definition", kind="formula", optional=True)

FIT_FIELDS = (
    _fit("runs", Text("runs", "训练次数"), "1", format="whole"),
    _fit("middle_mfu", Text("MFU implied, median", "隐含 MFU 中位数"), "1", format="percent"),
    _fit("middle_ratio", Text("predicted over reported, median", "预测与公布之比（中位数）"), "1"),
    _fit("half_within", Text("half of the runs within a factor of", "一半训练的偏差不超过（倍）"), "1"),
    _fit("all_within", Text("all of the runs within a factor of", "全部训练的偏差不超过（倍）"), "1"),
    _fit("middle_gap", Text("implied over stated MFU, median", "隐含与公布 MFU 之比（中位数）"), "1", format="percent"),
)
