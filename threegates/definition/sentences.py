"""The headline: the sentences at the top of Summary, of the summary and of the mail.

``{x:1}`` is a number of the scenario in focus with one decimal, ``{x*c:0}`` the same times a constant, ``{x}`` its word;
``{when x}`` is the year of a day, or words beyond the horizon; ``{gate x}`` the word for the code of a gate; ``{drawn x:0}`` a line of the Monte Carlo. ``{most t.x:0}``, ``{least t.x:0}``,
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
        "Base case: the last gate to open is {binding_gate}, {when all_opening}.",
        "基准情形：最晚打开的一关是{binding_gate}，{when all_opening}。"),
        (Text("A gate is not known, and so it is not known whether all are open.", "有一关未知，是否全开也就未知。"),
         Text("All four gates are open on the day.", "截止日四关均已打开。")), "gates_state"),
    Sentence("headline_claims", "published", Text(
        "Of {count claims.model_low} published figures that the model answers, {held} hold. Independent tests among them: "
        "{tests}, of which {tests_held} held; the others restate inputs or were calibrated.",
        "模型能回答的 {count claims.model_low} 个公开数字中，{held} 个成立。其中独立检验 {tests} 个，成立 {tests_held} 个；"
        "其余为复述输入或经标定。")),
)
