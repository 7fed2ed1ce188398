"""The chain from parameters to cards, gigawatts, data and money, and the checks of it."""

from __future__ import annotations

from functools import partial

from threegates.records import PER_RECORD, Field, Text, Word

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

_chip = partial(Field, table="chips", sheet="chips", optional=True, minimum=NOT_ZERO)

_column = partial(Field, table="chips", sheet="chips", source="definition")

CHIP_FIELDS = (
    _chip("vendor", Text("vendor", "厂商"), kind="text", format="text", optional=False),
    _chip("card_is", Text("what counts as one card", "一张卡的口径"), kind="text", format="text"),
    _chip("available", Text("volume shipments from", "批量供货时间"), kind="month", format="month"),
    _chip("bf16", Text("dense peak, BF16 (16-bit)", "稠密峰值 BF16（16 位）"), "FLOP/s/card", format="scientific"),
    _chip("fp8", Text("dense peak, FP8", "稠密峰值 FP8"), "FLOP/s/card", format="scientific"),
    _chip("fp4", Text("dense peak, FP4", "稠密峰值 FP4"), "FLOP/s/card", format="scientific"),
    _chip("int8", Text("dense peak, INT8", "稠密峰值 INT8"), "FLOP/s/card", format="scientific"),
    _chip("tdp", Text("TDP", "热设计功耗（TDP）"), "W/card", format="whole"),
    _chip(
        "it_power_per_card",
        Text("IT power per card", "每卡 IT 功率"),
        "W/card",
        format="whole",
        optional=False,
        minimum=NOT_ZERO,
        ranged=True,
    ),
    _chip("hbm", Text("memory (HBM)", "显存容量（HBM）"), "GB/card", format="whole"),
    _chip("price", Text("price of the card", "单卡价格"), "USD/card", format="whole", ranged=True),
    _chip(
        "system_price",
        Text("price of the system, per card", "整机价格（摊到每卡）"),
        "USD/card",
        format="whole",
        ranged=True,
    ),
    _column(
        "h100e_ratio",
        Text("H100 equivalents per card", "每卡折合 H100 张数"),
        "1",
        "where(max(bf16, fp8, int8) > 0, "
        "max(max(fp8, int8) / reference_chip.fp8, (max(fp8, int8) <= 0) * bf16 / reference_chip.bf16), unknown)",
        why=Text(
            "8-bit dense peak over the reference chip's; 16-bit where a chip has no 8-bit",
            "8 位稠密峰值之比；没有 8 位的用 16 位",
        ),
        source="epoch_chip_counts",
    ),
    *(
        _column(
            f"best_{precision}",
            Text(f"best peak at {precision.upper()} or wider", f"{precision.upper()} 及更宽精度下的最高峰值"),
            "FLOP/s/card",
            formula,
            format="scientific",
            why=Text("for a run that may use this precision or a wider one", "允许使用该精度或更宽精度的训练"),
        )
        for precision, formula in (("bf16", "max(bf16, 0)"), ("fp8", "max(bf16, fp8)"), ("fp4", "max(bf16, fp8, fp4)"))
    ),
    _column(
        "price_used",
        Text("price used: system, else card", "采用价格（整机价优先，否则单卡价）"),
        "USD/card",
        "where(max(price, system_price) > 0, max(price, system_price), unknown)",
        format="whole",
        why=Text("— where no price has been published", "没有公开价格时为 —"),
    ),
    _column(
        "peaks_in_order",
        Text("peaks in order", "峰值随精度降低而不降"),
        "1",
        "where(fp4 > 0, fp8 <= fp4, 1) * where(fp8 > 0, bf16 <= fp8, 1)",
        format="whole",
        check="alert",
        why=Text("fewer bits are never slower: bf16 ≤ fp8 ≤ fp4", "位数越少不会越慢：bf16 ≤ fp8 ≤ fp4"),
    ),
    _column(
        "power_above_tdp",
        Text("IT power at least TDP", "IT 功率不低于 TDP"),
        "1",
        "it_power_per_card >= tdp",
        format="whole",
        check="alert",
        why=Text("the share of server or rack is never below the package itself", "摊到每卡的整机功率不会低于芯片本身"),
    ),
)

_flops = partial(Field, sheet="flops", source="definition")

FLOPS = (
    _flops(
        "total_params",
        Text("total parameters", "总参数"),
        "param",
        "where(own_params > 0, own_params, reference_params * params_multiple)",
        format="scientific",
        why=Text(
            "the own number when given, otherwise the reference times the multiple",
            "填了自定义值用自定义值，否则为参考值乘倍数",
        ),
    ),
    _flops(
        "active_params",
        Text("active parameters", "激活参数"),
        "param",
        "total_params * active_share",
        format="scientific",
        why=Text(
            "a mixture of experts uses only some of its parameters for each token",
            "混合专家模型每个 token 只用一部分参数",
        ),
    ),
    _flops(
        "tokens",
        Text("training tokens", "训练 token 数"),
        "token",
        "where(own_tokens > 0, own_tokens, reference_tokens * tokens_multiple)",
        format="scientific",
        why=Text(
            "the own number when given, otherwise the reference times the multiple",
            "填了自定义值用自定义值，否则为参考值乘倍数",
        ),
    ),
    _flops(
        "training_flop",
        Text("training compute", "训练算力（总运算量）"),
        "FLOP",
        "flop_per_param_token * active_params * tokens",
        format="scientific",
        why=Text(
            "6 FLOP for each active parameter and token: 2 forward, 4 backward",
            "每个激活参数、每个 token 约 6 次运算：前向 2、反向 4",
        ),
        source="kaplan_2020",
    ),
    _flops(
        "compute_multiple",
        Text("multiple of {anchor} compute", "相当于 {anchor} 的倍数"),
        "1",
        "training_flop / anchor.training_flop",
        format="multiple",
        why=Text("training compute over that of {anchor}", "训练算力与 {anchor} 之比"),
    ),
    _flops(
        "params_growth",
        Text("parameters over {anchor}", "参数相当于 {anchor} 的倍数"),
        "1",
        "total_params / anchor.total_params",
        why=Text("total parameters over those of {anchor}", "总参数与 {anchor} 之比"),
    ),
    _flops(
        "tokens_growth",
        Text("tokens over {anchor}", "token 数相当于 {anchor} 的倍数"),
        "1",
        "tokens / anchor.tokens",
        why=Text("training tokens over those of {anchor}", "训练 token 与 {anchor} 之比"),
    ),
    _flops(
        "tokens_per_param",
        Text("tokens per active parameter", "每个激活参数的 token 数"),
        "token/param",
        "tokens / active_params",
        why=Text("about 20 is compute-optimal for a dense model", "稠密模型的算力最优约为 20"),
        source="hoffmann_2022",
    ),
    _flops(
        "total_params_t",
        Text("total parameters, trillions", "总参数（万亿）"),
        "Tparam",
        "total_params / params_per_trillion",
        why=Text("the same in trillions", "以万亿计"),
    ),
    _flops(
        "tokens_t",
        Text("training tokens, trillions", "训练 token 数（万亿）"),
        "Ttoken",
        "tokens / tokens_per_trillion",
        why=Text("the same in trillions", "以万亿计"),
    ),
)

_cards = partial(Field, sheet="cards", source="definition")

CARDS = (
    _cards(
        "peak_flops",
        Text("dense peak per card", "单卡稠密峰值"),
        "FLOP/s/card",
        "chip[precision]",
        format="scientific",
        why=Text("of the chip, at the precision", "所选芯片在所选精度下的峰值"),
    ),
    _cards(
        "sustained_flops",
        Text("sustained rate per card", "单卡持续算力"),
        "FLOP/s/card",
        "peak_flops * mfu * goodput",
        format="scientific",
        why=Text("peak × MFU × goodput", "峰值 × MFU × 有效训练时间占比"),
    ),
    _cards(
        "training_time",
        Text("training time in seconds", "训练时长（秒）"),
        "s",
        "months * days_per_month * seconds_per_day",
        format="whole",
        why=Text("months × days × seconds", "月 × 天 × 秒"),
    ),
    _cards(
        "training_days",
        Text("training time in days", "训练时长（天）"),
        "day",
        "months * days_per_month",
        format="significant",
        why=Text("months × days", "月 × 天"),
    ),
    _cards(
        "cards",
        Text("cards (accelerator packages)", "卡（加速卡）"),
        "card",
        "training_flop / (sustained_flops * training_time)",
        format="whole",
        why=Text("compute over what one card does in the time", "总运算量除以单卡在这段时间内完成的运算量"),
    ),
    _cards(
        "cards_m",
        Text("cards, millions", "卡（百万）"),
        "Mcard",
        "cards / cards_per_million",
        why=Text("the same in millions", "以百万计"),
    ),
    _cards(
        "cards_wan",
        Text("cards, ten thousands", "卡（万）"),
        "wancard",
        "cards_m * wan_per_million",
        format="counted",
        why=Text("the same as Chinese readers count", "以万计"),
    ),
    _cards(
        "card_hours",
        Text("card-hours", "卡时"),
        "card*h",
        "cards * training_time / seconds_per_hour",
        format="scientific",
        why=Text("cards × hours", "卡数 × 小时"),
    ),
    _cards(
        "peak_needed",
        Text("dense peak needed in all", "所需总稠密峰值"),
        "FLOP/s",
        "training_flop / (mfu * goodput * training_time)",
        format="scientific",
        why=Text(
            "of all cards together, at the scenario's MFU, whatever the chip",
            "全部加速卡合计，按情景的 MFU，与芯片无关",
        ),
    ),
    _cards(
        "h100e_per_card",
        Text("H100 equivalents per card", "每卡折合 H100 张数"),
        "1",
        "chip.h100e_ratio",
        why=Text(
            "the chip's 8-bit dense peak over the H100's, from Chips", "芯片 8 位稠密峰值与 H100 之比，取自“芯片”页"
        ),
        source="epoch_chip_counts",
    ),
    _cards(
        "h100_equivalents",
        Text("H100 equivalents", "折合 H100 张数"),
        "card",
        "where(known(h100e_per_card), cards * h100e_per_card, unknown)",
        format="whole",
        why=Text("cards × H100 equivalents per card", "卡数 × 每卡折合 H100"),
        source="epoch_chip_counts",
    ),
)

_power = partial(Field, sheet="power", source="definition")

POWER = (
    _power(
        "it_power",
        Text("IT power", "IT 功率"),
        "W",
        "cards * chip.it_power_per_card * it_over_server",
        format="scientific",
        why=Text("cards × server power per card × the rest of the IT", "卡数 × 每卡服务器功率 × 其余 IT"),
        source="epoch_gpu40",
    ),
    _power(
        "facility_power",
        Text("facility power at rated load", "数据中心（IDC）功率，额定负载"),
        "W",
        "it_power * pue",
        format="scientific",
        why=Text("IT power × annual PUE, at rated load", "IT 功率 × 年均 PUE，按额定负载"),
    ),
    _power(
        "facility_capacity",
        Text("facility capacity, peak", "数据中心（IDC）峰值容量"),
        "W",
        "it_power * capacity_factor",
        format="scientific",
        why=Text("IT power × peak ratio: what must be built and connected", "IT 功率 × 峰值比：要建成并接入电网的容量"),
    ),
    _power(
        "energy",
        Text("energy of the run", "训练用电量"),
        "J",
        "facility_power * load_factor * training_time",
        format="scientific",
        why=Text("facility power at rated load × average load × time", "额定负载功率 × 平均负载率 × 时间"),
    ),
    _power(
        "facility_over_server",
        Text("facility power over server power", "设施功率与服务器功率之比"),
        "1",
        "it_over_server * pue",
        why=Text("the rest of the IT × annual PUE", "其余 IT × 年均 PUE"),
    ),
    _power(
        "facility_power_gw",
        Text("facility power, rated load (annual PUE)", "IDC 功率，额定负载（年均 PUE）"),
        "GW",
        "facility_power / watts_per_gigawatt",
        format="significant",
        why=Text("the same in gigawatts", "以 GW 计"),
    ),
    _power(
        "average_draw_gw",
        Text("average draw over the run", "训练期间平均用电功率"),
        "GW",
        "facility_power_gw * load_factor",
        why=Text("what the meters see: rated load × average load", "电表所见：额定负载功率 × 平均负载率"),
    ),
    _power(
        "facility_capacity_gw",
        Text("facility capacity, peak (to be built)", "IDC 峰值容量（需建成）"),
        "GW",
        "facility_capacity / watts_per_gigawatt",
        why=Text("the same in gigawatts", "以 GW 计"),
    ),
    _power(
        "capacity_per_card",
        Text("facility capacity per card", "每卡数据中心容量"),
        "W/card",
        "facility_capacity / cards",
        format="whole",
        why=Text("what each card takes of what must be built", "每张卡分摊的建设容量"),
    ),
    _power(
        "energy_twh",
        Text("energy of the run, TWh", "训练用电量（TWh）"),
        "TWh",
        "energy / joules_per_terawatt_hour",
        why=Text("the same in terawatt-hours", "以 TWh 计"),
    ),
)

_data = partial(Field, sheet="data", source="definition")

DATA = (
    _data(
        "synthetic_tokens",
        Text("synthetic tokens", "合成 token 数"),
        "token",
        "max(0, tokens - human_tokens)",
        format="scientific",
        why=Text("tokens that the human corpus in use does not cover", "现用人类语料不够的部分"),
    ),
    _data(
        "synthetic_share",
        Text("synthetic share of tokens", "合成数据占比"),
        "1",
        "synthetic_tokens / tokens",
        format="percent",
        why=Text(
            "not covered by the human text in use: synthetic, repeated or other",
            "现用人类语料未覆盖的部分：合成、重复或其他",
        ),
    ),
    _data(
        "synthetic_share_corpus",
        Text("synthetic share, largest corpus", "合成数据占比（最大语料）"),
        "1",
        "max(0, tokens - largest_corpus) / tokens",
        format="percent",
        why=Text("against the largest text corpus reported by 2025", "以截至 2025 年公布的最大文本语料计"),
    ),
    _data(
        "synthetic_share_stock",
        Text("synthetic share, stock of human text", "合成数据占比（人类文本存量）"),
        "1",
        "max(0, tokens - human_text_stock) / tokens",
        format="percent",
        why=Text(
            "against the effective stock of human text, repetition included", "以人类文本有效存量计（含重复使用）"
        ),
    ),
    _data(
        "corpus_passes",
        Text("tokens over the human text in use", "token 数相当于现用人类文本的倍数"),
        "1",
        "tokens / human_tokens",
        why=Text("how often the text would have to be read without synthetic data", "不用合成数据时，语料要重复读几遍"),
    ),
)

_cost = partial(Field, sheet="cost", source="definition")

COST = (
    _cost(
        "card_price",
        Text("hardware price per card", "每卡硬件价格"),
        "USD/card",
        "chip.price_used",
        format="whole",
        why=Text("price used, from Chips", "采用价格，取自“芯片”页"),
    ),
    _cost(
        "price_gap",
        Text("is the price known?", "价格已知吗？"),
        "1",
        "1 - known(card_price)",
        format="text",
        words=(Word("published", "有公开价"), Word("no price published", "无公开价")),
        why=Text("without a price, hardware and ownership cost are not known", "没有价格，硬件与自建成本就算不出"),
    ),
    _cost(
        "hardware_cost",
        Text("hardware", "硬件"),
        "USD",
        "where(known(card_price), cards * card_price, unknown)",
        format="scientific",
        why=Text("cards × price; servers included where a system price is known", "卡数 × 单价；有整机价时含服务器"),
    ),
    _cost(
        "site_cost",
        Text("building, power and cooling", "土建与机电"),
        "USD",
        "facility_capacity_gw * site_cost_per_gw",
        format="scientific",
        why=Text("peak capacity × cost per GW", "峰值容量 × 每 GW 造价"),
    ),
    _cost(
        "cluster_cost_per_card",
        Text("hardware and site per card", "每卡硬件与土建机电"),
        "USD/card",
        "where(known(card_price), card_price + site_cost / cards, unknown)",
        format="whole",
        why=Text("what a card costs where it stands", "一张卡连同机房的造价"),
    ),
    _cost(
        "energy_cost",
        Text("electricity of the run", "训练电费"),
        "USD",
        "energy / joules_per_kilowatt_hour * electricity_price",
        format="scientific",
        why=Text("energy × price per kWh", "用电量 × 每千瓦时电价"),
    ),
    _cost(
        "owned_cost",
        Text("hardware, site and electricity", "硬件、土建机电与电费合计"),
        "USD",
        "where(known(hardware_cost), hardware_cost + site_cost + energy_cost, unknown)",
        format="scientific",
        why=Text("buying the cluster and running it once", "买下集群并训练一次"),
    ),
    _cost(
        "run_cost",
        Text("the run, rented by the card-hour", "训练一次（按卡时租用）"),
        "USD",
        "card_hours * card_hour_price",
        format="scientific",
        why=Text("card-hours × price of a card-hour", "卡时 × 每卡时价格"),
    ),
    _cost(
        "run_cost_by_power",
        Text("the run, by annual cost of its IT power", "训练一次（按 IT 功率的年化成本）"),
        "USD",
        "it_power * annual_cost_of_it * (months / months_per_year)",
        format="scientific",
        why=Text(
            "cross-check: IT power × total cost of ownership a year × time", "交叉核对：IT 功率 × 年化总拥有成本 × 时间"
        ),
        source="epoch_dc_cost",
    ),
    _cost(
        "hardware_cost_bn",
        Text("hardware, billions", "硬件（十亿）"),
        "GUSD",
        "where(known(hardware_cost), hardware_cost / usd_per_billion, unknown)",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "site_cost_bn",
        Text("building, power and cooling, billions", "土建与机电（十亿）"),
        "GUSD",
        "site_cost / usd_per_billion",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "energy_cost_bn",
        Text("electricity of the run, billions", "训练电费（十亿）"),
        "GUSD",
        "energy_cost / usd_per_billion",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "owned_cost_bn",
        Text("cost of owning: hardware, site, electricity", "自建成本：硬件、土建机电、电费"),
        "GUSD",
        "where(known(owned_cost), owned_cost / usd_per_billion, unknown)",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "owned_cost_yi",
        Text("cost of owning, hundred millions", "自建成本：硬件、土建机电、电费（亿美元）"),
        "yiUSD",
        "where(known(owned_cost_bn), owned_cost_bn * yi_per_billion, unknown)",
        format="counted",
        why=Text("the same as Chinese readers count", "以亿美元计"),
    ),
    _cost(
        "owned_cost_per_gw",
        Text("cost of owning per GW of capacity", "每 GW 容量的自建成本"),
        "GUSD/GW",
        "where(known(owned_cost_bn), owned_cost_bn / facility_capacity_gw, unknown)",
        why=Text("to compare with published costs per gigawatt", "便于与公布的每 GW 造价比较"),
    ),
    _cost(
        "run_cost_bn",
        Text("cost of the run, rented", "单次训练成本（租用）"),
        "GUSD",
        "run_cost / usd_per_billion",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "run_cost_yi",
        Text("cost of the run, rented, hundred millions", "单次训练成本，租用（亿美元）"),
        "yiUSD",
        "run_cost_bn * yi_per_billion",
        format="counted",
        why=Text("the same as Chinese readers count", "以亿美元计"),
    ),
    _cost(
        "run_cost_by_power_bn",
        Text("cost of the run, by power, billions", "单次训练成本（按功率，十亿）"),
        "GUSD",
        "run_cost_by_power / usd_per_billion",
        why=Text("the same in billions", "以十亿美元计"),
    ),
)

_check = partial(Field, table="scenarios", sheet="checks", unit="1", format="whole", source="definition")

CHECKS = (
    _check(
        "precision_on_chip",
        Text("the chip has the precision", "芯片支持所选精度"),
        formula="chip[precision] > 0",
        check="error",
        why=Text("otherwise there is no peak and every result is an error", "否则没有峰值，结果全是错误"),
    ),
    _check(
        "inputs_positive",
        Text("inputs are above zero", "输入大于零"),
        formula="(min(params_multiple, tokens_multiple, active_share, mfu, goodput, load_factor) > 0) * (months > 0)",
        check="error",
        why=Text("a blank or negative input makes no sense here", "此处留空或为负没有意义"),
    ),
    _check(
        "shares_within_one",
        Text("shares are at most 1", "占比不超过 1"),
        formula="max(active_share, mfu, goodput, load_factor) <= 1",
        check="error",
        why=Text("shares lie between 0 and 1", "占比在 0 与 1 之间"),
    ),
    _check(
        "pue_at_least_one",
        Text("overheads are at least 1", "PUE 等功率系数不低于 1"),
        formula="(pue >= 1) * (capacity_factor >= 1) * (it_over_server >= 1)",
        check="error",
        why=Text("a facility draws at least what its IT draws", "设施用电不会少于 IT 用电"),
    ),
    _check(
        "cards_do_the_job",
        Text("card-hours × sustained rate = compute", "卡时 × 持续算力 = 总运算量"),
        formula="abs(card_hours * seconds_per_hour * sustained_flops / training_flop - 1) < check_tolerance",
        check="error",
        why=Text("the way back from card-hours gives the compute again", "由卡时倒推，应得回总运算量"),
    ),
    _check(
        "growths_multiply",
        Text("parameter growth × token growth = compute growth", "参数倍数 × token 倍数 = 算力倍数"),
        formula="abs(params_growth * tokens_growth * active_share / anchor.active_share / compute_multiple - 1) < check_tolerance",
        check="error",
        why=Text("at the same active share, compute grows as their product", "激活占比不变时，算力按二者之积增长"),
    ),
    _check(
        "energy_by_card_hours",
        Text("energy from card-hours = energy", "按卡时算的电量 = 电量"),
        formula="abs(card_hours * seconds_per_hour * (facility_power / cards) * load_factor / energy - 1) < check_tolerance",
        check="error",
        why=Text("power per card × card-hours gives the energy again", "每卡功率 × 卡时，应得回电量"),
    ),
    _check(
        "tokens_add_up",
        Text("synthetic and human tokens add up", "合成与人类 token 之和相符"),
        formula="abs((synthetic_tokens + min(tokens, human_tokens)) / tokens - 1) < check_tolerance",
        check="error",
        why=Text("every token is counted once", "每个 token 只算一次"),
    ),
    _check(
        "multiple_or_own",
        Text("multiples in use (nothing set directly)", "采用倍数（未填自定义值）"),
        formula="max(own_params / reference_params, own_tokens / reference_tokens) <= 0",
        check="alert",
        why=Text("a number set directly wins over its multiple", "填了自定义值，倍数就不起作用"),
    ),
    _check(
        "capacity_above_average",
        Text("peak capacity is above annual-PUE power", "峰值容量高于按年均 PUE 的功率"),
        formula="capacity_factor >= pue",
        check="alert",
        why=Text("what is built must carry more than the average", "建成的容量应高于平均用电"),
    ),
    _check(
        "mfu_in_range",
        Text("MFU lies within its low and high", "MFU 在低值与高值之间"),
        formula="(mfu__low <= mfu) * where(mfu__high > 0, mfu <= mfu__high, 1)",
        check="alert",
        why=Text("outside the range of published runs", "超出已公布训练的范围"),
    ),
    _check(
        "months_in_range",
        Text("months lie within their low and high", "训练时长在低值与高值之间"),
        formula="(months__low <= months) * where(months__high > 0, months <= months__high, 1)",
        check="alert",
        why=Text("outside the published range", "超出公布的范围"),
    ),
    _check(
        "price_known",
        Text("the price of the chip is known", "芯片价格已知"),
        formula="known(card_price)",
        check="alert",
        why=Text("without it the cost of owning is not known", "否则算不出自建成本"),
    ),
)
