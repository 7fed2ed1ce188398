"""The scenario in focus: its chain of results, its gates, and every scenario on every chip, itself first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from threegates.definition.declare import PER_RECORD, Field, Table, View
from threegates.engine.resolve import Step
from threegates.engine.study import BASE, PICKED_KEY, Study
from threegates.formula.nodes import Best, Call, Cell, Literal, Node, Own, Picked, Unknown, Whole
from threegates.inputs.assumptions import SCENARIOS, Assumptions, Entry
from threegates.text import Text, Word

VERDICTS = "verdicts"
PRECISIONS = ("bf16", "fp8", "fp4")
OF_PICKED = Text("of the picked scenario", "取自重点情景")
BINDING, LAST_CLOSED = "binding_gate", "last_closed"
ON_A_CHIP = ("precision", "peak_needed", "facility_over_server")  # what the need on another chip follows from
ALWAYS = (
    BINDING,
    "binding_ratio",
    LAST_CLOSED,
    "cards",
    *ON_A_CHIP,
)  # what sentences and Any chip need besides the views
OF_A_GATE = ("need", "available", "ratio", "closed_until")
# What the gates that may bind are counted in on Summary, and the constant that leads there.
GATES = {
    "cards_gate": ("Mcard", "cards_per_million"),
    "power_gate": ("GW", ""),
    "data_gate": ("Ttoken", "tokens_per_trillion"),
    "money_gate": ("GUSD", "usd_per_billion"),
}


def chosen(study: Study, fields: Mapping[Step, Field], views: Iterable[View]) -> None:
    """What the views show of the picked scenario, where its table has it not yet."""
    shown = [name for view in views for name in (*view.fields, *(other for _, other in view.counted))]
    of_gates = [f"{gate.removesuffix('_gate')}_{name}" for name in OF_A_GATE for gate in GATES]
    for name in dict.fromkeys((*shown, *ALWAYS, *of_gates)):
        own = fields[SCENARIOS, name]
        if (BASE, name) not in study.fields:
            node = Picked("binding_code" if name == BINDING else name)
            study.row(
                replace(
                    own, table=BASE, sheet="cases", formula=f"picked.{node.field}", why=OF_PICKED, source="definition",
                    check="", ranged=False, optional=False,
                ),
                node,
            )  # fmt: skip


def verdicts(study: Study, fields: Mapping[Step, Field], assumptions: Assumptions) -> None:
    """A gate a row: what the picked scenario needs, what there is, and the verdict in words."""
    entries = assumptions.entries["gates"]
    study.table(
        Table(VERDICTS, Text("Gate", "关口")),
        {gate: Entry(entries[gate].label, unit=unit) for gate, (unit, _) in GATES.items()},
    )

    def made(name: str, label: Text, unit: str, shown: str, why: Text) -> Field:
        return Field(
            name, label, unit, f"picked.<gate>_{name}", VERDICTS, "cases", format=shown, why=why, source="definition"
        )

    def picked(name: str) -> dict[str, Node]:
        return {gate: Cell(BASE, f"{gate.removesuffix('_gate')}_{name}", PICKED_KEY) for gate in GATES}

    for name, label in (("need", Text("needed", "需要")), ("available", Text("available", "可得"))):
        nodes = {
            gate: _scaled(node, constant)
            for (gate, (_, constant)), node in zip(GATES.items(), picked(name).values(), strict=True)
        }
        study.cells(made(name, label, PER_RECORD, "significant", OF_PICKED), nodes)
    ratio = fields[SCENARIOS, "power_ratio"]
    label = Text("needed over available", "需要与可得之比")
    study.cells(made("ratio", label, "1", "significant", ratio.why), picked("ratio"))
    label, why = Text("closed until (–: open)", "关闭至（– 为已打开）"), fields[SCENARIOS, "power_closed_until"].why
    study.cells(made("opens", label, "day", "until", why), picked("closed_until"))
    last = Call(">=", (Own(VERDICTS, "opens"), Call("largest", (Whole(VERDICTS, "opens"),))))
    shut = Call("*", (Call(">", (Own(VERDICTS, "ratio"), Literal(1))), Call("+", (Literal(1), last))))
    code = Call("where", (Call("known", (Own(VERDICTS, "ratio"),)), Call("+", (Literal(1), shut)), Literal(0)))
    verdict = made("verdict", Text("verdict", "结论"), "1", "text", Text("above 1 the gate is closed", "大于 1 即未开"))
    words = (
        Word("not known", "未知"),
        Word("open", "已开", "good"),
        Word("CLOSED", "未开", "bad"),
        Word("CLOSED, last", "未开（最晚）", "bad"),
    )
    study.row(replace(verdict, words=words, formula="known(ratio) * (1 + (ratio > 1) * (1 + last))"), code)


def _scaled(node: Node, constant: str) -> Node:
    """The number in a larger unit; — stays what it is."""
    if not constant:
        return node
    return Call("where", (Call("known", (node,)), Call("/", (node, Cell("constants", "value", constant))), Unknown()))


def any_chip(study: Study, assumptions: Assumptions) -> None:
    """Peak, cards and gigawatts on every chip: of the picked scenario, then of all."""
    chips = {key: Entry(entry.label, note=None) for key, entry in assumptions.entries["chips"].items()}
    picked = "anychip_picked"
    study.table(Table(picked, Text("The picked scenario on each chip", "重点情景换成每种芯片")), chips)
    texts = _texts()

    def row(name: str, of: str, node: Callable[[str], Node]) -> None:
        label, unit, shown, why = texts[of]
        made = Field(name, label, unit, label.en.lower(), picked, "anychip", format=shown, why=why, source="definition")
        study.cells(made, {chip: node(chip) for chip in chips})

    at = {name: Cell(BASE, name, PICKED_KEY) for name in ON_A_CHIP}
    row("peak_on", "anychip_peak", lambda chip: _peak(chip, at["precision"]))
    row("cards_on", "anychip_cards", lambda chip: _cards(Cell(picked, "peak_on", chip, "row"), at["peak_needed"]))
    row("gw_on", "anychip_gw", lambda c: _gigawatts(c, Cell(picked, "cards_on", c, "row"), at["facility_over_server"]))
    for table, (label, unit, shown, why) in texts.items():
        study.table(Table(table, label), {key: replace(entry, unit=unit) for key, entry in chips.items()})
        for scenario in assumptions.ids[SCENARIOS]:
            name = assumptions.entries[SCENARIOS][scenario].label
            made = Field(scenario, name, unit, label.en.lower(), table, "anychip", format=shown, why=why, source="definition")  # fmt: skip
            study.cells(made, {chip: _of_scenario(table, chip, scenario) for chip in chips})


def _texts() -> dict[str, tuple[Text, str, str, Text]]:
    """Label, unit, format and reason of each of the tables, in the order of their dependence."""
    return {
        "anychip_peak": (
            Text("Peak per card, best precision of both", "单卡峰值（两者都支持的最佳精度）"), "FLOP/s/card", "scientific",
            Text("the chip's best peak at the scenario's precision or a wider one", "芯片在该情景精度或更宽精度下的最高峰值"),
        ),
        "anychip_cards": (
            Text("Cards", "卡数"), "card", "whole", Text("dense peak needed in all over the chip's", "所需总稠密峰值 ÷ 单卡峰值"),
        ),
        "anychip_gw": (
            Text("Facility power at rated load", "IDC 功率（额定负载）"), "GW", "significant",
            Text("cards × IT power per card × rest of the IT × annual PUE", "卡数 × 每卡 IT 功率 × 其余 IT × 年均 PUE"),
        ),
    }  # fmt: skip


def _of_scenario(table: str, chip: str, scenario: str) -> Node:
    def of(name: str) -> Cell:
        return Cell(SCENARIOS, name, scenario, "column")

    if table == "anychip_peak":
        return _peak(chip, of("precision"))
    if table == "anychip_cards":
        return _cards(Cell("anychip_peak", scenario, chip, "both"), of("peak_needed"))
    return _gigawatts(chip, Cell("anychip_cards", scenario, chip, "both"), of("facility_over_server"))


def _peak(chip: str, precision: Cell) -> Node:
    best = tuple(f"best_{name}" for name in PRECISIONS)
    found = Best("chips", chip, best, PRECISIONS, precision)
    return Call("where", (Call(">", (found, Literal(0))), found, Unknown()))


def _cards(peak: Cell, needed: Cell) -> Node:
    return Call("where", (Call("known", (peak,)), Call("/", (needed, peak)), Unknown()))


def _gigawatts(chip: str, cards: Cell, overhead: Cell) -> Node:
    watts = Call("*", (cards, Cell("chips", "it_power_per_card", chip, "row")))
    shown = Call("/", (Call("*", (watts, overhead)), Cell("constants", "value", "watts_per_gigawatt")))
    return Call("where", (Call("known", (cards,)), shown, Unknown()))
