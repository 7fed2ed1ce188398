"""What the gates let through: days, what developers and campuses had and when, what was read and spent, and growth."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import PER_RECORD, Field, equation, given
from threegates.definition.inputs import NOT_ZERO, SLOWEST
from threegates.text import Word

# What a record is on the day: of those that are known the one that counts.
_LATER, _OTHER = Word("later", "晚于截止日"), Word("smaller or older", "较小或较早")
_SETS, _COUNTS = Word("sets the gate", "决定此关", "row"), Word("counts", "计入", "row")

DAY_FIELDS = (
    given("day", "day", "day", "日期", table="dates", sheet="supply", kind="date", format="date"),
)

SWITCH_FIELDS = (
    given("value", PER_RECORD,
        "value", "数值",
        table="switches", sheet="supply", format="general", minimum=0, maximum=1, ranged=True),
)

_campus_given = partial(given, table="campuses", sheet="supply", source="definition", optional=True)
_campus = partial(equation, table="campuses", sheet="supply", source="definition", optional=True)
_campus_check = partial(equation, table="campuses", sheet="checks", source="definition", optional=True)

CAMPUS_FIELDS = (
    _campus_given("operating_from", "day", "from", "启用时间", kind="date", format="date", optional=False),
    _campus_given("stated_mw", "MW", "MW, as stated", "MW（公布值）", format="whole", minimum=NOT_ZERO),
    _campus_given("it_basis", "1",
        "basis: facility (0) or IT (1)", "口径：设施（0）或 IT（1）",
        format="whole", minimum=0, maximum=1, optional=False),
    _campus_given("h100e", "card", "H100 equivalents", "折合 H100", format="whole", minimum=NOT_ZERO),
    _campus_given("chip", "", "chip, where it is one", "芯片（单一者）", kind="link", target=("chips",), format="text"),
    _campus_given("announced", "1",
        "announced (1) or operating (0)", "已宣布（1）或在运行（0）",
        format="whole", minimum=0, maximum=1, optional=False),
    _campus_given("delivered_h100e", "card",
        "H100 equivalents that stood at the announced date", "到公布日期时实际建成的折合 H100",
        format="whole", minimum=NOT_ZERO),
    _campus_given("still_largest_on", "day",
        "still the largest on", "至该日仍为最大", kind="date", format="date"),
    _campus("campus_mw", "MW",
        "where(stated_mw > 0, stated_mw * (1 + (it_basis > 0) * (campus_facility_over_it - 1)), unknown)",
        "facility MW", "设施 MW",
        "as stated; where IT is stated, × facility over IT", "公布的设施功率；公布的是 IT 功率时乘设施与 IT 之比",
        format="whole"),
    _campus("campus_plausible", "1",
        "where(stated_mw > 0, (stated_mw >= campus_mw_floor) * (stated_mw <= campus_mw_limit), 1)",
        "MW are of the size of a campus", "园区 MW 量级合理",
        "typed in GW, or in kW? megawatts are wanted", "是否按 GW 或 kW 填写？应填 MW",
        format="whole", check="alert"),
    _campus("delivered_share", "1", "where(delivered_h100e * h100e > 0, delivered_h100e / h100e, unknown)",
        "share delivered by the date", "按期建成比例",
        "the record of slipping, where it is known", "延期记录（已知者）",
        format="percent"),
    _campus("slip_share", "1", "where(count(campuses.delivered_share) > 0, median(campuses.delivered_share), 1)",
        "record of slipping, median", "延期记录（中位数）",
        "of all shares delivered that are known; 1 where none is", "所有已知按期建成比例的中位数；都未知时取 1",
        format="percent"),
    _campus("counted_share", "1",
        "max((announced <= 0) * (operating_from <= as_of), count_announced * where(announced > 0, slip_share, 1))",
        "counted", "计入比例",
        "operating on the day: whole; later or announced: only if the switch says so, announced ones discounted by "
        "the record of slipping",
        "当日已运行：全部计入；其后启用或仅宣布：开关打开时才计入，宣布者按延期记录折减",
        format="percent"),
    _campus("path_share", "1",
        "max(1, power_gate.growth_used) ** (min(0, as_of - operating_from) / days_per_growth_period)",
        "put back to the day", "折回截止日",
        "a later campus counts as what growth to its date makes of less on the day", "其后启用者按增速由其日期折回截止日",
        format="percent"),
    _campus("counted_mw", "MW", "where(known(campus_mw), campus_mw * counted_share * path_share, 0)",
        "counted on the day, facility MW", "截止日计入的设施 MW",
        "MW × share counted × put back to the day", "MW × 计入比例 × 折回比例",
        format="whole_if_any"),
    _campus("operating_mw", "MW", "where(known(campus_mw), campus_mw * (announced <= 0) * (operating_from <= as_of), 0)",
        "operating on the day, facility MW", "当日在运行的设施 MW",
        "0 for plans and for what came later", "计划中及其后启用者为 0",
        format="whole_if_any"),
    _campus("known_from", "day",
        "(operating_mw > 0) * (operating_mw >= largest(campuses.operating_mw)) "
        "* max(operating_from, (still_largest_on > 0) * min(as_of, still_largest_on))",
        "largest in operation: known up to", "在运行的最大园区：已知至",
        "the day from which growth carries it on; 0 for all others", "由该日起按增速外推；其余为 0",
        format="date_if_any"),
    _campus("counted_h100e", "card", "(announced <= 0) * (operating_from <= as_of) * h100e",
        "H100 equivalents on the day", "当日折合 H100",
        "of what operates on the day", "当日在运行者",
        format="whole_if_any"),
    _campus("picked_need_mw", "MW", "picked.capacity_per_campus_gw * megawatts_per_gigawatt",
        "needed by the picked scenario, facility MW", "重点情景所需的设施 MW",
        "peak capacity on each campus, to compare with", "每个园区的峰值容量，供对照",
        format="whole"),
    _campus("campus_counts", "1", "(counted_mw > 0) * (1 + (known_from > 0))",
        "on the day", "截止日",
        "the largest in operation is what growth carries on; a larger one that is only counted may take its place",
        "在运行的最大园区按增速外推；若另有计入的更大园区，则取其大者",
        format="text", words=(
            Word("not counted", "不计入"), Word("counted", "计入"), Word("the largest", "最大", "row"),
        )),
)

# On Checks: whether power and cards of a campus go together, and whether growth has run ahead of plans.
CAMPUS_CHECKS = (
    _campus_check("planned_mw", "MW", "where(known(campus_mw), campus_mw * (announced > 0) * (operating_from <= as_of), 0)",
        "planned for a day that has come, facility MW", "计划日期已到的设施 MW",
        "0 where it operates, and where the day is still to come", "在运行者及日期未到者为 0",
        format="whole_if_any"),
    _campus_check("has_chip", "1", "known(chip.h100e_ratio)",
        "of one card", "单一芯片",
        "1 where all cards are of one kind, which is known", "芯片单一且已知时为 1",
        format="whole"),
    _campus_check("card_watts", "W/card", "where(has_chip > 0, chip.it_power_per_card / chip.h100e_ratio, unknown)",
        "IT watts per H100 equivalent, by its card", "按芯片计：每折合 H100 的 IT 瓦数",
        "from Chips", "取自“芯片”页",
        format="whole"),
    _campus_check("watts_over_card", "1",
        "where(has_chip * h100e * stated_mw > 0, stated_mw * watts_per_megawatt / (h100e * card_watts), unknown)",
        "stated watts over IT watts of its cards", "公布功率与其芯片 IT 功率之比",
        "so that campuses of different cards compare", "不同芯片的园区可比"),
    _campus_check("facility_watts_over_card", "1", "where(it_basis > 0, unknown, watts_over_card)",
        "the same, where facility is stated", "同上（公布设施功率者）",
        "— where IT is stated", "公布 IT 功率者为 —"),
    _campus_check("basis_fits", "1",
        "where(known(watts_over_card) * it_basis > 0, watts_over_card <= smallest(campuses.facility_watts_over_card), 1)",
        "IT watts below facility watts", "IT 功率低于设施功率",
        "no campus has more IT watts per card than another has facility watts: otherwise one basis is wrong",
        "同样的卡，任何园区的 IT 功率不应高于另一园区的设施功率，否则有一处口径有误",
        format="whole", check="alert"),
)

_BY_DATE = partial(given, sheet="supply", source="definition")
_ON_THE_DAY = partial(equation, sheet="supply", source="definition")


def _latest(
    table: str, value: str, day: str, known: str, unit: str, shown: str, name: str, word: Word
) -> tuple[Field, ...]:
    """Which records of a table are of the latest day known on ``as_of``: their day, their figure, and ``word`` for the largest."""
    return (
        _ON_THE_DAY("known_from", "day", f"({known} <= as_of) * {day}",
            "known on the day, of", "当日已知，日期",
            "0 where it came later", "晚于截止日者为 0",
            table=table, format="date_if_any"),
        _ON_THE_DAY("on_the_day", unit, f"({known} <= as_of) * ({day} >= largest({table}.known_from)) * {value}",
            "of the latest day known", "已知最近日期者",
            "0 for all others", "其余为 0",
            table=table, format=f"{shown}_if_any"),
        _ON_THE_DAY(name, "1",
            f"(known_from > 0) * (1 + (on_the_day > 0) * (on_the_day >= largest({table}.on_the_day)))",
            "on the day", "截止日",
            "the largest of the latest day known counts", "已知最近日期中最大者计入",
            table=table, format="text", words=(_LATER, _OTHER, word)),
    )


RECORD_FIELDS: tuple[Field, ...] = (
    _BY_DATE("held_on", "day", "on", "日期", table="developers", kind="date", format="date"),
    _BY_DATE("h100e", "card",
        "H100 equivalents", "折合 H100", table="developers", format="whole", minimum=NOT_ZERO, ranged=True),
    *_latest("developers", "h100e", "held_on", "held_on", "card", "whole", "developer_counts", _SETS),
    _BY_DATE("counted_on", "day", "by", "截至", table="shipped", kind="date", format="date"),
    _BY_DATE("shipped_h100e", "card",
        "H100 equivalents", "折合 H100", table="shipped", format="whole", minimum=NOT_ZERO, ranged=True),
    *_latest("shipped", "shipped_h100e", "counted_on", "counted_on", "card", "whole", "shipment_counts", _COUNTS),
    _BY_DATE("reported_on", "day", "reported on", "公布日期", table="corpora", kind="date", format="date"),
    _BY_DATE("corpus_tokens", "token",
        "tokens", "token 数", table="corpora", format="scientific", minimum=NOT_ZERO, ranged=True),
    _BY_DATE("still_largest_on", "day",
        "still the largest on", "至该日仍为最大", table="corpora", kind="date", format="date", optional=True),
    _ON_THE_DAY("on_the_day", "token", "(reported_on <= as_of) * corpus_tokens",
        "known on the day", "当日已知",
        "0 where it came later", "晚于截止日者为 0",
        table="corpora", format="scientific_if_any"),
    _ON_THE_DAY("known_from", "day",
        "(reported_on <= as_of) * (on_the_day >= largest(corpora.on_the_day)) "
        "* max(reported_on, (still_largest_on > 0) * min(as_of, still_largest_on))",
        "largest: known up to", "最大者：已知至",
        "the day from which growth carries it on; 0 for all others", "由该日起按增速外推；其余为 0",
        table="corpora", format="date_if_any"),
    _ON_THE_DAY("corpus_counts", "1", "(on_the_day > 0) * (1 + (known_from > 0))",
        "on the day", "截止日",
        "the largest known sets the gate", "已知最大者决定此关",
        table="corpora", format="text", words=(_LATER, _OTHER, _SETS)),
    _BY_DATE("year_ends", "day", "year that ends on", "年度截止日", table="spending", kind="date", format="date"),
    _BY_DATE("known_on", "day", "known from", "获知日期", table="spending", kind="date", format="date"),
    _BY_DATE("spent", "USD", "spent", "支出", table="spending", format="scientific", minimum=NOT_ZERO, ranged=True),
    *_latest("spending", "spent", "year_ends", "known_on", "USD", "scientific", "spending_counts", _SETS),
)

_gate = partial(given, table="gates", sheet="supply", source="definition")
_carried = partial(equation, table="gates", sheet="supply", source="definition")

GATE_FIELDS = (
    _gate("available_on", "day", "at the date", "基准日", kind="formula", format="date"),
    _gate("available", PER_RECORD, "available then", "当日可得", kind="formula"),
    _gate("growth", "1",
        "growth a year", "年增长倍数", kind="formula", ranged=True, scale="rate", minimum=SLOWEST, maximum=100),
    _gate("own_growth", "1",
        "growth a year, set directly", "年增长倍数（自定义）",
        "blank as a rule; wins when given", "一般留空；填写后以此为准",
        minimum=SLOWEST, maximum=100, optional=True, ranged=True, scale="rate"),
    _carried("growth_used", "1", "where(own_growth > 0, own_growth, growth)",
        "growth used", "采用的年增长倍数",
        "the own number when given, otherwise that of the record", "填了自定义值用自定义值，否则取自记录"),
    _carried("available_now", PER_RECORD,
        "where(available > 0, available * growth_used ** ((as_of - available_on) / days_per_growth_period), unknown)",
        "available on the day of the workbook", "截止日可得",
        "carried from its date to the day of the workbook, along the growth; — where nothing was known by then",
        "由基准日按增速外推至截止日；当日尚无任何记录则为 —"),
)

_supply_check = partial(equation, sheet="supply", source="definition", format="whole")

SUPPLY_CHECKS: tuple[Field, ...] = (
    _supply_check("growth_in_range", "1",
        "(growth__low <= growth) * where(growth__high > 0, growth <= growth__high, 1)",
        "growth lies within its low and high", "增速在低值与高值之间",
        "a growth that follows from the record may leave the range that was stated for it",
        "由记录得出的增速可能超出所给区间",
        table="gates", check="alert"),
    _supply_check("known_by_then", "1", "available_on <= as_of",
        "the figure is of the day or before", "数字不晚于截止日",
        "a later figure could not be known on the day", "晚于截止日的数字当日不可能知道",
        table="gates", check="alert"),
    _campus_check("within_plans", "1",
        "where((known_from > 0) * largest(campuses.planned_mw) > 0, "
        "power_gate.available_now * megawatts_per_gigawatt <= largest(campuses.planned_mw), 1)",
        "growth stays within what was planned", "外推不超过已知计划",
        "what growth makes of the largest campus is above the largest plan for a day that has come: growth may have run ahead",
        "按增速外推的最大园区超过计划日期已到的最大规划：外推可能过快",
        format="whole", check="alert"),
)
