"""What a scenario, and each constant, asks the YAML for."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import PER_RECORD, Field
from threegates.text import Text, Word

PRECISIONS = ("bf16", "fp8", "fp4")
NOT_ZERO = 1e-9

_input = partial(Field, sheet="assumptions")

INPUTS = (
    _input(
        "params_multiple",
        Text("parameters, multiple of the reference", "参数量（参考值的倍数）"),
        "1",
        why=Text("total parameters over reference_params", "总参数与参考参数之比"),
        minimum=NOT_ZERO,
    ),
    _input(
        "tokens_multiple",
        Text("tokens, multiple of the reference", "token 数（参考值的倍数）"),
        "1",
        why=Text("training tokens over reference_tokens", "训练 token 与参考 token 之比"),
        minimum=NOT_ZERO,
    ),
    _input(
        "own_params",
        Text("parameters, set directly", "自定义参数量"),
        "param",
        format="scientific",
        why=Text("blank as a rule; wins over the multiple when given", "一般留空；填写后以此为准，倍数失效"),
        minimum=0,
        optional=True,
    ),
    _input(
        "own_tokens",
        Text("tokens, set directly", "自定义 token 数"),
        "token",
        format="scientific",
        why=Text("blank as a rule; wins over the multiple when given", "一般留空；填写后以此为准，倍数失效"),
        minimum=0,
        optional=True,
    ),
    _input(
        "active_share",
        Text("active share of parameters", "激活参数占比"),
        "1",
        format="percent",
        why=Text(
            "share of the parameters that work on each token; 1 for a dense model",
            "每个 token 用到的参数占比；稠密模型为 1",
        ),
        minimum=NOT_ZERO,
        maximum=1,
    ),
    _input(
        "chip",
        Text("chip", "芯片"),
        kind="link",
        target=("chips",),
        format="text",
        why=Text("a row of Chips", "“芯片”页的一行"),
    ),
    _input(
        "precision",
        Text("precision", "精度"),
        kind="choice",
        target=PRECISIONS,
        format="text",
        why=Text("the number format whose dense peak counts", "按哪种精度的稠密峰值计算"),
    ),
    Field(
        "precision_gap",
        Text("is the precision on the chip?", "芯片支持该精度吗？"),
        "1",
        "1 - (chip[precision] > 0)",
        sheet="assumptions",
        format="text",
        words=(Word("on the chip", "支持"), Word("NOT ON THIS CHIP", "该芯片不支持", "bad")),
        why=Text("a chip without a peak at this precision cannot run it", "芯片在该精度下没有峰值，就不能用"),
        source="definition",
    ),
    _input(
        "mfu",
        Text("model FLOPs utilization (MFU)", "模型算力利用率（MFU）"),
        "1",
        format="percent",
        why=Text("model FLOP done over the dense peak at this precision", "实际完成的模型运算量与该精度稠密峰值之比"),
        minimum=NOT_ZERO,
        maximum=1,
        ranged=True,
    ),
    _input(
        "goodput",
        Text("goodput (effective training time)", "有效训练时间占比"),
        "1",
        format="percent",
        why=Text(
            "share of the time that is not lost to failures; 1 where the MFU includes them",
            "未因故障损失的时间占比；MFU 已含故障时取 1",
        ),
        minimum=NOT_ZERO,
        maximum=1,
        ranged=True,
    ),
    _input(
        "months",
        Text("training time", "训练时长"),
        "month",
        why=Text("calendar months of the final run", "最终训练所用的自然月"),
        minimum=0.01,
        maximum=240,
        ranged=True,
    ),
    _input(
        "it_over_server",
        Text("all IT power over server power", "全部 IT 功率与服务器功率之比"),
        "1",
        why=Text("scale-out network, storage and management nodes", "含横向扩展网络、存储与管理节点"),
        minimum=1,
        maximum=5,
        ranged=True,
    ),
    _input(
        "pue",
        Text("power usage effectiveness (PUE), annual", "电源使用效率（PUE），年均"),
        "1",
        why=Text(
            "facility energy over IT energy in a year: for average draw and energy",
            "全年设施用电与 IT 用电之比：用于平均功率与电量",
        ),
        minimum=1,
        maximum=5,
        ranged=True,
    ),
    _input(
        "capacity_factor",
        Text("peak facility power over IT power", "峰值设施功率与 IT 功率之比"),
        "1",
        why=Text("the hottest hour at full load: for the capacity that must be built", "最热时段满载：决定要建的容量"),
        minimum=1,
        maximum=5,
        ranged=True,
    ),
    _input(
        "load_factor",
        Text("average load over rated load", "平均负载与额定负载之比"),
        "1",
        format="percent",
        why=Text("what the meters see of the rated power, over the run", "训练期间实际用电与额定功率之比"),
        minimum=NOT_ZERO,
        maximum=1,
        ranged=True,
    ),
    _input(
        "card_hour_price",
        Text("price of a card-hour", "卡时单价"),
        "USD/card/h",
        why=Text("what renting one card for an hour costs", "租用一张卡一小时的价格"),
        minimum=0,
        ranged=True,
    ),
)

_constant = partial(Field, table="constants", sheet="assumptions")

CONSTANT_FIELDS = (_constant("value", Text("value", "数值"), PER_RECORD, format="general", minimum=1e-15, ranged=True),)
