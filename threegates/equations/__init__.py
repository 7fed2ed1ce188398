"""THE MODEL: every input, equation and check as one record of data, and nothing else.

A record without a formula is an input; its values, sources and confidence stand in assumptions.yaml. The order
of the records is the order of the rows. ``{anchor}`` in a text becomes the label of the anchor scenario, and so for the
other roles of the report.
"""

from __future__ import annotations

from threegates.equations import chain, evidence, gates, tradeoff
from threegates.records import Field

EQUATIONS: tuple[Field, ...] = (
    *chain.INPUTS,
    *chain.CONSTANT_FIELDS,
    *gates.SWITCH_FIELDS,
    *chain.CHIP_FIELDS,
    *chain.FLOPS,
    *chain.CARDS,
    *chain.POWER,
    *chain.DATA,
    *chain.COST,
    *gates.CAMPUS_FIELDS,
    *gates.GATE_FIELDS,
    *gates.GATES,
    *gates.CONTEXT_FIELDS,
    *tradeoff.TRADEOFF_FIELDS,
    *tradeoff.QUESTION_FIELDS,
    *tradeoff.AXIS_FIELDS,
    *gates.BREAK_EVEN,
    *evidence.CLAIM_FIELDS,
    *evidence.READING_FIELDS,
    *evidence.RUN_FIELDS,
    *evidence.FIT_FIELDS,
    *evidence.HINDCAST_FIELDS,
    *chain.CHECKS,
    *gates.CHECKS,
)
