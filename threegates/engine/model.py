"""Joins the assumptions and the equations: names resolve, units agree, nothing turns in a circle, the order is fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from threegates.definition.declare import HIGH, LOW, PER_RECORD, Definition, Field, Sheet, Table, View
from threegates.engine import derived, unit_checks
from threegates.engine.resolve import Address, Joiner, Step
from threegates.formula.nodes import Node
from threegates.inputs import load as inputs
from threegates.inputs.assumptions import ROLES, SCENARIOS, Assumptions, Datum
from threegates.problems import InputError, Problem
from threegates.text import Text

# formualizer refuses a sheet of more than 255 columns; 3 stand before the scenarios, 4 behind.
MOST_SCENARIOS = 255 - 3 - 4


@dataclass(frozen=True)
class Model:
    """Inputs and equations, joined. ``formulas`` holds one tree a field, or one an address where records differ."""

    assumptions: Assumptions
    tables: Mapping[str, Table]
    fields: Mapping[Step, Field]
    keys: Mapping[str, tuple[str, ...]]
    formulas: Mapping[Step | Address, Node]
    order: tuple[Step, ...]
    definition: Definition

    @property
    def anchor(self) -> str:
        return self.assumptions.report.anchor

    @property
    def picked(self) -> str:
        return self.assumptions.report.picked

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return self.definition.sheets

    @property
    def views(self) -> tuple[View, ...]:
        return self.definition.views

    @property
    def data(self) -> Mapping[Address, Datum]:
        return self.assumptions.data

    def fields_of(self, table: str, sheet: str | None = None) -> list[Field]:
        return [f for f in self.fields.values() if f.table == table and sheet in (None, f.sheet)]

    def formula(self, table: str, field: str, key: str) -> Node | None:
        """The tree behind a cell; None for an input."""
        return self.formulas.get((table, field)) or self.formulas.get((table, field, key))

    def unit_of(self, field: Field, key: str) -> str:
        """The unit as declared, or as the record names it."""
        return self.assumptions.entries[field.table][key].unit if field.unit == PER_RECORD else field.unit

    def format_of(self, field: Field, key: str) -> str:
        """The number format: of the record where each has its own unit, otherwise of the field."""
        own = self.assumptions.entries[field.table][key].format if field.unit == PER_RECORD else ""
        return own or field.format

    def is_blank(self, table: str, field: str, key: str) -> bool:
        """Whether the cell is an input that is not given."""
        return self.fields[table, field].is_input and (table, field, key) not in self.data

    def name(self, table: str, field: str, key: str) -> str:
        """What people and programs call a cell: cards__gpt6_low, mfu__low__gpt5_high, constant__x, chips__h100_sxm__fp8."""
        record = self.tables[table]
        if table == SCENARIOS:
            return f"{field}__{key}"
        if record.main and field.startswith(record.main):
            return f"{record.prefix}__{key}{field.removeprefix(record.main)}"
        return f"{table}__{key}__{field}"

    @cached_property
    def inputs(self) -> tuple[Address, ...]:
        """Every input address in the order of the rows, blank ones included."""
        return tuple((t, f, key) for (t, f), field in self.fields.items() if field.is_input for key in self.keys[t])


def load(path: Path, definition: Definition, contents: Mapping[str, bytes] | None = None) -> Model:
    """Reads the YAML at ``path`` and joins it with the definition. Raises InputError with every problem at once.

    ``contents`` is read in the place of what files hold: by the name of this one, or as ``include:`` names it.
    """
    return build(inputs.load(path, definition, contents), definition)


def build(assumptions: Assumptions, definition: Definition) -> Model:
    """The frozen Model. Raises InputError: unknown names, units that do not agree, cycles, unused inputs."""
    problems = list(assumptions.problems)
    fields = {(f.table, f.id): f for f in _with_ranges(definition.equations)}
    joiner = Joiner(assumptions, fields, {table.id: table for table in definition.tables})
    joiner.join()
    unit_checks.check(joiner)
    problems += joiner.problems + _too_many(assumptions)
    if problems:
        raise InputError(problems)
    named = {step: _named(f, assumptions) for step, f in fields.items()}
    study = derived.make(assumptions, joiner.tables, named, joiner.formulas, definition.views)
    whole = replace(
        assumptions, entries={**assumptions.entries, **study.entries}, ids={**assumptions.ids, **study.keys}
    )
    return Model(
        whole,
        {**joiner.tables, **study.tables},
        named | study.fields,
        whole.ids,
        joiner.formulas | study.formulas,
        (*joiner.order, *study.fields),
        definition,
    )


def _with_ranges(equations: Iterable[Field]) -> Iterable[Field]:
    """Each field, and after a ranged one its low and its high as optional inputs."""
    for field in equations:
        yield field
        if field.ranged:
            low, high = (
                Text(f"{field.label.en}, low", f"{field.label.zh}（低）"),
                Text(f"{field.label.en}, high", f"{field.label.zh}（高）"),
            )
            yield replace(field, id=field.id + LOW, label=low, ranged=False, optional=True)
            yield replace(field, id=field.id + HIGH, label=high, ranged=False, optional=True)


def _named(field: Field, assumptions: Assumptions) -> Field:
    label, why = field.label, field.why
    for role, table in ROLES.items():
        name = assumptions.entries[table][getattr(assumptions.report, role)].label
        label, why = label.replace(f"{{{role}}}", name), why.replace(f"{{{role}}}", name)
    return replace(field, label=label, why=why)


def _too_many(assumptions: Assumptions) -> list[Problem]:
    count = len(assumptions.ids[SCENARIOS])
    if count <= MOST_SCENARIOS:
        return []
    file, line = assumptions.document.place((SCENARIOS,))
    return [Problem(file, line, SCENARIOS, f"found {count} scenarios", f"at most {MOST_SCENARIOS}", "split the file")]
