"""What derived tables add to a model: tables, fields, keys, entries and formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from threegates.definition.declare import Field, Table
from threegates.engine.resolve import Address, Step
from threegates.formula.nodes import Node
from threegates.inputs.assumptions import Entry

BASE, PICKED_KEY = "cases_base", "as_picked"  # the picked scenario, with what its results rest on


@dataclass
class Study:
    """What derived tables add to a model."""

    tables: dict[str, Table] = field(default_factory=dict)
    fields: dict[Step, Field] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entries: dict[str, Mapping[str, Entry]] = field(default_factory=dict)
    formulas: dict[Step | Address, Node] = field(default_factory=dict)

    def table(self, table: Table, entries: Mapping[str, Entry]) -> None:
        self.tables[table.id] = replace(table, derived=True)
        self.keys[table.id], self.entries[table.id] = tuple(entries), entries

    def row(self, made: Field, node: Node) -> None:
        """A field with one formula for all its keys."""
        self.fields[made.table, made.id] = made
        self.formulas[made.table, made.id] = node

    def cells(self, made: Field, nodes: Mapping[str, Node]) -> None:
        """A field with a formula for each key."""
        self.fields[made.table, made.id] = made
        self.formulas |= {(made.table, made.id, key): node for key, node in nodes.items()}
