"""What a formula is made of as it is written: literals, names and calls. References take the place of the names."""

from __future__ import annotations

from dataclasses import dataclass

from threegates.formula.references import Reference


@dataclass(frozen=True)
class Literal:
    """0 or 1: every other constant has a name, a unit and a source."""

    value: int


@dataclass(frozen=True)
class Name:
    """``id``: a field of the own table, or a constant."""

    id: str


@dataclass(frozen=True)
class Member:
    """``base.id``: a field of the anchor, of a named record, of a whole column, or of the record that a link points to."""

    base: str
    id: str


@dataclass(frozen=True)
class Item:
    """``base[key]``: the field of the linked record that the choice ``key`` names."""

    base: str
    key: str


@dataclass(frozen=True)
class Call:
    """A function or operator, and its arguments."""

    function: str
    args: tuple[Node, ...]


Node = Literal | Name | Member | Item | Call | Reference


def of_one_key(leaf: Node, key: str) -> Node:
    """What a leaf is in a formula that belongs to one key alone."""
    return leaf.at(key) if isinstance(leaf, Reference) else leaf
