"""Every formula resolved: what its names mean, and in which order fields can be computed."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

from threegates.definition.declare import HIGH, LOW, PER_RECORD, SCENARIOS, Field, Table
from threegates.formula import grammar, units
from threegates.formula.functions import ANY, Dimension
from threegates.formula.nodes import Call, Item, Member, Name, Node, of_one_key
from threegates.formula.readers import Address, Step
from threegates.formula.references import Cell, Chosen, Linked, Others, Own, Picked, Reference, Unknown, Whole
from threegates.inputs.assumptions import CONSTANTS, DEFAULTS, OTHERS, PICKED, ROLES, Assumptions
from threegates.inputs.document import Place
from threegates.problems import Problem, nearest

EQUATIONS = "equations"  # where the model's own formulas stand


class Refusal(NamedTuple):
    """Why a name means nothing: the words of a problem, and where in the YAML an equation of the model reads it."""

    found: str
    allowed: str
    remedy: str = ""
    read: Place = ()


class Resolver:
    """Resolves every formula, notes problems, and finds the order in which fields can be computed."""

    def __init__(
        self,
        assumptions: Assumptions,
        fields: Mapping[Step, Field],
        tables: Mapping[str, Table],
        constants_said: Iterable[str] = (),
    ) -> None:
        self.constants_said = constants_said
        self.assumptions, self.data = assumptions, assumptions.data
        self.fields = dict(fields)
        self.tables = dict(tables)
        self.ids = dict(assumptions.ids)
        self.entries = dict(assumptions.entries)
        self.formulas: dict[Step | Address, Node] = {}
        self.order: list[Step] = []
        self.problems: list[Problem] = []
        self._known_fields: dict[str, Mapping[str, Field]] = {}
        self.incomplete = False  # a record that the equations read is missing: what is read cannot be told
        report = assumptions.report
        named = {role: (table, getattr(report, role)) for role, table in ROLES.items()}
        self.roles = {role: (table, key) for role, (table, key) in named.items() if key is not None}

    def resolve(self) -> None:
        for step, field in self.fields.items():
            if field.formula:
                node = self._parse(field, field.formula)
                if node is not None:
                    self.formulas[step] = node
            elif field.kind == "formula":
                self._resolve_records(field)
        self._sort()
        self._find_unused()

    def _resolve_records(self, field: Field) -> None:
        """A formula that each record gives for itself; one that gives none has the answer 'not known'."""
        for key in self.ids[field.table]:
            datum = self.data.get((field.table, field.id, key))
            if datum is None and field.fallback:
                datum = self.data.get((field.table, field.fallback, key))
            path = (field.table, key, field.id)
            node = self._parse(field, datum.value, path) if datum else Unknown()
            if node is not None:
                self.formulas[field.table, field.id, key] = grammar.transform(node, partial(of_one_key, key=key))
            if field.fallback and datum and (field.table, field.fallback, key) not in self.data:
                self._refuse_alone(path, field.fallback)
            if field.together and datum and (field.table, field.together, key) not in self.data:
                self._refuse_alone(path, field.together)

    def refuse(self, path: Place, found: str, allowed: str, remedy: str = "") -> None:
        """Notes a problem in the YAML."""
        self.problems.append(self.assumptions.document.problem(path, found, allowed, remedy))

    def _refuse_alone(self, path: Place, missing: str) -> None:
        self.refuse(path, f"found {path[-1]} without {missing}", "both", f"add {missing}:")

    def refuse_equation(self, field: Field, found: str, allowed: str, remedy: str) -> None:
        """Notes a problem of the model's own."""
        self.problems.append(Problem(EQUATIONS, 0, f"equations.{field.id}", found, allowed, remedy))

    def _parse(self, field: Field, text: str, path: Place = ()) -> Node | None:
        """The resolved tree of a formula of the YAML at ``path``, or of the model."""
        try:
            tree = grammar.parse(text)
        except grammar.GrammarProblem as problem:
            if not path:  # the YAML's own are reported where they are read
                self.refuse_equation(field, str(problem), "", "")
            return None
        refusals: list[Refusal] = []

        def change(leaf: Node) -> Node:
            found = self.meaning(field, leaf)
            if isinstance(found, Refusal):
                refusals.append(found)
                return Unknown()
            return found

        resolved = grammar.transform(tree, change)
        if not refusals and _misplaced(resolved):
            found, allowed = (
                "found a whole column where one number is wanted",
                "columns in largest, smallest, median and count",
            )
            refusals.append(Refusal(found, allowed))
        for refusal in refusals:
            self._refuse_leaf(field, path, refusal)
        return None if refusals else resolved

    def _refuse_leaf(self, field: Field, path: Place, refusal: Refusal) -> None:
        """At the formula of the YAML, or at what an equation of the model reads there, or at the equation."""
        found, allowed, remedy, read = refusal
        if path:
            self.refuse(path, found, allowed, remedy)
        elif read:
            self.refuse(read, f"in the equation {field.id}, {found}", allowed, remedy)
        else:
            self.refuse_equation(field, found, allowed, remedy)

    def meaning(self, field: Field, leaf: Node) -> Node | Refusal:
        """The reference that a name means, or the words of a problem."""
        match leaf:
            case Name(id=name):
                if name in self._readable(field.table):
                    return Own(field.table, name)
                for table in self.tables.values():
                    if table.main and name in self.ids[table.id]:
                        return Cell(table.id, table.main, name)
                if not self.ids[CONSTANTS]:
                    return Unknown()  # the section is wrong, and has been reported
                known = [*self._readable(field.table), *self.ids[CONSTANTS]]
                remedy = nearest(name, known) or "add it to constants:, or mend the formula"
                allowed = "an input, an equation or a constant"
                return Refusal(f"found the unknown name {name}", allowed, remedy, (CONSTANTS,))
            case Member(base=base, id=name):
                return self._resolve_member(field, base, name)
            case Item(base=base, key=key):
                return self._resolve_item(field, base, key)
        return leaf

    def declared(self, step: Step, key: str) -> Dimension:
        """The unit that a field declares, or that the record of ``key`` names."""
        field, entry = self.fields[step], self.entries[step[0]].get(key)
        unit = field.unit if field.unit != PER_RECORD else entry.unit if entry else ""
        return units.parse(unit) if unit else ANY

    def _readable(self, table: str) -> Mapping[str, Field]:
        """The fields that a formula may read: numbers, whose cells hold no words."""
        if table not in self._known_fields:
            own = (field for field in self.fields.values() if field.table == table)
            self._known_fields[table] = {field.id: field for field in own if field.is_number and not field.words}
        return self._known_fields[table]

    def _own(self, field: Field, name: str, kind: str) -> Field | None:
        """The link or choice of that name in the table of ``field``."""
        found = self.fields.get((field.table, name))
        return found if found and found.kind == kind else None

    def _linked(self, field: Field, name: str) -> str:
        """The table whose records the link or choice of that name, in the table of ``field``, points to."""
        found = self.fields.get((field.table, name))
        if found is None:
            return ""
        return found.target[0] if found.kind == "link" else found.records

    def _resolve_member(self, field: Field, base: str, name: str) -> Node | Refusal:
        """A field of the picked scenario, of a whole column, of the linked record, or of one that is named."""
        linked = self._linked(field, base)
        if base == PICKED:
            readable = self._readable(SCENARIOS)
            if name in readable:
                return Picked(SCENARIOS, name)
            return Refusal(f"found the unknown field {base}.{name}", "a number of a scenario", nearest(name, readable))
        if base in self.tables or base == OTHERS:
            return self._resolve_column(field, base, name)
        if linked:
            table, key = linked, ""
        elif base in self.roles:
            table, key = self.roles[base]
        elif base in ROLES:
            return Unknown()  # the report is wrong, and has been reported
        else:
            named = {name: table.id for table in self.tables.values() if table.is_named for name in self.ids[table.id]}
            if any(base in other.calls for other in self.tables.values()) and base not in named:
                self.incomplete = True
                return Unknown()  # the record is missing, and has been reported
            if base not in named:
                allowed = "anchor, a scenario, a claim or another named record"
                return Refusal(f"found the unknown record {base}", allowed, nearest(base, [*self.roles, *named]))
            table, key = named[base], base
        names = self._readable(table)
        if name not in names:
            return Refusal(f"found the unknown field {base}.{name}", f"a number of {table}", nearest(name, names))
        known = self.fields[table, name]
        blank = key in self.entries[table] and (table, name, key) not in self.data
        if not linked and known.is_input and known.optional and blank:
            remedy = f"add {name}: to {table}.{key}"
            return Refusal(f"found {base}.{name}, which is blank", "a number that is given", remedy, (table, key))
        return Linked(table, name, Own(field.table, base)) if linked else Cell(table, name, key)

    def _resolve_column(self, field: Field, base: str, name: str) -> Node | Refusal:
        """A field of every record of a table, or of all others of the own one."""
        table = field.table if base == OTHERS else base
        readable = self._readable(table)
        if not self.ids[table] and base != OTHERS and field.table != table:
            remedy = f"add the section {table}:"
            return Refusal(f"found a column of {table}, which has no records", "records", remedy, (table,))
        if name in readable:
            return Others(table, name) if base == OTHERS else Whole(table, name)
        return Refusal(f"found the unknown field {base}.{name}", f"a number of {table}", nearest(name, readable))

    def _resolve_item(self, field: Field, base: str, key: str) -> Node | Refusal:
        link, choice = self._own(field, base, "link"), self._own(field, key, "choice")
        if link is None or choice is None:
            return Refusal(f"found {base}[{key}]", "a link and a choice, as in chip[precision]")
        return Chosen(Own(field.table, base), link.target[0], Own(field.table, key), choice.target)

    def _needs(self) -> dict[Step, set[Step]]:
        needs: dict[Step, set[Step]] = {step: set() for step in self.fields}
        for place, node in self.formulas.items():
            for leaf in grammar.references(node):
                needs[place[0], place[1]].update(leaf.reads())
        return needs

    def _sort(self) -> None:
        try:
            self.order = list(graphlib.TopologicalSorter(self._needs()).static_order())
        except graphlib.CycleError as error:
            steps = error.args[1]
            circle = " → ".join(f"{table}.{field}" for table, field in steps)
            own = [
                place
                for place, node in self.formulas.items()
                if len(place) == 3 and any(step in steps for leaf in grammar.references(node) for step in leaf.reads())
            ]
            if own:  # records speak of their own column
                self.refuse((own[0][0], own[0][-1], own[0][1]), f"found a circle: {circle}", "no circles", "break it")
            else:
                self.refuse_equation(self.fields[steps[0]], f"found a circle: {circle}", "no circles", "break it")

    def _find_unused(self) -> None:
        """A scenario input or constant that nothing reads would mislead; facts of a record may stand for themselves.

        What a record links to is read by it.
        """
        read: set[tuple[str, ...]] = {(CONSTANTS, name) for name in self.constants_said}
        links = {step: field.target[0] for step, field in self.fields.items() if field.kind == "link"}
        read |= {(links[place[:2]], datum.value) for place, datum in self.data.items() if place[:2] in links}
        for node in self.formulas.values():
            for leaf in grammar.references(node):
                read.update(leaf.reads())
                if isinstance(leaf, Cell):
                    read.add((leaf.table, leaf.key))
        if self.problems or self.incomplete or self.assumptions.problems:
            read |= self._mentioned()  # what is wrong elsewhere may be why nothing reads it
        if self.incomplete:
            return
        for (table, name), field in self.fields.items():
            if table == SCENARIOS and field.is_input and not name.endswith((LOW, HIGH)) and (table, name) not in read:
                path = (DEFAULTS, name)
                self.refuse(path, "found an input that no equation reads", "used inputs", "delete it")
        for own in (own for own in self.tables.values() if own.main):
            for place in ((own.id, key) for key in self.ids[own.id]):
                if place not in read and place not in self.assumptions.document.included:
                    self.refuse(place, f"found a {own.prefix} that no equation reads", f"{own.id} in use", "delete it")

    def _mentioned(self) -> set[tuple[str, ...]]:
        """The named records whose names stand anywhere in the values of the YAML, and all inputs of scenarios."""
        words = self.assumptions.document.words()
        named = {(own.id, key) for own in self.tables.values() if own.main for key in self.ids[own.id] if key in words}
        return named | {step for step in self.fields if step[0] == SCENARIOS}


def _misplaced(node: Node, inside: bool = False) -> bool:
    """Whether a column stands where a number should, or a number where a column should."""
    if isinstance(node, Call):
        many = grammar.FUNCTIONS[node.function].many
        return any(_misplaced(arg, many) for arg in node.args) or (many and not all(map(_is_column, node.args)))
    return _is_column(node) and not inside


def _is_column(node: Node) -> bool:
    return isinstance(node, Reference) and node.many
