"""The inputs of a scenario, and the value of a constant."""

from functools import partial

from threegates.definition.declare import PER_RECORD, equation, given
from threegates.text import Word

PRECISIONS = ("bf16", "fp8", "fp4")
NOT_ZERO = 1e-9

_input = partial(given, sheet="assumptions")

INPUTS = (
    _input("params_multiple", "1",
        "parameters, multiple of the reference", "参数量（参考值的倍数）",
        "total parameters over reference_params", "总参数与参考参数之比",
        minimum=NOT_ZERO),
    _input("tokens_multiple", "1",
        "tokens, multiple of the reference", "token 数（参考值的倍数）",
        "training tokens over reference_tokens", "训练 token 与参考 token 之比",
        minimum=NOT_ZERO),
    _input("own_params", "param",
        "parameters, set directly", "自定义参数量",
        "blank as a rule; wins over the multiple when given", "一般留空；填写后以此为准，倍数失效",
        format="scientific", minimum=0, optional=True),
    _input("own_tokens", "token",
        "tokens, set directly", "自定义 token 数",
        "blank as a rule; wins over the multiple when given", "一般留空；填写后以此为准，倍数失效",
        format="scientific", minimum=0, optional=True),
    _input("active_share", "1",
        "active share of parameters", "激活参数占比",
        "share of the parameters that work on each token; 1 for a dense model",
        "每个 token 用到的参数占比；稠密模型为 1",
        format="percent", minimum=NOT_ZERO, maximum=1),
    _input("chip", "",
        "chip", "芯片",
        "a row of Chips", "“芯片”页的一行",
        kind="link", target=("chips",), format="text"),
    _input("precision", "",
        "precision", "精度",
        "the number format whose dense peak counts", "按哪种精度的稠密峰值计算",
        kind="choice", target=PRECISIONS, records="precisions", format="text"),
    equation("precision_gap", "1", "1 - (chip[precision] > 0)",
        "is the precision on the chip?", "芯片支持该精度吗？",
        "a chip without a peak at this precision cannot run it", "芯片在该精度下没有峰值，就不能用",
        format="text", sheet="assumptions", source="definition",
        words=(Word("on the chip", "支持"), Word("NOT ON THIS CHIP", "该芯片不支持", "bad"))),
    _input("mfu", "1",
        "model FLOPs utilization (MFU)", "模型算力利用率（MFU）",
        "model FLOP done over the dense peak at this precision; blank: that of the precision, from the table below",
        "实际完成的模型运算量与该精度稠密峰值之比；留空则取下表中该精度的数值",
        format="percent", minimum=NOT_ZERO, maximum=1, ranged=True, optional=True, of_choice="precision"),
    _input("share_16bit", "1",
        "share of the FLOP that stays in 16 bit", "仍用 16 位完成的运算占比",
        "0 where the MFU was measured against the peak of the precision: it holds the 16-bit parts already",
        "若 MFU 按所选精度的峰值测得，则取 0：其中已含 16 位部分",
        format="percent", minimum=0, maximum=1, ranged=True),
    _input("goodput", "1",
        "goodput (effective training time)", "有效训练时间占比",
        "share of the time that is not lost to failures; 1 where the MFU includes them",
        "未因故障损失的时间占比；MFU 已含故障时取 1",
        format="percent", minimum=NOT_ZERO, maximum=1, ranged=True),
    _input("months", "month",
        "training time", "训练时长",
        "calendar months of the final run", "最终训练所用的自然月",
        minimum=0.01, maximum=240, ranged=True),
    _input("it_over_server", "1",
        "all IT power over server power", "全部 IT 功率与服务器功率之比",
        "scale-out network, storage and management nodes", "含横向扩展网络、存储与管理节点",
        minimum=1, maximum=5, ranged=True),
    _input("pue", "1",
        "power usage effectiveness (PUE), annual", "电源使用效率（PUE），年均",
        "facility energy over IT energy in a year: for average draw and energy",
        "全年设施用电与 IT 用电之比：用于平均功率与电量",
        minimum=1, maximum=5, ranged=True),
    _input("capacity_factor", "1",
        "peak facility power over IT power", "峰值设施功率与 IT 功率之比",
        "the hottest hour at full load: for the capacity that must be built", "最热时段满载：决定要建的容量",
        minimum=1, maximum=5, ranged=True),
    _input("load_factor", "1",
        "average load over rated load", "平均负载与额定负载之比",
        "what the meters see of the rated power, over the run", "训练期间实际用电与额定功率之比",
        format="percent", minimum=NOT_ZERO, maximum=1, ranged=True),
    _input("card_hour_price", "USD/card/h",
        "price of a card-hour", "卡时单价",
        "what renting one card for an hour costs", "租用一张卡一小时的价格",
        minimum=0, ranged=True),
)

PRECISION_FIELDS = (
    _input("mfu", "1",
        "MFU at this precision", "该精度的 MFU",
        "of scenarios that give none of their own", "情景未自填 MFU 时采用",
        table="precisions", format="percent", minimum=NOT_ZERO, maximum=1, ranged=True, optional=True),
)

CONSTANT_FIELDS = (
    _input("value", PER_RECORD, "value", "数值", table="constants", format="general", minimum=1e-15, ranged=True),
)
