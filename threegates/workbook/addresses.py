"""The addresses that the formulas of one sheet write: what the readings of references ask of the layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from threegates.formula.readers import Address, Free, Step

if TYPE_CHECKING:
    from threegates.workbook.layout import Layout, Spot


class SheetAddresses:
    """Addresses as formulas on the sheet ``here`` write them. A range of many formulas is spelled once."""

    def __init__(self, layout: Layout, here: str) -> None:
        self.layout, self.here = layout, here
        self.picker = layout.text(layout.spots["picker"], here) if "picker" in layout.spots else ""
        self.unknown = layout.text(layout.spots["unknown"], here)
        self._columns: dict[Step, str] = {}
        self._ids: dict[tuple[str, str], str] = {}

    def keys(self, table: str) -> tuple[str, ...]:
        return self.layout.model.keys[table]

    def cell(self, address: Address, free: Free = "") -> str:
        return self.layout.text(self.layout.spot(*address), self.here, free)

    def corner(self, address: Address) -> tuple[str, int]:
        spot = self.layout.spot(*address)
        return get_column_letter(spot.column), spot.row

    def column(self, step: Step) -> str:
        if step not in self._columns:
            keys = self.keys(step[0])
            self._columns[step] = self._span(self.layout.spot(*step, keys[0]), self.layout.spot(*step, keys[-1]))
        return self._columns[step]

    def grid(self, table: str, first: str, last: str) -> str:
        keys = self.keys(table)
        return self._span(self.layout.spot(table, first, keys[0]), self.layout.spot(table, last, keys[-1]))

    def ids(self, table: str, field: str = "") -> str:
        if (table, field) not in self._ids:
            first, last = (self.layout.key_spot(table, self.keys(table)[end], field) for end in (0, -1))
            self._ids[table, field] = self._span(first, last)
        return self._ids[table, field]

    def id(self, table: str, key: str, field: str = "", free: Free = "both") -> str:
        return self.layout.text(self.layout.key_spot(table, key, field), self.here, free)

    def head(self, step: Step, free: Free) -> str:
        return self.layout.text(self.layout.head_spot(*step), self.here, free)

    def heads(self, table: str, first: str, last: str) -> str:
        return self._span(self.layout.head_spot(table, first), self.layout.head_spot(table, last))

    def id_of_row(self, address: Address) -> str:
        return self.layout.text(self.layout.id_spot(self.layout.spot(*address)), self.here, "row")

    def labels(self, table: str) -> str:
        return self.layout.labels(table, self.here)[0]

    def place(self, table: str, key: str) -> str:
        first, own = (self.layout.key_spot(table, each) for each in (self.keys(table)[0], key))
        letter = get_column_letter(own.column)
        return f"ROWS({letter}${first.row}:{letter}{own.row})"

    def _span(self, first: Spot, last: Spot) -> str:
        return self.layout.span(first, last, self.here)
