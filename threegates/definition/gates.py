"""The four gates: what each scenario needs, what is available on the day, and when supply catches up."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from threegates.definition.declare import PER_RECORD, Field, equation, given
from threegates.definition.inputs import NOT_ZERO
from threegates.text import Text, Word

_row = partial(equation, sheet="gates", source="definition")


class Gate(NamedTuple):
    """A gate: its name in ids, label, unit and format, what is needed and what there is, with the same in words.

    ``reach``: the need beyond which it never opens. ``not_before``: the day before which it opens for nobody, 0 for the
    first day that a spreadsheet counts. ``years`` and ``opens`` explain its years and its opening date.
    """

    name: str
    label: Text
    unit: str
    format: str
    need: str
    what: Text
    available: str
    reach: str = ""
    not_before: str = "0"
    years: Text = Text("years in which growth closes the ratio; below 0: open since; —: what does not grow closes nothing",
        "按年增速补足缺口所需年数；小于 0 表示早已打开；—：不增长则补不上")
    opens: Text = Text("the day on which growth closes the ratio, also where it has passed; without growth never, unless open",
        "按年增速补足缺口的日期，已过者亦列；不增长则永不，除非已开")


BINDING = (
    Gate("cards", Text("Cards", "卡"), "card", "whole", "h100_equivalents",
        Text("H100 equivalents", "折合 H100 张数"), "cards_gate.available_now", not_before="chip_from",
        opens=Text("the day on which growth closes the ratio, not before the chip ships; without growth never, unless open",
            "按年增速补足缺口的日期，不早于芯片供货；不增长则永不，除非已开")),
    Gate("power", Text("Power", "电"), "GW", "significant", "capacity_per_campus_gw",
        Text("facility capacity on each campus", "每个园区的设施容量"),
        "where(known(power_gate.available_now), "
        "max(power_gate.available_now, largest(campuses.counted_mw) / megawatts_per_gigawatt), unknown)"),
    Gate("data", Text("Data", "数据"), "token", "scientific",
        "tokens * (1 - synthetic_share_allowed) / repetition_worth",
        Text("unique human tokens, after what synthesis and repetition add: tokens of a run count both",
            "扣除合成与重复之后所需的独特人类 token：训练 token 数本身含重复轮次与合成"),
        "where(known(data_gate.available_now), min(data_gate.available_now, unique_reach), unknown)",
        reach="unique_reach",
        years=Text("years in which growth closes the ratio; —: no more human text would open it, or there is no growth",
            "按年增速补足缺口所需年数；—：再多的人类文本也打不开，或没有增长")),
    Gate("money", Text("Money", "钱"), "USD", "scientific", "upfront_cost_per_year",
        Text("what is bought up front, a year of building it", "建设期内每年的一次性投入"),
        "money_gate.available_now"),
)


def _gate_rows(gate: Gate) -> tuple[Field, ...]:
    """Need, available, ratio, years, opening date and closed until of one gate."""
    name, en, zh = gate.name, f"{gate.label.en}: ", f"{gate.label.zh}："
    need, ratio, years, opening = (f"{name}_{part}" for part in ("need", "ratio", "years", "opening"))
    growth = f"{name}_gate.growth_used"
    reached = f"known({ratio}) * ({growth} > 1)" + (f" * ({need} <= {gate.reach})" if gate.reach else "")
    date = f"max({gate.not_before}, min(never, as_of + days_per_growth_period * {years}))"
    today = "as_of" if gate.not_before == "0" else f"max({gate.not_before}, as_of)"
    without_growth = f"where({ratio} > 1, never, {today})"  # what is open stays so on the day
    return (
        _row(need, gate.unit, gate.need,
            f"{en}needed", f"{zh}需要",
            *gate.what,
            format=gate.format),
        _row(f"{name}_available", gate.unit, gate.available,
            f"{en}available on the day", f"{zh}截止日可得",
            "from Supply, carried to the day of the workbook", "取自“供给”页，外推至截止日",
            format=gate.format),
        _row(ratio, "1", f"where(known({need}) * known({name}_available) > 0, {need} / {name}_available, unknown)",
            f"{en}needed over available", f"{zh}需要与可得之比",
            "above 1 the gate is closed on the day", "大于 1 表示截止日时此关未开"),
        _row(years, "1", f"where({reached} > 0, log({ratio}) / log({growth}), unknown)",
            f"{en}years until it opens", f"{zh}距打开的年数",
            *gate.years),
        _row(opening, "day",
            f"choose(known({ratio}) * (1 + known({years})), unknown, {without_growth}, {date})",
            f"{en}the gate opens on", f"{zh}打开日期",
            *gate.opens,
            format="opening"),
        _row(f"{name}_closed_until", "day",
            f"where(known({opening}), ({opening} > as_of) * ({opening} + ({opening} > horizon) * (never - {opening})), "
            "unknown)",
            f"{en}closed until", f"{zh}关闭至",
            "the opening date where the gate is closed on the day; past the horizon no date is told",
            "截止日未开者为打开日期；超出展望期不给日期",
            format="until"),
    )


CARDS, POWER, DATA, MONEY = BINDING
_ALL = ", ".join(f"{gate.name}_opening" for gate in BINDING)
_LATER = "{}_opening < all_opening"

GATES: tuple[Field, ...] = (
    _row("chip_from", "day", "chip.available",
        "Cards: the chip ships from", "卡：芯片批量供货自",
        "before that day nobody has it; from Chips", "此前无人可得；取自“芯片”页",
        format="opening"),
    *_gate_rows(CARDS),
    _row("largest_campus", "card", "largest(campuses.counted_h100e)",
        "Cards, beside it: H100 equivalents of the largest campus", "卡（对照）：最大园区的折合 H100 张数",
        "of those that operate on the day", "当日在运行者",
        format="whole"),
    _row("campuses_filled", "1",
        "where(known(cards_need) * largest_campus > 0, cards_need / largest_campus, unknown)",
        "Cards, beside it: largest campuses that it would fill", "卡（对照）：可填满几个最大园区",
        "to compare with the campuses used", "可与使用的园区数对照"),
    _row("shipped_ratio", "1", "where(known(cards_need) * largest(shipped.on_the_day) > 0, cards_need / largest(shipped.on_the_day), unknown)",
        "Cards, beside it: share of all that had been shipped", "卡（对照）：占累计出货的比例",
        "by all designers, to everybody", "各家设计商、全部买家合计",
        format="percent"),
    *_gate_rows(POWER),
    _row("repetition_worth", "1", "1 + repetition_decay * (1 - exp((1 - epochs) / repetition_decay))",
        "Data: what reading the text again is worth", "数据：重复阅读的价值",
        "times the unique tokens; each further epoch adds less", "相当于独特 token 的倍数；每多一轮增益递减",
        source="muennighoff_2023"),
    _row("unique_reach", "token", "max(unique_text_stock, data_gate.available)",
        "Data: unique human tokens that there can be", "数据：独特人类 token 的上限",
        "the stock of unique text, at least the corpus in use; more human text there is not",
        "独特文本存量，至少为现用语料；再无更多人类文本",
        format="scientific"),
    *_gate_rows(DATA),
    _row("data_outlook", "1",
        "known(data_opening) * (1 + (data_opening > as_of) * (1 + (data_need > unique_reach) "
        "+ (data_need <= unique_reach) * (data_gate.growth_used <= 1) * (1 + 1)))",
        "Data: would more human text do?", "数据：更多人类文本够吗？",
        "beyond the stock only synthesis, repetition or fewer tokens help", "超出存量后只能靠合成、重复或减少 token",
        format="text", words=(
            Word("not known", "未知"), Word("open", "已开", "good"), Word("in time", "假以时日"),
            Word("NOT by more human text", "再多人类文本也不够", "bad"), Word("NOT without growth", "不增长则永远不够", "bad"),
        )),
    _row("stock_ratio", "1", "tokens * (1 - synthetic_share_allowed) / human_text_stock",
        "Data, beside it: human tokens over the effective stock", "数据（对照）：人类 token 与有效存量之比",
        "Epoch's stock counts quality and repetition already", "Epoch 的存量已计入质量与重复",
        source="epoch_data"),
    *_gate_rows(MONEY),
    _row("gates_known", "1", " * ".join(f"known({gate.name}_opening)" for gate in BINDING),
        "are all gates known?", "各关是否都已知？",
        "0 where a gate is not known, and then neither is the last", "有一关未知则为 0，最晚一关也就未知",
        format="whole"),
    _row("all_opening", "day", f"where(gates_known > 0, max({_ALL}), unknown)",
        "all gates open on", "四关全开于",
        "the last of the four, also where it has passed; the corpora and shipments beside them do not bind",
        "四关中最晚者，已过者亦列；对照项不作约束",
        format="opening"),
    _row("last_closed", "day",
        f"where(gates_known > 0, max({_ALL.replace('opening', 'closed_until')}), unknown)",
        "the last gate is closed until", "最晚一关关闭至",
        "the last of the four", "四关中最晚者",
        format="until"),
    _row("gates_state", "1", "gates_known * (1 + (all_opening > as_of))",
        "state of the gates", "各关状态",
        "0 not known, 1 all open on the day, 2 one is closed", "0 未知，1 截止日全开，2 有关未开",
        format="whole"),
    _row("months_to_open", "month",
        "where(known(all_opening), (min(all_opening, horizon) - as_of) / days_per_month, unknown)",
        "months until all gates are open, to the horizon at most", "距四关全开的月数（至多到展望期末）",
        "below 0: open since", "小于 0 表示早已打开"),
    _row("binding_code", "1",
        f"gates_known * (1 + (all_opening > as_of) * (1 + ({_LATER.format('cards')}) * (1 + "
        f"({_LATER.format('power')}) * (1 + ({_LATER.format('data')})))))",
        "number of the gate that opens last", "最晚打开的一关的编号",
        "0 not known, 1 none: all open, 2 cards, 3 power, 4 data, 5 money", "0 未知，1 无，2 卡，3 电，4 数据，5 钱",
        format="whole"),
    _row("binding_gate", "1", "binding_code",
        "the gate that opens last", "最晚打开的一关",
        "the gate that binds", "起约束作用的一关",
        format="text", words=(
            Word("not known: a gate has no figure", "未知：有一关缺数字"), Word("none: all open", "无：全部已开", "good"),
            *(Word(gate.label.en.lower(), gate.label.zh) for gate in BINDING),
        )),
    _row("binding_ratio", "1",
        f"choose(binding_code, unknown, unknown, {', '.join(f'{gate.name}_ratio' for gate in BINDING)})",
        "needed over available at the gate that opens last", "最晚一关的需要与可得之比",
        "— where none is closed", "没有未开的关则为 —"),
)

_context_given = partial(given, table="context", sheet="tradeoff", source="definition")
_context = partial(equation, table="context", sheet="tradeoff", source="definition")

CONTEXT_FIELDS = (
    _context_given("claimed", PER_RECORD, "as claimed", "所称数值", minimum=NOT_ZERO),
    _context_given("needed", PER_RECORD, "needed by the picked scenario", "重点情景所需", kind="formula"),
    _context("taken", "1", "where(known(needed), needed / claimed, unknown)",
        "share of it that the scenario takes", "情景所占比例",
        "above 100 % it takes more than there was", "超过 100% 即当时全部也不够",
        format="percent"),
)

_break_even = partial(equation, sheet="sensitivity", source="definition")

BREAK_EVEN = (
    _break_even("mfu_to_open_cards", "1", "where(known(cards_ratio), mfu_used * cards_ratio, unknown)",
        "MFU at which the cards gate is just open", "卡关恰好打开所需的 MFU",
        "cards go as 1 / MFU; above 100 % no MFU opens it", "卡数与 MFU 成反比；超过 100% 即无解",
        format="percent"),
    _break_even("months_to_open_cards", "month", "where(known(cards_ratio), months * cards_ratio, unknown)",
        "months at which the cards gate is just open", "卡关恰好打开所需的月数",
        "cards go as 1 / months", "卡数与时长成反比"),
    _break_even("share_to_open_cards", "1", "where(known(cards_ratio), run_share * cards_ratio, unknown)",
        "share of a developer's cards at which the cards gate is just open", "卡关恰好打开所需的单次训练占比",
        "above 100 % not all that the best supplied developer has suffices", "超过 100% 即持卡最多的开发者全部投入也不够",
        format="percent"),
    _break_even("mfu_to_open_power", "1", "where(known(power_ratio), mfu_used * power_ratio, unknown)",
        "MFU at which the power gate is just open", "电关恰好打开所需的 MFU",
        "power goes with the cards", "功率与卡数成正比",
        format="percent"),
    _break_even("months_to_open_power", "month", "where(known(power_ratio), months * power_ratio, unknown)",
        "months at which the power gate is just open", "电关恰好打开所需的月数",
        "power goes with the cards", "功率与卡数成正比"),
    _break_even("watts_to_open_power", "W/card", "where(known(power_ratio), capacity_per_card / power_ratio, unknown)",
        "facility watts per card at which the power gate is just open", "电关恰好打开所需的每卡设施功率",
        "to compare with the capacity per card on Power", "可与“电”页的每卡容量对照",
        format="whole"),
    _break_even("synthetic_to_open_data", "1",
        "where(known(data_available), max(0, 1 - data_available * repetition_worth / tokens), unknown)",
        "synthetic share at which the data gate is just open", "数据关恰好打开所需的合成占比",
        "what human text does not cover, repetition counted", "人类文本（计入重复）覆盖不了的部分",
        format="percent"),
    _break_even("share_to_open_money", "1", "where(known(money_ratio), spender_share * money_ratio, unknown)",
        "one developer's share of the spending at which the money gate is just open", "钱关恰好打开所需的单家支出占比",
        "above 100 % not all of it suffices", "超过 100% 即全部支出也不够",
        format="percent"),
)

_check = partial(equation, sheet="checks", format="whole", source="definition", check="error")

CHECKS: tuple[Field, ...] = tuple(
    _check(f"{gate.name}_gate_grows_open", "1",
        f"where(known({gate.name}_years), abs({gate.name}_gate.growth_used ** {gate.name}_years "
        f"/ {gate.name}_ratio - 1) < check_tolerance, 1)",
        f"{gate.name}: growth to the opening date closes the ratio", f"{gate.label.zh}：增长至打开日期恰好补足缺口",
        "the way back from the date gives the ratio again", "由日期倒推，应得回该比值")
    for gate in BINDING
)
