"""Kinds of reference that only derived tables make: the same key elsewhere, headings, cases, ranks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from threegates.formula import units as known_units
from threegates.formula.functions import Array, Dimension
from threegates.formula.readers import Address, Addresses, Columns, Known, Step, Units
from threegates.formula.references import Cell, OneField, Reference, taken


@dataclass(frozen=True)
class Same(OneField):
    """A field of the record of another table that bears the own key."""

    own: str

    def number(self, columns: Columns) -> Array:
        position = {key: i for i, key in enumerate(columns.keys(self.table))}
        return taken(columns.column(self.step), np.array([position.get(key, -1) for key in columns.keys(self.own)]))

    def excel(self, addresses: Addresses, key: str) -> str:
        found = f"MATCH({addresses.id(self.own, key)},{addresses.ids(*self.step)},0)"
        return f"INDEX({addresses.column(self.step)},{found})"


@dataclass(frozen=True)
class Heading(OneField):
    """A field of the record of another table that bears the id of the own column."""

    own: str
    own_column: str

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:  # noqa: ARG002
        return ((*self.step, self.own_column),)

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return units.declared(self.step, self.own_column)

    def number(self, columns: Columns) -> Array:
        return columns.column(self.step)[columns.keys(self.table).index(self.own_column)]

    def excel(self, addresses: Addresses, key: str) -> str:  # noqa: ARG002
        mine = addresses.head((self.own, self.own_column), "column")
        return f"INDEX({addresses.column(self.step)},MATCH({mine},{addresses.ids(*self.step)},0))"


@dataclass(frozen=True)
class Moves(Reference):
    """1 where the own column of a table of cases moves the input whose row this is, else 0."""

    table: str
    field: str

    def reads(self) -> Iterable[Step]:
        return ()

    def constant(self, key: str) -> int:
        return int(key == self.field)

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:  # noqa: ARG002
        return ()

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return known_units.parse("1")

    def number(self, columns: Columns) -> Array:
        return np.array([float(self.constant(key)) for key in columns.keys(self.table)])

    def excel(self, addresses: Addresses, key: str) -> str:
        head = addresses.id(self.table, key, self.field, "column")
        return f"COUNTIF({head}:{head},{addresses.id_of_row((self.table, self.field, key))})"  # IronCalc wants a range


@dataclass(frozen=True)
class Best(Reference):
    """One of the fields ``options`` of the own key in ``table``: the one at the position that ``choice`` has in ``among``."""

    table: str
    options: tuple[str, ...]
    among: tuple[str, ...]
    choice: Cell

    def reads(self) -> Iterable[Step]:
        return *self.choice.reads(), *((self.table, option) for option in self.options)

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:
        chosen = known.value(*self.choice.step, self.choice.key)
        return ((self.table, self.options[self.among.index(chosen)], key),)

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return units.declared((self.table, self.options[0]), "")

    def number(self, columns: Columns) -> Array:
        return columns.column((self.table, self.options[self.among.index(self.choice.number(columns))]))

    def excel(self, addresses: Addresses, key: str) -> str:
        first, last = (addresses.cell((self.table, self.options[end], key), "row") for end in (0, -1))
        heads = addresses.heads(self.table, self.among[0], self.among[-1])
        return f"INDEX({first}:{last.rpartition('!')[2]},MATCH({self.choice.excel(addresses, key)},{heads},0))"


@dataclass(frozen=True)
class Rank(OneField):
    """The place of the own value in its column, the largest first; of equals the upper comes first."""

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:  # noqa: ARG002
        return tuple((*self.step, each) for each in known.keys(self.table))

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return known_units.parse("1")

    def number(self, columns: Columns) -> Array:
        return 1.0 + np.argsort(np.argsort(-columns.column(self.step), kind="stable"))

    def excel(self, addresses: Addresses, key: str) -> str:
        keys = addresses.keys(self.table)
        letter, line = addresses.corner((*self.step, key))
        top, end = (addresses.corner((*self.step, keys[i]))[1] for i in (0, -1))
        mine, so_far = f"{letter}{line}", f"{letter}${top}:{letter}{line}"
        above = f"SUMPRODUCT(--({letter}${top}:{letter}${end}>{mine}))"
        return f"{above}+SUMPRODUCT(({so_far}>={mine})*({so_far}<={mine}))"


@dataclass(frozen=True)
class Ranked(Reference):
    """A field of the record whose ``rank`` is the number of the own row; without a field, its label."""

    own: str
    table: str
    rank: str
    field: str = ""

    def reads(self) -> Iterable[Step]:
        return (self.table, self.rank), (self.table, self.field or self.rank)

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:  # noqa: ARG002
        return tuple((*step, each) for step in self.reads() for each in known.keys(self.table))

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return units.declared((self.table, self.field or self.rank), "")

    def number(self, columns: Columns) -> Array:
        keys = np.array(columns.keys(self.table), dtype=object)
        values = columns.column((self.table, self.field)) if self.field else keys
        return values[np.argsort(columns.column((self.table, self.rank)))]

    def excel(self, addresses: Addresses, key: str) -> str:
        values = addresses.column((self.table, self.field)) if self.field else addresses.labels(self.table)
        return f"INDEX({values},MATCH({addresses.place(self.own, key)},{addresses.column((self.table, self.rank))},0))"
