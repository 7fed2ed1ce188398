"""The headline: the sentences at the top of Summary, of the summary and of the mail.

``{x:1}`` is a number of the scenario in focus with one decimal, ``{x*c:0}`` the same times a constant, ``{x}`` its word;
``{year x}`` is the year of a date, ``{drawn x:0}`` a line of the Monte Carlo. ``{most t.x:0}``, ``{least t.x:0}``,
``{count t.x}``, ``{first t.x}`` and ``{last t.x:1}`` speak of a field over all keys of its table, ``{held}`` of the claims
that hold, ``{tests}`` of those that are independent tests, ``{tests_held}`` of those that are both. ``{scenario}``, ``{chip}`` and ``{anchor}`` are labels.
"""

from threegates.definition.declare import Sentence
from threegates.text import Text

HEADLINE = (
    Sentence("headline", "cases", Text(
        "{scenario}: {compute_multiple:1} times the compute of {anchor}; {cards:0} cards ({chip}) for {months:1} months; "
        "{facility_capacity_gw*megawatts_per_gigawatt:0} MW on one campus.",
        "{scenario}：算力为 {anchor} 的 {compute_multiple:1} 倍；{cards_wan:1} 万张卡（{chip}）训练 {months:1} 个月；"
        "单一园区 {facility_capacity_gw*megawatts_per_gigawatt:0} MW。")),
    Sentence("headline_gates", "cases", Text(
        "The last gate to open is {binding_gate}: it needs {binding_ratio:1} times what there was, open in {year last_closed} at "
        "the growth assumed.",
        "最晚打开的一关是{binding_gate}：需要为当时可得的 {binding_ratio:1} 倍，按所设增速 {year last_closed} 年打开。"),
        Text("All four gates are open at their stated dates.", "四关在各自的基准日均已打开。"), "last_closed"),
    Sentence("headline_claims", "published", Text(
        "Of {count claims.model_low} published figures that the model answers, {held} hold. Independent tests among them: "
        "{tests}, of which {tests_held} held; the others restate inputs or were calibrated.",
        "模型能回答的 {count claims.model_low} 个公开数字中，{held} 个成立。其中独立检验 {tests} 个，成立 {tests_held} 个；"
        "其余为复述输入或经标定。")),
)
