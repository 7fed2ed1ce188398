"""The words of the pictures that are not labels of the model: titles that state the finding, axes, legends, notes."""

from __future__ import annotations

from threegates.text import Text

# What each picture is of, before its finding, for those who cannot see it.
ALTERNATIVES: dict[str, Text] = {
    "compute": Text("Dot chart of training compute by scenario.", "点图：各情景的训练算力。"),
    "gates": Text("Chart of need against available at each gate.", "图：各关的需要与可得。"),
    "chips": Text("Dot chart of cards by chip.", "点图：换用各种芯片所需卡数。"),
    "campuses": Text("Dot chart of scenarios and campuses by gigawatts.", "点图：各情景与各园区的 GW。"),
    "tradeoff": Text("Curve of cards over months.", "曲线：卡数与月数。"),
    "tornado": Text("Tornado chart of what moves the cards.", "龙卷风图：各输入对卡数的影响。"),
    "backtest": Text("Scatter of predicted over reported card-hours.", "散点图：卡时的预测值与公布值。"),
    "ranges": Text("Chart of the range of cards by scenario.", "图：各情景卡数的区间。"),
}
TITLES: dict[str, Text] = {
    "compute": Text(
        "{most} takes {times} times the training compute of {anchor}", "{most}的训练算力是 {anchor} 的 {times} 倍"
    ),
    "closed": Text(
        "{scenario}: of the gates, {gate} opens last, on {opens}; needed is {ratio} times what there was",
        "{scenario}：最晚打开的是{gate}（{opens}），需要量为可得量的 {ratio} 倍",
    ),
    "open": Text(
        "{scenario}: all gates are open at their stated dates", "{scenario}：各关在基准日均已打开"
    ),
    "chips": Text(
        "{scenario}: {fewest} {few_chip} or {most} {many_chip} do the same job",
        "{scenario}：同一任务，可用 {fewest}张 {few_chip}，也可用 {most}张 {many_chip}",
    ),
    "campuses": Text(
        "{scenario} needs {need} on one campus; on {date} there were {available}",
        "{scenario}需在单一园区建成 {need}；{date} 可得 {available}",
    ),
    "tradeoff": Text(
        "{scenario}: {most} cards for {short} months or {fewest} for {long}: the same job",
        "{scenario}：{most}张卡用 {short} 个月，或 {fewest}张用 {long} 个月，是同一任务",
    ),
    "tornado": Text(
        "{scenario}: {input} moves the cards most, from {low} at its low to {high} at its high",
        "{scenario}：对卡数影响最大的是{input}，取低值时 {low}张，取高值时 {high}张",
    ),
    "backtest": Text(
        "Of {runs} real runs, half are predicted within a factor of {half}, all within {all}",
        "{runs} 次真实训练，一半的预测偏差在 {half} 倍以内，全部在 {all} 倍以内",
    ),
    "ranges": Text(
        "{scenario}: {low} to {high} cards in the draws (P5 to P95), {base} at base values",
        "{scenario}：抽样结果为 {low}至 {high}张卡（P5–P95），基准值 {base}张",
    ),
}  # fmt: skip
WORDS: dict[str, Text] = {
    "log": Text("{label} (log scale)", "{label}（对数轴）"),
    "scenario": Text("scenario", "情景"),
    "closed_gate": Text("closed at the stated date", "基准日未开"),
    "open_gate": Text("open at the stated date", "基准日已开"),
    "semicolon": Text("; ", "；"),
    "ratio": Text(
        "needed over available at the stated date (log scale; above 1: closed)",
        "基准日的需要与可得之比（对数轴；大于 1 即未开）",
    ),
    "against": Text("needs {need}\nthere is {available}", "需 {need}\n有 {available}"),
    "cards": Text("cards", "卡数"),
    "own_chip": Text("the scenario's own chip", "情景所用芯片"),
    "other_chip": Text("the same job on another chip", "换用其他芯片"),
    "no_peak": Text("not shown, for want of a peak that fits: {names}", "未列（没有适用精度的峰值）：{names}"),
    "capacity": Text("GW of facility", "设施容量（GW）"),
    "operating": Text("campus, operating", "园区（在运行）"),
    "announced": Text("campus, announced", "园区（已宣布）"),
    "to_build": Text("scenario: peak capacity to be built", "情景：需建成的峰值容量"),
    "from": Text("{campus}, {date}", "{campus}，{date}"),
    "no_power": Text("not shown, since no power has been stated: {names}", "未列（功率未公布）：{names}"),
    "months": Text("months", "月数"),
    "any_length": Text("the same job at another length", "同一任务，换个时长"),
    "own_length": Text("as the scenario has it", "情景自身"),
    "cards_and_gw": Text("{cards}; {gw} GW", "{cards}；{gw} GW"),
    "at_low": Text("input at its low", "输入取低值"),
    "at_high": Text("input at its high", "输入取高值"),
    "from_to": Text("{low} → {high}", "{low} → {high}"),
    "between": Text("{low} to {high}", "{low} 至 {high}"),
    "reported": Text("card-hours, reported", "卡时（公布值）"),
    "predicted": Text("card-hours, predicted", "卡时（预测值）"),
    "exact": Text("predicted = reported; band: all runs", "预测＝公布；阴影：全部训练所在范围"),
    "middle": Text("median", "中位数"),
    "quarters": Text("P25 to P75", "P25–P75"),
    "outer": Text("P5 to P95", "P5–P95"),
    "base": Text("base value", "基准值"),
    "more": Text("the first {shown} of {all} are shown", "共 {all} 项，列前 {shown} 项"),
}
