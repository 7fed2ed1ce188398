"""Months × cards × gigawatts for the picked scenario, and the questions that readers ask."""

from functools import partial

from threegates.definition.declare import equation, given
from threegates.definition.inputs import NOT_ZERO
from threegates.text import Word

_DENSE = (
    Word("within the stated MFU", "不超过已公布的 MFU"),
    Word("ABOVE the stated MFU", "超过已公布的 MFU", "bad"),
    Word("ABOVE the dense peak", "超过稠密峰值", "bad"),
)
# Two equations that both tables have.
_CARD_MONTHS = (
    "job_card_months", "card*month", "picked.cards * picked.months",
    "card-months of the picked scenario", "重点情景的卡·月",
    "cards × months: what the job takes, however it is split", "卡数 × 月数：同一任务，可任意拆分",
)
_CLUSTER_PRICE = (
    "cluster_price", "USD/card", "picked.cluster_cost_per_card",
    "price of the cluster per card, network and site included", "每卡集群造价（含网络与土建机电）",
    "hardware, network and site, of the picked scenario", "硬件、网络与土建机电，取自重点情景",
)

_trade_given = partial(given, table="tradeoff", sheet="tradeoff", source="definition")
_trade = partial(equation, table="tradeoff", sheet="tradeoff", source="definition")

TRADEOFF_FIELDS = (
    _trade_given("months_given", "month", "training time", "训练时长", minimum=0.01, maximum=240),
    _trade(*_CARD_MONTHS, format="whole"),
    _trade("cards_at", "card", "job_card_months / months_given",
        "cards", "卡数",
        "the same job in the time given", "在给定时长内完成同一任务",
        format="whole"),
    _trade("power_per_card", "W/card", "picked.facility_power / picked.cards",
        "facility power per card, rated load", "每卡设施功率（额定负载）",
        "of the picked scenario", "取自重点情景",
        format="whole"),
    _trade("power_at", "GW", "cards_at * power_per_card / watts_per_gigawatt",
        "facility power at rated load", "IDC 功率（额定负载）",
        "cards × facility power per card", "卡数 × 每卡设施功率"),
    _trade("capacity_at", "GW", "cards_at * picked.capacity_per_card / watts_per_gigawatt",
        "facility capacity, peak", "IDC 峰值容量",
        "cards × facility capacity per card", "卡数 × 每卡设施容量"),
    _trade(*_CLUSTER_PRICE, format="whole"),
    _trade("cluster_at", "GUSD", "where(known(cluster_price), cards_at * cluster_price / usd_per_billion, unknown)",
        "buying the cluster", "购建集群",
        "cards × price per card; — where no price is known", "卡数 × 每卡造价；无公开价时为 —"),
    _trade("rented_at", "GUSD", "picked.run_cost_bn",
        "renting the card-hours", "租用卡时",
        "the same at every length: card-hours do not change", "与时长无关：卡时不变"),
    _trade("mfu_needed", "1", "picked.mfu_used * picked.months / months_given",
        "MFU needed if the cards stay the scenario's", "卡数不变时所需的 MFU",
        "the same cards in less time must work harder", "卡数不变而时间缩短，利用率须提高",
        format="percent"),
    _trade("peak_check", "1", "(mfu_needed > mfu_limit) + (mfu_needed > 1)",
        "can they?", "做得到吗？",
        "against the highest MFU published, and the dense peak", "对照已公布的最高 MFU 与稠密峰值",
        format="text", words=_DENSE),
    _trade("yardstick_cards_at", "card", "yardstick.cards * yardstick.months / months_given",
        "cards for {yardstick}, as published", "{yardstick}所需卡数（对照公布值）",
        "the published job, whatever scenario is picked", "公布的那项任务，与所选情景无关",
        format="whole"),
    _trade("yardstick_miss", "1",
        "max(0, yardstick_cards_at / (max(yardstick_cards.low, yardstick_cards.high) * cards_per_million) - 1, "
        "1 - yardstick_cards_at / (yardstick_cards.low * cards_per_million))",
        "outside the published cards by", "超出公布卡数范围的幅度",
        "0 within the published range", "在公布范围内为 0",
        format="percent"),
    _trade("yardstick_line", "1",
        "(yardstick_miss <= claim_tolerance) "
        "* (months_given >= yardstick_months.low) * (months_given <= yardstick_months.high)",
        "within the published cards and months?", "在公布的卡数与时长之内？",
        "published cards ± the tolerance, and published months: one line of the trade-off, not two free ranges",
        "公布卡数 ± 容差，且在公布时长之内：是同一取舍上的一段，不是两个独立区间",
        format="text", words=(Word("outside", "之外"), Word("AS PUBLISHED", "与公布一致", "good"))),
)

_given = partial(given, table="questions", sheet="tradeoff", source="definition", optional=True, minimum=NOT_ZERO)
_ask = partial(equation, table="questions", sheet="tradeoff", source="definition")

QUESTION_FIELDS = (
    _given("given_cards", "card", "given: cards", "已知：卡数", format="whole"),
    _given("given_months", "month", "given: months", "已知：月数"),
    _given("given_gw", "GW", "given: facility power", "已知：IDC 功率"),
    _given("given_bn", "GUSD", "given: money", "已知：资金"),
    _ask(*_CARD_MONTHS, format="whole"),
    _ask("job_gw_months", "GW*month", "picked.facility_power_gw * picked.months",
        "GW-months of the picked scenario", "重点情景的 GW·月",
        "facility power at rated load × months", "额定负载设施功率 × 月数"),
    _ask("job_multiple", "1", "picked.compute_multiple",
        "its multiple of {anchor} compute", "其算力相当于 {anchor} 的倍数",
        "of the picked scenario", "取自重点情景",
        format="multiple"),
    _ask("job_mfu", "1", "picked.mfu_used",
        "its MFU", "其 MFU",
        "of the picked scenario", "取自重点情景",
        format="percent"),
    _ask("months_on_cards", "month", "where(given_cards > 0, job_card_months / given_cards, unknown)",
        "months on the given cards", "用给定的卡需几个月",
        "card-months over cards", "卡·月 ÷ 卡数"),
    _ask("months_on_gw", "month", "where(given_gw > 0, job_gw_months / given_gw, unknown)",
        "months on the given GW", "用给定的 GW 需几个月",
        "GW-months over GW", "GW·月 ÷ GW"),
    _ask("mfu_on_cards", "1",
        "where(given_cards * given_months > 0, job_mfu * job_card_months / (given_cards * given_months), unknown)",
        "MFU needed on the given cards in the given months", "用给定的卡、在给定月数内所需的 MFU",
        "the corner of the two ranges", "两个区间的端点组合",
        format="percent"),
    _ask("corner_check", "1", "where(known(mfu_on_cards), 1 + (mfu_on_cards > mfu_limit) + (mfu_on_cards > 1), 0)",
        "is the corner possible?", "该组合可行吗？",
        "against the highest MFU published, and the dense peak", "对照已公布的最高 MFU 与稠密峰值",
        format="text", words=(Word("not asked", "未给定"), *_DENSE)),
    _ask("multiple_by_cards", "1",
        "where(given_cards * given_months > 0, job_multiple * given_cards * given_months / job_card_months, unknown)",
        "with those cards and months: × {anchor}", "用这些卡与月数：{anchor} 的倍数",
        "at the picked scenario's chip, precision and MFU", "芯片、精度与 MFU 同重点情景"),
    _ask("multiple_by_gw", "1",
        "where(given_gw * given_months > 0, job_multiple * given_gw * given_months / job_gw_months, unknown)",
        "with those GW and months: × {anchor}", "用这些 GW 与月数：{anchor} 的倍数",
        "at the picked scenario's chip, precision and MFU", "芯片、精度与 MFU 同重点情景"),
    _ask("multiple_by_renting", "1", "where(given_bn > 0, job_multiple * given_bn / picked.run_cost_bn, unknown)",
        "with that money, rented: × {anchor}", "用这笔钱租卡：{anchor} 的倍数",
        "card-hours at the price of a card-hour; months do not matter", "按卡时单价；与月数无关"),
    _ask(*_CLUSTER_PRICE, format="whole"),
    _ask("cards_bought", "card",
        "where(known(cluster_price) * given_bn > 0, given_bn * usd_per_billion / cluster_price, unknown)",
        "cards that the money buys", "这笔钱可买的卡数",
        "money over price per card; — where no price is known", "资金 ÷ 每卡造价；无公开价时为 —",
        format="whole"),
    _ask("multiple_by_buying", "1",
        "where(known(cards_bought) * given_months > 0, "
        "job_multiple * cards_bought * given_months / job_card_months, unknown)",
        "with that money, bought, and those months: × {anchor}", "用这笔钱购建、用这些月数：{anchor} 的倍数",
        "the cards that it buys, for the months given", "可买的卡数 × 给定月数"),
)

_axis = partial(given, table="axes", sheet="sensitivity", minimum=NOT_ZERO)

AXIS_FIELDS = (
    _axis("mfu_axis", "1", "MFU", "MFU", format="percent", maximum=1),
    _axis("months_axis", "month", "training time", "训练时长", maximum=240),
    _axis("pue_axis", "1", "annual PUE", "年均 PUE", minimum=1, maximum=5),
    _axis("watts_axis", "W/card", "IT watts per card", "每卡 IT 瓦数", format="whole"),
    _axis("params_axis", "1", "parameters, multiple of the reference", "参数量（参考值的倍数）"),
    _axis("tokens_axis", "1", "tokens, multiple of the reference", "token 数（参考值的倍数）"),
)
