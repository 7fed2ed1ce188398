"""All tables that follow from the model by themselves, put into a resolved model in the order of their dependence."""

from __future__ import annotations

from threegates.definition.backtest import ALL_GROUPS, ALL_GROUPS_LABEL, FIT_FIELDS, FITS, formula_of
from threegates.definition.declare import SCENARIOS, Definition, Group
from threegates.definition.derived import BASE, OUTPUTS, TOLD, TWO_WAY
from threegates.engine import picked, two_way
from threegates.engine.cases import Cases
from threegates.engine.derived_tables import DerivedTables
from threegates.formula.references import Own
from threegates.inputs.assumptions import Entry


def add(made: DerivedTables, definition: Definition) -> None:
    """Adds the derived tables, with what the views of the definition show of the scenario in focus."""
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
    picked.add_shown(made, [view for view in definition.views if view.table == BASE])
    picked.add_verdicts(made)
    picked.add_any_chip(made)
    add_fits(made, [group for group in definition.groups if group.predicted])


def add_fits(made: DerivedTables, groups: list[Group]) -> None:
    """How well the runs of each group are predicted, and those of all groups together."""
    rows = {group.id: (group.label, [group]) for group in groups}
    if groups:
        rows[ALL_GROUPS] = ALL_GROUPS_LABEL, groups
    made.table(FITS, {key: Entry(label) for key, (label, _) in rows.items()})
    for field in FIT_FIELDS:
        made.cells(field, {key: made.resolved(field, formula_of(field, own), {}) for key, (_, own) in rows.items()})
