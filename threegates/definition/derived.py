"""Tables that follow from the model by themselves: which there are, their labels and formulas.

Names in a formula are bound by the engine: ``same(…)`` is the record of the own key in another table, ``base.…`` the
scenario in focus, ``rank(…)`` and ``ranked(…)`` the order of the swings, ``moves()`` tells the input that a case moves.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from threegates.definition.declare import PER_RECORD, Field, Table, equation, given
from threegates.definition.inputs import PRECISIONS
from threegates.text import Text, Word

BASE, PICKED_KEY = "cases_base", "as_picked"  # the scenario in focus, with what its results rest on
UNCERTAIN, LOWS, HIGHS, SWINGS = "uncertain", "cases_low", "cases_high", "swings"
VERDICTS, ANY_CHIP = "verdicts", "anychip_picked"
CORNER = "corner"  # of a two-way table: the record above its rows
OF_PICKED = Text("of the picked scenario", "取自重点情景")
BEST_PEAKS = tuple(f"best_{precision}" for precision in PRECISIONS)  # of a chip, at each precision or a wider one

# What is told of the last gate at each end of an input, beside the months until it opens: its day, and which it is.
OPENING, BINDING_CODE = "months_to_open", "binding_code"
TOLD = (
    ("day", "all_opening", Text("all gates open on", "四关全开于")),
    ("code", BINDING_CODE, Text("number of the gate that opens last", "最晚打开的一关的编号")),
)
# What a tornado is of: the output, and its short name.
OUTPUTS = (("cards", "cards"), ("facility_power_gw", "power"), ("months_to_open", "opening"))
OWN_NUMBERS = {"own_params", "own_tokens"}  # a table over multiples takes them as blank

TABLES = {table.id: table for table in (
    Table(BASE, Text("The picked scenario", "重点情景"), across=True),
    Table(UNCERTAIN, Text("Uncertain inputs", "不确定的输入")),
    Table(LOWS, Text("Each input at its low", "各输入取低值"), across=True),
    Table(HIGHS, Text("Each input at its high", "各输入取高值"), across=True),
    Table(SWINGS, Text("What each input swings", "各输入的影响")),
    Table(VERDICTS, Text("Gate", "关口")),
    Table(ANY_CHIP, Text("The picked scenario on each chip", "重点情景换成每种芯片")),
)}


class TwoWay(NamedTuple):
    """A two-way table: an output over two inputs of the scenario in focus, and the axes that hold their values."""

    table: str
    output: str
    down: str
    down_axis: str
    across: str
    across_axis: str


TWO_WAY = (
    TwoWay("grid_cards", "cards", "months", "months_axis", "mfu_used", "mfu_axis"),
    TwoWay("grid_power", "facility_power_gw", "chip_it_power_per_card", "watts_axis", "pue", "pue_axis"),
    TwoWay("grid_flop", "training_flop", "params_multiple", "params_axis", "tokens_multiple", "tokens_axis"),
)

_derived = partial(equation, source="definition")
_by_key = partial(given, sheet="cases", kind="formula", source="definition")  # a formula for each key

# The three values of an uncertain input: some are cells, and some may be blank.
ENDS = tuple(
    _by_key(f"input_{en}", PER_RECORD, en, zh,
        "of the picked scenario; the base value where none is given", "取自重点情景；未给出时取基准值", table=UNCERTAIN)
    for en, zh in (("low", "低值"), ("base", "基准值"), ("high", "高值"))
)
END_IF_GIVEN = "where(end > 0, end, base)"  # a blank end is 0; where every scenario gives one, 0 may be meant

# A table of cases: to what the input of the column moves, and how a row of an input follows.
MOVED_TO = _derived("moved_to", PER_RECORD, "same(uncertain.input_{end})", "moved to", "取值",
    "the end of its range, in its own unit", "区间端点，单位同该输入", sheet="cases", format="any")
IF_MOVED = "where(moves() > 0, moved_to, base.{name})"

SWING = "where(known({name}_low) * known({name}_high) > 0, abs({name}_high - {name}_low), 0)"
SWING_LABEL = Text("swing", "变动")
SWING_WHY = Text("between the two ends; 0 where one is not known", "两端之差；有一端未知则为 0")
RANK = _derived("rank", "1", "rank({name}_swing)", "rank", "名次",
    "the largest swing first", "变动最大者居首", table=SWINGS, sheet="cases", format="whole")
AT_ENDS = (("low", LOWS, Text("at its low", "取低值")), ("high", HIGHS, Text("at its high", "取高值")))
RANKED = Text("Ranked", "排序")
RANKED_INPUT = _derived("moved_input", "", "ranked(swings)", "input", "输入",
    "the input of that rank", "该名次的输入", sheet="sensitivity", kind="text", format="text")
CHANGE = "where(known({name}_{end}) * known(base.{output}) > 0, {name}_{end} - base.{output}, 0)"
CHANGE_LABEL, CHANGE_WHY = Text("change", "时的变化"), Text("0 where one is not known", "有一项未知则为 0")

# What sentences and Any chip need of the scenario in focus, besides what the views show.
BINDING, LAST_CLOSED = "binding_gate", "last_closed"
ON_A_CHIP = ("precision", "peak_needed", "share_16bit", "facility_over_server")  # what the need on another chip follows from
ALWAYS = (BINDING, "binding_ratio", LAST_CLOSED, "all_opening", "gates_state", "cards", *ON_A_CHIP)

# What the gates that may bind are counted in on Summary, and the constant that leads there.
GATES = {
    "cards_gate": ("Mcard", "cards_per_million"),
    "power_gate": ("GW", ""),
    "data_gate": ("Ttoken", "tokens_per_trillion"),
    "money_gate": ("GUSD", "usd_per_billion"),
}

_of_gate = partial(_by_key, table=VERDICTS)
SCALED = "where(known(amount), amount / scale, unknown)"
NEEDS = (
    _of_gate("need", PER_RECORD, "needed", "需要", *OF_PICKED),
    _of_gate("available", PER_RECORD, "available", "可得", *OF_PICKED),
)
RATIO = _of_gate("ratio", "1", "needed over available", "需要与可得之比")
OPENS = _of_gate("opens", "day", "closed until", "关闭至", format="until")
VERDICT = _derived("verdict", "1",
    "where(known(opens), 1 + (opens > 0) * (1 + (opens >= largest(verdicts.opens))), 0)",
    "verdict", "结论",
    "on the day of the workbook", "截至截止日",
    table=VERDICTS, sheet="cases", format="text",
    words=(Word("not known", "未知"), Word("open", "已开", "good"), Word("CLOSED", "未开", "bad"),
        Word("CLOSED, last", "未开（最晚）", "bad")))

# What a scenario takes on another chip: of the scenario in focus; the same for all is a table of its own.
_on_a_chip = partial(_derived, table=ANY_CHIP, sheet="anychip")
ON_ANY_CHIP: dict[str, Field] = {
    "anychip_peak": _on_a_chip("peak_on", "FLOP/s/card", "where(best(precision) > 0, best(precision), unknown)",
        "Peak per card, best precision of both", "单卡峰值（两者都支持的最佳精度）",
        "the chip's best peak at the scenario's precision or a wider one", "芯片在该情景精度或更宽精度下的最高峰值",
        format="scientific"),
    "anychip_cards": _on_a_chip("cards_on", "card",
        "where(known(anychip_peak), peak_needed * (1 - share_16bit + share_16bit * anychip_peak "
        "/ max(best_bf16, (best_bf16 <= 0) * anychip_peak)) / anychip_peak, unknown)",
        "Cards", "卡数",
        "dense peak needed in all over the chip's; the share in 16 bit at its 16-bit peak, where that is known",
        "所需总稠密峰值 ÷ 单卡峰值；16 位部分按其 16 位峰值（已知时）",
        format="whole"),
    "anychip_gw": _on_a_chip("gw_on", "GW",
        "where(known(anychip_cards), "
        "anychip_cards * it_power_per_card * facility_over_server / watts_per_gigawatt, unknown)",
        "Facility power at rated load", "IDC 功率（额定负载）",
        "cards × IT power per card × rest of the IT × annual PUE", "卡数 × 每卡 IT 功率 × 其余 IT × 年均 PUE",
        format="significant"),
}
