"""The charts in the order of the argument: how much, whether it can be had, and how sure. Each has a picture."""

from threegates.definition.backtest import RUNS
from threegates.definition.declare import Chart, Series, Split
from threegates.definition.gate_tests import RECORDS
from threegates.text import NOTHING, Text

CARDS = Text("cards, log scale", "卡，对数轴")
EXACT = Text("exact", "完全一致")

CHARTS = (
    Chart("compute", "summary", "dots",
        (Series("scenarios", "compute_multiple", Text("multiple", "倍数")),),
        Text("Compute goes up to {most scenarios.compute_multiple:0} times that of {anchor}",
            "训练算力最高达 {anchor} 的 {most scenarios.compute_multiple:0} 倍"),
        Text("Dot chart: training compute of each scenario over that of the anchor",
            "点图：各情景训练算力相当于参照情景的倍数"),
        Text("times, log scale", "倍，对数轴"), labels="[<1]0.00;#,##0", width=16, height=9.5, mailed=True,
        said_on="cases"),
    Chart("gates", "summary", "dots",
        (Series("verdicts", "ratio", Text("needed over available", "需要与可得之比")),),
        Text("{scenario}, base case: last to open is {binding_gate}, {when all_opening}",
            "{scenario}，基准情形：最晚打开的是{binding_gate}，{when all_opening}"),
        Text("Dot chart: what the scenario in focus needs over what there is, for each gate",
            "点图：重点情景在各关的需要与可得之比"),
        Text("times, log scale; above 1: closed", "倍，对数轴；大于 1 即未开"), labels="0.0", width=8.6, height=9.5,
        column=5, beside=Text("needs {need}\nthere is {available}", "需 {need}\n有 {available}"),
        split=Split("ratio", 1,
            Text("open on the day", "截止日已开"), Text("closed on the day", "截止日未开")),
        origin=1, mailed=True,
        instead=(
            Text("A gate is not known, and so neither is the last to open", "有一关未知，最晚打开的一关也就未知"),
            Text("{scenario}: all gates are open on the day", "{scenario}：截止日各关均已打开")),
        by="gates_state", said_on="cases"),
    Chart("power", "summary", "dots",
        (Series("scenarios", "power_need", Text("needed on each campus", "每个园区所需")),
         Series("scenarios", "power_available", Text("largest campus on the day", "截止日的最大园区"), line=True)),
        Text(
            "{power_available*megawatts_per_gigawatt:0} MW on one campus on the day; up to "
            "{most scenarios.power_need:1} GW is needed",
            "截止日单一园区可得 {power_available*megawatts_per_gigawatt:0} MW；各情景最高需 "
            "{most scenarios.power_need:1} GW"),
        Text("Dots: capacity that each scenario needs on each campus; line: the largest campus, carried to the day",
            "点：各情景在每个园区所需容量；线：外推至截止日的最大园区"),
        Text("GW, log scale", "GW，对数轴"), labels="[<0.1]0.000;0.00", width=11.6, height=9.5, column=8,
        said_on="cases"),
    Chart("chips", "anychip", "dots",
        (Series("anychip_picked", "cards_on", Text("cards", "卡数")),),
        Text(
            "{scenario} takes {least anychip_picked.cards_on:0} to {most anychip_picked.cards_on:0} cards, "
            "depending on the chip",
            "{scenario}：视芯片不同，需 {least anychip_picked.cards_on:0} 至 {most anychip_picked.cards_on:0} 张卡"),
        Text("Dot chart: cards that the scenario in focus takes on each chip", "点图：重点情景换成每种芯片所需的卡数"),
        CARDS, until=("chips", "bf16"), turned=True, width=34, ranked=True),
    Chart("campuses", "supply", "bars",
        (Series("campuses", "campus_mw", Text("campus, facility MW", "园区，设施 MW")),
         Series("campuses", "picked_need_mw", Text("needed by the scenario in focus", "重点情景所需"), line=True)),
        Text(
            "{scenario} needs {power_need*megawatts_per_gigawatt:0} MW on one campus; the largest on "
            "record has or plans {most campuses.campus_mw:0} MW",
            "{scenario}在单一园区需 {power_need*megawatts_per_gigawatt:0} MW；"
            "记录中最大的园区（含规划）为 {most campuses.campus_mw:0} MW"),
        Text("Bars: each campus; line: what the scenario in focus needs on one campus",
            "柱：各园区；线：重点情景在单一园区的需要"),
        Text("MW", "MW"), log=False, turned=True, width=30,
        split=Split("announced", 0,
            Text("campus, operating, facility MW", "园区（在运行），设施 MW"),
            Text("campus, announced, facility MW", "园区（已宣布），设施 MW")),
        ranked=True, said_on="cases"),
    Chart("tradeoff", "tradeoff", "scatter",
        (Series("tradeoff", "cards_at", Text("scenario in focus", "重点情景"), True, against="months_given"),
         Series("tradeoff", "yardstick_cards_at", Text("the published job", "公布的那项任务"), True,
             against="months_given")),
        Text(
            "{scenario}: {most tradeoff.cards_at:0} cards for {least tradeoff.months_given:0} months or "
            "{least tradeoff.cards_at:0} for {most tradeoff.months_given:0}: the same job",
            "{scenario}：{most tradeoff.cards_at:0} 张卡用 {least tradeoff.months_given:0} 个月，或 "
            "{least tradeoff.cards_at:0} 张用 {most tradeoff.months_given:0} 个月，是同一任务"),
        Text("Curves: cards over months, of the scenario in focus and of the published job",
            "曲线：卡数随月数的变化，重点情景与公布的任务"),
        CARDS, Text("months", "月数"), beside=Text("{cards_at}; {power_at} GW", "{cards_at}；{power_at} GW"),
        mailed=True),
    Chart("tornado", "sensitivity", "tornado",
        (Series("tornado_cards", "cards_low_change", Text("input at its low", "取低值")),
         Series("tornado_cards", "cards_high_change", Text("input at its high", "取高值"))),
        Text(
            "{scenario}: {first tornado_cards.moved_input} moves the cards most, from "
            "{first tornado_cards.cards_low:0} at its low to {first tornado_cards.cards_high:0} at its high",
            "{scenario}：对卡数影响最大的是{first tornado_cards.moved_input}，取低值时 "
            "{first tornado_cards.cards_low:0} 张，取高值时 {first tornado_cards.cards_high:0} 张"),
        Text("Tornado: change in cards as each uncertain input goes to its low and its high",
            "龙卷风图：各不确定输入取低、高值时卡数的变化"),
        Text("change in cards", "卡数的变化"), log=False, most=10, width=26,
        beside=Text("{cards_low} → {cards_high}", "{cards_low} → {cards_high}")),
    Chart("backtest", "backtest", "scatter",
        (Series(RUNS.id, "predicted_hours", NOTHING, against="reported_hours"),
         Series(RUNS.id, "reported_hours", EXACT, True, True, "reported_hours")),
        Text(
            "Of {last fits.runs:0} real runs, half are predicted within a factor of {last fits.half_within:1}, "
            "all within {last fits.all_within:1}",
            "{last fits.runs:0} 次真实训练，一半的预测偏差在 {last fits.half_within:1} 倍以内，"
            "全部在 {last fits.all_within:1} 倍以内"),
        Text("Scatter: predicted over reported card-hours of each run, with the line of exact prediction",
            "散点：各次训练的预测与公布卡时，附完全一致线"),
        Text("card-hours, predicted (log scale)", "卡时，预测（对数轴）"),
        Text("card-hours, reported (log scale)", "卡时，公布值（对数轴）"), log_across=True, mailed=True),
    Chart("gatetests", "gatetests", "scatter",
        tuple(Series(record.spans, "test_ratio", record.label, against="years") for record in RECORDS),
        Text(
            "Of {last growth_fits.tests:0} forecasts of supply, {last growth_fits.within:0} held within their range; at the "
            "median {last growth_fits.middle:1} times the forecast came",
            "{last growth_fits.tests:0} 次供给外推，{last growth_fits.within:0} 次落在所给区间内；"
            "实际与预测之比的中位数为 {last growth_fits.middle:1}"),
        Text("Scatter: what came over what was forecast, over the years that the forecast reached ahead, for each gate",
            "散点：各关实际与预测之比，随外推年数的变化"),
        Text("what came over the forecast (log scale); above 1: more came", "实际与预测之比（对数轴）；大于 1 即实际更多"),
        Text("years ahead", "外推年数"), origin=1, first="tested"),
    Chart("ranges", "uncertainty", "range",
        (Series("", "cards_p95", Text("P95", "P95")),
         Series("", "cards_p50", Text("P50", "P50")),
         Series("", "cards_p5", Text("P5", "P5"))),
        Text("{scenario}: {drawn cards_p5:0} to {drawn cards_p95:0} cards in nine of ten draws",
            "{scenario}：十次抽样有九次为 {drawn cards_p5:0} 至 {drawn cards_p95:0} 张卡"),
        Text("Ranges: fifth, fiftieth and ninety-fifth percentile of the cards of each scenario",
            "区间：各情景卡数的第 5、50、95 百分位"),
        CARDS, beside=Text("{cards_p5} to {cards_p95}", "{cards_p5} 至 {cards_p95}"), mailed=True, said_on="cases"),
)
