"""What the readings of a reference ask of those who read: the model, the units, the columns, the addresses."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from threegates.formula.functions import Array, Dimension

Step = tuple[str, str]  # (table, field)
Address = tuple[str, str, str]  # (table, field, key)
Free = Literal["", "row", "column", "both"]  # which parts of an address move when the formula is copied


class Known(Protocol):
    """What ``cells`` asks: the keys of a table, the picked scenario, and the value of a link or choice."""

    picked: str

    def keys(self, table: str) -> tuple[str, ...]: ...
    def value(self, table: str, field: str, key: str) -> Any: ...


class Units(Protocol):
    """What ``unit`` asks: the unit that a field declares, or that the record of ``key`` names."""

    def declared(self, step: Step, key: str) -> Dimension: ...


class Columns(Protocol):
    """What ``number`` asks: columns of values, one for each key of a table."""

    picked: str

    def keys(self, table: str) -> tuple[str, ...]: ...
    def column(self, step: Step) -> Array: ...
    def without_blanks(self, step: Step) -> Array: ...
    def positions(self, own: Step, among: tuple[str, ...]) -> Array: ...


class Addresses(Protocol):
    """What ``excel`` asks: addresses as a formula on the sheet in question writes them."""

    picker: str
    unknown: str

    def keys(self, table: str) -> tuple[str, ...]: ...
    def cell(self, address: Address, free: Free = "") -> str: ...
    def corner(self, address: Address) -> tuple[str, int]: ...  # the letter of its column, and its row
    def column(self, step: Step) -> str: ...  # the cells of all keys
    def grid(self, table: str, first: str, last: str) -> str: ...  # the cells of all keys, from field to field
    def ids(self, table: str, field: str = "") -> str: ...  # the ids of all keys
    def id(self, table: str, key: str, field: str = "", free: Free = "both") -> str: ...
    def head(self, step: Step, free: Free) -> str: ...  # the id above a column of records
    def heads(self, table: str, first: str, last: str) -> str: ...
    def id_of_row(self, address: Address) -> str: ...
    def labels(self, table: str) -> str: ...  # the labels of all keys
    def place(self, table: str, key: str) -> str: ...  # the number of a record's row: 1, 2, 3 …
