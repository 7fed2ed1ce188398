"""Puts derived tables into a resolver: tables, their keys, and fields with formulas whose names are bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from threegates.definition.declare import Field, Table
from threegates.engine.resolve import Refusal, Resolver
from threegates.formula import grammar
from threegates.formula.nodes import Literal, Node
from threegates.formula.references import Reference
from threegates.inputs.assumptions import Entry
from threegates.problems import InternalError

WORDS = ("same", "rank", "ranked", "moves", "best")  # of formulas of derived tables; each is bound where it is used
Bound = Mapping[str, Node]  # the text of a name → what it means


class DerivedTables(Resolver):
    """A resolver that takes in derived tables one after the other; their fields are computed in the same order."""

    def table(self, table: Table, entries: Mapping[str, Entry]) -> None:
        """A table with its keys; ``entries`` may name the unit and the format of each record."""
        self.tables[table.id] = replace(table, derived=True)
        self.ids[table.id], self.entries[table.id] = tuple(entries), entries

    def row(self, field: Field, bound: Bound) -> None:
        """A field with one formula for all keys of its table: its text, in which ``bound`` gives names a meaning."""
        self.rebound(field, self.resolved(field, field.formula, bound))

    def single(self, field: Field, text: str, meaning: Reference) -> None:
        """A field whose formula is a single name, with what that name means."""
        self.row(replace(field, formula=text), {text: meaning})

    def rebound(self, field: Field, tree: Node) -> None:
        """A field whose text has been resolved already, and some of its references then exchanged for others."""
        self._declare(field)
        self.formulas[field.table, field.id] = tree

    def cells(self, field: Field, trees: Mapping[str, Node]) -> None:
        """Formulas of single keys; they go before that of the row, where the field has one."""
        self._declare(field)
        self.formulas |= {(field.table, field.id, key): tree for key, tree in trees.items()}

    def _declare(self, field: Field) -> None:
        if (field.table, field.id) not in self.fields:
            self.fields[field.table, field.id] = field
            self.order.append((field.table, field.id))
            self._known_fields.pop(field.table, None)

    def resolved(self, field: Field, text: str, bound: Bound) -> Node:
        """The tree of ``text`` in the place of ``field``: bound names first, then what its table can read."""

        def meaning(leaf: Node) -> Node:
            if isinstance(leaf, Literal | Reference):
                return leaf
            found = bound.get(grammar.plain(leaf)) or self.meaning(field, leaf)
            if isinstance(found, Refusal):
                raise InternalError(f"{field.table}.{field.id} = {text}: {found.found}")
            return found

        return grammar.transform(grammar.parse(text, WORDS), meaning)
