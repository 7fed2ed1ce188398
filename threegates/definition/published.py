"""What the model is held against: published claims, what the decode shows, later estimates, and real training runs."""

from __future__ import annotations

from functools import partial

from threegates.definition.declare import PER_RECORD, Field
from threegates.text import Text, Word

_claim = partial(Field, table="claims", sheet="published")

CLAIM_FIELDS = (
    _claim("number", Text("no.", "序号"), "1", format="whole", minimum=0),
    _claim("low", Text("published, low", "公开值（低）"), PER_RECORD, minimum=0, at_most="high"),
    _claim("high", Text("published, high", "公开值（高）"), PER_RECORD, minimum=0, optional=True),
    _claim("model_low", Text("model, low", "模型值（低）"), PER_RECORD, kind="formula", optional=True),
    _claim(
        "model_high",
        Text("model, high", "模型值（高）"),
        PER_RECORD,
        kind="formula",
        optional=True,
        fallback="model_low",
    ),
    _claim(
        "deviation",
        Text("deviation", "偏离幅度"),
        "1",
        "where(known(model_low), max(0, max(model_low, model_high) / max(low, high) - 1, 1 - min(model_low, model_high) / low), unknown)",
        format="percent",
        why=Text("how far the model lies outside the published range", "模型值超出公开范围的幅度"),
        source="definition",
    ),
    _claim(
        "verdict",
        Text("verdict", "结论"),
        "1",
        "known(model_low) * (1 + (deviation > claim_tolerance) + (deviation > claim_limit))",
        format="text",
        words=(
            Word("context only", "仅作背景"),
            Word("holds", "成立", "good"),
            Word("off by ←", "偏离 ←", "bad"),
            Word("not reproducible", "无法复现", "bad"),
        ),
        why=Text("holds within the published range ± the tolerance", "在公开范围 ± 容差之内即成立"),
        source="judgement",
    ),
)

READING_FIELDS = (
    Field("value", Text("value", "数值"), PER_RECORD, table="readings", sheet="published", kind="formula"),
)
RUNS_ALONE = "runs_single"
