"""Where the tables of the model stand in a returned workbook, by the ids of their rows and columns.

A sort moves ids and values together, while names stay where they were: so the ids say what a cell holds, and a name
counts only where they do not speak against it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from threegates.formula.readers import Address
from threegates.lint.book import Position
from threegates.returned.read_workbook import CellContent, ReturnedWorkbook
from threegates.workbook.layout import Block, Layout

LEAST_HEADS = 0.5  # of the most ids of columns in any row: what a row must have to be the head of a table
LEAST_COPY = 0.9  # of the ids of a table, so that another sheet with them counts as a copy
LAST = 1 << 30  # below every row


class Named(NamedTuple):
    """A cell of a table that kept its name: the ids that the name stands for, and where it points."""

    row: str
    column: str
    at: Position


class Grid:
    """The filled cells of a sheet: the columns of each row, the rows of each column, and where each typed text stands."""

    def __init__(self, cells: Mapping[tuple[int, int], CellContent]) -> None:
        self.rows: dict[int, list[int]] = {}
        self.columns: dict[int, list[int]] = {}
        self.places: dict[str, list[tuple[int, int]]] = {}
        for (row, column), cell in sorted(cells.items()):
            self.rows.setdefault(row, []).append(column)
            self.columns.setdefault(column, []).append(row)
            if isinstance(cell.value, str) and cell.formula is None:
                self.places.setdefault(cell.value.strip(), []).append((row, column))

    def find(self, texts: Iterable[str]) -> Iterator[tuple[str, int, int]]:
        """Each of the texts with the row and column of every cell that holds it."""
        return ((text, row, column) for text in texts for row, column in self.places.get(text, ()))


@dataclass(frozen=True)
class Axis:
    """The ids of the rows of a table, or of its columns: the lines that each stands in, and what stands in each line.

    ``moved`` are the ids whose names point into the line of another id.
    """

    lines: Mapping[str, list[int]]
    texts: Mapping[int, str]
    moved: frozenset[str] = frozenset()

    def allows(self, line: int, wanted: str) -> bool:
        """Whether a name for ``wanted`` may point into this line; a line without an id does, if no other was moved."""
        found = self.texts.get(line)
        return found == wanted or (found is None and not self.moved)

    def only(self, wanted: str) -> int | None:
        """The line of an id; None where it is missing or stands twice."""
        lines = self.lines.get(wanted, ())
        return lines[0] if len(lines) == 1 else None


@dataclass(frozen=True)
class Area:
    """A table on a sheet: ``ids`` is the column that holds the ids of the rows, ``heads`` the row of those of the columns."""

    sheet: str
    ids: int
    heads: int
    rows: Axis
    columns: Axis

    @property
    def size(self) -> int:
        """How many cells have both ids."""
        return len(self.rows.lines) * len(self.columns.lines)

    def agrees(self, at: Position, row: str, column: str) -> bool:
        """Whether the ids do not speak against a name that points at this cell; those of another sheet cannot."""
        return at.sheet != self.sheet or (self.rows.allows(at.row, row) and self.columns.allows(at.column, column))

    def crossing(self, row: str, column: str) -> Position | None:
        """The cell in the row and the column of these ids."""
        line, across = self.rows.only(row), self.columns.only(column)
        return None if line is None or across is None else Position(self.sheet, line, across)

    def id_cell(self, line: int, in_row: bool) -> Position:
        """The cell that holds the id of a row, or of a column."""
        return Position(self.sheet, line, self.ids) if in_row else Position(self.sheet, self.heads, line)


class Areas:
    """Finds the tables of a layout in a returned workbook; ``named`` says where the cells stand that kept their names."""

    def __init__(self, book: ReturnedWorkbook, layout: Layout, named: Mapping[Address, Position]) -> None:
        self.book, self.layout, self.named = book, layout, named
        self._grids: dict[str, Grid] = {}
        self._head_rows: dict[tuple[str, str, int], set[int]] = {}
        self._found: dict[tuple[str, str], Area | None] = {}

    def of(self, block: Block) -> Area | None:
        """Where a table stands; None if it is found nowhere, or in more than one place."""
        key = (block.sheet, block.table.id)
        if key not in self._found:
            self._found[key] = self._find(block)
        return self._found[key]

    def grid(self, sheet: str) -> Grid:
        """The filled cells of a sheet."""
        if sheet not in self._grids:
            self._grids[sheet] = Grid(self.book.sheets.get(sheet, {}))
        return self._grids[sheet]

    def copies(self, block: Block) -> list[str]:
        """The sheets that hold a table once more and have none of our names, nor one of our titles."""
        area = self.of(block)
        least = LEAST_COPY * area.size if area is not None else LAST
        return [sheet for sheet in self._strange if any(a.size >= least for a in self._on(sheet, block, ()))]

    @cached_property
    def _strange(self) -> list[str]:
        ours = {sheet.name.of(self.layout.language) for sheet in self.layout.model.sheets}
        ours |= {at.sheet for at in self.named.values()} | {area.sheet for area in self._found.values() if area}
        return [sheet for sheet in self.book.sheets if sheet not in ours]

    def _find(self, block: Block) -> Area | None:
        named = list(self._named(block))
        sheets = Counter(cell.at.sheet for cell in named).most_common(1)
        if sheets:
            kept = [cell for cell in named if cell.at.sheet == sheets[0][0]]
            found = list(self._on(sheets[0][0], block, kept))
            return max(found, key=lambda area: (_held(area, kept), area.size), default=None)
        found = [area for sheet in self.book.sheets for area in self._on(sheet, block, ())]
        largest = [area for area in found if area.size == max(other.size for other in found)]
        title = self.layout.sheet_name(block.sheet)
        best = [area for area in largest if area.sheet == title] or largest
        return best[0] if len(best) == 1 else None

    def _named(self, block: Block) -> Iterator[Named]:
        for field in block.fields:
            for key in block.keys:
                at = self.named.get((block.table.id, field.id, key))
                if at is not None:
                    yield Named(*((field.id, key) if block.across else (key, field.id)), at)

    def _on(self, sheet: str, block: Block, named: Iterable[Named]) -> Iterator[Area]:
        """Every place of a sheet where ids of the columns of a table stand in a row, and ids of its rows below at the left."""
        rows, columns = _ids_of(block)
        ids, heads = list(self.grid(sheet).find(rows)), list(self.grid(sheet).find(columns))
        own = self._heads(sheet, block)
        every = own.union(*(self._heads(sheet, other) for other in self.layout.blocks_of(block.sheet)))
        for head, below in pairwise([*sorted(every), LAST]):
            if head not in own:
                continue
            above = {column: name for name, row, column in heads if row == head}
            beside = Counter(c for _, row, c in ids if head < row < below and c < max(above)).most_common(1)
            if beside:
                at = beside[0][0]
                texts = {row: name for name, row, column in ids if column == at and head < row < below}
                yield self._area(sheet, at, head, texts, {c: name for c, name in above.items() if c > at}, named)

    def _heads(self, sheet: str, block: Block) -> set[int]:
        """The rows of a sheet that hold many ids of the columns of a table."""
        key = (sheet, block.sheet, block.heading)
        if key not in self._head_rows:
            counted = Counter(row for _, row, _ in self.grid(sheet).find(_ids_of(block)[1]))
            least = LEAST_HEADS * max(counted.values(), default=0)
            self._head_rows[key] = {row for row, count in counted.items() if count >= least}
        return self._head_rows[key]

    def _area(
        self, sheet: str, ids: int, head: int, rows: dict[int, str], columns: dict[int, str], named: Iterable[Named]
    ) -> Area:
        """An area whose axes know every text that stands in the place of an id, so that a strange one is seen, too."""
        cells = self.book.sheets[sheet]
        beside = {cell.at.row: cells.get((cell.at.row, ids)) for cell in named}
        above = {cell.at.column: cells.get((head, cell.at.column)) for cell in named}
        every_row = {line: str(cell.value) for line, cell in beside.items() if cell and cell.value is not None} | rows
        every_column = {c: str(cell.value) for c, cell in above.items() if cell and cell.value is not None} | columns
        pairs = [[(cell.row, cell.at.row) for cell in named], [(cell.column, cell.at.column) for cell in named]]
        return Area(sheet, ids, head, _axis(rows, every_row, pairs[0]), _axis(columns, every_column, pairs[1]))


def _ids_of(block: Block) -> tuple[Sequence[str], Sequence[str]]:
    """The ids of the rows of a table, and of its columns."""
    fields = [field.id for field in block.fields]
    return (fields, block.keys) if block.across else (block.keys, fields)


def _axis(known: Mapping[int, str], texts: Mapping[int, str], named: Iterable[tuple[str, int]]) -> Axis:
    """``known``: the ids in their lines; ``named``: for each cell with a name, its id and the line that it points into."""
    lines: dict[str, list[int]] = {}
    for line, name in sorted(known.items()):
        lines.setdefault(name, []).append(line)
    pointed: dict[str, Counter[str | None]] = {}
    for name, line in named:
        pointed.setdefault(name, Counter())[known.get(line)] += 1
    most = {name: counts.most_common(1)[0][0] for name, counts in pointed.items()}
    return Axis(lines, texts, frozenset(name for name, found in most.items() if found not in (None, name)))


def _held(area: Area, named: Iterable[Named]) -> int:
    """How many of the cells with names stand in rows of the area."""
    return sum(cell.at.row in area.rows.texts and area.rows.texts[cell.at.row] in area.rows.lines for cell in named)
