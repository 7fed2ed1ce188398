"""The model as data: every input, equation and check is one record.

A record without a formula is an input; its values, sources and confidence are given in assumptions.yaml. Records stand in
the order of the rows in the workbook. ``{anchor}`` in a text becomes the label of the anchor scenario; the other roles of
the report can be named in the same way.
"""

from __future__ import annotations

from threegates.definition import (
    backtest,
    chain,
    checks,
    chips,
    cost,
    engineering,
    gate_tests,
    gates,
    inputs,
    published,
    supply,
    tradeoff,
)
from threegates.definition.charts import CHARTS
from threegates.definition.declare import Definition, Field
from threegates.definition.sentences import FINDINGS, HEADLINE
from threegates.definition.sheets import SHEETS, TABLES, VIEWS

_EQUATIONS: tuple[Field, ...] = (
    *inputs.INPUTS,
    *inputs.PRECISION_FIELDS,
    *inputs.CONSTANT_FIELDS,
    *supply.DAY_FIELDS,
    *supply.SWITCH_FIELDS,
    *chips.CHIP_FIELDS,
    *chain.FLOPS,
    *chain.CARDS,
    *chain.POWER,
    *chain.DATA,
    *cost.COST,
    *engineering.ENGINEERING,
    *supply.CAMPUS_FIELDS,
    *supply.CAMPUS_CHECKS,
    *supply.RECORD_FIELDS,
    *gate_tests.SPAN_FIELDS,
    *supply.GATE_FIELDS,
    *gates.GATES,
    *gates.CONTEXT_FIELDS,
    *tradeoff.TRADEOFF_FIELDS,
    *tradeoff.QUESTION_FIELDS,
    *tradeoff.AXIS_FIELDS,
    *gates.BREAK_EVEN,
    *published.CLAIM_FIELDS,
    *published.READING_FIELDS,
    *cost.GW_COST_FIELDS,
    *backtest.RUN_FIELDS,
    *backtest.HINDCAST_FIELDS,
    *checks.CHECKS,
    *checks.PLAUSIBLE,
    *gates.CHECKS,
    *supply.SUPPLY_CHECKS,
)

MODEL = Definition(_EQUATIONS, TABLES, SHEETS, VIEWS, HEADLINE, FINDINGS, CHARTS)
