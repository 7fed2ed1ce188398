"""What formulas are made of: names as they are written, and the references that they turn out to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

Free = OneOf["", "row", "column", "both"]


@dataclass(frozen=True)
class Literal:
    """0 or 1: every other constant has a name, a unit and a source."""

    value: int


@dataclass(frozen=True)
class Name:
    """A field of the own table, or a constant."""

    id: str


@dataclass(frozen=True)
class Member:
    """``base.id``: a field of the anchor, of a named record, or of the record that a link points to."""

    base: str
    id: str


@dataclass(frozen=True)
class Item:
    """``base[key]``: the field of the linked record that the choice ``key`` names."""

    base: str
    key: str


@dataclass(frozen=True)
class Call:
    """A function or operator of the table below, and its arguments."""

    function: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class Unknown:
    """The answer "not known": — in a cell, NaN in a table, of any unit."""


@dataclass(frozen=True)
class Cell:
    """A field of one fixed key; ``free`` says which part of its address moves when the formula is copied."""

    table: str
    field: str
    key: str
    free: Free = ""


@dataclass(frozen=True)
class Own:
    """A field of the key that the formula itself belongs to."""

    table: str
    field: str


@dataclass(frozen=True)
class Linked:
    """A field of the record that the own link field ``via`` points to."""

    via: Own
    table: str
    field: str


@dataclass(frozen=True)
class Chosen:
    """That one of ``options`` which the own field ``choice`` names, of the record that ``via`` points to."""

    via: Own
    table: str
    choice: Own
    options: tuple[str, ...]


@dataclass(frozen=True)
class Picked:
    """A field of the scenario that the reader has picked on Summary."""

    field: str


@dataclass(frozen=True)
class Whole:
    """A field of every record of a table, for a function that makes one number of many."""

    table: str
    field: str


@dataclass(frozen=True)
class Others:
    """A field of every record of the own table but the own."""

    table: str
    field: str


@dataclass(frozen=True)
class Same:
    """A field of the record of another table that bears the own key."""

    own: str
    table: str
    field: str


@dataclass(frozen=True)
class Heading:
    """A field of the record of another table that bears the id of the own column."""

    own: str
    column: str
    table: str
    field: str


@dataclass(frozen=True)
class Moved:
    """1 where the own column of a table of cases moves the input whose row this is, else 0."""

    table: str
    field: str


@dataclass(frozen=True)
class Best:
    """That one of ``options`` of a record which stands where a choice stands among ``among``."""

    table: str
    key: str
    options: tuple[str, ...]
    among: tuple[str, ...]
    choice: Cell


@dataclass(frozen=True)
class Rank:
    """The place of the own value in its column, the largest first; of equals the upper comes first."""

    table: str
    field: str


@dataclass(frozen=True)
class Ranked:
    """A field of the record whose rank is the number of the own row; without a field, its label."""

    own: str
    table: str
    rank: str
    field: str = ""


Many = Whole | Others
Placed = Heading | Moved | Best | Rank | Ranked
Reference = Cell | Own | Linked | Chosen | Picked | Same | Many | Placed | Unknown
Node = Literal | Name | Member | Item | Call | Reference
