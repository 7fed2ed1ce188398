"""Sentences that live in cells: the headline and the titles of charts, as data.

``{x:1}`` is a number of the scenario in focus with one decimal, ``{x*c:0}`` the same times a constant, ``{x}`` its word;
``{most t.x:0}``, ``{least t.x:0}``, ``{first t.x}``, ``{last t.x:1}``, ``{count t.x}`` speak of a whole row or column, ``{year x}``
of a date, ``{held}`` of the claims that hold; ``{scenario}`` and ``{chip}`` are labels.
``instead`` takes the place of ``text`` while the field ``unless`` of the scenario in focus is 0.
"""

from __future__ import annotations

from threegates.definition.declare import Sentence
from threegates.text import Text

SENTENCES = (
    Sentence(
        "headline",
        "cases",
        Text(
            "{scenario}: {compute_multiple:1} times the compute of {anchor}; {cards:0} cards ({chip}) for {months:1} months; "
            "{facility_capacity_gw*megawatts_per_gigawatt:0} MW on one campus.",
            "{scenario}：算力为 {anchor} 的 {compute_multiple:1} 倍；{cards_wan:1} 万张卡（{chip}）训练 {months:1} 个月；"
            "单一园区 {facility_capacity_gw*megawatts_per_gigawatt:0} MW。",
        ),
    ),
    Sentence(
        "headline_gates",
        "cases",
        Text(
            "The last gate to open is {binding_gate}: it needs {binding_ratio:1} times what there was, open in {year last_closed} at "
            "the growth assumed.",
            "最晚打开的一关是{binding_gate}：需要为当时可得的 {binding_ratio:1} 倍，按所设增速 {year last_closed} 年打开。",
        ),
        Text("All four gates are open at their stated dates.", "四关在各自的基准日均已打开。"),
        "last_closed",
    ),
    Sentence(
        "headline_claims",
        "published",
        Text(
            "Of {count claims.model_low} published figures that the model answers, {held} hold.",
            "模型能回答的 {count claims.model_low} 个公开数字中，{held} 个成立。",
        ),
        needs=("claims",),
    ),
    Sentence(
        "chart_compute",
        "cases",
        Text(
            "Compute goes up to {most scenarios.compute_multiple:0} times that of {anchor}",
            "训练算力最高达 {anchor} 的 {most scenarios.compute_multiple:0} 倍",
        ),
    ),
    Sentence(
        "chart_gates",
        "cases",
        Text("{scenario}, need over what there is; last to open: {binding_gate}", "{scenario}：需要与可得之比；最晚打开：{binding_gate}"),
    ),
    Sentence(
        "chart_power",
        "cases",
        Text(
            "The largest campus counted has {power_available*megawatts_per_gigawatt:0} MW; up to {most scenarios.facility_capacity_gw:1} GW is needed",
            "计入的最大园区为 {power_available*megawatts_per_gigawatt:0} MW；各情景最高需 {most scenarios.facility_capacity_gw:1} GW",
        ),
    ),
    Sentence(
        "chart_campuses",
        "cases",
        Text(
            "{scenario} needs {facility_capacity_gw*megawatts_per_gigawatt:0} MW on one campus; the largest on record has or plans "
            "{most campuses.campus_mw:0} MW",
            "{scenario}在单一园区需 {facility_capacity_gw*megawatts_per_gigawatt:0} MW；记录中最大的园区（含规划）为 {most campuses.campus_mw:0} MW",
        ),
        needs=("campuses",),
    ),
    Sentence(
        "chart_tradeoff",
        "tradeoff",
        Text(
            "{scenario}: from {least tradeoff.cards_at:0} cards in {most tradeoff.months_given:0} months to {most tradeoff.cards_at:0} in {least tradeoff.months_given:0}",
            "{scenario}：{most tradeoff.months_given:0} 个月用 {least tradeoff.cards_at:0} 张卡，{least tradeoff.months_given:0} 个月则要 {most tradeoff.cards_at:0} 张",
        ),
        needs=("tradeoff",),
    ),
    Sentence(
        "chart_anychip",
        "anychip",
        Text(
            "{scenario} takes {least anychip_picked.cards_on:0} to {most anychip_picked.cards_on:0} cards, depending on the chip",
            "{scenario}：视芯片不同，需 {least anychip_picked.cards_on:0} 至 {most anychip_picked.cards_on:0} 张卡",
        ),
    ),
    Sentence(
        "chart_tornado",
        "sensitivity",
        Text("Cards of {scenario}: most depends on {first tornado_cards.moved_input}", "{scenario}的卡数：影响最大的是{first tornado_cards.moved_input}"),
        needs=("tornado_cards",),
    ),
    Sentence(
        "chart_backtest",
        "backtest",
        Text("Half of the runs are predicted within a factor of {last fits.half_within:1}", "一半训练的预测偏差不超过 {last fits.half_within:1} 倍"),
        needs=("fits",),
    ),
)  # fmt: skip
