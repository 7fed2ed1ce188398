"""Checks of every scenario: 1 is a pass. An error fails the master check; an alert asks the reader to look."""

from functools import partial

from threegates.definition.declare import equation

_check = partial(equation, sheet="checks", format="whole", source="definition")
_error = partial(_check, check="error")
_alert = partial(_check, check="alert")

CHECKS = (
    _error("precision_on_chip", "1", "chip[precision] > 0",
        "the chip has the precision", "芯片支持所选精度",
        "otherwise there is no peak and every result is an error", "否则没有峰值，结果全是错误"),
    _error("inputs_positive", "1",
        "(min(params_multiple, tokens_multiple, active_share, mfu_used, goodput, load_factor) > 0) * (months > 0)",
        "inputs are above zero", "输入大于零",
        "a blank or negative input makes no sense here", "此处留空或为负没有意义"),
    _error("shares_within_one", "1", "max(active_share, mfu_used, goodput, load_factor) <= 1",
        "shares are at most 1", "占比不超过 1",
        "shares lie between 0 and 1", "占比在 0 与 1 之间"),
    _error("share_has_peak", "1", "(share_16bit <= 0) + (chip_peak_16bit > 0) > 0",
        "a 16-bit share has a 16-bit peak", "有 16 位部分就有 16 位峰值",
        "the chip's 16-bit peak is blank: the share is left out", "芯片未填 16 位峰值，该占比未计入"),
    _error("pue_at_least_one", "1", "(pue >= 1) * (capacity_factor >= 1) * (it_over_server >= 1)",
        "overheads are at least 1", "PUE 等功率系数不低于 1",
        "a facility draws at least what its IT draws", "设施用电不会少于 IT 用电"),
    _error("cards_do_the_job", "1",
        "abs(card_hours * seconds_per_hour * sustained_flops / training_flop - 1) < check_tolerance",
        "card-hours × sustained rate = compute", "卡时 × 持续算力 = 总运算量",
        "the way back from card-hours gives the compute again", "由卡时倒推，应得回总运算量"),
    _error("growths_multiply", "1",
        "abs(params_growth * tokens_growth * active_share / anchor.active_share / compute_multiple - 1) < check_tolerance",
        "parameter growth × token growth = compute growth", "参数倍数 × token 倍数 = 算力倍数",
        "at the same active share, compute grows as their product", "激活占比不变时，算力按二者之积增长"),
    _error("energy_by_card_hours", "1",
        "abs(card_hours * seconds_per_hour * (facility_power / cards) * load_factor / energy - 1) < check_tolerance",
        "energy from card-hours = energy", "按卡时算的电量 = 电量",
        "power per card × card-hours gives the energy again", "每卡功率 × 卡时，应得回电量"),
    _error("tokens_add_up", "1", "abs((synthetic_tokens + min(tokens, corpus_in_use)) / tokens - 1) < check_tolerance",
        "synthetic and human tokens add up", "合成与人类 token 之和相符",
        "every token is counted once", "每个 token 只算一次"),
    _alert("multiple_or_own", "1", "max(own_params / reference_params, own_tokens / reference_tokens) <= 0",
        "multiples in use (nothing set directly)", "采用倍数（未填自定义值）",
        "a number set directly wins over its multiple", "填了自定义值，倍数就不起作用"),
    _alert("capacity_above_average", "1", "capacity_factor >= pue",
        "peak capacity is above annual-PUE power", "峰值容量高于按年均 PUE 的功率",
        "what is built must carry more than the average", "建成的容量应高于平均用电"),
    _alert("mfu_in_range", "1", "(mfu__low <= mfu) * where(mfu__high > 0, mfu <= mfu__high, 1)",
        "MFU lies within its low and high", "MFU 在低值与高值之间",
        "outside the range of published runs", "超出已公布训练的范围"),
    _alert("months_in_range", "1", "(months__low <= months) * where(months__high > 0, months <= months__high, 1)",
        "months lie within their low and high", "训练时长在低值与高值之间",
        "outside the published range", "超出公布的范围"),
    _alert("price_known", "1", "known(card_price)",
        "the price of the chip is known", "芯片价格已知",
        "without it neither up-front nor owned cost is known", "否则算不出一次性投入与自建成本"),
)
