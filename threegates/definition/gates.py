"""The four gates: what each scenario needs, what there is at a stated date, and when growth closes the ratio."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import PER_RECORD, Field
from threegates.definition.inputs import NOT_ZERO
from threegates.text import Text, Word

_switch = partial(Field, table="switches", sheet="supply")

SWITCH_FIELDS = (
    _switch("value", Text("value", "数值"), PER_RECORD, format="general", minimum=0, maximum=1, ranged=True),
)

_campus = partial(Field, table="campuses", sheet="supply", source="definition", optional=True)

CAMPUS_FIELDS = (
    _campus("operating_from", Text("from", "启用时间"), "day", kind="date", format="date", optional=False),
    _campus("facility_mw", Text("facility MW, as stated", "设施 MW（公布值）"), "MW", format="whole", minimum=NOT_ZERO),
    _campus("it_mw", Text("IT MW, as stated", "IT MW（公布值）"), "MW", format="whole", minimum=NOT_ZERO),
    _campus("h100e", Text("H100 equivalents", "折合 H100"), "card", format="whole", minimum=NOT_ZERO),
    _campus(
        "announced",
        Text("announced (1) or operating (0)", "已宣布（1）或在运行（0）"),
        "1",
        format="whole",
        minimum=0,
        maximum=1,
        optional=False,
    ),
    _campus(
        "delivered_h100e",
        Text("H100 equivalents that stood at the announced date", "到公布日期时实际建成的折合 H100"),
        "card",
        format="whole",
        minimum=NOT_ZERO,
    ),
    _campus(
        "campus_mw",
        Text("facility MW", "设施 MW"),
        "MW",
        "where(max(facility_mw, it_mw) > 0, "
        "max(facility_mw, (facility_mw <= 0) * it_mw * campus_facility_over_it), unknown)",
        format="whole",
        why=Text(
            "as stated; where only IT is stated, IT × facility over IT",
            "公布的设施功率；只公布 IT 功率时乘设施与 IT 之比",
        ),
    ),
    _campus(
        "delivered_share",
        Text("share delivered by the date", "按期建成比例"),
        "1",
        "where(delivered_h100e * h100e > 0, delivered_h100e / h100e, unknown)",
        format="percent",
        why=Text("the record of slipping, where it is known", "延期记录（已知者）"),
    ),
    _campus(
        "slip_share",
        Text("record of slipping, median", "延期记录（中位数）"),
        "1",
        "where(count(campuses.delivered_share) > 0, median(campuses.delivered_share), 1)",
        format="percent",
        why=Text(
            "of all shares delivered that are known; 1 where none is", "所有已知按期建成比例的中位数；都未知时取 1"
        ),
    ),
    _campus(
        "path_share",
        Text("share of it at the stated date, along the growth", "按增速折回到基准日的比例"),
        "1",
        "power_gate.growth ** (-max(0, operating_from - power_gate.available_on) / days_per_growth_period)",
        format="percent",
        why=Text(
            "a later campus is put back to the gate's date along the growth of the record, so that one date serves all",
            "晚于基准日的园区，按纪录的年增速折回到该日，统一口径",
        ),
    ),
    _campus(
        "counted_share",
        Text("counted", "计入比例"),
        "1",
        "max((announced <= 0) * (operating_from <= power_gate.available_on), "
        "count_announced * where(announced > 0, slip_share, 1))",
        format="percent",
        why=Text(
            "operating at the gate's date: whole; later or announced: only if the switch says so, announced ones "
            "discounted by the record of slipping",
            "基准日已运行：全部计入；其后启用或仅宣布：开关打开时才计入，宣布者按延期记录折减",
        ),
    ),
    _campus(
        "counted_mw",
        Text("counted, facility MW at the gate's date", "计入的设施 MW（折到基准日）"),
        "MW",
        "where(known(campus_mw), campus_mw * counted_share * path_share, 0)",
        format="whole",
        why=Text("MW × share counted × share at the date", "MW × 计入比例 × 折回比例"),
    ),
    _campus(
        "picked_need_mw",
        Text("needed by the picked scenario, facility MW", "重点情景所需的设施 MW"),
        "MW",
        "picked.facility_capacity_gw * megawatts_per_gigawatt",
        format="whole",
        why=Text("peak capacity on one campus, to compare with", "单一园区的峰值容量，供对照"),
    ),
)

_gate = partial(Field, table="gates", sheet="supply", source="definition")

GATE_FIELDS = (
    _gate("available_on", Text("at the date", "基准日"), "day", kind="date", format="date"),
    _gate("available", Text("available then", "当日可得"), PER_RECORD, kind="formula"),
    _gate("growth", Text("growth a year", "年增长倍数"), "1", minimum=1.0001, maximum=100, ranged=True),
)

_row = partial(Field, sheet="gates", source="definition")


def _gate_rows(gate: str, en: str, zh: str, unit: str, shown: str, need: str, what: Text, known: bool) -> tuple[Field, ...]:  # fmt: skip
    """The five rows of one gate: need, available, ratio, opening date, and until when it is closed."""
    name, supply = gate.removesuffix("_gate"), Text(f"{en}: ", f"{zh}：")
    return (
        _row(
            f"{name}_need",
            Text(f"{supply.en}needed", f"{supply.zh}需要"),
            unit,
            need,
            format=shown,
            why=what,
        ),
        _row(
            f"{name}_available",
            Text(f"{supply.en}available at the stated date", f"{supply.zh}基准日可得"),
            unit,
            f"{gate}.available",
            format=shown,
            why=Text("from Supply, with its basis and date", "取自“供给”页，口径与日期见该页"),
        ),
        _row(
            f"{name}_ratio",
            Text(f"{supply.en}needed over available", f"{supply.zh}需要与可得之比"),
            "1",
            f"where(known({name}_need), {name}_need / {name}_available, unknown)"
            if known
            else f"{name}_need / {name}_available",
            why=Text("above 1 the gate is closed at the stated date", "大于 1 表示基准日时此关未开"),
        ),
        _row(
            f"{name}_opening",
            Text(f"{supply.en}the gate opens on", f"{supply.zh}打开日期"),
            "day",
            f"where(known({name}_ratio), {gate}.available_on + days_per_growth_period "
            f"* log(max(1, {name}_ratio)) / log({gate}.growth), unknown)",
            format="date",
            why=Text(
                "the day on which growth has closed the ratio; the stated date where it is open",
                "按年增速补足缺口的日期；已打开者为基准日",
            ),
        ),
        _row(
            f"{name}_closed_until",
            Text(f"{supply.en}closed until (–: open)", f"{supply.zh}关闭至（– 为已打开）"),
            "day",
            f"where(known({name}_ratio), ({name}_ratio > 1) * {name}_opening, 0)",
            format="until",
            why=Text(
                "the opening date where the gate is closed, 0 where it is open", "未打开时为打开日期，已打开时为 0"
            ),
        ),
    )


GATES = (
    *_gate_rows("cards_gate", "Cards", "卡", "card", "whole", "h100_equivalents",
                Text("H100 equivalents", "折合 H100 张数"), known=True),
    *_gate_rows("power_gate", "Power", "电", "GW", "significant", "facility_capacity_gw",
                Text("facility capacity on one campus", "单一园区的设施容量"), known=False),
    *_gate_rows("data_gate", "Data", "数据", "token", "scientific", "tokens * (1 - synthetic_allowed)",
                Text("tokens that must be human text", "必须由人类文本提供的 token"), known=False),
    *_gate_rows("money_gate", "Money", "钱", "USD", "scientific", "owned_cost",
                Text("cost of owning: hardware, site, electricity", "自建成本：硬件、土建机电、电费"), known=True),
    *_gate_rows("corpus_gate", "Corpora in use", "现用语料", "token", "scientific", "tokens * (1 - synthetic_allowed)",
                Text("the same tokens, against the largest corpus in use", "同样的 token，对照现用最大语料"), known=False)[:-1],
    _row(
        "last_closed",
        Text("the last gate is closed until (–: all open)", "最晚一关关闭至（– 为已全开）"),
        "day",
        "max(cards_closed_until, power_closed_until, data_closed_until, money_closed_until)",
        format="until",
        why=Text("the last of the four; the corpora in use do not bind", "四关中最晚者；现用语料不作约束"),
    ),
    _row(
        "all_open_on",
        Text("all gates open on", "四关全开于"),
        "day",
        "where(last_closed > 0, last_closed, unknown)",
        format="date",
        why=Text("— where none is closed", "没有未开的关则为 —"),
    ),
    _row(
        "binding_code",
        Text("number of the gate that binds", "最紧一关的编号"),
        "1",
        "(last_closed > 0) * (1 + (cards_closed_until < last_closed) * (1 + (power_closed_until < last_closed) "
        "* (1 + (data_closed_until < last_closed))))",
        format="whole",
        why=Text("0 none, 1 cards, 2 power, 3 data, 4 money: the gate that opens last", "0 无，1 卡，2 电，3 数据，4 钱：最晚打开的一关"),
    ),
    _row(
        "binding_gate",
        Text("the gate that binds", "最紧的一关"),
        "1",
        "binding_code",
        format="text",
        words=(
            Word("none: all open", "无：全部已开", "good"),
            Word("cards", "卡"),
            Word("power", "电"),
            Word("data", "数据"),
            Word("money", "钱"),
        ),
        why=Text("the gate that opens last", "最晚打开的一关"),
    ),
    _row(
        "binding_ratio",
        Text("needed over available at the gate that binds", "最紧一关的需要与可得之比"),
        "1",
        "choose(binding_code, unknown, cards_ratio, power_ratio, data_ratio, money_ratio)",
        why=Text("— where none is closed", "没有未开的关则为 —"),
    ),
)  # fmt: skip

_context = partial(Field, table="context", sheet="tradeoff", source="definition")

CONTEXT_FIELDS = (
    _context("claimed", Text("as claimed", "所称数值"), PER_RECORD, minimum=NOT_ZERO),
    _context("needed", Text("needed by the picked scenario", "重点情景所需"), PER_RECORD, kind="formula"),
    _context(
        "taken",
        Text("share of it that the scenario takes", "情景所占比例"),
        "1",
        "where(known(needed), needed / claimed, unknown)",
        format="percent",
        why=Text("above 100 % it takes more than there was", "超过 100% 即当时全部也不够"),
    ),
)

_even = partial(Field, sheet="sensitivity", source="definition")

BREAK_EVEN = (
    _even(
        "mfu_to_open_cards",
        Text("MFU at which the cards gate is just open", "卡关恰好打开所需的 MFU"),
        "1",
        "where(known(cards_ratio), mfu * cards_ratio, unknown)",
        format="percent",
        why=Text("cards go as 1 / MFU; above 100 % no MFU opens it", "卡数与 MFU 成反比；超过 100% 即无解"),
    ),
    _even(
        "months_to_open_cards",
        Text("months at which the cards gate is just open", "卡关恰好打开所需的月数"),
        "month",
        "where(known(cards_ratio), months * cards_ratio, unknown)",
        why=Text("cards go as 1 / months", "卡数与时长成反比"),
    ),
    _even(
        "share_to_open_cards",
        Text("one developer's share at which the cards gate is just open", "卡关恰好打开所需的单家占比"),
        "1",
        "where(known(cards_ratio), developer_share * cards_ratio, unknown)",
        format="percent",
        why=Text("above 100 % not all cards of the world suffice", "超过 100% 即全世界的卡也不够"),
    ),
    _even(
        "mfu_to_open_power",
        Text("MFU at which the power gate is just open", "电关恰好打开所需的 MFU"),
        "1",
        "mfu * power_ratio",
        format="percent",
        why=Text("power goes with the cards", "功率与卡数成正比"),
    ),
    _even(
        "months_to_open_power",
        Text("months at which the power gate is just open", "电关恰好打开所需的月数"),
        "month",
        "months * power_ratio",
        why=Text("power goes with the cards", "功率与卡数成正比"),
    ),
    _even(
        "watts_to_open_power",
        Text("facility watts per card at which the power gate is just open", "电关恰好打开所需的每卡设施功率"),
        "W/card",
        "capacity_per_card / power_ratio",
        format="whole",
        why=Text("to compare with the capacity per card on Power", "可与“电”页的每卡容量对照"),
    ),
    _even(
        "synthetic_to_open_data",
        Text("synthetic share at which the data gate is just open", "数据关恰好打开所需的合成占比"),
        "1",
        "max(0, 1 - data_gate.available / tokens)",
        format="percent",
        why=Text("what the stock of human text does not cover", "人类文本存量之外的部分"),
    ),
    _even(
        "share_to_open_money",
        Text("one developer's share of the spending at which the money gate is just open", "钱关恰好打开所需的单家支出占比"),
        "1",
        "where(known(money_ratio), spender_share * money_ratio, unknown)",
        format="percent",
        why=Text("above 100 % not all of it suffices", "超过 100% 即全部支出也不够"),
    ),
)  # fmt: skip

_check = partial(Field, sheet="checks", unit="1", format="whole", source="definition", check="error")


def _grows(gate: str) -> Field:
    name = gate.removesuffix("_gate")
    return _check(
        f"{name}_gate_grows_open",
        Text(f"{name}: growth to the opening date closes the ratio", f"{ {'cards': '卡', 'power': '电', 'data': '数据', 'money': '钱'}[name]}：增长至打开日期恰好补足缺口"),
        formula=f"where({name}_closed_until > 0, abs({gate}.growth ** (({name}_opening - {gate}.available_on) "
        f"/ days_per_growth_period) / {name}_ratio - 1) < check_tolerance, 1)",
        why=Text("the way back from the date gives the ratio again", "由日期倒推，应得回该比值"),
    )  # fmt: skip


CHECKS = tuple(map(_grows, ("cards_gate", "power_gate", "data_gate", "money_gate")))
