"""From cards and gigawatts to money."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import Field
from threegates.text import Text, Word

_cost = partial(Field, sheet="cost", source="definition")

COST = (
    _cost(
        "card_price",
        Text("hardware price per card", "每卡硬件价格"),
        "USD/card",
        "chip.price_used",
        format="whole",
        why=Text("price used, from Chips", "采用价格，取自“芯片”页"),
    ),
    _cost(
        "price_gap",
        Text("is the price known?", "价格已知吗？"),
        "1",
        "1 - known(card_price)",
        format="text",
        words=(Word("published", "有公开价"), Word("no price published", "无公开价")),
        why=Text("without a price, hardware and ownership cost are not known", "没有价格，硬件与自建成本就算不出"),
    ),
    _cost(
        "hardware_cost",
        Text("hardware", "硬件"),
        "USD",
        "where(known(card_price), cards * card_price, unknown)",
        format="scientific",
        why=Text("cards × price; servers included where a system price is known", "卡数 × 单价；有整机价时含服务器"),
    ),
    _cost(
        "site_cost",
        Text("building, power and cooling", "土建与机电"),
        "USD",
        "facility_capacity_gw * site_cost_per_gw",
        format="scientific",
        why=Text("peak capacity × cost per GW", "峰值容量 × 每 GW 造价"),
    ),
    _cost(
        "cluster_cost_per_card",
        Text("hardware and site per card", "每卡硬件与土建机电"),
        "USD/card",
        "where(known(card_price), card_price + site_cost / cards, unknown)",
        format="whole",
        why=Text("what a card costs where it stands", "一张卡连同机房的造价"),
    ),
    _cost(
        "energy_cost",
        Text("electricity of the run", "训练电费"),
        "USD",
        "energy / joules_per_kilowatt_hour * electricity_price",
        format="scientific",
        why=Text("energy × price per kWh", "用电量 × 每千瓦时电价"),
    ),
    _cost(
        "owned_cost",
        Text("hardware, site and electricity", "硬件、土建机电与电费合计"),
        "USD",
        "where(known(hardware_cost), hardware_cost + site_cost + energy_cost, unknown)",
        format="scientific",
        why=Text("buying the cluster and running it once", "买下集群并训练一次"),
    ),
    _cost(
        "run_cost",
        Text("the run, rented by the card-hour", "训练一次（按卡时租用）"),
        "USD",
        "card_hours * card_hour_price",
        format="scientific",
        why=Text("card-hours × price of a card-hour", "卡时 × 每卡时价格"),
    ),
    _cost(
        "run_cost_by_power",
        Text("the run, by annual cost of its IT power", "训练一次（按 IT 功率的年化成本）"),
        "USD",
        "it_power * annual_cost_of_it * (months / months_per_year)",
        format="scientific",
        why=Text(
            "cross-check: IT power × total cost of ownership a year × time", "交叉核对：IT 功率 × 年化总拥有成本 × 时间"
        ),
        source="epoch_dc_cost",
    ),
    _cost(
        "hardware_cost_bn",
        Text("hardware, billions", "硬件（十亿）"),
        "GUSD",
        "where(known(hardware_cost), hardware_cost / usd_per_billion, unknown)",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "site_cost_bn",
        Text("building, power and cooling, billions", "土建与机电（十亿）"),
        "GUSD",
        "site_cost / usd_per_billion",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "energy_cost_bn",
        Text("electricity of the run, billions", "训练电费（十亿）"),
        "GUSD",
        "energy_cost / usd_per_billion",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "owned_cost_bn",
        Text("cost of owning: hardware, site, electricity", "自建成本：硬件、土建机电、电费"),
        "GUSD",
        "where(known(owned_cost), owned_cost / usd_per_billion, unknown)",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "owned_cost_yi",
        Text("cost of owning, hundred millions", "自建成本：硬件、土建机电、电费（亿美元）"),
        "yiUSD",
        "where(known(owned_cost_bn), owned_cost_bn * yi_per_billion, unknown)",
        format="counted",
        why=Text("the same as Chinese readers count", "以亿美元计"),
    ),
    _cost(
        "owned_cost_per_gw",
        Text("cost of owning per GW of capacity", "每 GW 容量的自建成本"),
        "GUSD/GW",
        "where(known(owned_cost_bn), owned_cost_bn / facility_capacity_gw, unknown)",
        why=Text("to compare with published costs per gigawatt", "便于与公布的每 GW 造价比较"),
    ),
    _cost(
        "run_cost_bn",
        Text("cost of the run, rented", "单次训练成本（租用）"),
        "GUSD",
        "run_cost / usd_per_billion",
        why=Text("the same in billions", "以十亿美元计"),
    ),
    _cost(
        "run_cost_yi",
        Text("cost of the run, rented, hundred millions", "单次训练成本，租用（亿美元）"),
        "yiUSD",
        "run_cost_bn * yi_per_billion",
        format="counted",
        why=Text("the same as Chinese readers count", "以亿美元计"),
    ),
    _cost(
        "run_cost_by_power_bn",
        Text("cost of the run, by power, billions", "单次训练成本（按功率，十亿）"),
        "GUSD",
        "run_cost_by_power / usd_per_billion",
        why=Text("the same in billions", "以十亿美元计"),
    ),
)
