"""Every formula resolved: what its names mean, whether its units agree, and in which order fields can be computed."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping
from functools import partial

from threegates import assumptions as yaml
from threegates import expressions, units
from threegates.assumptions import ROLES, Assumptions
from threegates.expressions import ANY, Call, Cell, Chosen, Dimension, Item, Linked, Member, Name, Node, Own, Unknown
from threegates.problems import Problem, nearest
from threegates.records import HIGH, LOW, PER_RECORD, Field, Table

Step = tuple[str, str]  # (table, field)
Address = tuple[str, str, str]  # (table, field, key)


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
        self.roles = {role: (table, getattr(report, role)) for role, table in ROLES.items()} if report else {}

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
        if not self.problems and not self.assumptions.problems:
            self._check_unknowns()

    def _join_records(self, field: Field) -> None:
        """A formula that each record gives for itself; one that gives none has the answer 'not known'."""
        for key in self.ids[field.table]:
            datum = self.assumptions.data.get((field.table, field.id, key))
            if datum is None and field.fallback:
                datum = self.assumptions.data.get((field.table, field.fallback, key))
            path = f"{field.table}.{key}.{field.id}"
            line = self.assumptions.document.lines.get((field.table, key, field.id), 0)
            node = self._parse(field, datum.value, path, line) if datum else Unknown()
            if node is not None:
                self.formulas[field.table, field.id, key] = expressions.transform(node, partial(_fixed, key=key))
            if field.fallback and datum and (field.table, field.fallback, key) not in self.assumptions.data:
                found = f"found {field.id} without {field.fallback}"
                self.problems.append(
                    Problem(self.assumptions.document.file, line, path, found, "both", f"add {field.fallback}:")
                )

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
                if name in self._readable(field.table):
                    return Own(field.table, name)
                for table in self.tables.values():
                    if table.main and name in self.ids[table.id]:
                        return Cell(table.id, table.main, name)
                if not self.ids[yaml.CONSTANTS]:
                    return Unknown()  # the section is wrong, and has been reported
                known = [*self._readable(field.table), *self.ids[yaml.CONSTANTS]]
                remedy = nearest(name, known) or "add it to constants:, or mend the formula"
                return f"found the unknown name {name}", "an input, an equation or a constant", remedy
            case Member(base=base, id=name):
                return self._resolve_member(field, base, name)
            case Item(base=base, key=key):
                return self._resolve_item(field, base, key)
        return leaf

    def _readable(self, table: str) -> list[str]:
        """The fields that a formula may read: numbers, whose cells hold no words."""
        return [f.id for f in self.fields.values() if f.table == table and f.is_number and not f.words]

    def _resolve_member(self, field: Field, base: str, name: str) -> Node | tuple[str, str, str]:
        link = self.fields.get((field.table, base))
        if link is not None and link.kind == "link":
            table, key = link.target[0], ""
        elif base in self.roles:
            table, key = self.roles[base]
        elif base in ROLES:
            return Unknown()  # the report is wrong, and has been reported
        else:
            named = {name: table.id for table in self.tables.values() if not table.facts for name in self.ids[table.id]}
            if base not in named:
                allowed = "anchor, a scenario, a claim or another named record"
                return f"found the unknown name {base}", allowed, nearest(base, [*self.roles, *named])
            table, key = named[base], base
        names = self._readable(table)
        if name not in names:
            return f"found the unknown field {base}.{name}", f"a number of {table}", nearest(name, names)
        known = self.fields[table, name]
        if (
            key
            and known.is_input
            and known.optional
            and key in self.assumptions.entries[table]
            and (table, name, key) not in self.assumptions.data
        ):
            return f"found {base}.{name}, which is blank", "a number that is given", f"add {name}: to {table}.{key}"
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
            steps = error.args[1]
            circle = " → ".join(f"{table}.{field}" for table, field in steps)
            own = any(self.fields[step].kind == "formula" for step in steps)  # records speak of their own column
            file = self.assumptions.document.file if own else "equations.py"
            self.problems.append(Problem(file, 0, "order", f"found a circle: {circle}", "no circles", "break it"))

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

    def _check_unknowns(self) -> None:
        """MIN, MAX and comparisons take the text — for a number or skip it: a record's formula may not ask them of it."""
        doubtful: set[Step] = set()
        for step in self.order:
            nodes = [node for place, node in self.formulas.items() if place[:2] == step]
            if any(_doubtful(node, doubtful) for node in nodes):
                doubtful.add(step)
        document = self.assumptions.document
        for place, node in self.formulas.items():
            if len(place) == 3 and any(_doubtful(call, doubtful) for call in _comparing(node)):
                line = document.lines.get((place[0], place[2], place[1]), 0)
                found, allowed = "found a comparison, min or max of what may be not known", "of what is known"
                remedy = "ask for the result itself"
                self.problems.append(
                    Problem(document.file, line, f"{place[0]}.{place[2]}.{place[1]}", found, allowed, remedy)
                )

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


def _doubtful(node: Node, among: set[Step]) -> bool:
    """Whether the value may be 'not known': it says so, or reads a field that may be."""
    return any(isinstance(leaf, Unknown) or not among.isdisjoint(steps_of(leaf)) for leaf in expressions.leaves(node))


def _comparing(node: Node) -> Iterable[Node]:
    if isinstance(node, Call):
        row = expressions.FUNCTIONS[node.function]
        if node.function in ("min", "max") or (row.truth and node.function != "known"):
            yield node
        for arg in node.args:
            yield from _comparing(arg)


def _fixed(leaf: Node, key: str) -> Node:
    """In the formula of one record, the own field is that record's cell."""
    return Cell(leaf.table, leaf.field, key) if isinstance(leaf, Own) else leaf


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
