"""Months × cards × gigawatts for the picked scenario, and the questions that readers ask."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import Field
from threegates.definition.inputs import NOT_ZERO
from threegates.text import Text, Word

_DENSE = (
    Word("within the stated MFU", "不超过已公布的 MFU"),
    Word("ABOVE the stated MFU", "超过已公布的 MFU", "bad"),
    Word("ABOVE the dense peak", "超过稠密峰值", "bad"),
)
_CARD_MONTHS = Text("card-months of the picked scenario", "重点情景的卡·月")

_trade = partial(Field, table="tradeoff", sheet="tradeoff", source="definition")

TRADEOFF_FIELDS = (
    _trade("months_given", Text("training time", "训练时长"), "month", minimum=0.01, maximum=240),
    _trade(
        "job_card_months",
        _CARD_MONTHS,
        "card*month",
        "picked.cards * picked.months",
        format="whole",
        why=Text("cards × months: what the job takes, however it is split", "卡数 × 月数：同一任务，可任意拆分"),
    ),
    _trade(
        "cards_at",
        Text("cards", "卡数"),
        "card",
        "job_card_months / months_given",
        format="whole",
        why=Text("the same job in the time given", "在给定时长内完成同一任务"),
    ),
    _trade(
        "power_per_card",
        Text("facility power per card, rated load", "每卡设施功率（额定负载）"),
        "W/card",
        "picked.facility_power / picked.cards",
        format="whole",
        why=Text("of the picked scenario", "取自重点情景"),
    ),
    _trade(
        "power_at",
        Text("facility power at rated load", "IDC 功率（额定负载）"),
        "GW",
        "cards_at * power_per_card / watts_per_gigawatt",
        why=Text("cards × facility power per card", "卡数 × 每卡设施功率"),
    ),
    _trade(
        "capacity_at",
        Text("facility capacity, peak", "IDC 峰值容量"),
        "GW",
        "cards_at * picked.capacity_per_card / watts_per_gigawatt",
        why=Text("cards × facility capacity per card", "卡数 × 每卡设施容量"),
    ),
    _trade(
        "cluster_price",
        Text("price of the cluster per card, site included", "每卡集群造价（含土建机电）"),
        "USD/card",
        "picked.cluster_cost_per_card",
        format="whole",
        why=Text("hardware and site, of the picked scenario", "硬件与土建机电，取自重点情景"),
    ),
    _trade(
        "cluster_at",
        Text("buying the cluster", "购建集群"),
        "GUSD",
        "where(known(cluster_price), cards_at * cluster_price / usd_per_billion, unknown)",
        why=Text("cards × price per card; — where no price is known", "卡数 × 每卡造价；无公开价时为 —"),
    ),
    _trade(
        "rented_at",
        Text("renting the card-hours", "租用卡时"),
        "GUSD",
        "picked.run_cost_bn",
        why=Text("the same at every length: card-hours do not change", "与时长无关：卡时不变"),
    ),
    _trade(
        "mfu_needed",
        Text("MFU needed if the cards stay the scenario's", "卡数不变时所需的 MFU"),
        "1",
        "picked.mfu * picked.months / months_given",
        format="percent",
        why=Text("the same cards in less time must work harder", "卡数不变而时间缩短，利用率须提高"),
    ),
    _trade(
        "peak_check",
        Text("can they?", "做得到吗？"),
        "1",
        "(mfu_needed > mfu_limit) + (mfu_needed > 1)",
        format="text",
        words=_DENSE,
        why=Text("against the highest MFU published, and the dense peak", "对照已公布的最高 MFU 与稠密峰值"),
    ),
    _trade(
        "yardstick_cards_at",
        Text("cards for {yardstick}, as published", "{yardstick}所需卡数（对照公布值）"),
        "card",
        "yardstick.cards * yardstick.months / months_given",
        format="whole",
        why=Text("the published job, whatever scenario is picked", "公布的那项任务，与所选情景无关"),
    ),
    _trade(
        "yardstick_miss",
        Text("outside the published cards by", "超出公布卡数范围的幅度"),
        "1",
        "max(0, yardstick_cards_at / (max(yardstick_cards.low, yardstick_cards.high) * cards_per_million) - 1, "
        "1 - yardstick_cards_at / (yardstick_cards.low * cards_per_million))",
        format="percent",
        why=Text("0 within the published range", "在公布范围内为 0"),
    ),
    _trade(
        "yardstick_line",
        Text("within the published cards and months?", "在公布的卡数与时长之内？"),
        "1",
        "(yardstick_miss <= claim_tolerance) "
        "* (months_given >= yardstick_months.low) * (months_given <= yardstick_months.high)",
        format="text",
        words=(Word("outside", "之外"), Word("AS PUBLISHED", "与公布一致", "good")),
        why=Text(
            "published cards ± the tolerance, and published months: one line of the trade-off, not two free ranges",
            "公布卡数 ± 容差，且在公布时长之内：是同一取舍上的一段，不是两个独立区间",
        ),
    ),
)

_ask = partial(Field, table="questions", sheet="tradeoff", source="definition")
_given = partial(_ask, optional=True, minimum=NOT_ZERO)

QUESTION_FIELDS = (
    _given("given_cards", Text("given: cards", "已知：卡数"), "card", format="whole"),
    _given("given_months", Text("given: months", "已知：月数"), "month"),
    _given("given_gw", Text("given: facility power", "已知：IDC 功率"), "GW"),
    _given("given_bn", Text("given: money", "已知：资金"), "GUSD"),
    _ask(
        "job_card_months",
        _CARD_MONTHS,
        "card*month",
        "picked.cards * picked.months",
        format="whole",
        why=Text("cards × months: what the job takes, however it is split", "卡数 × 月数：同一任务，可任意拆分"),
    ),
    _ask(
        "job_gw_months",
        Text("GW-months of the picked scenario", "重点情景的 GW·月"),
        "GW*month",
        "picked.facility_power_gw * picked.months",
        why=Text("facility power at rated load × months", "额定负载设施功率 × 月数"),
    ),
    _ask(
        "job_multiple",
        Text("its multiple of {anchor} compute", "其算力相当于 {anchor} 的倍数"),
        "1",
        "picked.compute_multiple",
        format="multiple",
        why=Text("of the picked scenario", "取自重点情景"),
    ),
    _ask(
        "job_mfu",
        Text("its MFU", "其 MFU"),
        "1",
        "picked.mfu",
        format="percent",
        why=Text("of the picked scenario", "取自重点情景"),
    ),
    _ask(
        "months_on_cards",
        Text("months on the given cards", "用给定的卡需几个月"),
        "month",
        "where(given_cards > 0, job_card_months / given_cards, unknown)",
        why=Text("card-months over cards", "卡·月 ÷ 卡数"),
    ),
    _ask(
        "months_on_gw",
        Text("months on the given GW", "用给定的 GW 需几个月"),
        "month",
        "where(given_gw > 0, job_gw_months / given_gw, unknown)",
        why=Text("GW-months over GW", "GW·月 ÷ GW"),
    ),
    _ask(
        "mfu_on_cards",
        Text("MFU needed on the given cards in the given months", "用给定的卡、在给定月数内所需的 MFU"),
        "1",
        "where(given_cards * given_months > 0, job_mfu * job_card_months / (given_cards * given_months), unknown)",
        format="percent",
        why=Text("the corner of the two ranges", "两个区间的端点组合"),
    ),
    _ask(
        "corner_check",
        Text("is the corner possible?", "该组合可行吗？"),
        "1",
        "where(known(mfu_on_cards), 1 + (mfu_on_cards > mfu_limit) + (mfu_on_cards > 1), 0)",
        format="text",
        words=(Word("not asked", "未给定"), *_DENSE),
        why=Text("against the highest MFU published, and the dense peak", "对照已公布的最高 MFU 与稠密峰值"),
    ),
    _ask(
        "multiple_by_cards",
        Text("with those cards and months: × {anchor}", "用这些卡与月数：{anchor} 的倍数"),
        "1",
        "where(given_cards * given_months > 0, job_multiple * given_cards * given_months / job_card_months, unknown)",
        why=Text("at the picked scenario's chip, precision and MFU", "芯片、精度与 MFU 同重点情景"),
    ),
    _ask(
        "multiple_by_gw",
        Text("with those GW and months: × {anchor}", "用这些 GW 与月数：{anchor} 的倍数"),
        "1",
        "where(given_gw * given_months > 0, job_multiple * given_gw * given_months / job_gw_months, unknown)",
        why=Text("at the picked scenario's chip, precision and MFU", "芯片、精度与 MFU 同重点情景"),
    ),
    _ask(
        "multiple_by_renting",
        Text("with that money, rented: × {anchor}", "用这笔钱租卡：{anchor} 的倍数"),
        "1",
        "where(given_bn > 0, job_multiple * given_bn / picked.run_cost_bn, unknown)",
        why=Text("card-hours at the price of a card-hour; months do not matter", "按卡时单价；与月数无关"),
    ),
    _ask(
        "cluster_price",
        Text("price of the cluster per card, site included", "每卡集群造价（含土建机电）"),
        "USD/card",
        "picked.cluster_cost_per_card",
        format="whole",
        why=Text("hardware and site, of the picked scenario", "硬件与土建机电，取自重点情景"),
    ),
    _ask(
        "cards_bought",
        Text("cards that the money buys", "这笔钱可买的卡数"),
        "card",
        "where(known(cluster_price) * given_bn > 0, given_bn * usd_per_billion / cluster_price, unknown)",
        format="whole",
        why=Text("money over price per card; — where no price is known", "资金 ÷ 每卡造价；无公开价时为 —"),
    ),
    _ask(
        "multiple_by_buying",
        Text("with that money, bought, and those months: × {anchor}", "用这笔钱购建、用这些月数：{anchor} 的倍数"),
        "1",
        "where(known(cards_bought) * given_months > 0, "
        "job_multiple * cards_bought * given_months / job_card_months, unknown)",
        why=Text("the cards that it buys, for the months given", "可买的卡数 × 给定月数"),
    ),
)

_axis = partial(Field, table="axes", sheet="sensitivity", minimum=NOT_ZERO)

AXIS_FIELDS = (
    _axis("mfu_axis", Text("MFU", "MFU"), "1", format="percent", maximum=1),
    _axis("months_axis", Text("training time", "训练时长"), "month", maximum=240),
    _axis("pue_axis", Text("annual PUE", "年均 PUE"), "1", minimum=1, maximum=5),
    _axis("watts_axis", Text("IT watts per card", "每卡 IT 瓦数"), "W/card", format="whole"),
    _axis("params_axis", Text("parameters, multiple of the reference", "参数量（参考值的倍数）"), "1"),
    _axis("tokens_axis", Text("tokens, multiple of the reference", "token 数（参考值的倍数）"), "1"),
)
