"""Live sentences: the headline at the top of Summary, of the summary and of the mail, and further findings.

``{x:1}`` is a number of the scenario in focus with one decimal, ``{x*c:0}`` the same times a constant, ``{x}`` its word;
``{when x}`` is the year of a day, or words beyond the horizon; ``{gate x}`` the word for the code of a gate;
``{drawn x:0}`` a line of the Monte Carlo; ``{at t.k.x:1}`` a field of the key k. ``{most t.x:0}``, ``{least t.x:0}``,
``{count t.x}``, ``{first t.x}`` and ``{last t.x:1}`` speak of a field over all keys of its table, ``{held}`` of the claims
that hold, ``{tests}`` of those that are independent tests, ``{tests_held}`` of those that are both. ``{scenario}``,
``{chip}`` and ``{anchor}`` are labels. Kinds may stand one in the other: ``{when drawn x}``.
"""

from threegates.definition.declare import Sentence
from threegates.text import Text

HEADLINE = (
    Sentence("headline", "cases", Text(
        "{scenario}: {compute_multiple:1} times the compute of {anchor}; {cards:0} cards ({chip}) for {months:1} months; "
        "{power_need*megawatts_per_gigawatt:0} MW a campus (campuses used: {campuses_used:0}).",
        "{scenario}：算力为 {anchor} 的 {compute_multiple:1} 倍；{cards_wan:1} 万张卡（{chip}）训练 {months:1} 个月；"
        "每个园区 {power_need*megawatts_per_gigawatt:0} MW（使用 {campuses_used:0} 个园区）。")),
    Sentence("headline_draws", "cases", Text(
        "All gates open, by the median draw: {when drawn all_opening_p50} (nine of ten draws: "
        "{when drawn all_opening_p5} to {when drawn all_opening_p95}); the last is most often {gate drawn often_code} "
        "({drawn often_share*per_cent:0} % of draws).",
        "四关全开的时间，按抽样中位数：{when drawn all_opening_p50}（九成区间：{when drawn all_opening_p5}至"
        "{when drawn all_opening_p95}）；最晚打开的一关以{gate drawn often_code}最为常见"
        "（占抽样的 {drawn often_share*per_cent:0}%）。"),
        (Text("Whether all gates are open is not known, since one of them has no figure.", "四关是否全开未知：有一关缺数字。"),
         Text("In the base case all four gates are open on the day.", "基准情形下，截止日四关均已打开。")), "gates_state"),
    Sentence("headline_gates", "cases", Text(
        "Base case: {binding_gate}, {when all_opening}; it rests most on “{first tornado_opening.moved_input}” "
        "(at its low: {gate first tornado_opening.opening_low_code}, {when first tornado_opening.opening_low_day}; "
        "at its high: {gate first tornado_opening.opening_high_code}, {when first tornado_opening.opening_high_day}).",
        "基准情形：{binding_gate}，{when all_opening}；对其影响最大的输入是“{first tornado_opening.moved_input}”（取低值："
        "{gate first tornado_opening.opening_low_code}，{when first tornado_opening.opening_low_day}；取高值："
        "{gate first tornado_opening.opening_high_code}，{when first tornado_opening.opening_high_day}）。"),
        (Text("What the base case says of the last gate is not known, either.", "基准情形下最晚的一关同样未知。"),
         Text("No gate holds the base case back.", "基准情形不受任何一关限制。")), "gates_state"),
    Sentence("headline_base", "cases", Text(
        "The base case lies at percentile {drawn base_quantile*per_cent:0} of its draws, outside the middle half: "
        "ranges reach further to one side, that of “{first tornado_opening.moved_input}” above all.",
        "基准情形处在抽样分布的第 {drawn base_quantile*per_cent:0} 百分位，不在中间一半之内：输入的区间多向一侧延伸，"
        "以“{first tornado_opening.moved_input}”最甚。"),
        (Text("Where the base case lies among its draws is not known.", "基准情形在抽样分布中的位置未知。"),
         Text("The base case lies in the middle half of its draws.", "基准情形处在抽样分布的中间一半之内。")),
        "drawn base_state"),
    Sentence("headline_claims", "published", Text(
        "Of {count claims.model_low} published figures that the model answers, {held} hold. Independent tests among them: "
        "{tests}, of which {tests_held} held; the others restate inputs or were calibrated.",
        "模型能回答的 {count claims.model_low} 个公开数字中，{held} 个成立。其中独立检验 {tests} 个，成立 {tests_held} 个；"
        "其余为复述输入或经标定。")),
)

# What else is said in a cell, and again in the summary.
FINDINGS = (
    Sentence("growths_finding", "gatetests", Text(
        "How good the growths were: in {at growth_fits.all_forecasts.within:0} of {at growth_fits.all_forecasts.tests:0} "
        "forecasts from earlier days, what came lay within the stated range. In the median it was "
        "{at growth_fits.power_forecasts.middle:1} times the forecast for the largest campus, "
        "{at growth_fits.cards_forecasts.middle:1} for the best supplied developer, "
        "{at growth_fits.money_forecasts.middle:1} for capital spending, and "
        "{at growth_fits.data_forecasts.middle:1} for the largest corpus.",
        "增速假设有多准：从较早日期外推 {at growth_fits.all_forecasts.tests:0} 次，其中 "
        "{at growth_fits.all_forecasts.within:0} 次的实际值落在所给区间之内。实际与预测之比的中位数：最大园区 "
        "{at growth_fits.power_forecasts.middle:1}，持卡最多的开发者 {at growth_fits.cards_forecasts.middle:1}，资本开支 "
        "{at growth_fits.money_forecasts.middle:1}，最大语料 {at growth_fits.data_forecasts.middle:1}。")),
)
