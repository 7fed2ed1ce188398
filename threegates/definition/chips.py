"""Chips: one card is one package; its dense peaks, power and prices."""

from functools import partial

from threegates.definition.declare import equation, given
from threegates.definition.inputs import NOT_ZERO

_chip = partial(given, table="chips", sheet="chips", optional=True, minimum=NOT_ZERO)
_column = partial(equation, table="chips", sheet="chips", source="definition")

CHIP_FIELDS = (
    _chip("vendor", "", "vendor", "厂商", kind="text", format="text", optional=False),
    _chip("card_is", "", "what counts as one card", "一张卡的口径", kind="text", format="text"),
    _chip("available", "day", "volume shipments from", "批量供货时间", kind="month", format="month"),
    _chip("bf16", "FLOP/s/card", "dense peak, BF16 (16-bit)", "稠密峰值 BF16（16 位）", format="scientific"),
    _chip("fp8", "FLOP/s/card", "dense peak, FP8", "稠密峰值 FP8", format="scientific"),
    _chip("fp4", "FLOP/s/card", "dense peak, FP4", "稠密峰值 FP4", format="scientific"),
    _chip("int8", "FLOP/s/card", "dense peak, INT8", "稠密峰值 INT8", format="scientific"),
    _chip("tdp", "W/card", "TDP", "热设计功耗（TDP）", format="whole"),
    _chip("it_power_per_card", "W/card", "IT power per card", "每卡 IT 功率", format="whole", optional=False, ranged=True),
    _chip("hbm", "GB/card", "memory (HBM)", "显存容量（HBM）", format="whole"),
    _chip("price", "USD/card", "price of the card", "单卡价格", format="whole", ranged=True),
    _chip("system_price", "USD/card",
        "price of the system, per card", "整机价格（摊到每卡）",
        format="whole", ranged=True),
    _chip("own_peak_ratio", "1",
        "FP8 over 16-bit peak, where the design has more than twice", "FP8 与 16 位峰值之比（设计超过两倍者）"),
    _column("h100e_ratio", "1",
        "where(max(bf16, fp8, int8) > 0, "
        "max(max(fp8, int8) / reference_chip.fp8, (max(fp8, int8) <= 0) * bf16 / reference_chip.bf16), unknown)",
        "H100 equivalents per card", "每卡折合 H100 张数",
        "8-bit dense peak over the reference chip's; 16-bit where a chip has no 8-bit",
        "8 位稠密峰值之比；没有 8 位的用 16 位",
        source="epoch_chip_counts"),
    *(
        _column(f"best_{precision}", "FLOP/s/card", formula,
            f"best peak at {precision.upper()} or wider", f"{precision.upper()} 及更宽精度下的最高峰值",
            "for a run that may use this precision or a wider one", "允许使用该精度或更宽精度的训练",
            format="scientific")
        for precision, formula in (("bf16", "max(bf16, 0)"), ("fp8", "max(bf16, fp8)"), ("fp4", "max(bf16, fp8, fp4)"))
    ),
    _column("price_used", "USD/card",
        "where(max(price, system_price) > 0, system_price + (system_price <= 0) * price, unknown)",
        "price used: system, else card", "采用价格（整机价优先，否则单卡价）",
        "the system's where one is known, even below the card's; — where neither has been published",
        "有整机价即用整机价，即使低于单卡价；两者都没有公开时为 —",
        format="whole"),
    _column("peaks_in_order", "1", "where(fp4 > 0, fp8 <= fp4, 1) * where(fp8 > 0, bf16 <= fp8, 1)",
        "peaks in order", "峰值随精度降低而不降",
        "fewer bits are never slower: bf16 ≤ fp8 ≤ fp4", "位数越少不会越慢：bf16 ≤ fp8 ≤ fp4",
        format="whole", check="alert"),
    _column("fp8_peak_plausible", "1",
        "where(bf16 > 0, fp8 <= bf16 * max(fp8_over_16bit_limit, own_peak_ratio), 1)",
        "FP8 peak is a dense one", "FP8 峰值为稠密值",
        "more than twice the 16-bit peak: a figure with sparsity? halve it, or state the ratio of the design",
        "超过 16 位峰值的两倍：是否为稀疏算力？应减半，或填写该设计的比值",
        format="whole", check="alert"),
    _column("power_above_tdp", "1", "it_power_per_card >= tdp",
        "IT power at least TDP", "IT 功率不低于 TDP",
        "the share of server or rack is never below the package itself", "摊到每卡的整机功率不会低于芯片本身",
        format="whole", check="alert"),
)
