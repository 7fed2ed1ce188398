"""Random edits over sheets that were sorted, moved, copied, inserted into and renamed: none lands under another name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import how_many
from threegates.engine import evaluate
from threegates.formula.readers import Address
from threegates.lint.book import Position
from threegates.returned import changes, read_workbook
from threegates.returned.locate import Locator
from threegates.returned.read_workbook import CellContent, ReturnedWorkbook
from threegates.workbook.layout import Block, Layout

AT_ONCE = 10  # edits of one reader
Place = tuple[int, int]


class Hands:
    """A workbook in the hands of somebody who does to it what spreadsheet programs do; marks move as names do."""

    def __init__(self, book: ReturnedWorkbook, placed: Layout) -> None:
        self.book, self.placed = book, placed
        self.sheets = {title: dict(cells) for title, cells in book.sheets.items()}
        self.names = dict(book.names)
        self.blocks = [b for b in placed.blocks if not b.view and any(field.is_input for field in b.fields)]
        for number, block in enumerate(self.blocks):
            title, last = placed.sheet_name(block.sheet), block.spot(-1, -1)
            self.names[f"head {number}"] = Position(title, block.heading, block.first.column)
            self.names[f"first {number}"] = Position(title, block.first.row, block.first.column)
            self.names[f"last {number}"] = Position(title, block.first.row + block.rows - 1, block.first.column + block.columns - 1)  # fmt: skip
            assert last

    def move(self, title: str, to: Callable[[Place], Place], with_names: bool) -> None:
        """Moves every cell of a sheet; names go along, unless it is a sort."""
        self.sheets[title] = {to(place): cell for place, cell in self.sheets[title].items()}
        if with_names:
            for name, at in self.names.items():
                if at.sheet == title:
                    self.names[name] = Position(title, *to((at.row, at.column)))

    def sort(self, number: int, rows: bool, draw: st.DataObject) -> None:
        head, first, last = (self.names[f"{word} {number}"] for word in ("head", "first", "last"))
        axis = 0 if rows else 1
        lines = range(first[1 + axis], last[1 + axis] + 1)
        across = range(1, last.column + 5) if rows else range(head.row, last.row + 1)
        order = dict(zip(lines, draw.draw(st.permutations(lines)), strict=True))

        def to(place: Place) -> Place:
            line, other = place[axis], place[1 - axis]
            moved = order[line] if line in order and other in across else line
            return (moved, other) if rows else (other, moved)

        self.move(first.sheet, to, with_names=False)

    def insert(self, number: int, rows: bool, draw: st.DataObject) -> None:
        last = self.names[f"last {number}"]
        axis = 0 if rows else 1
        at, count = draw.draw(st.integers(1, last[1 + axis])), draw.draw(st.integers(1, 3))

        def to(place: Place) -> Place:
            line = place[axis] + (count if place[axis] >= at else 0)
            return (line, place[1]) if rows else (place[0], line)

        self.move(last.sheet, to, with_names=True)

    def copy_line(self, number: int, rows: bool, draw: st.DataObject) -> None:
        """A row is inserted below another and filled with what that holds; or a column."""
        first, last = self.names[f"first {number}"], self.names[f"last {number}"]
        axis = 0 if rows else 1
        line = draw.draw(st.integers(first[1 + axis], last[1 + axis]))
        to = lambda place: tuple(p + (i == axis and p > line) for i, p in enumerate(place))  # noqa: E731
        self.move(first.sheet, to, with_names=True)
        cells = self.sheets[first.sheet]
        copied = {place: cell for place, cell in cells.items() if place[axis] == line}
        cells.update({tuple(p + (i == axis) for i, p in enumerate(place)): cell for place, cell in copied.items()})

    def rename(self, number: int, _rows: bool, _draw: st.DataObject) -> None:
        old = self.names[f"first {number}"].sheet
        self.sheets = {f"{old} *" if title == old else title: cells for title, cells in self.sheets.items()}
        self.names = {name: at._replace(sheet=f"{old} *") if at.sheet == old else at for name, at in self.names.items()}

    def copy_sheet(self, number: int, _rows: bool, _draw: st.DataObject) -> None:
        title = self.names[f"first {number}"].sheet
        self.sheets[f"{title} (2)"] = dict(self.sheets[title])

    def lose_names(self, _number: int, _rows: bool, draw: st.DataObject) -> None:
        share = draw.draw(st.integers(1, 10))
        self.names = {n: at for i, (n, at) in enumerate(self.names.items()) if " " in n or i % 10 >= share}

    def returned(self) -> ReturnedWorkbook:
        names = {name: at for name, at in self.names.items() if " " not in name}
        return replace(self.book, sheets=self.sheets, names=names)


DEEDS = (Hands.sort, Hands.sort, Hands.insert, Hands.copy_line, Hands.rename, Hands.copy_sheet, Hands.lose_names)


def edits_of(placed: Layout, draw: st.DataObject) -> dict[Address, float]:
    """Numbers that say by themselves where they were typed, close to those that stood there."""
    data = placed.model.data
    numbers = [a for a in placed.model.inputs if a in data and isinstance(data[a].value, float | int) and data[a].value]
    chosen = draw.draw(st.lists(st.sampled_from(numbers), min_size=AT_ONCE, max_size=AT_ONCE, unique=True))
    return {a: float(data[a].value) * (1 - 1e-6 * (1 + numbers.index(a))) for a in chosen}


@pytest.mark.parametrize("count", how_many(3, 100))
def test_of_random_edits_each_is_found_or_told_and_none_lands_under_another_name(
    count: int, small_english: Any, small_results: evaluate.Results, tmp_path: Path, record_property
) -> None:
    placed, entry = small_english
    path = tmp_path / "returned.xlsx"
    path.write_bytes(entry.package)
    book = read_workbook.read(path)
    found_of: list[int] = []

    @given(draw=st.data())
    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def holds(draw: st.DataObject) -> None:
        hands = Hands(book, placed)
        edits = edits_of(placed, draw)
        for address, value in edits.items():
            spot = placed.spot(*address)
            hands.sheets[placed.sheet_name(spot.sheet)][spot.row, spot.column] = CellContent(value)
        tables = sorted({number for number, block in enumerate(hands.blocks) if holds_one(block, edits)})
        for deed in draw.draw(st.lists(st.sampled_from(DEEDS), min_size=1, max_size=4)):
            deed(hands, draw.draw(st.sampled_from(tables)), draw.draw(st.booleans()), draw)
        returned = hands.returned()
        found = changes.pull(returned, small_results)
        assert {change.address: change.theirs for change in found.changes}.items() <= edits.items()
        refused = {problem.path for problem in found.problems}
        lost = {address for address, at in Locator(returned, placed).places.items() if at is None}
        left = edits.keys() - {change.address for change in found.changes}
        assert [a for a in left if placed.name(*a) not in refused and a not in lost] == []
        assert "names" in refused or not lost.intersection(placed.model.inputs)
        found_of.append(len(found.changes))

    holds()
    record_property("edits over sorted, moved and copied sheets", AT_ONCE * len(found_of))
    assert sum(found_of) > AT_ONCE * len(found_of) / 2


def holds_one(block: Block, edits: dict[Address, float]) -> bool:
    return any(table == block.table.id and name in {f.id for f in block.fields} for table, name, _ in edits)
