"""Tables that follow from the model by themselves: which there are, their labels and formulas.

Names in a formula are bound by the engine: ``same(…)`` is the record of the own key in another table, ``base.…`` the
scenario in focus, ``rank(…)`` and ``ranked(…)`` the order of the swings, ``moves()`` tells the input that a case moves.
"""

from __future__ import annotations

from typing import NamedTuple

from threegates.definition.declare import PER_RECORD, Field, Table
from threegates.text import Text, Word

BASE, PICKED_KEY = "cases_base", "as_picked"  # the scenario in focus, with what its results rest on
UNCERTAIN, LOWS, HIGHS, SWINGS = "uncertain", "cases_low", "cases_high", "swings"
VERDICTS, ANY_CHIP = "verdicts", "anychip_picked"
CORNER = "corner"  # of a two-way table: the record above its rows
OF_PICKED = Text("of the picked scenario", "取自重点情景")
PRECISIONS = ("bf16", "fp8", "fp4")

# What a tornado is of: the output, and its short name.
OUTPUTS = (("cards", "cards"), ("facility_power_gw", "power"), ("binding_ratio", "ratio"))
OWN_NUMBERS = {"own_params", "own_tokens"}  # a table over multiples takes them as blank

TABLES = {
    table.id: table
    for table in (
        Table(BASE, Text("The picked scenario", "重点情景"), across=True),
        Table(UNCERTAIN, Text("Uncertain inputs", "不确定的输入")),
        Table(LOWS, Text("Each input at its low", "各输入取低值"), across=True),
        Table(HIGHS, Text("Each input at its high", "各输入取高值"), across=True),
        Table(SWINGS, Text("What each input swings", "各输入的影响")),
        Table(VERDICTS, Text("Gate", "关口")),
        Table(ANY_CHIP, Text("The picked scenario on each chip", "重点情景换成每种芯片")),
    )
}


class TwoWay(NamedTuple):
    """A two-way table: an output over two inputs of the scenario in focus, and the axes that hold their values."""

    table: str
    output: str
    down: str
    down_axis: str
    across: str
    across_axis: str


TWO_WAY = (
    TwoWay("grid_cards", "cards", "months", "months_axis", "mfu", "mfu_axis"),
    TwoWay("grid_power", "facility_power_gw", "chip_it_power_per_card", "watts_axis", "pue", "pue_axis"),
    TwoWay("grid_flop", "training_flop", "params_multiple", "params_axis", "tokens_multiple", "tokens_axis"),
)

# The three values of an uncertain input; a formula for each, since some are cells and some may be blank.
ENDS = tuple(
    Field(
        f"input_{name.en}",
        name,
        PER_RECORD,
        table=UNCERTAIN,
        sheet="cases",
        kind="formula",
        why=Text("of the picked scenario; the base value where none is given", "取自重点情景；未给出时取基准值"),
        source="definition",
    )
    for name in (Text("low", "低值"), Text("base", "基准值"), Text("high", "高值"))
)
END_IF_GIVEN = "where(end > 0, end, base)"  # a blank end is 0

# A table of cases: to what the input of the column moves, and how a row of an input follows.
MOVED_TO = Field(
    "moved_to",
    Text("moved to", "取值"),
    PER_RECORD,
    sheet="cases",
    format="any",
    why=Text("the end of its range, in its own unit", "区间端点，单位同该输入"),
    source="definition",
)
IF_MOVED = "where(moves() > 0, moved_to, base.{name})"

SWING = "where(known({name}_low) * known({name}_high) > 0, abs({name}_high - {name}_low), 0)"
SWING_LABEL, SWING_WHY = (
    Text("swing", "变动"),
    Text("between the two ends; 0 where one is not known", "两端之差；有一端未知则为 0"),
)
RANK = Field("rank", Text("rank", "名次"), "1", format="whole", why=Text("the largest swing first", "变动最大者居首"))
AT_ENDS = (("low", LOWS, Text("at its low", "取低值")), ("high", HIGHS, Text("at its high", "取高值")))
RANKED = Text("Ranked", "排序")
RANKED_INPUT = Field(
    "moved_input",
    Text("input", "输入"),
    "",
    "ranked(swings)",
    sheet="sensitivity",
    kind="text",
    format="text",
    why=Text("the input of that rank", "该名次的输入"),
    source="definition",
)
CHANGE = "where(known({name}_{end}) * known(base.{output}) > 0, {name}_{end} - base.{output}, 0)"
CHANGE_LABEL, CHANGE_WHY = Text("change", "时的变化"), Text("0 where one is not known", "有一项未知则为 0")

# What sentences and Any chip need of the scenario in focus, besides what the views show.
BINDING, LAST_CLOSED = "binding_gate", "last_closed"
ON_A_CHIP = ("precision", "peak_needed", "facility_over_server")  # what the need on another chip follows from
ALWAYS = (BINDING, "binding_ratio", LAST_CLOSED, "cards", *ON_A_CHIP)

# What the gates that may bind are counted in on Summary, and the constant that leads there.
GATES = {
    "cards_gate": ("Mcard", "cards_per_million"),
    "power_gate": ("GW", ""),
    "data_gate": ("Ttoken", "tokens_per_trillion"),
    "money_gate": ("GUSD", "usd_per_billion"),
}


def _verdict(name: str, label: Text, unit: str, shown: str, why: Text, formula: str = "") -> Field:
    kind = "number" if formula else "formula"  # a formula for each gate: each has a home of its own
    return Field(name, label, unit, formula, VERDICTS, "cases", kind, shown, why, "definition")  # type: ignore[arg-type]


SCALED = "where(known(amount), amount / scale, unknown)"
NEEDS = (
    _verdict("need", Text("needed", "需要"), PER_RECORD, "significant", OF_PICKED),
    _verdict("available", Text("available", "可得"), PER_RECORD, "significant", OF_PICKED),
)
RATIO = _verdict("ratio", Text("needed over available", "需要与可得之比"), "1", "significant", OF_PICKED)
OPENS = _verdict("opens", Text("closed until (–: open)", "关闭至（– 为已打开）"), "day", "until", OF_PICKED)
VERDICT = Field(
    "verdict",
    Text("verdict", "结论"),
    "1",
    "where(known(ratio), 1 + (ratio > 1) * (1 + (opens >= largest(verdicts.opens))), 0)",
    VERDICTS,
    "cases",
    format="text",
    why=Text("above 1 the gate is closed", "大于 1 即未开"),
    source="definition",
    words=(
        Word("not known", "未知"),
        Word("open", "已开", "good"),
        Word("CLOSED", "未开", "bad"),
        Word("CLOSED, last", "未开（最晚）", "bad"),
    ),
)


class OnAChip(NamedTuple):
    """What a scenario takes on another chip: the table of all scenarios, the field of the one in focus, the formula."""

    table: str
    field: str
    label: Text
    unit: str
    format: str
    why: Text
    formula: str


ON_ANY_CHIP = (
    OnAChip(
        "anychip_peak",
        "peak_on",
        Text("Peak per card, best precision of both", "单卡峰值（两者都支持的最佳精度）"),
        "FLOP/s/card",
        "scientific",
        Text(
            "the chip's best peak at the scenario's precision or a wider one", "芯片在该情景精度或更宽精度下的最高峰值"
        ),
        "where(best(precision) > 0, best(precision), unknown)",
    ),
    OnAChip(
        "anychip_cards",
        "cards_on",
        Text("Cards", "卡数"),
        "card",
        "whole",
        Text("dense peak needed in all over the chip's", "所需总稠密峰值 ÷ 单卡峰值"),
        "where(known(anychip_peak), peak_needed / anychip_peak, unknown)",
    ),
    OnAChip(
        "anychip_gw",
        "gw_on",
        Text("Facility power at rated load", "IDC 功率（额定负载）"),
        "GW",
        "significant",
        Text("cards × IT power per card × rest of the IT × annual PUE", "卡数 × 每卡 IT 功率 × 其余 IT × 年均 PUE"),
        "where(known(anychip_cards), "
        "anychip_cards * it_power_per_card * facility_over_server / watts_per_gigawatt, unknown)",
    ),
)
