"""Chips: one card is one package; its dense peaks, power and prices."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import Field
from threegates.definition.inputs import NOT_ZERO
from threegates.text import Text

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
