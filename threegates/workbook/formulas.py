"""The Excel formulas of results, and the addresses that they write."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from threegates.formula import grammar
from threegates.formula.nodes import Node
from threegates.formula.readers import Address, Free, Step
from threegates.formula.references import Cell, Own, Reference, Unknown
from threegates.workbook.layout import ID, Layout, Spot


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
        spot = self.layout.spot(*address)
        return self.layout.text(Spot(spot.sheet, spot.row, ID), self.here, "row")

    def labels(self, table: str) -> str:
        return self.layout.labels(table, self.here)[0]

    def place(self, table: str, key: str) -> str:
        first, own = (self.layout.key_spot(table, each) for each in (self.keys(table)[0], key))
        letter = get_column_letter(own.column)
        return f"ROWS({letter}${first.row}:{letter}{own.row})"

    def _span(self, first: Spot, last: Spot) -> str:
        return self.layout.span(first, last, self.here)


class Formulas:
    """The formulas of a layout, each in the home cell of its result."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._addresses: dict[str, SheetAddresses] = {}

    def of(self, table: str, field: str, key: str) -> str:
        """The Excel formula of a result, words included."""
        layout = self.layout
        here = layout.spot(table, field, key).sheet
        tree = self._home_of(layout.model.formula(table, field, key), key)
        assert tree is not None, (table, field)
        addresses = self._addresses.get(here) or self._addresses.setdefault(here, SheetAddresses(layout, here))

        def address(leaf: Node) -> str:
            assert isinstance(leaf, Reference)
            return leaf.excel(addresses, key)

        text = grammar.excel(tree, address)
        words = layout.model.fields[table, field].words
        if not words:
            return text
        first = layout.words[f"{table}.{field}"]
        span = layout.span(first, first.shift(columns=len(words) - 1), here)
        return f"=INDEX({span},1+{text[1:].removeprefix('--')})"

    def source_of(self, table: str, field: str, key: str) -> Spot:
        """Where a number comes from: the cell itself, or the one that it is a bare link to."""
        layout = self.layout
        tree = None if layout.model.fields[table, field].words else layout.model.formula(table, field, key)
        tree = self._home_of(tree, key)
        if isinstance(tree, Unknown):
            return layout.spots["unknown"]
        if isinstance(tree, Cell | Own):
            return layout.spot(tree.table, tree.field, tree.key if isinstance(tree, Cell) else key)
        return layout.spot(table, field, key)

    def _home_of(self, tree: Node | None, key: str) -> Node | None:
        """A link to a bare link would be a chain: it goes to where the number comes from."""
        while isinstance(tree, Cell | Own):
            at = tree.key if isinstance(tree, Cell) else key
            further = self.layout.model.formula(tree.table, tree.field, at)
            if not isinstance(further, Cell | Own):
                break
            tree = further if isinstance(further, Cell) or at == key else Cell(further.table, further.field, at)
        return tree
