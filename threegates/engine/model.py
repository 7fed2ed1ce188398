"""Joins the assumptions and the equations: names resolve, units agree, nothing turns in a circle, the order is fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from threegates.definition.declare import HIGH, LOW, PER_RECORD, SCENARIOS, Definition, Field, Sheet, Table, View
from threegates.engine import derived, names, unit_checks
from threegates.engine.derived_tables import DerivedTables
from threegates.formula.nodes import Node
from threegates.formula.readers import Address, Step
from threegates.inputs import load as inputs
from threegates.inputs.assumptions import ROLES, Assumptions, Datum
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
        return self.formulas.get((table, field, key)) or self.formulas.get((table, field))

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
        """The defined name of a cell; :mod:`names` says how it is made and how it is read."""
        return names.of_address(self.tables[table], field, key)

    @cached_property
    def inputs(self) -> tuple[Address, ...]:
        """Every input address in the order of the rows, blank ones included."""
        return tuple((t, f, key) for (t, f), field in self.fields.items() if field.is_input for key in self.keys[t])


def load(path: Path, definition: Definition, contents: Mapping[str, bytes] | None = None) -> Model:
    """Reads the YAML at ``path`` and joins it with the definition. Raises InputError with every problem at once.

    ``contents`` is read in the place of what files hold: by the name of this one, or as ``include:`` names it.
    """
    return build(inputs.load(path, definition, contents))


def build(assumptions: Assumptions) -> Model:
    """The frozen Model. Raises InputError: unknown names, units that do not agree, cycles, unused inputs."""
    definition = assumptions.definition
    fields = {(field.table, field.id): field for field in _with_ranges(definition.equations, assumptions)}
    resolver = DerivedTables(
        assumptions, fields, {table.id: table for table in definition.tables}, definition.constants_said
    )
    resolver.resolve()
    unit_checks.check(resolver)
    _stop_if_wrong([*assumptions.problems, *resolver.problems, *_too_many(assumptions)])
    resolver.fields |= {step: _named(field, assumptions) for step, field in fields.items()}
    derived.add(resolver, definition)
    unit_checks.check_derived(resolver)
    _stop_if_wrong(resolver.problems)
    tables, fields, keys, order = resolver.tables, resolver.fields, resolver.ids, tuple(resolver.order)
    whole = replace(assumptions, entries=resolver.entries, ids=keys)
    return Model(whole, tables, fields, keys, resolver.formulas, order, definition)


def _stop_if_wrong(problems: Iterable[Problem]) -> None:
    if problems := list(problems):
        raise InputError(problems)


def _with_ranges(equations: Iterable[Field], assumptions: Assumptions) -> Iterable[Field]:
    """Each field; its low and its high as optional inputs follow where it is ranged, or where some record gives one."""
    given = {(table, name) for table, name, _ in assumptions.data if name.endswith((LOW, HIGH))}
    for field in equations:
        yield field
        if field.ranged or {(field.table, field.id + LOW), (field.table, field.id + HIGH)} & given:
            for end, en, zh in ((LOW, "low", "低"), (HIGH, "high", "高")):
                label = Text(f"{field.label.en}, {en}", f"{field.label.zh}（{zh}）")
                end_of = replace(field, label=label, kind="number", ranged=False, optional=True, of_choice="")
                yield replace(end_of, id=field.id + end)


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
