"""Joins the assumptions and the equations: names resolve, units agree, nothing turns in a circle, the order is fixed."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from threegates import assumptions as yaml
from threegates import expressions, units
from threegates.assumptions import Assumptions, Datum
from threegates.expressions import ANY, Call, Cell, Chosen, Dimension, Item, Linked, Member, Name, Node, Own, Unknown
from threegates.problems import InputError, Problem, nearest
from threegates.records import HIGH, LOW, PER_RECORD, Field, Sheet, Table, Text, View

Step = tuple[str, str]  # (table, field)
Address = tuple[str, str, str]  # (table, field, key)

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
    sheets: tuple[Sheet, ...]
    views: tuple[View, ...]

    @property
    def anchor(self) -> str:
        assert self.assumptions.report is not None
        return self.assumptions.report.anchor

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

    @cached_property
    def inputs(self) -> tuple[Address, ...]:
        """Every input address in the order of the rows, blank ones included."""
        return tuple((t, f, key) for (t, f), field in self.fields.items() if field.is_input for key in self.keys[t])


def load(
    path: Path, equations: Iterable[Field], tables: Iterable[Table], sheets: Iterable[Sheet], views: Iterable[View]
) -> Model:
    """Reads the YAML at ``path`` and joins it with the equations. Raises InputError with every problem at once."""
    equations, tables = tuple(equations), tuple(tables)
    return build(yaml.load(path, equations, tables), equations, tables, sheets, views)


def build(
    assumptions: Assumptions,
    equations: Iterable[Field],
    tables: Iterable[Table],
    sheets: Iterable[Sheet],
    views: Iterable[View],
) -> Model:
    """The frozen Model. Raises InputError: unknown names, units that do not agree, cycles, unused inputs."""
    problems = list(assumptions.problems)
    fields = {(f.table, f.id): f for f in _with_ranges(equations)}
    joiner = Joiner(assumptions, fields, {table.id: table for table in tables})
    joiner.join()
    problems += joiner.problems + _too_many(assumptions)
    if problems or assumptions.report is None:
        raise InputError(problems)
    named = {step: _named(f, assumptions) for step, f in fields.items()}
    return Model(
        assumptions, joiner.tables, named, assumptions.ids, joiner.formulas, joiner.order, tuple(sheets), tuple(views)
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
    assert assumptions.report is not None
    anchor = assumptions.entries[yaml.SCENARIOS][assumptions.report.anchor].label
    return replace(field, label=field.label.replace("{anchor}", anchor), why=field.why.replace("{anchor}", anchor))


def _too_many(assumptions: Assumptions) -> list[Problem]:
    count = len(assumptions.ids[yaml.SCENARIOS])
    if count <= MOST_SCENARIOS:
        return []
    file, line = assumptions.document.file, assumptions.document.lines[yaml.SCENARIOS,]
    return [
        Problem(file, line, yaml.SCENARIOS, f"found {count} scenarios", f"at most {MOST_SCENARIOS}", "split the file")
    ]


class Joiner:
    """Resolves every formula, notes problems, and finds the order in which fields can be computed."""

    def __init__(self, assumptions: Assumptions, fields: Mapping[Step, Field], tables: Mapping[str, Table]) -> None:
        self.assumptions = assumptions
        self.fields = fields
        self.tables = tables
        self.ids = assumptions.ids
        self.formulas: dict[Step | Address, Node] = {}
        self.order: tuple[Step, ...] = ()
        self.problems: list[Problem] = []
        report = assumptions.report
        self.roles = {} if report is None else {
            "anchor": (yaml.SCENARIOS, report.anchor),
            "reference_chip": ("chips", report.reference_chip),
        }  # fmt: skip

    def join(self) -> None:
        for step, field in self.fields.items():
            if field.formula:
                node = self._parse(field, field.formula, f"equations.{field.id}", 0)
                if node is not None:
                    self.formulas[step] = node
            elif field.kind == "formula":
                self._join_records(field)
        self._sort()
        self._find_unused()
        if not self.problems:
            self._check_units()

    def _join_records(self, field: Field) -> None:
        """A formula that each record gives for itself; one that gives none has the answer 'not known'."""
        previous = {"model_high": "model_low"}.get(field.id)
        for key in self.ids[field.table]:
            datum = self.assumptions.data.get((field.table, field.id, key))
            if datum is None and previous:
                datum = self.assumptions.data.get((field.table, previous, key))
            path = f"{field.table}.{key}.{field.id}"
            line = self.assumptions.document.lines.get((field.table, key, field.id), 0)
            node = self._parse(field, datum.value, path, line) if datum else Unknown()
            if node is not None:
                self.formulas[field.table, field.id, key] = node

    def _parse(self, field: Field, text: str, path: str, line: int) -> Node | None:
        file = self.assumptions.document.file if line else "equations.py"

        def refuse(found: str, allowed: str, remedy: str = "") -> None:
            self.problems.append(Problem(file, line, path, found, allowed, remedy))

        try:
            tree = expressions.parse(text)
        except expressions.GrammarProblem as problem:
            if not line:  # the YAML's own are reported where they are read
                refuse(str(problem), "")
            return None
        failed = False

        def resolve(leaf: Node) -> Node:
            nonlocal failed
            found = self._resolve(field, leaf)
            if isinstance(found, tuple):
                failed = True
                refuse(*found)
                return Unknown()
            return found

        resolved = expressions.transform(tree, resolve)
        return None if failed else resolved

    def _resolve(self, field: Field, leaf: Node) -> Node | tuple[str, str, str]:
        """The reference that a name means, or the words of a problem."""
        match leaf:
            case Name(id=name):
                if (field.table, name) in self.fields and not self.fields[field.table, name].words:
                    return Own(field.table, name)
                for table in self.tables.values():
                    if table.main and name in self.ids[table.id]:
                        return Cell(table.id, table.main, name)
                # a field with words holds text in its cell, so no formula may read it
                known = [f.id for f in self.fields.values() if f.table == field.table and not f.words] + list(
                    self.ids[yaml.CONSTANTS]
                )
                return f"found the unknown name {name}", "an input, an equation or a constant", nearest(name, known)
            case Member(base=base, id=name):
                return self._resolve_member(field, base, name)
            case Item(base=base, key=key):
                return self._resolve_item(field, base, key)
        return leaf

    def _resolve_member(self, field: Field, base: str, name: str) -> Node | tuple[str, str, str]:
        link = self.fields.get((field.table, base))
        if link is not None and link.kind == "link":
            table, key = link.target[0], ""
        elif base in self.roles:
            table, key = self.roles[base]
        else:
            named = {name: table.id for table in self.tables.values() if not table.facts for name in self.ids[table.id]}
            if base not in named:
                allowed = "anchor, a scenario, a claim or another named record"
                return f"found the unknown name {base}", allowed, nearest(base, [*self.roles, *named])
            table, key = named[base], base
        if (table, name) not in self.fields or self.fields[table, name].words:
            names = [f for t, f in self.fields if t == table]
            return f"found the unknown field {base}.{name}", f"a field of {table}", nearest(name, names)
        return Cell(table, name, key) if key else Linked(Own(field.table, base), table, name)

    def _resolve_item(self, field: Field, base: str, key: str) -> Node | tuple[str, str, str]:
        link, choice = self.fields.get((field.table, base)), self.fields.get((field.table, key))
        if link is None or link.kind != "link" or choice is None or choice.kind != "choice":
            return f"found {base}[{key}]", "a link and a choice, as in chip[precision]", ""
        return Chosen(Own(field.table, base), link.target[0], Own(field.table, key), choice.target)

    def _needs(self) -> dict[Step, set[Step]]:
        needs: dict[Step, set[Step]] = {step: set() for step in self.fields}
        for place, node in self.formulas.items():
            for leaf in expressions.leaves(node):
                needs[place[0], place[1]].update(steps_of(leaf))
        return needs

    def _sort(self) -> None:
        try:
            self.order = tuple(graphlib.TopologicalSorter(self._needs()).static_order())
        except graphlib.CycleError as error:
            circle = " → ".join(f"{table}.{field}" for table, field in error.args[1])
            self.problems.append(
                Problem("equations.py", 0, "order", f"found a circle: {circle}", "no circles", "break it")
            )

    def _find_unused(self) -> None:
        """A scenario input or constant that nothing reads would mislead; facts of a record may stand for themselves."""
        document = self.assumptions.document
        read: set[tuple[str, ...]] = set()
        for node in self.formulas.values():
            for leaf in expressions.leaves(node):
                read.update(steps_of(leaf))
                if isinstance(leaf, Cell):
                    read.add((leaf.table, leaf.key))
        if self.problems:
            return
        for (table, name), field in self.fields.items():
            if (
                table == yaml.SCENARIOS
                and field.is_input
                and not name.endswith((LOW, HIGH))
                and (table, name) not in read
            ):
                line = document.lines.get((yaml.DEFAULTS, name), 0)
                found = Problem(
                    document.file, line, name, "found an input that no equation reads", "used inputs", "delete it"
                )
                self.problems.append(found)
        for key in self.ids[yaml.CONSTANTS]:
            if (yaml.CONSTANTS, key) not in read:
                path = (yaml.CONSTANTS, key)
                document.report(path, "found a constant that no equation reads", "constants in use", "delete it")
                self.problems.append(document.problems.pop())

    def _check_units(self) -> None:
        for place, node in self.formulas.items():
            field = self.fields[place[0], place[1]]
            keys = place[2:] or (self.ids[field.table] if self._varies(field, node) else self.ids[field.table][:1])
            for key in keys:
                self._check_unit(field, key, node)

    def _varies(self, field: Field, node: Node) -> bool:
        steps = [step for leaf in expressions.leaves(node) for step in steps_of(leaf)]
        return any(self.fields[step].unit == PER_RECORD for step in [*steps, (field.table, field.id)])

    def _check_unit(self, field: Field, key: str, node: Node) -> None:
        declared = self._unit(field, key)
        document = self.assumptions.document
        line = document.lines.get((field.table, key, field.id), 0)
        path = f"{field.table}.{key}.{field.id}" if line else f"equations.{field.id}"
        where = (document.file if line else "equations.py", line, path)
        try:
            computed = expressions.unit(node, lambda leaf: self._unit_of_leaf(leaf, key))
        except units.UnitProblem as problem:
            self.problems.append(
                Problem(*where, f"found units that do not fit: {problem}", "equal units", "mend one of them")
            )
            return
        if computed is ANY or declared is ANY or units.equal(computed, declared):
            return
        found, allowed = (
            units.spell(unit) for unit in (computed, declared) if not isinstance(unit, expressions.AnyUnit)
        )
        self.problems.append(Problem(*where, f"found the unit {found}", f"{allowed}, as declared", "mend one of them"))

    def _unit_of_leaf(self, leaf: Node, key: str) -> Dimension:
        match leaf:
            case Own(table=table, field=name):
                return self._unit(self.fields[table, name], key)
            case Cell(table=table, field=name, key=fixed):
                return self._unit(self.fields[table, name], fixed)
            case Linked(table=table, field=name):
                return self._unit(self.fields[table, name], "")
            case Chosen(table=table, options=options):
                return self._unit(self.fields[table, options[0]], "")
        return ANY

    def _unit(self, field: Field, key: str) -> Dimension:
        if field.unit != PER_RECORD:
            return units.parse(field.unit) if field.unit else ANY
        entry = self.assumptions.entries[field.table].get(key)
        return units.parse(entry.unit) if entry is not None and entry.unit else ANY


def steps_of(leaf: Node) -> Iterable[Step]:
    """The fields that a reference reads."""
    match leaf:
        case Own(table=table, field=name) | Cell(table=table, field=name):
            yield table, name
        case Linked(via=via, table=table, field=name):
            yield via.table, via.field
            yield table, name
        case Chosen(via=via, table=table, choice=choice, options=options):
            yield via.table, via.field
            yield choice.table, choice.field
            yield from ((table, option) for option in options)


__all__ = ["Address", "Call", "Model", "Step", "build", "load", "steps_of"]
