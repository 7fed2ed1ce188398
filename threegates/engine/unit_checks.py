"""What joined formulas must keep: units agree with those declared, and nothing compares what may be not known."""

from __future__ import annotations

from collections.abc import Iterable

from threegates.definition.declare import PER_RECORD, Field
from threegates.engine.resolve import Joiner, Step, steps_of
from threegates.formula import grammar, units
from threegates.formula.grammar import ANY, Dimension
from threegates.formula.nodes import Call, Cell, Chosen, Linked, Node, Others, Own, Picked, Same, Unknown, Whole
from threegates.inputs.assumptions import SCENARIOS


def check(joiner: Joiner) -> None:
    """Notes in ``joiner`` every formula that does not keep them; asked only of formulas that are otherwise right."""
    agreement = _Agreement(joiner)
    if not joiner.problems:
        agreement.check_units()
    if not joiner.problems and not joiner.assumptions.problems:
        agreement.check_unknowns()


class _Agreement:
    def __init__(self, joiner: Joiner) -> None:
        self.joiner = joiner

    def check_unknowns(self) -> None:
        """MIN, MAX and comparisons take the text — for a number or skip it: a record's formula may not ask them of it."""
        doubtful: set[Step] = set()
        for step in self.joiner.order:
            nodes = [node for place, node in self.joiner.formulas.items() if place[:2] == step]
            if any(_doubtful(node, doubtful) for node in nodes):
                doubtful.add(step)
        for place, node in self.joiner.formulas.items():
            if len(place) == 3 and any(_doubtful(call, doubtful) for call in _comparing(node)):
                found, allowed = "found a comparison, min or max of what may be not known", "of what is known"
                self.joiner.refuse((place[0], place[2], place[1]), found, allowed, "ask for the result itself")

    def check_units(self) -> None:
        for place, node in self.joiner.formulas.items():
            field = self.joiner.fields[place[0], place[1]]
            keys = place[2:] or (
                self.joiner.ids[field.table] if self._varies(field, node) else self.joiner.ids[field.table][:1]
            )
            for key in keys:
                self._check_unit(field, key, node)

    def _varies(self, field: Field, node: Node) -> bool:
        steps = [step for leaf in grammar.leaves(node) for step in steps_of(leaf)]
        return any(self.joiner.fields[step].unit == PER_RECORD for step in [*steps, (field.table, field.id)])

    def _check_unit(self, field: Field, key: str, node: Node) -> None:
        declared = self._unit(field, key)
        try:
            computed = grammar.unit(node, lambda leaf: self._unit_of_leaf(leaf, key))
        except units.UnitProblem as problem:
            self._refuse_unit(field, key, node, f"found units that do not fit: {problem}", "equal units")
            return
        if computed is ANY or declared is ANY or units.equal(computed, declared):
            return
        found, allowed = (units.spell(unit) for unit in (computed, declared) if not isinstance(unit, grammar.AnyUnit))
        self._refuse_unit(field, key, node, f"found the unit {found}", f"{allowed}, as declared")

    def _refuse_unit(self, field: Field, key: str, node: Node, found: str, allowed: str) -> None:
        """At the record whose formula it is; else at a record that the equation reads, for its unit stands in the YAML."""
        if field.kind == "formula":
            self.joiner.refuse((field.table, key, field.id), found, allowed, "mend one of them")
            return
        for leaf in grammar.leaves(node):
            for table, name in steps_of(leaf):
                if self.joiner.fields[table, name].unit == PER_RECORD:
                    record = leaf.key if isinstance(leaf, Cell) else key
                    found = f"in the equation {field.id}, which reads {record}, {found}"
                    self.joiner.refuse((table, record, "unit"), found, allowed, "mend the unit or the equation")
                    return
        self.joiner.refuse_equation(field, found, allowed, "mend one of them")

    def _unit_of_leaf(self, leaf: Node, key: str) -> Dimension:
        match leaf:
            case Own(table=table, field=name):
                return self._unit(self.joiner.fields[table, name], key)
            case Cell(table=table, field=name, key=fixed):
                return self._unit(self.joiner.fields[table, name], fixed)
            case Linked(table=table, field=name) | Same(table=table, field=name):
                return self._unit(self.joiner.fields[table, name], "")
            case Whole(table=table, field=name) | Others(table=table, field=name):
                return self._unit(self.joiner.fields[table, name], "")
            case Picked(field=name):
                return self._unit(self.joiner.fields[SCENARIOS, name], "")
            case Chosen(table=table, options=options):
                return self._unit(self.joiner.fields[table, options[0]], "")
        return ANY

    def _unit(self, field: Field, key: str) -> Dimension:
        if field.unit != PER_RECORD:
            return units.parse(field.unit) if field.unit else ANY
        entry = self.joiner.assumptions.entries[field.table].get(key)
        return units.parse(entry.unit) if entry is not None and entry.unit else ANY


def _doubtful(node: Node, among: set[Step]) -> bool:
    """Whether the value may be 'not known': it says so, or reads a field that may be."""
    return any(isinstance(leaf, Unknown) or not among.isdisjoint(steps_of(leaf)) for leaf in grammar.leaves(node))


def _comparing(node: Node) -> Iterable[Node]:
    if isinstance(node, Call):
        row = grammar.FUNCTIONS[node.function]
        if node.function in ("min", "max") or (row.truth and node.function != "known"):
            yield node
        for arg in node.args:
            yield from _comparing(arg)
