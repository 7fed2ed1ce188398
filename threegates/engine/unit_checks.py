"""What resolved formulas must keep: units agree with those declared, and nothing compares what may be not known."""

from __future__ import annotations

from collections.abc import Iterable

from threegates.definition.declare import PER_RECORD, Field
from threegates.engine.resolve import Resolver
from threegates.formula import grammar, units
from threegates.formula.functions import AnyUnit
from threegates.formula.nodes import Call, Literal, Node
from threegates.formula.readers import Address, Step
from threegates.formula.references import Cell, Reference, Unknown


def check(resolver: Resolver) -> None:
    """Notes in ``resolver`` every formula that does not keep them; asked only of formulas that are otherwise right."""
    if not resolver.problems:
        check_units(resolver, resolver.formulas)
    if not resolver.problems and not resolver.assumptions.problems:
        _check_unknowns(resolver)


def check_derived(resolver: Resolver) -> None:
    """Notes the formulas of derived tables whose units do not agree."""
    check_units(resolver, [place for place in resolver.formulas if resolver.tables[place[0]].derived])


def check_units(resolver: Resolver, places: Iterable[Step | Address]) -> None:
    """Compares the unit of each formula with the one that its field or record declares.

    One key of a row speaks for all, unless the units of records or the case of the key make a difference.
    """
    for place in places:
        tree, field = resolver.formulas[place], resolver.fields[place[0], place[1]]
        if field.is_number:
            keys = [key for key in resolver.ids[field.table] if (*place[:2], key) not in resolver.formulas]
            for key in place[2:] or keys if _differs(resolver, field, tree) else (place[2:] or keys[:1]):
                _check_unit(resolver, field, key, tree)


def _differs(resolver: Resolver, field: Field, tree: Node) -> bool:
    references = list(grammar.references(tree))
    own = [leaf for leaf in references if not isinstance(leaf, Cell)]  # a cell of one key has the same unit for all
    steps = [(field.table, field.id), *(step for leaf in own for step in leaf.reads())]
    return any(resolver.fields[step].unit == PER_RECORD for step in steps) or any(
        leaf.constant("") is not None for leaf in references
    )


def _check_unit(resolver: Resolver, field: Field, key: str, tree: Node) -> None:
    def of_key(leaf: Node) -> Node:
        value = leaf.constant(key) if isinstance(leaf, Reference) else None
        return leaf if value is None else Literal(value)

    declared = resolver.declared((field.table, field.id), key)
    try:
        folded = grammar.fold(grammar.transform(tree, of_key))
        computed = grammar.unit(folded, lambda leaf: leaf.unit(resolver, key))
    except units.UnitProblem as problem:
        _refuse(resolver, field, key, tree, f"found units that do not fit: {problem}", "equal units")
        return
    if isinstance(computed, AnyUnit) or isinstance(declared, AnyUnit) or units.equal(computed, declared):
        return
    found, allowed = units.spell(computed), units.spell(declared)
    _refuse(resolver, field, key, tree, f"found the unit {found}", f"{allowed}, as declared")


def _refuse(resolver: Resolver, field: Field, key: str, tree: Node, found: str, allowed: str) -> None:
    """At the record whose formula it is; else at a record that the equation reads, for its unit stands in the YAML."""
    if resolver.tables[field.table].derived:
        resolver.refuse_equation(field, found, allowed, "mend one of them")
        return
    if field.kind == "formula":
        resolver.refuse((field.table, key, field.id), found, allowed, "mend one of them")
        return
    for leaf in grammar.references(tree):
        for table, name in leaf.reads():
            if resolver.fields[table, name].unit == PER_RECORD:
                record = leaf.key if isinstance(leaf, Cell) else key
                found = f"in the equation {field.id}, which reads {record}, {found}"
                resolver.refuse((table, record, "unit"), found, allowed, "mend the unit or the equation")
                return
    resolver.refuse_equation(field, found, allowed, "mend one of them")


def _check_unknowns(resolver: Resolver) -> None:
    """MIN, MAX and comparisons take the text — for a number or skip it: a record's formula may not ask them of it."""
    doubtful: set[Step] = set()
    for step in resolver.order:
        trees = [tree for place, tree in resolver.formulas.items() if place[:2] == step]
        if any(_may_be_unknown(tree, doubtful) for tree in trees):
            doubtful.add(step)
    for place, tree in resolver.formulas.items():
        if len(place) == 3 and any(_may_be_unknown(call, doubtful) for call in _comparing(tree)):
            found, allowed = "found a comparison, min or max of what may be not known", "of what is known"
            resolver.refuse((place[0], place[2], place[1]), found, allowed, "ask for the result itself")


def _may_be_unknown(tree: Node, doubtful: set[Step]) -> bool:
    """Whether the value may be 'not known': it says so, or reads a field that may be."""
    return any(isinstance(leaf, Unknown) or not doubtful.isdisjoint(leaf.reads()) for leaf in grammar.references(tree))


def _comparing(tree: Node) -> Iterable[Node]:
    if isinstance(tree, Call):
        row = grammar.FUNCTIONS[tree.function]
        if tree.function in ("min", "max") or (row.truth and tree.function != "known"):
            yield tree
        for arg in tree.args:
            yield from _comparing(arg)
