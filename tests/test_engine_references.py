"""Kinds of reference and derived tables: one class a kind with all its readings, and units of every computed cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import load
from threegates.definition import MODEL
from threegates.definition.declare import PER_RECORD
from threegates.engine import derived, model, unit_checks
from threegates.engine.derived_tables import WORDS
from threegates.engine.resolve import Resolver
from threegates.formula import grammar
from threegates.formula.nodes import Call, Literal, Name, Node
from threegates.formula.readers import Address, Addresses, Columns, Known, Step, Units
from threegates.formula.references import OneField, Reference
from threegates.inputs.assumptions import Entry
from threegates.workbook.formulas import Formulas

VINTAGES = ("assumptions.yaml", "vintages/2026-11.yaml")


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    """The default model resolved, its derived tables included, as a build has it before it checks their units."""
    joined = load()
    made = Resolver(joined.assumptions, joined.fields, joined.tables)
    made.formulas, made.order = dict(joined.formulas), list(joined.order)
    return made


def test_a_kind_of_reference_that_lacks_a_reading_fails_when_it_is_defined() -> None:
    with pytest.raises(TypeError, match="the reference Half lacks cells, unit, number, excel"):

        class Half(Reference):
            def reads(self) -> Iterable[Step]:
                return ()


def test_a_kind_of_reference_is_one_class(small_file: Any) -> None:
    """The next key of the own table, round about: its class alone is enough for numbers, units and Excel."""

    @dataclass(frozen=True)
    class Next(OneField):
        table: str
        field: str

        def cells(self, known: Known, key: str) -> tuple[Address, ...]:
            keys = known.keys(self.table)
            return ((*self.step, keys[(keys.index(key) + 1) % len(keys)]),)

        def unit(self, units: Units, key: str) -> Any:
            return units.declared(self.step, key)

        def number(self, columns: Columns) -> Any:
            values = columns.column(self.step)
            return values[[*range(1, len(values)), 0]]

        def excel(self, addresses: Addresses, key: str) -> str:
            keys = addresses.keys(self.table)
            return addresses.cell((*self.step, keys[(keys.index(key) + 1) % len(keys)]))

    from tests.conftest import built
    from threegates.engine.evaluate import evaluate

    joined = load(small_file())
    own = ("scenarios", "corpus_passes")
    formulas = dict(joined.formulas) | {own: Call("/", (Next("scenarios", "tokens"), Next("scenarios", "tokens")))}
    formulas[own] = Call("*", (formulas[own], joined.formulas[own]))
    results = evaluate(replace(joined, formulas=formulas))
    placed, entry = built(results)  # the double entry holds the two readings against each other
    assert entry.largest_difference == 0
    assert Formulas(placed).of(*own, "gpt4").count("/") == 2


def computed(resolver: Resolver) -> list[Step]:
    """The steps of every number that a formula computes."""
    places = {place[:2] for place in resolver.formulas}
    return [step for step in places if resolver.fields[step].is_number]


def found_with(resolver: Resolver, step: Step, unit: str) -> list[str]:
    """What the check of units says when the field, or each record of it that has its own, declares another unit.

    The unit of a record is that of each of its fields that has none of its own: it is held against all of them.
    """
    field, entries = resolver.fields[step], resolver.entries[step[0]]
    checked = {step}
    if field.unit == PER_RECORD:
        resolver.entries[step[0]] = {key: replace(entry, unit=unit) for key, entry in entries.items()}
        checked = {
            place for place, other in resolver.fields.items() if place[0] == step[0] and other.unit == PER_RECORD
        }
    else:
        resolver.fields[step] = replace(field, unit=unit)
    try:
        unit_checks.check_units(resolver, [place for place in resolver.formulas if place[:2] in checked])
        return [str(problem) for problem in resolver.problems]
    finally:
        resolver.fields[step], resolver.entries[step[0]] = field, entries
        resolver.problems.clear()


def test_another_unit_declared_at_any_computed_field_stops_the_build(resolver: Resolver) -> None:
    """No table is exempt: cases, swings, two-way tables, verdicts and any chip included.

    What is carried along growth has the unit of its record, whichever that is.
    """
    steps = [step for step in computed(resolver) if step != ("gates", "available_now")]
    silent = [step for step in steps if not found_with(resolver, step, "B")]
    assert len(steps) > 500
    assert {step[0] for step in steps} >= {"scenarios", "cases_low", "swings", "grid_cards", "verdicts", "anychip_gw"}
    assert silent == []


def test_the_unit_of_a_size_is_not_the_unit_of_another_size(resolver: Resolver) -> None:
    """GW shown as MW would read a thousand times too small on Summary."""
    said = "\n".join(found_with(resolver, ("verdicts", "need"), "MW"))
    assert "found the unit GW; allowed: MW, as declared" in said


def test_what_a_case_is_moved_to_has_the_unit_of_its_input(default_model: model.Model) -> None:
    for table in ("cases_low", "cases_high"):
        for key in default_model.keys[table]:
            unit = default_model.unit_of(default_model.fields[table, "moved_to"], key)
            assert unit == default_model.fields["cases_base", key].unit


def test_a_build_with_a_wrong_unit_in_a_derived_table_stops(monkeypatch: pytest.MonkeyPatch, small_file: Any) -> None:
    add = derived.add

    def with_a_wrong_unit(made: Resolver, views: Any) -> None:
        add(made, views)
        entries = made.entries["verdicts"]
        made.entries["verdicts"] = {**entries, "power_gate": Entry(entries["power_gate"].label, unit="MW")}

    monkeypatch.setattr(derived, "add", with_a_wrong_unit)
    with pytest.raises(Exception, match=r"equations\.need: found the unit GW; allowed: MW, as declared"):
        load(small_file())


@pytest.mark.parametrize("vintage", VINTAGES)
def test_the_formula_that_is_shown_is_the_one_that_is_computed(vintage: str) -> None:
    """For every field: its text gives the tree, but for what its names mean."""
    joined = load(Path(vintage))
    checked = 0
    for step, field in joined.fields.items():
        tree = joined.formulas.get(step)
        if tree is not None:
            assert skeleton(grammar.parse(field.formula, WORDS)) == skeleton(tree), step
            checked += 1
    assert checked > 500


def skeleton(tree: Node) -> Node:
    return grammar.transform(tree, lambda leaf: leaf if isinstance(leaf, Literal) else Name("x"))


def test_no_formula_is_prose(default_model: model.Model) -> None:
    for field in default_model.fields.values():
        if field.formula:
            grammar.parse(field.formula, WORDS)


def test_a_formula_is_written_as_it_is_read() -> None:
    for field in MODEL.equations:
        if field.formula:
            tree = grammar.parse(field.formula)
            assert grammar.parse(grammar.plain(tree)) == tree
