"""What must hold of every scenario."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import Field
from threegates.text import Text

_check = partial(Field, table="scenarios", sheet="checks", unit="1", format="whole", source="definition")

CHECKS = (
    _check(
        "precision_on_chip",
        Text("the chip has the precision", "芯片支持所选精度"),
        formula="chip[precision] > 0",
        check="error",
        why=Text("otherwise there is no peak and every result is an error", "否则没有峰值，结果全是错误"),
    ),
    _check(
        "inputs_positive",
        Text("inputs are above zero", "输入大于零"),
        formula="(min(params_multiple, tokens_multiple, active_share, mfu, goodput, load_factor) > 0) * (months > 0)",
        check="error",
        why=Text("a blank or negative input makes no sense here", "此处留空或为负没有意义"),
    ),
    _check(
        "shares_within_one",
        Text("shares are at most 1", "占比不超过 1"),
        formula="max(active_share, mfu, goodput, load_factor) <= 1",
        check="error",
        why=Text("shares lie between 0 and 1", "占比在 0 与 1 之间"),
    ),
    _check(
        "pue_at_least_one",
        Text("overheads are at least 1", "PUE 等功率系数不低于 1"),
        formula="(pue >= 1) * (capacity_factor >= 1) * (it_over_server >= 1)",
        check="error",
        why=Text("a facility draws at least what its IT draws", "设施用电不会少于 IT 用电"),
    ),
    _check(
        "cards_do_the_job",
        Text("card-hours × sustained rate = compute", "卡时 × 持续算力 = 总运算量"),
        formula="abs(card_hours * seconds_per_hour * sustained_flops / training_flop - 1) < check_tolerance",
        check="error",
        why=Text("the way back from card-hours gives the compute again", "由卡时倒推，应得回总运算量"),
    ),
    _check(
        "growths_multiply",
        Text("parameter growth × token growth = compute growth", "参数倍数 × token 倍数 = 算力倍数"),
        formula="abs(params_growth * tokens_growth * active_share / anchor.active_share / compute_multiple - 1) < check_tolerance",
        check="error",
        why=Text("at the same active share, compute grows as their product", "激活占比不变时，算力按二者之积增长"),
    ),
    _check(
        "energy_by_card_hours",
        Text("energy from card-hours = energy", "按卡时算的电量 = 电量"),
        formula="abs(card_hours * seconds_per_hour * (facility_power / cards) * load_factor / energy - 1) < check_tolerance",
        check="error",
        why=Text("power per card × card-hours gives the energy again", "每卡功率 × 卡时，应得回电量"),
    ),
    _check(
        "tokens_add_up",
        Text("synthetic and human tokens add up", "合成与人类 token 之和相符"),
        formula="abs((synthetic_tokens + min(tokens, human_tokens)) / tokens - 1) < check_tolerance",
        check="error",
        why=Text("every token is counted once", "每个 token 只算一次"),
    ),
    _check(
        "multiple_or_own",
        Text("multiples in use (nothing set directly)", "采用倍数（未填自定义值）"),
        formula="max(own_params / reference_params, own_tokens / reference_tokens) <= 0",
        check="alert",
        why=Text("a number set directly wins over its multiple", "填了自定义值，倍数就不起作用"),
    ),
    _check(
        "capacity_above_average",
        Text("peak capacity is above annual-PUE power", "峰值容量高于按年均 PUE 的功率"),
        formula="capacity_factor >= pue",
        check="alert",
        why=Text("what is built must carry more than the average", "建成的容量应高于平均用电"),
    ),
    _check(
        "mfu_in_range",
        Text("MFU lies within its low and high", "MFU 在低值与高值之间"),
        formula="(mfu__low <= mfu) * where(mfu__high > 0, mfu <= mfu__high, 1)",
        check="alert",
        why=Text("outside the range of published runs", "超出已公布训练的范围"),
    ),
    _check(
        "months_in_range",
        Text("months lie within their low and high", "训练时长在低值与高值之间"),
        formula="(months__low <= months) * where(months__high > 0, months <= months__high, 1)",
        check="alert",
        why=Text("outside the published range", "超出公布的范围"),
    ),
    _check(
        "price_known",
        Text("the price of the chip is known", "芯片价格已知"),
        formula="known(card_price)",
        check="alert",
        why=Text("without it the cost of owning is not known", "否则算不出自建成本"),
    ),
)
