"""The scenario in focus: what views show of it, its gates as verdicts, and every scenario on every chip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from threegates.definition import derived
from threegates.definition.declare import SCENARIOS, Table, View
from threegates.definition.derived import ANY_CHIP, BASE, GATES, ON_A_CHIP, ON_ANY_CHIP, TABLES, VERDICTS
from threegates.definition.inputs import PRECISIONS
from threegates.engine.cases import base_cell, base_row
from threegates.engine.derived_tables import DerivedTables
from threegates.formula.derived_references import Best
from threegates.formula.nodes import Node
from threegates.formula.references import Beside, Cell, Picked
from threegates.inputs.assumptions import Entry

OF_A_GATE = ("need", "available", "ratio", "closed_until")


def add_shown(made: DerivedTables, views: Iterable[View]) -> None:
    """What the views show of the scenario in focus, where its table has it not yet."""
    shown = [name for view in views for name in (*view.fields, *(other for _, other in view.counted))]
    of_gates = [f"{gate.removesuffix('_gate')}_{name}" for name in OF_A_GATE for gate in GATES]
    for name in dict.fromkeys((*shown, *derived.ALWAYS, *of_gates)):
        if (BASE, name) not in made.fields:
            own = made.fields[SCENARIOS, name]
            picked = Picked(SCENARIOS, "binding_code" if name == derived.BINDING else name)
            row = base_row(own, why=derived.OF_PICKED, source="definition")
            made.single(row, f"picked.{picked.field}", picked)


def add_verdicts(made: DerivedTables) -> None:
    """A gate a row: what the scenario in focus needs, what there is, and the verdict in words."""
    entries = made.entries["gates"]
    made.table(TABLES[VERDICTS], {gate: Entry(entries[gate].label, unit=unit) for gate, (unit, _) in GATES.items()})

    def of(name: str) -> dict[str, Node]:
        return {gate: base_cell(f"{gate.removesuffix('_gate')}_{name}") for gate in GATES}

    for field in derived.NEEDS:
        amounts = of(field.id)
        for gate, (_, scale) in GATES.items():
            if scale:
                bound = {"amount": amounts[gate], "scale": Cell("constants", "value", scale)}
                amounts[gate] = made.resolved(field, derived.SCALED, bound)
        made.cells(field, amounts)
    made.cells(replace(derived.RATIO, why=made.fields[SCENARIOS, "power_ratio"].why), of("ratio"))
    made.cells(replace(derived.OPENS, why=made.fields[SCENARIOS, "power_closed_until"].why), of("closed_until"))
    made.row(derived.VERDICT, {})


def add_any_chip(made: DerivedTables) -> None:
    """Peak, cards and gigawatts on every chip: of the scenario in focus, then of all."""
    chips = {key: Entry(entry.label) for key, entry in made.entries["chips"].items()}
    made.table(TABLES[ANY_CHIP], chips)
    at = {name: base_cell(name) for name in ON_A_CHIP}
    results = {table: Beside(ANY_CHIP, field.id, "row") for table, field in ON_ANY_CHIP.items()}
    for field in ON_ANY_CHIP.values():
        made.row(field, _on_a_chip(at, results))
    for table, field in ON_ANY_CHIP.items():
        made.table(Table(table, field.label), {key: replace(entry, unit=field.unit) for key, entry in chips.items()})
        for scenario in made.ids[SCENARIOS]:
            at = {name: Cell(SCENARIOS, name, scenario, "column") for name in ON_A_CHIP}
            results = {other: Beside(other, scenario, "both") for other in ON_ANY_CHIP}
            label = made.entries[SCENARIOS][scenario].label
            made.row(replace(field, id=scenario, label=label, table=table), _on_a_chip(at, results))


def _on_a_chip(at: Mapping[str, Cell], results: Mapping[str, Beside]) -> dict[str, Node]:
    """The names of the formulas: what the scenario asks, what has been computed of it, and the chip of the row."""
    return {
        **at,
        **results,
        "best(precision)": Best("chips", derived.BEST_PEAKS, PRECISIONS, at["precision"]),
        "best_bf16": Beside("chips", "best_bf16", "row"),
        "it_power_per_card": Beside("chips", "it_power_per_card", "row"),
    }
