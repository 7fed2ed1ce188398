"""Published claims compared with the model, and what the numbers show (`readings`)."""

from functools import partial

from threegates.definition.declare import PER_RECORD, equation, given
from threegates.text import Word

_claim_given = partial(given, table="claims", sheet="published")
_claim = partial(equation, table="claims", sheet="published")
HOLDS, TEST = 1, 3  # the codes of a verdict that holds and of a claim whose verdict is an independent test

CLAIM_FIELDS = (
    _claim_given("number", "1", "no.", "序号", format="whole", minimum=0),
    _claim_given("low", PER_RECORD, "published, low", "公开值（低）", minimum=0, at_most="high"),
    _claim_given("high", PER_RECORD, "published, high", "公开值（高）", minimum=0, optional=True),
    _claim_given("model_low", PER_RECORD, "model, low", "模型值（低）",
        kind="formula", optional=True, together="evidence"),
    _claim_given("model_high", PER_RECORD,
        "model, high", "模型值（高）",
        kind="formula", optional=True, fallback="model_low"),
    _claim("deviation", "1",
        "where(known(model_low), max(0, max(model_low, model_high) / max(low, high) - 1, "
        "1 - min(model_low, model_high) / low), unknown)",
        "deviation", "偏离幅度",
        "how far the model lies outside the published range", "模型值超出公开范围的幅度",
        format="percent", source="definition"),
    _claim("verdict", "1", "known(model_low) * (1 + (deviation > claim_tolerance) + (deviation > claim_limit))",
        "verdict", "结论",
        "holds within the published range ± the tolerance", "在公开范围 ± 容差之内即成立",
        format="text", source="judgement",
        words=(
            Word("context only", "仅作背景"),
            Word("holds", "成立", "good"),
            Word("off", "偏离", "bad"),
            Word("not reproducible", "无法复现", "bad"),
        )),
    _claim_given("evidence", "1",
        "restates (0), calibrated (1) or test (2)", "复述（0）、标定（1）或检验（2）",
        "what a verdict of \"holds\" proves: 0, the model's figure is an input, or follows from inputs or from another "
        "claim by arithmetic alone; 1, an input or a reading was chosen to meet the published figure; 2, the two come "
        "from different sources and could have differed",
        "“成立”能证明什么：0 为模型值即输入，或由输入、由另一条公开数字换算而得；1 为输入或口径按公布值选定；"
        "2 为两者来源不同，本可不一致",
        format="whole", minimum=0, maximum=2, optional=True),
    _claim("proves", "1", "known(model_low) * (1 + evidence)",
        "what the verdict proves", "结论能证明什么",
        "only an independent test could have failed", "只有独立检验才可能不成立",
        format="text", source="judgement",
        words=(
            Word("–", "–"),
            Word("restates an input", "复述输入"),
            Word("calibrated", "标定"),
            Word("independent test", "独立检验"),
        )),
)

READING_FIELDS = (
    given("value", PER_RECORD, "value", "数值", table="readings", sheet="published", kind="formula"),
)
