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
    _error("tokens_add_up", "1",
        "where(known(corpus_in_use), "
        "abs((synthetic_tokens + min(tokens, corpus_in_use)) / tokens - 1) < check_tolerance, 1)",
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
    _alert("share_16bit_once", "1", "1 - (share_16bit > 0) * (mfu <= 0) * (chip_peak > chip_peak_16bit)",
        "the 16-bit share is counted once", "16 位部分只计一次",
        "an MFU from the table, at a precision below 16 bit, was measured against that peak and holds the 16-bit parts: "
        "leave the share at 0, or give the scenario an MFU of its own",
        "取自精度表、低于 16 位的 MFU 按该精度峰值测得，已含 16 位部分：占比应为 0，或为该情景自填 MFU"),
)

# Readers type magnitudes.
PLAUSIBLE = (
    _alert("params_plausible", "1", "total_params >= params_floor",
        "parameters are of the size of a model", "参数量级合理",
        "typed in billions? a count is wanted: 671e9, not 671", "是否按十亿填写？应填个数：671e9，而非 671"),
    _alert("tokens_plausible", "1", "tokens >= tokens_floor",
        "tokens are of the size of a corpus", "token 量级合理",
        "typed in billions or trillions? a count is wanted: 15e12, not 15", "是否按十亿或万亿填写？应填个数：15e12，而非 15"),
    _alert("active_share_plausible", "1", "(active_share >= active_share_floor) * (active_share <= 1)",
        "the active share is that of a known kind of model", "激活占比在已知模型的范围内",
        "a share of all parameters is wanted, from 1 % to 100 %: not a count, nor a percentage without its sign",
        "应填占总参数的比例，1% 至 100%：不是参数个数，也不是漏写百分号的数"),
    _alert("mfu_plausible", "1", "mfu_used <= mfu_limit",
        "MFU is at most the highest published", "MFU 不高于已公布的最高值",
        "is it of the dense peak at this precision? is it hardware utilization, which counts recomputation?",
        "是否对应所选精度的稠密峰值？是否误用了含重算的硬件利用率（HFU）？"),
    _alert("sustained_plausible", "1", "where(chip_peak_16bit > 0, sustained_flops <= chip_peak_16bit, 1)",
        "the sustained rate is within the 16-bit peak", "持续算力不高于 16 位峰值",
        "no run is known to have done more: was an MFU of 16 bit carried over to a faster format?",
        "尚无训练超过该值：是否把 16 位的 MFU 套用到了更快的格式？"),
    _alert("months_plausible", "1", "months <= months_limit",
        "months are those of one run", "月数合理",
        "typed in days? newer chips would overtake a run of more than three years",
        "是否按天填写？超过三年的训练会被新一代芯片赶上"),
    _alert("card_hour_price_plausible", "1", "card_hour_price <= card_hour_price_limit",
        "the price is that of one card-hour", "卡时单价合理",
        "the price of a server, or of a day? one card for one hour is wanted", "是否误填整机价或日租价？应填一张卡一小时的价格"),
)
