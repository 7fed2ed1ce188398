"""The four gates: what each scenario needs, what is available at a stated date, and when supply catches up."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import PER_RECORD, Field, equation, given
from threegates.definition.inputs import NOT_ZERO
from threegates.text import Text, Word

SWITCH_FIELDS = (
    given("value", PER_RECORD,
        "value", "数值",
        table="switches", sheet="supply", format="general", minimum=0, maximum=1, ranged=True),
)

_campus_given = partial(given, table="campuses", sheet="supply", source="definition", optional=True)
_campus = partial(equation, table="campuses", sheet="supply", source="definition", optional=True)

CAMPUS_FIELDS = (
    _campus_given("operating_from", "day", "from", "启用时间", kind="date", format="date", optional=False),
    _campus_given("facility_mw", "MW", "facility MW, as stated", "设施 MW（公布值）", format="whole", minimum=NOT_ZERO),
    _campus_given("it_mw", "MW", "IT MW, as stated", "IT MW（公布值）", format="whole", minimum=NOT_ZERO),
    _campus_given("h100e", "card", "H100 equivalents", "折合 H100", format="whole", minimum=NOT_ZERO),
    _campus_given("announced", "1",
        "announced (1) or operating (0)", "已宣布（1）或在运行（0）",
        format="whole", minimum=0, maximum=1, optional=False),
    _campus_given("delivered_h100e", "card",
        "H100 equivalents that stood at the announced date", "到公布日期时实际建成的折合 H100",
        format="whole", minimum=NOT_ZERO),
    _campus("campus_mw", "MW",
        "where(max(facility_mw, it_mw) > 0, "
        "max(facility_mw, (facility_mw <= 0) * it_mw * campus_facility_over_it), unknown)",
        "facility MW", "设施 MW",
        "as stated; where only IT is stated, IT × facility over IT", "公布的设施功率；只公布 IT 功率时乘设施与 IT 之比",
        format="whole"),
    _campus("delivered_share", "1", "where(delivered_h100e * h100e > 0, delivered_h100e / h100e, unknown)",
        "share delivered by the date", "按期建成比例",
        "the record of slipping, where it is known", "延期记录（已知者）",
        format="percent"),
    _campus("slip_share", "1", "where(count(campuses.delivered_share) > 0, median(campuses.delivered_share), 1)",
        "record of slipping, median", "延期记录（中位数）",
        "of all shares delivered that are known; 1 where none is", "所有已知按期建成比例的中位数；都未知时取 1",
        format="percent"),
    _campus("path_share", "1",
        "power_gate.growth ** (-max(0, operating_from - power_gate.available_on) / days_per_growth_period)",
        "share of it at the stated date, along the growth", "按增速折回到基准日的比例",
        "a later campus is put back to the gate's date along the growth of the record, so that one date serves all",
        "晚于基准日的园区，按纪录的年增速折回到该日，统一口径",
        format="percent"),
    _campus("counted_share", "1",
        "max((announced <= 0) * (operating_from <= power_gate.available_on), "
        "count_announced * where(announced > 0, slip_share, 1))",
        "counted", "计入比例",
        "operating at the gate's date: whole; later or announced: only if the switch says so, announced ones "
        "discounted by the record of slipping",
        "基准日已运行：全部计入；其后启用或仅宣布：开关打开时才计入，宣布者按延期记录折减",
        format="percent"),
    _campus("counted_mw", "MW", "where(known(campus_mw), campus_mw * counted_share * path_share, 0)",
        "counted, facility MW at the gate's date", "计入的设施 MW（折到基准日）",
        "MW × share counted × share at the date", "MW × 计入比例 × 折回比例",
        format="whole"),
    _campus("picked_need_mw", "MW", "picked.facility_capacity_gw * megawatts_per_gigawatt",
        "needed by the picked scenario, facility MW", "重点情景所需的设施 MW",
        "peak capacity on one campus, to compare with", "单一园区的峰值容量，供对照",
        format="whole"),
)

_gate = partial(given, table="gates", sheet="supply", source="definition")

GATE_FIELDS = (
    _gate("available_on", "day", "at the date", "基准日", kind="date", format="date"),
    _gate("available", PER_RECORD, "available then", "当日可得", kind="formula"),
    _gate("growth", "1", "growth a year", "年增长倍数", minimum=1.0001, maximum=100, ranged=True),
)

_row = partial(equation, sheet="gates", source="definition")


def _gate_rows(name: str, label: Text, unit: str, shown: str, need: str, what: Text, known: bool) -> tuple[Field, ...]:
    """Need, available, ratio, opening date and closed until of one gate; ``known``: its need is known everywhere."""
    gate, en, zh = f"{name}_gate", f"{label.en}: ", f"{label.zh}："
    ratio = f"{name}_need / {name}_available"
    return (
        _row(f"{name}_need", unit, need,
            f"{en}needed", f"{zh}需要",
            *what,
            format=shown),
        _row(f"{name}_available", unit, f"{gate}.available",
            f"{en}available at the stated date", f"{zh}基准日可得",
            "from Supply, with its basis and date", "取自“供给”页，口径与日期见该页",
            format=shown),
        _row(f"{name}_ratio", "1", ratio if known else f"where(known({name}_need), {ratio}, unknown)",
            f"{en}needed over available", f"{zh}需要与可得之比",
            "above 1 the gate is closed at the stated date", "大于 1 表示基准日时此关未开"),
        _row(f"{name}_opening", "day",
            f"where(known({name}_ratio), {gate}.available_on + days_per_growth_period "
            f"* log(max(1, {name}_ratio)) / log({gate}.growth), unknown)",
            f"{en}the gate opens on", f"{zh}打开日期",
            "the day on which growth has closed the ratio; the stated date where it is open",
            "按年增速补足缺口的日期；已打开者为基准日",
            format="date"),
        _row(f"{name}_closed_until", "day", f"where(known({name}_ratio), ({name}_ratio > 1) * {name}_opening, 0)",
            f"{en}closed until (–: open)", f"{zh}关闭至（– 为已打开）",
            "the opening date where the gate is closed, 0 where it is open", "未打开时为打开日期，已打开时为 0",
            format="until"),
    )


# The gates: name in ids, label, unit, format, what is needed, the same in words, and whether it is known everywhere.
_BINDING = (
    ("cards", Text("Cards", "卡"), "card", "whole", "h100_equivalents",
        Text("H100 equivalents", "折合 H100 张数"), False),
    ("power", Text("Power", "电"), "GW", "significant", "facility_capacity_gw",
        Text("facility capacity on one campus", "单一园区的设施容量"), True),
    ("data", Text("Data", "数据"), "token", "scientific", "tokens * (1 - synthetic_allowed)",
        Text("tokens that must be human text", "必须由人类文本提供的 token"), True),
    ("money", Text("Money", "钱"), "USD", "scientific", "owned_cost",
        Text("cost of owning: hardware, site, electricity", "自建成本：硬件、土建机电、电费"), False),
)
_CORPUS = (
    "corpus", Text("Corpora in use", "现用语料"), "token", "scientific", "tokens * (1 - synthetic_allowed)",
        Text("the same tokens, against the largest corpus in use", "同样的 token，对照现用最大语料"), True,
)

GATES: tuple[Field, ...] = (
    *(row for gate in _BINDING for row in _gate_rows(*gate)),
    *_gate_rows(*_CORPUS)[:-1],
    _row("last_closed", "day", "max(cards_closed_until, power_closed_until, data_closed_until, money_closed_until)",
        "the last gate is closed until (–: all open)", "最晚一关关闭至（– 为已全开）",
        "the last of the four; the corpora in use do not bind", "四关中最晚者；现用语料不作约束",
        format="until"),
    _row("all_open_on", "day", "where(last_closed > 0, last_closed, unknown)",
        "all gates open on", "四关全开于",
        "— where none is closed", "没有未开的关则为 —",
        format="date"),
    _row("binding_code", "1",
        "(last_closed > 0) * (1 + (cards_closed_until < last_closed) * (1 + (power_closed_until < last_closed) "
        "* (1 + (data_closed_until < last_closed))))",
        "number of the gate that binds", "最紧一关的编号",
        "0 none, 1 cards, 2 power, 3 data, 4 money: the gate that opens last",
        "0 无，1 卡，2 电，3 数据，4 钱：最晚打开的一关",
        format="whole"),
    _row("binding_gate", "1", "binding_code",
        "the gate that binds", "最紧的一关",
        "the gate that opens last", "最晚打开的一关",
        format="text", words=(
            Word("none: all open", "无：全部已开", "good"),
            Word("cards", "卡"), Word("power", "电"), Word("data", "数据"), Word("money", "钱"),
        )),
    _row("binding_ratio", "1", "choose(binding_code, unknown, cards_ratio, power_ratio, data_ratio, money_ratio)",
        "needed over available at the gate that binds", "最紧一关的需要与可得之比",
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
    _break_even("share_to_open_cards", "1", "where(known(cards_ratio), developer_share * cards_ratio, unknown)",
        "one developer's share at which the cards gate is just open", "卡关恰好打开所需的单家占比",
        "above 100 % not all cards of the world suffice", "超过 100% 即全世界的卡也不够",
        format="percent"),
    _break_even("mfu_to_open_power", "1", "mfu_used * power_ratio",
        "MFU at which the power gate is just open", "电关恰好打开所需的 MFU",
        "power goes with the cards", "功率与卡数成正比",
        format="percent"),
    _break_even("months_to_open_power", "month", "months * power_ratio",
        "months at which the power gate is just open", "电关恰好打开所需的月数",
        "power goes with the cards", "功率与卡数成正比"),
    _break_even("watts_to_open_power", "W/card", "capacity_per_card / power_ratio",
        "facility watts per card at which the power gate is just open", "电关恰好打开所需的每卡设施功率",
        "to compare with the capacity per card on Power", "可与“电”页的每卡容量对照",
        format="whole"),
    _break_even("synthetic_to_open_data", "1", "max(0, 1 - data_gate.available / tokens)",
        "synthetic share at which the data gate is just open", "数据关恰好打开所需的合成占比",
        "what the stock of human text does not cover", "人类文本存量之外的部分",
        format="percent"),
    _break_even("share_to_open_money", "1", "where(known(money_ratio), spender_share * money_ratio, unknown)",
        "one developer's share of the spending at which the money gate is just open", "钱关恰好打开所需的单家支出占比",
        "above 100 % not all of it suffices", "超过 100% 即全部支出也不够",
        format="percent"),
)

_check = partial(equation, sheet="checks", format="whole", source="definition", check="error")

CHECKS: tuple[Field, ...] = tuple(
    _check(f"{name}_gate_grows_open", "1",
        f"where({name}_closed_until > 0, abs({name}_gate.growth ** (({name}_opening - {name}_gate.available_on) "
        f"/ days_per_growth_period) / {name}_ratio - 1) < check_tolerance, 1)",
        f"{name}: growth to the opening date closes the ratio", f"{label.zh}：增长至打开日期恰好补足缺口",
        "the way back from the date gives the ratio again", "由日期倒推，应得回该比值")
    for name, label, *_ in _BINDING
)
