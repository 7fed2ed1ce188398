"""The chain from parameters to cards, gigawatts, data and money, and the checks of it."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import Field
from threegates.text import Text

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
