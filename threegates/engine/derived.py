"""All tables that follow from the model by themselves, put into a resolved model in the order of their dependence."""

from __future__ import annotations

from collections.abc import Iterable

from threegates.definition.declare import SCENARIOS, View
from threegates.definition.derived import BASE, OUTPUTS, TOLD, TWO_WAY
from threegates.engine import picked, two_way
from threegates.engine.cases import Cases
from threegates.engine.derived_tables import DerivedTables
from threegates.formula.references import Own


def add(made: DerivedTables, views: Iterable[View]) -> None:
    """Adds the derived tables, with what ``views`` show of the scenario in focus."""
    cases = Cases(made)
    for output, _ in OUTPUTS:
        cases.base(Own(SCENARIOS, output))
    for _, output, _ in TOLD:
        cases.base(Own(SCENARIOS, output))
    formulas = [two_way.expanded(cases, asked) for asked in TWO_WAY]
    cases.add_cases()
    for asked, (tree, bound) in zip(TWO_WAY, formulas, strict=True):
        two_way.add(cases, asked, tree, bound)
    cases.add_swings()
    picked.add_shown(made, [view for view in views if view.table == BASE])
    picked.add_verdicts(made)
    picked.add_any_chip(made)
