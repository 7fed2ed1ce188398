"""Kinds of reference: what a name in a formula can mean. Each class holds all the readings of its kind.

``reads``   the (table, field) pairs that it needs, for the order of computation
``cells``   the addresses that it reads in the formula of one key
``unit``    its unit in the formula of one key
``number``  its values for all keys of the table that the formula belongs to
``excel``   its text in the formula of one key

A kind that lacks a reading fails when it is defined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from threegates.formula.functions import ANY, Array, Dimension
from threegates.formula.readers import Address, Addresses, Columns, Free, Known, Step, Units

READINGS = ("reads", "cells", "unit", "number", "excel")


class Reference:
    """The base of all kinds."""

    many: ClassVar[bool] = False  # a column of values, for a function that makes one number of many

    def __init_subclass__(cls) -> None:
        missing = [reading for reading in READINGS if getattr(cls, reading) is getattr(Reference, reading)]
        if missing:
            raise TypeError(f"the reference {cls.__name__} lacks {', '.join(missing)}")

    def reads(self) -> Iterable[Step]:
        raise NotImplementedError

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:
        raise NotImplementedError

    def unit(self, units: Units, key: str) -> Dimension:
        raise NotImplementedError

    def number(self, columns: Columns) -> Array:
        raise NotImplementedError

    def excel(self, addresses: Addresses, key: str) -> str:
        raise NotImplementedError

    def constant(self, key: str) -> int | None:  # noqa: ARG002  # one kind needs the key
        """0 or 1 where the reference is that in the formula of ``key``, whatever the inputs; otherwise None."""
        return None

    def at(self, key: str) -> Reference:  # noqa: ARG002  # one kind needs the key
        """The same reference in a formula that belongs to one key alone."""
        return self


@dataclass(frozen=True)
class Unknown(Reference):
    """The answer "not known": — in a cell, NaN in a table, of any unit."""

    def reads(self) -> Iterable[Step]:
        return ()

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:  # noqa: ARG002  # as all kinds
        return ()

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return ANY

    def number(self, columns: Columns) -> Array:  # noqa: ARG002
        return np.nan

    def excel(self, addresses: Addresses, key: str) -> str:  # noqa: ARG002
        return addresses.unknown


@dataclass(frozen=True)
class OneField(Reference):
    """What the kinds that read one field of a table share."""

    table: str
    field: str

    @property
    def step(self) -> Step:
        return self.table, self.field

    def reads(self) -> Iterable[Step]:
        return (self.step,)

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:  # noqa: ARG002
        return ((*self.step, key),)

    def unit(self, units: Units, key: str) -> Dimension:
        return units.declared(self.step, key)

    def number(self, columns: Columns) -> Array:
        return columns.column(self.step)

    def excel(self, addresses: Addresses, key: str) -> str:
        return addresses.cell((*self.step, key), "both")


@dataclass(frozen=True)
class Own(OneField):
    """A field of the key that the formula itself belongs to."""

    def at(self, key: str) -> Reference:
        return Cell(self.table, self.field, key)


@dataclass(frozen=True)
class Beside(OneField):
    """A field of the own key in another table that has the same keys in the same order, by its plain address."""

    free: Free = "row"

    def excel(self, addresses: Addresses, key: str) -> str:
        return addresses.cell((*self.step, key), self.free)


@dataclass(frozen=True)
class Cell(OneField):
    """A field of one fixed key; ``free`` says which part of its address moves when the formula is copied."""

    key: str
    free: Free = ""

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:  # noqa: ARG002
        return ((*self.step, self.key),)

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return units.declared(self.step, self.key)

    def number(self, columns: Columns) -> Array:
        return columns.column(self.step)[columns.keys(self.table).index(self.key)]

    def excel(self, addresses: Addresses, key: str) -> str:  # noqa: ARG002
        return addresses.cell((*self.step, self.key), self.free)


@dataclass(frozen=True)
class Picked(OneField):
    """A field of the scenario that the reader has picked."""

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:  # noqa: ARG002
        return ((*self.step, known.picked),)

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return units.declared(self.step, "")

    def number(self, columns: Columns) -> Array:
        return columns.column(self.step)[columns.keys(self.table).index(columns.picked)]

    def excel(self, addresses: Addresses, key: str) -> str:  # noqa: ARG002
        found = f"MATCH({addresses.picker},{addresses.ids(*self.step)},0)"
        return f"INDEX({addresses.column(self.step)},{found})"


@dataclass(frozen=True)
class Linked(OneField):
    """A field of the record that the own link field ``via`` points to."""

    via: Own

    def reads(self) -> Iterable[Step]:
        return self.via.step, self.step

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:
        linked = known.value(*self.via.step, key)
        return ((*self.step, linked),) if linked else ()

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return units.declared(self.step, "")

    def number(self, columns: Columns) -> Array:
        return taken(columns.column(self.step), columns.positions(self.via.step, columns.keys(self.table)))

    def excel(self, addresses: Addresses, key: str) -> str:
        return f"INDEX({addresses.column(self.step)},{_match(addresses, self.via, self.table, key)})"


@dataclass(frozen=True)
class Chosen(Reference):
    """One of the fields ``options``, the one that the own field ``choice`` names, of the record that ``via`` points to."""

    via: Own
    table: str
    choice: Own
    options: tuple[str, ...]

    def reads(self) -> Iterable[Step]:
        return self.via.step, self.choice.step, *((self.table, option) for option in self.options)

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:
        linked, chosen = (known.value(*own.step, key) for own in (self.via, self.choice))
        return ((self.table, chosen, linked),)

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return units.declared((self.table, self.options[0]), "")

    def number(self, columns: Columns) -> Array:
        grid = np.array([columns.column((self.table, option)) for option in self.options])
        rows = columns.positions(self.choice.step, self.options)
        found = columns.positions(self.via.step, columns.keys(self.table))
        return np.where((rows < 0) | (found < 0), np.nan, grid[rows, found])

    def excel(self, addresses: Addresses, key: str) -> str:
        ends = self.options[0], self.options[-1]
        heads = f"MATCH({self.choice.excel(addresses, key)},{addresses.heads(self.table, *ends)},0)"
        return f"INDEX({addresses.grid(self.table, *ends)},{_match(addresses, self.via, self.table, key)},{heads})"


@dataclass(frozen=True)
class Whole(OneField):
    """A field of every record of a table."""

    many: ClassVar[bool] = True

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:  # noqa: ARG002
        return tuple((*self.step, each) for each in known.keys(self.table))

    def unit(self, units: Units, key: str) -> Dimension:  # noqa: ARG002
        return units.declared(self.step, "")

    def number(self, columns: Columns) -> Array:
        return columns.without_blanks(self.step)

    def excel(self, addresses: Addresses, key: str) -> str:  # noqa: ARG002
        return addresses.column(self.step)


@dataclass(frozen=True)
class Others(Whole):
    """A field of every record of the own table but the own."""

    def cells(self, known: Known, key: str) -> tuple[Address, ...]:
        return tuple((*self.step, each) for each in known.keys(self.table) if each != key)

    def number(self, columns: Columns) -> Array:
        values = columns.without_blanks(self.step)
        return np.array([np.delete(values, position) for position in range(len(values))])

    def excel(self, addresses: Addresses, key: str) -> str:
        """The column above and below; a text stands above the first record, and nothing below the last."""
        keys = addresses.keys(self.table)
        letter, own = addresses.corner((*self.step, key))
        first, last = (addresses.corner((*self.step, keys[end]))[1] for end in (0, -1))
        return f"{letter}${first - 1}:{letter}{own - 1},{letter}{own + 1}:{letter}${last + 1}"


def taken(values: Array, positions: Array) -> Array:
    """The values at the positions; NaN where a position is -1."""
    return np.where(positions < 0, np.nan, values[positions] if len(values) else np.nan)


def _match(addresses: Addresses, via: Own, table: str, key: str) -> str:
    return f"MATCH({via.excel(addresses, key)},{addresses.ids(table)},0)"
